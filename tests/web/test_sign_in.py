from __future__ import annotations

import re

import pytest
from django.contrib.auth import SESSION_KEY
from django.test import Client
from django.urls import reverse

from tearmann.ledger.models import Entry
from tests.conftest import PASSWORD
from tests.web.signed_in import signed_in, verbs

pytestmark = pytest.mark.django_db

NEW = "three invented words apart"


def sign_in(client, name="ann", password=PASSWORD, **more):
    return client.post(reverse("sign-in"), {"sign_in": name, "password": password} | more)


def test_the_page_says_what_not_to_upload(client):
    assert b"Words and hashes only. Do not upload images." in client.get(reverse("sign-in")).content


def test_whoever_signs_in_comes_to_the_queue(client, ann):
    answer = sign_in(client)
    assert answer["Location"] == reverse("queue")
    assert client.session[SESSION_KEY] == str(ann.pk)


def test_the_name_may_be_typed_in_capitals(client, ann):
    assert sign_in(client, name=" ANN ").status_code == 302


def test_the_next_page_says_when_the_officer_was_last_here(client, ann):
    sign_in(client)
    second = Client()
    sign_in(second)
    assert b"You last signed in on" in second.get(reverse("queue")).content


def test_the_first_time_is_said_to_be_the_first(client, ann):
    sign_in(client)
    assert b"This is your first sign-in." in client.get(reverse("queue")).content


def test_signing_in_goes_on_to_the_page_that_was_asked_for(client, ann):
    assert sign_in(client, next=reverse("search"))["Location"] == reverse("search")


@pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org/", "javascript:alert(1)"])
def test_signing_in_never_goes_on_to_another_site(client, ann, elsewhere):
    assert sign_in(client, next=elsewhere)["Location"] == reverse("queue")


def test_unknown_wrong_and_locked_are_told_alike(ann, ben):
    for _ in range(5):
        sign_in(Client(), name="ben", password="wrong")
    attempts = [
        (name, sign_in(Client(), name=name, password=password))
        for name, password in (("nobody", "wrong"), ("ann", "wrong"), ("ben", PASSWORD))
    ]
    assert {answer.status_code for _, answer in attempts} == {422}
    pages = {_without(answer, name) for name, answer in attempts}
    assert len(pages) == 1
    assert "locked for 15 minutes" in pages.pop()


def _without(answer, name):
    """A page without the token of its form and the name that was typed into it."""
    page = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", answer.content.decode())
    return page.replace(f'value="{name}"', "")


def test_a_locked_account_is_not_let_in_with_the_right_password(ann):
    for _ in range(5):
        sign_in(Client(), password="wrong")
    client = Client()
    sign_in(client)
    assert SESSION_KEY not in client.session


def test_both_ends_of_signing_in_stand_in_the_processing_log(client, ann):
    sign_in(client, password="wrong")
    sign_in(client)
    assert verbs("processing", actor_ref="ann") == ["sign_in_failed", "sign_in"]


def test_what_was_typed_as_a_name_that_nobody_has_is_not_kept(client, ann):
    sign_in(client, name="canary-name", password="wrong")
    assert not Entry.objects.filter(actor_ref__contains="canary").exists()


def test_signing_out_ends_the_session(ann):
    client = signed_in(ann)
    client.post(reverse("sign-out"))
    assert client.get(reverse("queue"))["Location"].startswith(reverse("sign-in"))


def change(client, current=PASSWORD, new=NEW, again=None):
    typed = {"current": current, "new": new, "again": new if again is None else again}
    return client.post(reverse("password"), typed)


def test_a_password_is_changed_and_the_session_goes_on(ann):
    client = signed_in(ann)
    assert change(client)["Location"] == reverse("queue")
    ann.refresh_from_db()
    assert ann.check_password(NEW)
    assert client.get(reverse("queue")).status_code == 200


def test_a_changed_password_ends_the_other_sessions(ann):
    other = signed_in(ann)
    change(signed_in(ann))
    assert other.get(reverse("queue"))["Location"].startswith(reverse("sign-in"))


def test_a_password_that_had_to_be_changed_need_not_be_again(ann):
    ann.must_change_password = True
    ann.save()
    client = signed_in(ann)
    change(client)
    assert client.get(reverse("queue")).status_code == 200


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"current": "wrong"}, "not your present password"),
        ({"again": "another one altogether"}, "The two new passwords differ"),
        ({"new": "short"}, "too short"),
        ({"new": PASSWORD}, "choose another"),
    ],
)
def test_a_password_that_will_not_do_is_refused_with_the_reason(ann, typed, says):
    answer = change(signed_in(ann), **typed)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    ann.refresh_from_db()
    assert ann.check_password(PASSWORD)

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from tearmann.casework.actions import references
from tearmann.errors import Conflict, NotFound, NotPermitted, WrongState
from tests.sent import a_referral
from tests.web.signed_in import received, signed_in, the_case

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("fault", "status", "says"),
    [
        (NotFound("an invented detail"), 404, "Page not found"),
        (NotPermitted("to invent takes a supervisor"), 403, "The rule: to invent takes a supervisor."),
        (WrongState("the case is closed"), 409, "Nothing was changed. The case is closed."),
        (Conflict("somebody else changed it"), 409, "Nothing was changed. Somebody else changed it."),
    ],
)
def test_each_error_has_its_status_and_a_page_in_plain_words(north, ann, monkeypatch, fault, status, says):
    def refuse(*_, **__):
        raise fault

    received(a_referral(1), unit=north)
    monkeypatch.setattr(references, "add_reference", refuse)
    typed = {"kind": "crime", "value": "INV/1"}
    answer = signed_in(ann).post(reverse("add-reference", args=[the_case(1).reference]), typed)
    assert answer.status_code == status
    assert says in answer.content.decode()
    assert "an invented detail" not in answer.content.decode()


def test_an_address_that_is_no_page_is_not_found(ann):
    assert "Page not found" in signed_in(ann).get("/nothing/").content.decode()


def test_an_address_that_is_no_page_is_not_found_by_nobody_either(client):
    assert client.get("/nothing/").status_code == 404


def test_a_form_from_elsewhere_is_refused_in_plain_words(ann):
    answer = signed_in(ann, checks_csrf=True).post(reverse("search"), {"q": "person-1@example.org"})
    assert answer.status_code == 403
    assert "The form has expired" in answer.content.decode()


def test_signing_in_takes_the_token_of_our_own_page(ann):
    client = Client(enforce_csrf_checks=True)
    assert client.post(reverse("sign-in"), {"sign_in": "ann", "password": "x"}).status_code == 403

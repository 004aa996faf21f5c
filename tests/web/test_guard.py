from __future__ import annotations

import pytest
from django.urls import reverse

from tearmann.casework.actions.restriction import restrict
from tearmann.casework.doing import Actor, Doing
from tearmann.casework.models import Alert
from tearmann.ledger.models import Entry
from tests.conftest import NOON
from tests.sent import a_referral
from tests.web.signed_in import received, signed_in, the_case

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(north):
    received(a_referral(1), unit=north)
    return the_case(1)


@pytest.fixture
def restricted(case, supervisor_north, force):
    doing = Doing(by=Actor.of(supervisor_north), at=NOON, force=force)
    restrict(case, readers=[], doing=doing, reason="An invented reason")
    return case


def page(case):
    return reverse("case", args=[case.reference])


def test_a_reference_is_found_in_lower_case_and_with_hyphens(case, ann):
    typed = "-".join(case.reference[i : i + 3] for i in range(0, 11, 3)).lower()
    assert signed_in(ann).get(reverse("case", args=[typed])).status_code == 200


def test_a_reference_with_a_wrong_character_is_not_found(case, ann):
    wrong = case.reference[:-1] + ("0" if case.reference[-1] != "0" else "1")
    assert signed_in(ann).get(reverse("case", args=[wrong])).status_code == 404


def test_whoever_knocks_at_a_restricted_case_is_told_to_its_readers_and_not_to_them(restricted, ann):
    answer = signed_in(ann).get(page(restricted))
    assert answer.status_code == 404
    assert list(Alert.objects.values_list("kind", "by")) == [(Alert.Kind.OPENED, "ann")]


def test_knocking_at_nothing_alerts_nobody(case, ann):
    signed_in(ann).get(reverse("case", args=["00000000000"]))
    assert not Alert.objects.exists()


def test_what_was_not_found_stands_in_the_processing_log_without_its_reference(restricted, ann):
    signed_in(ann).get(page(restricted))
    entry = Entry.objects.filter(chain="processing", actor_ref="ann").order_by("-seq").first()
    assert entry.subject_ref == "not found"
    assert restricted.reference not in entry.body


def test_no_page_is_kept_by_a_cache(case, ann):
    assert "no-store" in signed_in(ann).get(page(case))["Cache-Control"]


def test_pages_allow_no_style_or_script_of_their_own(case, ann):
    answer = signed_in(ann).get(page(case))
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert b" style=" not in answer.content
    assert b"<style" not in answer.content
    assert answer.content.count(b"<script") == answer.content.count(b"<script src=")


def test_a_password_that_somebody_else_chose_is_changed_before_anything_else(case, ann):
    ann.must_change_password = True
    ann.save()
    answer = signed_in(ann).get(page(case))
    assert answer["Location"] == reverse("password")

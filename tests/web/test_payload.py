from __future__ import annotations

import pytest
from django.urls import reverse

from tearmann.casework.actions.restriction import restrict
from tearmann.casework.doing import Actor, Doing
from tearmann.casework.models import Payload
from tearmann.people.models import Role
from tearmann.web import guard
from tests.conftest import NOON
from tests.sent import a_referral, as_file
from tests.web.signed_in import an_officer, received, signed_in, the_case, verbs

pytestmark = pytest.mark.django_db

REASON = {"reason": "The page does not show the sender’s own field"}


@pytest.fixture(autouse=True)
def noon(monkeypatch):
    monkeypatch.setattr(guard, "now", lambda: NOON)


@pytest.fixture
def case(north):
    received(a_referral(1), unit=north)
    return the_case(1)


def url(case, sha256=None):
    return reverse("payload", args=[case.reference, sha256 or case.referrals.get().payload.sha256])


def opened(case):
    return "payload_opened" in verbs("history", subject_ref=case.reference)


def test_a_supervisor_gets_the_bytes_that_were_sent_as_a_file_that_no_browser_runs(case, supervisor_north):
    answer = signed_in(supervisor_north).post(url(case), REASON)
    assert answer.content == as_file(a_referral(1)).body
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]


def test_opening_stands_in_both_logs(case, supervisor_north):
    signed_in(supervisor_north).post(url(case), REASON)
    assert opened(case)
    assert "consultation" in verbs("processing", actor_ref="supervisor-north", subject_ref="payload")


def test_the_data_protection_officer_opens_any_units(case):
    answer = signed_in(an_officer("somebody", Role.DATA_PROTECTION)).post(url(case), REASON)
    assert answer.content == as_file(a_referral(1)).body


@pytest.mark.parametrize("role", [Role.DESK_OFFICER, Role.ANALYST, Role.LEADER, Role.INSPECTOR, Role.AUDITOR])
def test_others_who_read_the_case_do_not_open_its_payload(case, north, role):
    client = signed_in(an_officer("somebody", role, north))
    assert client.get(url(case)).status_code == 403
    assert client.post(url(case), REASON).status_code == 403
    assert not opened(case)


def test_another_units_supervisor_finds_no_case(case, south):
    client = signed_in(an_officer("somebody", Role.SUPERVISOR, south))
    assert client.get(url(case)).status_code == 404
    assert client.post(url(case), REASON).status_code == 404
    assert not opened(case)


def test_a_restricted_case_opens_for_its_named_readers_only(case, ann, supervisor_north, force):
    address = url(case)
    restrict(case, readers=[ann], doing=Doing(by=Actor.operator("operator"), at=NOON, force=force), reason="Invented")
    assert signed_in(supervisor_north).post(address, REASON).status_code == 404
    assert signed_in(an_officer("somebody", Role.DATA_PROTECTION)).post(address, REASON).status_code == 404
    assert not opened(case)


def test_opening_takes_a_reason(case, supervisor_north):
    page = signed_in(supervisor_north).post(url(case), {"reason": " "})
    assert page.status_code == 422
    assert not opened(case)


def test_the_page_that_asks_for_the_reason_shows_nothing_of_what_was_sent(case, supervisor_north):
    page = signed_in(supervisor_north).get(url(case))
    assert page.status_code == 200
    assert "person-1@example.org" not in page.text
    assert not opened(case)


def test_another_cases_payload_is_not_opened_through_this_one(case, north, supervisor_north):
    received(a_referral(2), unit=north)
    other = the_case(2).referrals.get().payload.sha256
    client = signed_in(supervisor_north)
    assert client.get(url(case, other)).status_code == 404
    assert client.post(url(case, other), REASON).status_code == 404


def test_a_row_that_was_altered_is_not_opened(case, supervisor_north):
    Payload.objects.update(body=b"x" * 64)
    assert signed_in(supervisor_north).post(url(case), REASON).status_code == 404
    assert not opened(case)


def test_opening_without_a_csrf_token_is_refused(case, supervisor_north):
    assert signed_in(supervisor_north, checks_csrf=True).post(url(case), REASON).status_code == 403
    assert not opened(case)

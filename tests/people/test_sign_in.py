"""Signing in: who is let in, who is kept out, and what the processing log says of it."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest
from django.contrib.auth import authenticate
from django.utils import timezone

from tearmann.ledger.chain import Chain, verify
from tearmann.ledger.models import Entry
from tearmann.people.models import Officer, Role
from tearmann.people.sign_in import FAILURES_IN_A_ROW, LOCKED_FOR, OfficerBackend
from tests.conftest import NOON, PASSWORD

pytestmark = pytest.mark.django_db


class Clock:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(timezone, "now", clock)
    return clock


def fail(times: int, sign_in: str = "ann") -> None:
    for _ in range(times):
        assert authenticate(username=sign_in, password="not the password") is None


def logged() -> list[tuple[str, str, str | None]]:
    entries = Entry.objects.filter(chain=Chain.PROCESSING).order_by("seq")
    return [(entry.verb, entry.actor_ref, json.loads(entry.body).get("why")) for entry in entries]


def test_the_right_password_signs_in_and_is_logged(ann: Officer) -> None:
    assert authenticate(username="ann", password=PASSWORD) == ann
    assert logged() == [("sign_in", "ann", None)]


def test_a_sign_in_name_is_read_whatever_its_case_and_spaces(ann: Officer) -> None:
    assert authenticate(username=" ANN ", password=PASSWORD) == ann


def test_a_wrong_password_is_refused_and_logged(ann: Officer) -> None:
    fail(1)
    assert logged() == [("sign_in_failed", "ann", "password")]


def test_a_name_that_nobody_has_is_logged_without_the_name(ann: Officer) -> None:
    fail(1, sign_in="typed by mistake")
    assert logged() == [("sign_in_failed", "unknown", "unknown")]


def test_an_officer_without_a_password_cannot_sign_in(north: object) -> None:
    Officer.objects.create_officer(sign_in="ben", name="Ben", role=Role.ANALYST)
    assert authenticate(username="ben", password="") is None


def test_failures_in_a_row_lock_the_account_even_for_the_right_password(ann: Officer) -> None:
    fail(FAILURES_IN_A_ROW)
    assert authenticate(username="ann", password=PASSWORD) is None
    assert logged()[-1] == ("sign_in_failed", "ann", "locked")


def test_one_failure_fewer_does_not_lock(ann: Officer) -> None:
    fail(FAILURES_IN_A_ROW - 1)
    assert authenticate(username="ann", password=PASSWORD) == ann


def test_a_success_takes_the_count_back(ann: Officer) -> None:
    for _ in range(3):
        fail(FAILURES_IN_A_ROW - 1)
        assert authenticate(username="ann", password=PASSWORD) == ann


def test_a_lock_runs_out_and_the_count_starts_anew(ann: Officer, clock: Clock) -> None:
    fail(FAILURES_IN_A_ROW)
    clock.now += LOCKED_FOR - timedelta(seconds=1)
    assert authenticate(username="ann", password=PASSWORD) is None
    clock.now += timedelta(seconds=1)
    fail(FAILURES_IN_A_ROW - 1)
    assert authenticate(username="ann", password=PASSWORD) == ann


def test_trying_during_a_lock_does_not_lengthen_it(ann: Officer, clock: Clock) -> None:
    fail(FAILURES_IN_A_ROW)
    clock.now += LOCKED_FOR - timedelta(seconds=1)
    fail(FAILURES_IN_A_ROW)
    clock.now += timedelta(seconds=1)
    assert authenticate(username="ann", password=PASSWORD) == ann


def test_one_account_locked_locks_no_other(ann: Officer, ben: Officer) -> None:
    fail(FAILURES_IN_A_ROW)
    assert authenticate(username="ben", password=PASSWORD) == ben


def test_an_account_that_ended_is_refused(ann: Officer, clock: Clock) -> None:
    Officer.objects.filter(pk=ann.pk).update(valid_until=NOON)
    assert authenticate(username="ann", password=PASSWORD) is None
    assert logged() == [("sign_in_failed", "ann", "ended")]


def test_an_inactive_account_is_refused(ann: Officer) -> None:
    Officer.objects.filter(pk=ann.pk).update(is_active=False)
    assert authenticate(username="ann", password=PASSWORD) is None


def test_a_session_holds_until_the_account_ends(ann: Officer, clock: Clock) -> None:
    Officer.objects.filter(pk=ann.pk).update(valid_until=NOON + timedelta(hours=1))
    assert OfficerBackend().get_user(ann.pk) == ann
    clock.now += timedelta(hours=1)
    assert OfficerBackend().get_user(ann.pk) is None


def test_a_session_of_a_deactivated_account_finds_nobody(ann: Officer) -> None:
    Officer.objects.filter(pk=ann.pk).update(is_active=False)
    assert OfficerBackend().get_user(ann.pk) is None


def test_the_log_is_whole_after_all_of_it(ann: Officer) -> None:
    fail(FAILURES_IN_A_ROW + 1)
    found = verify(Chain.PROCESSING)
    assert (found.ok, found.entries) == (True, FAILURES_IN_A_ROW + 1)

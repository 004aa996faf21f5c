from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tearmann.errors import ProfileError
from tearmann.profile import ClockFact, ClockPer, ClockRule, ClockUnit, Force, Meaning, due, load
from tearmann.profile.clocks import REQUIRED_KINDS
from tearmann.records import Band
from tests.profile.conftest import Copy

STARTED = "2026-07-06T09:00"  # a Monday, 10:00 in the force's time

DEMO_DUE = [
    ("tell_partner", None, "2026-07-06T13:00"),
    ("interagency_decision", None, "2026-07-08T16:00"),
    ("child_welfare", None, "2026-07-06T11:00"),
    ("act_by", Band.IMMEDIATE, "2026-07-07T05:00"),
    ("act_by", Band.URGENT, "2026-07-13T16:00"),
    ("act_by", Band.STANDARD, "2026-07-22T16:00"),
    ("act_by", Band.ROUTINE, "2026-08-15T09:00"),
    ("ip_event_expiry", None, "2027-01-22T10:00"),
    ("sender_data_expiry", None, "2027-03-03T10:00"),
    ("suspect_welfare", None, "2026-07-07T21:00"),
    ("suspect_welfare_trigger", None, "2026-07-06T15:00"),
    ("review", None, "2026-12-03T10:00"),
]


@pytest.mark.parametrize(("kind", "priority", "expected"), DEMO_DUE)
def test_each_clock_of_the_demonstration_is_due(demo: Force, kind: str, priority: Band | None, expected: str) -> None:
    assert demo.due(kind, utc(STARTED), priority=priority) == utc(expected)


def test_every_kind_that_the_product_starts_is_in_that_table() -> None:
    assert {kind for kind, _, _ in DEMO_DUE} == set(REQUIRED_KINDS)


SCOTTISH_UNSET = [
    ("tell_partner", None, "unset (without delay)"),
    ("interagency_decision", None, "unset (as soon as reasonably practicable)"),
    ("child_welfare", None, "unset"),
    ("act_by", Band.IMMEDIATE, "unset"),
    ("act_by", Band.URGENT, "unset"),
    ("act_by", Band.STANDARD, "unset"),
    ("act_by", Band.ROUTINE, "unset"),
    ("sender_data_expiry", None, "unset"),
    ("suspect_welfare", None, "unset"),
    ("suspect_welfare_trigger", None, "unset"),
    ("review", None, "unset (time limits must be set)"),
]


@pytest.mark.parametrize(("kind", "priority", "said"), SCOTTISH_UNSET)
def test_an_unset_clock_is_there_and_says_so(scotland: Force, kind: str, priority: Band | None, said: str) -> None:
    rule = scotland.clock(kind, date(2026, 7, 6), priority=priority)
    assert rule is not None
    assert (rule.is_set, rule.time_allowed, rule.says) == (False, said, said)


@pytest.mark.parametrize(("kind", "priority", "said"), SCOTTISH_UNSET)
def test_an_unset_clock_has_no_due_time(scotland: Force, kind: str, priority: Band | None, said: str) -> None:
    assert scotland.due(kind, utc(STARTED), priority=priority) is None


def test_an_ip_events_clock_runs_from_the_event(scotland: Force) -> None:
    assert scotland.due("ip_event_expiry", utc("2026-01-15T12:00")) == utc("2027-01-15T12:00")


def test_the_limit_of_a_retention_notice_is_not_told_as_a_duty_to_keep(scotland: Force) -> None:
    rule = scotland.clock("ip_event_expiry", date(2026, 1, 15))
    assert rule is not None
    assert rule.meaning is Meaning.KEPT_AT_MOST
    assert "cannot be counted on at any time" in rule.says
    assert "Not a duty to keep" in rule.note


@pytest.mark.parametrize(
    ("reported", "expected"),
    [
        ("2026-02-01T12:00", "2027-02-01T12:00"),
        ("2024-05-07T12:00", "2025-05-07T12:00"),  # the day of the Act
        ("2024-05-06T12:00", "2024-08-04T12:00"),  # the day before: 90 days
        ("2024-05-06T23:30", "2025-05-06T23:30"),  # already 7 May in the force's time
    ],
)
def test_a_providers_preservation_runs_from_the_report(scotland: Force, reported: str, expected: str) -> None:
    assert scotland.due("sender_data_expiry", utc(reported), source="ncmec") == utc(expected)


@pytest.mark.parametrize("source", ["iwf", "nca_drb", "phone", None])
def test_a_rule_that_binds_some_senders_is_not_used_for_others(scotland: Force, source: str | None) -> None:
    rule = scotland.clock("sender_data_expiry", date(2026, 2, 1), source=source)
    assert rule is not None
    assert not rule.is_set


def test_a_time_set_later_is_not_due_for_what_started_before(scotland_copy: Copy) -> None:
    force = set_later(scotland_copy)
    assert force.due("child_welfare", utc("2026-12-31T12:00")) is None


def test_a_time_set_later_counts_from_its_first_day(scotland_copy: Copy) -> None:
    force = set_later(scotland_copy)
    assert force.due("child_welfare", utc("2027-01-01T12:00")) == utc("2027-01-01T15:00")


def test_a_changed_time_leaves_earlier_clocks_as_they_were(demo: Force) -> None:
    before = demo.clock("act_by", date(2026, 3, 31), priority=Band.URGENT)
    after = demo.clock("act_by", date(2026, 4, 1), priority=Band.URGENT)
    assert before is not None
    assert after is not None
    assert (before.amount, after.amount) == (6, 5)


def test_todays_rule_gives_no_due_time_to_what_started_before_it() -> None:
    assert due(rule(1, ClockUnit.HOURS, valid_from=date(2026, 7, 7)), utc(STARTED), load("demo").calendar) is None


def test_a_rule_chosen_by_the_date_in_utc_or_by_the_local_date_gives_the_same_due_time() -> None:
    # 23:30 in UTC is 00:30 of the next day, the rule's first.
    started = utc("2026-07-06T23:30")
    assert due(rule(1, ClockUnit.HOURS, valid_from=date(2026, 7, 7)), started, load("demo").calendar) is not None


def test_no_rule_covers_an_undecided_priority(demo: Force) -> None:
    assert demo.clock("act_by", date(2026, 7, 6)) is None


def test_a_kind_that_the_profile_does_not_know_is_told(demo: Force) -> None:
    with pytest.raises(ProfileError, match=r"no clock 'tell_partners'; clocks.toml has tell_partner, "):
        demo.clock("tell_partners", date(2026, 7, 6))


@pytest.mark.parametrize(
    ("amount", "unit", "said"),
    [
        (1, ClockUnit.HOURS, "to be done within 1 hour"),
        (2, ClockUnit.WORKING_HOURS, "to be done within 2 working hours"),
        (1, ClockUnit.WORKING_DAYS, "to be done within 1 working day"),
        (7, ClockUnit.CALENDAR_DAYS, "to be done within 7 calendar days"),
    ],
)
def test_a_time_is_said_in_words(amount: int, unit: ClockUnit, said: str) -> None:
    assert rule(amount, unit).says == said


@settings(max_examples=50, deadline=None)
@given(
    st.datetimes(min_value=datetime(2024, 1, 1), max_value=datetime(2028, 12, 31), timezones=st.just(UTC)),
    st.integers(1, 40),
    st.sampled_from(ClockUnit),
)
def test_a_clock_is_due_after_it_starts_and_in_utc(started: datetime, amount: int, unit: ClockUnit) -> None:
    at = due(rule(amount, unit), started, DEMO_CALENDAR)
    assert at is not None
    assert at > started
    assert at.tzinfo is UTC


DEMO_CALENDAR = load("demo").calendar


def set_later(profile: Copy) -> Force:
    profile.change(
        "clocks.toml",
        'note = "No published time was found."',
        'note = "No published time was found."\nvalid_to = 2026-12-31',
    )
    profile.add(
        "clocks.toml",
        """
        [[clock]]
        kind = "child_welfare"
        label = "Child's welfare: self-harm or coercion"
        starts_on = "child_welfare_risk"
        stops_on = "child_safe"
        per = "child"
        amount = 3
        unit = "hours"
        valid_from = 2027-01-01
        source = "ORDER"
        """,
    )
    profile.add(
        "sources.toml", '[[source]]\nkey = "ORDER"\ntitle = "An order made up for this test"\nstanding = "force"'
    )
    return profile.load()


def rule(amount: int, unit: ClockUnit, *, valid_from: date | None = None) -> ClockRule:
    return ClockRule(
        kind="review",
        label="Review",
        starts_on=ClockFact.CLOSED,
        stops_on=ClockFact.REVIEWED,
        per=ClockPer.CASE,
        source="invented",
        amount=amount,
        unit=unit,
        valid_from=valid_from,
    )


def utc(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=UTC)

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tearmann.errors import ProfileError
from tearmann.profile import CalendarDay, WorkingCalendar

SCOTTISH = WorkingCalendar(
    time_zone="Europe/London",
    weekdays=(0, 1, 2, 3, 4),
    opens=time(9),
    closes=time(17),
    country="GB",
    subdivision="SCT",
)
ROUND_THE_CLOCK = WorkingCalendar(
    time_zone="Europe/London",
    weekdays=(0, 1, 2, 3, 4, 5, 6),
    opens=time(0),
    closes=time(0),
    country="GB",
    subdivision="SCT",
)

WORKING_DAYS = [
    (date(2026, 1, 1), False, "New Year's Day"),
    (date(2026, 1, 2), False, "2 January is a holiday in Scotland"),
    (date(2026, 1, 5), True, "the Monday after"),
    (date(2027, 1, 4), False, "2 January fell on a Saturday"),
    (date(2028, 1, 3), False, "1 January fell on a Saturday"),
    (date(2028, 1, 4), False, "and 2 January on a Sunday"),
    (date(2028, 1, 5), True, "the first working day of 2028"),
    (date(2026, 4, 3), False, "Good Friday"),
    (date(2026, 4, 6), True, "Easter Monday is none in Scotland"),
    (date(2026, 8, 3), False, "the Scottish summer holiday"),
    (date(2026, 8, 31), True, "the English one"),
    (date(2026, 11, 30), False, "St Andrew's Day"),
    (date(2024, 12, 2), False, "St Andrew's Day fell on a Saturday"),
    (date(2026, 12, 28), False, "Boxing Day fell on a Saturday"),
    (date(2026, 6, 6), False, "a Saturday"),
    (date(2026, 6, 8), True, "a Monday"),
]


@pytest.mark.parametrize(("day", "works", "why"), WORKING_DAYS, ids=[why for _, _, why in WORKING_DAYS])
def test_a_working_day_in_scotland(day: date, works: bool, why: str) -> None:
    assert SCOTTISH.is_working_day(day) is works


def test_a_day_off_of_the_force_is_not_worked() -> None:
    own = CalendarDay(day=date(2026, 6, 8), name="Invented Day", source="invented")
    calendar = WorkingCalendar(time_zone="UTC", weekdays=(0,), country="GB", additions=(own,))
    assert calendar.holiday(date(2026, 6, 8)) == "Invented Day"


def test_a_bank_holiday_that_the_force_works_is_worked() -> None:
    worked = CalendarDay(day=date(2026, 11, 30), name="worked", source="invented")
    calendar = WorkingCalendar(time_zone="UTC", weekdays=(0,), country="GB", subdivision="SCT", removals=(worked,))
    assert calendar.is_working_day(date(2026, 11, 30))


@pytest.mark.parametrize(
    ("started", "days", "due"),
    [
        ("2026-04-02T14:00", 1, "2026-04-06T16:00"),  # Maundy Thursday → Easter Monday, 17:00 in summer time
        ("2025-12-31T12:00", 1, "2026-01-05T17:00"),  # Hogmanay → past two holidays and a weekend
        ("2026-06-06T12:00", 1, "2026-06-08T16:00"),  # a Saturday → Monday
        ("2026-03-27T12:00", 1, "2026-03-30T16:00"),  # Friday in winter time → Monday in summer time
        ("2026-10-23T12:00", 1, "2026-10-26T17:00"),  # and back
        ("2026-07-06T09:00", 10, "2026-07-20T16:00"),  # two weeks
        ("2026-07-05T23:30", 1, "2026-07-07T16:00"),  # already Monday in Scotland
    ],
)
def test_working_days_end_when_the_last_of_them_closes(started: str, days: int, due: str) -> None:
    assert SCOTTISH.add_working_days(utc(started), days) == utc(due)


@pytest.mark.parametrize(
    ("started", "hours", "due"),
    [
        ("2026-06-08T09:00", 2, "2026-06-08T11:00"),  # within a day
        ("2026-06-05T15:00", 2, "2026-06-08T09:00"),  # Friday 16:00 → Monday 10:00
        ("2026-03-27T16:30", 1, "2026-03-30T08:30"),  # across the change to summer time
        ("2026-06-07T12:00", 8, "2026-06-08T16:00"),  # a whole day ends at its close, not at the next opening
        ("2026-06-08T06:00", 1, "2026-06-08T09:00"),  # before opening
        ("2026-06-08T17:00", 1, "2026-06-09T09:00"),  # after closing
        ("2026-04-02T15:00", 2, "2026-04-06T09:00"),  # over Good Friday
    ],
)
def test_working_hours_pass_only_while_the_desk_is_open(started: str, hours: int, due: str) -> None:
    assert SCOTTISH.add_working_hours(utc(started), hours) == utc(due)


@pytest.mark.parametrize("started", ["2026-03-28T12:00", "2026-10-24T12:00", "2026-06-13T12:00"])
def test_a_desk_that_never_closes_counts_hours_that_really_pass(started: str) -> None:
    assert ROUND_THE_CLOCK.add_working_hours(utc(started), 30) == utc(started) + timedelta(hours=30)


@pytest.mark.parametrize(
    ("started", "days", "due"),
    [
        ("2026-03-28T10:00", 1, "2026-03-29T09:00"),  # the same local time, an hour sooner
        ("2026-10-24T09:00", 1, "2026-10-25T10:00"),  # an hour later
        ("2026-03-28T01:30", 1, "2026-03-29T01:30"),  # 01:30 does not exist that day: it is 02:30
        ("2026-10-24T00:30", 1, "2026-10-25T00:30"),  # 01:30 comes twice: the first
        ("2026-10-25T01:30", 1, "2026-10-26T01:30"),  # started in the second
        ("2024-02-29T12:00", 365, "2025-02-28T12:00"),
    ],
)
def test_calendar_days_end_at_the_same_local_time(started: str, days: int, due: str) -> None:
    assert SCOTTISH.add_calendar_days(utc(started), days) == utc(due)


moments = st.datetimes(min_value=datetime(2024, 1, 1), max_value=datetime(2028, 12, 31), timezones=st.just(UTC))


@settings(max_examples=50, deadline=None)
@given(moments, st.integers(1, 30), st.integers(1, 30))
def test_working_hours_taken_in_two_pieces_end_where_they_end_in_one(at: datetime, one: int, other: int) -> None:
    in_pieces = SCOTTISH.add_working_hours(SCOTTISH.add_working_hours(at, one), other)
    assert in_pieces == SCOTTISH.add_working_hours(at, one + other)


@settings(max_examples=50, deadline=None)
@given(moments, moments, st.integers(1, 12))
def test_what_starts_later_is_never_due_sooner(one: datetime, other: datetime, days: int) -> None:
    first, second = sorted((one, other))
    assert SCOTTISH.add_working_days(first, days) <= SCOTTISH.add_working_days(second, days)


def test_the_local_date_is_the_forces_not_that_of_utc() -> None:
    assert SCOTTISH.local_date(utc("2026-06-30T23:30")) == date(2026, 7, 1)


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        SCOTTISH.local_date(datetime(2026, 6, 30))


@pytest.mark.parametrize(
    ("calendar", "part"),
    [
        (WorkingCalendar(time_zone="UTC", country="GB"), "working week is unset"),
        (WorkingCalendar(time_zone="UTC", weekdays=(0, 1)), "bank holidays are unset"),
        (WorkingCalendar(time_zone="UTC", weekdays=(0, 1), country="GB"), "working hours are unset"),
    ],
)
def test_an_unset_part_is_never_guessed(calendar: WorkingCalendar, part: str) -> None:
    with pytest.raises(ProfileError, match=part):
        calendar.add_working_hours(utc("2026-06-08T09:00"), 1)


def utc(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=UTC)

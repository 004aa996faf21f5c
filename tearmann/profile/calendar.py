"""The working calendar: which days and hours count where a clock counts working days or hours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays

from tearmann.errors import ProfileError
from tearmann.profile.rows import ProfileFile, Row, read_sound

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MIDNIGHT = time(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarDay:
    """One dated exception, with its source: a day off that is the force's own, or a bank holiday worked."""

    day: date
    name: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingCalendar:
    """Working weekdays and hours in the force's time zone, bank holidays, and the force's own dated exceptions.

    weekdays: 0 is Monday; empty is *unset*. opens, closes: local; None is *unset*; closes 00:00 is the end of the
    day. country, subdivision: whose bank holidays the `holidays` package lists; None is *unset*. What needs an
    unset part raises ProfileError: a guessed working week would give a wrong time that looks right.
    """

    time_zone: str
    weekdays: tuple[int, ...] = ()
    opens: time | None = None
    closes: time | None = None
    country: str | None = None
    subdivision: str | None = None
    additions: tuple[CalendarDay, ...] = ()
    removals: tuple[CalendarDay, ...] = ()
    source: str = ""
    holidays_source: str = ""
    note: str = ""

    @property
    def has_working_days(self) -> bool:
        return bool(self.weekdays) and self.country is not None

    @property
    def has_working_hours(self) -> bool:
        return self.has_working_days and self.opens is not None and self.closes is not None

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def local_date(self, at: datetime) -> date:
        """Return the force's calendar date at an aware time."""
        return _aware(at).astimezone(self.zone).date()

    def holiday(self, day: date) -> str | None:
        """Return the name of the holiday on a day, or None: it is no holiday, or the force works on it."""
        for addition in self.additions:
            if addition.day == day:
                return addition.name
        if any(removal.day == day for removal in self.removals):
            return None
        if self.country is None:
            raise ProfileError("calendar.toml: the bank holidays are unset; set 'country' under [bank_holidays]")
        return _bank_holidays(self.country, self.subdivision, day.year).get(day)

    def is_working_day(self, day: date) -> bool:
        if not self.weekdays:
            raise ProfileError("calendar.toml: the working week is unset; set 'weekdays' under [working_week]")
        return day.weekday() in self.weekdays and self.holiday(day) is None

    def next_working_day(self, day: date) -> date:
        """Return the first working day after a day."""
        day += timedelta(days=1)
        while not self.is_working_day(day):
            day += timedelta(days=1)
        return day

    def add_working_days(self, started: datetime, days: int) -> datetime:
        """Return the close of the last of so many working days, in UTC. The day it starts on is not counted."""
        day = self.local_date(started)
        for _ in range(days):
            day = self.next_working_day(day)
        return self._hours_of(day)[1]

    def add_working_hours(self, started: datetime, hours: int) -> datetime:
        """Return when so many working hours have passed, in UTC. Outside hours, nothing passes."""
        left = timedelta(hours=hours)
        at = _aware(started).astimezone(UTC)
        day = self.local_date(started)
        while True:
            if self.is_working_day(day):
                opening, closing = self._hours_of(day)
                begins = max(at, opening)
                if begins + left <= closing:
                    return begins + left
                left -= max(closing - begins, timedelta())
            day += timedelta(days=1)

    def add_calendar_days(self, started: datetime, days: int) -> datetime:
        """Return the same local time so many days later, in UTC. Of an hour that comes twice, the first."""
        local = _aware(started).astimezone(self.zone)
        return (local + timedelta(days=days)).replace(fold=0).astimezone(UTC)

    def _hours_of(self, day: date) -> tuple[datetime, datetime]:
        """Return a day's opening and closing, in UTC, so that what lies between is hours that really pass."""
        if self.opens is None or self.closes is None:
            raise ProfileError("calendar.toml: the working hours are unset; set 'from' and 'to' under [working_week]")
        last = day + timedelta(days=1) if self.closes == _MIDNIGHT else day
        opening = datetime.combine(day, self.opens, tzinfo=self.zone)
        closing = datetime.combine(last, self.closes, tzinfo=self.zone)
        return opening.astimezone(UTC), closing.astimezone(UTC)


@cache
def _bank_holidays(country: str, subdivision: str | None, year: int) -> dict[date, str]:
    return dict(holidays.country_holidays(country, subdiv=subdivision, years=year, expand=False))


def _aware(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("a time without a zone cannot be placed in a calendar; pass an aware one")
    return at


def read_calendar(file: ProfileFile, *, time_zone: str) -> WorkingCalendar:
    """Read calendar.toml: [working_week], [bank_holidays], [[addition]], [[removal]]."""
    week = file.table("working_week")
    bank = file.table("bank_holidays")
    weekdays, opens, closes, source, note = _read_week(week) if week else ((), None, None, "", "")
    country, subdivision, holidays_source = _read_bank_holidays(bank) if bank else (None, None, "")
    return WorkingCalendar(
        time_zone=time_zone,
        weekdays=weekdays,
        opens=opens,
        closes=closes,
        country=country,
        subdivision=subdivision,
        additions=_read_days(file, "addition"),
        removals=_read_days(file, "removal"),
        source=source,
        holidays_source=holidays_source,
        note=note,
    )


def _read_week(row: Row) -> tuple[tuple[int, ...], time | None, time | None, str, str]:
    names = row.texts("weekdays")
    opens, closes = row.time_of_day("from"), row.time_of_day("to")
    for name in names:
        if name not in _DAYS:
            row.fault(f"weekday '{name}' is not one of {', '.join(_DAYS)}")
    if (opens is None) != (closes is None):
        row.fault("has only one of 'from' and 'to'; set both or neither")
    if opens is not None and closes is not None and closes != _MIDNIGHT and closes <= opens:
        row.fault(f"'to' {closes} is not after 'from' {opens}; 00:00:00 is the end of the day")
    weekdays = tuple(sorted({_DAYS.index(name) for name in names if name in _DAYS}))
    source, note = row.source(for_a_value=bool(names or opens)), row.optional_text("note")
    if not names and not note:
        row.fault("is unset without a 'note'; say why")
    row.finish()
    return weekdays, opens, closes, source, note


def _read_bank_holidays(row: Row) -> tuple[str | None, str | None, str]:
    country, subdivision = row.optional_text("country") or None, row.optional_text("subdivision") or None
    supported = holidays.list_supported_countries()
    if country is not None and country not in supported:
        row.fault(f"country '{country}' is not one whose bank holidays are known; expected a code such as GB")
    elif country is not None and subdivision is not None and subdivision not in supported[country]:
        row.fault(f"subdivision '{subdivision}' is not one of {', '.join(supported[country])}")
    source = row.source(for_a_value=country is not None)
    row.finish()
    return country, subdivision, source


def _read_days(file: ProfileFile, name: str) -> tuple[CalendarDay, ...]:
    return tuple(read_sound(file.rows(name), _read_day))


def _read_day(row: Row) -> CalendarDay:
    day = row.day("date")
    if day is None:
        row.fault("'date' is missing or is no date")
    return CalendarDay(day=day or date.min, name=row.text("name"), source=row.source())

"""Times as senders write them, read into Moments."""

from __future__ import annotations

from datetime import UTC, date, datetime, tzinfo

from tearmann.records import Moment


def moment(text: str) -> Moment:
    """Read an ISO 8601 time. No zone stated reads as UTC and says so; what cannot be read is kept as given."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return Moment(as_given=text)
    return _moment(text, at, None)


def moment_in(text: str, *, formats: tuple[str, ...], zone: tzinfo | None) -> Moment | None:
    """Read a time by the first of the strptime formats that fits, "iso" for ISO 8601; None if none does.

    zone: what the times of this file are in where they state no zone of their own.
    """
    for form in formats:
        try:
            at = datetime.fromisoformat(text) if form == "iso" else datetime.strptime(text, form)
        except ValueError:
            continue
        read = _moment(text, at, zone)
        return read if read.at else None
    return None


def day_in(text: str, *, form: str) -> date | None:
    """Read a day by a strptime format, "iso" for ISO 8601; None if it does not fit."""
    try:
        return date.fromisoformat(text) if form == "iso" else datetime.strptime(text, form).date()
    except ValueError:
        return None


def _moment(text: str, at: datetime, zone: tzinfo | None) -> Moment:
    stated = at.tzinfo is not None or zone is not None
    if at.tzinfo is None:
        at = at.replace(tzinfo=zone or UTC)
    try:
        return Moment(as_given=text, at=at.astimezone(UTC), zone_stated=stated)
    except OverflowError:  # the first or last day of the calendar, moved across its edge
        return Moment(as_given=text)

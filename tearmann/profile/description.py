"""Everything that a profile sets or leaves unset, as rows that pages and docs print."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from tearmann.profile.ages import AgeKind
from tearmann.profile.calendar import WorkingCalendar
from tearmann.profile.clocks import ClockRule
from tearmann.profile.force import Force

UNSET = "unset"


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """One value of a profile. table, name: where it stands; value: as printed, beginning "unset" where it is unset.

    source: where a set value is from. An unset clock cites what was read in vain; other unset values cite nothing.
    """

    table: str
    name: str
    value: str
    source: str
    is_set: bool = True
    valid_from: date | None = None
    valid_to: date | None = None
    note: str = ""
    invented: bool = False


def describe(force: Force) -> list[Described]:
    """Return every value of a profile with its source, those left unset included."""
    rows = [*_heading(force), *_units(force), *_calendar(force.calendar), *_clocks(force.clocks), *_ages(force)]
    rows += _vocabularies(force)
    return [replace(row, invented=force.invented) for row in rows]


def _heading(force: Force) -> Iterator[Described]:
    yield _value("force", "name", force.name, force.source, note=force.note)
    yield _value("force", "version", force.version, "this profile itself")
    yield _value("force", "time zone", force.time_zone, force.time_zone_source)
    yield _value("force", "region", force.region, force.time_zone_source)
    yield _value("force", "default unit", force.default_unit, force.source)


def _units(force: Force) -> Iterator[Described]:
    for fact in force.facts:
        yield _value("facts", fact.label, f"{fact.value} (as at {fact.as_at})", fact.source, note=fact.note)
    for unit in force.units:
        yield Described(
            table="units",
            name=unit.code,
            value=f"{unit.name} ({unit.kind})",
            source=unit.source,
            valid_from=unit.valid_from,
            valid_to=unit.valid_to,
            note=unit.note,
        )
        yield _value("units", f"{unit.code}: contact desk", unit.contact_desk, unit.source)
        population = f"{unit.population:,} (as at {unit.population_as_at})" if unit.population else None
        yield _value("units", f"{unit.code}: population", population, unit.source)
    if not any(unit.kind == "division" for unit in force.units):
        yield _value("units", "divisions", None)
    for team in force.teams:
        yield _value("teams", team.code, f"{team.name}, of {team.unit}", team.source)
    if not force.teams:
        yield _value("teams", "teams", None)


def _calendar(calendar: WorkingCalendar) -> Iterator[Described]:
    names = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    week = ", ".join(names[number] for number in calendar.weekdays) or None
    hours = f"{calendar.opens:%H:%M} to {calendar.closes:%H:%M}" if calendar.opens and calendar.closes else None
    whose = "-".join(part for part in (calendar.country, calendar.subdivision) if part) or None
    yield _value("calendar", "working week", week, calendar.source, note=calendar.note)
    yield _value("calendar", "working hours", hours, calendar.source)
    yield _value("calendar", "bank holidays", whose, calendar.holidays_source)
    for addition in calendar.additions:
        yield _value("calendar", f"day off {addition.day}", addition.name, addition.source)
    for removal in calendar.removals:
        yield _value("calendar", f"bank holiday worked {removal.day}", removal.name, removal.source)


def _clocks(rules: tuple[ClockRule, ...]) -> Iterator[Described]:
    for rule in rules:
        only = "; ".join(part for part in (rule.priority, ", ".join(rule.only_from)) if part)
        yield Described(
            table="clocks",
            name=f"{rule.label} ({only})" if only else rule.label,
            value=rule.says,
            source=rule.source,
            is_set=rule.is_set,
            valid_from=rule.valid_from,
            valid_to=rule.valid_to,
            note=rule.note,
        )


def _ages(force: Force) -> Iterator[Described]:
    for kind in AgeKind:
        rules = [rule for rule in force.age_rules if rule.kind is kind]
        for rule in rules:
            yield Described(
                table="ages",
                name=_spaced(kind),
                value=f"under {rule.years}",
                source=rule.source,
                valid_from=rule.valid_from,
                valid_to=rule.valid_to,
                note=rule.note,
            )
        if not rules:
            yield _value("ages", _spaced(kind), None)


def _vocabularies(force: Force) -> Iterator[Described]:
    for vocabulary in force.vocabularies.values():
        if not vocabulary.is_set:
            yield _value("vocabularies", _spaced(vocabulary.name), None, vocabulary.source, note=vocabulary.note)
        for term in vocabulary.terms:
            legal = f" (legal or sender's term: {term.legal_term})" if term.legal_term else ""
            yield Described(
                table="vocabularies",
                name=f"{_spaced(vocabulary.name)}: {term.code}",
                value=f"{term.label}{legal}",
                source=term.source,
                valid_from=term.valid_from,
                valid_to=term.valid_to,
            )


def _value(table: str, name: str, value: str | None, source: str = "", *, note: str = "") -> Described:
    """Return a row. An unset value has no source: the row's own source spoke of something else."""
    if value is None:
        return Described(table=table, name=name, value=UNSET, source="", is_set=False, note=note)
    return Described(table=table, name=name, value=value, source=source, note=note)


def _spaced(name: str) -> str:
    return name.replace("_", " ")

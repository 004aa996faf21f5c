"""Divisions, national units and teams, and what is published about the force as a whole."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tearmann.profile.rows import ProfileFile, Row


class UnitKind(StrEnum):
    DIVISION = "division"
    NATIONAL = "national"


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitSpec:
    """A division or national unit. contact_desk, population: None where unset."""

    code: str
    name: str
    kind: UnitKind
    source: str
    contact_desk: str | None = None
    population: int | None = None
    population_as_at: date | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamSpec:
    """A team of a unit. unit: the unit's code."""

    code: str
    name: str
    unit: str
    source: str
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedFact:
    """Something published about the force that nothing is computed from. as_at: as precisely as it is known."""

    code: str
    label: str
    value: str
    as_at: str
    source: str
    note: str = ""


def read_units(file: ProfileFile) -> tuple[tuple[UnitSpec, ...], tuple[TeamSpec, ...], tuple[StatedFact, ...]]:
    """Read units.toml: [[unit]], [[team]], [[fact]]."""
    units, teams, facts = file.read("unit", _read_unit), file.read("team", _read_team), file.read("fact", _read_fact)
    for what, codes in (
        ("unit", [unit.code for unit in units]),
        ("team", [team.code for team in teams]),
        ("fact", [fact.code for fact in facts]),
    ):
        for code in _twice(codes):
            file.fault(f"two rows [[{what}]] have the code '{code}'; give each its own")
    unit_codes = {unit.code for unit in units}
    for team in teams:
        if team.unit not in unit_codes:
            file.fault(f"team '{team.code}' belongs to unit '{team.unit}', which has no sound row; add or mend it")
    return units, teams, facts


def _read_unit(row: Row) -> UnitSpec:
    valid_from, valid_to = row.days_in_force()
    unit = UnitSpec(
        code=row.code("code"),
        name=row.text("name"),
        kind=row.choice("kind", UnitKind),
        source=row.source(),
        contact_desk=row.optional_text("contact_desk") or None,
        population=row.whole_number("population"),
        population_as_at=row.day("population_as_at"),
        valid_from=valid_from,
        valid_to=valid_to,
        note=row.optional_text("note"),
    )
    if (unit.population is None) != (unit.population_as_at is None) and row.sound:
        row.fault("has only one of 'population' and 'population_as_at'; a count without its day cannot be compared")
    return unit


def _read_team(row: Row) -> TeamSpec:
    valid_from, valid_to = row.days_in_force()
    return TeamSpec(
        code=row.code("code"),
        name=row.text("name"),
        unit=row.code("unit"),
        source=row.source(),
        valid_from=valid_from,
        valid_to=valid_to,
    )


def _read_fact(row: Row) -> StatedFact:
    return StatedFact(
        code=row.code("code"),
        label=row.text("label"),
        value=row.text("value"),
        as_at=row.text("as_at"),
        source=row.source(),
        note=row.optional_text("note"),
    )


def _twice(codes: Iterable[str]) -> list[str]:
    seen: set[str] = set()
    again: set[str] = set()
    for code in codes:
        (again if code in seen else seen).add(code)
    return sorted(again)

"""A force: everything that it sets for itself, as one value."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from tearmann.errors import ProfileError
from tearmann.profile.ages import AgeKind, AgeRule, age_rule_for
from tearmann.profile.calendar import WorkingCalendar
from tearmann.profile.clocks import ClockRule, due, rule_for
from tearmann.profile.rows import Row, holds_on
from tearmann.profile.sources import Source
from tearmann.profile.units import StatedFact, TeamSpec, UnitSpec
from tearmann.profile.vocabularies import Vocabulary
from tearmann.records import Band


@dataclass(frozen=True, slots=True, kw_only=True)
class Force:
    """One force profile. invented: nothing in it is true of any force. region: ISO 3166 code, for phone numbers.

    default_unit: the code of the unit that receives what nobody allocated yet; None where unset.
    source: of name and default unit; time_zone_source: of time zone and region.
    What a profile leaves unset is None, empty or not `is_set` here, and never a default of ours.
    """

    code: str
    name: str
    invented: bool
    note: str
    version: str
    time_zone: str
    region: str
    source: str
    time_zone_source: str
    units: tuple[UnitSpec, ...]
    teams: tuple[TeamSpec, ...]
    clocks: tuple[ClockRule, ...]
    calendar: WorkingCalendar
    vocabularies: dict[str, Vocabulary] = field(hash=False)
    age_rules: tuple[AgeRule, ...] = ()
    facts: tuple[StatedFact, ...] = ()
    sources: tuple[Source, ...] = ()
    default_unit: str | None = None

    def unit(self, code: str) -> UnitSpec:
        """Return the unit of that code. Raises ProfileError if there is none."""
        for unit in self.units:
            if unit.code == code:
                return unit
        raise ProfileError(f"force '{self.code}' has no unit of that code; units.toml has {_listed(self.units)}")

    def team(self, code: str) -> TeamSpec:
        """Return the team of that code. Raises ProfileError if there is none."""
        for team in self.teams:
            if team.code == code:
                return team
        raise ProfileError(f"force '{self.code}' has no team of that code; units.toml has {_listed(self.teams)}")

    def units_on(self, on: date) -> tuple[UnitSpec, ...]:
        """Return the units that exist on a day, in the profile's order."""
        return tuple(unit for unit in self.units if holds_on(on, unit.valid_from, unit.valid_to))

    def vocabulary(self, name: str) -> Vocabulary:
        """Return a vocabulary, which may be without terms. Raises ProfileError if the profile has no such one."""
        if name not in self.vocabularies:
            raise ProfileError(
                f"force '{self.code}' has no vocabulary '{name}'; vocabularies.toml has {', '.join(self.vocabularies)}"
            )
        return self.vocabularies[name]

    def sources_code(self, named: str, on: date) -> str:
        """Return the code of a source that an operator or a file calls by its code or its label, in any case.

        Raises ProfileError, naming the codes, if it is neither on that day.
        """
        sources = self.vocabulary("sources")
        wanted = named.strip().casefold()
        for code, label in sources.choices(on):
            if wanted in (code.casefold(), label.casefold()):
                return code
        raise ProfileError(f"that is no source of force '{self.code}'; expected one of {', '.join(sources.codes(on))}")

    def local_date(self, at: datetime) -> date:
        """Return the force's calendar date at an aware time."""
        return self.calendar.local_date(at)

    def age_rule(self, kind: AgeKind, on: date) -> AgeRule | None:
        """Return the age rule in force on the day of the act, or None: it is unset."""
        return age_rule_for(self.age_rules, kind, on)

    def criminal_responsibility(self, on: date) -> AgeRule | None:
        """Return the age below which nobody can commit an offence on that day, or None: it is unset."""
        return self.age_rule(AgeKind.CRIMINAL_RESPONSIBILITY, on)

    def child(self, on: date) -> AgeRule | None:
        """Return the age below which a person is a child on that day, or None: it is unset."""
        return self.age_rule(AgeKind.CHILD, on)

    def clock_kinds(self) -> tuple[str, ...]:
        """Return the kinds of clock, in the profile's order."""
        return tuple(dict.fromkeys(rule.kind for rule in self.clocks))

    def clock(
        self, kind: str, on: date | datetime, *, priority: Band | None = None, source: str | None = None
    ) -> ClockRule | None:
        """Return the rule for a clock that starts then, which may be unset; None if no row covers it.

        on: the start; a time is read as the force's local date. priority: the band, where the kind has a row for
        each. source: the referral's source code, where a rule binds only some senders; without it, no such rule.

        Raises ProfileError if the profile has no clock of that kind.
        """
        rules = [rule for rule in self.clocks if rule.kind == kind]
        if not rules:
            raise ProfileError(
                f"force '{self.code}' has no clock '{kind}'; clocks.toml has {', '.join(self.clock_kinds())}"
            )
        day = self.local_date(on) if isinstance(on, datetime) else on
        return rule_for(rules, day, priority=priority, source=source)

    def due(
        self, kind: str, started: datetime, *, priority: Band | None = None, source: str | None = None
    ) -> datetime | None:
        """Return when a clock that started then is due, in UTC, under the rule of that day; None where unset."""
        rule = self.clock(kind, started, priority=priority, source=source)
        return due(rule, started, self.calendar) if rule else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """What force.toml says of the force itself."""

    code: str
    name: str
    version: str
    time_zone: str
    region: str
    default_unit: str | None
    source: str
    time_zone_source: str


def read_heading(row: Row) -> Heading:
    """Read [force]."""
    heading = Heading(
        code=row.code("code"),
        name=row.text("name"),
        version=row.text("version"),
        time_zone=row.time_zone("time_zone"),
        region=row.text("region"),
        default_unit=row.optional_text("default_unit") or None,
        source=row.source(),
        time_zone_source=row.source("time_zone_source"),
    )
    if row.sound and not (len(heading.region) == 2 and heading.region.isalpha() and heading.region.isupper()):
        row.fault("'region' must be a country code of two capital letters, such as GB")
    return heading


def _listed(rows: tuple[UnitSpec, ...] | tuple[TeamSpec, ...]) -> str:
    return ", ".join(row.code for row in rows) or "none"

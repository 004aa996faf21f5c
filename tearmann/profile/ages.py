"""Ages that decide which roles and outcomes are open to a person. Dated: such law is not retrospective."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import combinations

from tearmann.profile.rows import ProfileFile, Row, holds_on, overlap


class AgeKind(StrEnum):
    """What a person below the age is or is not."""

    CRIMINAL_RESPONSIBILITY = "criminal_responsibility"  # cannot commit an offence, so can never be a suspect
    CHILD = "child"  # is a child: person involved by default, and covered by child protection
    PROSECUTION_ON_INSTRUCTION = "prosecution_on_instruction"  # reported jointly, prosecuted only on instruction


@dataclass(frozen=True, slots=True, kw_only=True)
class AgeRule:
    """It applies to people younger than `years` on the day of the act, for acts on the days it is in force."""

    kind: AgeKind
    years: int
    source: str
    valid_from: date | None = None
    valid_to: date | None = None
    note: str = ""

    def covers(self, age: int) -> bool:
        """Say whether somebody of that age in whole years is below it."""
        return age < self.years


def age_rule_for(rules: Iterable[AgeRule], kind: AgeKind, on: date) -> AgeRule | None:
    """Return the rule in force on the day of the act, or None where it is unset."""
    return next((rule for rule in rules if rule.kind is kind and holds_on(on, rule.valid_from, rule.valid_to)), None)


def read_ages(file: ProfileFile) -> tuple[AgeRule, ...]:
    """Read ages.toml: [[age]]."""
    rules = file.read("age", _read_age)
    for one, other in combinations(rules, 2):
        if one.kind is other.kind and overlap((one.valid_from, one.valid_to), (other.valid_from, other.valid_to)):
            file.fault(f"two rows of age '{one.kind}' hold on the same day; end the earlier with 'valid_to'")
    return rules


def _read_age(row: Row) -> AgeRule:
    valid_from, valid_to = row.days_in_force()
    years = row.whole_number("years")
    if years is None and row.sound:
        row.fault("has no 'years'; leave the whole row out where the age is unset")
    undated = row.optional_text("undated")
    if valid_from is None and not undated:
        row.fault("has no 'valid_from'; say from which day it holds, or under 'undated' why no day is known")
    return AgeRule(
        kind=row.choice("kind", AgeKind),
        years=years or 0,
        source=row.source(),
        valid_from=valid_from,
        valid_to=valid_to,
        note=row.optional_text("note"),
    )

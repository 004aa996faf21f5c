"""Small builders: a referral is named by what matters to the test, and everything else is empty."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from tearmann.identifiers import IdentifierKind
from tearmann.records import (
    Age,
    Classification,
    FileFacts,
    Identifier,
    Link,
    ListHit,
    Moment,
    Party,
    PartyRole,
    Priority,
    Referral,
    RiskCode,
    RiskFact,
)
from tearmann.triage.assess import assess
from tearmann.triage.policy import Policy

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Given:
    """Everything that `assess` takes, but for the policy and the time."""

    referral: Referral
    follow_ups: tuple[Referral, ...] = ()
    hits: tuple[ListHit, ...] = ()
    links: tuple[Link, ...] = ()
    facts: tuple[RiskFact, ...] = ()
    lists: tuple[str, ...] | None = None

    def assess(self, policy: Policy) -> Priority:
        return assess(
            self.referral,
            follow_ups=self.follow_ups,
            hits=self.hits,
            links=self.links,
            facts=self.facts,
            lists=self.lists,
            policy=policy,
            now=NOW,
        )


def referral(**fields: Any) -> Referral:
    return Referral(**{"format": "json", "source": "partner", **fields})


def given(**fields: Any) -> Given:
    """A referral with these fields and nothing beside it."""
    return Given(referral=referral(**fields))


def days_ago(days: float) -> Moment:
    at = NOW - timedelta(days=days)
    return Moment(as_given=at.isoformat(), at=at)


def identifier(kind: IdentifierKind, value: str, place: str = "/identifier") -> Identifier:
    return Identifier(kind=kind, value=value, as_given=value, place=place)


def connection(*, days: float | None = 1, port: str = "50123", place: str = "/connection") -> Identifier:
    at = "" if days is None else (NOW - timedelta(days=days)).isoformat().replace("+00:00", "Z")
    return identifier(IdentifierKind.IP_EVENT, f"192.0.2.10|{port}|{at}", place)


def party(role: PartyRole, years: int | None = None, *identifiers: Identifier, key: str = "") -> Party:
    place = f"/{role.value}"
    age = None if years is None else Age(as_given=str(years), place=f"{place}/age", years=years)
    return Party(key=key or f"{role.value}-1", role=role, place=place, age=age, identifiers=identifiers)


def child(years: int | None = None, *identifiers: Identifier, key: str = "") -> Party:
    return party(PartyRole.VICTIM, years, *identifiers, key=key)


def reported(years: int | None = None, *identifiers: Identifier) -> Party:
    return party(PartyRole.REPORTED, years, *identifiers)


def risk(code: RiskCode) -> RiskFact:
    return RiskFact(code=code, place="/risk")


def md5(number: int) -> str:
    return f"{number:032x}"


def file(number: int = 1, *, hashed: bool = True, **fields: Any) -> FileFacts:
    hashes = (identifier(IdentifierKind.MD5, md5(number)),) if hashed else ()
    return FileFacts(**{"key": f"file-{number}", "place": f"/file/{number}", "hashes": hashes, **fields})


def classed(scheme: str, code: str) -> tuple[Classification, ...]:
    return (Classification(scheme=scheme, code=code, place="/class"),)


def hit(number: int = 1, *, distance: int = 0, list_name: str = "known") -> ListHit:
    return ListHit(list_name=list_name, list_version="1", kind=IdentifierKind.MD5, value=md5(number), distance=distance)


def link(case: str = "another", *, held_by: int = 2) -> Link:
    return Link(
        kind=IdentifierKind.EMAIL,
        value="ann@example.org",
        party="reported-1",
        case=case,
        other_party="reported-1",
        held_by=held_by,
    )

"""What a referral is in the store beside its text: parties, identifiers, references, people and clocks.

Pure: from a value to columns. One map, by which every row of these tables is written.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from tearmann import identifiers
from tearmann.casework.models.party import PersonRole
from tearmann.identifiers import IdentifierKind
from tearmann.profile import Force
from tearmann.records import Identifier, Party, PartyRole, Referral

UNATTACHED = "unattached"
HASHES = frozenset({IdentifierKind.MD5, IdentifierKind.SHA1, IdentifierKind.SHA256, IdentifierKind.PDQ})

# Those who report, and officers, are reached by the same addresses again and again: they link nobody.
NEVER_LINK = frozenset({PartyRole.REPORTER, PartyRole.LAW_ENFORCEMENT})


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonView:
    """How our view of a person begins: what the sender says, with the doubt on the child's side."""

    role: PersonRole
    age: int | None
    age_basis: str
    under_age_possible: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectedParty:
    key: str
    role: PartyRole
    identifiers: tuple[Identifier, ...]
    person: PersonView | None
    risks: tuple[dict[str, str], ...]

    @property
    def surname(self) -> str:
        """The last word of the party's first name as cleaned, casefolded; empty where none is given."""
        names = (one.value for one in self.identifiers if one.kind is IdentifierKind.NAME)
        return next(names, "").rpartition(" ")[2].casefold()

    def link_keys(self) -> Iterator[tuple[IdentifierKind, str]]:
        """The values by which this party may be the same as another: strong identifiers, each once."""
        if self.role in NEVER_LINK:
            return
        seen = set()
        for identifier in self.identifiers:
            key = identifiers.link_key(identifier.kind, identifier.value)
            if key is not None and (identifier.kind, key) not in seen:
                seen.add((identifier.kind, key))
                yield identifier.kind, key


def parties(referral: Referral, *, received_at: datetime, force: Force) -> tuple[ProjectedParty, ...]:
    """The parties of a referral, in its order; what belongs to no person comes last, on a party without one."""
    on = (referral.incident.at if referral.incident and referral.incident.at else received_at).date()
    enticement = referral.incident_type == "enticement"
    child = force.child(on)
    adult_from = child.years if child else None
    projected: list[ProjectedParty] = []
    loose: list[Identifier] = []
    for party in referral.parties:
        if party.role is PartyRole.UNATTACHED:
            loose.extend(party.identifiers)
            continue
        risks = tuple(
            {"code": risk.code.value, "place": risk.place, "origin": risk.origin.value}
            for risk in referral.risks
            if risk.party == party.key
        )
        projected.append(
            ProjectedParty(
                key=party.key,
                role=party.role,
                identifiers=party.identifiers,
                person=_person(party, on=on, enticement=enticement, adult_from=adult_from),
                risks=risks,
            )
        )
    for file in referral.files:
        loose.extend(file.hashes)
        loose.extend(file.identifiers)
    if loose:
        projected.append(
            ProjectedParty(key=UNATTACHED, role=PartyRole.UNATTACHED, identifiers=tuple(loose), person=None, risks=())
        )
    return tuple(projected)


def _person(party: Party, *, on: date, enticement: bool, adult_from: int | None) -> PersonView | None:
    """Our first view of a party, or None for one that is no person of the case.

    adult_from: the age from which nobody is a child, in years; while it is unset, everybody may be one.
    """
    if party.role in (PartyRole.LAW_ENFORCEMENT, PartyRole.UNATTACHED):
        return None
    age, basis = _age(party, on=on)
    adult = age is not None and adult_from is not None and age >= adult_from
    match party.role:
        case PartyRole.VICTIM:
            role = PersonRole.CHILD
        case PartyRole.REPORTER:
            role = PersonRole.WITNESS
        case PartyRole.RECIPIENT if not adult and (age is not None or enticement):
            # Somebody enticed whose age is not known may be a child, and is taken for one.
            role = PersonRole.CHILD
        case _:
            role = PersonRole.PERSON_INVOLVED
    return PersonView(role=role, age=age, age_basis=basis, under_age_possible=not adult)


def _age(party: Party, *, on: date) -> tuple[int | None, str]:
    """The age in whole years and where it was read. Of two that differ the lower counts."""
    found = []
    if party.age is not None and party.age.years is not None:
        found.append((party.age.years, party.age.place))
    for identifier in party.identifiers:
        if identifier.kind is IdentifierKind.DATE_OF_BIRTH:
            born = date.fromisoformat(identifier.value)
            years = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
            if years >= 0:
                found.append((years, identifier.place))
    return min(found) if found else (None, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectedClock:
    """party and nth: of which party the nth identifier carries the clock; None for one of the whole referral."""

    kind: str
    started_at: datetime
    due_at: datetime | None
    party: str | None = None
    nth: int | None = None


def expiry_clocks(
    referral: Referral, projected: tuple[ProjectedParty, ...], *, received_at: datetime, force: Force
) -> Iterator[ProjectedClock]:
    """The clocks of data that will be lost: each IP event from its own time, the sender's data from the report."""
    reported_at = referral.received.at if referral.received and referral.received.at else received_at
    yield ProjectedClock(
        kind="sender_data_expiry",
        started_at=reported_at,
        due_at=force.due("sender_data_expiry", reported_at, source=referral.source),
    )
    for party in projected:
        for nth, identifier in enumerate(party.identifiers):
            happened_at = _event_time(identifier)
            if happened_at is None:
                continue
            yield ProjectedClock(
                kind="ip_event_expiry",
                started_at=happened_at,
                due_at=force.due("ip_event_expiry", happened_at, source=referral.source),
                party=party.key,
                nth=nth,
            )


def _event_time(identifier: Identifier) -> datetime | None:
    if identifier.kind is not IdentifierKind.IP_EVENT:
        return None
    written = identifier.value.rpartition("|")[2]
    return datetime.fromisoformat(written) if written else None


def key_of(kind: IdentifierKind, value: str) -> str:
    """What an identifier is found by."""
    return identifiers.link_key(kind, value) or value


def identifier_columns(identifier: Identifier) -> tuple[object, ...]:
    """Values of IDENTIFIER_COLUMNS after id and party."""
    return (
        identifier.kind.value,
        identifier.value,
        key_of(identifier.kind, identifier.value),
        identifier.as_given,
        identifier.place,
        identifier.origin.value,
        [list(detail) for detail in identifier.details],
    )


IDENTIFIER_COLUMNS = ("id", "party_id", "kind", "value", "key", "as_given", "place", "origin", "details")

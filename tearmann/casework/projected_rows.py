"""Writes the rows that `projection` works out of referrals: first what each says, then what it adds to its case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from tearmann.casework import projection
from tearmann.casework.linking import NewParty
from tearmann.casework.models import Case, CasePerson, Clock, Identifier, Party, StoredReference, StoredReferral
from tearmann.ledger.bulk import insert_rows, reserve_ids
from tearmann.profile import Force
from tearmann.records import Referral


@dataclass(slots=True, kw_only=True)
class Projecting:
    """A stored referral on its way into the tables. case is None while the details of a file wait for their report.

    party_ids: by the party's key; identifier_ids: by the party's key and the identifier's number within it.
    """

    referral_id: int
    case: Case | None
    referral: Referral
    parties: tuple[projection.ProjectedParty, ...]
    received_at: datetime
    party_ids: dict[str, int] = field(default_factory=dict)
    identifier_ids: dict[tuple[str, int], int] = field(default_factory=dict)


def write_said(items: Sequence[Projecting]) -> None:
    """Write parties, identifiers and references: what the senders say, whether or not there is a case for it yet."""
    said = [(item, party) for item in items for party in item.parties]
    party_ids = reserve_ids(Party, len(said))
    identifier_ids = iter(reserve_ids(Identifier, sum(len(party.identifiers) for _, party in said)))
    parties, rows = [], []
    for pk, (item, party) in zip(party_ids, said, strict=True):
        item.party_ids[party.key] = pk
        case_id = item.case.pk if item.case else None
        parties.append((pk, item.referral_id, case_id, party.key, party.role.value, party.surname))
        for nth, identifier in enumerate(party.identifiers):
            identifier_id = next(identifier_ids)
            item.identifier_ids[party.key, nth] = identifier_id
            rows.append((identifier_id, pk, *projection.identifier_columns(identifier)))
    insert_rows(Party, ("id", "referral_id", "case_id", "key", "role", "surname"), parties)
    insert_rows(Identifier, projection.IDENTIFIER_COLUMNS, rows)
    insert_rows(
        StoredReference,
        ("case_id", "referral_id", "party_id", "kind", "value", "system", "place"),
        [
            (
                item.case.pk if item.case else None, item.referral_id, item.party_ids.get(external.party or ""),
                external.kind, external.value, external.system, external.place,
            )
            for item in items
            for external in item.referral.references
        ],
    )  # fmt: skip


def found_again(stored: StoredReferral, value: Referral, *, force: Force) -> Projecting:
    """A referral whose rows were written earlier, now that it has a case."""
    item = Projecting(
        referral_id=stored.pk,
        case=stored.case,
        referral=value,
        parties=projection.parties(value, received_at=stored.received_at, force=force),
        received_at=stored.received_at,
    )
    keys = dict(stored.parties.values_list("pk", "key"))
    item.party_ids = {key: pk for pk, key in keys.items()}
    numbers = dict.fromkeys(keys, 0)
    held = Identifier.objects.filter(party__referral=stored).order_by("pk")
    for identifier_id, party_id in held.values_list("pk", "party_id"):
        item.identifier_ids[keys[party_id], numbers[party_id]] = identifier_id
        numbers[party_id] += 1
    return item


def write_of_case(items: Sequence[Projecting], *, force: Force) -> list[NewParty]:
    """Write people and clocks of the referrals that have a case; return their parties, which may link."""
    cased = [(item, item.case) for item in items if item.case is not None]
    _write_people(cased)
    _write_clocks(cased, force)
    return [
        NewParty(id=item.party_ids[party.key], case=case, keys=tuple(party.link_keys()))
        for item, case in cased
        for party in item.parties
    ]


def _write_people(items: Sequence[tuple[Projecting, Case]]) -> None:
    insert_rows(
        CasePerson,
        (
            "case_id", "party_id", "role", "age", "age_basis", "under_age_possible", "risks", "told_at", "safe_at",
            "safe_says",
        ),
        [
            (
                case.pk, item.party_ids[party.key], party.person.role.value, party.person.age, party.person.age_basis,
                party.person.under_age_possible, list(party.risks), None, None, "",
            )
            for item, case in items
            for party in item.parties
            if party.person is not None
        ],
    )  # fmt: skip


def _write_clocks(items: Sequence[tuple[Projecting, Case]], force: Force) -> None:
    rows = []
    for item, case in items:
        clocks = projection.expiry_clocks(item.referral, item.parties, received_at=item.received_at, force=force)
        for clock in clocks:
            carrier = (
                item.identifier_ids[clock.party, clock.nth]
                if clock.party is not None and clock.nth is not None
                else None
            )
            rows.append((case.pk, None, carrier, clock.kind, clock.started_at, clock.due_at, None))
    insert_rows(Clock, ("case_id", "person_id", "identifier_id", "kind", "started_at", "due_at", "stopped_at"), rows)

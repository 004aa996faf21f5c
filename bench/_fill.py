"""Fills a store with invented cases as years of work would leave it, past `receive` but through the same writers.

What it makes: one case in ten open and most of those new; seven in ten with the national desk and the rest spread
over the divisions; half of the teams with the policy switched on; a person reported on each case and a child on six
in ten; one case in seven linked to an earlier one by an address; one in two hundred restricted. Every clock of expiry
runs on after a case is closed, since nothing stops it.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection, transaction

from tearmann.casework import installation, reference
from tearmann.casework.doing import Actor, Doing
from tearmann.casework.entries import history, processing
from tearmann.casework.models import Assessment, Case, NamedReader, Payload, StoredLink, StoredReferral
from tearmann.casework.models.case import Rank
from tearmann.casework.projected_rows import Projecting, write_of_case, write_said
from tearmann.casework.projection import parties
from tearmann.casework.states import OPEN, State
from tearmann.identifiers import IdentifierKind, clean
from tearmann.intake import product_json
from tearmann.ledger.bulk import insert_rows, reserve_ids
from tearmann.ledger.chain import Draft, record
from tearmann.ledger.models import Text, text_digest
from tearmann.people.acts import sync_units
from tearmann.people.models import Officer, Role, Team, Unit
from tearmann.records import Age, Band, Identifier, Moment, Party, PartyRole, Priority, Reason, Referral

NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)
BATCH = 2_000
YEARS = 3
PASSWORD = "a password for measuring only"

_OPEN_STATES = (
    (State.RECEIVED, 45), (State.TRIAGED, 15), (State.ALLOCATED, 12), (State.DEVELOPING, 18),
    (State.DISSEMINATED, 6), (State.ACTIONED, 4),
)  # fmt: skip
_CLOSED_STATES = ((State.CLOSED, 92), (State.TRANSFERRED, 8))
_BANDS = (
    (Band.IMMEDIATE, 3, Rank.IMMEDIATE), (Band.URGENT, 15, Rank.URGENT), (Band.STANDARD, 52, Rank.STANDARD),
    (Band.ROUTINE, 30, Rank.ROUTINE),
)  # fmt: skip
_INCIDENTS = (("csam", 70), ("enticement", 18), ("unsolicited_obscene", 6), ("other", 6))
_ESCALATION = Reason(rule="danger_now", says="A child is said to be in danger now", value="danger_now", place="report")
_REASONS = tuple(
    Reason(
        rule=f"rule_{number}", says=f"Invented reason {number}", value=str(number), place="report", points=5 * number
    )
    for number in range(1, 6)
)
# The moves that a case has behind it, by where it stands.
_MOVED = {
    State.RECEIVED: (),
    State.TRIAGED: ("decided",),
    State.ALLOCATED: ("decided", "allocated"),
    State.DEVELOPING: ("decided", "allocated", "development_begun"),
    State.DISSEMINATED: ("decided", "allocated", "development_begun", "disseminated"),
    State.ACTIONED: ("decided", "allocated", "development_begun", "outcome"),
    State.TRANSFERRED: ("decided", "transferred"),
    State.CLOSED: ("decided", "allocated", "development_begun", "outcome", "closed"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """How to find one's way in what was made. number: of cases."""

    number: int
    open: int


def address(number: int) -> str:
    """The mail address of the person reported in a case, by the case's number."""
    return f"person-{number}@example.org"


def fill(cases: int, *, seed: int = 20261102) -> Filled:
    """Fill the store that Django is bound to, which is migrated and empty."""
    filling = _Filling(cases, seed)
    for start in range(0, cases, BATCH):
        with transaction.atomic():
            filling.batch(range(start, min(start + BATCH, cases)))
    if connection.vendor == "postgresql":  # which would do so by itself soon; nobody does it for SQLite
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    return Filled(number=cases, open=Case.objects.filter(is_open=True).count())


def set_up_force() -> None:
    """Units and teams of the profile, and a few officers: ann works the national desk, ben a division, cal audits."""
    force = installation.force()
    sync_units(force, by_kind="operator", by_ref="operator", at=NOW - timedelta(days=365 * YEARS))
    make = Officer.objects.create_officer
    for unit in Unit.objects.all():
        teams = list(unit.teams.all())
        for number in range(4):
            make(
                sign_in=f"{unit.code.lower()}-{number}", name=f"Officer {number}", role=Role.DESK_OFFICER, unit=unit,
                teams=teams,
            )  # fmt: skip
    for sign_in, role, code in (("ann", Role.DESK_OFFICER, force.default_unit), ("ben", Role.DESK_OFFICER, "NORTH")):
        unit = Unit.objects.get(code=code)
        make(sign_in=sign_in, name=sign_in, role=role, unit=unit, teams=list(unit.teams.all()), password=PASSWORD)
    make(sign_in="cal", name="Cal", role=Role.AUDITOR, password=PASSWORD)


class _Filling:
    def __init__(self, cases: int, seed: int) -> None:
        self._random = random.Random(seed)
        self._number = cases
        self._force = installation.force()
        self._keys = installation.keys()
        self._units = list(Unit.objects.order_by("pk"))
        share = len(self._units) - 1
        self._weights = [7 * share if unit.code == self._force.default_unit else 3 for unit in self._units]
        self._teams = {unit.pk: list(Team.objects.filter(unit=unit).order_by("pk")) for unit in self._units}
        self._staff = {unit.pk: list(Officer.objects.filter(unit=unit).order_by("pk")) for unit in self._units}
        self._reported: list[tuple[int, int]] = []  # of each case: the case and the party reported

    def _pick(self, weighted: Sequence[tuple[Any, int]]) -> Any:
        return self._random.choices([one for one, _ in weighted], [weight for _, weight in weighted])[0]

    def batch(self, numbers: range) -> None:
        drawn = [self._case(number) for number in numbers]
        payload_ids = reserve_ids(Payload, len(numbers))
        referral_ids = reserve_ids(StoredReferral, len(numbers))
        for case, pk in zip(drawn, reserve_ids(Case, len(numbers)), strict=True):
            case.pk = pk
        items = [
            self._projecting(number, case, referral_id)
            for number, case, referral_id in zip(numbers, drawn, referral_ids, strict=True)
        ]
        self._write_payloads(numbers, payload_ids)
        columns = [field.attname for field in Case._meta.concrete_fields]
        insert_rows(Case, columns, [tuple(getattr(case, name) for name in columns) for case in drawn])
        insert_rows(
            StoredReferral,
            (
                "id", "case_id", "relation", "payload_id", "source", "source_reference", "supplements", "format",
                "received_at", "content",
            ),
            [
                (
                    item.referral_id, case.pk, "first", payload_id, item.referral.source,
                    item.referral.source_reference, None, item.referral.format, item.received_at,
                    product_json.dump(item.referral).decode(),
                )
                for item, case, payload_id in zip(items, drawn, payload_ids, strict=True)
            ],
        )  # fmt: skip
        write_said(items)
        write_of_case(items, force=self._force)
        self._write_links(numbers, items)
        self._write_assessments(drawn)
        self._restrict(drawn)
        self._write_history(drawn)

    def _case(self, number: int) -> Case:
        rng = self._random
        unit = rng.choices(self._units, self._weights)[0]
        is_open = rng.random() < 0.1
        state = self._pick(_OPEN_STATES if is_open else _CLOSED_STATES)
        # What is open is mostly of the last weeks, with a tail of a year.
        age_days = rng.expovariate(1 / 40) % 365 if is_open else rng.uniform(20, 365 * YEARS)
        received_at = NOW - timedelta(days=age_days, seconds=rng.randrange(86_400))
        worked = "allocated" in _MOVED[state]
        teams = self._teams[unit.pk]
        team = rng.choice(teams) if worked else teams[0]
        live = team.pk % 2 == 0
        band, _, rank = rng.choices(_BANDS, [weight for _, weight, _ in _BANDS])[0]
        escalated, unassessed = rng.random() < 0.04, is_open and rng.random() < 0.005
        if unassessed:
            rank = Rank.UNASSESSED
        elif escalated:
            rank = Rank.ESCALATED
        elif not live:
            rank = Rank.STANDARD
        sha256 = hashlib.sha256(f"invented payload {number}".encode()).hexdigest()
        return Case(
            reference=reference.make(self._keys.reference, sha256, "invented.xml"),
            unit_id=unit.pk,
            team_id=team.pk,
            owner_id=rng.choice(self._staff[unit.pk]).pk if worked else None,
            state=state.value,
            state_since=received_at + (NOW - received_at) * rng.random(),
            is_open=state in OPEN,
            restricted=rng.random() < 0.005,
            source="ncmec",
            incident_type=self._pick(_INCIDENTS),
            platform="invented-chat",
            urgent=escalated,
            received_at=received_at,
            assessed_at=None if unassessed else received_at,
            needs_assessment=unassessed,
            live=live and not unassessed,
            escalated=escalated and not unassessed,
            band="" if unassessed else band.value,
            rank=int(rank),
            changed_at=received_at,
        )

    def _projecting(self, number: int, case: Case, referral_id: int) -> Projecting:
        referral = self._referral(number, case)
        return Projecting(
            referral_id=referral_id,
            case=case,
            referral=referral,
            parties=parties(referral, received_at=case.received_at, force=self._force),
            received_at=case.received_at,
        )

    def _referral(self, number: int, case: Case) -> Referral:
        rng = self._random
        # One case in seven names the address of an earlier one's person.
        whose = rng.randrange(number) if number and rng.random() < 1 / 7 else number
        given = [
            (IdentifierKind.EMAIL, address(whose)),
            (IdentifierKind.HANDLE, f"handle{number}@invented-chat"),
            *[(IdentifierKind.IP_EVENT, self._ip_event(case.received_at)) for _ in range(rng.randrange(3))],
        ]
        if rng.random() < 0.3:
            given.append((IdentifierKind.NAME, f"invented surname{number % 5_000:04}"))
        reported = Party(
            key="reported-1",
            role=PartyRole.REPORTED,
            place="report",
            identifiers=tuple(
                Identifier(kind=kind, value=value, as_given=value, place="report") for kind, value in given
            ),
        )
        children = tuple(
            Party(
                key=f"victim-{nth}",
                role=PartyRole.VICTIM,
                place="report",
                age=Age(as_given=str(age), years=age, place="report") if (age := rng.randrange(5, 22)) < 16 else None,
                identifiers=(
                    Identifier(
                        kind=IdentifierKind.HANDLE,
                        value=f"child{number}x{nth}@invented-chat",
                        as_given=f"child{number}x{nth}",
                        place="report",
                    ),
                ),
            )
            for nth in range(1, 1 + rng.choices((0, 1, 2), (40, 48, 12))[0])
        )
        return Referral(
            format="cybertip-xml",
            source="ncmec",
            source_reference=str(10_000_000 + number),
            received=Moment(as_given=case.received_at.isoformat(), at=case.received_at),
            incident_type=case.incident_type,
            incident_type_given=case.incident_type,
            platform="invented-chat",
            urgent=case.urgent,
            parties=(reported, *children),
        )

    def _ip_event(self, received_at: datetime) -> str:
        rng = self._random
        at = received_at - timedelta(seconds=rng.randrange(60 * 86_400))
        return clean(
            IdentifierKind.IP_EVENT, f"2001:db8::{rng.randrange(65_536):x}:{rng.randrange(65_536):x}", port=443, at=at
        )

    def _write_payloads(self, numbers: range, ids: range) -> None:
        rows: list[tuple[Any, ...]] = []
        for number, pk in zip(numbers, ids, strict=True):
            plain = f"invented payload {number}".encode()
            sha256 = hashlib.sha256(plain).hexdigest()
            sealed = self._keys.sealer.seal(plain * 100, sha256=sha256)  # of the size of a report
            rows.append((
                pk, sha256, sha256, f"{10_000_000 + number}.xml", "invented.xml", "accepted", [], sealed.key_id,
                sealed.nonce, sealed.body, NOW, "operator", None, None, "",
            ))  # fmt: skip
        insert_rows(
            Payload,
            (
                "id", "sha256", "file_sha256", "file_name", "place", "state", "faults", "key_id", "nonce", "body",
                "received_at", "received_by", "unit_id", "settled_at", "settled_why",
            ),
            rows,
        )  # fmt: skip

    def _write_links(self, numbers: range, items: Sequence[Projecting]) -> None:
        rows = []
        for number, item in zip(numbers, items, strict=True):
            assert item.case is not None
            self._reported.append((item.case.pk, item.party_ids["reported-1"]))
            email = item.parties[0].identifiers[0].value
            whose = int(email.removeprefix("person-").partition("@")[0])
            if whose != number:
                (case, party), (other_case, other) = self._reported[number], self._reported[whose]
                rows.append((party, other, case, other_case, "email", email))
        insert_rows(StoredLink, ("party_id", "other_id", "case_id", "other_case_id", "kind", "value"), rows)

    def _write_assessments(self, cases: Sequence[Case]) -> None:
        rng = self._random
        rows = []
        for case in cases:
            if case.assessed_at is None:
                continue
            reasons = tuple(rng.sample(_REASONS, rng.randrange(1, 5)))
            priority = Priority(
                band=Band(case.band),
                points=sum(reason.points for reason in reasons),
                quality=round(rng.random(), 2),
                confidence=round(rng.random(), 2),
                policy="2026-1",
                escalations=(_ESCALATION,) if case.escalated else (),
                reasons=reasons,
                missing=("age", "address"),
            )
            if rng.random() < 0.25:
                rows.append((case.pk, case.received_at, False, *Assessment.columns(priority)))
            rows.append((case.pk, case.received_at, True, *Assessment.columns(priority)))
        insert_rows(Assessment, ("case_id", "at", "latest", *Assessment.COLUMNS), rows)

    def _restrict(self, cases: Sequence[Case]) -> None:
        rows = [
            (case.pk, officer.pk, case.received_at)
            for case in cases
            if case.restricted
            for officer in self._staff[case.unit_id][:2]
        ]
        insert_rows(NamedReader, ("case_id", "officer_id", "named_at"), rows)

    def _write_history(self, cases: Sequence[Case]) -> None:
        texts: list[tuple[str, bytes, str, str]] = []
        drafts = [draft for case in cases for draft in self._lived(case, texts)]
        insert_rows(Text, ("reference", "salt", "digest", "body"), texts)
        by = Doing(by=Actor.operator("operator"), at=NOW, force=self._force)
        record([*drafts, processing("collection", "receive", by, cases=[case.reference for case in cases])])

    def _lived(self, case: Case, texts: list[tuple[str, bytes, str, str]]) -> Iterator[Draft]:
        machine = Doing(by=Actor.operator("operator"), at=case.received_at, force=self._force)
        yield history("received", case.reference, machine, source="ncmec", format="cybertip-xml")
        yield history("assessed", case.reference, machine, policy="2026-1", band=case.band, points=30, mode="live")
        officer = self._staff[case.unit_id][0]
        by = Doing(by=Actor(kind="officer", reference=officer.sign_in), at=case.state_since, force=self._force)
        for verb in _MOVED[State(case.state)]:
            salt = self._random.randbytes(16)
            why = f"Invented reason to have {verb.replace('_', ' ')}."
            digest = text_digest(salt, why)
            texts.append((case.reference, salt, digest, why))
            yield history(verb, case.reference, by, why=digest)

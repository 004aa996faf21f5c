"""The first transaction of receive: payloads, referrals, cases, what is projected from them, and their entries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from tearmann.casework import linking, projection, reference
from tearmann.casework.doing import Doing, act
from tearmann.casework.entries import history, processing
from tearmann.casework.models import (
    Alert,
    Case,
    NamedReader,
    Payload,
    Relation,
    StoredReferral,
)
from tearmann.casework.permissions import Sight, Standing, sight
from tearmann.casework.projected_rows import Projecting, found_again, write_of_case, write_said
from tearmann.casework.sealing import Sealer
from tearmann.casework.states import State
from tearmann.casework.writer import one_receiver_at_a_time
from tearmann.intake import product_json
from tearmann.intake.files import Fault, Read, Unreadable
from tearmann.ledger.bulk import insert_rows, reserve_ids
from tearmann.ledger.chain import Draft, record
from tearmann.people.models import Team, Unit
from tearmann.records import Part, Referral

BATCH = 100


class Outcome(StrEnum):
    """What became of one thing that was sent."""

    RECEIVED = "received"
    RESENT = "resent"  # the same bytes: nothing was written
    UPDATED = "updated"  # a follow-up, the details of a file, or the same report with other bytes
    QUARANTINED = "quarantined"


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """One thing that was sent. sha256: of its plain bytes, or of its file and place where those are not kept."""

    reading: Read | Unreadable
    sha256: str
    file_sha256: str
    file_name: str

    def refused_by_store(self, fault: Fault) -> Arrival:
        reading = Unreadable(place=self.reading.place, faults=(fault,), payload=self.reading.payload, media=False)
        return replace(self, reading=reading)


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """What lies outside the store: the key of the references and the sealer of the payloads."""

    reference: bytes
    sealer: Sealer


@dataclass(slots=True, kw_only=True)
class Stored:
    """outcomes: one per arrival, as its sender may be told. cases: what now wants an assessment, oldest first."""

    outcomes: list[Outcome] = field(default_factory=list)
    cases: list[int] = field(default_factory=list)
    values: dict[int, Referral] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class _Plan:
    """One referral that will be written, and the case that it belongs to."""

    arrival: Arrival
    read: Read
    relation: Relation
    received_at: datetime
    parties: tuple[projection.ProjectedParty, ...]
    case: Case | None = None  # None: the details of a file, waiting for their report
    referral_id: int = 0


@act
def store(batch: Sequence[Arrival], *, doing: Doing, unit: Unit, keys: Keys) -> Stored:
    """Write a batch of at most BATCH arrivals, wholly or not at all."""
    one_receiver_at_a_time()
    writing = _Writing(doing=doing, unit=unit, keys=keys)
    writing.look_up(batch)
    for arrival in batch:
        writing.settle(arrival)
    return writing.write()


class _Writing:
    """The steps of one store: look up what is there, settle what each arrival is, write all of it at once."""

    def __init__(self, *, doing: Doing, unit: Unit, keys: Keys) -> None:
        self._doing, self._unit, self._keys = doing, unit, keys
        # The first team that the profile names for a unit is the one that receives.
        self._team = Team.objects.filter(unit=unit).order_by("pk").first()
        self._stored = Stored()
        self._plans: list[_Plan] = []
        self._set_aside: list[Arrival] = []
        self._new_cases: list[Case] = []
        self._updated: dict[int, Case] = {}
        self._alerts: list[Alert] = []
        self._entries: list[Draft] = []
        self._opened: list[Payload] = []  # quarantined before, readable now
        self._taken: set[str] = set()  # digests of this batch that were settled already
        self._reports: dict[tuple[str, str], Case] = {}
        self._waiting: dict[tuple[str, str], list[StoredReferral]] = {}

    # -- what is there already

    def look_up(self, batch: Sequence[Arrival]) -> None:
        known = Payload.objects.filter(sha256__in=[arrival.sha256 for arrival in batch])
        self._known = {payload.sha256: payload for payload in known.defer("body")}
        names: set[str] = set()
        for arrival in batch:
            if isinstance(arrival.reading, Read):
                referral = arrival.reading.referral
                names.update(filter(None, (referral.source_reference, referral.supplements)))
        first_tries = [self._made(arrival, attempt=0) for arrival in batch if isinstance(arrival.reading, Read)]
        taken = Case.objects.filter(reference__in=first_tries)
        self._references_taken = set(taken.values_list("reference", flat=True))
        if not names:
            return
        reports = StoredReferral.objects.filter(relation=Relation.FIRST, source_reference__in=names)
        for report in reports.select_related("case").order_by("pk"):
            if report.case is not None and report.source_reference is not None:
                self._reports.setdefault((report.source, report.source_reference), report.case)
        for waiting in StoredReferral.objects.filter(case__isnull=True, supplements__in=names).order_by("pk"):
            self._waiting.setdefault((waiting.source, waiting.supplements or ""), []).append(waiting)

    def _known_case(self, payload: Payload) -> Case | None:
        found = StoredReferral.objects.filter(payload=payload).select_related("case").first()
        return found.case if found else None

    # -- what each arrival is

    def settle(self, arrival: Arrival) -> None:
        known = self._known.get(arrival.sha256)
        reading = arrival.reading
        if known is not None and not (known.state == Payload.State.QUARANTINED and isinstance(reading, Read)):
            self._tell(Outcome.RESENT, self._known_case(known), reading)
            return
        if arrival.sha256 in self._taken:
            self._tell(Outcome.RESENT, None, reading)
            return
        if known is not None:
            self._opened.append(known)
        self._taken.add(arrival.sha256)
        if isinstance(reading, Unreadable):
            self._set_aside.append(arrival)
            self._stored.outcomes.append(Outcome.QUARANTINED)
            return
        self._plan(arrival, reading)

    def _plan(self, arrival: Arrival, read: Read) -> None:
        referral = read.referral
        said = referral.received.at if referral.received else None
        received_at = min(said, self._doing.at) if said else self._doing.at
        plan = _Plan(
            arrival=arrival,
            read=read,
            relation=Relation.FIRST,
            received_at=received_at,
            parties=projection.parties(referral, received_at=received_at, force=self._doing.force),
        )
        self._plans.append(plan)
        parent = self._reports.get((referral.source, referral.supplements or ""))
        same = self._reports.get((referral.source, referral.source_reference or ""))
        if referral.part is Part.FILE_DETAILS:
            plan.relation, plan.case = Relation.FILE_DETAILS, parent
            self._tell(Outcome.UPDATED, parent, read)
        elif parent is not None:
            plan.relation, plan.case = Relation.FOLLOW_UP, parent
            self._tell(Outcome.UPDATED, parent, read)
        elif same is not None:
            plan.relation, plan.case = Relation.CHANGED, same
            self._tell(Outcome.UPDATED, same, read)
        else:
            plan.case = self._new_case(plan)
            self._stored.outcomes.append(Outcome.RECEIVED)
            return
        if plan.case is not None:
            self._update(plan.case, referral)

    def _new_case(self, plan: _Plan) -> Case:
        referral = plan.read.referral
        case = Case(
            reference=self._reference(plan.arrival),
            unit=self._unit,
            team=self._team,
            state=State.RECEIVED,
            state_since=plan.received_at,
            source=referral.source,
            incident_type=referral.incident_type,
            platform=referral.platform or "",
            urgent=referral.urgent,
            received_at=plan.received_at,
            changed_at=self._doing.at,
        )
        self._new_cases.append(case)
        if referral.source_reference is not None:
            self._reports[referral.source, referral.source_reference] = case
        return case

    def _reference(self, arrival: Arrival) -> str:
        attempt = 0
        made = self._made(arrival, attempt=attempt)
        while made in self._references_taken:
            attempt += 1
            made = self._made(arrival, attempt=attempt)
            if Case.objects.filter(reference=made).exists():
                self._references_taken.add(made)
        self._references_taken.add(made)
        return made

    def _made(self, arrival: Arrival, *, attempt: int) -> str:
        return reference.make(self._keys.reference, arrival.sha256, arrival.reading.place, attempt=attempt)

    def _update(self, case: Case, referral: Referral) -> None:
        case.urgent = case.urgent or referral.urgent
        case.needs_assessment = True
        case.changed_at = self._doing.at
        if case.pk is None:
            return
        case.version += 1
        if case.state == State.CLOSED:
            case.state, case.state_since, case.is_open = State.RECEIVED, self._doing.at, True
            self._entries.append(history("reopened", case.reference, self._doing, by="follow_up"))
        self._updated[case.pk] = case

    def _tell(self, outcome: Outcome, case: Case | None, reading: Read | Unreadable) -> None:
        """Note the outcome; to somebody outside a restricted case it is as if there were no such case."""
        if case is not None and case.restricted and not self._may_see(case):
            knows = self._sent_before(case)
            self._alerts.append(
                Alert(
                    case=case,
                    kind=Alert.Kind.RESENT,
                    at=self._doing.at,
                    by=self._doing.by.reference,
                    unit_id=self._doing.by.unit,
                )
            )
            details = isinstance(reading, Read) and reading.referral.part is Part.FILE_DETAILS
            if not knows:
                outcome = Outcome.UPDATED if details else Outcome.RECEIVED
        self._stored.outcomes.append(outcome)

    def _sent_before(self, case: Case) -> bool:
        """Whether this actor sent something of the case already, and would be told so of any other case."""
        by = self._doing.by.reference
        return (
            Payload.objects.filter(referral__case=case, received_by=by).exists()
            or Alert.objects.filter(case=case, kind=Alert.Kind.RESENT, by=by).exists()
            or any(alert.case_id == case.pk and alert.kind == Alert.Kind.RESENT for alert in self._alerts)
        )

    def _may_see(self, case: Case) -> bool:
        by = self._doing.by
        named = NamedReader.objects.filter(case=case, officer_id=by.officer).exists() if by.officer else False
        standing = Standing(own_unit=case.unit_id == by.unit, restricted=case.restricted, named=named)
        return sight(by.role, standing) is Sight.READ

    # -- all of it at once

    def write(self) -> Stored:
        for plan in self._plans:
            if plan.case is None:  # its report may have come later in the same batch
                referral = plan.read.referral
                plan.case = self._reports.get((referral.source, referral.supplements or ""))
        for case, pk in zip(self._new_cases, reserve_ids(Case, len(self._new_cases)), strict=True):
            case.pk = pk
        self._write_cases()
        self._write_payloads()
        self._write_referrals()
        linked = linking.link(self._write_projection(), near=self._alerts, doing=self._doing)
        Case.objects.filter(pk__in=linked).update(needs_assessment=True)
        Alert.objects.bulk_create(self._alerts)
        self._record()
        touched = {plan.case.pk for plan in self._plans if plan.case is not None} | linked
        self._stored.cases = sorted(touched)
        return self._stored

    def _write_cases(self) -> None:
        columns = (
            "id", "reference", "unit_id", "team_id", "owner_id", "state", "state_since", "is_open", "restricted",
            "source", "incident_type", "platform", "urgent", "received_at", "assessed_at", "needs_assessment",
            "fault", "live", "escalated", "band", "rank", "changed_at", "version",
        )  # fmt: skip
        insert_rows(
            Case, columns, [tuple(getattr(case, name) for name in ("pk", *columns[1:])) for case in self._new_cases]
        )
        for case in self._updated.values():
            case.save(
                update_fields=[
                    "urgent", "needs_assessment", "changed_at", "version", "state", "state_since", "is_open",
                ]
            )  # fmt: skip

    def _write_payloads(self) -> None:
        if self._opened:
            for payload in self._opened:
                payload.state, payload.faults = Payload.State.ACCEPTED, []
                payload.settled_at, payload.settled_why = self._doing.at, "it can be read now"
                payload.save(update_fields=["state", "faults", "settled_at", "settled_why"])
        opened = {payload.sha256: payload.pk for payload in self._opened}
        fresh = [plan for plan in self._plans if plan.arrival.sha256 not in opened]
        arrivals = [plan.arrival for plan in fresh] + self._set_aside
        self._payload_ids = opened
        rows = []
        for pk, arrival in zip(reserve_ids(Payload, len(arrivals)), arrivals, strict=True):
            self._payload_ids[arrival.sha256] = pk
            rows.append((pk, *self._payload_columns(arrival)))
        insert_rows(
            Payload,
            (
                "id", "sha256", "file_sha256", "file_name", "place", "state", "faults", "key_id", "nonce", "body",
                "received_at", "received_by", "unit_id", "settled_at", "settled_why",
            ),
            rows,
        )  # fmt: skip

    def _payload_columns(self, arrival: Arrival) -> tuple[object, ...]:
        reading = arrival.reading
        plain = reading.payload
        faults: list[dict[str, str]] = []
        state = Payload.State.ACCEPTED
        if isinstance(reading, Unreadable):
            state = Payload.State.REFUSED if plain is None else Payload.State.QUARANTINED
            faults = [{"place": f.place, "says": f.says, "remedy": f.remedy} for f in reading.faults]
        sealed = self._keys.sealer.seal(plain, sha256=arrival.sha256) if plain is not None else None
        return (
            arrival.sha256, arrival.file_sha256, arrival.file_name, reading.place, state.value, faults,
            sealed.key_id if sealed else "", sealed.nonce if sealed else None, sealed.body if sealed else None,
            self._doing.at, self._doing.by.reference, self._unit.pk, None, "",
        )  # fmt: skip

    def _write_referrals(self) -> None:
        rows = []
        for pk, plan in zip(reserve_ids(StoredReferral, len(self._plans)), self._plans, strict=True):
            plan.referral_id = pk
            referral = plan.read.referral
            self._stored.values[pk] = referral
            rows.append((
                pk, plan.case.pk if plan.case else None, plan.relation.value,
                self._payload_ids[plan.arrival.sha256], referral.source, referral.source_reference,
                referral.supplements, referral.format, plan.received_at, product_json.dump(referral).decode(),
            ))  # fmt: skip
        insert_rows(
            StoredReferral,
            (
                "id", "case_id", "relation", "payload_id", "source", "source_reference", "supplements", "format",
                "received_at", "content",
            ),
            rows,
        )  # fmt: skip

    def _write_projection(self) -> list[linking.NewParty]:
        """Write what is projected from the referrals; return the parties that may link."""
        items = [
            Projecting(
                referral_id=plan.referral_id,
                case=plan.case,
                referral=plan.read.referral,
                parties=plan.parties,
                received_at=plan.received_at,
            )
            for plan in self._plans
        ]
        write_said(items)
        return write_of_case([*items, *self._adopted()], force=self._doing.force)

    def _adopted(self) -> Iterator[Projecting]:
        """Give the reports that came now the details of files that were waiting for them."""
        for (source, source_reference), waiting in self._waiting.items():
            case = self._reports.get((source, source_reference))
            for referral in waiting if case is not None else ():
                assert case is not None
                referral.case = case
                referral.save(update_fields=["case"])
                referral.parties.update(case=case)
                referral.references.update(case=case)
                value = referral.value()
                self._stored.values[referral.pk] = value
                self._entries.append(history("file_details_joined", case.reference, self._doing))
                yield found_again(referral, value, force=self._doing.force)

    def _record(self) -> None:
        verbs = {
            Relation.FIRST: "received",
            Relation.FOLLOW_UP: "followed_up",
            Relation.CHANGED: "received_changed",
            Relation.FILE_DETAILS: "file_details_received",
        }
        entries = []
        for plan in self._plans:
            if plan.case is not None:
                referral = plan.read.referral
                entries.append(
                    history(
                        verbs[plan.relation],
                        plan.case.reference,
                        self._doing,
                        happened_at=plan.received_at,
                        source=referral.source,
                        format=referral.format,
                        payload=plan.arrival.sha256,
                    )
                )
        collected = [plan.case.reference if plan.case else "waiting" for plan in self._plans]
        if collected or self._set_aside:
            entries.append(
                processing(
                    "collection",
                    "receive",
                    self._doing,
                    cases=collected,
                    quarantined=[arrival.sha256 for arrival in self._set_aside],
                )
            )
        record([*entries, *self._entries])

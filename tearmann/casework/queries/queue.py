"""The queue: what to open next, and why it stands there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet

from tearmann.casework.doing import Actor
from tearmann.casework.models import Assessment, Case, CasePerson, Clock, PersonRole
from tearmann.casework.models.case import Rank
from tearmann.casework.queries.visible import visible_to
from tearmann.casework.states import OURS, State
from tearmann.records import Band, Reason

PAGE = 25
EXPIRY_CLOCKS = ("ip_event_expiry", "sender_data_expiry")
EXPIRING_WITHIN = timedelta(days=14)


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueFilter:
    """What of the queue is wanted; None or False: not asked. Without a state: each stage whose next step is ours.

    mine: the viewer's own cases, and those of their teams that nobody owns.
    """

    unit: int | None = None
    team: int | None = None
    owner: int | None = None
    state: State | None = None
    source: str | None = None
    unassessed: bool = False
    escalated: bool = False
    mine: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueRow:
    """A case in the queue, and why it stands here.

    band and reasons are None and empty where the case's team is in shadow; escalations stand in either mode.
    expires_at: the next time at which data that bears on it is lost.
    """

    case: Case
    band: Band | None
    escalations: tuple[Reason, ...]
    reasons: tuple[Reason, ...]
    quality: float | None
    confidence: float | None
    children: int
    expires_at: datetime | None

    @property
    def mode(self) -> str:
        return "live" if self.case.live else "shadow"

    @property
    def is_assessed(self) -> bool:
        return self.case.assessed_at is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuePage:
    """One page of the queue. after: the cursor of the next page, or an empty text."""

    rows: tuple[QueueRow, ...]
    after: str


def queue(viewer: Actor, wanted: QueueFilter, *, now: datetime, after: str = "", size: int = PAGE) -> QueuePage:
    """A page of open cases: unassessed, hard escalations, priority where switched on, oldest."""
    cases = _filtered(visible_to(viewer).filter(is_open=True), wanted, viewer)
    if wanted.state is None:
        cases = cases.filter(state__in=OURS)
    ordered = cases.order_by("rank", "received_at", "pk")
    cursor = _cursor(after)
    if cursor is not None:
        rank, received_at, pk = cursor
        later = Q(received_at__gt=received_at) | Q(received_at=received_at, pk__gt=pk)
        # rank first and alone, so that the index finds the place.
        ordered = ordered.filter(rank__gte=rank).filter(Q(rank__gt=rank) | later)
    page = list(ordered.select_related("unit", "team", "owner")[: size + 1])
    more = len(page) > size
    page = page[:size]
    last = page[-1] if more else None
    return QueuePage(
        rows=rows_of(page, now=now), after=f"{last.rank}~{last.received_at.isoformat()}~{last.pk}" if last else ""
    )


def _filtered(cases: QuerySet[Case], wanted: QueueFilter, viewer: Actor) -> QuerySet[Case]:
    given = {
        "unit_id": wanted.unit,
        "team_id": wanted.team,
        "owner_id": wanted.owner,
        "state": wanted.state,
        "source": wanted.source,
        "rank": Rank.UNASSESSED if wanted.unassessed else None,
    }
    cases = cases.filter(**{name: value for name, value in given.items() if value is not None})
    if wanted.mine:
        owned = Q(owner_id=viewer.officer, owner__isnull=False)
        cases = cases.filter(owned | Q(owner__isnull=True, team_id__in=viewer.teams))
    return cases.filter(escalated=True) if wanted.escalated else cases


def _cursor(text: str) -> tuple[int, datetime, int] | None:
    try:
        rank, received_at, pk = text.split("~")
        return int(rank), datetime.fromisoformat(received_at), int(pk)
    except ValueError:
        return None  # nonsense in a URL means the first page


def rows_of(cases: Sequence[Case], *, now: datetime) -> tuple[QueueRow, ...]:
    """The rows of these cases, in a number of statements that does not grow with theirs."""
    keys = [case.pk for case in cases]
    latest = {row.case_id: row for row in Assessment.objects.filter(case_id__in=keys, latest=True)}
    counted = CasePerson.objects.filter(case_id__in=keys, role=PersonRole.CHILD)
    children = dict(counted.values_list("case_id").annotate(Count("pk")))
    running = Clock.objects.filter(case_id__in=keys, kind__in=EXPIRY_CLOCKS, stopped_at__isnull=True, due_at__gt=now)
    expiries = dict(running.values_list("case_id").annotate(Min("due_at")))
    return tuple(
        _row(case, latest.get(case.pk), children=children.get(case.pk, 0), expires_at=expiries.get(case.pk))
        for case in cases
    )


def _row(case: Case, assessment: Assessment | None, *, children: int, expires_at: datetime | None) -> QueueRow:
    priority = assessment.value() if assessment is not None and case.assessed_at is not None else None
    shown = priority if case.live else None
    return QueueRow(
        case=case,
        band=shown.band if shown else None,
        escalations=priority.escalations if priority else (),
        reasons=shown.reasons if shown else (),
        quality=shown.quality if shown else None,
        confidence=shown.confidence if shown else None,
        children=children,
        expires_at=expires_at,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Expiring:
    """A case some of whose data will soon be lost, and when."""

    row: QueueRow
    kind: str
    due_at: datetime


def expiring(viewer: Actor, wanted: QueueFilter, *, now: datetime, size: int = PAGE) -> tuple[Expiring, ...]:
    """The lane of expiring data: the cases whose next expiry comes soonest, within EXPIRING_WITHIN."""
    cases = _filtered(visible_to(viewer).filter(is_open=True), wanted, viewer)
    running = Clock.objects.filter(
        kind__in=EXPIRY_CLOCKS, stopped_at__isnull=True, due_at__gt=now, due_at__lte=now + EXPIRING_WITHIN
    )
    # EXISTS, and not IN, so that both stores start from the few clocks that run out and not from every open case.
    seen = running.filter(Exists(cases.filter(pk=OuterRef("case_id")))).order_by("due_at", "pk")
    soonest: dict[int, tuple[str, datetime]] = {}
    for case_id, kind, due_at in seen.values_list("case_id", "kind", "due_at")[: size * 4]:
        if due_at is not None and len(soonest) < size:
            soonest.setdefault(case_id, (kind, due_at))
    found = visible_to(viewer).select_related("unit", "team", "owner").in_bulk(soonest)
    picked = [(found[case_id], *running_out) for case_id, running_out in soonest.items() if case_id in found]
    rows = rows_of([case for case, _, _ in picked], now=now)
    return tuple(
        Expiring(row=row, kind=kind, due_at=due_at) for row, (_, kind, due_at) in zip(rows, picked, strict=True)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class StageCount:
    """How many open cases of a unit stand in a stage, and since when the oldest does."""

    state: State
    cases: int
    oldest: datetime


def stages(viewer: Actor, wanted: QueueFilter) -> tuple[StageCount, ...]:
    """Counts by stage, in the order of the stages. Ask for one unit: a count over all of them is slow."""
    cases = _filtered(visible_to(viewer).filter(is_open=True), wanted, viewer)
    counted = {
        state: (count, oldest)
        for state, count, oldest in cases.values_list("state").annotate(Count("pk"), Min("state_since"))
    }
    return tuple(
        StageCount(state=state, cases=counted[state][0], oldest=counted[state][1])
        for state in State
        if state in counted
    )

"""The queue: what to open next, and why it stands there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from tearmann.casework.actions import reading
from tearmann.casework.doing import Actor, Doing
from tearmann.casework.models import Alert
from tearmann.casework.permissions import SIGHT, Sight
from tearmann.casework.queries import queue as queries
from tearmann.casework.queries.case_page import alerts_for
from tearmann.casework.queries.queue import QueueFilter, QueueRow
from tearmann.casework.states import OURS, State
from tearmann.people.models import Role, Unit
from tearmann.profile import Force
from tearmann.web import guard, words
from tearmann.web.forms.queue import QueueForm
from tearmann.web.words import Tag

REASONS_SHOWN = 2
_OWN_WORK = frozenset({Role.DESK_OFFICER, Role.SUPERVISOR})  # who is given cases


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row as the page shows it. why: why it stands here, the weightiest first. expiry: what is lost then."""

    row: QueueRow
    tags: tuple[Tag, ...]
    concern: str
    why: tuple[str, ...]
    expires_at: datetime | None
    soon: bool
    expiry: str = ""

    @property
    def look(self) -> str:
        return self.tags[0].look


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    code: str
    label: str


@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """One page of the queue under one tab, with the counts of its stages."""
    doing = guard.doing(request)
    viewer, force = doing.by, doing.force
    if viewer.role is Role.ADMINISTRATOR:
        return redirect("people")  # who keeps accounts needs no case for that
    tabs = _tabs(viewer)
    tab = next((tab for tab in tabs if tab.code == request.GET.get("tab")), tabs[0])
    units = _units(viewer)
    form = QueueForm(
        request.GET, force=force, on=force.local_date(doing.at), units=[(unit.code, unit.name) for unit in units]
    )
    asked = form.asked()
    wanted = _wanted(viewer, tab, asked, units)
    after = ""
    if tab.code == "expiring":
        lane = queries.expiring(viewer, wanted, now=doing.at)
        rows = [_row(one.row, doing, expires_at=one.due_at, expiry=_expiry(force, one.kind)) for one in lane]
    else:
        page = queries.queue(viewer, wanted, now=doing.at, after=request.GET.get("after", ""))
        rows, after = [_row(row, doing, expires_at=row.expires_at) for row in page.rows], page.after
    # Counts are by unit: over all of them they would be slow, and would mean little.
    stages = queries.stages(viewer, replace(wanted, state=None)) if wanted.unit is not None else ()
    alerts = alerts_for(viewer)
    shown = [*(row.row.case.reference for row in rows), *(alert.case.reference for alert in alerts)]
    reading.consulted("queue", cases=sorted(set(shown)), doing=doing)
    return render(
        request,
        "queue.html",
        {
            "tabs": tabs,
            "tab": tab,
            "heading": _heading(request, tab),
            "filter": form,
            "chips": form.in_words(asked),
            "rows": rows,
            "after": after,
            "stages": [(one, one.state not in OURS) for one in stages],
            "stage": asked.get("stage"),
            "alerted": _alerted(alerts),
            "empty": _empty(tab, filtered=bool(asked), in_a_team=bool(viewer.teams)),
            "days": queries.EXPIRING_WITHIN.days,
        },
    )


def _tabs(viewer: Actor) -> tuple[Tab, ...]:
    whole = Tab(code="unit", label="Unit" if viewer.unit is not None else "All units")
    expiring = Tab(code="expiring", label="Expiring data")
    if viewer.role in _OWN_WORK:
        return Tab(code="mine", label="My queue"), whole, expiring
    return whole, expiring


def _heading(request: HttpRequest, tab: Tab) -> str:
    unit = guard.officer(request).unit
    return unit.name if tab.code == "unit" and unit is not None else tab.label


def _units(viewer: Actor) -> list[Unit]:
    """The units to choose from, for whoever reads the cases of more than one."""
    if viewer.role is not None and SIGHT[viewer.role][1] is not Sight.READ:
        return []
    return list(Unit.objects.order_by("name"))


def _wanted(viewer: Actor, tab: Tab, asked: dict[str, str], units: list[Unit]) -> QueueFilter:
    chosen = next((unit.pk for unit in units if unit.code == asked.get("unit")), None)
    return QueueFilter(
        unit=chosen if units else viewer.unit,
        mine=tab.code == "mine",
        state=State(asked["stage"]) if "stage" in asked else None,
        source=asked.get("source"),
        unassessed="unassessed" in asked,
        escalated="escalated" in asked,
    )


def _row(row: QueueRow, doing: Doing, *, expires_at: datetime | None, expiry: str = "") -> Row:
    case, force = row.case, doing.force
    on = force.local_date(case.received_at)
    concern = [words.incident_label(force, case.incident_type, on)]
    concern += [words.count_words(row.children, "child", "children")] if row.children else []
    concern += [f"on {case.platform}"] if case.platform else []
    concern += [f"from {words.source_label(force, case.source, on)}"]
    tags = [words.priority_tag(case, row.band)]
    if case.escalated and words.ESCALATED not in tags:
        tags.append(words.ESCALATED)
    if row.is_assessed and row.mode == "shadow" and words.SHADOW not in tags:
        tags.append(Tag(words="Shadow mode", look="shadow"))
    if case.restricted:
        tags.append(words.RESTRICTED)
    return Row(
        row=row,
        tags=tuple(tags),
        concern=", ".join(concern),
        why=_why(row),
        expires_at=expires_at,
        soon=expires_at is not None and expires_at - doing.at <= queries.EXPIRING_WITHIN,
        expiry=expiry,
    )


def _why(row: QueueRow) -> tuple[str, ...]:
    """Why the case stands here: the hard escalations, then what weighs most, else that it is its turn."""
    if not row.is_assessed:
        failed = "the last assessment failed, and whoever runs this installation is told why"
        return (f"Not assessed: {failed}" if row.case.fault else "Not assessed yet, so it stands first",)
    escalations = [reason.says for reason in row.escalations]
    weighty = sorted((reason for reason in row.reasons if reason.points), key=lambda reason: -reason.points)
    weighed = [reason.says for reason in weighty]
    why = (escalations + [says for says in weighed if says not in escalations])[: max(REASONS_SHOWN, len(escalations))]
    return tuple(why) or ("Oldest first",)


def _expiry(force: Force, kind: str) -> str:
    return next((rule.label for rule in force.clocks if rule.kind == kind), kind)


def _alerted(alerts: tuple[Alert, ...]) -> list[tuple[str, int]]:
    """The restricted cases that somebody came near, and how often."""
    counts: dict[str, int] = {}
    for alert in alerts:
        counts[alert.case.reference] = counts.get(alert.case.reference, 0) + 1
    return list(counts.items())


def _empty(tab: Tab, *, filtered: bool, in_a_team: bool) -> str:
    if filtered:
        return "No open case is like that. Take a filter away to see more."
    if tab.code == "mine":
        return (
            "Nothing is waiting for you."
            if in_a_team
            else "Nothing is waiting for you. You are in no team yet, so only cases that you own would stand here."
        )
    if tab.code == "expiring":
        return (
            f"No data that bears on an open case is known to be lost in the next {queries.EXPIRING_WITHIN.days} days."
        )
    return "No case is open."

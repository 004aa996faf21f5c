"""The page of one case, its printed sheet, and the small acts that stand on it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from tearmann.casework import installation
from tearmann.casework.actions import reading, references, restriction
from tearmann.casework.doing import Actor, Doing
from tearmann.casework.models import Alert, Case
from tearmann.casework.permissions import CASE_ACTS, Sight, may
from tearmann.casework.queries.case_page import CaseView, case_page
from tearmann.casework.queries.visible import visible_to
from tearmann.people.models import Officer, Team
from tearmann.triage.explain import raised_by
from tearmann.web import guard, words
from tearmann.web.case_in_words import Writer
from tearmann.web.forms.case import ReferenceForm
from tearmann.web.history_in_words import HistoryWriter
from tearmann.web.words import Tag


@require_safe
def case(request: HttpRequest, reference: str) -> HttpResponse:
    """The page of a case, or the stub of another unit's."""
    found = guard.case_or_404(request, reference, at_least=Sight.STUB)
    if not visible_to(guard.viewer(request)).filter(pk=found.pk).exists():
        reading.consulted("case stub", cases=[found.reference], doing=guard.doing(request))
        return render(request, "case_stub.html", {"case": found})
    return _page(request, found)


def _page(request: HttpRequest, found: Case, *, form: ReferenceForm | None = None) -> HttpResponse:
    doing = guard.doing(request)
    view = case_page(doing.by, found)
    reading.consulted("case", cases=_shown(view, doing.by), doing=doing)
    on = doing.force.local_date(doing.at)
    context = _in_words(view, doing) | {
        "may": _may(doing.by, view),
        "reference_form": form or ReferenceForm(force=doing.force, on=on),
        "form": form,  # so that the title says when it has faults
    }
    return render(request, "case.html", context, status=422 if form is not None else 200)


@require_safe
def sheet(request: HttpRequest, reference: str) -> HttpResponse:
    """The case on paper: no navigation, who printed it and when, how it is to be handled."""
    found = guard.case_or_404(request, reference)
    doing = guard.doing(request)
    view = case_page(doing.by, found)
    reading.consulted("case sheet", cases=_shown(view, doing.by), doing=doing)
    return render(request, "sheet.html", _in_words(view, doing))


@require_POST
def add_reference(request: HttpRequest, reference: str) -> HttpResponse:
    """Keep another system's number on the case."""
    found = guard.case_or_404(request, reference)
    doing = guard.doing(request)
    form = ReferenceForm(request.POST, force=doing.force, on=doing.force.local_date(doing.at))
    if not form.is_valid():
        return _page(request, found, form=form)
    references.add_reference(found, doing=doing, **form.cleaned_data)
    messages.success(request, "The reference is added.")
    return redirect(reverse("case", args=[found.reference]) + "#references")


@require_POST
def alerts_seen(request: HttpRequest, reference: str) -> HttpResponse:
    """A named reader has read what came near the case."""
    found = guard.case_or_404(request, reference)
    restriction.mark_alerts_seen(found, doing=guard.doing(request))
    messages.success(request, "The alerts are marked as seen.")
    return redirect("case", found.reference)


def _in_words(view: CaseView, doing: Doing) -> dict[str, object]:
    """What the page and the sheet both show."""
    case, on = view.case, doing.force.local_date(view.case.received_at)
    writer = Writer(force=doing.force, view=view, on=on)
    history = HistoryWriter(force=doing.force, view=view, on=on, now=doing.at)
    band = view.priority.band if view.priority else None
    tags = [words.priority_tag(case, band)]
    if case.escalated and words.ESCALATED not in tags:
        tags.append(words.ESCALATED)
    return {
        "case": case,
        "view": view,
        "tags": tags,
        "incident": words.incident_label(doing.force, case.incident_type, on),
        "source": words.source_label(doing.force, case.source, on),
        "unassessed": case.assessed_at is None,
        "shadow": case.assessed_at is not None and not case.live,
        "children": writer.children(),
        "others": writer.others(),
        "nobodys": writer.nobodys(),
        "unplaced_risks": writer.unplaced_risks(),
        "links": writer.links(),
        "hits": writer.hits(),
        "files": writer.files(),
        "clocks": history.clocks(),
        "past_keeping": history.past_keeping(),
        "unset_clocks": history.unset_clocks(),
        "references": [
            (doing.force.vocabulary("reference_kinds").label(held.kind, on), held) for held in view.references
        ],
        "referrals": writer.referrals(),
        "timeline": history.timeline(names=_names(view), teams=_teams(view)),
        "narrative": writer.narrative(),
        "left_over": writer.left_over(),
        "alerts": _alerts(view, doing.by),
        "unseen": any(alert.seen_at is None for alert in view.alerts),
        "raised_by": _raised_by(view),
    }


def _raised_by(view: CaseView) -> list[tuple[str, Tag]]:
    """What would raise the priority, where the policy that made it is still the one in force."""
    if view.priority is None:
        return []
    policy = installation.instruments().policy
    if policy.version != view.priority.policy:
        return []
    says = {one.name: one.reason for one in policy.escalations} | {one.name: one.reason for one in policy.rules}
    return [(says[change.rule], words.BANDS[change.to]) for change in raised_by(view.priority, policy)]


def _alerts(view: CaseView, viewer: Actor) -> list[tuple[Alert, Case | None]]:
    """What came near the case, each with the case that did, where it exists for this viewer."""
    near = {alert.near_id for alert in view.alerts if alert.near_id is not None}
    # Two restricted cases can come near one another, and neither exists for the other's readers.
    exist = {case.pk: case for case in visible_to(viewer, at_least=Sight.STUB).filter(pk__in=near)} if near else {}
    return [(alert, exist.get(alert.near_id) if alert.near_id else None) for alert in view.alerts]


def _shown(view: CaseView, viewer: Actor) -> list[str]:
    """The references of every case of which the page shows anything, each once, this one first."""
    near = [other.reference for _, other in _alerts(view, viewer) if other is not None]
    return list(dict.fromkeys([*view.shown(), *near]))


def _names(view: CaseView) -> dict[str, str]:
    signed = {moment.entry.actor_ref for moment in view.timeline if moment.entry.actor_kind == "officer"}
    for moment in view.timeline:
        signed.update(moment.body.get("readers", ()))
        signed.update(filter(None, [moment.body.get("owner")]))
    return dict(Officer.objects.filter(sign_in__in=signed).values_list("sign_in", "name"))


def _teams(view: CaseView) -> dict[str, Team]:
    codes = {str(moment.body["team"]) for moment in view.timeline if moment.body.get("team")}
    return {team.code: team for team in Team.objects.filter(code__in=codes)}


def _may(viewer: Actor, view: CaseView) -> dict[str, bool]:
    """Which acts on the case this viewer may do, its state apart."""
    return {name: may(name, viewer.role, view.standing) for name in CASE_ACTS}

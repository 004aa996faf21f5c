"""Quarantine: what could not be read, until somebody says what became of it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from tearmann.casework.actions.quarantine import settle_quarantine
from tearmann.casework.actions.reading import consulted
from tearmann.casework.doing import Actor
from tearmann.casework.permissions import OTHER_ACTS, SIGHT, Sight, check_other
from tearmann.casework.queries import quarantine as queries
from tearmann.errors import NotPermitted, WrongState
from tearmann.intake.words_only import MEDIA_REMEDY
from tearmann.web import guard
from tearmann.web.forms.quarantine import SettleForm

DETAILS_SHOWN = 50


@require_GET
def quarantine(request: HttpRequest) -> HttpResponse:
    """What nobody has dealt with, the oldest first; by ?settled=1 what was dealt with, the newest first."""
    doing = guard.doing(request)
    _check_reads(doing.by)
    is_settled = request.GET.get("settled") == "1"
    listed = (queries.settled if is_settled else queries.unsettled)(doing.by, after=request.GET.get("after", ""))
    details = queries.waiting_details(doing.by)
    waiting = [] if is_settled else list(details[: DETAILS_SHOWN + 1])
    senders, today = doing.force.vocabulary("sources"), doing.force.local_date(doing.at)
    consulted("quarantine", cases=[], doing=doing)
    return render(
        request,
        "quarantine.html",
        {
            "is_settled": is_settled,
            "page": listed,
            "unsettled": queries.unsettled_count(doing.by),
            "waiting": [
                {"referral": one, "sender": senders.label(one.source, today)} for one in waiting[:DETAILS_SHOWN]
            ],
            "more_waiting": len(waiting) > DETAILS_SHOWN,
            "waiting_count": details.count(),
        },
    )


@require_http_methods(["GET", "POST"])
def quarantined(request: HttpRequest, sha256: str) -> HttpResponse:
    """One payload: where it came from and everything that is wrong with it, never its bytes."""
    doing = guard.doing(request)
    _check_reads(doing.by)
    payload = queries.payload_for(doing.by, sha256)
    form = SettleForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        check_other("settle_quarantine", doing.by)
        if payload.settled_at is not None:
            raise WrongState("this payload was settled before")
    if form.is_valid():
        settle_quarantine(payload, doing=doing, reason=form.cleaned_data["reason"])
        messages.success(request, f"Settled: {payload.file_name}.")
        return redirect("quarantine")
    may_settle = doing.by.role in OTHER_ACTS["settle_quarantine"] and payload.unit_id == doing.by.unit
    consulted(f"quarantine {payload.sha256[:12]}", cases=[], doing=doing)
    shown = {
        "payload": payload,
        "is_media": any(fault["remedy"] == MEDIA_REMEDY for fault in payload.faults),
        "form": form,
        "may_settle": may_settle and payload.settled_at is None,
    }
    return render(request, "quarantined.html", shown, status=422 if form.is_bound else 200)


def _check_reads(viewer: Actor) -> None:
    """Raise NotPermitted for those who read no case at all."""
    if viewer.role is not None and max(SIGHT[viewer.role]) < Sight.READ:
        raise NotPermitted("quarantine is for those who work with cases, and for those who check them")

"""Restriction: who may read a case, and what came near one that is restricted."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from tearmann.casework import installation
from tearmann.casework.actions import restriction as acts
from tearmann.casework.actions.assess import assess
from tearmann.casework.actions.reading import consulted
from tearmann.casework.doing import Doing
from tearmann.casework.locked import standing_of
from tearmann.casework.models import Alert, Case, NamedReader
from tearmann.casework.permissions import SIGHT, Sight, check, may
from tearmann.errors import NotPermitted, WrongState
from tearmann.people.models import Officer, Role
from tearmann.web import guard
from tearmann.web.forms.restriction import LiftForm, NameReaderForm, RestrictForm

ACTS = ("restrict", "name_reader", "lift_restriction", "mark_alerts_seen")
ALERTS_SHOWN = 100


@require_http_methods(["GET", "POST"])
def restriction(request: HttpRequest, reference: str) -> HttpResponse:
    """Show who may read a case; a POST restricts it, names a reader, lifts it, or marks alerts as seen."""
    doing = guard.doing(request)
    case = guard.case_or_404(request, reference)
    allowed = {name for name in ACTS if may(name, doing.by.role, standing_of(case, doing.by))}
    if not allowed:
        raise NotPermitted("restriction is for supervisors of the case’s unit and for its named readers")
    sent: forms.Form | None = None
    wanted = ""
    if request.method == "POST":
        wanted = request.POST.get("act", "")
        if wanted not in ACTS:
            raise Http404
        check(wanted, doing.by, standing_of(case, doing.by))
        _check_fits(wanted, case)
        sent = _form(wanted, case, request, doing)
        if sent.is_valid():
            messages.success(request, _do(wanted, case, sent, doing=doing))
            return redirect("restriction", case.reference)
    consulted("restriction", cases=[case.reference], doing=doing)
    readers = (
        NamedReader.objects.filter(case=case).select_related("officer", "officer__unit").order_by("named_at", "pk")
    )
    context = {
        "case": case,
        "allowed": allowed,
        "readers": list(readers),
        "alerts": _alerts(case),
        "form": sent,
        "forms": {name: sent if name == wanted else _form(name, case, None, doing) for name in allowed},
    }
    return render(request, "restriction.html", context, status=422 if sent else 200)


def _check_fits(wanted: str, case: Case) -> None:
    """Raise WrongState for an act that the case's restriction, or the want of it, makes idle."""
    if wanted == "restrict" and case.restricted:
        raise WrongState("the case is restricted already; name the further reader")
    if wanted != "restrict" and not case.restricted:
        raise WrongState("the case is not restricted")


def _form(wanted: str, case: Case, request: HttpRequest | None, doing: Doing) -> forms.Form:
    data = request.POST if request else None
    match wanted:
        case "restrict":
            return RestrictForm(data, prefix="restrict", officers=_who_may_be_ticked(case, doing))
        case "name_reader":
            return NameReaderForm(data, prefix="name")
        case "lift_restriction":
            return LiftForm(data, prefix="lift")
        case _:
            return forms.Form(data)


def _do(wanted: str, case: Case, form: forms.Form, *, doing: Doing) -> str:
    match wanted:
        case "restrict":
            assert isinstance(form, RestrictForm)
            touched = acts.restrict(case, readers=form.chosen(), doing=doing, reason=form.cleaned_data["reason"])
            assess(touched, doing=doing, instruments=installation.instruments())
            return "The case is restricted. To everybody but its named readers it does not exist."
        case "name_reader":
            reader = form.cleaned_data["sign_in"]
            acts.name_reader(case, reader=reader, doing=doing, reason=form.cleaned_data["reason"])
            return f"{reader.name} may read the case now."
        case "lift_restriction":
            touched = acts.lift_restriction(case, doing=doing, reason=form.cleaned_data["reason"])
            assess(touched, doing=doing, instruments=installation.instruments())
            return "The restriction is lifted. The case is an ordinary one of its unit again."
        case _:
            acts.mark_alerts_seen(case, doing=doing)
            return "Marked as seen."


def _who_may_be_ticked(case: Case, doing: Doing) -> list[Officer]:
    """The other officers of the case's unit who work with cases. Whoever restricts is named in any case."""
    readers = [role for role in Role if SIGHT[role][0] is Sight.READ]
    officers = Officer.objects.filter(unit_id=case.unit_id, is_active=True, role__in=readers)
    return list(officers.exclude(sign_in=doing.by.reference).order_by("name", "sign_in"))


def _alerts(case: Case) -> list[Alert]:
    if not case.restricted:
        return []
    alerts = Alert.objects.filter(case=case).select_related("unit").order_by("-at", "-pk")
    return list(alerts[:ALERTS_SHOWN])

"""Accounts: an administrator makes and changes them. What each change is stands in `people.acts`."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods

from tearmann.casework.doing import Doing
from tearmann.errors import Conflict, IntakeError, NotFound, NotPermitted
from tearmann.people import acts
from tearmann.people.models import Officer, Role
from tearmann.web import guard
from tearmann.web.forms.people import (
    NewOfficerForm,
    ReactivateForm,
    RoleForm,
    TeamsForm,
    UnitForm,
    last_day_of,
)

# Told over the phone: no letter that is taken for another.
_LETTERS = "23456789abcdefghjkmnpqrstvwxyz"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing that an administrator may change: its form, and the act."""

    form: Callable[[Officer, Doing, HttpRequest | None], forms.Form]
    act: Callable[[Officer, forms.Form, Doing], str]


def one_time_password() -> str:
    """A password for the first sign-in: 20 characters in groups of five, of about 98 bits."""
    drawn = "".join(secrets.choice(_LETTERS) for _ in range(20))
    return "-".join(drawn[start : start + 5] for start in range(0, 20, 5))


@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """Everybody who has an account, those in use first."""
    doing = _administrator(request)
    officers = list(Officer.objects.select_related("unit").prefetch_related("teams").order_by("-is_active", "sign_in"))
    rows = [
        {
            "officer": one,
            "in_use": one.may_be_here(doing.at),
            "is_locked": one.is_locked(doing.at),
            "last_day": last_day_of(one.valid_until, doing.force),
        }
        for one in officers
    ]
    return render(request, "people.html", {"rows": rows})


@sensitive_variables("password")
@require_http_methods(["GET", "POST"])
def new_person(request: HttpRequest) -> HttpResponse:
    """Make an account. Its first password is shown once, on the answer, and kept nowhere in the clear."""
    doing = _administrator(request)
    form = NewOfficerForm(request.POST or None, force=doing.force, today=doing.force.local_date(doing.at))
    if form.is_valid():
        typed, password = form.cleaned_data, one_time_password()
        try:
            officer = acts.create_officer(
                sign_in=typed["sign_in"],
                name=typed["name"],
                role=Role(typed["role"]),
                password=password,
                unit=typed["unit"],
                teams=typed["teams"],
                valid_until=form.valid_until(),
                by_kind=doing.by.kind,
                by_ref=doing.by.reference,
                at=doing.at,
            )
        except (Conflict, IntakeError) as fault:
            form.add_error("sign_in", _sentence(str(fault)))
        else:
            return render(request, "one_time_password.html", {"person": officer, "password": password, "is_new": True})
    return render(request, "new_person.html", {"form": form}, status=422 if form.is_bound else 200)


@sensitive_variables("password")
@require_http_methods(["GET", "POST"])
def person(request: HttpRequest, sign_in: str) -> HttpResponse:
    """One account: what it is, and a form for each thing that can be changed."""
    doing = _administrator(request)
    officer = Officer.objects.select_related("unit").filter(sign_in=sign_in).first()
    if officer is None:
        raise NotFound("no such account")
    wanted = request.POST.get("change", "")
    failed: dict[str, forms.Form] = {}
    if request.method == "POST" and wanted == "password":
        password = one_time_password()
        acts.reset_password(officer, password=password, by_kind=doing.by.kind, by_ref=doing.by.reference, at=doing.at)
        return render(request, "one_time_password.html", {"person": officer, "password": password, "is_new": False})
    if request.method == "POST":
        if wanted not in CHANGES:
            raise Http404
        change = CHANGES[wanted]
        form = change.form(officer, doing, request)
        if form.is_valid():
            messages.success(request, change.act(officer, form, doing))
            return redirect("person", officer.sign_in)
        failed[wanted] = form
    shown = {name: failed.get(name) or change.form(officer, doing, None) for name, change in CHANGES.items()}
    context = {
        "person": officer,
        "forms": shown,
        "form": next(iter(failed.values()), None),
        "in_use": officer.may_be_here(doing.at),
        "is_locked": officer.is_locked(doing.at),
        "last_day": last_day_of(officer.valid_until, doing.force),
        "is_self": officer.sign_in == doing.by.reference,
    }
    return render(request, "person.html", context, status=422 if failed else 200)


def _administrator(request: HttpRequest) -> Doing:
    """Who does this. Raises NotPermitted for everybody but an administrator."""
    doing = guard.doing(request)
    if not acts.may_administer(doing.by.role):
        raise NotPermitted("accounts are an administrator’s work")
    return doing


def _sentence(says: str) -> str:
    return f"{says[:1].upper()}{says[1:]}"


# ------------------------------------------------------------------------------------ what can be changed


def _role_form(officer: Officer, doing: Doing, request: HttpRequest | None) -> forms.Form:
    initial = {"role": officer.role, "last_day": last_day_of(officer.valid_until, doing.force)}
    data = request.POST if request else None
    return RoleForm(data, prefix="role", initial=initial, force=doing.force, today=doing.force.local_date(doing.at))


def _change_role(officer: Officer, form: forms.Form, doing: Doing) -> str:
    assert isinstance(form, RoleForm)
    role = Role(form.cleaned_data["role"])
    if officer.sign_in == doing.by.reference and role is not Role(officer.role):
        raise NotPermitted("nobody takes their own administration away; ask another administrator")
    acts.change_role(
        officer,
        role=role,
        valid_until=form.valid_until(),
        by_kind=doing.by.kind,
        by_ref=doing.by.reference,
        at=doing.at,
    )
    return f"{officer.name} is {role.label.lower()} now."


def _unit_form(officer: Officer, doing: Doing, request: HttpRequest | None) -> forms.Form:
    initial = {"unit": officer.unit.code if officer.unit else ""}
    return UnitForm(request.POST if request else None, prefix="unit", initial=initial)


def _change_unit(officer: Officer, form: forms.Form, doing: Doing) -> str:
    unit = form.cleaned_data["unit"]
    acts.change_unit(officer, unit=unit, by_kind=doing.by.kind, by_ref=doing.by.reference, at=doing.at)
    return f"{officer.name} belongs to {unit.name if unit else 'no unit'} now."


def _teams_form(officer: Officer, doing: Doing, request: HttpRequest | None) -> forms.Form:
    initial = {"teams": list(officer.teams.values_list("code", flat=True))}
    return TeamsForm(request.POST if request else None, prefix="teams", initial=initial, unit=officer.unit)


def _change_teams(officer: Officer, form: forms.Form, doing: Doing) -> str:
    teams = list(form.cleaned_data["teams"])
    acts.change_teams(officer, teams=teams, by_kind=doing.by.kind, by_ref=doing.by.reference, at=doing.at)
    named = ", ".join(team.name for team in teams) or "no team"
    return f"{officer.name} belongs to {named} now."


def _no_form(officer: Officer, doing: Doing, request: HttpRequest | None) -> forms.Form:
    return forms.Form({} if request else None)


def _deactivate(officer: Officer, form: forms.Form, doing: Doing) -> str:
    acts.deactivate(officer, by_kind=doing.by.kind, by_ref=doing.by.reference, at=doing.at)
    return f"{officer.name} can no longer sign in."


def _reactivate_form(officer: Officer, doing: Doing, request: HttpRequest | None) -> forms.Form:
    return ReactivateForm(
        request.POST if request else None,
        prefix="reactivate",
        officer=officer,
        force=doing.force,
        today=doing.force.local_date(doing.at),
    )


def _reactivate(officer: Officer, form: forms.Form, doing: Doing) -> str:
    assert isinstance(form, ReactivateForm)
    acts.reactivate(
        officer,
        valid_until=form.valid_until(),
        by_kind=doing.by.kind,
        by_ref=doing.by.reference,
        at=doing.at,
    )
    return f"{officer.name} can sign in again."


CHANGES: dict[str, Change] = {
    "role": Change(form=_role_form, act=_change_role),
    "unit": Change(form=_unit_form, act=_change_unit),
    "teams": Change(form=_teams_form, act=_change_teams),
    "deactivate": Change(form=_no_form, act=_deactivate),
    "reactivate": Change(form=_reactivate_form, act=_reactivate),
}

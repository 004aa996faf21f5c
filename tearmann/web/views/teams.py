"""Teams: which is in shadow mode and for which the policy orders work. Switching takes two people and a reason."""

from __future__ import annotations

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from tearmann.casework import installation
from tearmann.casework.actions import policy
from tearmann.casework.actions.assess import assess_waiting
from tearmann.casework.doing import Actor, Doing
from tearmann.casework.models import TriageSwitch
from tearmann.casework.permissions import OTHER_ACTS, SIGHT, Sight, check_other
from tearmann.casework.queries.visible import visible_to
from tearmann.errors import NotFound
from tearmann.people.acts import may_administer
from tearmann.people.models import Officer, Team
from tearmann.web import guard
from tearmann.web.forms.teams import EndForm, ProposeForm

FEW = 200  # cases that are assessed again while the page is waited for


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamRow:
    """A team, its switch if one is proposed or confirmed, and what this viewer may do about it."""

    team: Team
    switch: TriageSwitch | None
    may_switch: bool
    may_confirm: bool

    @property
    def is_live(self) -> bool:
        return self.switch is not None and self.switch.confirmed_at is not None


@require_http_methods(["GET", "POST"])
def teams(request: HttpRequest) -> HttpResponse:
    """Every team that this viewer may know of; a POST proposes, confirms or ends the switch of one."""
    doing = guard.doing(request)
    form: forms.Form | None = None
    wanted = ""
    if request.method == "POST":
        wanted = request.POST.get("act", "")
        if wanted not in ("propose", "confirm", "end"):
            raise Http404
        check_other(f"{wanted}_switch", doing.by)
        team = _team(doing.by, request.POST.get("team", ""))
        form = _form(wanted, team, request)
        if form.is_valid():
            messages.success(request, _switch(wanted, team, form, doing=doing, officer=guard.officer(request)))
            return redirect("teams")
        wanted = f"{wanted}-{team.code}"
    rows = [(row, _form_for(row, form, wanted)) for row in _rows(doing.by)]
    return render(request, "teams.html", {"rows": rows, "form": form}, status=422 if form else 200)


def _form(wanted: str, team: Team, request: HttpRequest) -> forms.Form:
    """The form that was sent; its fields carry the team's code, so that each on the page has an id of its own."""
    if wanted == "confirm":
        return forms.Form(request.POST)
    return (ProposeForm if wanted == "propose" else EndForm)(request.POST, prefix=team.code)


def _form_for(row: TeamRow, sent: forms.Form | None, wanted: str) -> forms.Form:
    """The form of one team, as it was sent if it was this one that had faults."""
    act = "propose" if row.switch is None else "end"
    if sent is not None and wanted == f"{act}-{row.team.code}":
        return sent
    return (ProposeForm if row.switch is None else EndForm)(prefix=row.team.code)


def _switch(wanted: str, team: Team, form: forms.Form, *, doing: Doing, officer: Officer) -> str:
    """Do what was asked, and say so."""
    if wanted == "propose":
        policy.propose_switch(team, officer=officer, doing=doing, reason=form.cleaned_data["reason"])
        return f"Proposed for {team.name}. Another supervisor or leader of the unit has to confirm it."
    if wanted == "confirm":
        policy.confirm_switch(team, officer=officer, doing=doing)
        return f"The policy orders the work of {team.name} now. {_assess_again(doing)}"
    policy.end_switch(team, doing=doing, reason=form.cleaned_data["reason"])
    return f"{team.name} is in shadow mode. {_assess_again(doing)}"


def _assess_again(doing: Doing) -> str:
    """Assess what waits if it is soon done, and say which. No number is told: it would count restricted cases."""
    waiting = visible_to(Actor(kind="service", reference="assessment")).filter(needs_assessment=True)
    if waiting[: FEW + 1].count() > FEW:
        return "Its cases take their new places when the next “tearmann receive” has run."
    left = assess_waiting(doing=doing, instruments=installation.instruments())
    return "Its cases were assessed again." + (" Some could not be and stand first." if left else "")


def _rows(viewer: Actor) -> list[TeamRow]:
    teams = list(_known_to(viewer))
    switches = {
        switch.team_id: switch
        for switch in TriageSwitch.objects.filter(team__in=teams, ended_at__isnull=True).select_related(
            "proposed_by", "confirmed_by"
        )
    }
    may = viewer.role in OTHER_ACTS["propose_switch"]
    rows = []
    for team in teams:
        switch = switches.get(team.pk)
        own = may and team.unit_id == viewer.unit
        proposed = switch is not None and switch.confirmed_at is None
        rows.append(
            TeamRow(
                team=team,
                switch=switch,
                may_switch=own,
                may_confirm=own and proposed and switch is not None and switch.proposed_by_id != viewer.officer,
            )
        )
    return rows


def _known_to(viewer: Actor) -> list[Team]:
    """Teams of the own unit; for those who check or administer the force, all of them."""
    known = Team.objects.select_related("unit").order_by("unit__code", "code")
    if viewer.role is None or may_administer(viewer.role) or SIGHT[viewer.role][1] is Sight.READ:
        return list(known)
    return [] if viewer.unit is None else list(known.filter(unit_id=viewer.unit))


def _team(viewer: Actor, code: str) -> Team:
    for team in _known_to(viewer):
        if team.code == code:
            return team
    raise NotFound("no such team")

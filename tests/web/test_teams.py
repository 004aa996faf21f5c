from __future__ import annotations

import pytest
from django.urls import reverse

from tearmann.casework.models import Case, TriageSwitch
from tearmann.people.models import Role, Team
from tearmann.web import guard
from tearmann.web.views import teams
from tests.conftest import NOON
from tests.sent import a_referral
from tests.web.signed_in import an_officer, received, signed_in, verbs

pytestmark = pytest.mark.django_db

URL = reverse("teams")


@pytest.fixture(autouse=True)
def noon(monkeypatch):
    monkeypatch.setattr(guard, "now", lambda: NOON)


@pytest.fixture
def team(north):
    return Team.objects.create(code="north-1", name="North team", unit=north)


@pytest.fixture
def another(north):
    """Another supervisor of the unit."""
    return an_officer("another", Role.SUPERVISOR, north)


def act(client, name, *, team="north-1", reason="A recorded decision"):
    return client.post(URL, {"act": name, "team": team, f"{team}-reason": reason})


def switch(team):
    return TriageSwitch.objects.filter(team=team, ended_at__isnull=True).first()


def test_a_team_begins_in_shadow_mode_and_the_page_says_so(team, ann):
    page = signed_in(ann).get(URL)
    assert "North team" in page.text
    assert "Shadow mode" in page.text


def test_two_people_switch_the_policy_on(team, supervisor_north, another):
    act(signed_in(supervisor_north), "propose")
    assert switch(team).confirmed_at is None
    act(signed_in(another), "confirm")
    assert switch(team).confirmed_by == another
    assert "Policy orders the work" in signed_in(another).get(URL).text
    assert verbs("history", subject_ref="north-1") == ["switch_proposed", "switch_confirmed"]


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.LEADER])
def test_supervisors_and_leaders_of_the_unit_propose(team, north, role):
    act(signed_in(an_officer("somebody", role, north)), "propose")
    assert switch(team).reason == "A recorded decision"


def test_nobody_confirms_their_own_proposal(team, supervisor_north):
    client = signed_in(supervisor_north)
    act(client, "propose")
    assert act(client, "confirm").status_code == 403
    assert switch(team).confirmed_at is None
    assert "Confirm the switch" not in client.get(URL).text


OTHERS = [role for role in Role if role not in (Role.SUPERVISOR, Role.LEADER)]


@pytest.mark.parametrize("role", OTHERS)
@pytest.mark.parametrize("name", ["propose", "confirm", "end"])
def test_others_switch_nothing(team, north, supervisor_north, role, name):
    client = signed_in(an_officer("somebody", role, north))
    if name != "propose":
        act(signed_in(supervisor_north), "propose")
    before = list(TriageSwitch.objects.values())
    assert act(client, name).status_code == 403
    assert list(TriageSwitch.objects.values()) == before


@pytest.mark.parametrize("name", ["propose", "confirm", "end"])
def test_another_units_supervisor_finds_no_such_team(team, south, supervisor_north, name):
    if name != "propose":
        act(signed_in(supervisor_north), "propose")
    client = signed_in(an_officer("somebody", Role.SUPERVISOR, south))
    before = list(TriageSwitch.objects.values())
    assert "North team" not in client.get(URL).text
    assert act(client, name).status_code == 404
    assert list(TriageSwitch.objects.values()) == before


@pytest.mark.parametrize("role", [Role.INSPECTOR, Role.AUDITOR, Role.DATA_PROTECTION, Role.ADMINISTRATOR])
def test_those_who_check_or_administer_the_force_see_every_team_and_no_form(team, role):
    page = signed_in(an_officer("somebody", role)).get(URL)
    assert "North team" in page.text
    assert "<textarea" not in page.text


def test_a_proposal_takes_a_reason(team, supervisor_north):
    page = act(signed_in(supervisor_north), "propose", reason="")
    assert page.status_code == 422
    assert 'href="#id_north-1-reason"' in page.text
    assert switch(team) is None


def test_one_person_puts_a_team_back_into_shadow_mode(team, supervisor_north, another):
    act(signed_in(supervisor_north), "propose")
    act(signed_in(another), "confirm")
    act(signed_in(supervisor_north), "end")
    assert switch(team) is None
    assert "Shadow mode" in signed_in(supervisor_north).get(URL).text


def test_a_proposal_is_withdrawn_by_its_proposer(team, supervisor_north):
    client = signed_in(supervisor_north)
    act(client, "propose")
    assert "Withdraw" in client.get(URL).text
    act(client, "end")
    assert switch(team) is None


def test_a_second_proposal_is_told(team, supervisor_north, another):
    act(signed_in(supervisor_north), "propose")
    assert act(signed_in(another), "propose").status_code == 409


def test_nothing_proposed_is_nothing_to_confirm(team, another):
    assert act(signed_in(another), "confirm").status_code == 409


def test_a_few_cases_take_their_new_places_at_once(team, north, supervisor_north, another):
    received(a_referral(1), a_referral(2), unit=north)
    act(signed_in(supervisor_north), "propose")
    client = signed_in(another)
    act(client, "confirm")
    assert "assessed again" in client.get(URL).text
    assert {(case.live, case.needs_assessment) for case in Case.objects.all()} == {(True, False)}


def test_many_cases_are_left_to_the_command_and_the_page_says_so(team, north, supervisor_north, another, monkeypatch):
    monkeypatch.setattr(teams, "FEW", 1)
    received(a_referral(1), a_referral(2), unit=north)
    act(signed_in(supervisor_north), "propose")
    client = signed_in(another)
    act(client, "confirm")
    assert "tearmann receive" in client.get(URL).text
    assert {(case.live, case.needs_assessment) for case in Case.objects.all()} == {(False, True)}


def test_an_unknown_act_is_not_found(team, supervisor_north):
    assert act(signed_in(supervisor_north), "everything").status_code == 404


def test_a_switch_without_a_csrf_token_is_refused(team, supervisor_north):
    assert act(signed_in(supervisor_north, checks_csrf=True), "propose").status_code == 403
    assert switch(team) is None

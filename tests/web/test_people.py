from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from tearmann.people.models import Officer, Role, Team
from tearmann.web import guard
from tearmann.web.views.people import one_time_password
from tests.conftest import NOON, PASSWORD
from tests.web.signed_in import an_officer, signed_in, verbs

pytestmark = pytest.mark.django_db

LIST, NEW = reverse("people"), reverse("new-person")


@pytest.fixture(autouse=True)
def noon(monkeypatch):
    monkeypatch.setattr(guard, "now", lambda: NOON)


@pytest.fixture
def team(north):
    return Team.objects.create(code="north-1", name="North team", unit=north)


def page_of(officer):
    return reverse("person", args=[officer.sign_in])


def typed(**changes):
    return {"sign_in": "K123", "name": "Desk officer 3", "role": "desk_officer", "unit": "NORTH"} | changes


CHANGES = [
    {"change": "role", "role-role": "supervisor"},
    {"change": "unit", "unit-unit": "SOUTH"},
    {"change": "teams", "teams-teams": ["north-1"]},
    {"change": "password"},
    {"change": "deactivate"},
    {"change": "reactivate"},
]


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_everybody_but_an_administrator_is_refused_every_page_and_change(role, ann, north, south, team):
    client = signed_in(an_officer("somebody", role, north))
    before = Officer.objects.filter(pk=ann.pk).values().get()
    assert client.get(LIST).status_code == 403
    assert client.get(NEW).status_code == 403
    assert client.get(page_of(ann)).status_code == 403
    assert client.post(NEW, typed()).status_code == 403
    for change in CHANGES:
        assert client.post(page_of(ann), change).status_code == 403
    assert Officer.objects.filter(pk=ann.pk).values().get() == before
    assert not Officer.objects.filter(sign_in="k123").exists()


def test_the_list_shows_every_account_and_how_it_stands(administrator, ann, ben):
    ben.is_active = False
    ben.save()
    page = signed_in(administrator).get(LIST)
    assert page_of(ann) in page.text
    assert "Deactivated" in page.text


def test_an_account_is_made_with_a_password_that_has_to_be_changed(administrator, north, team):
    page = signed_in(administrator).post(NEW, typed(teams=["north-1"]))
    made = Officer.objects.get(sign_in="k123")
    assert made.check_password(page.context["password"])
    assert page.context["password"] in page.text
    assert made.must_change_password
    assert (made.role, made.unit, list(made.teams.all())) == (Role.DESK_OFFICER, north, [team])
    assert verbs("history", subject_ref="k123") == ["officer_created"]


def test_the_page_that_shows_a_password_is_kept_by_no_cache(administrator, ann):
    page = signed_in(administrator).post(page_of(ann), {"change": "password"})
    assert "no-store" in page["Cache-Control"]


def test_two_one_time_passwords_differ_and_no_letter_is_taken_for_another():
    first, second = one_time_password(), one_time_password()
    assert first != second
    assert not set(first + second) & set("01iloOIL")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"sign_in": ""}, "sign_in"),
        ({"sign_in": "a/b"}, "sign_in"),
        ({"sign_in": ".."}, "sign_in"),
        ({"sign_in": "New"}, "sign_in"),
        ({"sign_in": "ANN"}, "sign_in"),
        ({"name": ""}, "name"),
        ({"role": ""}, "role"),
        ({"role": "king"}, "role"),
        ({"unit": ""}, "unit"),
        ({"unit": "NOWHERE"}, "unit"),
        ({"role": "inspector"}, "last_day"),
        ({"role": "inspector", "last_day": "2026-11-01"}, "last_day"),
        ({"unit": "SOUTH", "teams": ["north-1"]}, "teams"),
    ],
)
def test_an_account_that_cannot_be_is_told_beside_the_field(administrator, ann, south, team, changes, field):
    page = signed_in(administrator).post(NEW, typed(**changes))
    assert page.status_code == 422
    assert field in page.context["form"].errors
    assert Officer.objects.count() == 2


def test_the_last_day_ends_at_midnight_where_the_force_is(administrator, north):
    signed_in(administrator).post(NEW, typed(role="inspector", unit="", last_day="2027-06-30"))
    ends = Officer.objects.get(sign_in="k123").valid_until
    assert ends == datetime(2027, 6, 30, 23, tzinfo=UTC)  # summer time
    assert "last day 30 June 2027" in signed_in(administrator).get(LIST).text


def test_a_role_is_changed(administrator, ann):
    answer = signed_in(administrator).post(page_of(ann), {"change": "role", "role-role": "supervisor"})
    ann.refresh_from_db()
    assert answer.status_code == 302
    assert ann.role == Role.SUPERVISOR


def test_an_inspector_without_a_last_day_is_told_and_nothing_changed(administrator, ann):
    page = signed_in(administrator).post(page_of(ann), {"change": "role", "role-role": "inspector"})
    ann.refresh_from_db()
    assert page.status_code == 422
    assert "needs a last day" in page.text
    assert ann.role == Role.DESK_OFFICER


def test_administrators_do_not_take_their_own_role_away(administrator):
    answer = signed_in(administrator).post(
        page_of(administrator), {"change": "role", "role-role": "auditor", "role-last_day": ""}
    )
    administrator.refresh_from_db()
    assert answer.status_code == 403
    assert administrator.role == Role.ADMINISTRATOR


def test_a_move_to_another_unit_leaves_the_old_teams(administrator, ann, south, team):
    ann.teams.add(team)
    signed_in(administrator).post(page_of(ann), {"change": "unit", "unit-unit": "SOUTH"})
    ann.refresh_from_db()
    assert (ann.unit, list(ann.teams.all())) == (south, [])


def test_teams_are_changed(administrator, ann, team):
    signed_in(administrator).post(page_of(ann), {"change": "teams", "teams-teams": ["north-1"]})
    assert list(ann.teams.all()) == [team]


def test_another_units_team_is_no_choice(administrator, ann, south):
    Team.objects.create(code="south-1", name="South team", unit=south)
    page = signed_in(administrator).post(page_of(ann), {"change": "teams", "teams-teams": ["south-1"]})
    assert page.status_code == 422
    assert not ann.teams.exists()


def test_a_reset_password_is_shown_once_and_lifts_a_lock(administrator, ann):
    ann.failed_sign_ins, ann.locked_until = 5, NOON
    ann.save()
    client = signed_in(administrator)
    password = client.post(page_of(ann), {"change": "password"}).context["password"]
    ann.refresh_from_db()
    assert ann.check_password(password)
    assert not ann.check_password(PASSWORD)
    assert (ann.must_change_password, ann.locked_until) == (True, None)
    assert password not in client.get(page_of(ann)).text


def test_a_deactivated_account_is_out_at_once(administrator, ann):
    client = signed_in(ann)
    signed_in(administrator).post(page_of(ann), {"change": "deactivate"})
    assert client.get(reverse("profile"))["Location"].startswith(reverse("sign-in"))


def test_nobody_deactivates_their_own_account(administrator):
    answer = signed_in(administrator).post(page_of(administrator), {"change": "deactivate"})
    administrator.refresh_from_db()
    assert answer.status_code == 403
    assert administrator.is_active


def test_an_account_is_reactivated(administrator, ann):
    ann.is_active = False
    ann.save()
    signed_in(administrator).post(page_of(ann), {"change": "reactivate", "reactivate-last_day": "2026-12-31"})
    ann.refresh_from_db()
    assert ann.is_active
    assert ann.valid_until == datetime(2027, 1, 1, tzinfo=UTC)


def test_an_unknown_account_is_not_found(administrator):
    assert signed_in(administrator).get(reverse("person", args=["nobody"])).status_code == 404


def test_an_unknown_change_is_not_found(administrator, ann):
    assert signed_in(administrator).post(page_of(ann), {"change": "everything"}).status_code == 404


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_without_a_csrf_token_is_refused(administrator, ann, south, team, change):
    before = Officer.objects.filter(pk=ann.pk).values().get()
    assert signed_in(administrator, checks_csrf=True).post(page_of(ann), change).status_code == 403
    assert Officer.objects.filter(pk=ann.pk).values().get() == before

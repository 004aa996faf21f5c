"""Acts on accounts: an administrator only, and each with its entry in the history."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from tearmann.errors import Conflict, IntakeError, NotPermitted
from tearmann.ledger.chain import Chain
from tearmann.ledger.models import Entry
from tearmann.people import acts
from tearmann.people.models import Officer, Role, Team, Unit
from tearmann.profile import Force, UnitKind
from tests.conftest import NOON, PASSWORD

pytestmark = pytest.mark.django_db
OPERATOR: Any = {"by_kind": "operator", "by_ref": "root", "at": NOON}
ANOTHER = "another password for tests"


@pytest.fixture
def desk(north: Unit) -> Team:
    return Team.objects.create(code="north-desk", name="North desk", unit=north)


def last_entry() -> tuple[str, str, str, dict[str, Any]]:
    entry = Entry.objects.filter(chain=Chain.HISTORY).latest("seq")
    return entry.verb, entry.actor_ref, entry.subject_ref, json.loads(entry.body)


def by(officer: Officer) -> Any:
    return {"by_kind": "officer", "by_ref": officer.reference, "at": NOON}


Act = Callable[[Officer, Any], object]
ACTS: dict[str, Act] = {
    "create_officer": lambda ann, doing: acts.create_officer(
        sign_in="new", name="New", role=Role.ADMINISTRATOR, password=ANOTHER, **doing
    ),
    "change_role": lambda ann, doing: acts.change_role(ann, role=Role.ADMINISTRATOR, **doing),
    "change_unit": lambda ann, doing: acts.change_unit(ann, unit=None, **doing),
    "change_teams": lambda ann, doing: acts.change_teams(ann, teams=[], **doing),
    "deactivate": lambda ann, doing: acts.deactivate(ann, **doing),
    "reactivate": lambda ann, doing: acts.reactivate(ann, **doing),
    "reset_password": lambda ann, doing: acts.reset_password(ann, password=ANOTHER, **doing),
}


def state_of_accounts() -> list[Any]:
    return list(Officer.objects.order_by("pk").values())


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
@pytest.mark.parametrize("act", ACTS)
def test_nobody_but_an_administrator_changes_accounts(act: str, role: Role, ann: Officer) -> None:
    ben = Officer.objects.create_officer(sign_in="ben", name="Ben", role=role, valid_until=NOON + timedelta(days=1))
    before = state_of_accounts()
    with pytest.raises(NotPermitted, match="only an administrator"):
        ACTS[act](ann, by(ben))
    assert (state_of_accounts(), Entry.objects.count()) == (before, 0)


@pytest.mark.parametrize("act", ACTS)
def test_an_administrator_changes_accounts_and_is_named(act: str, ann: Officer, administrator: Officer) -> None:
    ACTS[act](ann, by(administrator))
    assert (Entry.objects.count(), last_entry()[1]) == (1, "administrator")


@pytest.mark.parametrize("act", ACTS)
def test_an_act_whose_entry_fails_changes_nothing(
    act: str, ann: Officer, administrator: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(drafts: object) -> None:
        raise ConnectionError

    monkeypatch.setattr(acts, "record", broken)
    before = state_of_accounts()
    with pytest.raises(ConnectionError):
        ACTS[act](ann, by(administrator))
    assert state_of_accounts() == before


def test_may_administer_holds_for_the_administrator_alone() -> None:
    assert [role for role in Role if acts.may_administer(role)] == [Role.ADMINISTRATOR]


def test_an_administrator_whose_account_ended_changes_nothing(ann: Officer, administrator: Officer) -> None:
    Officer.objects.filter(pk=administrator.pk).update(valid_until=NOON)
    with pytest.raises(NotPermitted):
        acts.deactivate(ann, **by(administrator))


def test_a_service_changes_nothing(ann: Officer) -> None:
    with pytest.raises(NotPermitted):
        acts.deactivate(ann, by_kind="service", by_ref="administrator", at=NOON)


def test_a_new_officer_has_what_was_given_and_must_change_the_password(north: Unit, desk: Team) -> None:
    new = acts.create_officer(
        sign_in=" K1234 ", name="Ann", role=Role.DESK_OFFICER, unit=north, teams=[desk], password=PASSWORD, **OPERATOR
    )
    new.refresh_from_db()
    assert (new.sign_in, new.name, new.role, new.unit, list(new.teams.all())) == (
        "k1234",
        "Ann",
        "desk_officer",
        north,
        [desk],
    )
    assert new.check_password(PASSWORD)
    assert new.must_change_password
    body = {"role": "desk_officer", "unit": "NORTH", "teams": ["north-desk"], "valid_until": None}
    assert last_entry() == ("officer_created", "root", "k1234", body)


def test_an_entry_about_an_officer_holds_no_name(ann: Officer) -> None:
    acts.create_officer(sign_in="k1", name="Canary Name", role=Role.ANALYST, password=PASSWORD, **OPERATOR)
    assert "anary" not in str(Entry.objects.values().get())


def test_a_sign_in_name_is_never_given_twice(ann: Officer) -> None:
    acts.deactivate(ann, **OPERATOR)
    with pytest.raises(Conflict, match="never given twice"):
        acts.create_officer(sign_in="ANN", name="Other", role=Role.ANALYST, password=PASSWORD, **OPERATOR)


@pytest.mark.parametrize("sign_in", ["", "  ", "a\nb", "k" * 65])
def test_a_sign_in_name_that_is_none_is_refused(sign_in: str) -> None:
    with pytest.raises(IntakeError, match="1 to 64"):
        acts.create_officer(sign_in=sign_in, name="Ann", role=Role.ANALYST, password=PASSWORD, **OPERATOR)


@pytest.mark.parametrize("weak", ["Xq7-kk", "123456789012", "k1234-k1234-x"])
def test_a_weak_password_is_refused_without_quoting_it(weak: str) -> None:
    with pytest.raises(IntakeError, match="password: ") as refusal:
        acts.create_officer(sign_in="k1234-k1234", name="Ann", role=Role.ANALYST, password=weak, **OPERATOR)
    assert weak not in str(refusal.value)


def test_an_inspector_without_an_end_is_refused() -> None:
    with pytest.raises(IntakeError, match="a date on which it ends"):
        acts.create_officer(sign_in="insp", name="Cal", role=Role.INSPECTOR, password=PASSWORD, **OPERATOR)


def test_the_store_refuses_an_inspector_without_an_end(ann: Officer) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Officer.objects.filter(pk=ann.pk).update(role=Role.INSPECTOR)


def test_a_change_of_role_says_from_what_to_what(ann: Officer) -> None:
    acts.change_role(ann, role=Role.INSPECTOR, valid_until=NOON + timedelta(days=30), **OPERATOR)
    ann.refresh_from_db()
    assert (ann.role, ann.valid_until) == ("inspector", NOON + timedelta(days=30))
    body = {"from": "desk_officer", "to": "inspector", "valid_until": "2026-12-02"}
    assert last_entry() == ("role_changed", "root", "ann", body)


def test_a_change_of_unit_leaves_the_teams_of_the_old_one(ann: Officer, south: Unit, desk: Team) -> None:
    ann.teams.add(desk)
    acts.change_unit(ann, unit=south, **OPERATOR)
    ann.refresh_from_db()
    assert (ann.unit, list(ann.teams.all())) == (south, [])
    assert last_entry() == ("unit_changed", "root", "ann", {"from": "NORTH", "to": "SOUTH"})


def test_a_change_of_teams_says_from_what_to_what(ann: Officer, desk: Team, north: Unit) -> None:
    ann.teams.add(desk)
    night = Team.objects.create(code="north-night", name="North at night", unit=north)
    acts.change_teams(ann, teams=[night], **OPERATOR)
    assert list(ann.teams.all()) == [night]
    assert last_entry() == ("teams_changed", "root", "ann", {"from": ["north-desk"], "to": ["north-night"]})


def test_a_team_of_another_unit_is_refused(ann: Officer, south: Unit) -> None:
    other = Team.objects.create(code="south-desk", name="South desk", unit=south)
    with pytest.raises(IntakeError, match="own unit"):
        acts.change_teams(ann, teams=[other], **OPERATOR)


def test_a_deactivated_officer_may_not_be_here_and_a_reactivated_one_may(ann: Officer) -> None:
    acts.deactivate(ann, **OPERATOR)
    ann.refresh_from_db()
    assert not ann.may_be_here(NOON)
    acts.reactivate(ann, **OPERATOR)
    ann.refresh_from_db()
    assert ann.may_be_here(NOON)


def test_nobody_deactivates_their_own_account(administrator: Officer) -> None:
    with pytest.raises(NotPermitted, match="own account"):
        acts.deactivate(administrator, **by(administrator))


def test_a_reset_password_lifts_the_lock_and_must_be_changed(ann: Officer) -> None:
    Officer.objects.filter(pk=ann.pk).update(failed_sign_ins=5, locked_until=NOON + timedelta(minutes=10))
    acts.reset_password(ann, password=ANOTHER, **OPERATOR)
    ann.refresh_from_db()
    assert (ann.check_password(ANOTHER), ann.must_change_password) == (True, True)
    assert (ann.failed_sign_ins, ann.is_locked(NOON)) == (0, False)


def test_officers_choose_their_own_password(ann: Officer) -> None:
    acts.reset_password(ann, password=ANOTHER, **OPERATOR)
    acts.choose_password(ann, password="a third password for tests", at=NOON)
    ann.refresh_from_db()
    assert (ann.check_password("a third password for tests"), ann.must_change_password) == (True, False)
    assert last_entry() == ("password_chosen", "ann", "ann", {})


def test_the_password_one_has_is_no_new_one(ann: Officer) -> None:
    with pytest.raises(IntakeError, match="choose another"):
        acts.choose_password(ann, password=PASSWORD, at=NOON)


def test_units_and_teams_are_those_of_the_profile(force: Force) -> None:
    acts.sync_units(force, **OPERATOR)
    units = {(unit.code, unit.name, unit.national, unit.contact_desk) for unit in Unit.objects.all()}
    assert units == {
        (unit.code, unit.name, unit.kind is UnitKind.NATIONAL, unit.contact_desk or "") for unit in force.units
    }
    teams = {(team.code, team.name, team.unit.code) for team in Team.objects.all()}
    assert teams == {(team.code, team.name, team.unit) for team in force.teams}


def test_units_that_are_up_to_date_are_left_alone(force: Force) -> None:
    changed = acts.sync_units(force, **OPERATOR)
    entries = Entry.objects.count()
    assert changed == entries == len(force.units) + len(force.teams)
    assert (acts.sync_units(force, **OPERATOR), Entry.objects.count()) == (0, entries)


def test_a_unit_that_was_renamed_keeps_its_officers(force: Force) -> None:
    acts.sync_units(force, **OPERATOR)
    first, *others = force.units
    unit = Unit.objects.get(code=first.code)
    renamed = dataclasses.replace(force, units=(dataclasses.replace(first, name="Renamed"), *others))
    assert acts.sync_units(renamed, **OPERATOR) == 1
    unit.refresh_from_db()
    assert (unit.name, last_entry()[0], last_entry()[2]) == ("Renamed", "unit_changed", first.code)


def test_a_unit_that_the_profile_no_longer_names_stays(force: Force) -> None:
    gone = Unit.objects.create(code="ABOLISHED", name="Abolished", contact_desk="The desk that was")
    before = Unit.objects.values().get()
    acts.sync_units(force, **OPERATOR)
    assert Unit.objects.values().get(pk=gone.pk) == before


def test_only_an_administrator_brings_units_up_to_date(force: Force, ann: Officer) -> None:
    with pytest.raises(NotPermitted):
        acts.sync_units(force, **by(ann))
    assert set(Unit.objects.values_list("code", flat=True)) == {"NORTH"}

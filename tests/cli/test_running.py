"""migrate, user add, serve: an installation and who may sign in to it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tearmann.ledger.models import Entry
from tearmann.people.models import Officer, Role, Unit
from tearmann.profile import Force
from tests.cli.commanding import Run

PASSWORD = "a long password that was invented\n"


def test_a_store_is_set_up_with_the_units_and_teams_of_the_profile(run: Run, force: Force) -> None:
    done = run("migrate", "--json")
    assert done.object() == {"migrated": True, "units_and_teams_changed": len(force.units) + len(force.teams)}
    assert Unit.objects.count() == len(force.units)


def test_setting_up_again_changes_nothing(desk: Run) -> None:
    assert desk("migrate", "--json").object()["units_and_teams_changed"] == 0


def test_an_officer_is_made_with_a_password_from_standard_input(desk: Run) -> None:
    words = ("ann", "--name", "Ann", "--role", "desk_officer", "--unit", "IID", "--team", "IID-TRIAGE")
    done = desk("user", "add", *words, "--json", typed=PASSWORD)
    ann = Officer.objects.get(sign_in="ann")
    assert done.object() == {"sign_in": "ann", "role": "desk_officer", "unit": "IID"}
    assert ann.check_password(PASSWORD.strip())
    assert [team.code for team in ann.teams.all()] == ["IID-TRIAGE"]


def test_a_first_password_has_to_be_changed(desk: Run) -> None:
    desk("user", "add", "ann", "--name", "Ann", "--role", "administrator", typed=PASSWORD)
    assert Officer.objects.get().must_change_password


def test_the_password_is_written_nowhere(desk: Run) -> None:
    done = desk("user", "add", "ann", "--name", "Ann", "--role", "administrator", typed=PASSWORD)
    assert PASSWORD.strip() not in done.out + done.err
    assert PASSWORD.strip() not in Officer.objects.get().password + Entry.objects.latest("pk").body


@pytest.mark.parametrize("typed", ["", "short\n", "password1234\n"])
def test_a_weak_password_makes_no_account(desk: Run, typed: str) -> None:
    done = desk("user", "add", "ann", "--name", "Ann", "--role", "administrator", typed=typed)
    assert done.code == 3
    assert not Officer.objects.exists()


def test_a_sign_in_name_is_never_given_twice(desk: Run) -> None:
    for _ in range(2):
        done = desk("user", "add", "ann", "--name", "Ann", "--role", "administrator", typed=PASSWORD)
    assert done.code == 8
    assert Officer.objects.count() == 1


@pytest.mark.parametrize(
    "words",
    [
        ("--role", "chief"),
        ("--role", "desk_officer", "--unit", "NOWHERE"),
        ("--role", "desk_officer", "--unit", "IID", "--team", "NO-TEAM"),
    ],
)
def test_a_role_a_unit_or_a_team_that_is_not_there_is_refused_with_those_that_are(
    desk: Run, words: tuple[str, ...]
) -> None:
    done = desk("user", "add", "ann", "--name", "Ann", *words, typed=PASSWORD)
    assert done.code == 5
    assert any(known in done.err for known in ("desk_officer", "IID", "IID-TRIAGE"))
    assert not Officer.objects.exists()


def test_every_role_is_named_in_the_help(desk: Run) -> None:
    shown = " ".join(desk("user", "add", "--help").out.split())
    assert [role for role in Role.values if role not in shown] == []


def test_an_inspector_is_let_in_until_the_end_of_a_day(desk: Run) -> None:
    words = ("--role", "inspector", "--valid-until", "2026-12-31")
    desk("user", "add", "inspector", "--name", "Inspector", *words, typed=PASSWORD)
    until = Officer.objects.get().valid_until
    assert until is not None
    assert until.isoformat() == "2026-12-31T23:59:00+00:00"


def test_a_last_day_that_is_no_date_is_refused(desk: Run) -> None:
    words = ("--role", "inspector", "--valid-until", "soon")
    assert desk("user", "add", "inspector", "--name", "Inspector", *words, typed=PASSWORD).code == 3


def test_without_the_pages_assets_nothing_is_served(desk: Run, settings: object, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path  # type: ignore[attr-defined]
    done = desk("serve")
    assert done.code == 4
    assert "make setup" in done.err

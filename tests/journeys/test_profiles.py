"""One journey under every profile that ships: what a force leaves unset is said, and nothing needs it to be set."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tearmann import profile
from tearmann.casework import installation
from tearmann.casework.actions import moves
from tearmann.casework.doing import Actor, Doing
from tearmann.casework.models import Case, Clock
from tearmann.casework.states import State
from tearmann.cli import store
from tearmann.people.models import Officer, Role, Team, Unit
from tearmann.profile import Force
from tearmann.web import guard
from tests.cli.commanding import Run, runner
from tests.conftest import NOON

pytestmark = pytest.mark.django_db
EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
SENT = ("cybertip-xml/7654321-full.xml", "csv/own-header.csv", "json/referral.json")
EVENING = NOON + timedelta(hours=6)


@pytest.fixture(params=["demo", "scotland"])
def force(request: pytest.FixtureRequest) -> Force:
    return profile.load(request.param)


@pytest.fixture
def run(
    force: Force,
    settings: Any,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Run]:
    """Run commands of an installation under the force's profile, at noon."""
    settings.TEARMANN = replace(settings.TEARMANN, profile=force.code, data_dir=tmp_path / "data")
    installation.force.cache_clear()
    monkeypatch.setattr(store, "now", lambda: NOON)
    monkeypatch.setattr(guard, "now", lambda: NOON)
    yield runner(capsys, monkeypatch)
    installation.force.cache_clear()


@pytest.fixture
def unit(run: Run, force: Force) -> Unit:
    """The unit that receives by default, once the store is set up."""
    assert run("migrate").code == 0
    return Unit.objects.get(code=force.default_unit)


@pytest.fixture
def ann(unit: Unit) -> Officer:
    return Officer.objects.create_officer(sign_in="ann", name="Ann", role=Role.DESK_OFFICER, unit=unit)


@pytest.fixture
def desk(ann: Officer) -> Client:
    client = Client()
    client.force_login(ann)
    return client


@pytest.fixture
def received(run: Run, unit: Unit) -> list[str]:
    """The references of what came in three formats."""
    assert run("receive", *(EXAMPLES / name for name in SENT)).code == 0
    return list(Case.objects.order_by("pk").values_list("reference", flat=True))


@pytest.fixture
def typed(desk: Client) -> str:
    """The reference of what was typed at the desk: somebody rang, and a child may harm themselves."""
    form = {
        "token": "0" * 32,
        "danger_now": "not_known",
        "channel": "phone",
        "received_day": "2026-11-02",
        "received_time": "11:30",
        "child_1_age": "13",
        "child_1_self_harm": "yes",
        "identifier_1_kind": "email",
        "identifier_1_text": "ben@example.org",
        "identifier_1_whose": "person-1",
        "facts": "Invented for a test; nothing happened.",
    }
    answer = desk.post(reverse("desk"), form)
    assert answer.status_code == 302, answer.content.decode()
    return Case.objects.get(source="phone").reference


@pytest.fixture
def doing(force: Force, ann: Officer) -> Callable[..., Doing]:
    return lambda at=NOON: Doing(by=Actor.of(ann), at=at, force=force)


def words_of(client: Client, name: str, *args: str, **asked: str) -> str:
    answer = client.get(reverse(name, args=args), asked)
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def test_the_store_holds_the_units_and_teams_of_the_profile_and_no_others(unit: Unit, force: Force) -> None:
    assert set(Unit.objects.values_list("code", flat=True)) == {one.code for one in force.units}
    assert set(Team.objects.values_list("code", flat=True)) == {one.code for one in force.teams}


def test_three_formats_and_the_desk_form_become_assessed_cases(received: list[str], typed: str, unit: Unit) -> None:
    cases = Case.objects.all()
    assert {case.reference for case in cases} == {*received, typed}
    assert len(received) == len(SENT)
    assert {case.unit_id for case in cases} == {unit.pk}
    assert all(case.assessed_at for case in cases)


def test_the_queue_shows_every_case_and_the_child_at_risk_before_the_rest(
    received: list[str], typed: str, run: Run
) -> None:
    rows = run("queue", "--json").object()["cases"]
    assert {row["reference"] for row in rows} == {*received, typed}
    escalated = [bool(row["escalations"]) for row in rows]
    assert escalated == sorted(escalated, reverse=True)
    assert typed in [row["reference"] for row in rows if row["escalations"]]


def test_a_new_installation_is_in_shadow_whatever_its_profile(received: list[str], run: Run) -> None:
    rows = run("queue", "--json").object()["cases"]
    assert {(row["mode"], row["priority"]) for row in rows} == {("shadow", None)}


def test_the_queue_of_the_unit_leads_to_every_case(received: list[str], typed: str, desk: Client) -> None:
    shown = words_of(desk, "queue", tab="unit")
    for reference in (*received, typed):
        assert reverse("case", args=[reference]) in shown
        assert reference in words_of(desk, "case", reference)


def test_a_case_is_decided_closed_and_leaves_the_queue(
    received: list[str], typed: str, run: Run, doing: Callable[..., Doing]
) -> None:
    case = Case.objects.get(reference=typed)
    moves.decide(case, doing=doing(), reason="Invented reason of a test.")
    moves.close(case, code="same_report", doing=doing(EVENING), reason="Invented reason of a test.")
    case.refresh_from_db()
    assert (case.state, case.state_since) == (State.CLOSED, EVENING)
    assert typed not in [row["reference"] for row in run("queue", "--json").object()["cases"]]
    assert run("case", typed, "--json").object()["state"] == "closed"


def test_the_way_of_a_case_stands_whole_in_both_logs(typed: str, run: Run, doing: Callable[..., Doing]) -> None:
    case = Case.objects.get(reference=typed)
    moves.decide(case, doing=doing(), reason="Invented reason of a test.")
    moves.close(case, code="same_report", doing=doing(EVENING), reason="Invented reason of a test.")
    timeline = run("case", typed, "--json").object()["timeline"]
    assert [moment["verb"] for moment in timeline] == ["closed", "decided", "assessed", "received"]
    assert run("ledger", "verify").code == 0


def test_a_clock_has_a_due_time_exactly_where_the_profile_sets_one(received: list[str], force: Force) -> None:
    clocks = Clock.objects.select_related("case")
    assert clocks
    for clock in clocks:
        rule = force.clock(clock.kind, clock.started_at, source=clock.case.source)
        assert rule is not None
        assert (clock.due_at is not None) == rule.is_set


def test_a_clock_without_a_published_time_runs_and_is_shown_as_unset(
    received: list[str], desk: Client, force: Force
) -> None:
    case = Case.objects.filter(source="partner").earliest("pk")
    running = Clock.objects.filter(case=case, due_at=None)
    shown = words_of(desk, "case", case.reference)
    assert shown.count(": unset in this profile") == len(set(running.values_list("kind", flat=True)))
    # What a partner keeps, nobody has published for Scotland; the invented force has invented it.
    assert running.exists() == (force.code == "scotland")


def test_the_profile_page_prints_what_is_set_and_says_unset_of_the_rest(desk: Client, force: Force) -> None:
    shown = words_of(desk, "profile")
    rows = profile.describe(force)
    assert [row.name for row in rows if row.is_set and row.value not in shown] == []
    assert shown.count('<span class="tm-unset">unset') - 1 == sum(not row.is_set for row in rows)

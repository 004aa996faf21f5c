"""queue, case, quarantine: what stands where, why, and that looking is logged."""

from __future__ import annotations

from pathlib import Path

import pytest

from tearmann.casework.actions import policy, restriction
from tearmann.casework.doing import Actor, Doing
from tearmann.casework.models import Case, Payload
from tearmann.casework.models.case import Rank
from tearmann.ledger.models import Entry
from tearmann.people.models import Officer, Role, Team, Unit
from tearmann.profile import Force
from tearmann.records import Nature, Passage
from tests.casework.conftest import the_case
from tests.cli.commanding import Run
from tests.cli.conftest import put
from tests.conftest import NOON
from tests.sent import a_referral, at_risk, sharing

CONTRACT = {"reference", "mode", "priority", "reasons", "escalations"}
RULE = {"rule", "says", "value", "place", "points"}


def doing(force: Force, officer: Officer | None = None) -> Doing:
    by = Actor.of(officer) if officer else Actor.operator("operator")
    return Doing(by=by, at=NOON, force=force)


def officer(sign_in: str, role: Role, unit: Unit) -> Officer:
    return Officer.objects.create_officer(sign_in=sign_in, name=sign_in, role=role, unit=unit)


@pytest.fixture
def switched_on(internet_desk: Unit, force: Force) -> None:
    """Two people have switched the policy on for the team that receives."""
    team = Team.objects.get(code="IID-TRIAGE")
    ann, ben = (officer(name, Role.SUPERVISOR, internet_desk) for name in ("ann", "ben"))
    policy.propose_switch(team, officer=ann, doing=doing(force, ann), reason="A test.")
    policy.confirm_switch(team, officer=ben, doing=doing(force, ben))


def shown_by(run: Run, *words: str) -> list[dict[str, object]]:
    cases = run("queue", "--json", *words).object()["cases"]
    assert isinstance(cases, list)
    return cases


def last_consultation() -> Entry:
    return Entry.objects.filter(chain="processing", verb="consultation").latest("seq")


# -- queue


def test_an_empty_queue_says_so(desk: Run) -> None:
    assert desk("queue").out == "Nothing is waiting.\n"


def test_a_row_carries_what_scripts_rely_on(desk: Run, inbox: Path) -> None:
    desk("receive", put(inbox, at_risk(a_referral())))
    (row,) = shown_by(desk)
    assert row.keys() >= CONTRACT
    assert row["reference"] == the_case().reference
    escalations = row["escalations"]
    assert isinstance(escalations, list)
    assert escalations[0].keys() == RULE
    assert escalations[0]["rule"] == "self_harm"


def test_in_shadow_mode_no_priority_and_no_reason_is_shown(desk: Run, inbox: Path) -> None:
    desk("receive", put(inbox, a_referral(incident_type="enticement")))
    (row,) = shown_by(desk)
    shown = {name: row[name] for name in ("mode", "priority", "reasons", "quality", "confidence")}
    assert shown == {"mode": "shadow", "priority": None, "reasons": [], "quality": None, "confidence": None}


def test_where_two_people_switched_it_on_priority_and_reasons_are_shown(
    desk: Run, switched_on: None, inbox: Path
) -> None:
    desk("receive", put(inbox, a_referral(incident_type="enticement")))
    (row,) = shown_by(desk)
    reasons = row["reasons"]
    assert isinstance(reasons, list)
    assert (row["mode"], row["priority"]) == ("live", "urgent")
    assert "contact_with_child" in [reason["rule"] for reason in reasons]


def test_an_escalated_case_stands_before_an_older_one(desk: Run, inbox: Path) -> None:
    desk("receive", put(inbox, a_referral(1)), put(inbox, at_risk(a_referral(2))))
    lines = desk("queue").out.splitlines()
    assert lines[0].startswith(the_case(2).reference)
    assert "ESCALATED" in lines[0]
    assert "shadow" in lines[1]


def test_what_could_not_be_assessed_stands_first(desk: Run, inbox: Path) -> None:
    desk("receive", put(inbox, at_risk(a_referral())))
    Case.objects.update(assessed_at=None, rank=Rank.UNASSESSED)
    (row,) = shown_by(desk)
    assert (row["assessed"], row["priority"]) == (False, None)
    assert "UNASSESSED" in desk("queue").out


def test_a_limit_cuts_the_queue_and_says_that_there_is_more(desk: Run, inbox: Path) -> None:
    for number in (1, 2):
        put(inbox, a_referral(number))
    desk("receive", inbox)
    answer = desk("queue", "--json", "--limit", "1").object()
    assert (len(answer["cases"]), answer["more"]) == (1, True)


def test_the_queue_of_one_unit_holds_no_other_units_case(desk: Run, inbox: Path) -> None:
    desk("receive", put(inbox, a_referral(1)), "--unit", "NORTH")
    desk("receive", put(inbox, a_referral(2)))
    assert [row["unit"] for row in shown_by(desk, "--unit", "NORTH")] == ["NORTH"]


def test_the_queue_of_a_unit_that_is_not_there_is_refused(desk: Run) -> None:
    assert desk("queue", "--unit", "NOWHERE").code == 4


def test_an_operator_sees_a_restricted_case_and_that_it_is_one(
    desk: Run, internet_desk: Unit, inbox: Path, force: Force
) -> None:
    desk("receive", put(inbox, a_referral()))
    reader = officer("ann", Role.DESK_OFFICER, internet_desk)
    restriction.restrict(the_case(), readers=[reader], doing=doing(force), reason="A test.")
    assert [row["restricted"] for row in shown_by(desk)] == [True]


def test_looking_at_the_queue_is_logged_with_the_cases_that_it_showed(desk: Run, inbox: Path) -> None:
    desk("receive", put(inbox, a_referral()))
    desk("queue")
    entry = last_consultation()
    assert (entry.actor_kind, entry.subject_kind, entry.subject_ref) == ("operator", "command", "queue")
    assert the_case().reference in entry.body


# -- case


def test_a_case_is_found_however_its_reference_is_written(desk: Run, inbox: Path) -> None:
    desk("receive", put(inbox, a_referral()))
    reference = the_case().reference
    spelt = f"{reference[:4]}-{reference[4:8]} {reference[8:]}".lower()
    assert desk("case", spelt, "--json").object()["reference"] == reference


def test_a_case_in_shadow_shows_no_priority_either(desk: Run, inbox: Path) -> None:
    desk("receive", put(inbox, a_referral(incident_type="enticement")))
    answer = desk("case", the_case().reference, "--json").object()
    assert answer.keys() >= CONTRACT
    assert (answer["mode"], answer["priority"], answer["reasons"], answer["policy"]) == ("shadow", None, [], None)


def test_a_live_case_shows_its_priority_with_reasons_and_the_policys_version(
    desk: Run, switched_on: None, inbox: Path
) -> None:
    desk("receive", put(inbox, a_referral(incident_type="enticement")))
    answer = desk("case", the_case().reference, "--json").object()
    assert (answer["mode"], answer["priority"], answer["policy"]) == ("live", "urgent", "2026-1")
    assert answer["reasons"]


def test_children_stand_first_with_what_is_at_risk_and_where_the_report_says_so(desk: Run, inbox: Path) -> None:
    desk("receive", put(inbox, at_risk(a_referral())))
    lines = desk("case", the_case().reference).out.splitlines()
    assert lines[2] == "Child, 12 years: self_harm (victim, risk)"
    assert lines[3].startswith("Person involved")


def test_a_case_names_the_cases_that_it_is_linked_to(desk: Run, inbox: Path) -> None:
    for number in (1, 2):
        put(inbox, sharing(a_referral(number), "ben@example.org"))
    desk("receive", inbox)
    (link,) = desk("case", the_case(1).reference, "--json").object()["links"]
    assert (link["case"], link["kind"], link["held_by"]) == (the_case(2).reference, "email", 2)


def test_the_narrative_is_left_to_the_page(desk: Run, inbox: Path) -> None:
    told = Passage(text="Invented words of a narrative.", place="narrative", nature=Nature.FACT)
    desk("receive", put(inbox, a_referral(passages=(told,))))
    reference = the_case().reference
    assert "Invented words" not in desk("case", reference).out + desk("case", reference, "--json").out


def test_the_timeline_tells_who_did_what(desk: Run, inbox: Path) -> None:
    desk("receive", put(inbox, a_referral()))
    timeline = desk("case", the_case().reference, "--json").object()["timeline"]
    assert [moment["verb"] for moment in timeline] == ["assessed", "received"]


@pytest.mark.parametrize("reference", ["nonsense", "0000000000", "00000000000"])
def test_what_is_nobodys_reference_is_not_found(desk: Run, reference: str) -> None:
    done = desk("case", reference, "--json")
    assert (done.code, done.out) == (5, "")


def test_reading_a_case_is_logged_with_every_case_that_it_shows(desk: Run, inbox: Path) -> None:
    for number in (1, 2):
        put(inbox, sharing(a_referral(number), "ben@example.org"))
    desk("receive", inbox)
    desk("case", the_case(1).reference)
    entry = last_consultation()
    assert entry.subject_ref == "case"
    assert the_case(1).reference in entry.body
    assert the_case(2).reference in entry.body


# -- quarantine


@pytest.fixture
def broken(desk: Run, inbox: Path) -> Payload:
    (inbox / "broken.xml").write_text("<report><incidentSummary>")
    desk("receive", inbox)
    return Payload.objects.get()


def test_an_empty_quarantine_says_so(desk: Run, inbox: Path) -> None:
    desk("receive", put(inbox, a_referral()))
    assert desk("quarantine").out == "Quarantine is empty.\n"


def test_quarantine_names_the_payload_the_reasons_and_the_remedy(desk: Run, broken: Payload) -> None:
    (payload,) = desk("quarantine", "--json").object()["payloads"]
    assert (payload["sha256"], payload["file"], payload["state"]) == (broken.sha256, "broken.xml", "quarantined")
    assert payload["faults"][0].keys() == {"place", "says", "remedy"}


def test_what_somebody_has_settled_is_shown_on_demand_only(desk: Run, broken: Payload) -> None:
    Payload.objects.update(settled_at=NOON, settled_why="a test")
    assert desk("quarantine", "--json").object()["payloads"] == []
    assert len(desk("quarantine", "--all", "--json").object()["payloads"]) == 1


def test_looking_into_quarantine_is_logged(desk: Run, broken: Payload) -> None:
    desk("quarantine")
    assert last_consultation().subject_ref == "quarantine"

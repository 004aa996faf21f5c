from __future__ import annotations

from pathlib import Path

import pytest

from tearmann.casework.actions.policy import policy_in_force
from tearmann.casework.models import ApprovedPolicy, Case, Payload
from tearmann.ledger.models import Entry
from tearmann.triage.policy import SHIPPED
from tests.cli.commanding import Run
from tests.cli.conftest import put
from tests.sent import a_referral, at_risk

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"


@pytest.fixture
def stricter(tmp_path: Path) -> Path:
    """The shipped policy under a version of the force's own, with more for one rule."""
    path = tmp_path / "policy.toml"
    text = SHIPPED.read_text(encoding="utf-8").replace('version = "2026-1"', 'version = "own-1"')
    path.write_text(text.replace("points = 40", "points = 90", 1), encoding="utf-8")
    return path


def test_a_file_is_assessed_with_its_reasons_and_the_version_of_the_rules(desk: Run, inbox: Path) -> None:
    done = desk("triage", "assess", put(inbox, a_referral(incident_type="enticement")), "--json")
    answer = done.object()
    (one,) = answer["referrals"]
    assert (done.code, answer["policy"], one["priority"]) == (0, "2026-1", "urgent")
    assert "contact_with_child" in [reason["rule"] for reason in one["reasons"]]


def test_an_escalation_is_immediate_whatever_its_points(desk: Run, inbox: Path) -> None:
    (one,) = desk("triage", "assess", put(inbox, at_risk(a_referral())), "--json").object()["referrals"]
    assert one["priority"] == "immediate"
    assert [reason["rule"] for reason in one["escalations"]] == ["self_harm"]


def test_another_policy_is_tried_on_the_same_file(desk: Run, inbox: Path, stricter: Path) -> None:
    sent = put(inbox, a_referral(incident_type="enticement"))
    answer = desk("triage", "assess", sent, "--policy", stricter, "--json").object()
    assert (answer["policy"], answer["referrals"][0]["priority"]) == ("own-1", "immediate")


def test_trying_a_policy_stores_and_logs_nothing(desk: Run, inbox: Path) -> None:
    before = Entry.objects.count()
    desk("triage", "assess", put(inbox, a_referral()))
    assert (Case.objects.count(), Payload.objects.count(), Entry.objects.count()) == (0, 0, before)


def test_what_cannot_be_read_is_told_and_the_rest_assessed(desk: Run) -> None:
    done = desk("triage", "assess", EXAMPLES / "csv/bad/rows.csv", "--json")
    assert done.code == 3
    assert len(done.object()["referrals"]) == 2
    assert done.err.count("row") >= 4


def test_a_file_that_is_not_there_is_refused(desk: Run, inbox: Path) -> None:
    assert desk("triage", "assess", inbox / "nothing.xml").code == 3


@pytest.mark.parametrize("command", [("assess", EXAMPLES / "json/referral.json", "--policy"), ("approve",)])
def test_a_policy_that_is_wrong_is_refused_by_name(desk: Run, tmp_path: Path, command: tuple[str, ...]) -> None:
    wrong = tmp_path / "policy.toml"
    wrong.write_text('version = "own-1"\n')
    done = desk("triage", *command, wrong)
    assert done.code == 4
    assert "policy.toml: " in done.err


def test_an_approved_policy_is_in_force_and_in_both_logs(desk: Run, stricter: Path) -> None:
    done = desk("triage", "approve", stricter, "--json")
    assert done.object()["policy"] == "own-1"
    assert policy_in_force().version == "own-1"
    assert Entry.objects.filter(verb__in=("policy_approved", "rule_change")).count() == 2


def test_a_version_that_was_approved_before_is_not_approved_again(desk: Run, stricter: Path) -> None:
    desk("triage", "approve", stricter)
    assert desk("triage", "approve", stricter).code == 7
    assert ApprovedPolicy.objects.count() == 1


def test_approving_a_policy_switches_it_on_for_nobody(desk: Run, stricter: Path, inbox: Path) -> None:
    desk("triage", "approve", stricter)
    desk("receive", put(inbox, a_referral()))
    assert [row["mode"] for row in desk("queue", "--json").object()["cases"]] == ["shadow"]

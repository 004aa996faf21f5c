from __future__ import annotations

from dataclasses import replace

import pytest

from tearmann.errors import PolicyError
from tearmann.records import Band, RiskCode
from tearmann.triage.explain import describe, raised_by, rests_on
from tearmann.triage.policy import load
from tests.triage.built import child, file, given, risk

POLICY = load()


def test_every_escalation_and_rule_is_described_in_order():
    rows = describe(POLICY)
    assert [row.name for row in rows] == [one.name for one in (*POLICY.escalations, *POLICY.rules)]


def test_an_escalation_is_described_without_points():
    assert [row.points for row in describe(POLICY)][: len(POLICY.escalations)] == [None] * len(POLICY.escalations)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("danger_now", "a child is in danger now"),
        (
            "coercion",
            "a child is being coerced or sadistic exploitation of a child is reported or "
            "the sender marks the report sadistic_online_exploitation",
        ),
        ("abuse_in_person", "the incident is contact_abuse or trafficking or sex_tourism"),
        ("provider_priority_1", "the provider set its priority 1 or more pressing (1 is the most)"),
        ("child_described", "a child is described"),
        ("several_children", "2 or more children are described"),
        ("young_child", "a child is aged 11 or under"),
        (
            "new_file_viewed",
            "a file is on no list that was checked, viewed by the sender, "
            "not marked viral or potential_meme or viral_potential_meme",
        ),
        ("linked_once", "another case shares an identifier with this one that at most 20 people hold"),
        ("linked_often", "3 or more other cases share an identifier with this one that at most 20 people hold"),
        ("all_files_known", "every file is on a list of known hashes"),
        ("connection_data_running_out", "what is kept for 365 days from the connection runs out within 14 days"),
        ("generated", "the sender marks a file generative_ai"),
        ("reported_child", "the person reported is under 18"),
    ],
)
def test_a_condition_reads_as_a_sentence(name: str, words: str):
    assert next(row.when for row in describe(POLICY) if row.name == name) == words


def test_an_escalation_would_raise_whatever_is_not_immediate():
    changes = raised_by(given().assess(POLICY), POLICY)
    escalations = [one.name for one in POLICY.escalations]
    assert [change.rule for change in changes if change.to is Band.IMMEDIATE] == escalations


def test_a_rule_that_reaches_the_next_band_would_raise_it():
    changes = raised_by(given().assess(POLICY), POLICY)
    assert ("abuse_in_person", Band.URGENT) in [(change.rule, change.to) for change in changes]
    assert ("new_file", Band.STANDARD) in [(change.rule, change.to) for change in changes]


def test_a_rule_that_stays_in_the_band_is_no_change():
    changes = raised_by(given().assess(POLICY), POLICY)
    assert "known_file" not in [change.rule for change in changes]


def test_what_fired_already_raises_nothing_further():
    changes = raised_by(given(files=(file(),)).assess(POLICY), POLICY)
    assert "new_file" not in [change.rule for change in changes]


def test_a_change_comes_true_when_its_fact_is_added():
    before = given(incident_type="enticement").assess(POLICY)
    change = next(change for change in raised_by(before, POLICY) if change.rule == "child_described")
    assert given(incident_type="enticement", parties=(child(),)).assess(POLICY).band is change.to


def test_nothing_raises_what_is_immediate():
    assert raised_by(given(urgent=True).assess(POLICY), POLICY) == ()


def test_a_band_rests_on_the_reason_without_which_it_falls():
    priority = given(incident_type="enticement", parties=(child(),)).assess(POLICY)
    assert [reason.rule for reason in rests_on(priority, POLICY)] == ["contact_with_child", "child_described"]


def test_a_single_escalation_is_what_the_band_rests_on():
    priority = given(urgent=True).assess(POLICY)
    assert rests_on(priority, POLICY) == priority.escalations


def test_two_escalations_rest_on_neither_alone():
    assert rests_on(given(urgent=True, risks=(risk(RiskCode.NEAR),)).assess(POLICY), POLICY) == ()


def test_an_escalation_over_points_that_suffice_is_not_what_the_band_rests_on():
    priority = given(urgent=True, provider_priority=1, incident_type="contact_abuse", parties=(child(9),)).assess(
        POLICY
    )
    assert priority.points >= 100
    assert rests_on(priority, POLICY) == ()


@pytest.mark.parametrize("explain", [raised_by, rests_on])
def test_another_policy_explains_nothing(explain):
    with pytest.raises(PolicyError, match="explain it with that one"):
        explain(given().assess(POLICY), replace(POLICY, version="another"))

from __future__ import annotations

from dataclasses import replace

import pytest

from tearmann.identifiers import IdentifierKind
from tearmann.records import Band, ListHit, Priority, RiskCode
from tearmann.triage.assess import assess
from tearmann.triage.conditions import Not
from tearmann.triage.policy import Policy, Rule, load
from tests.triage.built import (
    NOW,
    Given,
    child,
    classed,
    connection,
    days_ago,
    file,
    given,
    hit,
    identifier,
    link,
    referral,
    reported,
    risk,
)
from tests.triage.spec import SPECS, Fires, Quiet, Spec

POLICY = load()
ROWS = [pytest.param(spec, row, id=f"{spec.name}: {row.when}") for spec in SPECS for row in spec.rows]


def what_is_wrong(spec: Spec, row: Fires | Quiet, priority: Priority) -> str:
    """Say how a priority departs from a row of the table; nothing if it does not."""
    found = [one for one in (*priority.escalations, *priority.reasons) if one.rule == spec.name]
    if isinstance(row, Quiet):
        return "fired" if found else ""
    if not found:
        return "did not fire"
    [reason] = found
    if spec.points is None and (priority.band is not Band.IMMEDIATE or reason not in priority.escalations):
        return "did not escalate"
    expected = (spec.says, row.value, row.place, spec.points or 0)
    read = (reason.says, reason.value, reason.place, reason.points)
    return "" if read == expected else f"read {read}"


@pytest.mark.parametrize(("spec", "row"), ROWS)
def test_the_shipped_policy_does_what_its_table_says(spec: Spec, row: Fires | Quiet):
    assert what_is_wrong(spec, row, row.given.assess(POLICY)) == ""


def test_the_table_has_every_rule_of_the_policy_in_its_order_and_no_other():
    assert [spec.name for spec in SPECS] == [one.name for one in (*POLICY.escalations, *POLICY.rules)]


def mutants() -> list[object]:
    """Every way to lose, silence, invert or re-weigh one rule of the shipped policy."""
    found = []

    def add(name: str, what: str, policy: Policy) -> None:
        found.append(pytest.param(name, policy, id=f"{name} {what}"))

    for one in POLICY.escalations:
        others = tuple(other for other in POLICY.escalations if other is not one)
        add(one.name, "removed", replace(POLICY, escalations=others))
        as_rule = Rule(name=one.name, when=one.when, points=0, reason=one.reason)
        add(one.name, "made a rule", replace(POLICY, escalations=others, rules=(as_rule, *POLICY.rules)))
    for rule in POLICY.rules:
        add(rule.name, "removed", replace(POLICY, rules=tuple(one for one in POLICY.rules if one is not rule)))
        for what, other in (
            ("turned round", replace(rule, when=Not(rule.when))),
            ("re-weighed", replace(rule, points=rule.points + 1)),
            ("re-worded", replace(rule, reason=rule.reason + "?")),
        ):
            rules = tuple(other if one is rule else one for one in POLICY.rules)
            add(rule.name, what, replace(POLICY, rules=rules))
    return found


@pytest.mark.parametrize(("name", "policy"), mutants())
def test_a_rule_changed_makes_its_own_rows_fail(name: str, policy: Policy):
    spec = next(spec for spec in SPECS if spec.name == name)
    assert any(what_is_wrong(spec, row, row.given.assess(policy)) for row in spec.rows)


def test_every_rule_has_a_row_that_comes_near_without_firing():
    assert all(any(isinstance(row, Quiet) for row in spec.rows) for spec in SPECS)


# --- what the whole comes to -------------------------------------------------------------------------------------

COMPLETE_AND_VIRAL = Given(
    referral=referral(
        source_reference="1",
        incident_type="csam",
        incident=days_ago(2),
        platform="Example Chat",
        parties=(reported(40, connection(), identifier(IdentifierKind.EMAIL, "ben@example.org")),),
        files=(file(viewed_by_sender=True, annotations=("viral",), classifications=classed("industry", "A1")),),
    ),
    hits=(hit(),),
)


def test_a_complete_report_of_a_known_viral_file_is_routine_and_of_good_quality():
    priority = COMPLETE_AND_VIRAL.assess(POLICY)
    assert (priority.band, priority.points) == (Band.ROUTINE, 5)
    assert priority.quality >= 0.8


def test_a_sparse_report_of_a_child_in_danger_is_immediate_and_of_poor_quality():
    priority = given(risks=(risk(RiskCode.DANGER_NOW),)).assess(POLICY)
    assert priority.band is Band.IMMEDIATE
    assert priority.quality == 0


def test_a_thin_report_of_contact_with_a_young_child_stands_before_a_complete_viral_one():
    thin = given(incident_type="enticement", parties=(child(9),)).assess(POLICY)
    assert thin.band is Band.URGENT
    assert thin.quality < COMPLETE_AND_VIRAL.assess(POLICY).quality


def test_an_escalation_needs_no_points():
    priority = given(urgent=True).assess(POLICY)
    assert (priority.band, priority.points) == (Band.IMMEDIATE, 0)


def test_points_are_the_sum_of_the_reasons():
    priority = given(incident_type="enticement", parties=(child(9),), files=(file(),)).assess(POLICY)
    assert priority.points == sum(reason.points for reason in priority.reasons) == 40 + 15 + 15 + 20


@pytest.mark.parametrize(
    ("points", "band"),
    [
        (0, Band.ROUTINE),
        (19, Band.ROUTINE),
        (20, Band.STANDARD),
        (49, Band.STANDARD),
        (50, Band.URGENT),
        (99, Band.URGENT),
        (100, Band.IMMEDIATE),
        (900, Band.IMMEDIATE),
    ],
)
def test_a_band_begins_at_its_points(points: int, band: Band):
    assert POLICY.band_at(points) is band


def test_an_empty_referral_is_routine_with_nothing_filled():
    priority = given().assess(POLICY)
    assert (priority.band, priority.points, priority.quality) == (Band.ROUTINE, 0, 0)
    assert priority.reasons == priority.escalations == ()


def test_a_priority_names_the_policy_that_made_it():
    assert given().assess(POLICY).policy == POLICY.version


# --- three numbers, kept apart -------------------------------------------------------------------------------------


def test_confidence_is_the_share_of_the_questions_that_could_be_answered():
    without, with_type = given().assess(POLICY), given(incident_type="csam").assess(POLICY)
    types = sum(asked.fact == "incident_type" for asked in POLICY.questions)
    assert with_type.confidence - without.confidence == pytest.approx(types / len(POLICY.questions))


def test_an_answer_of_no_raises_confidence_and_no_points():
    unstated, adult = given(parties=(reported(),)).assess(POLICY), given(parties=(reported(40),)).assess(POLICY)
    assert adult.confidence > unstated.confidence
    assert adult.points == unstated.points


def test_quality_is_the_share_of_the_wanted_fields_that_are_filled():
    assert given(platform="Example Chat", incident_type="csam").assess(POLICY).quality == pytest.approx(2 / 10)


def test_what_quality_counts_adds_no_points():
    without_quality = replace(POLICY, quality=("platform",))
    assert COMPLETE_AND_VIRAL.assess(POLICY).points == COMPLETE_AND_VIRAL.assess(without_quality).points


def test_a_full_report_lacks_nothing_that_quality_wants():
    full = given(
        source_reference="1",
        incident_type="csam",
        incident=days_ago(1),
        platform="Example Chat",
        parties=(
            reported(40, connection(), identifier(IdentifierKind.PHONE, "+447700900001")),
            child(12, identifier(IdentifierKind.HANDLE, "cal@example")),
        ),
        files=(file(viewed_by_sender=False),),
    )
    assert full.assess(POLICY).quality == 1


# --- what would be worth finding -----------------------------------------------------------------------------------


def test_what_nobody_said_is_worth_finding_escalations_first():
    missing = given().assess(POLICY).missing
    assert missing[0] == "whether a child is in danger now"
    assert "whether a child is aged 11 or under" in missing
    assert "a hash of each file" in missing


def test_what_was_said_is_not_asked_for_again():
    missing = given(risks=(risk(RiskCode.NEAR),), parties=(child(9),)).assess(POLICY).missing
    assert "whether the person reported has contact with or access to a child" not in missing
    assert "whether a child is aged 11 or under" not in missing


def test_nothing_is_asked_for_twice():
    missing = given().assess(POLICY).missing
    assert len(missing) == len(set(missing))


# --- what never counts ---------------------------------------------------------------------------------------------


def test_a_match_on_a_list_of_people_changes_nothing():
    email = identifier(IdentifierKind.EMAIL, "ben@example.org")
    without = Given(referral=referral(parties=(reported(40, email),)))
    on_a_list = ListHit(list_name="managed", list_version="1", kind=email.kind, value=email.value)
    assert replace(without, hits=(on_a_list,)).assess(POLICY) == without.assess(POLICY)


def test_a_near_match_changes_nothing():
    without = given(files=(file(),))
    assert replace(without, hits=(hit(distance=1),)).assess(POLICY) == without.assess(POLICY)


def test_a_link_names_no_case_and_no_value():
    [reason] = Given(referral=referral(), links=(link("secret"),)).assess(POLICY).reasons
    assert "secret" not in str(reason)
    assert "example.org" not in str(reason)


def test_without_a_list_a_file_is_neither_new_nor_known():
    priority = Given(referral=referral(files=(file(),)), hits=(), lists=()).assess(POLICY)
    assert priority.reasons == ()
    assert any("on no list" in one for one in priority.missing)


def test_a_date_of_birth_that_cannot_be_read_leaves_a_child_of_unstated_age():
    unreadable = child(None, identifier(IdentifierKind.DATE_OF_BIRTH, "spring 2010"))
    [reason] = given(parties=(unreadable,)).assess(POLICY).reasons
    assert reason.rule == "child_described"


def test_a_time_without_a_zone_in_a_connection_is_read_as_utc():
    bare = identifier(IdentifierKind.IP_EVENT, "192.0.2.10|50123|2025-12-01T12:00:00")
    priority = assess(referral(parties=(reported(None, bare),)), policy=POLICY, now=NOW)
    assert [reason.value for reason in priority.reasons] == ["7 days"]


def test_a_connection_that_cannot_be_read_counts_for_nothing():
    torn = identifier(IdentifierKind.IP_EVENT, "192.0.2.10|50123|soon")
    assert given(parties=(reported(None, torn),)).assess(POLICY).reasons == ()

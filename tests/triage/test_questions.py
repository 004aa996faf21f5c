from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest

from tearmann.records import PartyRole
from tearmann.triage.conditions import Asked
from tearmann.triage.matter import Matter, comparable, gather
from tearmann.triage.questions import QUESTIONS, Says
from tests.triage.built import (
    NOW,
    Given,
    child,
    connection,
    days_ago,
    file,
    given,
    hit,
    link,
    party,
    referral,
    reported,
)

YES, NO, CANNOT_SAY = Says.YES, Says.NO, Says.CANNOT_SAY


def narrowed(told: Given) -> Matter:
    return gather(
        told.referral,
        follow_ups=told.follow_ups,
        hits=told.hits,
        links=told.links,
        facts=told.facts,
        lists=told.lists,
        now=NOW,
    )


def ask(fact: str, told: Given, **parameters: Any) -> tuple[Says, str]:
    answer = Asked(fact, tuple(sorted(parameters.items()))).compiled()(narrowed(told))
    return answer.says, answer.value


def with_files(*files: Any, hits: tuple[Any, ...] = (), lists: tuple[str, ...] | None = None) -> Given:
    return Given(referral=referral(files=files), hits=hits, lists=lists)


def with_parties(*parties: Any) -> Given:
    return given(parties=parties)


RISK = {"is": ("danger_now",)}
SPAM = {"is": ("spam",)}
LIVE = {"is": ("live_streaming",)}
SOON = {"of": ("ip_event",), "kept_days": 365, "at_most": 14}

ANSWERS = [
    ("risk", given(), RISK, CANNOT_SAY),
    ("urgent", given(), {}, NO),
    ("provider_priority", given(), {"at_most": 1}, NO),
    ("provider_priority", given(provider_priority=2), {"at_most": 2}, YES),
    ("incident_type", given(), {"is": ("csam",)}, CANNOT_SAY),
    ("incident_type", given(incident_type="enticement"), {"is": ("csam",)}, NO),
    ("annotation", given(), SPAM, NO),
    ("annotation", given(annotations=("SPAM",)), SPAM, YES),
    ("children", given(), {"at_least": 1}, CANNOT_SAY),
    ("children", with_parties(party(PartyRole.RECIPIENT, 30)), {"at_least": 1}, CANNOT_SAY),
    ("children", with_parties(child()), {"at_least": 2}, NO),
    ("child_age", given(), {"at_most": 11}, CANNOT_SAY),
    ("child_age", with_parties(child()), {"at_most": 11}, CANNOT_SAY),
    ("child_age", with_parties(child()), {"at_most": 17}, YES),
    ("child_age", with_parties(child(15), child()), {"at_most": 11}, CANNOT_SAY),
    ("child_age", with_parties(child(15)), {"at_most": 11}, NO),
    ("reported_child", given(), {}, CANNOT_SAY),
    ("reported_child", with_parties(reported(40)), {}, NO),
    ("reported_child", with_parties(reported(40), reported()), {}, CANNOT_SAY),
    ("hash_new", given(), {}, CANNOT_SAY),
    ("hash_new", with_files(file(hashed=False)), {}, CANNOT_SAY),
    ("hash_new", with_files(file(), lists=()), {}, CANNOT_SAY),
    ("hash_new", with_files(file(), lists=("known",)), {}, YES),
    ("hash_new", with_files(file(), hits=(hit(),)), {}, NO),
    ("hash_new", with_files(file()), {"viewed": True}, CANNOT_SAY),
    ("hash_new", with_files(file(viewed_by_sender=False)), {"viewed": True}, NO),
    ("hash_known", given(), {}, CANNOT_SAY),
    ("hash_known", with_files(file(), lists=()), {}, CANNOT_SAY),
    ("hash_known", with_files(file()), {}, NO),
    ("hash_known", with_files(file(hashed=False)), {}, CANNOT_SAY),
    ("hash_known", with_files(file(), hits=(hit(),)), {"list": "known"}, YES),
    ("hash_known", with_files(file(), hits=(hit(),)), {"list": "another"}, NO),
    ("hash_known", with_files(file(1), file(2), hits=(hit(1),)), {"share": 0.5}, YES),
    ("hash_known", with_files(file(1), file(2), hits=(hit(1),)), {"share": 0.6}, NO),
    ("hash_known", with_files(file(1), file(2, hashed=False), hits=(hit(1),)), {"share": 0.6}, CANNOT_SAY),
    ("file_annotation", given(), LIVE, NO),
    ("file_annotation", with_files(file(annotations=("liveStreaming",))), LIVE, YES),
    ("linked_cases", given(), {"at_least": 1}, NO),
    ("linked_cases", Given(referral=referral(), links=(link("a"), link("b"))), {"at_least": 2}, YES),
    ("linked_cases", given(), {"at_least": 0}, NO),
    ("ip_event_with_port", given(), {}, CANNOT_SAY),
    ("ip_event_with_port", with_parties(reported(None, connection())), {}, YES),
    ("ip_event_with_port", with_parties(reported(None, connection(port=""))), {}, NO),
    ("ip_event_with_port", with_parties(reported(None, connection(port="0"))), {}, NO),
    ("ip_event_with_port", with_parties(reported(None, connection(days=None))), {}, NO),
    ("data_expires_within_days", given(), SOON, CANNOT_SAY),
    ("data_expires_within_days", with_parties(reported(None, connection(days=10))), SOON, NO),
    ("data_expires_within_days", given(received=days_ago(360)), {**SOON, "of": ("ip_event", "report")}, YES),
]


@pytest.mark.parametrize(
    ("fact", "told", "parameters", "says"),
    [pytest.param(*row, id=f"{number} {row[0]}: {row[3]}") for number, row in enumerate(ANSWERS, start=1)],
)
def test_a_question_answers_yes_no_or_cannot_say(fact: str, told: Given, parameters: dict[str, Any], says: Says):
    assert ask(fact, told, **parameters)[0] is says


def test_every_question_is_tried():
    assert {row[0] for row in ANSWERS} == set(QUESTIONS)


def test_the_value_of_a_mark_is_the_policys_spelling_and_not_the_senders():
    assert ask("annotation", given(annotations=("S-P-A-M",)), **SPAM) == (YES, "spam")


def test_codes_compare_without_case_and_joints():
    assert comparable("possibleSelfProduction") == comparable("possible_self-production")


@pytest.mark.parametrize(
    "word",
    [
        "conviction",
        "offender",
        "arrest",
        "contact_history",
        "ethnicity",
        "religion",
        "disability",
        "sex",
        "gender",
        "postcode",
        "deprivation",
        "address",
        "name",
        "platform",
        "narrative",
        "passage",
    ],
)
def test_there_is_no_question_about(word: str):
    asked = {part for name in QUESTIONS for part in (name, *name.split("_"))}
    assert word not in asked


def test_what_the_questions_see_has_no_text_and_no_identifier():
    # A new field here is a new thing to score: weigh it against the red lines before adding it to this list.
    assert {field.name for field in fields(Matter)} == {
        "now",
        "lists_checked",
        "links",
        "risks",
        "urgent_places",
        "provider_priorities",
        "incident_types",
        "marks",
        "children",
        "children_counted",
        "reported",
        "files",
        "connections",
        "received",
        "filled",
    }

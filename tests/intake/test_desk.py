"""The desk form: what an officer types becomes a referral, and its payload is what was typed."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from tearmann.errors import IntakeError, MediaRefused
from tearmann.identifiers import IdentifierKind
from tearmann.intake.desk import (
    QUESTIONS,
    Channel,
    DeskChild,
    DeskIdentifier,
    DeskPerson,
    DeskReference,
    DeskReport,
    as_payload,
    build,
    faults_of,
    from_payload,
)
from tearmann.intake.product_json import dump, load
from tearmann.intake.reading import File, read
from tearmann.records import Grading, Nature, Origin, PartyRole, RiskCode

CANARY = "canary.ann@example.org"
NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


def line(kind: IdentifierKind, text: str, platform: str = "") -> DeskIdentifier:
    return DeskIdentifier(kind=kind, text=text, platform=platform)


FULL = DeskReport(
    channel=Channel.PHONE,
    received=NOON,
    source_reference="Call 7",
    reporter_name="Cal Example",
    reporter_identifiers=(line(IdentifierKind.PHONE, "01632 960001"),),
    platform="Example Chat",
    incident_type="enticement",
    incident="2026-11-01",
    urgent_reason="A meeting is planned for tonight",
    children=(
        DeskChild(
            name="Ann Example",
            age=12,
            date_of_birth="02/01/2014",
            identifiers=(line(IdentifierKind.HANDLE, "ann", "Example Chat"),),
            self_harm=True,
            lives_with=False,
        ),
        DeskChild(planned_contact=True),
    ),
    people=(
        DeskPerson(
            name="Ben Example",
            age=40,
            relationship="coach",
            identifiers=(line(IdentifierKind.EMAIL, "ben@example.org"),),
        ),
    ),
    identifiers=(line(IdentifierKind.IP_EVENT, "192.0.2.7"),),
    references=(DeskReference(kind="incident", value="INVENTED/7", system="Example system"),),
    facts="Invented: what was said.",
    opinion="Invented: what is thought.",
    grading=Grading(source="2", information="B", handling="P"),
    lawful_basis="task",
)


def test_a_full_form_becomes_a_referral() -> None:
    referral = build(FULL)
    assert [party.key for party in referral.parties] == [
        "victim-1",
        "victim-2",
        "reported-1",
        "reporter-1",
        "unattached-1",
    ]
    assert (referral.source, referral.source_reference, referral.platform) == ("phone", "Call 7", "Example Chat")
    assert (referral.incident_type, referral.urgent) == ("enticement", True)
    assert referral.grading == FULL.grading
    assert [(one.kind, one.value) for one in referral.references] == [("incident", "INVENTED/7")]


def test_yes_is_a_risk_fact_of_that_child_with_the_question_as_its_place() -> None:
    risks = build(FULL).risks
    assert [(one.code, one.party) for one in risks] == [
        (RiskCode.SELF_HARM, "victim-1"),
        (RiskCode.PLANNED_CONTACT, "victim-2"),
    ]
    assert risks[0].place == "desk form, child 1, question “Has the child spoken of or done self-harm?”"


def test_no_is_kept_and_not_known_is_neither() -> None:
    child, other = build(FULL).parties[:2]
    assert [(one.name, one.value) for one in child.statements] == [("risk.lives_with", "no")]
    assert other.statements == ()


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_question_makes_its_own_risk_fact(question: str) -> None:
    answers: dict[str, Any] = {question: True}
    form = DeskReport(channel=Channel.PHONE, received=NOON, children=(DeskChild(**answers),))
    assert [risk.code for risk in build(form).risks] == [QUESTIONS[question][0]]


def test_fact_and_opinion_are_kept_apart() -> None:
    assert [(one.nature, one.origin) for one in build(FULL).passages] == [
        (Nature.FACT, Origin.SENDER),
        (Nature.OPINION, Origin.OFFICER),
    ]


def test_an_age_that_is_not_known_is_no_age() -> None:
    first, second = build(FULL).parties[:2]
    assert first.age is not None
    assert (first.age.years, second.age) == (12, None)


def test_a_caller_may_be_anonymous() -> None:
    form = DeskReport(channel=Channel.WALK_IN, received=NOON, anonymous=True, facts="Invented.")
    (reporter,) = build(form).parties
    assert (reporter.role, [one.name for one in reporter.statements]) == (PartyRole.REPORTER, ["anonymous"])


def test_what_its_kind_does_not_allow_is_kept_with_the_kind_that_was_meant() -> None:
    form = DeskReport(
        channel=Channel.LETTER, received=NOON, identifiers=(line(IdentifierKind.EMAIL, "ann at example"),)
    )
    ((one,),) = (party.identifiers for party in build(form).parties)
    assert (one.kind, one.as_given, one.details) == (
        IdentifierKind.OTHER,
        "ann at example",
        (("typed_as", "email"),),
    )


@pytest.mark.parametrize(
    ("channel", "source"),
    [
        (Channel.PHONE, "phone"),
        (Channel.WALK_IN, "walk_in"),
        (Channel.LETTER, "public"),
        (Channel.EMAIL, "public"),
        (Channel.PARTNER, "partner"),
    ],
)
def test_the_channel_says_the_source_where_the_officer_does_not(channel: Channel, source: str) -> None:
    form = DeskReport(channel=channel, received=NOON, facts="Invented.")
    assert build(form).source == source
    assert build(replace(form, source="iwf")).source == "iwf"


def test_the_referral_of_a_form_is_stored_and_comes_back() -> None:
    assert load(dump(build(FULL))) == build(FULL)


def test_the_payload_is_what_was_typed_and_reads_as_the_same_form() -> None:
    assert from_payload(as_payload(FULL)) == FULL


def test_the_same_form_is_the_same_bytes_whatever_zone_the_clock_shows() -> None:
    elsewhere = replace(FULL, received=NOON.astimezone(timezone(timedelta(hours=1))))
    assert as_payload(elsewhere) == as_payload(FULL)


FIRST_BYTES = base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"\x00" * 96).decode()


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"received": NOON.replace(tzinfo=None)}, "received"),
        ({"incident_type": CANARY}, "incident type"),
        ({"anonymous": True, "reporter_name": CANARY}, "reporter"),
        ({"facts": " ", "opinion": "", "children": (), "people": (), "identifiers": ()}, "facts"),
        ({"children": (DeskChild(age=200),)}, "child 1, age"),
        ({"people": (DeskPerson(age=-1),)}, "person involved 1, age"),
        ({"grading": Grading(source=CANARY, information="A", handling="P")}, "grading, source"),
        ({"references": (DeskReference(kind="", value=CANARY),)}, "reference 1"),
        ({"identifiers": (line(IdentifierKind.EMAIL, " "),)}, "identifiers 1 text"),
        ({"facts": f"{CANARY}\x00"}, "facts"),
        ({"children": (DeskChild(name=f"{CANARY}\x01"),)}, "children 1 name"),
    ],
)
def test_what_is_wrong_with_a_form_is_said_without_quoting_it(changes: dict[str, Any], place: str) -> None:
    form = replace(FULL, **changes)
    assert [fault.place for fault in faults_of(form)] == [f"desk form, {place}"]
    with pytest.raises(IntakeError) as told:
        build(form)
    assert CANARY not in str(told.value)


def test_every_fault_of_a_form_is_told_at_once() -> None:
    form = replace(
        FULL, incident_type="x", children=(DeskChild(age=999),), references=(DeskReference(kind="", value=""),)
    )
    with pytest.raises(IntakeError, match=r"3 fault\(s\)"):
        build(form)


def test_media_pasted_into_a_form_is_refused() -> None:
    with pytest.raises(MediaRefused, match="base64 that begins like a PNG image"):
        build(replace(FULL, facts=FIRST_BYTES))


def test_the_payload_of_a_form_is_read_like_any_file():
    payload = as_payload(FULL)
    [one] = read(File(name="desk form", body=payload), format="desk")
    assert (one.referral, one.payload) == (build(FULL), payload)


@pytest.mark.parametrize("body", [b"{}", b'{"format":"tearmann-desk","version":1,"form":{"channel":"drum"}}', b"words"])
def test_what_is_no_form_is_set_aside_with_a_reason_that_quotes_nothing(body):
    [one] = read(File(name="desk form", body=body), format="desk")
    assert [fault.says for fault in one.faults] == ["it is no desk form of a version that is known here"]

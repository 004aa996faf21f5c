"""The shipped policy as a table: for every escalation and rule its words, its points, what sets it off and what
comes near without doing so."""

from __future__ import annotations

from dataclasses import dataclass

from tearmann.identifiers import IdentifierKind
from tearmann.records import PartyRole, RiskCode, Statement
from tests.triage.built import (
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
    party,
    referral,
    reported,
    risk,
)

DANGER = "A child is said to be in danger now"


@dataclass(frozen=True, kw_only=True)
class Fires:
    """A referral that sets the rule off, and what the reason must read."""

    when: str
    given: Given
    value: str
    place: str


@dataclass(frozen=True, kw_only=True)
class Quiet:
    """A referral that comes near and must not set the rule off."""

    when: str
    given: Given


@dataclass(frozen=True, kw_only=True)
class Spec:
    """points: None for an escalation."""

    name: str
    says: str
    points: int | None
    rows: tuple[Fires | Quiet, ...]


def _risk_rows(code: RiskCode, other: RiskCode) -> tuple[Fires | Quiet, ...]:
    by_sender, by_officer = given(risks=(risk(code),)), Given(referral=referral(), facts=(risk(code),))
    later = Given(referral=referral(), follow_ups=(referral(), referral(risks=(risk(code),))))
    return (
        Fires(when=f"the sender says {code}", given=by_sender, value=code.value, place="/risk"),
        Fires(when=f"an officer says {code}", given=by_officer, value=code.value, place="/risk"),
        Fires(when=f"a follow-up says {code}", given=later, value=code.value, place="follow-up 2: /risk"),
        Quiet(when=f"{other} is stated, not {code}", given=given(risks=(risk(other),))),
        Quiet(when=f"nothing is stated, so not {code}", given=given()),
    )


def _mark_rows(*codes: str) -> tuple[Fires | Quiet, ...]:
    return tuple(
        Fires(when=f"the report is marked {code}", given=given(annotations=(code,)), value=code, place="annotations")
        for code in codes
    )


def _incident_rows(*codes: str, near: str) -> tuple[Fires | Quiet, ...]:
    return (
        *(
            Fires(when=f"the type is {code}", given=given(incident_type=code), value=code, place="incident_type")
            for code in codes
        ),
        Quiet(when=f"the type is {near}", given=given(incident_type=near)),
        Quiet(
            when="the sender's word is not a known one",
            given=given(incident_type="other", incident_type_given=codes[0]),
        ),
    )


def _files(*files: object, hits: tuple[object, ...] = (), **fields: object) -> Given:
    return Given(referral=referral(files=files, **fields), hits=hits)  # type: ignore[arg-type]


ESCALATIONS = (
    Spec(name="danger_now", says=DANGER, points=None, rows=_risk_rows(RiskCode.DANGER_NOW, RiskCode.NEAR)),
    Spec(
        name="lives_with",
        says="A child is said to live with the person reported",
        points=None,
        rows=_risk_rows(RiskCode.LIVES_WITH, RiskCode.NEAR),
    ),
    Spec(
        name="near",
        says="The person reported is said to have contact with or access to a child",
        points=None,
        rows=_risk_rows(RiskCode.NEAR, RiskCode.LIVES_WITH),
    ),
    Spec(
        name="coercion",
        says="A child is said to be coerced",
        points=None,
        rows=(
            *_risk_rows(RiskCode.COERCION, RiskCode.SEXTORTION),
            *_risk_rows(RiskCode.SADISTIC_EXPLOITATION, RiskCode.SELF_HARM),
            *_mark_rows("sadistic_online_exploitation"),
            Quiet(when="the report is marked otherwise", given=given(annotations=("csam_solicitation",))),
        ),
    ),
    Spec(
        name="sextortion",
        says="A child is said to be blackmailed",
        points=None,
        rows=(
            *_risk_rows(RiskCode.SEXTORTION, RiskCode.COERCION),
            *_mark_rows("sextortion"),
            Quiet(when="the report is marked otherwise", given=given(annotations=("spam",))),
        ),
    ),
    Spec(
        name="self_harm",
        says="A child is said to be at risk of harming themselves",
        points=None,
        rows=_risk_rows(RiskCode.SELF_HARM, RiskCode.DANGER_NOW),
    ),
    Spec(
        name="planned_contact",
        says="Contact with a child is said to be planned",
        points=None,
        rows=_risk_rows(RiskCode.PLANNED_CONTACT, RiskCode.NEAR),
    ),
    Spec(
        name="provider_emergency",
        says="The sender marks the report as an emergency",
        points=None,
        rows=(
            Fires(when="the flag is there", given=given(urgent=True), value="urgent", place="urgent"),
            Fires(
                when="a follow-up brings the flag",
                given=Given(referral=referral(), follow_ups=(referral(urgent=True),)),
                value="urgent",
                place="follow-up 1: urgent",
            ),
            Quiet(when="a reason is given without the flag", given=given(urgent_reason="example words")),
            Quiet(when="the provider's priority is its highest", given=given(provider_priority=1)),
        ),
    ),
)

NEW_FILE_NEAR_MISSES = (
    Quiet(when="the file is on a list", given=_files(file(), hits=(hit(),))),
    Quiet(when="the file has no hash", given=_files(file(hashed=False))),
    Quiet(when="no list was loaded", given=Given(referral=referral(files=(file(),)), lists=())),
    Quiet(when="the file is marked viral", given=_files(file(annotations=("viral",)))),
    Quiet(
        when="the batch is marked as widely shared",
        given=_files(
            file(),
            statements=(Statement(name="batched_report_reason", value="VIRAL_POTENTIAL_MEME", place="/batch"),),
        ),
    ),
)

RULES = (
    Spec(
        name="abuse_in_person",
        says="What is reported is abuse of a child in person",
        points=50,
        rows=_incident_rows("contact_abuse", "trafficking", "sex_tourism", near="csam"),
    ),
    Spec(
        name="contact_with_child",
        says="What is reported is contact with a child, not material alone",
        points=40,
        rows=_incident_rows("enticement", near="csam"),
    ),
    Spec(
        name="material_sent_to_child",
        says="Material was sent to a child",
        points=30,
        rows=_incident_rows("unsolicited_obscene", near="misleading_words"),
    ),
    Spec(
        name="material_sought",
        says="The sender says that material was asked for",
        points=15,
        rows=(*_mark_rows("csam_solicitation"), Quiet(when="marked spam", given=given(annotations=("spam",)))),
    ),
    Spec(
        name="provider_priority_1",
        says="The provider gave it its own highest priority",
        points=25,
        rows=(
            Fires(when="it is 1", given=given(provider_priority=1), value="1", place="provider_priority"),
            Quiet(when="it is 2", given=given(provider_priority=2)),
            Quiet(when="none is set", given=given()),
        ),
    ),
    Spec(
        name="child_described",
        says="A child, or somebody who may be one, is described and may be found",
        points=15,
        rows=(
            Fires(when="of a stated age", given=given(parties=(child(17),)), value="1 child", place="/victim/age"),
            Fires(when="of no stated age", given=given(parties=(child(),)), value="1 child", place="/victim"),
            Fires(
                when="the recipient may be a child",
                given=given(parties=(party(PartyRole.RECIPIENT),)),
                value="1 child",
                place="/recipient",
            ),
            Fires(
                when="the date of birth says under 18, the age does not",
                given=given(parties=(child(18, identifier(IdentifierKind.DATE_OF_BIRTH, "2008-11-25")),)),
                value="1 child",
                place="/victim/age",
            ),
            Quiet(when="the recipient is an adult", given=given(parties=(party(PartyRole.RECIPIENT, 18),))),
            Quiet(
                when="the date of birth says 18 today",
                given=given(parties=(child(None, identifier(IdentifierKind.DATE_OF_BIRTH, "2008-11-24")),)),
            ),
            Quiet(when="only the person reported is described", given=given(parties=(reported(40),))),
        ),
    ),
    Spec(
        name="several_children",
        says="More than one child is described",
        points=10,
        rows=(
            Fires(
                when="two are described",
                given=given(parties=(child(9), child(key="victim-2"))),
                value="2 children",
                place="/victim/age",
            ),
            Quiet(when="one is", given=given(parties=(child(9),))),
            Quiet(
                when="a follow-up describes one again",
                given=Given(referral=referral(parties=(child(9),)), follow_ups=(referral(parties=(child(9),)),)),
            ),
        ),
    ),
    Spec(
        name="young_child",
        says="A child is under 12",
        points=15,
        rows=(
            Fires(when="aged 11", given=given(parties=(child(11),)), value="age 11", place="/victim/age"),
            Fires(
                when="the younger of two is 8",
                given=given(parties=(child(15), child(8, key="victim-2"))),
                value="age 8",
                place="/victim/age",
            ),
            Fires(
                when="born 11 years before the act",
                given=given(
                    incident=days_ago(365),
                    parties=(child(None, identifier(IdentifierKind.DATE_OF_BIRTH, "2014-01-02")),),
                ),
                value="age 11",
                place="/victim",
            ),
            Quiet(when="aged 12", given=given(parties=(child(12),))),
            Quiet(when="the age is not stated", given=given(parties=(child(),))),
            Quiet(when="the person reported is 11", given=given(parties=(reported(11),))),
        ),
    ),
    Spec(
        name="new_file",
        says="A file is on no list that was checked: what it shows may not have been found before",
        points=20,
        rows=(
            Fires(when="no list has it", given=_files(file()), value="1 file", place="/file/1"),
            Fires(
                when="one of two is new",
                given=_files(file(1), file(2), hits=(hit(1),)),
                value="1 file",
                place="/file/2",
            ),
            Fires(
                when="the match is only near",
                given=_files(file(), hits=(hit(distance=8),)),
                value="1 file",
                place="/file/1",
            ),
            Fires(
                when="a hash belongs to no file",
                given=given(parties=(party(PartyRole.UNATTACHED, None, identifier(IdentifierKind.SHA1, "0" * 40)),)),
                value="1 file",
                place="/identifier",
            ),
            Fires(
                when="a follow-up calls the same file known",
                given=Given(
                    referral=referral(files=(file(1),)), follow_ups=(referral(files=(file(2),)),), hits=(hit(2),)
                ),
                value="1 file",
                place="/file/1",
            ),
            *NEW_FILE_NEAR_MISSES,
        ),
    ),
    Spec(
        name="new_file_viewed",
        says="A person at the sender viewed a file that is on no list",
        points=10,
        rows=(
            Fires(when="viewed", given=_files(file(viewed_by_sender=True)), value="1 file", place="/file/1"),
            Quiet(when="said not to be viewed", given=_files(file(viewed_by_sender=False))),
            Quiet(when="not said", given=_files(file())),
            Quiet(
                when="the viewed file is another one, and known",
                given=_files(file(1, viewed_by_sender=True), file(2), hits=(hit(1),)),
            ),
            Quiet(when="marked viral", given=_files(file(viewed_by_sender=True, annotations=("viral",)))),
        ),
    ),
    Spec(
        name="new_file_young_child",
        says="A file on no list is marked or classed as of a young child",
        points=15,
        rows=(
            Fires(when="marked", given=_files(file(annotations=("infant",))), value="1 file", place="/file/1"),
            *(
                Fires(
                    when=f"classed {code}",
                    given=_files(file(classifications=classed("industry", code))),
                    value="1 file",
                    place="/file/1",
                )
                for code in ("A1", "A2")
            ),
            Quiet(when="classed B1", given=_files(file(classifications=classed("industry", "B1")))),
            Quiet(when="the same code of another scheme", given=_files(file(classifications=classed("other", "A1")))),
            Quiet(when="marked but known", given=_files(file(annotations=("infant",)), hits=(hit(),))),
            Quiet(when="marked but viral", given=_files(file(annotations=("infant", "viral")))),
        ),
    ),
    Spec(
        name="new_file_live",
        says="A file on no list is marked as streamed live",
        points=20,
        rows=(
            Fires(when="marked", given=_files(file(annotations=("live_streaming",))), value="1 file", place="/file/1"),
            Fires(
                when="marked as the sender spells it",
                given=_files(file(annotations=("liveStreaming",))),
                value="1 file",
                place="/file/1",
            ),
            Quiet(when="marked but known", given=_files(file(annotations=("live_streaming",)), hits=(hit(),))),
            Quiet(when="not marked", given=_files(file())),
        ),
    ),
    Spec(
        name="new_file_self_produced",
        says="A file on no list may be made by a child, perhaps under pressure, who may be found",
        points=15,
        rows=(
            Fires(
                when="marked",
                given=_files(file(annotations=("possible_self_production",))),
                value="1 file",
                place="/file/1",
            ),
            Quiet(
                when="marked but known", given=_files(file(annotations=("possible_self_production",)), hits=(hit(),))
            ),
            Quiet(when="not marked", given=_files(file())),
        ),
    ),
    Spec(
        name="known_file",
        says="A file is on a list of known hashes",
        points=5,
        rows=(
            Fires(when="an exact match", given=_files(file(), hits=(hit(),)), value="1 file: known", place="/file/1"),
            Quiet(when="a near match", given=_files(file(), hits=(hit(distance=1),))),
            Quiet(when="no match", given=_files(file())),
        ),
    ),
    Spec(
        name="linked_once",
        says="Another case shares an identifier with this one",
        points=10,
        rows=(
            Fires(when="one", given=Given(referral=referral(), links=(link(),)), value="1 case", place="links"),
            Fires(
                when="held by 20",
                given=Given(referral=referral(), links=(link(held_by=20),)),
                value="1 case",
                place="links",
            ),
            Quiet(when="held by 21", given=Given(referral=referral(), links=(link(held_by=21),))),
            Quiet(when="none", given=given()),
        ),
    ),
    Spec(
        name="linked_often",
        says="Several other cases share an identifier with this one",
        points=10,
        rows=(
            Fires(
                when="three",
                given=Given(referral=referral(), links=(link("a"), link("b"), link("c"))),
                value="3 cases",
                place="links",
            ),
            Quiet(
                when="three links to two cases",
                given=Given(referral=referral(), links=(link("a"), link("b"), link("b"))),
            ),
        ),
    ),
    Spec(
        name="connection_data_running_out",
        says="The record of who used an address may be gone soon",
        points=10,
        rows=(
            Fires(
                when="14 days are left",
                given=given(parties=(reported(None, connection(days=351)),)),
                value="14 days",
                place="/connection",
            ),
            Fires(
                when="one is gone and one has a day",
                given=given(
                    parties=(reported(None, connection(days=400), connection(days=364, place="/connection/2")),)
                ),
                value="1 day",
                place="/connection/2",
            ),
            Fires(
                when="it is a file's",
                given=_files(file(identifiers=(connection(days=360),))),
                value="5 days",
                place="/connection",
            ),
            Quiet(when="15 days are left", given=given(parties=(reported(None, connection(days=350)),))),
            Quiet(when="it is gone", given=given(parties=(reported(None, connection(days=366)),))),
            Quiet(when="no time is stated", given=given(parties=(reported(None, connection(days=None)),))),
        ),
    ),
    Spec(
        name="sender_data_running_out",
        says="What the sender keeps of this report may be gone soon",
        points=5,
        rows=(
            Fires(when="14 days are left", given=given(received=days_ago(351)), value="14 days", place="received"),
            Quiet(when="15 days are left", given=given(received=days_ago(350))),
            Quiet(when="it is gone", given=given(received=days_ago(366))),
            Quiet(when="only the incident is old", given=given(incident=days_ago(351))),
        ),
    ),
    Spec(
        name="all_files_known",
        says="Every file is on a list of known hashes: look at the person and the account, not at the files",
        points=0,
        rows=(
            Fires(
                when="both are",
                given=_files(file(1), file(2), hits=(hit(1), hit(2))),
                value="2 files: known",
                place="/file/1",
            ),
            Quiet(when="one of two is", given=_files(file(1), file(2), hits=(hit(1),))),
            Quiet(when="one has no hash", given=_files(file(1), file(2, hashed=False), hits=(hit(1),))),
        ),
    ),
    Spec(
        name="widely_shared",
        says="The sender marks it as widely shared",
        points=0,
        rows=(
            Fires(when="a file", given=_files(file(annotations=("viral",))), value="viral", place="/file/1"),
            Fires(
                when="a meme",
                given=_files(file(annotations=("potential_meme",))),
                value="potential_meme",
                place="/file/1",
            ),
            *_mark_rows("viral", "viral_potential_meme"),
            Quiet(when="not marked", given=_files(file())),
        ),
    ),
    Spec(
        name="generated",
        says="The sender marks a file as made by generative AI",
        points=0,
        rows=(
            Fires(
                when="marked",
                given=_files(file(annotations=("generative_ai",))),
                value="generative_ai",
                place="/file/1",
            ),
            Quiet(when="drawn", given=_files(file(annotations=("drawing_or_virtual",)))),
        ),
    ),
    Spec(
        name="between_minors",
        says="The sender marks it as between minors: each of them is a child first",
        points=0,
        rows=(
            *_mark_rows("minor_to_minor_interaction"),
            Quiet(when="not marked", given=given(parties=(child(15), reported(15)))),
        ),
    ),
    Spec(
        name="reported_child",
        says="The person reported is under 18: a person involved, and a child who may need protection",
        points=0,
        rows=(
            Fires(when="17", given=given(parties=(reported(17),)), value="age 17", place="/reported/age"),
            Quiet(when="18", given=given(parties=(reported(18),))),
            Quiet(when="not stated", given=given(parties=(reported(),))),
        ),
    ),
)

SPECS = (*ESCALATIONS, *RULES)

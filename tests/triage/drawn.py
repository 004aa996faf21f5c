"""Drawn referrals, in what triage reads of them and in the text that it must not read."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import strategies as st

from tearmann.identifiers import IdentifierKind
from tearmann.records import Age, FileFacts, Leftover, Moment, Party, PartyRole, Passage, Referral, RiskCode, RiskFact
from tests.triage.built import NOW, Given, classed, connection, file, hit, identifier, link, party

ROLES = st.sampled_from(PartyRole)
TEXT = st.sampled_from(["", "example words", "danger_now sextortion self_harm", "9", "ann"])
YEARS = st.none() | st.integers(0, 60)
MARKS = st.lists(
    st.sampled_from(["viral", "infant", "liveStreaming", "generative_ai", "possible_self_production"]), max_size=2
).map(tuple)
MOMENTS = st.none() | st.integers(0, 400).map(lambda days: Moment(as_given="", at=NOW - timedelta(days=days)))
RISKS = st.builds(RiskFact, code=st.sampled_from(RiskCode), place=st.just("/risk"))


@st.composite
def files(draw: st.DrawFn) -> FileFacts:
    return file(
        draw(st.integers(1, 6)),
        hashed=draw(st.booleans()),
        viewed_by_sender=draw(st.none() | st.booleans()),
        annotations=draw(MARKS),
        classifications=draw(st.sampled_from([(), classed("industry", "A1"), classed("industry", "B2")])),
        identifiers=draw(st.sampled_from([(), (connection(days=360),)])),
    )


@st.composite
def parties(draw: st.DrawFn, roles: st.SearchStrategy[PartyRole] = ROLES) -> Party:
    held = draw(
        st.lists(
            st.sampled_from(
                [
                    identifier(IdentifierKind.EMAIL, "ben@example.org"),
                    identifier(IdentifierKind.DATE_OF_BIRTH, "2014-05-06"),
                    identifier(IdentifierKind.MD5, f"{7:032x}"),
                    connection(),
                    connection(days=355, port=""),
                ]
            ),
            max_size=3,
        )
    )
    return party(draw(roles), draw(YEARS), *held)


def children() -> st.SearchStrategy[Party]:
    return parties(roles=st.just(PartyRole.VICTIM)).map(
        lambda one: one if one.age is None or (one.age.years or 0) < 18 else replace(one, age=None)
    )


@st.composite
def referrals(draw: st.DrawFn) -> Referral:
    return Referral(
        format="json",
        source="partner",
        source_reference=draw(st.none() | st.just("1")),
        incident_type=draw(st.sampled_from(["other", "csam", "enticement", "contact_abuse", "unsolicited_obscene"])),
        incident=draw(MOMENTS),
        received=draw(MOMENTS),
        platform=draw(st.none() | st.just("Example Chat")),
        urgent=draw(st.integers(0, 5)) == 0,
        provider_priority=draw(st.none() | st.integers(1, 3)),
        annotations=draw(st.lists(st.sampled_from(["viral", "spam", "csam_solicitation"]), max_size=1).map(tuple)),
        parties=draw(st.lists(parties(), max_size=3).map(tuple)),
        files=draw(st.lists(files(), max_size=3).map(tuple)),
        risks=draw(st.lists(RISKS, max_size=1).map(tuple)) if draw(st.integers(0, 3)) == 0 else (),
    )


@st.composite
def givens(draw: st.DrawFn) -> Given:
    return Given(
        referral=draw(referrals()),
        follow_ups=draw(st.lists(referrals(), max_size=1).map(tuple)),
        hits=draw(
            st.lists(st.builds(hit, st.integers(1, 7), distance=st.sampled_from([0, 0, 3])), max_size=3).map(tuple)
        ),
        links=draw(st.lists(st.builds(link, st.sampled_from("abcd")), max_size=4).map(tuple)),
        facts=draw(st.lists(RISKS, max_size=1).map(tuple)) if draw(st.integers(0, 3)) == 0 else (),
        lists=draw(st.sampled_from([None, ("known",), ()])),
    )


@st.composite
def reworded(draw: st.DrawFn, given: Referral) -> Referral:
    """The same referral with other passages, names, places and words everywhere that text can stand."""
    passages = tuple(Passage(text=text, place="/text") for text in draw(st.lists(TEXT, max_size=2)))
    name = identifier(IdentifierKind.NAME, draw(TEXT) or "cal")
    page = identifier(IdentifierKind.URL, "https://example.org/" + draw(st.sampled_from(["a", "danger_now"])))
    return replace(
        given,
        incident_type_given=draw(TEXT),
        urgent_reason=draw(TEXT),
        platform=given.platform and (draw(TEXT) or "Example Forum"),
        lawful_basis=draw(TEXT),
        passages=passages,
        remainder=tuple(Leftover(place="/left", value=text) for text in draw(st.lists(TEXT, max_size=1))),
        parties=tuple(
            replace(
                one,
                passages=passages,
                identifiers=(name, page, *one.identifiers),
                age=one.age and Age(as_given=draw(TEXT), place=one.age.place, years=one.age.years),
            )
            for one in given.parties
        ),
        files=tuple(replace(one, passages=passages, identifiers=(page, *one.identifiers)) for one in given.files),
    )

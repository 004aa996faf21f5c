"""What holds of every referral: facts never lower a case, text never moves it, the same gives the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tearmann.identifiers import IdentifierKind
from tearmann.records import Band, ListHit, PartyRole, Priority, Statement
from tearmann.triage.conditions import Compiler
from tearmann.triage.policy import load
from tearmann.triage.questions import Says
from tests.triage.built import Given, connection, days_ago, file, identifier, party, referral
from tests.triage.drawn import RISKS, children, files, givens, parties, referrals, reworded
from tests.triage.test_questions import narrowed

POLICY = load()
PRESSING = tuple(Band)
few = settings(max_examples=50, deadline=None)


def stands_no_lower(after: Priority, before: Priority) -> bool:
    return (
        PRESSING.index(after.band) <= PRESSING.index(before.band)
        and after.points >= before.points
        and {one.rule for one in before.escalations} <= {one.rule for one in after.escalations}
    )


def also(told: Given, **added: Any) -> Given:
    """Add to the tuples of the referral itself."""
    own = {name: (*getattr(told.referral, name), *more) for name, more in added.items()}
    return replace(told, referral=replace(told.referral, **own))


ADDITIONS: dict[str, tuple[st.SearchStrategy[Any], Callable[[Given, Any], Given]]] = {
    "a risk that the sender states": (RISKS, lambda told, fact: also(told, risks=(fact,))),
    "a risk that an officer states": (RISKS, lambda told, fact: replace(told, facts=(*told.facts, fact))),
    "a child": (children(), lambda told, child: also(told, parties=(child,))),
    "any person": (parties(), lambda told, person: also(told, parties=(person,))),
    "a new file": (st.just(file(99)), lambda told, new: also(told, files=(new,))),
    "any file": (files(), lambda told, new: also(told, files=(new,))),
    "an emergency flag": (
        st.just(True),
        lambda told, flag: replace(told, referral=replace(told.referral, urgent=flag)),
    ),
    "a follow-up": (referrals(), lambda told, later: replace(told, follow_ups=(*told.follow_ups, later))),
}


@pytest.mark.parametrize(("drawn", "add"), ADDITIONS.values(), ids=ADDITIONS.keys())
@given(data=st.data())
@few
def test_nothing_falls_by_adding(
    drawn: st.SearchStrategy[Any], add: Callable[[Given, Any], Given], data: st.DataObject
):
    told = data.draw(givens())
    more = add(told, data.draw(drawn))
    assert stands_no_lower(more.assess(POLICY), told.assess(POLICY))


PLAIN = st.sampled_from(
    [
        {"fact": "urgent"},
        {"fact": "risk", "is": ["near", "self_harm"]},
        {"fact": "incident_type", "is": "enticement"},
        {"fact": "children", "at_least": 2},
        {"fact": "child_age", "at_most": 15},
        {"fact": "child_age", "at_most": 17},
        {"fact": "reported_child"},
        {"fact": "hash_new", "viewed": True},
        {"fact": "hash_known"},
        {"fact": "hash_known", "share": 0.5},
        {"fact": "provider_priority", "at_most": 2},
        {"fact": "ip_event_with_port"},
        {"fact": "data_expires_within_days", "of": "ip_event", "kept_days": 365, "at_most": 30},
    ]
)
TABLES = st.recursive(
    PLAIN,
    lambda parts: st.one_of(
        st.lists(parts, min_size=1, max_size=3).map(lambda some: {"all": some}),
        st.lists(parts, min_size=1, max_size=3).map(lambda some: {"any": some}),
        parts.map(lambda part: {"not": part}),
    ),
    max_leaves=5,
)


@given(table=TABLES, told=givens(), later=referrals())
@few
def test_a_condition_that_rises_is_never_turned_off_by_a_follow_up(table: dict[str, Any], told: Given, later: Any):
    compiler = Compiler()
    condition = compiler.compile(table, place="here")
    assert condition is not None
    more = replace(told, follow_ups=(*told.follow_ups, later))
    before, after = (
        condition.read([asked.compiled()(narrowed(one)) for asked in compiler.questions]).says for one in (told, more)
    )
    assert not condition.rises() or before is not Says.YES or after is Says.YES


@given(data=st.data())
@few
def test_words_names_and_places_change_nothing(data: st.DataObject):
    told = data.draw(givens())
    other = replace(
        told,
        referral=data.draw(reworded(told.referral)),
        follow_ups=tuple(data.draw(reworded(one)) for one in told.follow_ups),
    )
    assert other.assess(POLICY) == told.assess(POLICY)


@given(told=givens(), word=st.sampled_from(["conviction", "ethnicity", "postcode", "police_contact", "arrest"]))
@few
def test_what_a_sender_says_by_name_of_a_person_changes_nothing(told: Given, word: str):
    said = (Statement(name=word, value="yes", place="/said"),)
    people = tuple(replace(one, statements=said) for one in told.referral.parties)
    other = replace(told, referral=replace(told.referral, statements=said, parties=people))
    assert other.assess(POLICY) == told.assess(POLICY)


@given(
    told=givens(),
    kind=st.sampled_from([kind for kind in IdentifierKind if kind not in ("md5", "sha1", "sha256", "pdq")]),
)
@few
def test_a_person_on_a_list_changes_nothing(told: Given, kind: IdentifierKind):
    on_a_list = ListHit(list_name="managed", list_version="1", kind=kind, value="ben@example.org", code="convicted")
    assert replace(told, hits=(*told.hits, on_a_list)).assess(POLICY) == told.assess(POLICY)


@given(told=givens())
@few
def test_the_same_gives_the_same(told: Given):
    assert told.assess(POLICY) == told.assess(load())


@given(data=st.data())
@few
def test_the_order_of_links_is_of_no_matter(data: st.DataObject):
    told = data.draw(givens())
    other = replace(told, links=tuple(data.draw(st.permutations(told.links))))
    assert other.assess(POLICY) == told.assess(POLICY)


@given(told=givens())
@few
def test_quality_and_confidence_are_shares(told: Given):
    priority = told.assess(POLICY)
    assert 0 <= priority.quality <= 1
    assert 0 <= priority.confidence <= 1


@given(told=givens())
@few
def test_an_escalation_and_only_it_goes_past_the_points(told: Given):
    priority = told.assess(POLICY)
    assert priority.band is (Band.IMMEDIATE if priority.escalations else POLICY.band_at(priority.points))


@given(told=givens())
@few
def test_no_reason_carries_an_identifier(told: Given):
    text = str([(one.says, one.value) for one in (*told.assess(POLICY).reasons, *told.assess(POLICY).escalations)])
    assert not any(held in text for held in ("192.0.2.10", "example.org", f"{7:032x}", "2014-05-06"))


def test_completeness_raises_quality_and_no_points():
    bare = Given(referral=referral(incident_type="csam"))
    address = party(PartyRole.REPORTED, 40, identifier(IdentifierKind.EMAIL, "ben@example.org"), connection())
    full = Given(
        referral=referral(
            incident_type="csam",
            incident=days_ago(1),
            platform="Example Chat",
            source_reference="1",
            parties=(address,),
        )
    )
    assert full.assess(POLICY).quality > bare.assess(POLICY).quality + 0.4
    assert full.assess(POLICY).points == bare.assess(POLICY).points

from __future__ import annotations

from dataclasses import replace

from tearmann.records import FileFacts, Moment, Passage, Statement
from tearmann.web.changes import changes
from tests.sent import a_referral, email


def listed(first, later):
    return [(one.field, one.before, one.after) for one in changes(first, later)]


def test_the_same_report_has_no_changes():
    assert listed(a_referral(1), a_referral(1)) == []


def test_a_field_that_differs_is_shown_before_and_after():
    assert listed(a_referral(1, platform="a"), a_referral(1, platform="b")) == [("platform", "a", "b")]


def test_a_field_that_came_is_shown_as_not_there_before():
    assert listed(a_referral(1), a_referral(1, urgent_reason="")) == []
    assert listed(a_referral(1), a_referral(1, platform="b")) == [("platform", "", "b")]


def test_an_identifier_is_known_by_whose_it_is_and_its_kind():
    first = a_referral(1)
    reported = replace(first.parties[0], identifiers=(email("new@example.org"),))
    later = replace(first, parties=(reported, *first.parties[1:]))
    assert listed(first, later) == [("parties reported 1 identifiers email", "person-1@example.org", "new@example.org")]


def test_where_a_value_stands_is_no_change():
    first = a_referral(1)
    later = replace(first, parties=tuple(replace(party, place="elsewhere") for party in first.parties))
    assert listed(first, later) == []


def test_a_person_who_comes_between_moves_nobody_else():
    first = a_referral(1)
    added = replace(first.parties[1], key="victim-2", age=None)
    later = replace(first, parties=(first.parties[0], added, first.parties[1]))
    assert listed(first, later) == [("parties victim 2 role", "", "victim")]


def test_words_of_the_sender_are_said_to_differ_and_are_not_quoted():
    first = a_referral(1, passages=(Passage(text="canary", place="x"),), urgent_reason="canary")
    later = a_referral(1, passages=(Passage(text="canaries", place="x"),), urgent_reason="other")
    assert listed(first, later) == [
        ("urgent reason", "the sender's words, 6 characters", "the sender's words, 5 characters"),
        ("passages", "the sender's words, 6 characters", "the sender's words, 8 characters"),
    ]


def test_times_truths_and_statements_are_in_words():
    said = Statement(name="n", value="1", place="x")
    first = a_referral(1, incident=Moment(as_given="yesterday"), statements=(said,))
    later = a_referral(
        1,
        incident=Moment(as_given="today"),
        statements=(replace(said, value="2"),),
        files=(FileFacts(key="file-1", place="x", viewed_by_sender=False),),
    )
    assert set(listed(first, later)) == {
        ("incident", "yesterday", "today"),
        ("statements n", "1", "2"),
        ("files file 1 viewed by sender", "", "no"),
    }

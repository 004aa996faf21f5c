from __future__ import annotations

from itertools import product

import pytest

from tearmann.triage.conditions import All, AnyOf, Asked, Compiler, Condition, Not, One
from tearmann.triage.questions import CANNOT_SAY, NO, Says, yes

URGENT = Asked("urgent")
ANSWERS = {Says.YES: yes("a", "/a"), Says.NO: NO, Says.CANNOT_SAY: CANNOT_SAY}
RANK = {Says.NO: 0, Says.CANNOT_SAY: 1, Says.YES: 2}
PAIRS = list(product(Says, Says))
PARTS: tuple[Condition, ...] = (One(0, URGENT), One(1, URGENT))


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_all_is_as_low_as_its_lowest_part(first: Says, second: Says):
    says = All(PARTS).read([ANSWERS[first], ANSWERS[second]]).says
    assert says is min(first, second, key=RANK.__getitem__)


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_any_is_as_high_as_its_highest_part(first: Says, second: Says):
    says = AnyOf(PARTS).read([ANSWERS[first], ANSWERS[second]]).says
    assert says is max(first, second, key=RANK.__getitem__)


@pytest.mark.parametrize(
    ("part", "whole"), [(Says.YES, Says.NO), (Says.NO, Says.YES), (Says.CANNOT_SAY, Says.CANNOT_SAY)]
)
def test_not_turns_round_what_is_known(part: Says, whole: Says):
    assert Not(One(0, URGENT)).read([ANSWERS[part]]).says is whole


def test_all_gives_every_value_and_place_once():
    answer = All((*PARTS, One(2, URGENT))).read([yes("a", "/x"), yes("b", "/x"), yes("a", "/y")])
    assert (answer.value, answer.place) == ("a, b", "/x, /y")


def test_any_gives_its_first_yes():
    assert AnyOf(PARTS).read([yes("a", "/x"), yes("b", "/y")]).value == "a"


def test_the_same_question_gets_the_same_number():
    compiler = Compiler()
    table = {"fact": "risk", "is": ["near", "coercion"]}
    first, second = (compiler.compile(dict(table), place="here") for _ in range(2))
    assert first == second
    assert len(compiler.questions) == 1


def test_one_code_and_a_list_of_it_are_the_same_question():
    compiler = Compiler()
    compiler.compile({"fact": "risk", "is": "near"}, place="here")
    compiler.compile({"fact": "risk", "is": ["near"]}, place="here")
    assert len(compiler.questions) == 1


def test_a_condition_in_words_brackets_what_is_joined():
    table = {"all": [{"fact": "urgent"}, {"any": [{"fact": "reported_child"}, {"not": {"fact": "urgent"}}]}]}
    condition = Compiler().compile(table, place="here")
    assert condition is not None
    emergency = "the sender marks the report as an emergency"
    assert condition.words() == f"{emergency} and (the person reported is under 18 or not ({emergency}))"


def test_what_joins_rising_parts_rises_and_a_not_does_not():
    assert All(PARTS).rises()
    assert not AnyOf((One(0, URGENT), Not(One(0, URGENT)))).rises()

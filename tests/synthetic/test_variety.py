"""Shares are dealt and not drawn: every kind is there in any deck."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from tearmann.intake.incident_types import incident_type
from tearmann.records import RiskCode
from tearmann.synthetic.sketch import Shape
from tearmann.synthetic.variety import MAKES, SOURCES, Deck


def test_shares_of_shapes_and_of_sources_are_parts_of_200():
    assert sum(make.share for make in MAKES.values()) == 200
    assert sum(SOURCES.values()) == 200


def test_every_shape_is_made_and_every_risk_occurs():
    assert set(MAKES) == set(Shape)
    assert {risk for make in MAKES.values() for risk in make.risks} == set(RiskCode)


@pytest.mark.parametrize("shape", Shape)
def test_the_senders_word_for_the_incident_is_known(shape):
    assert incident_type(MAKES[shape].incident_type) != "other"


def test_a_deck_deals_each_card_as_often_as_it_says_and_then_again():
    deck = Deck({"common": 7, "rare": 1}, Random(1))
    for _ in range(3):
        assert Counter(deck.draw() for _ in range(8)) == {"common": 7, "rare": 1}


def test_a_deck_is_shuffled_anew():
    deck = Deck(dict.fromkeys(range(20), 1), Random(1))
    assert [deck.draw() for _ in range(20)] != [deck.draw() for _ in range(20)]

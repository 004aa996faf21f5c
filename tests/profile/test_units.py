from __future__ import annotations

from datetime import date

import pytest

from tearmann.errors import ProfileError
from tearmann.profile import Force, UnitKind
from tests.profile.conftest import Copy


def test_the_invented_force_has_thirteen_divisions(demo: Force) -> None:
    assert len([unit for unit in demo.units if unit.kind is UnitKind.DIVISION]) == 13


def test_every_invented_division_says_so_in_its_name(demo: Force) -> None:
    assert [unit.name for unit in demo.units if "Invented" not in unit.name] == []


def test_every_invented_unit_has_a_team(demo: Force) -> None:
    assert {unit.code for unit in demo.units} - {team.unit for team in demo.teams} == set()


def test_scotland_has_only_the_units_that_public_papers_name(scotland: Force) -> None:
    assert [unit.code for unit in scotland.units] == ["IIU", "CIU", "NCAIU"]


def test_the_number_of_scottish_divisions_is_dated(scotland: Force) -> None:
    (divisions,) = (fact for fact in scotland.facts if fact.code == "division_count")
    assert (divisions.value, divisions.as_at) == ("13", "June 2020")


def test_a_unit_is_found_by_its_code(demo: Force) -> None:
    assert demo.unit("NORTH").name == "North Invented Division"


def test_a_unit_that_is_not_there_is_told_with_those_that_are(scotland: Force) -> None:
    with pytest.raises(ProfileError, match=r"units.toml has IIU, CIU, NCAIU"):
        scotland.unit("NORTH")


def test_a_force_without_teams_says_that_it_has_none(scotland: Force) -> None:
    with pytest.raises(ProfileError, match=r"no team of that code; units.toml has none"):
        scotland.team("NORTH-1")


def test_a_unit_that_has_ended_is_not_among_todays(demo_copy: Copy) -> None:
    demo_copy.change("units.toml", 'code = "NORTH"\n', 'code = "NORTH"\nvalid_to = 2025-12-31\n')
    on_the_day = [unit.code for unit in demo_copy.load().units_on(date(2026, 1, 1))]
    assert "NORTH" not in on_the_day

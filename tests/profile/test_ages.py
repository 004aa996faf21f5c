from __future__ import annotations

from datetime import date

import pytest

from tearmann.profile import AgeKind, Force


@pytest.mark.parametrize(
    ("on", "years"),
    [
        (date(2021, 12, 16), None),  # no earlier age was read in a public source: unset, not 12
        (date(2021, 12, 17), 12),
        (date(2026, 7, 6), 12),
    ],
)
def test_criminal_responsibility_in_scotland_by_the_day_of_the_act(
    scotland: Force, on: date, years: int | None
) -> None:
    rule = scotland.criminal_responsibility(on)
    assert (rule.years if rule else None) == years


@pytest.mark.parametrize(("age", "covered"), [(11, True), (12, False)])
def test_an_age_covers_those_below_it(scotland: Force, age: int, covered: bool) -> None:
    rule = scotland.criminal_responsibility(date(2026, 7, 6))
    assert rule is not None
    assert rule.covers(age) is covered


def test_everybody_below_eighteen_is_a_child_in_scotland(scotland: Force) -> None:
    rule = scotland.child(date(2026, 7, 6))
    assert rule is not None
    assert rule.years == 18


def test_prosecution_below_sixteen_is_on_instruction_in_scotland(scotland: Force) -> None:
    rule = scotland.age_rule(AgeKind.PROSECUTION_ON_INSTRUCTION, date(2026, 7, 6))
    assert rule is not None
    assert rule.years == 16

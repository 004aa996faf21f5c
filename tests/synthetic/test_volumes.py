"""A year has its count exactly, and weekdays, hours, a trend and surges in it."""

from __future__ import annotations

from collections import Counter
from datetime import date
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tearmann.synthetic import volumes
from tearmann.synthetic.draw import Draw

UNTIL = date(2026, 11, 2)


@settings(max_examples=50)
@given(st.integers(0, 5_000), st.lists(st.floats(0.01, 10), min_size=1, max_size=60), st.integers(0, 100))
def test_shares_add_up_and_follow_the_weights(count, busy, seed):
    shared = volumes.shares(count, busy, Random(seed))
    assert sum(shared) == count
    assert len(shared) == len(busy)
    for share, weight in zip(shared, busy, strict=True):
        assert abs(share - count * weight / sum(busy)) <= 2


@settings(max_examples=30)
@given(st.integers(1, 300), st.integers(1, 800), st.integers(0, 50))
def test_a_year_has_its_count_in_order_within_its_days(count, days, seed):
    arrivals = [sketch.arrives_at for sketch in Draw(seed=seed, sources=True).year(count=count, until=UNTIL, days=days)]
    assert len(arrivals) == count
    assert all(one <= other for one, other in pairwise(arrivals))
    assert all(0 < (UNTIL - at.date()).days <= days for at in arrivals)


@pytest.fixture(scope="module")
def arrivals():
    return [sketch.arrives_at for sketch in Draw(seed=4, sources=False).year(count=9_000, until=UNTIL, days=364)]


def test_weekdays_are_busier_than_weekends(arrivals):
    by_weekday = Counter(at.weekday() for at in arrivals)
    assert min(by_weekday[day] for day in range(4)) > max(by_weekday[5], by_weekday[6])


def test_days_are_busier_than_nights(arrivals):
    assert sum(9 <= at.hour < 18 for at in arrivals) > 3 * sum(at.hour < 7 for at in arrivals)


def test_the_year_rises_and_is_never_still(arrivals):
    weeks = Counter((UNTIL - at.date()).days // 7 for at in arrivals)
    assert len(weeks) >= 52
    assert min(weeks[week] for week in range(52)) > 0.4 * len(arrivals) / 52


def test_a_trend_shows_in_the_weights():
    years = [volumes.weights(until=UNTIL, days=364, rng=Random(seed)) for seed in range(40)]
    first, second = sum(sum(busy[:182]) for busy in years), sum(sum(busy[182:]) for busy in years)
    assert 1.03 < second / first < 1.2


def test_a_surge_shows_in_the_busiest_week(arrivals):
    weeks = Counter((UNTIL - at.date()).days // 7 for at in arrivals)
    assert max(weeks.values()) > 1.4 * sorted(weeks.values())[len(weeks) // 2]


@pytest.mark.parametrize(("days", "length"), [(365, 10), (3, 3), (1, 1)])
def test_a_flood_is_whole_and_short(days, length):
    flood = volumes.flood(100, days=days, rng=Random(1))
    assert sum(flood) == 100
    assert sum(1 for many in flood if many) == length

"""When invented referrals arrive: a year with a mild trend, weekdays, hours, lively weeks and surges.

The shape is ours; only its scale is taken from outside, and `count` sets that. About 1,700 referrals a week
reached all British forces in 2026 (press), so 2,000 to 9,000 a year is a force of Scotland's size.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate
from random import Random

YEARLY_RISE = 0.2
BY_WEEKDAY = (1.08, 1.12, 1.10, 1.08, 1.02, 0.82, 0.78)  # Monday first
BY_HOUR = (0.4,) * 7 + (0.8, 1.2, 1.6, 1.8, 1.7, 1.5, 1.7, 1.8, 1.7, 1.5, 1.3, 1.2, 1.1, 1.0, 0.9, 0.7, 0.5)
SURGES = 3
SURGE_DAYS = 6
SURGE_TIMES = 1.8

_HOURS = tuple(accumulate(BY_HOUR))


def weights(*, until: date, days: int, rng: Random) -> list[float]:
    """Return how busy each day is against the others; the last day is the one before `until`."""
    first = until - timedelta(days=days)
    lively = [rng.gammavariate(40, 1 / 40) for _ in range(days // 7 + 2)]  # one factor a week, mean 1
    busy = [
        (1 + YEARLY_RISE * day / 365) * BY_WEEKDAY[(first + timedelta(days=day)).weekday()] * lively[day // 7]
        for day in range(days)
    ]
    for _ in range(SURGES):
        start = rng.randrange(days)
        for day in range(start, min(days, start + SURGE_DAYS)):
            busy[day] *= SURGE_TIMES
    return busy


def shares(count: int, busy: list[float], rng: Random) -> list[int]:
    """Share `count` among days by their weight: the sum is exact, and no day is off by more than one."""
    if count == 0:
        return [0] * len(busy)
    step = sum(busy) / count
    start = rng.random()
    shared, before = [], 0
    for reached in accumulate(busy):
        after = min(count, int(reached / step + start))
        shared.append(after - before)
        before = after
    shared[-1] += count - before
    return shared


def times(on: date, how_many: int, rng: Random) -> list[datetime]:
    """Return that many times on a day, in order, aware, to the second."""
    midnight = datetime.combine(on, time(), UTC)
    seconds = []
    for _ in range(how_many):
        hour = bisect_right(_HOURS, rng.random() * _HOURS[-1])
        seconds.append(min(hour, 23) * 3_600 + rng.randrange(3_600))
    return [midnight + timedelta(seconds=second) for second in sorted(seconds)]


def flood(count: int, *, days: int, rng: Random) -> list[int]:
    """Return how many of a flood's `count` referrals arrive on each day: all of them within ten days."""
    length = min(10, days)
    start = rng.randrange(days - length + 1)
    per_day = [0] * days
    for each in range(count):
        per_day[start + each % length] += 1
    return per_day


def days_of(*, until: date, days: int) -> Iterator[date]:
    first = until - timedelta(days=days)
    return (first + timedelta(days=day) for day in range(days))

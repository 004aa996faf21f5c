"""The queue: what is opened next, page by page, and what of it is counted and expiring."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tearmann.casework.doing import Actor
from tearmann.casework.models import Case, Clock
from tearmann.casework.models.case import Rank
from tearmann.casework.queries.queue import EXPIRING_WITHIN, QueueFilter, expiring, queue, stages
from tearmann.casework.states import State
from tearmann.people.models import Team
from tearmann.records import Moment
from tests.casework.conftest import the_case
from tests.conftest import NOON
from tests.sent import a_referral, at_risk

pytestmark = pytest.mark.django_db


def days_ago(number: int, days: int):
    at = NOON - timedelta(days=days)
    return a_referral(number, received=Moment(as_given=at.isoformat(), at=at))


def stand(number: int, *, rank: Rank) -> None:
    """Put a case where a policy that is switched on would."""
    Case.objects.filter(pk=the_case(number).pk).update(
        rank=rank, live=True, assessed_at=None if rank == Rank.UNASSESSED else NOON
    )


@pytest.fixture
def queued(operator):
    """A function: the sender's numbers of the queue, as the operator or somebody else sees it."""

    def numbers(wanted: QueueFilter | None = None, *, viewer: Actor = operator.by, **how) -> list[str]:
        page = queue(viewer, wanted or QueueFilter(), now=NOON, **how)
        return [row.case.referrals.get(relation="first").source_reference for row in page.rows]

    return numbers


# -- the order


def test_unassessed_come_first_then_hard_escalations_then_priority(received, queued):
    ranks = [Rank.ROUTINE, Rank.URGENT, Rank.ESCALATED, Rank.STANDARD, Rank.UNASSESSED, Rank.IMMEDIATE]
    received(*(a_referral(number) for number in range(6)))
    for number, rank in enumerate(ranks):
        stand(number, rank=rank)
    assert queued() == ["4", "2", "5", "1", "3", "0"]


def test_of_equals_the_oldest_comes_first(received, queued):
    received(days_ago(1, 2), days_ago(2, 9), days_ago(3, 5))
    assert queued() == ["2", "3", "1"]


def test_an_escalated_case_comes_before_an_older_one(received, queued):
    received(days_ago(1, 30), at_risk(a_referral(2)))
    assert queued() == ["2", "1"]


@pytest.mark.parametrize("state", ["closed", "transferred", "disseminated", "actioned"])
def test_what_is_done_or_waits_for_others_is_not_in_the_queue(received, queued, state):
    received(a_referral(1), a_referral(2))
    Case.objects.filter(pk=the_case(1).pk).update(state=state, is_open=state not in ("closed", "transferred"))
    assert queued() == ["2"]


def test_what_waits_for_others_has_a_queue_of_its_own(received, queued):
    received(a_referral(1), a_referral(2))
    Case.objects.filter(pk=the_case(1).pk).update(state=State.DISSEMINATED)
    assert queued(QueueFilter(state=State.DISSEMINATED)) == ["1"]


# -- pages


def test_pages_follow_one_another_without_a_gap_and_without_a_double(received, operator):
    received(*(at_risk(days_ago(n, n // 2)) if n % 3 else days_ago(n, n // 2) for n in range(11)))
    whole = [row.case for row in queue(operator.by, QueueFilter(), now=NOON).rows]
    seen, after = [], ""
    while True:
        page = queue(operator.by, QueueFilter(), now=NOON, after=after, size=3)
        seen += [row.case for row in page.rows]
        after = page.after
        if not after:
            break
    assert seen == whole
    assert len(seen) == 11


@pytest.mark.parametrize("after", ["nonsense", "1~2", "a~b~c", "1~2026-11-02T12:00:00~1~1"])
def test_nonsense_for_a_cursor_is_the_first_page(received, queued, after):
    received(a_referral(1))
    assert queued(after=after) == ["1"]


def test_more_rows_ask_no_more_of_the_store(received, operator):
    asked = []
    for numbers in (range(2), range(2, 12)):
        received(*(at_risk(a_referral(number)) for number in numbers))
        with CaptureQueriesContext(connection) as statements:
            queue(operator.by, QueueFilter(), now=NOON)
        asked.append(len(statements))
    assert asked[0] == asked[1]


# -- what of it is wanted


def test_each_filter_keeps_what_it_asks_for(received, queued, north, south, team_north, ann):
    received(a_referral(1), at_risk(a_referral(2)), replace(a_referral(3), source="partner"))
    received(a_referral(4), unit=south)
    Case.objects.filter(pk=the_case(1).pk).update(owner=ann)
    stand(3, rank=Rank.UNASSESSED)
    assert queued(QueueFilter(unit=south.pk)) == ["4"]
    assert queued(QueueFilter(unit=north.pk, team=team_north.pk)) == ["3", "2", "1"]
    assert queued(QueueFilter(owner=ann.pk)) == ["1"]
    assert queued(QueueFilter(escalated=True)) == ["2"]
    assert queued(QueueFilter(unassessed=True)) == ["3"]
    assert queued(QueueFilter(source="partner")) == ["3"]
    assert queued(QueueFilter(state=State.TRIAGED)) == []


def test_mine_is_what_i_own_and_what_my_teams_have_that_nobody_owns(
    received, queued, north, team_north, ann, supervisor_north
):
    other = Team.objects.create(code="north-2", name="Other team", unit=north)
    received(*(a_referral(number) for number in range(1, 5)))
    Case.objects.filter(pk=the_case(1).pk).update(owner=ann, team=other)
    Case.objects.filter(pk=the_case(3).pk).update(owner=supervisor_north)
    Case.objects.filter(pk=the_case(4).pk).update(team=other)
    ann.teams.add(team_north)
    assert queued(QueueFilter(mine=True), viewer=Actor.of(ann)) == ["1", "2"]


def test_the_operator_owns_nothing(received, queued):
    received(a_referral(1))
    assert queued(QueueFilter(mine=True)) == []


# -- what a row says


def test_a_row_counts_the_children_and_names_the_next_expiry(received, operator):
    received(a_referral(1))
    Clock.objects.update(due_at=NOON + timedelta(days=3))
    (row,) = queue(operator.by, QueueFilter(), now=NOON).rows
    assert (row.children, row.expires_at) == (1, NOON + timedelta(days=3))


def test_an_expiry_that_has_passed_is_no_next_one(received, operator):
    received(a_referral(1))
    Clock.objects.update(due_at=NOON - timedelta(days=3))
    (row,) = queue(operator.by, QueueFilter(), now=NOON).rows
    assert row.expires_at is None


# -- the lane of expiring data


def expiring_in(number: int, **until: int) -> None:
    Clock.objects.filter(case=the_case(number)).update(due_at=NOON + timedelta(**until))


def test_the_soonest_expiry_comes_first(received, operator):
    received(a_referral(1), a_referral(2))
    expiring_in(1, days=5)
    expiring_in(2, days=2)
    lane = expiring(operator.by, QueueFilter(), now=NOON)
    assert [one.row.case for one in lane] == [the_case(2), the_case(1)]
    assert lane[0].due_at == NOON + timedelta(days=2)


@pytest.mark.parametrize(
    "until", [timedelta(0), timedelta(hours=-1), EXPIRING_WITHIN + timedelta(seconds=1)], ids=["now", "past", "far"]
)
def test_what_is_lost_already_or_not_soon_is_not_in_the_lane(received, operator, until):
    received(a_referral(1))
    Clock.objects.update(due_at=NOON + until)
    assert expiring(operator.by, QueueFilter(), now=NOON) == ()


def test_a_clock_that_was_stopped_is_not_in_the_lane(received, operator):
    received(a_referral(1))
    Clock.objects.update(due_at=NOON + timedelta(days=1), stopped_at=NOON)
    assert expiring(operator.by, QueueFilter(), now=NOON) == ()


def test_a_case_stands_in_the_lane_once_with_its_soonest_expiry(received, operator):
    received(a_referral(1))
    expiring_in(1, days=5)
    sooner = NOON + timedelta(days=1)
    Clock.objects.create(case=the_case(1), kind="ip_event_expiry", started_at=NOON, due_at=sooner)
    (one,) = expiring(operator.by, QueueFilter(), now=NOON)
    assert (one.kind, one.due_at) == ("ip_event_expiry", sooner)


# -- stages


def test_stages_are_counted_in_their_order_with_the_age_of_the_oldest(received, operator):
    received(days_ago(1, 3), days_ago(2, 8), a_referral(3), a_referral(4))
    Case.objects.filter(pk=the_case(3).pk).update(state=State.DEVELOPING)
    Case.objects.filter(pk=the_case(4).pk).update(state=State.CLOSED, is_open=False)
    counted = [(stage.state, stage.cases, stage.oldest) for stage in stages(operator.by, QueueFilter())]
    assert counted == [(State.RECEIVED, 2, NOON - timedelta(days=8)), (State.DEVELOPING, 1, NOON)]


def test_stages_count_one_units_cases_when_asked(received, operator, south):
    received(a_referral(1), a_referral(2))
    received(a_referral(3), unit=south)
    (stage,) = stages(operator.by, QueueFilter(unit=south.pk))
    assert stage.cases == 1

"""The moves of a case: every act from every state, by whom, and what they leave behind."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from tearmann.casework.actions import moves
from tearmann.casework.models import Case
from tearmann.casework.models.case import Rank
from tearmann.casework.queries.case_page import timeline
from tearmann.casework.queries.queue import QueueFilter, queue
from tearmann.casework.states import MOVES, OPEN, State
from tearmann.errors import NotFound, NotPermitted, ProfileError, WrongState
from tearmann.ledger.chain import Chain, verify
from tearmann.ledger.models import Entry, Text
from tearmann.people.models import Role, Team
from tests.casework.conftest import an_officer, the_case
from tests.conftest import NOON
from tests.sent import a_referral

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=1)
REASON = "An invented reason"

# Act: the states it starts from, the one it leads to, and the verb of its entry. Written out apart from the code.
SPEC = {
    "decide": ({"received"}, "triaged", "decided"),
    "allocate": ({"triaged", "allocated", "developing"}, "allocated", "allocated"),
    "develop": ({"allocated"}, "developing", "development_begun"),
    "disseminate": ({"developing"}, "disseminated", "disseminated"),
    "record_outcome": ({"developing", "disseminated"}, "actioned", "outcome"),
    "close": ({"triaged", "disseminated", "actioned"}, "closed", "closed"),
}
BY_A_DESK_OFFICER = sorted(set(SPEC) - {"allocate"})


@pytest.fixture
def case(received) -> Case:
    received(a_referral())
    return the_case()


@pytest.fixture
def do(case, team_north, doing_as, supervisor_north):
    """A function: do an act on the case from a state, as a supervisor of its unit unless said otherwise."""

    def act(name: str, state: str | None = None, *, by=supervisor_north, reason: str = REASON, **more) -> Case:
        first = state or sorted(SPEC[name][0])[0]
        Case.objects.update(state=first, is_open=first in OPEN)
        match name:
            case "allocate":
                more.setdefault("to", team_north)
            case "record_outcome":
                more.setdefault("outcome", "arrest")
            case "close":
                more.setdefault("code", "no_crime")
        getattr(moves, name)(case, doing=replace(doing_as(by), at=LATER), reason=reason, **more)
        return Case.objects.get()

    return act


def last_entry() -> Entry:
    entry = Entry.objects.filter(chain="history").order_by("-seq").first()
    assert entry is not None
    return entry


def test_the_spec_names_every_move_of_a_person():
    assert set(SPEC) == set(MOVES) - {"follow_up"}


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("name", SPEC)
def test_each_move_starts_from_its_states_and_leads_to_one(do, name, state):
    starts, leads_to, _ = SPEC[name]
    if state.value in starts:
        assert do(name, state.value).state == leads_to
        return
    with pytest.raises(WrongState):
        do(name, state.value)
    assert Case.objects.get().state == state


@pytest.mark.parametrize("name", SPEC)
def test_a_move_says_since_when_and_makes_a_new_version(do, case, name):
    moved = do(name)
    assert (moved.state_since, moved.changed_at, moved.version) == (LATER, LATER, case.version + 1)


@pytest.mark.parametrize("name", SPEC)
def test_only_closing_takes_a_case_off_the_open_ones(do, name):
    assert do(name).is_open == (name != "close")


@pytest.mark.parametrize("name", SPEC)
def test_a_move_is_recorded_with_who_did_it_and_the_digest_of_why(do, case, name):
    do(name)
    entry = last_entry()
    assert (entry.verb, entry.actor_ref, entry.subject_ref) == (SPEC[name][2], "supervisor-north", case.reference)
    assert Text.objects.get(digest=json.loads(entry.body)["why"]).body == REASON


@pytest.mark.parametrize("name", SPEC)
def test_the_reason_itself_stands_in_no_log(do, name):
    do(name)
    assert not Entry.objects.filter(body__contains=REASON).exists()


def test_a_reason_is_erased_and_the_log_stays_whole(do, case):
    do("decide")
    assert timeline(case)[0].why == REASON
    assert Text.erase(reference=case.reference) == 1
    assert timeline(case)[0].why == ""
    assert verify(Chain.HISTORY).ok


@pytest.mark.parametrize("name", SPEC)
def test_when_the_entry_fails_nothing_else_is_saved(do, monkeypatch, name):
    def break_it(_):
        raise RuntimeError("the log does not answer")

    monkeypatch.setattr(moves, "record", break_it)
    before = Entry.objects.count()
    with pytest.raises(RuntimeError):
        do(name)
    assert Case.objects.get().state == sorted(SPEC[name][0])[0]
    assert (Entry.objects.count(), Text.objects.count()) == (before, 0)


# -- who may not


@pytest.mark.parametrize("name", SPEC)
def test_for_another_units_officer_there_is_no_such_case(do, south, name):
    outsider = an_officer(Role.SUPERVISOR, south)
    with pytest.raises(NotFound):
        do(name, by=outsider)


@pytest.mark.parametrize("role", [Role.ANALYST, Role.LEADER, Role.INSPECTOR, Role.AUDITOR, Role.DATA_PROTECTION])
@pytest.mark.parametrize("name", SPEC)
def test_who_reads_only_moves_nothing(do, north, name, role):
    reader = an_officer(role, north)
    with pytest.raises(NotPermitted):
        do(name, by=reader)


@pytest.mark.parametrize("name", SPEC)
def test_a_restricted_case_is_none_for_its_own_units_supervisor_who_is_not_named(do, name):
    Case.objects.update(restricted=True)
    with pytest.raises(NotFound):
        do(name)


@pytest.mark.parametrize("name", SPEC)
def test_a_named_supervisor_moves_a_restricted_case(do, case, supervisor_north, name):
    Case.objects.update(restricted=True)
    case.named_readers.create(officer=supervisor_north, named_at=NOON)
    assert do(name).state == SPEC[name][1]


@pytest.mark.parametrize("name", BY_A_DESK_OFFICER)
def test_a_desk_officer_of_the_unit_does_all_but_allocate(do, ann, name):
    assert do(name, by=ann).state == SPEC[name][1]


def test_a_desk_officer_allocates_nothing(do, ann):
    with pytest.raises(NotPermitted):
        do("allocate", by=ann)


@pytest.mark.parametrize("name", SPEC)
def test_a_refused_move_leaves_no_entry_and_no_text(do, south, name):
    before = Entry.objects.count()
    with pytest.raises(NotFound):
        do(name, by=an_officer(Role.SUPERVISOR, south))
    assert (Entry.objects.count(), Text.objects.count()) == (before, 0)


# -- what each adds


def test_a_case_is_allocated_to_a_team_and_an_officer_of_it(do, team_north, ann):
    ann.teams.add(team_north)
    allocated = do("allocate", owner=ann)
    assert (allocated.team, allocated.owner) == (team_north, ann)
    assert json.loads(last_entry().body)["owner"] == "ann"


def test_a_case_is_allocated_to_no_other_unit(do, south):
    with pytest.raises(NotPermitted, match="within its unit"):
        do("allocate", to=Team.objects.create(code="south-1", name="South team", unit=south))


def test_a_case_is_allocated_to_no_officer_of_another_team(do, ann):
    with pytest.raises(NotPermitted, match="not of that team"):
        do("allocate", owner=ann)


def test_allocated_again_without_an_owner_it_is_nobodys(do, team_north, ann):
    ann.teams.add(team_north)
    do("allocate", owner=ann)
    assert do("allocate", "allocated").owner is None


def test_an_allocated_case_is_assessed_again_under_its_new_team(do, received, north, switched_on):
    quiet = Team.objects.create(code="north-2", name="Quiet team", unit=north)
    do("allocate", to=quiet)
    received()
    assert not Case.objects.get().live
    do("allocate", "allocated", to=switched_on)
    received()
    assert Case.objects.get().live


def test_a_case_that_goes_to_a_team_in_shadow_shows_no_priority_from_that_moment(
    received, do, north, switched_on, operator
):
    received()
    assert Case.objects.get().live
    do("allocate", to=Team.objects.create(code="north-2", name="Quiet team", unit=north))
    (row,) = queue(operator.by, QueueFilter(), now=LATER).rows
    assert (row.mode, row.band, row.reasons, row.case.rank) == ("shadow", None, (), Rank.STANDARD)


@pytest.mark.parametrize(("name", "word"), [("record_outcome", "outcome"), ("close", "code")])
def test_a_code_that_the_profile_does_not_have_is_refused(do, name, word):
    with pytest.raises(ProfileError):
        do(name, **{word: "no_such_code"})
    assert Case.objects.get().state == sorted(SPEC[name][0])[0]


def test_the_outcome_and_the_closing_reason_stand_in_the_history(do):
    do("record_outcome")
    assert json.loads(last_entry().body)["outcome"] == "arrest"
    do("close")
    assert json.loads(last_entry().body)["code"] == "no_crime"

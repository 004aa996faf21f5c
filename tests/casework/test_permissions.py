"""The pure matrix: every act × role × unit × restriction × state, against a table written by hand."""

from __future__ import annotations

import itertools

import pytest

from tearmann.casework import actions
from tearmann.casework.doing import ACTS, Actor
from tearmann.casework.permissions import CASE_ACTS, OTHER_ACTS, Sight, Standing, check, check_other, may, sight
from tearmann.casework.states import MOVES, State
from tearmann.errors import NotFound, NotPermitted, WrongState
from tearmann.people.models import Role

# Role: what it sees of an unrestricted case of its own unit, and of another's. Written out apart from the code.
SEES = {
    "desk_officer": ("read", "stub"),
    "supervisor": ("read", "stub"),
    "analyst": ("read", "stub"),
    "leader": ("read", "stub"),
    "inspector": ("read", "read"),
    "auditor": ("read", "read"),
    "data_protection": ("read", "read"),
    "administrator": ("nothing", "nothing"),
}
# Act: the roles that may do it on a case of their own unit.
DOES = {
    "decide": {"desk_officer", "supervisor"},
    "allocate": {"supervisor"},
    "develop": {"desk_officer", "supervisor"},
    "disseminate": {"desk_officer", "supervisor"},
    "record_outcome": {"desk_officer", "supervisor"},
    "close": {"desk_officer", "supervisor"},
    "add_reference": {"desk_officer", "supervisor"},
    "restrict": {"supervisor"},
    "lift_restriction": {"supervisor"},
    "name_reader": {"supervisor"},
    "mark_alerts_seen": {"desk_officer", "supervisor"},
    "open_payload": {"supervisor", "data_protection"},
}
STANDINGS = [
    Standing(own_unit=own, restricted=restricted, named=named)
    for own, restricted, named in itertools.product((True, False), repeat=3)
]


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("standing", STANDINGS)
def test_what_each_role_sees(role, standing):
    own, other = SEES[role.value]
    if standing.restricted:
        expected = "read" if standing.named else "nothing"
    else:
        expected = own if standing.own_unit or standing.named else other
    assert sight(role, standing).name.lower() == expected


@pytest.mark.parametrize("name", CASE_ACTS)
@pytest.mark.parametrize("role", Role)
def test_what_each_role_may_do(name, role):
    for standing in STANDINGS:
        reads = sight(role, standing) is Sight.READ
        near = standing.own_unit or standing.named or name == "open_payload"
        assert may(name, role, standing) == (reads and near and role.value in DOES[name]), standing


@pytest.mark.parametrize("name", CASE_ACTS)
@pytest.mark.parametrize("role", Role)
def test_an_act_is_refused_by_the_first_thing_that_forbids_it(name, role):
    by = Actor(kind="officer", reference="officer", role=role, unit=1, officer=1)
    allowed_states = MOVES[name][0] if name in MOVES else frozenset(State)
    for standing, state in itertools.product(STANDINGS, State):
        if sight(role, standing) is not Sight.READ:
            expected = NotFound
        elif not may(name, role, standing):
            expected = NotPermitted
        elif state not in allowed_states:
            expected = WrongState
        else:
            check(name, by, standing, state)
            continue
        with pytest.raises(expected):
            check(name, by, standing, state)


@pytest.mark.parametrize("name", OTHER_ACTS)
@pytest.mark.parametrize("role", Role)
def test_acts_about_no_case_are_for_the_roles_named_only(name, role):
    by = Actor(kind="officer", reference="officer", role=role)
    if role in OTHER_ACTS[name]:
        check_other(name, by)
        return
    with pytest.raises(NotPermitted):
        check_other(name, by)


def test_nobody_outside_the_named_readers_learns_of_a_restricted_case():
    hidden = Standing(own_unit=True, restricted=True, named=False)
    assert {sight(role, hidden) for role in Role} == {Sight.NOTHING}


def test_every_act_is_in_the_matrix():
    for module in ("receive", "moves", "restriction", "policy", "lists", "quarantine", "references", "reading"):
        __import__(f"{actions.__name__}.{module}")
    # What the service does by itself, and the logging of reads, are nobody's privilege.
    unprivileged = {"store", "assess", "consulted", "searched", "knocked"}
    assert set(ACTS) - unprivileged == (set(CASE_ACTS) | set(OTHER_ACTS)) - {"receive"}

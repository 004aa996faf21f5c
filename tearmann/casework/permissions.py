"""Who may see and do what: one pure table over act, role, unit, state and restriction.

Deny by default. Queries start from `visible_to` and acts from `check`, and both ask only what stands here.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from tearmann.casework.doing import Actor
from tearmann.casework.states import MOVES, State
from tearmann.errors import NotFound, NotPermitted, WrongState
from tearmann.people.models import Role


class Sight(IntEnum):
    """How much of a case somebody may see. Each holds the ones before it."""

    NOTHING = 0  # it does not exist for them
    STUB = 1  # reference, unit, state and contact desk
    READ = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What of a case and a viewer decides: the case's unit and restriction, and whether the viewer is named."""

    own_unit: bool
    restricted: bool
    named: bool = False


# What a role sees of an unrestricted case: of its own unit, and of another's.
SIGHT: dict[Role, tuple[Sight, Sight]] = {
    Role.DESK_OFFICER: (Sight.READ, Sight.STUB),
    Role.SUPERVISOR: (Sight.READ, Sight.STUB),
    Role.ANALYST: (Sight.READ, Sight.STUB),
    Role.LEADER: (Sight.READ, Sight.STUB),
    Role.INSPECTOR: (Sight.READ, Sight.READ),
    Role.AUDITOR: (Sight.READ, Sight.READ),
    Role.DATA_PROTECTION: (Sight.READ, Sight.READ),
    # An administrator keeps accounts and teams, and needs no case for that.
    Role.ADMINISTRATOR: (Sight.NOTHING, Sight.NOTHING),
}

_DESK = frozenset({Role.DESK_OFFICER, Role.SUPERVISOR})
_SUPERVISOR = frozenset({Role.SUPERVISOR})

# Acts on one case: who, of those who may read it and belong to its unit. The operator of a command may do each.
CASE_ACTS: dict[str, frozenset[Role]] = {
    "decide": _DESK,
    "allocate": _SUPERVISOR,
    "develop": _DESK,
    "disseminate": _DESK,
    "record_outcome": _DESK,
    "close": _DESK,
    "add_reference": _DESK,
    "restrict": _SUPERVISOR,
    "lift_restriction": _SUPERVISOR,
    "name_reader": _SUPERVISOR,
    "mark_alerts_seen": _DESK,
    "open_payload": frozenset({Role.SUPERVISOR, Role.DATA_PROTECTION}),
}

# Acts that are about no one case.
OTHER_ACTS: dict[str, frozenset[Role]] = {
    "receive": _DESK,
    "settle_quarantine": _DESK,
    "load_list": frozenset(),  # an operator's command only
    "withdraw_list": frozenset(),
    "match_hashes": frozenset(),
    "approve_policy": frozenset(),
    "propose_switch": frozenset({Role.SUPERVISOR, Role.LEADER}),
    "confirm_switch": frozenset({Role.SUPERVISOR, Role.LEADER}),
    "end_switch": frozenset({Role.SUPERVISOR, Role.LEADER}),
}

# Whoever may read restricted or other units' cases by office acts outside their own unit in these only.
ACROSS_UNITS = frozenset({"open_payload"})


def sight(role: Role | None, standing: Standing) -> Sight:
    """What a role may see of a case. role None: the operator of a command, who holds the store."""
    if role is None:
        return Sight.READ
    if standing.restricted:
        return Sight.READ if standing.named else Sight.NOTHING
    own, other = SIGHT[role]
    return own if standing.own_unit or standing.named else other


def may(name: str, role: Role | None, standing: Standing) -> bool:
    """Whether a role may do an act on a case of this standing, its state apart."""
    if role is None:
        return True
    if sight(role, standing) is not Sight.READ or role not in CASE_ACTS[name]:
        return False
    return standing.own_unit or standing.named or name in ACROSS_UNITS


def check(name: str, by: Actor, standing: Standing, state: State | None = None) -> None:
    """Raise unless the act is allowed: NotFound where they may not see it, NotPermitted, or WrongState."""
    if sight(by.role, standing) is not Sight.READ:
        raise NotFound("no such case")
    if not may(name, by.role, standing):
        who = sorted(role.label.lower() for role in CASE_ACTS[name])
        raise NotPermitted(f"to {name.replace('_', ' ')} takes a {' or '.join(who)} of the case's unit")
    if state is not None and name in MOVES and state not in MOVES[name][0]:
        begins = ", ".join(sorted(MOVES[name][0]))
        raise WrongState(f"the case is {state}; to {name.replace('_', ' ')} it has to be {begins}")


def check_other(name: str, by: Actor) -> None:
    """Raise NotPermitted unless this person may do an act that is about no one case."""
    if by.role is not None and by.role not in OTHER_ACTS[name]:
        who = sorted(role.label.lower() for role in OTHER_ACTS[name]) or ["the operator of a command"]
        raise NotPermitted(f"to {name.replace('_', ' ')} takes {' or '.join(who)}")

"""The moves of a case through its life. Each is a person's, with a reason, and could have been another."""

from __future__ import annotations

from tearmann.casework.actions.assess import live_teams
from tearmann.casework.doing import Doing, act
from tearmann.casework.entries import history
from tearmann.casework.locked import locked
from tearmann.casework.models import Case
from tearmann.casework.permissions import check
from tearmann.casework.shadow import withhold_priority
from tearmann.casework.states import MOVES, OPEN, State
from tearmann.errors import NotPermitted
from tearmann.ledger.chain import record
from tearmann.ledger.models import Text
from tearmann.people.models import Officer, Team


def _move(name: str, case: Case, doing: Doing) -> None:
    case.state = MOVES[name][1]
    case.state_since = doing.at
    case.is_open = State(case.state) in OPEN
    case.changed_at = doing.at
    case.version += 1


_MOVED = ["state", "state_since", "is_open", "changed_at", "version"]


@act
def decide(case: Case, *, doing: Doing, reason: str) -> None:
    """A person has read the case and decided that it is worked on."""
    case, standing = locked(case, doing.by)
    check("decide", doing.by, standing, State(case.state))
    _move("decide", case, doing)
    case.save(update_fields=_MOVED)
    record([history("decided", case.reference, doing, why=_why(case, reason))])


@act
def allocate(case: Case, *, to: Team, owner: Officer | None = None, doing: Doing, reason: str) -> None:
    """Give the case to a team of its unit, and to one of its officers if one is named."""
    case, standing = locked(case, doing.by)
    check("allocate", doing.by, standing, State(case.state))
    if to.unit_id != case.unit_id:
        raise NotPermitted("a case is allocated within its unit; choose a team of it")
    if owner is not None and not owner.teams.filter(pk=to.pk).exists():
        raise NotPermitted("the officer is not of that team; choose one who is")
    _move("allocate", case, doing)
    case.team, case.owner = to, owner
    # Another team may have the policy switched on, or off: where the case stands is worked out again.
    case.needs_assessment = True
    case.save(update_fields=[*_MOVED, "team", "owner", "needs_assessment"])
    if to.pk not in live_teams():
        withhold_priority(Case.objects.filter(pk=case.pk))
    record([
        history(
            "allocated",
            case.reference,
            doing,
            team=to.code,
            owner=owner.sign_in if owner else None,
            why=_why(case, reason),
        )
    ])  # fmt: skip


@act
def develop(case: Case, *, doing: Doing, reason: str) -> None:
    """Work on the case has begun."""
    case, standing = locked(case, doing.by)
    check("develop", doing.by, standing, State(case.state))
    _move("develop", case, doing)
    case.save(update_fields=_MOVED)
    record([history("development_begun", case.reference, doing, why=_why(case, reason))])


@act
def disseminate(case: Case, *, doing: Doing, reason: str) -> None:
    """The package has gone to those who act on it."""
    case, standing = locked(case, doing.by)
    check("disseminate", doing.by, standing, State(case.state))
    _move("disseminate", case, doing)
    case.save(update_fields=_MOVED)
    record([history("disseminated", case.reference, doing, why=_why(case, reason))])


@act
def record_outcome(case: Case, *, outcome: str, doing: Doing, reason: str) -> None:
    """What came of it, as a code of the profile's vocabulary of outcomes."""
    case, standing = locked(case, doing.by)
    check("record_outcome", doing.by, standing, State(case.state))
    doing.force.vocabulary("outcomes").check(outcome, doing.force.local_date(doing.at))
    _move("record_outcome", case, doing)
    case.save(update_fields=_MOVED)
    record([history("outcome", case.reference, doing, outcome=outcome, why=_why(case, reason))])


@act
def close(case: Case, *, code: str, doing: Doing, reason: str) -> None:
    """Close the case, with a coded reason and in the person's words why."""
    case, standing = locked(case, doing.by)
    check("close", doing.by, standing, State(case.state))
    doing.force.vocabulary("closing_reasons").check(code, doing.force.local_date(doing.at))
    _move("close", case, doing)
    case.save(update_fields=_MOVED)
    record([history("closed", case.reference, doing, code=code, why=_why(case, reason))])


def _why(case: Case, reason: str) -> str:
    """Keep the reason as erasable text; only its digest is chained."""
    return Text.write(reference=case.reference, body=reason).digest

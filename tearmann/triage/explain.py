"""What a policy says, and what would change a priority, in words: for the page and the reference."""

from __future__ import annotations

from dataclasses import dataclass

from tearmann.errors import PolicyError
from tearmann.records import Band, Priority, Reason
from tearmann.triage.policy import Policy

PRESSING = tuple(Band)  # most pressing first


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One escalation or rule as a row of the reference. points: None for an escalation, which needs none."""

    name: str
    when: str
    points: int | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Something that would move a case to another band."""

    rule: str
    when: str
    to: Band


def describe(policy: Policy) -> tuple[Row, ...]:
    """Put every escalation and rule of a policy in words, in its order."""
    return (
        *(Row(name=one.name, when=one.when.words(), points=None, reason=one.reason) for one in policy.escalations),
        *(Row(name=one.name, when=one.when.words(), points=one.points, reason=one.reason) for one in policy.rules),
    )


def raised_by(priority: Priority, policy: Policy) -> tuple[Change, ...]:
    """Return what would raise a priority to a more pressing band if it came to be known, the most pressing first.

    Each stands alone: two that together would raise it are not looked for.
    Raises PolicyError if the policy is not the one that made the priority.
    """
    _check_made_by(priority, policy)
    if priority.band is Band.IMMEDIATE:
        return ()
    changes = [Change(rule=one.name, when=one.when.words(), to=Band.IMMEDIATE) for one in policy.escalations]
    already = {reason.rule for reason in priority.reasons}
    for rule in policy.rules:
        to = policy.band_at(priority.points + rule.points)
        if rule.name not in already and PRESSING.index(to) < PRESSING.index(priority.band):
            changes.append(Change(rule=rule.name, when=rule.when.words(), to=to))
    return tuple(sorted(changes, key=lambda change: PRESSING.index(change.to)))


def rests_on(priority: Priority, policy: Policy) -> tuple[Reason, ...]:
    """Return the reasons without any one of which the band would be lower: what to check first.

    Raises PolicyError if the policy is not the one that made the priority.
    """
    _check_made_by(priority, policy)
    if len(priority.escalations) > 1:
        return ()
    if priority.escalations:
        by_points = policy.band_at(priority.points)
        return () if by_points is Band.IMMEDIATE else priority.escalations
    return tuple(
        reason for reason in priority.reasons if policy.band_at(priority.points - reason.points) is not priority.band
    )


def _check_made_by(priority: Priority, policy: Policy) -> None:
    if priority.policy != policy.version:
        raise PolicyError(
            f"the priority was made by policy {priority.policy}, not {policy.version}; explain it with that one"
        )

"""A referral and what was found beside it → its priority, with reasons."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from tearmann.records import Band, Link, ListHit, Priority, Reason, Referral, RiskFact
from tearmann.triage.matter import gather
from tearmann.triage.policy import Policy
from tearmann.triage.quality import share_filled
from tearmann.triage.questions import Answer, Says


def assess(
    referral: Referral,
    *,
    follow_ups: Sequence[Referral] = (),
    hits: Sequence[ListHit] = (),
    links: Sequence[Link] = (),
    facts: Sequence[RiskFact] = (),
    lists: Collection[str] | None = None,
    policy: Policy,
    now: datetime,
) -> Priority:
    """Say how urgent a referral is by a policy, why, and what would be worth finding.

    hits: on lists of known hashes; a near match and any other kind of list count for nothing. links: only those
    that the case may show. facts: risks that officers added. lists: the known-hash lists that were looked in; ()
    says none, and then nothing is called new; None says that the caller looked in all it has.
    now: aware. It decides only ages of referrals without a time, and what runs out soon.

    A risk, a child, a file or a follow-up added to the same rest never lowers band or points. A file that one
    document calls new stays new when another brings a known hash for it: only a person lowers.
    """
    matter = gather(referral, follow_ups=follow_ups, hits=hits, links=links, facts=facts, lists=lists, now=now)
    answers = [ask(matter) for ask in policy.asks]
    escalations = []
    reasons = []
    points = 0
    for escalation in policy.escalations:
        answer = escalation.when.read(answers)
        if answer.says is Says.YES:
            escalations.append(_reason(escalation.name, escalation.reason, answer, 0))
    for rule in policy.rules:
        answer = rule.when.read(answers)
        if answer.says is Says.YES:
            reasons.append(_reason(rule.name, rule.reason, answer, rule.points))
            points += rule.points
    answered = sum(answer.says is not Says.CANNOT_SAY for answer in answers)
    quality, unfilled = share_filled(matter, policy.quality)
    return Priority(
        band=Band.IMMEDIATE if escalations else policy.band_at(points),
        points=points,
        quality=quality,
        confidence=answered / len(answers),
        policy=policy.version,
        escalations=tuple(escalations),
        reasons=tuple(reasons),
        missing=tuple(dict.fromkeys((*_open_questions(policy, answers), *unfilled))),
    )


def _reason(name: str, says: str, answer: Answer, points: int) -> Reason:
    return Reason(rule=name, says=says, value=answer.value, place=answer.place, points=points)


def _open_questions(policy: Policy, answers: Sequence[Answer]) -> Iterator[str]:
    """Put in words what nobody could say and would count: escalations first, then the heaviest rules."""
    for condition, numbers in policy.by_weight:
        if condition.read(answers).says is Says.CANNOT_SAY:
            for number in numbers:
                if answers[number].says is Says.CANNOT_SAY:
                    yield policy.open_words[number]

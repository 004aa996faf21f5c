"""The triage policy: approved versions, and switching it on for a team, which takes two people and a reason."""

from __future__ import annotations

from pathlib import Path

from tearmann.casework.actions.assess import reassess_all_of
from tearmann.casework.doing import Doing, act
from tearmann.casework.entries import event, processing
from tearmann.casework.models import ApprovedPolicy, Case, TriageSwitch
from tearmann.casework.permissions import check_other
from tearmann.casework.shadow import withhold_priority
from tearmann.errors import NotPermitted, WrongState
from tearmann.ledger.chain import record
from tearmann.ledger.models import Text
from tearmann.people.models import Officer, Team
from tearmann.triage import policy as policies
from tearmann.triage.policy import Policy


def policy_in_force() -> Policy:
    """The newest approved policy, or the shipped one while none was approved."""
    approved = ApprovedPolicy.objects.order_by("-pk").first()
    return policies.read(approved.text.encode(), name=f"policy {approved.version}") if approved else policies.load()


@act
def approve_policy(path: Path, *, doing: Doing) -> ApprovedPolicy:
    """Put a version of the policy in force. Raises PolicyError where it is wrong, WrongState where it is known."""
    check_other("approve_policy", doing.by)
    policy = policies.load(path)
    if ApprovedPolicy.objects.filter(version=policy.version).exists():
        raise WrongState(f"policy {policy.version} was approved before; give the changed one a new version")
    approved = ApprovedPolicy.objects.create(
        version=policy.version,
        digest=policy.digest,
        text=policy.text,
        approved_at=doing.at,
        approved_by=doing.by.reference,
    )
    record([
        event("policy_approved", "policy", policy.version, doing, digest=policy.digest),
        processing("rule_change", "policy", doing, policy=policy.version),
    ])  # fmt: skip
    return approved


@act
def propose_switch(team: Team, *, officer: Officer, doing: Doing, reason: str) -> TriageSwitch:
    """Propose that the policy shows and orders for a team. Another person has to confirm it."""
    check_other("propose_switch", doing.by)
    _check_own(team, doing)
    if TriageSwitch.objects.filter(team=team, ended_at__isnull=True).exists():
        raise WrongState(f"team {team.code} has a switch already: confirm it, or end it first")
    why = Text.write(reference=f"team {team.code}", body=reason)
    switch = TriageSwitch.objects.create(team=team, reason=reason, proposed_by=officer, proposed_at=doing.at)
    record([event("switch_proposed", "team", team.code, doing, why=why.digest)])
    return switch


@act
def confirm_switch(team: Team, *, officer: Officer, doing: Doing) -> TriageSwitch:
    """Confirm a proposed switch. Nobody confirms their own proposal."""
    check_other("confirm_switch", doing.by)
    _check_own(team, doing)
    switch = TriageSwitch.objects.select_for_update().filter(team=team, ended_at__isnull=True).first()
    if switch is None or switch.confirmed_at is not None:
        raise WrongState(f"team {team.code} has no proposed switch to confirm")
    if switch.proposed_by_id == officer.pk:
        raise NotPermitted("another person has to confirm a switch that you proposed")
    switch.confirmed_by, switch.confirmed_at = officer, doing.at
    switch.save(update_fields=["confirmed_by", "confirmed_at"])
    reassess_all_of([team.pk])
    record([
        event("switch_confirmed", "team", team.code, doing),
        processing("rule_change", "switch", doing, team=team.code),
    ])  # fmt: skip
    return switch


@act
def end_switch(team: Team, *, doing: Doing, reason: str) -> None:
    """Put the team back into shadow mode. One person is enough."""
    check_other("end_switch", doing.by)
    _check_own(team, doing)
    switch = TriageSwitch.objects.select_for_update().filter(team=team, ended_at__isnull=True).first()
    if switch is None:
        raise WrongState(f"team {team.code} is in shadow mode already")
    switch.ended_at = doing.at
    switch.save(update_fields=["ended_at"])
    withhold_priority(Case.objects.filter(team=team))
    reassess_all_of([team.pk])
    why = Text.write(reference=f"team {team.code}", body=reason)
    record([event("switch_ended", "team", team.code, doing, why=why.digest)])


def _check_own(team: Team, doing: Doing) -> None:
    if doing.by.role is not None and team.unit_id != doing.by.unit:
        raise NotPermitted("the policy is switched for a team by people of its own unit")

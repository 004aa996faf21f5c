"""The policy: approved in versions, and switched on for a team by two people with a reason."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from tearmann.casework import installation
from tearmann.casework.actions.policy import (
    approve_policy,
    confirm_switch,
    end_switch,
    policy_in_force,
    propose_switch,
)
from tearmann.casework.models import ApprovedPolicy, Case, TriageSwitch
from tearmann.casework.models.case import Rank
from tearmann.casework.queries.case_page import case_page
from tearmann.casework.queries.queue import QueueFilter, queue
from tearmann.errors import NotPermitted, PolicyError, WrongState
from tearmann.ledger.models import Entry, Text
from tearmann.people.models import Role
from tearmann.triage import policy as policies
from tests.casework.conftest import an_officer, the_case
from tests.conftest import NOON
from tests.sent import a_referral, at_risk

pytestmark = pytest.mark.django_db
REASON = "An invented reason"
PRESSING = a_referral(1, incident_type="contact_abuse")


@pytest.fixture
def propose(team_north, supervisor_north, doing_as):
    def act(by=supervisor_north) -> TriageSwitch:
        return propose_switch(team_north, officer=by, doing=doing_as(by), reason=REASON)

    return act


@pytest.fixture
def confirm(team_north, second_supervisor, doing_as):
    def act(by=second_supervisor) -> TriageSwitch:
        return confirm_switch(team_north, officer=by, doing=doing_as(by))

    return act


@pytest.fixture
def end(team_north, supervisor_north, doing_as):
    def act(by=supervisor_north) -> None:
        end_switch(team_north, doing=doing_as(by), reason=REASON)

    return act


# -- two people


def test_a_proposal_alone_switches_nothing(received, propose):
    propose()
    received(PRESSING)
    assert (the_case().live, the_case().rank) == (False, Rank.STANDARD)


def test_confirmed_by_another_person_it_switches(received, propose, confirm):
    propose()
    confirm()
    received(PRESSING)
    assert (the_case().live, the_case().rank) == (True, Rank.URGENT)


def test_nobody_confirms_their_own_proposal(propose, confirm, supervisor_north):
    propose()
    with pytest.raises(NotPermitted, match="another person"):
        confirm(by=supervisor_north)
    assert TriageSwitch.objects.get().confirmed_at is None


def test_the_store_itself_refuses_one_person_as_both(propose, supervisor_north):
    propose()
    with pytest.raises(IntegrityError), transaction.atomic():
        TriageSwitch.objects.update(confirmed_by=supervisor_north, confirmed_at=NOON)


def test_a_proposal_keeps_its_reason_and_only_the_digest_is_chained(propose):
    assert propose().reason == REASON
    entry = Entry.objects.get(verb="switch_proposed")
    assert Text.objects.get(digest=json.loads(entry.body)["why"]).body == REASON
    assert REASON not in entry.body


def test_a_confirmation_stands_in_both_logs(propose, confirm, team_north):
    propose()
    confirm()
    assert Entry.objects.get(chain="history", verb="switch_confirmed").actor_ref == "second-supervisor"
    assert json.loads(Entry.objects.get(chain="processing", verb="rule_change").body)["team"] == team_north.code


def test_a_team_has_one_switch_at_a_time(propose):
    propose()
    with pytest.raises(WrongState):
        propose()


def test_what_was_not_proposed_cannot_be_confirmed(confirm):
    with pytest.raises(WrongState):
        confirm()


def test_what_is_confirmed_cannot_be_confirmed_again(propose, confirm, north):
    propose()
    confirm()
    with pytest.raises(WrongState):
        confirm(by=an_officer(Role.LEADER, north))


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.SUPERVISOR, Role.LEADER)])
def test_other_roles_switch_nothing(propose, confirm, end, north, role):
    somebody = an_officer(role, north)
    for act in (propose, confirm, end):
        with pytest.raises(NotPermitted):
            act(by=somebody)
    assert not TriageSwitch.objects.exists()


def test_another_units_supervisor_switches_nothing(propose, confirm, end, south):
    somebody = an_officer(Role.SUPERVISOR, south)
    for act in (propose, confirm, end):
        with pytest.raises(NotPermitted, match="own unit"):
            act(by=somebody)
    assert not TriageSwitch.objects.exists()


# -- the end of it


def test_one_person_ends_it_with_a_reason(propose, confirm, end):
    propose()
    confirm()
    end()
    assert TriageSwitch.objects.get().ended_at == NOON
    entry = Entry.objects.get(verb="switch_ended")
    assert Text.objects.get(digest=json.loads(entry.body)["why"]).body == REASON


def test_what_is_not_switched_on_cannot_be_ended(end):
    with pytest.raises(WrongState):
        end()


def test_from_its_end_on_no_priority_is_shown_or_orders(received, propose, confirm, end, operator):
    propose()
    confirm()
    received(PRESSING, at_risk(a_referral(2)))
    end()
    rows = {row.case: row for row in queue(operator.by, QueueFilter(), now=NOON).rows}
    assert {(row.mode, row.band, row.reasons) for row in rows.values()} == {("shadow", None, ())}
    assert {case.rank for case in rows} == {Rank.STANDARD, Rank.ESCALATED}


def test_from_its_end_on_a_closed_case_shows_no_priority_either(received, propose, confirm, end, operator):
    propose()
    confirm()
    received(PRESSING)
    Case.objects.update(state="closed", is_open=False)
    end()
    assert case_page(operator.by, the_case()).priority is None


def test_another_team_keeps_its_switch(received, propose, confirm, end, north, doing_as, supervisor_north):
    other = north.teams.create(code="north-2", name="Other team")
    propose()
    confirm()
    received(PRESSING)
    Case.objects.update(team=other)
    end()
    assert the_case().live


def test_after_its_end_it_can_be_proposed_again(propose, confirm, end):
    propose()
    confirm()
    end()
    assert propose().confirmed_at is None


# -- versions of the policy


@pytest.fixture
def changed(tmp_path: Path) -> Path:
    """The shipped policy under a version of its own, in which abuse in person weighs nothing."""
    text = policies.SHIPPED.read_text(encoding="utf-8")
    path = tmp_path / "policy.toml"
    path.write_text(text.replace('version = "2026-1"', 'version = "invented-1"').replace("points = 50", "points = 0"))
    return path


def test_the_shipped_policy_is_in_force_while_none_was_approved():
    assert policy_in_force() == policies.load()


def test_an_approved_policy_is_in_force_word_for_word(changed, operator):
    approved = approve_policy(changed, doing=operator)
    assert (approved.version, approved.text) == ("invented-1", changed.read_text(encoding="utf-8"))
    assert policy_in_force() == policies.load(changed)


def test_the_newest_approved_policy_is_the_one_in_force(changed, operator, tmp_path):
    approve_policy(changed, doing=operator)
    newer = tmp_path / "newer.toml"
    newer.write_text(changed.read_text(encoding="utf-8").replace("invented-1", "invented-2"))
    approve_policy(newer, doing=operator)
    assert policy_in_force().version == "invented-2"
    assert ApprovedPolicy.objects.count() == 2


def test_an_approval_is_seen_by_the_next_assessment(received, changed, operator):
    installation._instruments.cache_clear()  # of stores before this one
    received(PRESSING, using=installation.instruments())
    approve_policy(changed, doing=operator)
    received(a_referral(2, supplements="1"), using=installation.instruments())
    before, after = the_case().assessments.order_by("pk")
    assert (before.policy, after.policy) == (policies.load().version, "invented-1")
    assert after.points < before.points


def test_a_version_is_approved_once(changed, operator):
    approve_policy(changed, doing=operator)
    with pytest.raises(WrongState, match="new version"):
        approve_policy(changed, doing=operator)


def test_a_policy_that_is_wrong_is_not_approved(tmp_path, operator):
    wrong = tmp_path / "policy.toml"
    wrong.write_text('version = "invented-1"\n')
    with pytest.raises(PolicyError):
        approve_policy(wrong, doing=operator)
    assert not ApprovedPolicy.objects.exists()


def test_an_approval_stands_in_both_logs_with_the_digest_of_the_text(changed, operator):
    approved = approve_policy(changed, doing=operator)
    entry = Entry.objects.get(chain="history", verb="policy_approved")
    assert json.loads(entry.body) == {"digest": approved.digest}
    assert Entry.objects.filter(chain="processing", verb="rule_change").exists()


@pytest.mark.parametrize("role", Role)
def test_no_officer_approves_a_policy(changed, north, doing_as, role):
    with pytest.raises(NotPermitted):
        approve_policy(changed, doing=doing_as(an_officer(role, north)))

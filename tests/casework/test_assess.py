"""Assessing: shadow until two people say otherwise, first in the queue when it fails, the same when done again."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tearmann.casework.actions import assess as assessing
from tearmann.casework.actions.assess import Instruments, assess
from tearmann.casework.actions.lists import load_list, open_lists, withdraw_list
from tearmann.casework.linking import seen_from, stored_links
from tearmann.casework.models import Assessment, Case, CasePerson, Hit, ListVersion, StoredLink
from tearmann.casework.models.case import Rank
from tearmann.casework.queries.case_page import case_page
from tearmann.casework.queries.queue import QueueFilter, queue
from tearmann.identifiers import HASH_KINDS, IdentifierKind
from tearmann.ledger.models import Entry
from tearmann.lists import ListRow, build
from tearmann.records import Band, Link, ListHit, Priority, Reason, RiskCode
from tests.casework.conftest import the_case
from tests.casework.same_store import differences, picture
from tests.conftest import NOON
from tests.sent import LISTED, a_referral, at_risk, sharing, with_file
from tests.strategies import codes, places, texts

pytestmark = pytest.mark.django_db
STORED = settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])


def pressing(number: int = 1):
    """A report that the policy finds urgent, with no hard escalation in it."""
    return a_referral(number, incident_type="contact_abuse")


def entries(verb: str) -> int:
    return Entry.objects.filter(verb=verb).count()


def the_row(viewer, case: Case):
    page = queue(viewer, QueueFilter(), now=NOON)
    return next(row for row in page.rows if row.case == case)


# -- shadow, and live


def test_in_shadow_the_band_is_kept_and_orders_nothing(received):
    received(pressing())
    case = the_case()
    assert case.band == Band.URGENT
    assert (case.live, case.rank) == (False, Rank.STANDARD)


def test_in_shadow_the_queue_shows_neither_band_nor_reasons(received, operator):
    received(pressing())
    row = the_row(operator.by, the_case())
    assert (row.mode, row.band, row.reasons, row.quality, row.confidence) == ("shadow", None, (), None, None)


def test_in_shadow_the_case_page_shows_no_priority(received, operator):
    received(pressing())
    view = case_page(operator.by, the_case())
    assert (view.mode, view.priority) == ("shadow", None)


def test_in_shadow_a_hard_escalation_orders_and_is_shown_without_its_band(received, operator):
    received(at_risk(a_referral()))
    row = the_row(operator.by, the_case())
    assert the_case().rank == Rank.ESCALATED
    assert [reason.rule for reason in row.escalations] == ["self_harm"]
    assert row.band is None
    assert [reason.rule for reason in case_page(operator.by, the_case()).escalations] == ["self_harm"]


def test_the_store_refuses_an_order_by_priority_in_shadow(received):
    received(pressing())
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.update(rank=Rank.URGENT)


def test_the_store_refuses_an_unassessed_case_that_does_not_stand_first(received):
    received(pressing())
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.update(assessed_at=None)


def test_once_switched_on_the_band_orders_and_is_shown_with_its_reasons(received, switched_on, operator):
    received(pressing())
    row = the_row(operator.by, the_case())
    assert (the_case().rank, row.mode, row.band) == (Rank.URGENT, "live", Band.URGENT)
    assert "abuse_in_person" in {reason.rule for reason in row.reasons}
    assert case_page(operator.by, the_case()).priority == the_case().assessments.get(latest=True).value()


def test_what_arrived_before_the_switch_takes_its_place_by_the_next_run(received, request, operator):
    received(pressing())
    request.getfixturevalue("switched_on")
    received()
    assert the_row(operator.by, the_case()).band == Band.URGENT


# -- failures


@pytest.fixture
def triage_fails(monkeypatch):
    """A function: from now on the triage of the reports with these numbers fails, and of no other."""
    works = assessing.triage

    def fail_for(*numbers: int) -> None:
        def triage(referral, **how):
            if referral.source_reference in map(str, numbers):
                raise ZeroDivisionError("person-1@example.org")
            return works(referral, **how)

        monkeypatch.setattr(assessing, "triage", triage)

    return fail_for


class BrokenPolicy:
    """A policy that cannot be read."""

    def __getattr__(self, name: str):
        raise LookupError("a policy without questions")


def test_a_policy_that_fails_leaves_every_case_stored_and_unassessed(received):
    receipt = received(a_referral(1), a_referral(2), using=Instruments(policy=BrokenPolicy()))
    assert receipt.unassessed == 2
    assert (
        list(Case.objects.values_list("assessed_at", "rank", "fault")) == [(None, Rank.UNASSESSED, "LookupError")] * 2
    )


def test_one_failure_holds_up_no_other_case_of_its_batch(received, triage_fails):
    triage_fails(1)
    received(a_referral(1), a_referral(2))
    assert (the_case(1).assessed_at, the_case(2).assessed_at) == (None, NOON)


def test_a_case_that_could_not_be_assessed_stands_first_and_says_so(received, triage_fails, operator):
    triage_fails(2)
    received(at_risk(a_referral(1)), a_referral(2))
    first, *_ = queue(operator.by, QueueFilter(), now=NOON).rows
    assert (first.case, first.is_assessed, first.case.fault) == (the_case(2), False, "ZeroDivisionError")
    assert entries("assessment_failed") == 1


def test_a_failed_assessment_is_tried_again_by_the_next_run(received, triage_fails):
    triage_fails(1)
    received(a_referral(1))
    triage_fails()
    receipt = received()
    assert (receipt.unassessed, the_case().assessed_at, the_case().fault) == (0, NOON, "")


def test_the_same_failure_again_is_not_recorded_again(received, triage_fails):
    triage_fails(1)
    received(a_referral(1))
    received()
    assert entries("assessment_failed") == 1


def test_a_case_that_fails_twice_in_one_run_is_counted_once(received, triage_fails):
    triage_fails(1)
    received(a_referral(1))
    assert received(a_referral(2, supplements="1")).unassessed == 1


def test_an_officer_is_told_of_no_failure_outside_their_sight(received, triage_fails, ben, doing_as, south):
    triage_fails(1)
    received(a_referral(1))
    assert received(a_referral(2), doing=doing_as(ben), unit=south).unassessed == 0


def test_a_failure_quotes_nobodys_data(received, triage_fails):
    triage_fails(1)
    received(a_referral(1))
    assert "example.org" not in the_case().fault
    assert not Entry.objects.filter(body__contains="example.org").exists()


def test_a_case_that_fails_later_no_longer_shows_what_was_found_before(received, triage_fails, switched_on, operator):
    received(pressing())
    triage_fails(1)
    received(a_referral(2, supplements="1"))
    row = the_row(operator.by, the_case())
    assert (row.is_assessed, row.band, row.reasons) == (False, None, ())
    assert case_page(operator.by, the_case()).priority is None


# -- again, and with more


def test_assessing_again_changes_nothing(received, operator, listed, keys):
    received(at_risk(sharing(a_referral(1), "a@example.org")), using=listed)
    received(with_file(sharing(a_referral(2), "a@example.org")), using=listed)
    before = picture(keys.sealer)
    assess([case.pk for case in Case.objects.all()], doing=replace(operator, at=NOON), instruments=listed)
    assert differences(before, picture(keys.sealer)) == []


def test_a_new_assessment_stands_beside_the_earlier_and_is_the_latest(received):
    received(a_referral(1))
    received(at_risk(a_referral(2, supplements="1")))
    kept = the_case().assessments.order_by("pk")
    assert [(one.latest, bool(one.escalations)) for one in kept] == [(False, False), (True, True)]


def test_a_fact_that_an_officer_adds_escalates_and_says_where_it_came_from(received, operator, instruments):
    received(a_referral())
    child = CasePerson.objects.get(role="child")
    child.risks = [{"code": RiskCode.PLANNED_CONTACT.value, "place": "added by ann", "origin": "officer"}]
    child.save(update_fields=["risks"])
    assess([the_case().pk], doing=operator, instruments=instruments)
    (reason,) = the_case().assessments.get(latest=True).value().escalations
    assert (reason.rule, reason.place) == ("planned_contact", "added by ann")


def test_a_fact_that_the_sender_states_counts_once(received):
    received(at_risk(a_referral()))
    (reason,) = the_case().assessments.get(latest=True).value().escalations
    assert reason.place == "victim, risk"


def test_a_hit_is_kept_with_the_version_of_the_list_that_has_it(received, listed, operator):
    received(with_file(a_referral()), using=listed)
    found = ListHit(
        list_name="known", list_version="1", kind=IdentifierKind.MD5, value=LISTED, code="A1", scheme="industry"
    )
    assert case_page(operator.by, the_case()).hits == (found,)
    assert "known_file" in {reason["rule"] for reason in the_case().assessments.get(latest=True).reasons}


def test_the_next_version_of_a_list_adds_its_hits_beside_the_old_ones(received, listed, operator, tmp_path):
    received(with_file(a_referral()), using=listed)
    rows = [ListRow(kind=IdentifierKind.MD5, value=LISTED, code="B2", scheme="industry")]
    load_list(build(rows, tmp_path, name="known", version="2"), doing=operator)
    newer = Instruments(policy=listed.policy, lists=open_lists(tmp_path))
    assess([the_case().pk], doing=operator, instruments=newer)
    assert list(Hit.objects.order_by("pk").values_list("list_version__version", "code")) == [("1", "A1"), ("2", "B2")]


def test_a_list_that_was_withdrawn_finds_nothing_more(received, listed, operator, tmp_path):
    withdraw_list("known", doing=operator, reason="An invented reason")
    without = Instruments(policy=listed.policy, lists=open_lists(tmp_path))
    received(with_file(a_referral()), using=without)
    assert not Hit.objects.exists()


# -- what is stored comes back unchanged


def reasons():
    one = st.builds(Reason, rule=codes(), says=texts(), value=texts(), place=places(), points=st.integers(-1000, 1000))
    return st.lists(one, max_size=3).map(tuple)


def shares():
    return st.floats(0, 1)


@st.composite
def priorities(draw):
    return Priority(
        band=draw(st.sampled_from(Band)),
        points=draw(st.integers(0, 10_000)),
        quality=draw(shares()),
        confidence=draw(shares()),
        policy=draw(texts(min_size=1)),
        escalations=draw(reasons()),
        reasons=draw(reasons()),
        missing=draw(st.lists(texts(), max_size=3).map(tuple)),
    )


@STORED
@given(priority=priorities())
def test_a_stored_priority_comes_back_unchanged(received, priority):
    received(a_referral())
    columns = dict(zip(Assessment.COLUMNS, Assessment.columns(priority), strict=True))
    stored = Assessment.objects.create(case=the_case(), at=NOON, latest=False, **columns)
    assert Assessment.objects.get(pk=stored.pk).value() == priority


@STORED
@given(
    hit=st.builds(
        ListHit,
        list_name=texts(min_size=1),
        list_version=texts(min_size=1),
        kind=st.sampled_from(sorted(HASH_KINDS)),
        value=texts(min_size=1),
        code=texts(),
        scheme=texts(),
        distance=st.integers(0, 31),
    )
)
def test_a_stored_hit_comes_back_unchanged(received, hit):
    received(a_referral())
    Hit.objects.all().delete()
    ListVersion.objects.all().delete()
    version = ListVersion.objects.create(
        name=hit.list_name, version=hit.list_version, segment="one", entries=1, loaded_at=NOON, loaded_by="operator"
    )
    Hit.objects.create(
        case=the_case(),
        list_version=version,
        kind=hit.kind,
        value=hit.value,
        code=hit.code,
        scheme=hit.scheme,
        distance=hit.distance,
    )
    assert Hit.objects.select_related("list_version").get().to_value() == hit


@STORED
@given(kind=st.sampled_from(IdentifierKind), value=texts(min_size=1))
def test_a_stored_link_comes_back_unchanged_from_either_side(received, kind, value):
    received(a_referral(1), a_referral(2))
    earlier, later = the_case(1), the_case(2)
    StoredLink.objects.all().delete()
    StoredLink.objects.create(
        party=later.parties.get(key="victim-1"),
        other=earlier.parties.get(key="reported-1"),
        case=later,
        other_case=earlier,
        kind=kind,
        value=value,
    )
    stored = stored_links([later.pk])
    from_later = Link(
        kind=kind, value=value, party="victim-1", case=earlier.reference, other_party="reported-1", held_by=2
    )
    from_earlier = replace(from_later, party="reported-1", case=later.reference, other_party="victim-1")
    assert seen_from(later.pk, stored) == [from_later]
    assert seen_from(earlier.pk, stored) == [from_earlier]

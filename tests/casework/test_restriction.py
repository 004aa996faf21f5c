"""A restricted case is nothing to all but its named readers, who are told, silently, that somebody came near."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tearmann import identifiers
from tearmann.casework.actions import restriction
from tearmann.casework.actions.reading import knocked, searched
from tearmann.casework.actions.restriction import lift_restriction, mark_alerts_seen, name_reader, restrict
from tearmann.casework.actions.store import Outcome
from tearmann.casework.doing import Actor
from tearmann.casework.models import Alert, Case, Clock, Payload
from tearmann.casework.permissions import Sight
from tearmann.casework.queries.case_page import alerts_for, case_page, links_of
from tearmann.casework.queries.queue import QueueFilter, expiring, queue, stages
from tearmann.casework.queries.search import search
from tearmann.casework.queries.visible import case_for, visible_to
from tearmann.errors import NotFound, NotPermitted, WrongState
from tearmann.identifiers import IdentifierKind
from tearmann.intake.files import File
from tearmann.ledger.models import Entry, Text
from tearmann.people.models import Role
from tearmann.records import ExternalReference, FileFacts, Identifier, Part
from tests.casework.conftest import an_officer, the_case
from tests.conftest import NOON
from tests.sent import a_referral, as_file, email, sharing

pytestmark = pytest.mark.django_db
REASON = "An invented reason"
SHARED = "shared@example.org"
NAMED = Identifier(kind=IdentifierKind.NAME, value="cal invented", as_given="Cal Invented", place="reported, name")


def report(number: int = 1):
    """A report that every kind of search can find."""
    plain = a_referral(number, references=(ExternalReference(kind="crime", value="INVENTED-1", place="row 1"),))
    reported, *others = plain.parties
    return replace(plain, parties=(replace(reported, identifiers=(email(SHARED), NAMED)), *others))


@pytest.fixture
def restricted(received, supervisor_north, doing_as, ann) -> Case:
    """A case of the north which exists for ann and the supervisor only."""
    received(report())
    restrict(the_case(), readers=[ann], doing=doing_as(supervisor_north), reason=REASON)
    return the_case()


@pytest.fixture
def colleague(north):
    """A desk officer of the same unit, who is not named."""
    return an_officer(Role.DESK_OFFICER, north, sign_in="colleague")


OUTSIDERS = ["colleague", "second_supervisor", "ben", "cal", "administrator"]


@pytest.fixture(params=OUTSIDERS)
def outsider(request) -> Actor:
    return Actor.of(request.getfixturevalue(request.param))


# -- restricting


def test_whoever_restricts_is_one_of_the_readers(restricted):
    readers = restricted.named_readers.values_list("officer__sign_in", flat=True)
    assert sorted(readers) == ["ann", "supervisor-north"]


def test_the_operator_has_to_name_somebody(received, operator):
    received(report())
    with pytest.raises(NotPermitted, match="at least one"):
        restrict(the_case(), readers=[], doing=operator, reason=REASON)
    assert not the_case().restricted


def test_a_restriction_is_recorded_with_its_readers_and_the_digest_of_why(restricted):
    entry = Entry.objects.get(verb="restricted")
    assert entry.subject_ref == restricted.reference
    assert '"readers":["ann","supervisor-north"]' in entry.body
    assert Text.objects.get().digest in entry.body


def test_one_more_reader_is_named_and_reads(restricted, supervisor_north, ben, doing_as):
    name_reader(restricted, reader=ben, doing=doing_as(supervisor_north), reason=REASON)
    assert case_for(Actor.of(ben), restricted.reference) == restricted


def test_naming_a_reader_twice_names_them_once(restricted, supervisor_north, ann, doing_as):
    name_reader(restricted, reader=ann, doing=doing_as(supervisor_north), reason=REASON)
    assert restricted.named_readers.filter(officer=ann).count() == 1


def test_when_the_restriction_is_lifted_the_case_is_an_ordinary_one(restricted, supervisor_north, colleague, doing_as):
    lift_restriction(restricted, doing=doing_as(supervisor_north), reason=REASON)
    assert case_for(Actor.of(colleague), restricted.reference) == restricted
    assert not restricted.named_readers.exists()


def test_a_case_is_restricted_once(restricted, supervisor_north, doing_as):
    with pytest.raises(WrongState):
        restrict(restricted, readers=[], doing=doing_as(supervisor_north), reason=REASON)


def test_on_an_ordinary_case_nobody_is_named_and_nothing_lifted(received, supervisor_north, ben, doing_as):
    # A name alone would let an officer of another unit act on the case.
    received(report())
    with pytest.raises(WrongState):
        name_reader(the_case(), reader=ben, doing=doing_as(supervisor_north), reason=REASON)
    with pytest.raises(WrongState):
        lift_restriction(the_case(), doing=doing_as(supervisor_north), reason=REASON)
    assert not the_case().named_readers.exists()


@pytest.mark.parametrize("who", ["colleague", "cal"])
def test_only_a_supervisor_restricts(received, request, doing_as, who):
    received(report())
    with pytest.raises(NotPermitted):
        restrict(the_case(), readers=[], doing=doing_as(request.getfixturevalue(who)), reason=REASON)


@pytest.mark.parametrize("act", [name_reader, lift_restriction, mark_alerts_seen])
def test_for_an_outsider_there_is_nothing_to_change(restricted, second_supervisor, ben, doing_as, act):
    more = {mark_alerts_seen: {}, name_reader: {"reader": ben, "reason": REASON}}.get(act, {"reason": REASON})
    with pytest.raises(NotFound):
        act(restricted, doing=doing_as(second_supervisor), **more)


@pytest.mark.parametrize("act", [restrict, name_reader, lift_restriction])
def test_when_the_entry_fails_nothing_is_changed(
    restricted, received, supervisor_north, ben, operator, monkeypatch, act
):
    def break_it(_):
        raise RuntimeError("the log does not answer")

    received(a_referral(2))
    case = the_case(2) if act is restrict else restricted
    more = {restrict: {"readers": [ben]}, name_reader: {"reader": ben}}.get(act, {})
    monkeypatch.setattr(restriction, "record", break_it)
    with pytest.raises(RuntimeError):
        act(case, doing=operator, reason=REASON, **more)
    case.refresh_from_db()
    assert case.restricted == (act is not restrict)
    assert not case.named_readers.filter(officer=ben).exists()
    assert Text.objects.count() == 1


def test_both_sides_of_its_links_are_assessed_again(received, supervisor_north, doing_as, operator):
    received(sharing(a_referral(1), SHARED), sharing(a_referral(2), SHARED), a_referral(3))
    restrict(the_case(1), readers=[], doing=doing_as(supervisor_north), reason=REASON)
    waiting = Case.objects.filter(needs_assessment=True)
    assert set(waiting) == {the_case(1), the_case(2)}


def test_once_restricted_it_counts_in_no_other_cases_reasons(received, supervisor_north, doing_as):
    received(sharing(a_referral(2), SHARED))
    alone = the_case(2).assessments.get(latest=True).value()
    received(sharing(a_referral(1), SHARED), sharing(a_referral(3), SHARED))
    restrict(the_case(1), readers=[], doing=doing_as(supervisor_north), reason=REASON)
    restrict(the_case(3), readers=[], doing=doing_as(supervisor_north), reason=REASON)
    received()
    assert the_case(2).assessments.get(latest=True).value() == alone


# -- nothing at all


def test_it_does_not_exist_for_an_outsider(restricted, outsider):
    assert not visible_to(outsider, at_least=Sight.STUB).exists()


def test_it_is_in_no_outsiders_queue(restricted, outsider):
    assert queue(outsider, QueueFilter(), now=NOON).rows == ()


def test_it_is_in_no_outsiders_counts(restricted, outsider):
    assert stages(outsider, QueueFilter()) == ()


def test_it_is_in_no_outsiders_lane_of_expiring_data(restricted, outsider, ann):
    Clock.objects.update(due_at=NOON + timedelta(days=1))
    assert expiring(Actor.of(ann), QueueFilter(), now=NOON)
    assert expiring(outsider, QueueFilter(), now=NOON) == ()


SEARCHES = [SHARED, "INVENTED-1", "1", "invented"]


@pytest.mark.parametrize("typed", [*SEARCHES, "its reference"])
def test_no_outsiders_search_finds_it(restricted, outsider, ann, typed):
    typed = restricted.reference if typed == "its reference" else typed
    assert [one.case for one in search(Actor.of(ann), typed, region="GB").found] == [restricted]
    result = search(outsider, typed, region="GB")
    assert (result.found, result.more) == ((), False)


def test_no_link_of_another_case_leads_to_it_or_counts_it(restricted, received, colleague, ann):
    received(sharing(a_referral(2), SHARED), sharing(a_referral(3), SHARED))
    (view,) = links_of(Actor.of(colleague), the_case(2))
    assert (view.other, view.link.held_by) == (the_case(3), 2)
    assert {one.other for one in links_of(Actor.of(ann), the_case(2))} == {the_case(3), restricted}


# -- somebody came near


@pytest.fixture
def look_for(force, doing_as):
    """A function: search as the search page does."""

    def look(officer, typed: str) -> None:
        doing = doing_as(officer)
        candidates = identifiers.search_candidates(typed, region=force.region)
        searched(typed, candidates, cases=[], doing=doing)

    return look


@pytest.mark.parametrize("typed", [*SEARCHES, "its reference", "its reference, as it is spoken"])
def test_an_outsiders_search_for_what_is_on_it_is_told(restricted, look_for, ben, south, typed):
    spoken = f" {restricted.reference[:4].lower()}-{restricted.reference[4:]} "
    typed = {"its reference": restricted.reference, "its reference, as it is spoken": spoken}.get(typed, typed)
    look_for(ben, typed)
    alert = Alert.objects.get()
    assert (alert.case, alert.kind, alert.by, alert.unit) == (restricted, Alert.Kind.SEARCH, "ben", south)


def test_a_search_for_something_else_is_not_told(restricted, look_for, ben):
    look_for(ben, "somebody-else@example.org")
    assert not Alert.objects.exists()


def test_a_readers_own_search_is_not_told(restricted, look_for, ann):
    look_for(ann, SHARED)
    assert not Alert.objects.exists()


def test_a_search_that_finds_an_ordinary_case_alerts_nobody(received, look_for, ben):
    received(report())
    look_for(ben, SHARED)
    assert not Alert.objects.exists()


def test_the_search_of_a_command_is_not_told(restricted, operator):
    searched(SHARED, [(IdentifierKind.EMAIL, SHARED)], cases=[restricted.reference], doing=operator)
    assert not Alert.objects.exists()


def test_whoever_asks_for_it_by_its_reference_is_told(restricted, doing_as, colleague):
    knocked(restricted.reference, doing=doing_as(colleague))
    assert Alert.objects.get().kind == Alert.Kind.OPENED


@pytest.mark.parametrize("reference", ["0000000000X", ""])
def test_asking_for_what_is_not_there_alerts_nobody(restricted, doing_as, ben, reference):
    knocked(reference, doing=doing_as(ben))
    assert not Alert.objects.exists()


def test_asking_for_it_and_for_nothing_leave_the_same_entry(restricted, doing_as, ben):
    knocked(restricted.reference, doing=doing_as(ben))
    knocked("0000000000X", doing=doing_as(ben))
    entries = Entry.objects.filter(chain="processing", verb="consultation")
    assert entries.values("body", "subject_ref", "actor_ref").distinct().count() == 1


def test_its_readers_learn_of_it_and_others_do_not(restricted, doing_as, ann, ben, colleague):
    knocked(restricted.reference, doing=doing_as(ben))
    assert [alert.case for alert in alerts_for(Actor.of(ann))] == [restricted]
    assert alerts_for(Actor.of(ben)) == alerts_for(Actor.of(colleague)) == ()


def test_seen_alerts_are_not_shown_again_but_stay_on_the_case(restricted, doing_as, ann, ben):
    knocked(restricted.reference, doing=doing_as(ben))
    mark_alerts_seen(restricted, doing=doing_as(ann))
    assert alerts_for(Actor.of(ann)) == ()
    assert [alert.seen_at for alert in case_page(Actor.of(ann), restricted).alerts] == [NOON]


# -- sent again


@pytest.fixture
def sends(received, doing_as, south):
    """A function: another unit's officer sends something; what they are told of it."""

    def send(officer, *sent) -> list[Outcome]:
        return sorted(received(*sent, doing=doing_as(officer), unit=south).counts.elements())

    return send


def test_an_outsider_who_sends_its_bytes_is_answered_as_for_a_new_report(restricted, sends, ben):
    assert sends(ben, report()) == [Outcome.RECEIVED]
    assert Case.objects.count() == 1
    assert Alert.objects.get().kind == Alert.Kind.RESENT


def test_an_outsider_who_sends_a_changed_report_is_answered_as_for_a_new_one(restricted, sends, ben):
    assert sends(ben, replace(report(), platform="Example Chat")) == [Outcome.RECEIVED]
    assert restricted.referrals.count() == 2


def test_an_outsider_who_sends_a_follow_up_is_answered_as_for_a_new_report(restricted, sends, ben):
    assert sends(ben, a_referral(2, supplements="1")) == [Outcome.RECEIVED]
    assert restricted.referrals.count() == 2


def test_an_outsider_who_sends_details_of_a_file_is_answered_as_if_they_waited(restricted, sends, ben):
    file = FileFacts(key="file-1", place="file")
    details = a_referral(2, part=Part.FILE_DETAILS, parties=(), supplements="1", files=(file,))
    assert sends(ben, details) == [Outcome.UPDATED]


def test_a_reader_who_sends_it_again_is_told_the_truth(restricted, received, doing_as, ann):
    assert received(report(), doing=doing_as(ann)).counts == {Outcome.RESENT: 1}
    assert not Alert.objects.exists()


def test_an_outsider_who_sends_it_twice_is_answered_as_for_any_report_that_is_sent_twice(restricted, sends, ben):
    assert [*sends(ben, report()), *sends(ben, report())] == [Outcome.RECEIVED, Outcome.RESENT]


def test_an_outsider_who_sends_it_twice_at_once_is_answered_as_for_any_report(restricted, sends, ben):
    again = File(name="again.json", body=as_file(report()).body)
    assert sends(ben, report(), again) == [Outcome.RECEIVED, Outcome.RESENT]


def test_whoever_sent_it_first_and_sends_it_again_is_answered_as_for_any_report(
    received, doing_as, ann, supervisor_north
):
    received(report(), doing=doing_as(ann))
    restrict(the_case(), readers=[], doing=doing_as(supervisor_north), reason=REASON)
    assert received(report(), doing=doing_as(ann)).counts == {Outcome.RESENT: 1}
    assert received(a_referral(2, supplements="1"), doing=doing_as(ann)).counts == {Outcome.UPDATED: 1}


def test_what_an_outsider_sent_names_no_case_to_them(restricted, sends, ben):
    sends(ben, a_referral(2, supplements="1"))
    sent = Payload.objects.get(received_by="ben")
    assert not visible_to(Actor.of(ben), at_least=Sight.STUB).filter(referrals__payload=sent).exists()

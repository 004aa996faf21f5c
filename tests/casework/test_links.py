from __future__ import annotations

from dataclasses import replace

import pytest

from tearmann.casework.actions.assess import assess
from tearmann.casework.actions.restriction import restrict
from tearmann.casework.linking import HOLDERS_AT_MOST
from tearmann.casework.models import Alert, Case, StoredLink
from tearmann.casework.queries.case_page import case_page, links_of
from tearmann.identifiers import IdentifierKind
from tearmann.records import Identifier, PartyRole
from tests.casework.conftest import the_case
from tests.sent import a_referral, email, sharing

pytestmark = pytest.mark.django_db
SHARED = "shared@example.org"


def test_two_parties_with_the_same_strong_identifier_are_linked(received):
    received(sharing(a_referral(1), SHARED))
    received(sharing(a_referral(2), SHARED))
    link = StoredLink.objects.get()
    assert (link.case, link.other_case, link.value) == (the_case(2), the_case(1), SHARED)


def test_links_do_not_depend_on_the_deliveries_that_the_referrals_came_in(received):
    received(*(sharing(a_referral(number), SHARED) for number in range(1, 5)))
    assert StoredLink.objects.count() == 6


def test_a_new_link_assesses_the_earlier_case_again(received):
    received(sharing(a_referral(1), SHARED))
    before = the_case(1).assessments.get(latest=True).value()
    received(sharing(a_referral(2), SHARED), sharing(a_referral(3), SHARED))
    after = the_case(1).assessments.get(latest=True).value()
    assert before != after
    assert the_case(1).assessments.count() > 1


def test_a_value_that_many_hold_links_no_further(received):
    received(*(sharing(a_referral(number), SHARED) for number in range(1, HOLDERS_AT_MOST + 3)))
    assert not StoredLink.objects.filter(case=the_case(HOLDERS_AT_MOST + 2)).exists()
    assert StoredLink.objects.filter(case=the_case(HOLDERS_AT_MOST)).exists()


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (IdentifierKind.IP_EVENT, "192.0.2.10||"),
        (IdentifierKind.NAME, "example person"),
        (IdentifierKind.OTHER, "Example Provider"),
    ],
)
def test_a_bare_address_a_name_or_a_provider_links_nobody(received, kind, value):
    for number in (1, 2):
        referral = a_referral(number)
        reported, *others = referral.parties
        weak = Identifier(kind=kind, value=value, as_given=value, place="here")
        received(replace(referral, parties=(replace(reported, identifiers=(weak,)), *others)))
    assert not StoredLink.objects.exists()


def test_the_reporters_of_two_referrals_do_not_link_them(received):
    for number in (1, 2):
        referral = a_referral(number)
        reporter = replace(
            referral.parties[0], key="reporter-1", role=PartyRole.REPORTER, identifiers=(email("desk@example.com"),)
        )
        received(replace(referral, parties=(*referral.parties, reporter)))
    assert not StoredLink.objects.exists()


def restricted(case: Case, *, to=()) -> Case:
    case.restricted = True
    case.save(update_fields=["restricted"])
    for officer in to:
        case.named_readers.create(officer=officer, named_at=case.received_at)
    return case


def test_a_link_into_a_restricted_case_does_not_exist_for_outsiders(received, doing_as, ann):
    received(sharing(a_referral(1), SHARED))
    restricted(the_case(1))
    received(sharing(a_referral(2), SHARED))
    assert links_of(doing_as(ann).by, the_case(2)) == ()


def test_a_link_into_a_restricted_case_enters_no_outsiders_priority(received):
    received(sharing(a_referral(1), SHARED))
    alone = the_case(1).assessments.get(latest=True).value()
    restricted(the_case(1))
    received(sharing(a_referral(2), SHARED))
    assert the_case(2).assessments.get(latest=True).value() == alone


def test_the_named_reader_of_a_restricted_case_sees_its_links(received, doing_as, ann):
    received(sharing(a_referral(1), SHARED), sharing(a_referral(2), SHARED))
    case = restricted(the_case(1), to=[ann])
    assert [view.other for view in links_of(doing_as(ann).by, case)] == [the_case(2)]


def test_another_units_case_that_comes_near_a_restricted_one_alerts_its_readers(received, south, ann):
    received(sharing(a_referral(1), SHARED))
    case = restricted(the_case(1), to=[ann])
    received(sharing(a_referral(2), SHARED), unit=south)
    alert = Alert.objects.get()
    assert (alert.case, alert.kind, alert.near, alert.unit) == (case, "link", the_case(2), south)


def test_restricting_a_case_takes_its_link_out_of_what_others_show_at_once(
    received, doing_as, supervisor_north, switched_on, instruments
):
    received(sharing(a_referral(1), SHARED), sharing(a_referral(2), SHARED))
    doing = doing_as(supervisor_north)
    assert case_page(doing.by, the_case(2)).priority is not None
    touched = restrict(the_case(1), readers=[], doing=doing, reason="An invented reason")
    assert case_page(doing.by, the_case(2)).priority is None
    assess(touched, doing=doing, instruments=instruments)
    page = case_page(doing.by, the_case(2))
    assert page.priority is not None
    assert "linked" not in " ".join(reason.rule for reason in page.priority.reasons)


def test_of_two_restricted_cases_neither_is_told_of_the_other(received, south):
    received(sharing(a_referral(1), SHARED))
    received(sharing(a_referral(3), "else@example.org"), unit=south)
    Case.objects.update(restricted=True)
    received(sharing(a_referral(4, supplements="3"), SHARED), unit=south)
    assert not Alert.objects.filter(kind="link").exists()

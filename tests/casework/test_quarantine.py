from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tearmann.casework.actions.quarantine import settle_quarantine
from tearmann.casework.actions.restriction import restrict
from tearmann.casework.doing import Actor
from tearmann.casework.models import Payload
from tearmann.casework.queries import quarantine
from tearmann.errors import NotFound
from tearmann.intake.files import File
from tearmann.records import Part
from tests.casework.conftest import the_case
from tests.conftest import NOON
from tests.sent import a_referral

pytestmark = pytest.mark.django_db


def unread(number: int) -> File:
    return File(name=f"{number}.xml", body=f"<reportFile>{number}".encode())


def details(reference: str):
    return a_referral(50, part=Part.FILE_DETAILS, source_reference=None, supplements=reference, parties=())


def names(page) -> list[str]:
    return [payload.file_name for payload in page.payloads]


def test_the_oldest_that_nobody_dealt_with_comes_first(received, operator):
    for number, hours in ((1, 0), (2, 5), (3, 2)):
        received(unread(number), doing=replace(operator, at=NOON - timedelta(hours=hours)))
    assert names(quarantine.unsettled(operator.by)) == ["2.xml", "3.xml", "1.xml"]


def test_pages_follow_one_another_without_a_gap_and_without_a_double(received, operator):
    received(*(unread(number) for number in range(7)))
    seen, after = [], ""
    while True:
        page = quarantine.unsettled(operator.by, after=after, size=3)
        seen += names(page)
        after = page.after
        if not after:
            break
    assert seen == [f"{number}.xml" for number in range(7)]


def test_settled_ones_are_paged_from_the_newest(received, operator):
    for number in range(4):
        received(unread(number), doing=replace(operator, at=NOON + timedelta(hours=number)))
    for payload in Payload.objects.all():
        settle_quarantine(payload, doing=operator, reason="Sent again")
    first = quarantine.settled(operator.by, size=3)
    second = quarantine.settled(operator.by, after=first.after, size=3)
    assert (names(first), names(second)) == (["3.xml", "2.xml", "1.xml"], ["0.xml"])


@pytest.mark.parametrize("cursor", ["nonsense", "2026-01-01~1", "~", "2026-01-01T00:00:00+00:00~x"])
def test_nonsense_for_a_cursor_means_the_first_page(received, operator, cursor):
    received(unread(1))
    assert names(quarantine.unsettled(operator.by, after=cursor)) == ["1.xml"]


def test_a_list_reads_no_bytes(received, operator):
    received(unread(1))
    (payload,) = quarantine.unsettled(operator.by).payloads
    assert {"body", "nonce"} <= payload.get_deferred_fields()


def test_an_officer_of_another_unit_finds_nothing(received, ben):
    received(unread(1))
    viewer = Actor.of(ben)
    assert quarantine.unsettled_count(viewer) == 0
    with pytest.raises(NotFound):
        quarantine.payload_for(viewer, Payload.objects.get().sha256)


def test_an_administrator_finds_nothing(received, administrator):
    received(unread(1))
    assert quarantine.unsettled_count(Actor.of(administrator)) == 0


def test_an_auditor_finds_every_units(received, cal, south):
    received(unread(1))
    received(unread(2), unit=south)
    assert quarantine.unsettled_count(Actor.of(cal)) == 2


def test_what_was_read_after_all_is_in_quarantine_no_longer(received, operator):
    received(a_referral())
    with pytest.raises(NotFound):
        quarantine.payload_for(operator.by, Payload.objects.get().sha256)


def test_details_wait_until_their_report_comes(received, ann):
    viewer = Actor.of(ann)
    received(details("1"))
    assert quarantine.waiting_details(viewer).count() == 1
    received(a_referral(1))
    assert quarantine.waiting_details(viewer).count() == 0


def test_details_that_joined_a_restricted_case_go_on_waiting_for_whoever_is_outside_it(
    received, operator, ann, ben, south
):
    received(a_referral(1), unit=south)
    restrict(the_case(1), readers=[ben], doing=operator, reason="An invented reason")
    received(details("1"))
    assert quarantine.waiting_details(Actor.of(ann)).count() == 1
    assert quarantine.waiting_details(operator.by).count() == 0


def test_details_that_joined_a_restricted_case_wait_for_none_of_its_readers(received, operator, ann):
    received(a_referral(1))
    restrict(the_case(1), readers=[ann], doing=operator, reason="An invented reason")
    received(details("1"))
    assert quarantine.waiting_details(Actor.of(ann)).count() == 0


def test_what_somebody_sent_leads_them_to_its_case(received, ann, doing_as):
    received(a_referral(1), doing=doing_as(ann))
    payload, case = quarantine.sent_by(Actor.of(ann), Payload.objects.get().sha256)
    assert (payload.received_by, case) == ("ann", the_case(1))


def test_what_somebody_else_sent_is_not_theirs_to_ask_for(received, ann, supervisor_north, doing_as):
    received(a_referral(1), doing=doing_as(ann))
    with pytest.raises(NotFound):
        quarantine.sent_by(Actor.of(supervisor_north), Payload.objects.get().sha256)

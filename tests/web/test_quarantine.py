from __future__ import annotations

import pytest
from django.urls import reverse

from tearmann.casework.models import Payload
from tearmann.intake.files import File
from tearmann.people.models import Role
from tearmann.records import Part
from tearmann.web import guard
from tests.conftest import NOON
from tests.sent import a_referral
from tests.web.signed_in import an_officer, received, signed_in, verbs

pytestmark = pytest.mark.django_db

URL = reverse("quarantine")


@pytest.fixture(autouse=True)
def noon(monkeypatch):
    monkeypatch.setattr(guard, "now", lambda: NOON)


@pytest.fixture
def unread(north):
    """A file that could not be read, in the quarantine of the unit north."""
    received(File(name="march.xml", body=b"<reportFile><x>ann@example.org</reportFile>"), unit=north)
    return Payload.objects.get()


def page_of(payload):
    return reverse("quarantined", args=[payload.sha256])


READERS = [
    (Role.DESK_OFFICER, True),
    (Role.SUPERVISOR, True),
    (Role.ANALYST, True),
    (Role.LEADER, True),
    (Role.INSPECTOR, False),
    (Role.AUDITOR, False),
    (Role.DATA_PROTECTION, False),
]


@pytest.mark.parametrize(("role", "of_the_unit"), READERS)
def test_those_who_read_the_units_cases_read_its_quarantine(unread, north, role, of_the_unit):
    client = signed_in(an_officer("somebody", role, north if of_the_unit else None))
    assert unread.file_name in client.get(URL).text
    assert client.get(page_of(unread)).status_code == 200


def test_another_units_quarantine_is_nothing_at_all(unread, ben):
    client = signed_in(ben)
    assert unread.file_name not in client.get(URL).text
    assert "Waiting (0)" in client.get(URL).text
    assert client.get(page_of(unread)).status_code == 404


def test_an_administrator_reads_no_quarantine(unread, administrator):
    client = signed_in(administrator)
    assert client.get(URL).status_code == 403
    assert client.get(page_of(unread)).status_code == 403


def test_the_page_shows_digest_and_faults_and_never_the_bytes(unread, ann):
    page = signed_in(ann).get(page_of(unread))
    assert unread.sha256 in page.text
    assert unread.faults[0]["remedy"] in page.text
    assert "ann@example.org" not in page.text


def test_looking_is_logged(unread, ann):
    signed_in(ann).get(page_of(unread))
    assert verbs("processing", actor_ref="ann", subject_ref=f"quarantine {unread.sha256[:12]}") == ["consultation"]


def test_the_desk_settles_a_payload_with_a_reason(unread, ann):
    answer = signed_in(ann).post(page_of(unread), {"reason": "Sent again"})
    unread.refresh_from_db()
    assert answer["Location"] == URL
    assert (unread.settled_at, unread.settled_why) == (NOON, "Sent again")
    assert verbs("history", subject_ref=unread.sha256) == ["quarantine_settled"]


def test_what_is_settled_leaves_the_list_and_stands_under_settled(unread, ann):
    client = signed_in(ann)
    client.post(page_of(unread), {"reason": "Sent again"})
    assert unread.file_name in client.get(URL).text  # the notice of what was done
    assert unread.file_name not in client.get(URL).text
    assert unread.file_name in client.get(URL, {"settled": "1"}).text


def test_settling_takes_a_reason(unread, ann):
    page = signed_in(ann).post(page_of(unread), {"reason": " "})
    unread.refresh_from_db()
    assert page.status_code == 422
    assert unread.settled_at is None


def test_settling_twice_is_told(unread, ann):
    client = signed_in(ann)
    client.post(page_of(unread), {"reason": "Sent again"})
    assert client.post(page_of(unread), {"reason": "Sent again"}).status_code == 409


@pytest.mark.parametrize(
    "role", [Role.ANALYST, Role.LEADER, Role.INSPECTOR, Role.AUDITOR, Role.DATA_PROTECTION, Role.ADMINISTRATOR]
)
def test_those_who_only_read_settle_nothing(unread, north, role):
    client = signed_in(an_officer("somebody", role, north))
    for reason in ("Sent again", ""):
        assert client.post(page_of(unread), {"reason": reason}).status_code == 403
    unread.refresh_from_db()
    assert unread.settled_at is None


def test_those_who_only_read_are_offered_no_form(unread, cal):
    assert "<textarea" not in signed_in(cal).get(page_of(unread)).text


def test_another_units_desk_settles_nothing(unread, ben):
    assert signed_in(ben).post(page_of(unread), {"reason": "Sent again"}).status_code == 404
    unread.refresh_from_db()
    assert unread.settled_at is None


def test_settling_without_a_csrf_token_is_refused(unread, ann):
    client = signed_in(ann, checks_csrf=True)
    assert client.post(page_of(unread), {"reason": "Sent again"}).status_code == 403


def test_file_details_that_wait_for_their_report_are_listed(ann, north):
    received(a_referral(2, part=Part.FILE_DETAILS, source_reference=None, supplements="9001", parties=()), unit=north)
    page = signed_in(ann).get(URL)
    assert "1 set of file details waits" in page.text
    assert "9001" in page.text


def test_another_units_waiting_file_details_are_not_listed(ben, north):
    received(a_referral(2, part=Part.FILE_DETAILS, source_reference=None, supplements="9001", parties=()), unit=north)
    assert "9001" not in signed_in(ben).get(URL).text


def test_the_list_asks_no_more_of_the_store_because_it_shows_more(ann, north):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = signed_in(ann)
    asked = []
    for names in (["one.csv"], ["two.csv", "three.csv", "four.csv"]):
        received(*(File(name=name, body=f"when,{name}\n1,2\n".encode()) for name in names), unit=north)
        with CaptureQueriesContext(connection) as statements:
            client.get(URL)
        asked.append(len(statements))
    assert asked[0] == asked[1]

"""Reads are logged, one entry a page, and a sealed payload opens to few, with a reason."""

from __future__ import annotations

import json

import pytest

from tearmann.casework.actions import reading
from tearmann.casework.actions.reading import consulted, knocked, open_payload, searched
from tearmann.casework.models import Case, Payload
from tearmann.casework.sealing import Sealer
from tearmann.errors import NotFound, NotPermitted
from tearmann.identifiers import IdentifierKind
from tearmann.ledger.chain import Chain, verify
from tearmann.ledger.models import Entry, Text
from tearmann.people.models import Role
from tests.casework.conftest import an_officer, the_case
from tests.sent import a_referral, as_file

pytestmark = pytest.mark.django_db
REASON = "An invented reason"


def processed() -> Entry:
    """The newest entry of the processing log."""
    entry = Entry.objects.filter(chain="processing").order_by("-seq").first()
    assert entry is not None
    return entry


# -- pages


def test_a_page_leaves_one_entry_that_names_what_it_showed(ann, doing_as):
    consulted("queue", cases=["0123456789A", "0123456789B"], doing=doing_as(ann))
    entry = Entry.objects.get()
    assert (entry.chain, entry.verb, entry.actor_ref) == ("processing", "consultation", "ann")
    assert (entry.subject_kind, entry.subject_ref) == ("page", "queue")
    assert json.loads(entry.body) == {"cases": ["0123456789A", "0123456789B"]}


def test_a_page_that_showed_nothing_is_logged_too(ann, doing_as):
    consulted("queue", cases=[], doing=doing_as(ann))
    assert json.loads(processed().body) == {"cases": []}


def test_what_a_command_showed_is_logged_as_a_commands(operator):
    consulted("queue", cases=[], doing=operator)
    assert (processed().actor_kind, processed().subject_kind) == ("operator", "command")


def test_reading_leaves_nothing_in_the_history_of_the_case(received, ann, doing_as):
    received(a_referral())
    before = Entry.objects.filter(chain="history").count()
    consulted("case", cases=[the_case().reference], doing=doing_as(ann))
    assert Entry.objects.filter(chain="history").count() == before


# -- searches


def test_what_was_typed_is_kept_as_text_and_only_its_digest_is_logged(ann, doing_as):
    digest = searched(
        "ben@example.org", [(IdentifierKind.EMAIL, "ben@example.org")], cases=["0123456789A"], doing=doing_as(ann)
    )
    assert json.loads(processed().body) == {"cases": ["0123456789A"], "searched": digest}
    assert Text.objects.get(digest=digest).body == "ben@example.org"


def test_what_was_typed_is_erased_and_the_log_stays_whole(ann, doing_as):
    searched("ben@example.org", [], cases=[], doing=doing_as(ann))
    assert Text.erase(reference="search") == 1
    assert verify(Chain.PROCESSING).ok


def test_asking_for_what_is_not_there_is_logged_without_what_was_asked_for(ann, doing_as):
    knocked("0123456789A", doing=doing_as(ann))
    entry = processed()
    assert (entry.subject_ref, json.loads(entry.body)) == ("not found", {"cases": []})


# -- payloads


SENT = as_file(a_referral())


@pytest.fixture
def open_it(received, keys, doing_as):
    """A function: receive a report and open its payload as somebody."""
    received(SENT)

    def act(officer, *, sealer: Sealer = keys.sealer, sha256: str | None = None) -> bytes:
        return open_payload(
            the_case(),
            sha256=sha256 or Payload.objects.get(file_name=SENT.name).sha256,
            sealer=sealer,
            doing=doing_as(officer),
            reason=REASON,
        )

    return act


def test_a_supervisor_opens_a_payload_to_the_bytes_that_were_sent(open_it, supervisor_north):
    assert open_it(supervisor_north) == SENT.body


def test_the_data_protection_officer_opens_any_units(open_it, south):
    assert open_it(an_officer(Role.DATA_PROTECTION, south)) == SENT.body


def test_opening_stands_in_both_logs_with_the_digest_of_why(open_it, supervisor_north):
    open_it(supervisor_north)
    told = json.loads(Entry.objects.get(chain="history", verb="payload_opened").body)
    assert Text.objects.get(digest=told["why"]).body == REASON
    assert json.loads(processed().body) == {"cases": [the_case().reference], "payload": told["payload"]}


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.SUPERVISOR, Role.DATA_PROTECTION)])
def test_nobody_else_opens_a_payload(open_it, north, role):
    with pytest.raises(NotFound if role is Role.ADMINISTRATOR else NotPermitted):
        open_it(an_officer(role, north))
    assert not Entry.objects.filter(verb="payload_opened").exists()


@pytest.mark.parametrize("who", ["supervisor", "data_protection"])
def test_the_payload_of_a_restricted_case_opens_to_its_readers_only(open_it, north, who):
    Case.objects.update(restricted=True)
    officer = an_officer(who, north)
    with pytest.raises(NotFound):
        open_it(officer)
    the_case().named_readers.create(officer=officer, named_at=the_case().received_at)
    assert open_it(officer) == SENT.body


def test_a_payload_of_another_case_does_not_open_through_this_one(open_it, received, supervisor_north):
    received(a_referral(2))
    with pytest.raises(NotFound, match="no such payload"):
        open_it(supervisor_north, sha256=Payload.objects.get(file_name="2.json").sha256)


def test_with_another_key_it_does_not_open_and_nothing_is_logged(open_it, supervisor_north):
    with pytest.raises(NotFound, match="sealed with key"):
        open_it(supervisor_north, sealer=Sealer(b"q" * 32))
    assert not Entry.objects.filter(verb="payload_opened").exists()


def test_an_altered_row_does_not_open(open_it, supervisor_north):
    payload = Payload.objects.get()
    altered = bytearray(payload.body)
    altered[0] ^= 1
    Payload.objects.update(body=bytes(altered))
    with pytest.raises(NotFound, match="altered"):
        open_it(supervisor_north)


def test_a_row_under_the_name_of_another_does_not_open(open_it, received, supervisor_north):
    received(a_referral(2))
    other = Payload.objects.get(file_name="2.json")
    Payload.objects.filter(file_name=SENT.name).update(body=other.body, nonce=other.nonce)
    with pytest.raises(NotFound, match="altered"):
        open_it(supervisor_north)


def test_when_the_entry_fails_no_bytes_are_handed_out(open_it, supervisor_north, monkeypatch):
    def break_it(_):
        raise RuntimeError("the log does not answer")

    monkeypatch.setattr(reading, "record", break_it)
    with pytest.raises(RuntimeError):
        open_it(supervisor_north)
    assert not Text.objects.exists()

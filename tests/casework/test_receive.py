from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings

from tearmann.casework.actions.store import Outcome
from tearmann.casework.models import (
    Alert,
    Case,
    CasePerson,
    Clock,
    Identifier,
    Payload,
    StoredReference,
    StoredReferral,
)
from tearmann.casework.states import State
from tearmann.intake import product_json
from tearmann.intake.files import File
from tearmann.ledger.models import Entry
from tearmann.records import ExternalReference, FileFacts, Moment, Part
from tests.casework.conftest import the_case
from tests.conftest import NOON
from tests.sent import a_referral, as_file, at_risk
from tests.strategies import referrals

pytestmark = pytest.mark.django_db


def verbs(reference: str) -> list[str]:
    return list(Entry.objects.filter(subject_ref=reference).order_by("seq").values_list("verb", flat=True))


def test_a_referral_becomes_a_case_that_is_assessed(received):
    receipt = received(a_referral())
    case = the_case()
    assert receipt.counts == {Outcome.RECEIVED: 1}
    assert (case.state, case.unit.code, case.team.code) == (State.RECEIVED, "NORTH", "north-1")
    assert case.assessed_at == NOON
    assert verbs(case.reference) == ["received", "assessed"]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(referral=referrals())
def test_a_stored_referral_comes_back_unchanged(received, referral):
    # Whatever else came before it, the newest row is this one: a follow-up, a changed one or a report of its own.
    received(File(name="one.json", body=product_json.dump(referral)))
    kept = {stored.content.encode(): stored for stored in StoredReferral.objects.all()}
    assert kept[product_json.dump(referral)].value() == referral


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(referral=referrals())
def test_every_identifier_of_a_referral_stands_in_the_store_as_it_was_read(received, referral):
    received(File(name="one.json", body=product_json.dump(referral)))
    stored = next(one for one in StoredReferral.objects.all() if one.content.encode() == product_json.dump(referral))
    read = [one for party in referral.parties for one in party.identifiers]
    read += [one for file in referral.files for one in (*file.hashes, *file.identifiers)]
    rows = Identifier.objects.filter(party__referral=stored)
    assert sorted((row.to_value() for row in rows), key=repr) == sorted(read, key=repr)


def test_the_payload_is_sealed_and_opens_to_the_bytes_that_were_sent(received, keys):
    sent = as_file(a_referral())
    received(sent)
    payload = Payload.objects.get()
    from tearmann.casework.sealing import Sealed

    sealed = Sealed(key_id=payload.key_id, nonce=bytes(payload.nonce), body=bytes(payload.body))
    assert keys.sealer.open(sealed, sha256=payload.sha256) == sent.body
    assert b"person-1" not in bytes(payload.body)


def test_the_same_bytes_again_write_nothing(received):
    received(a_referral())
    before = (Case.objects.count(), Payload.objects.count(), StoredReferral.objects.count(), Entry.objects.count())
    receipt = received(a_referral())
    after = (Case.objects.count(), Payload.objects.count(), StoredReferral.objects.count(), Entry.objects.count())
    assert receipt.counts == {Outcome.RESENT: 1}
    assert before == after


def test_the_same_bytes_twice_in_one_delivery_make_one_case(received):
    receipt = received(a_referral(), File(name="again.json", body=as_file(a_referral()).body))
    assert receipt.counts == {Outcome.RECEIVED: 1, Outcome.RESENT: 1}
    assert Case.objects.count() == 1


def test_changed_bytes_stand_beside_the_first(received):
    received(a_referral())
    receipt = received(a_referral(platform="Example Chat"))
    case = the_case()
    assert receipt.counts == {Outcome.UPDATED: 1}
    assert list(case.referrals.order_by("pk").values_list("relation", flat=True)) == ["first", "changed"]
    assert case.referrals.get(relation="first").value().platform is None


def test_a_follow_up_updates_its_parent_and_is_assessed_with_it(received):
    received(a_referral())
    assert not the_case().escalated
    received(at_risk(a_referral(2, supplements="1")))
    case = the_case()
    assert case.referrals.count() == 2
    assert case.escalated


def test_a_follow_up_whose_report_never_came_is_a_case_of_its_own(received):
    received(a_referral(2, supplements="1"))
    assert the_case(2).state == State.RECEIVED


def test_a_follow_up_to_a_closed_case_moves_it_back_to_received(received):
    received(a_referral())
    Case.objects.update(state=State.CLOSED, is_open=False)
    received(a_referral(2, supplements="1"))
    case = the_case()
    assert (case.state, case.is_open) == (State.RECEIVED, True)
    assert "reopened" in verbs(case.reference)


def file_details(number: int, of: str):
    return replace(
        a_referral(number, parties=(), part=Part.FILE_DETAILS, supplements=of),
        source_reference=None,
        files=(FileFacts(key="file-1", place="fileDetails"),),
    )


def test_the_details_of_a_file_join_their_report(received):
    received(a_referral(), file_details(7, of="1"))
    assert the_case().referrals.count() == 2


def test_the_details_of_a_file_that_come_first_wait_for_their_report(received):
    received(file_details(7, of="1"))
    assert Case.objects.count() == 0
    received(a_referral())
    assert set(the_case().referrals.values_list("relation", flat=True)) == {"first", "file_details"}


def test_the_details_of_a_file_before_their_report_in_the_same_delivery_join_it(received):
    received(file_details(7, of="1"), a_referral())
    assert set(the_case().referrals.values_list("relation", flat=True)) == {"first", "file_details"}


def test_a_file_that_cannot_be_read_goes_to_quarantine_with_its_reasons(received):
    receipt = received(File(name="broken.xml", body=b"<report><incidentSummary>"))
    payload = Payload.objects.get()
    assert receipt.counts == {Outcome.QUARANTINED: 1}
    assert payload.state == Payload.State.QUARANTINED
    assert payload.faults[0]["remedy"]
    assert payload.body is not None


def test_a_file_with_media_is_refused_and_its_bytes_are_not_kept(received):
    receipt = received(File(name="report.xml", body=b"\x89PNG\r\n\x1a\n" + b"\x00" * 40))
    payload = Payload.objects.get()
    assert receipt.counts == {Outcome.QUARANTINED: 1}
    assert (payload.state, payload.body) == (Payload.State.REFUSED, None)


def test_one_bad_file_does_not_hold_up_the_others(received):
    receipt = received(a_referral(1), File(name="broken.xml", body=b"<report>"), a_referral(2))
    assert receipt.counts == {Outcome.RECEIVED: 2, Outcome.QUARANTINED: 1}


def test_a_quarantined_payload_sent_again_is_not_kept_twice(received):
    broken = File(name="broken.xml", body=b"<report>")
    received(broken)
    assert received(broken).counts == {Outcome.RESENT: 1}
    assert Payload.objects.count() == 1


def test_what_was_quarantined_and_can_be_read_now_is_received(received):
    sent = as_file(a_referral())
    import hashlib

    Payload.objects.create(
        sha256=hashlib.sha256(sent.body).hexdigest(),
        file_sha256="0" * 64,
        file_name="1.json",
        place="1.json",
        state=Payload.State.QUARANTINED,
        key_id="k",
        nonce=b"n",
        body=b"b",
        received_at=NOON,
        received_by="operator",
    )
    assert received(sent).counts == {Outcome.RECEIVED: 1}
    assert Payload.objects.get().state == Payload.State.ACCEPTED


def test_a_child_is_a_child_and_the_person_reported_a_person_involved(received):
    received(at_risk(a_referral()))
    roles = dict(CasePerson.objects.values_list("party__key", "role"))
    child = CasePerson.objects.get(role="child")
    assert roles == {"reported-1": "person_involved", "victim-1": "child"}
    assert (child.age, child.age_basis) == (12, "victim, age")
    assert child.risks == [{"code": "self_harm", "place": "victim, risk", "origin": "sender"}]


def test_nobody_begins_as_a_suspect(received):
    received(*(a_referral(number) for number in range(1, 4)))
    assert not CasePerson.objects.filter(role__in=("suspect", "convicted")).exists()


def test_an_external_reference_is_kept_with_its_kind_and_place(received):
    received(a_referral(references=(ExternalReference(kind="crime", value="INVENTED-1", place="row 1"),)))
    reference = StoredReference.objects.get()
    assert (reference.kind, reference.value, reference.place) == ("crime", "INVENTED-1", "row 1")


def test_a_sender_who_states_when_it_was_received_is_believed_unless_it_lies_ahead(received):
    early = Moment(as_given="2026-10-01", at=NOON.replace(month=10, day=1))
    late = Moment(as_given="2027-01-01", at=NOON.replace(year=2027))
    received(a_referral(1, received=early), a_referral(2, received=late))
    assert [the_case(1).received_at, the_case(2).received_at] == [early.at, NOON]


def test_the_data_of_the_sender_has_a_clock_from_the_report(received):
    received(a_referral())
    clock = Clock.objects.get(kind="sender_data_expiry")
    assert clock.started_at == NOON


def test_collection_stands_in_the_processing_log_with_the_cases_it_made(received):
    received(a_referral())
    entry = Entry.objects.get(chain="processing", verb="collection")
    assert the_case().reference in entry.body


def test_no_log_entry_holds_a_persons_data(received):
    received(at_risk(a_referral()))
    written = "\n".join(f"{entry.subject_ref} {entry.body}" for entry in Entry.objects.all())
    assert "example.org" not in written


@pytest.mark.parametrize(
    ("sent", "answer"),
    [
        (a_referral(), Outcome.RECEIVED),  # the same bytes
        (a_referral(platform="Example Chat"), Outcome.RECEIVED),
        (a_referral(2, supplements="1"), Outcome.RECEIVED),
        (file_details(7, of="1"), Outcome.UPDATED),
    ],
)
def test_an_outsider_is_answered_as_if_there_were_no_restricted_case(received, doing_as, ben, sent, answer):
    received(a_referral())
    Case.objects.update(restricted=True)
    assert received(sent, doing=doing_as(ben)).counts == {answer: 1}
    assert Alert.objects.get().case == the_case()


def test_a_file_that_may_not_be_opened_does_not_hold_up_the_others(received, tmp_path):
    gone = File(name="gone.xml", path=tmp_path / "gone.xml")
    receipt = received(gone, a_referral())
    assert receipt.counts == {Outcome.QUARANTINED: 1, Outcome.RECEIVED: 1}
    assert "cannot be opened" in receipt.faults[0].fault.says

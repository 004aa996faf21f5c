"""What intake reads in the files is what the truth says, no more and no less, in every format."""

from __future__ import annotations

from collections import Counter

import pytest

from tearmann.identifiers import HASH_KINDS, IdentifierKind
from tearmann.intake.reading import Read, Unreadable
from tearmann.records import Part, PartyRole

PEOPLE = frozenset({PartyRole.REPORTED, PartyRole.RECIPIENT, PartyRole.VICTIM, PartyRole.ASSOCIATED})


@pytest.fixture(scope="session")
def agreed(year):
    """What was read, beside its truth: (truth, Read or Unreadable)."""
    found = year.read()
    return [(truth, found[truth["file"], truth["row"]]) for truth in year.truths]


def test_everything_read_has_its_truth(year):
    assert set(year.read()) == {(truth["file"], truth["row"]) for truth in year.truths}


def test_what_is_malformed_is_unreadable_and_nothing_else(agreed):
    for truth, one in agreed:
        assert isinstance(one, Unreadable) is (truth["part"] == "malformed"), truth["file"]


def test_nothing_malformed_carries_media(agreed):
    assert not any(one.media for _, one in agreed if isinstance(one, Unreadable))


def test_what_is_malformed_says_what_is_wrong(agreed):
    assert all(one.faults for _, one in agreed if isinstance(one, Unreadable))


def readable(agreed, *parts):
    return [
        (truth, one.referral)
        for truth, one in agreed
        if isinstance(one, Read) and truth["part"] in (parts or ("referral", "supplement", "resend", "changed_resend"))
    ]


def test_nothing_is_left_over(agreed):
    left = {leftover.place for _, one in agreed if isinstance(one, Read) for leftover in one.referral.remainder}
    # A sparse report names nobody as its reporter, in the element that the schema asks for.
    assert left <= {"/report/reporter/reportingPerson"}


def test_references_are_the_senders(agreed):
    for truth, referral in readable(agreed):
        assert referral.source_reference == truth["reference"]


def test_sources_are_the_senders(agreed):
    for truth, referral in readable(agreed):
        assert referral.source == truth["source"]


def test_file_details_belong_to_their_report(agreed):
    for truth, referral in readable(agreed, "file_details"):
        assert referral.part is Part.FILE_DETAILS
        assert referral.supplements == truth["of"]


def test_supplements_name_what_they_add_to(agreed):
    for truth, referral in readable(agreed, "supplement"):
        assert referral.supplements == truth["of"]


def test_people_are_who_the_truth_says(agreed):
    for truth, referral in readable(agreed):
        read = Counter(
            (party.role, party.age.years if party.age else None)
            for party in referral.parties
            if party.role in PEOPLE and party.role is not PartyRole.ASSOCIATED
        )
        true = Counter((person["role"], person["age_stated"]) for person in truth["people"])
        if truth["format"] == "csv":  # a person of whom nothing is written leaves no trace in a row
            assert read <= true
        else:
            assert read == true


def test_identifiers_of_people_are_those_of_the_truth(agreed):
    for truth, referral in readable(agreed):
        read = {
            (identifier.kind, identifier.value)
            for party in referral.parties
            if party.role in PEOPLE
            for identifier in party.identifiers
            if identifier.kind is not IdentifierKind.IP_EVENT
        }
        assert read == {tuple(pair) for person in truth["people"] for pair in person["identifiers"]}


def test_ip_events_are_those_of_the_truth(agreed):
    for truth, referral in readable(agreed):
        read = Counter(
            tuple(identifier.value.split("|")[:2])
            for party in referral.parties
            for identifier in party.identifiers
            if identifier.kind is IdentifierKind.IP_EVENT
        )
        assert read == Counter(
            (event["address"], str(event["port"] or "")) for person in truth["people"] for event in person["ip_events"]
        )


def test_hashes_are_those_of_the_truth(agreed):
    for truth, referral in readable(agreed, "referral", "file_details", "resend", "changed_resend"):
        read = Counter((one.kind, one.value) for file in referral.files for one in file.hashes)
        assert read == Counter(tuple(pair) for file in truth["files"] for pair in file["hashes"])


def test_every_hash_is_read_as_its_kind(agreed):
    for _, referral in readable(agreed, "referral", "file_details"):
        assert all(one.kind in HASH_KINDS for file in referral.files for one in file.hashes)


def test_risks_are_those_that_the_format_can_state(agreed):
    for truth, referral in readable(agreed):
        assert {risk.code for risk in referral.risks} == set(truth["risks_stated"])


def test_emergencies_are_those_of_the_truth(agreed):
    for truth, referral in readable(agreed):
        assert referral.urgent is truth["urgent"]


def test_every_type_of_incident_is_known(agreed):
    assert not any(referral.incident_type == "other" for _, referral in readable(agreed))


def test_a_resent_row_is_the_same_payload(mixed):
    found = mixed.read()
    for truth in mixed.truths_of("resend"):
        first = next(one for one in mixed.truths_of("referral") if one["reference"] == truth["of"])
        assert found[truth["file"], truth["row"]].payload == found[first["file"], first["row"]].payload


def test_a_changed_row_is_another_payload(mixed):
    found = mixed.read()
    for truth in mixed.truths_of("changed_resend"):
        first = next(one for one in mixed.truths_of("referral") if one["reference"] == truth["of"])
        assert found[truth["file"], truth["row"]].payload != found[first["file"], first["row"]].payload

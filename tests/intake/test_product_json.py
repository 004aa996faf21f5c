"""The product's own JSON: whole, canonical, versioned, tolerant of what is newer."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from tearmann.identifiers import IdentifierKind
from tearmann.intake.product_json import dump, load
from tearmann.intake.reading import File, Read, Unreadable, read
from tearmann.records import Identifier, Leftover, Moment, Party, PartyRole, Referral, RiskCode, RiskFact
from tests.strategies import referrals

CANARY = "canary-ann"


def read_bytes(body: bytes, *, name: str = "referral.json", **known: Any) -> list[Read | Unreadable]:
    return list(read(File(name=name, body=body), **known))


def written(**fields: Any) -> dict[str, Any]:
    return {"format": "tearmann-referral", "version": 1, "referral": {"format": "json", "source": "partner", **fields}}


def read_one(document: Any) -> Referral:
    (found,) = read_bytes(json.dumps(document).encode())
    assert isinstance(found, Read)
    return found.referral


def faults_of(document: Any) -> dict[str, str]:
    (found,) = read_bytes(json.dumps(document).encode())
    assert isinstance(found, Unreadable)
    return {fault.place: fault.says for fault in found.faults}


@given(referrals())
@settings(max_examples=50, deadline=None)
def test_a_referral_that_was_dumped_comes_back_unchanged(referral: Referral) -> None:
    assert load(dump(referral)) == referral


@given(referrals())
@settings(max_examples=50, deadline=None)
def test_a_referral_that_was_dumped_is_read_unchanged(referral: Referral) -> None:
    (found,) = read_bytes(dump(referral))
    assert isinstance(found, Read)
    assert found.referral == referral


@given(referrals())
@settings(max_examples=25, deadline=None)
def test_the_same_referral_gives_the_same_bytes(referral: Referral) -> None:
    assert dump(load(dump(referral))) == dump(referral)


def test_an_empty_default_and_a_stated_default_are_the_same_bytes() -> None:
    plain = Referral(format="json", source="partner")
    assert dump(plain) == dump(replace(plain, urgent=False, incident_type="other", parties=()))


def test_the_payload_of_one_object_is_the_object_as_it_stands() -> None:
    body = json.dumps(written(), indent=2).encode()
    (found,) = read_bytes(body)
    assert found.payload == body


def test_a_list_of_referrals_is_read_one_by_one() -> None:
    body = json.dumps({"referrals": [written(source_reference="1"), written(source_reference="2")]}).encode()
    found = read_bytes(body)
    assert [one.place for one in found] == ["referral.json, referral 1", "referral.json, referral 2"]
    assert [one.referral.source_reference for one in found if isinstance(one, Read)] == ["1", "2"]


def test_a_bad_line_of_json_lines_waits_alone() -> None:
    good = json.dumps(written(source_reference="1"))
    body = f"{good}\n{good[:-3]}\n\n{good}\n".encode()
    found = read_bytes(body, name="referrals.jsonl")
    assert [type(one) for one in found] == [Read, Unreadable, Read]
    assert [one.place for one in found] == [f"referrals.jsonl, line {number}" for number in (1, 2, 4)]


def test_json_lines_are_known_without_their_ending() -> None:
    good = json.dumps(written())
    assert len(read_bytes(f"{good}\n{good}\n".encode(), name="referrals.txt")) == 2


def test_an_object_over_several_lines_is_one_document() -> None:
    body = json.dumps(written(passages=[{"text": "one", "place": "a"}, {"text": "two", "place": "b"}]), indent=0)
    assert len(read_bytes(body.encode(), name="referrals.txt")) == 1


def test_newer_fields_go_to_the_remainder_leaf_by_leaf() -> None:
    document = written(newer="a", parties=[{"key": "victim-1", "role": "victim", "place": "p", "mood": {"b": [1.50]}}])
    document["sent_by"] = True
    referral = read_one(document)
    assert set(referral.remainder) == {
        Leftover(place="/sent_by", value="true"),
        Leftover(place="/referral/newer", value="a"),
        Leftover(place="/referral/parties/0/mood/b/0", value="1.5"),
    }


def test_a_number_that_is_not_known_keeps_its_digits() -> None:
    body = json.dumps(written()).replace('"source"', '"newer": 1.500, "source"').encode()
    (found,) = read_bytes(body)
    assert isinstance(found, Read)
    assert found.referral.remainder == (Leftover(place="/referral/newer", value="1.500"),)


def test_what_stands_beside_the_list_is_left_over_in_each() -> None:
    (found,) = read_bytes(json.dumps({"referrals": [written()], "batch": "7"}).encode())
    assert isinstance(found, Read)
    assert found.referral.remainder == (Leftover(place="/beside/batch", value="7"),)


def test_a_value_is_written_as_its_kind_writes_it() -> None:
    given_so = {"kind": "email", "value": "Ann@Example.ORG", "as_given": "Ann@Example.ORG", "place": "p"}
    party = {"key": "victim-1", "role": "victim", "place": "p", "identifiers": [given_so]}
    assert read_one(written(parties=[party])).parties == (
        Party(
            key="victim-1",
            role=PartyRole.VICTIM,
            place="p",
            identifiers=(
                Identifier(kind=IdentifierKind.EMAIL, value="ann@example.org", as_given="Ann@Example.ORG", place="p"),
            ),
        ),
    )


def test_times_with_an_offset_are_kept_in_utc() -> None:
    received = {"as_given": "noon", "at": "2026-06-01T12:00:00+01:00"}
    found = read_one(written(received=received)).received
    assert isinstance(found, Moment)
    assert found.at is not None
    assert found.at.isoformat() == "2026-06-01T11:00:00+00:00"


def test_the_caller_knows_the_source_better_and_the_stated_one_is_kept() -> None:
    (found,) = read_bytes(json.dumps(written(source_reference="1")).encode(), source="iwf", reference="2")
    assert isinstance(found, Read)
    assert (found.referral.source, found.referral.source_reference) == ("iwf", "2")
    assert set(found.referral.remainder) == {
        Leftover(place="/referral/source", value="partner"),
        Leftover(place="/referral/source_reference", value="1"),
    }


def test_every_fault_of_an_object_is_told_at_once() -> None:
    document = written(
        urgent="canary-ann",
        provider_priority="1",
        incident={"as_given": "x", "at": "yesterday"},
        incident_type=3,
        passages="canary-ann",
        risks=[7],
        part="canary-ann",
        parties=[{"role": "canary-ann", "place": "p", "key": "victim-1"}],
        platform=5,
    )
    del document["referral"]["source"]
    assert faults_of(document).keys() == {
        f"referral.json, /referral/{field}"
        for field in (
            *("source", "urgent", "provider_priority", "incident/at", "incident_type", "passages", "risks/0"),
            *("part", "parties/0/role", "platform"),
        )
    }


def naive_time(document: dict[str, Any]) -> None:
    document["referral"]["received"] = {"as_given": CANARY, "at": "2026-01-01T00:00:00"}


def time_in_seconds(document: dict[str, Any]) -> None:
    document["referral"]["received"] = {"as_given": CANARY, "at": "1700000000"}


def same_key_twice(document: dict[str, Any]) -> None:
    document["referral"]["parties"] = [{"key": "a", "role": "victim", "place": CANARY}] * 2


def party_not_there(document: dict[str, Any]) -> None:
    document["referral"]["risks"] = [{"code": "self_harm", "place": "p", "party": CANARY}]


def not_of_its_kind(document: dict[str, Any]) -> None:
    one = {"kind": "email", "value": CANARY, "as_given": CANARY, "place": "p"}
    document["referral"]["parties"] = [{"key": "a", "role": "victim", "place": "p", "identifiers": [one]}]


def unknown_type(document: dict[str, Any]) -> None:
    document["referral"]["incident_type"] = CANARY


def bad_grading(document: dict[str, Any]) -> None:
    document["referral"]["grading"] = {"source": CANARY, "information": "A", "handling": "P"}


def impossible_age(document: dict[str, Any]) -> None:
    age = {"as_given": CANARY, "place": "p", "years": 200}
    document["referral"]["parties"] = [{"key": "a", "role": "victim", "place": "p", "age": age}]


def priority_of_nine(document: dict[str, Any]) -> None:
    document["referral"]["provider_priority"] = 9


def nul_in_a_text(document: dict[str, Any]) -> None:
    document["referral"]["platform"] = f"{CANARY}\x00"


def half_a_character(document: dict[str, Any]) -> None:
    document["referral"]["platform"] = f"{CANARY}\ud800"


def nul_in_a_name(document: dict[str, Any]) -> None:
    document[f"{CANARY}\x00"] = 1


def newer_version(document: dict[str, Any]) -> None:
    document["version"] = 2


def no_version(document: dict[str, Any]) -> None:
    del document["version"]


def true_for_a_version(document: dict[str, Any]) -> None:
    document["version"] = True


def another_format(document: dict[str, Any]) -> None:
    document["format"] = CANARY


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (naive_time, "a time without a zone"),
        (time_in_seconds, "not a time"),
        (same_key_twice, "two of the same key: party"),
        (party_not_there, "it names a party that is not there"),
        (not_of_its_kind, "the value is no email"),
        (unknown_type, "not one of our codes"),
        (bad_grading, "not a grading of source"),
        (impossible_age, "not an age in years"),
        (priority_of_nine, "not a provider's priority"),
        (nul_in_a_text, "control characters"),
        (half_a_character, "half a character"),
        (nul_in_a_name, "control characters"),
        (newer_version, "it is version 2 of the format"),
        (no_version, "the version is missing"),
        (true_for_a_version, "the version is missing"),
        (another_format, "this is no referral in the product's own JSON"),
    ],
)
def test_what_is_wrong_is_said_without_quoting_it(spoil: Callable[[dict[str, Any]], None], says: str) -> None:
    document = written()
    spoil(document)
    told = faults_of(document)
    assert any(says in one for one in told.values())
    assert CANARY not in str(told)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b'{"format": "tearmann-referral", "format": "x"}', "a field stands twice in one object"),
        (b'{"format": NaN}', "NaN or Infinity"),
        (b'{"format": ', "not JSON"),
        (b'{"format": "\xff"}', "bytes that are not UTF-8"),
        (b"[" * 100_000, "objects nested deeper than can be read"),
        (b'{"a": 1e99999999999999999999}', "a number longer than can be read"),
        (b"[]", "the list of referrals is empty"),
        (b'{"referrals": 1}', "the list of referrals is empty or no list"),
        (b"[7]", "this is no referral in the product's own JSON"),
    ],
)
def test_what_is_no_json_is_told(body: bytes, says: str) -> None:
    (found,) = read_bytes(body)
    assert isinstance(found, Unreadable)
    assert says in found.faults[0].says


def test_a_line_beyond_the_limit_is_refused_and_the_next_is_read(tmp_path: Path) -> None:
    good = json.dumps(written()).encode()
    long = json.dumps(written(platform="words " * 400)).encode()
    path = tmp_path / "referrals.jsonl"
    path.write_bytes(long + b"\n" + good + b"\n")
    found = list(read(File(name=path.name, path=path), limit=len(good) + 1))
    assert [type(one) for one in found] == [Unreadable, Read]


def test_risks_name_a_child_of_the_same_referral() -> None:
    document = written(
        parties=[{"key": "victim-1", "role": "victim", "place": "p"}],
        risks=[{"code": "self_harm", "place": "p", "party": "victim-1"}],
    )
    assert read_one(document).risks == (RiskFact(code=RiskCode.SELF_HARM, place="p", party="victim-1"),)

"""CSV: a row is a referral, and a bad row waits alone."""

from __future__ import annotations

import base64
import csv
import io
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from tearmann.identifiers import IdentifierKind
from tearmann.intake.columns import ColumnMap
from tearmann.intake.reading import File, Read, Unreadable, read
from tearmann.records import Age, Grading, Leftover, Nature, Referral, RiskCode, RiskFact, Statement

CANARY = "canary.ann@example.org"


def rows(body: str | bytes, **known: Any) -> list[Read | Unreadable]:
    file = File(name="rows.csv", body=body.encode() if isinstance(body, str) else body)
    return list(read(file, format="csv", **known))


def row(cells: dict[str, str], **known: Any) -> Read | Unreadable:
    written = io.StringIO()
    csv.writer(written).writerows([cells.keys(), cells.values()])
    (found,) = rows(written.getvalue(), **known)
    return found


def referral(cells: dict[str, str], **known: Any) -> Referral:
    found = row(cells, **known)
    assert isinstance(found, Read), found
    return found.referral


def values(cells: dict[str, str]) -> list[tuple[IdentifierKind, str]]:
    return [(one.kind, one.value) for party in referral(cells).parties for one in party.identifiers]


# One row of the specification each: columns → what the referral holds.
SPEC: dict[str, tuple[dict[str, str], Any, Any]] = {
    "source": ({"source": "iwf"}, lambda one: one.source, "iwf"),
    "no source": ({"platform": "x"}, lambda one: one.source, "other"),
    "reference": ({"source_reference": "7"}, lambda one: one.source_reference, "7"),
    "supplements": ({"supplements": "7"}, lambda one: one.supplements, "7"),
    "platform": ({"platform": "Example Chat"}, lambda one: one.platform, "Example Chat"),
    "our type": ({"incident_type": "enticement"}, lambda one: one.incident_type, "enticement"),
    "their type": ({"incident_type": "Child Sex Tourism"}, lambda one: one.incident_type, "sex_tourism"),
    "their word": (
        {"incident_type": "newer"},
        lambda one: (one.incident_type, one.incident_type_given),
        ("other", "newer"),
    ),
    "urgent": ({"urgent": "YES"}, lambda one: one.urgent, True),
    "a reason is urgent": ({"urgent_reason": "soon"}, lambda one: (one.urgent, one.urgent_reason), (True, "soon")),
    "priority": ({"provider_priority": "2"}, lambda one: one.provider_priority, 2),
    "annotation": ({"annotation": "viral"}, lambda one: one.annotations, ("viral",)),
    "basis": ({"lawful_basis": "task"}, lambda one: one.lawful_basis, "task"),
    "narrative": (
        {"narrative": "said"},
        lambda one: [(p.text, p.nature) for p in one.passages],
        [("said", Nature.FACT)],
    ),
    "opinion": (
        {"opinion": "held"},
        lambda one: [(p.text, p.nature) for p in one.passages],
        [("held", Nature.OPINION)],
    ),
    "statement": (
        {"statement.weather": "rain"},
        lambda one: one.statements,
        (Statement(name="weather", value="rain", place="column 'statement.weather'"),),
    ),
    "reference elsewhere": (
        {"reference.crime": "C1", "reference.crime.system": "Example system"},
        lambda one: [(r.kind, r.value, r.system) for r in one.references],
        [("crime", "C1", "Example system")],
    ),
    "grading": (
        {"grading.source": "2", "grading.information": "b", "grading.handling": "P"},
        lambda one: one.grading,
        Grading(source="2", information="B", handling="P"),
    ),
    "risk": (
        {"risk.self_harm": "y"},
        lambda one: one.risks,
        (RiskFact(code=RiskCode.SELF_HARM, place="column 'risk.self_harm'"),),
    ),
    "risk of a child": (
        {"victim.2.age": "9", "victim.2.risk.near": "1"},
        lambda one: one.risks,
        (RiskFact(code=RiskCode.NEAR, place="column 'victim.2.risk.near'", party="victim-2"),),
    ),
    "no risk is said too": (
        {"victim.risk.near": "no"},
        lambda one: (one.risks, [(s.name, s.value) for s in one.parties[0].statements]),
        ((), [("risk.near", "no")]),
    ),
    "not urgent is said too": (
        {"urgent": "no"},
        lambda one: (one.urgent, [(s.name, s.value) for s in one.statements]),
        (False, [("urgent", "no")]),
    ),
    "age": (
        {"victim.age": "12"},
        lambda one: one.parties[0].age,
        Age(as_given="12", place="column 'victim.age'", years=12),
    ),
    "age in words": ({"victim.age": "about 12"}, lambda one: one.parties[0].age.years, None),
    "two children": (
        {"victim.age": "9", "victim.2.age": "12"},
        lambda one: [p.key for p in one.parties],
        ["victim-1", "victim-2"],
    ),
    "file": (
        {"file.md5": "D41D8CD98F00B204E9800998ECF8427E", "file.viewed": "no", "file.id": "f1", "file.name": "a.txt"},
        lambda one: [(f.hashes[0].value, f.viewed_by_sender, f.publicly_available, f.file_id) for f in one.files],
        [("d41d8cd98f00b204e9800998ecf8427e", False, None, "f1")],
    ),
    "classification": (
        {"file.classification": "B2", "file.classification.scheme": "industry"},
        lambda one: [(c.scheme, c.code) for c in one.files[0].classifications],
        [("industry", "B2")],
    ),
    "what is not declared": (
        {"platform": "x", "mood": "fair"},
        lambda one: one.remainder,
        (Leftover(place="column 'mood'", value="fair"),),
    ),
}


@pytest.mark.parametrize(("cells", "ask", "expected"), SPEC.values(), ids=SPEC)
def test_a_column_is_read_as_specified(cells: dict[str, str], ask: Any, expected: Any) -> None:
    assert ask(referral(cells)) == expected


@pytest.mark.parametrize(
    ("cells", "kind", "value"),
    [
        ({"reported.email": "Ann@Example.org"}, IdentifierKind.EMAIL, "ann@example.org"),
        ({"reported.phone": "07700 900123"}, IdentifierKind.PHONE, "+447700900123"),
        ({"reported.handle": "Ann", "platform": "Example Chat"}, IdentifierKind.HANDLE, "ann@example-chat"),
        ({"reported.handle": "Ann", "reported.handle.platform": "Other"}, IdentifierKind.HANDLE, "ann@other"),
        ({"reported.name": "Ann Example"}, IdentifierKind.NAME, "ann example"),
        ({"victim.date_of_birth": "2010-01-02"}, IdentifierKind.DATE_OF_BIRTH, "2010-01-02"),
        (
            {"reported.ip": "192.0.2.7", "reported.ip.port": "50123", "reported.ip.time": "2026-01-02T17:59:00Z"},
            IdentifierKind.IP_EVENT,
            "192.0.2.7|50123|2026-01-02T17:59:00Z",
        ),
        ({"reported.ip": "192.0.2.7", "reported.ip.time": "2026-01-02T17:59"}, IdentifierKind.IP_EVENT, "192.0.2.7||"),
        (
            {"reported.device": "00-101500-000001-5", "reported.device.type": "IMEI"},
            IdentifierKind.DEVICE_ID,
            "IMEI:001015000000015",
        ),
        ({"unattached.url": "https://example.org/a"}, IdentifierKind.URL, "https://example.org/a"),
        ({"reported.email": "nothing such"}, IdentifierKind.OTHER, "nothing such"),
    ],
)
def test_an_identifier_is_what_its_kind_makes_of_it(cells: dict[str, str], kind: IdentifierKind, value: str) -> None:
    assert values(cells) == [(kind, value)]


def test_several_identifiers_of_one_person_are_numbered() -> None:
    cells = {"reported.email": "a@example.org", "reported.email.2": "b@example.org"}
    assert [value for _, value in values(cells)] == ["a@example.org", "b@example.org"]


DECLARED = ColumnMap(
    columns=(
        ("When", "received"),
        ("Born", "victim.date_of_birth"),
        ("Seen", "reported.ip"),
        ("At", "reported.ip.time"),
    ),
    delimiter=";",
    time_formats=("%d/%m/%Y %H:%M",),
    date_format="%d/%m/%Y",
    zone="Europe/London",
)


def test_times_are_read_in_the_zone_that_was_declared() -> None:
    (found,) = rows("When;Born;Seen;At\n01/07/2026 12:00;2/1/2010;192.0.2.7;01/07/2026 12:30\n", columns=DECLARED)
    assert isinstance(found, Read)
    received = found.referral.received
    assert received is not None
    assert received.at is not None
    assert (received.at.isoformat(), received.zone_stated) == ("2026-07-01T11:00:00+00:00", True)
    said = {one.value for party in found.referral.parties for one in party.identifiers}
    assert said == {"192.0.2.7||2026-07-01T11:30:00Z", "2010-01-02"}


def test_a_time_without_any_zone_says_so() -> None:
    received = referral({"received": "2026-07-01T12:00"}).received
    assert received is not None
    assert received.zone_stated is False


def test_every_fault_of_a_row_is_told_at_once_and_none_quotes_it() -> None:
    wrong = ("received", "incident", "urgent", "risk.near", "provider_priority", "file.viewed", "file.uploaded")
    cells = dict.fromkeys(wrong, CANARY)
    cells |= {"grading.source": CANARY, "reported.ip": "192.0.2.7", "reported.ip.port": CANARY}
    found = row(cells)
    assert isinstance(found, Unreadable)
    told = {fault.place for fault in found.faults}
    faulty = (*wrong, "reported.ip.port", "grading.source", "grading.information", "grading.handling")
    assert told == {f"rows.csv, row 2, column '{name}'" for name in faulty}
    assert CANARY not in str(found.faults)


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        ({"reported.ip": "", "reported.ip.port": "1"}, "it stands beside a value that is blank"),
        ({"reported.ip": "192.0.2.7", "reported.ip.port": "0"}, "not a port"),
        ({"reported.ip": "192.0.2.7", "reported.ip.port": "70000"}, "not a port"),
        ({"received": "2026-02-30"}, "not a time"),
        ({"provider_priority": "9"}, "not a provider's priority"),
        ({"platform": "Example\x01", "narrative": "said at length"}, "control characters"),
    ],
)
def test_what_is_wrong_with_a_cell_is_said(cells: dict[str, str], says: str) -> None:
    found = row(cells)
    assert isinstance(found, Unreadable)
    assert [says in fault.says for fault in found.faults] == [True]


def test_a_bad_row_waits_alone() -> None:
    found = rows("received,platform\n2026-01-01,a\nnever,b\n2026-01-03,c\n")
    assert [(type(one), one.place) for one in found] == [
        (Read, "rows.csv, row 2"),
        (Unreadable, "rows.csv, row 3"),
        (Read, "rows.csv, row 4"),
    ]


def test_the_good_rows_of_a_corrected_file_are_the_same_bytes() -> None:
    bad = rows("received,platform\n2026-01-01,a\nnever,b\n2026-01-03,c")
    good = rows("received,platform\n2026-01-01,a\n2026-01-02,b\n2026-01-03,c\n")
    assert [bad[0].payload, bad[2].payload] == [good[0].payload, good[2].payload]


def test_how_lines_end_is_no_part_of_the_payload() -> None:
    assert [one.payload for one in rows("platform\r\na\r\n")] == [one.payload for one in rows("platform\na")]


def test_blank_lines_before_the_header_are_no_part_of_the_payload() -> None:
    assert [one.payload for one in rows("\n,\nplatform\na\n")] == [b"platform\na\n"]


def test_the_payload_is_the_header_and_the_row_and_nothing_of_others() -> None:
    found = rows(f"platform,narrative\na,{CANARY}\nb,plain\n")
    assert found[1].payload == b"platform,narrative\nb,plain\n"


def test_the_payload_of_a_row_reads_as_that_row() -> None:
    body = 'platform,narrative\nfirst,one\nsecond,"two\nlines, and ""words"""\n'
    second = rows(body)[1]
    assert isinstance(second, Read)
    (again,) = rows(second.payload)
    assert isinstance(again, Read)
    assert again.referral == second.referral
    assert again.referral.passages[0].text == 'two\nlines, and "words"'


@pytest.mark.parametrize(
    ("broken", "kinds"),
    [
        ('b,"never closed\n', [Read, Unreadable, Read]),
        ('b,"closed"early\n', [Read, Unreadable, Read]),
        ("b,too,many\n", [Read, Unreadable, Read]),
        ("b\n", [Read, Unreadable, Read]),
        ("\n", [Read, Read]),
        (",\n", [Read, Read]),
    ],
    ids=["never closed", "closed early", "too many", "too few", "blank line", "blank cells"],
)
def test_a_broken_row_does_not_take_the_next_with_it(broken: str, kinds: list[type]) -> None:
    found = rows(f"platform,narrative\na,one\n{broken}c,three\n")
    assert [type(one) for one in found] == kinds
    last = found[-1]
    assert isinstance(last, Read)
    assert last.referral.platform == "c"


def test_a_row_that_is_not_utf_8_waits_alone_and_is_not_kept() -> None:
    found = rows(b"platform,narrative\na,one\nb,caf\xe9\nc,three\n")
    assert [type(one) for one in found] == [Read, Unreadable, Read]
    assert found[1].payload is None


def test_a_row_with_media_waits_alone_and_is_not_kept() -> None:
    data = base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"\x00" * 96).decode()
    found = rows(f"platform,narrative\na,one\nb,{data}\nc,three\n")
    assert [type(one) for one in found] == [Read, Unreadable, Read]
    bad = found[1]
    assert isinstance(bad, Unreadable)
    assert (bad.media, bad.payload) == (True, None)


def test_a_byte_order_mark_is_no_part_of_the_header() -> None:
    (found,) = rows("\ufeffplatform\nExample\n")
    assert isinstance(found, Read)
    assert found.referral.platform == "Example"


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("", "the file is empty"),
        ("\n\n", "the file is empty"),
        (f"{CANARY},Ann Example\n{CANARY},Ben\n", "none of the columns was declared"),
        (f"platform,{CANARY},{CANARY}\na,b,c\n", "column 3 has the name of an earlier column"),
        ("victim.age,victim.1.age\n1,2\n", "column 2 is the same thing as an earlier column"),
        ("platform,reported.ip.port\na,1\n", "column 2 stands beside a value that no column has"),
        ("platform,narrative\x01\nExample,said at length\n", "control characters"),
        ('"platform\n', "the header is not a row of CSV"),
        ("platform\n".encode("utf-16"), "the file is in UTF-16"),
    ],
)
def test_a_header_that_will_not_do_is_told_without_quoting_it(body: str | bytes, says: str) -> None:
    (found,) = rows(body)
    assert isinstance(found, Unreadable)
    assert says in " ".join(fault.says for fault in found.faults)
    assert CANARY not in str(found.faults)


def test_the_wrong_delimiter_is_guessed_at_in_the_remedy() -> None:
    (found,) = rows("When,Born,Seen,At\n", columns=DECLARED)
    assert isinstance(found, Unreadable)
    assert "delimiter" in found.faults[0].says
    assert "When" in found.faults[0].remedy


def test_one_reference_is_not_that_of_several_rows() -> None:
    (found,) = rows("platform\na\nb\n", reference="7")
    assert isinstance(found, Unreadable)
    assert "several referrals" in found.faults[0].says


def test_one_reference_is_that_of_one_row() -> None:
    assert referral({"platform": "a"}, reference="7").source_reference == "7"


def test_a_row_of_any_length_is_bounded() -> None:
    body = "platform,narrative\na," + "word " * 300_000 + "\nb,short\n"
    assert [type(one) for one in rows(body)] == [Unreadable, Read]


def test_a_large_file_is_flat_in_memory(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    with path.open("w", encoding="utf-8") as stream:
        stream.write("platform,narrative\n")
        stream.writelines(f"Example {number},{'word ' * 100}\n" for number in range(4000))
    tracemalloc.start()
    count = sum(1 for _ in read(File(name=path.name, path=path)))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 4000
    assert peak < path.stat().st_size / 2

"""A list that somebody sent: every format, and every fault of a file at once."""

from __future__ import annotations

import contextlib
import hashlib
from collections import deque

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tearmann.errors import ListError
from tearmann.identifiers import HASH_KINDS, IdentifierKind
from tearmann.lists import ListRow, build, read, read_csv, read_ncmec, read_text

MD5 = hashlib.md5(b"example").hexdigest()
SHA1 = hashlib.sha1(b"example").hexdigest()
SHA256 = hashlib.sha256(b"example").hexdigest()
PDQ = "f0" * 32


@pytest.fixture
def sent(tmp_path):
    def write(text, name="list.csv"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def refusal_of(rows):
    """The message with which a reader ends; its good rows are passed over."""
    with pytest.raises(ListError) as refusal:
        deque(rows, maxlen=0)
    return str(refusal.value)


def test_a_csv_gives_its_rows(sent):
    path = sent(
        f"kind,value,code,scheme\nmd5,{MD5.upper()},A1,example\nSHA-1,{SHA1},,\nsha_256,{SHA256},2,\npdq,{PDQ},,x\n"
    )
    assert list(read_csv(path)) == [
        ListRow(kind=IdentifierKind.MD5, value=MD5, code="A1", scheme="example"),
        ListRow(kind=IdentifierKind.SHA1, value=SHA1),
        ListRow(kind=IdentifierKind.SHA256, value=SHA256, code="2"),
        ListRow(kind=IdentifierKind.PDQ, value=PDQ, scheme="x"),
    ]


def test_a_csv_may_have_a_byte_order_mark_its_own_order_and_no_codes(sent):
    assert list(read_csv(sent(f"\ufeffvalue,Kind\r\n{MD5},md5\r\n\r\n"))) == [
        ListRow(kind=IdentifierKind.MD5, value=MD5)
    ]


@pytest.mark.parametrize("header", ["", "kind,code", "kind,value,notes", "kind,value,value"])
def test_a_csv_with_another_header_is_refused(sent, header):
    assert "line 1: expected the header kind,value,code,scheme" in refusal_of(read_csv(sent(f"{header}\n")))


def test_every_fault_of_a_csv_is_told_at_once_with_its_line(sent):
    path = sent(f"kind,value\nmd5,{MD5}\nmd5,{SHA1}\nphoto,{MD5}\nmd5\nsha1,zz\n")
    assert refusal_of(read_csv(path)) == (
        "4 faults; nothing was loaded\n"
        "list.csv, line 3: MD5 hash: expected 32 hex digits\n"
        "list.csv, line 4: kind is not one of md5, pdq, sha1, sha256\n"
        "list.csv, line 5: 1 columns, expected 2\n"
        "list.csv, line 6: SHA-1 hash: expected 40 hex digits, or its base32 or base64"
    )


def test_the_first_fifty_faults_are_told_and_all_are_counted(sent):
    told = refusal_of(read_csv(sent("kind,value\n" + "md5,x\n" * 70))).splitlines()
    assert (told[0], len(told), told[-1]) == ("70 faults; nothing was loaded", 52, "and 20 more")


def test_a_fault_never_quotes_the_hash(sent):
    assert SHA1 not in refusal_of(read_csv(sent(f"kind,value\nmd5,{SHA1}\n{SHA1},md5\n")))


def test_a_csv_in_another_encoding_is_refused(sent):
    assert "line 2: not UTF-8" in refusal_of(read_csv(sent(b"kind,value,code\nmd5," + MD5.encode() + b",\xe9\n")))


def test_a_csv_with_a_broken_quotation_is_refused(sent):
    assert "line 2: not CSV" in refusal_of(read_csv(sent(f'kind,value\nmd5,"{MD5}"x\n')))


def test_a_text_gives_a_row_per_line(sent):
    path = sent(f"# example\n{MD5.upper()}\n\n  {SHA1}\r\n", "list.txt")
    assert list(read_text(path, code="2", scheme="example")) == [
        ListRow(kind=IdentifierKind.MD5, value=MD5, code="2", scheme="example"),
        ListRow(kind=IdentifierKind.SHA1, value=SHA1, code="2", scheme="example"),
    ]


def test_a_text_of_64_digits_needs_its_kind(sent):
    path = sent(f"{SHA256}\n", "list.txt")
    assert "line 1: not the length of MD5 or SHA-1; for SHA-256 or PDQ state the kind" in refusal_of(read_text(path))
    assert list(read_text(path, kind=IdentifierKind.PDQ)) == [ListRow(kind=IdentifierKind.PDQ, value=SHA256)]


def test_every_fault_of_a_text_is_told(sent):
    assert refusal_of(
        read_text(sent(b"f0\n" + MD5.encode() + b"\nzz\n\xff\n", "list.txt"), kind=IdentifierKind.MD5)
    ) == (
        "3 faults; nothing was loaded\n"
        "list.txt, line 1: MD5 hash: expected 32 hex digits\n"
        "list.txt, line 3: MD5 hash: expected 32 hex digits\n"
        "list.txt, line 4: not UTF-8; save the file as UTF-8"
    )


def entry(name, number, *, at="2026-01-02T17:59:00.5Z", inside="", member="1"):
    return (
        f'<{name}><member id="{member}">Example member</member><timestamp>{at}</timestamp>'
        f"<id>{number}</id>{inside}</{name}>"
    )


def answer(images="", videos="", before=""):
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{before}\n'
        '<queryResult xmlns="https://hashsharing.ncmec.org/hashsharing/v2">\n'
        f'<images count="1" maxTimestamp="2026-01-02T17:59:00Z">{images}</images>\n'
        f'<videos count="1">{videos}</videos>\n'
        "<paging><next>/v2/entries?start=2001</next></paging></queryResult>"
    )


def prints(**values):
    return "<fingerprints>" + "".join(f"<{kind}>{value}</{kind}>" for kind, value in values.items()) + "</fingerprints>"


def test_an_ncmec_answer_gives_the_fingerprints_that_can_match(sent):
    image = entry(
        "image",
        "e1",
        inside="<classification>A1</classification>" + prints(md5=MD5.upper(), sha1=SHA1, pdna="x", pdq=PDQ),
    )
    video = entry("video", "e2", inside=prints(md5=MD5, netclean="x"))
    assert list(read_ncmec(sent(answer(image, video), "page.xml"))) == [
        ListRow(kind=IdentifierKind.MD5, value=MD5, code="A1", scheme="industry"),
        ListRow(kind=IdentifierKind.SHA1, value=SHA1, code="A1", scheme="industry"),
        ListRow(kind=IdentifierKind.PDQ, value=PDQ, code="A1", scheme="industry"),
        ListRow(kind=IdentifierKind.MD5, value=MD5),
    ]


def test_an_entry_that_any_page_deletes_later_is_left_out(sent):
    gone = entry("image", "e1", inside=prints(md5=MD5))
    kept = entry("image", "e2", inside=prints(sha1=SHA1))
    first = sent(answer(gone + kept), "page-1.xml")
    second = sent(answer(entry("deletedImage", "e1", at="2026-01-03T00:00:00Z")), "page-2.xml")
    assert [row.value for row in read_ncmec(second, first)] == [SHA1]


def test_an_entry_that_came_back_after_its_deletion_is_kept(sent):
    back = entry("video", "e1", inside=prints(md5=MD5))
    path = sent(answer("", entry("deletedVideo", "e1", at="2026-01-01T00:00:00Z") + back), "page.xml")
    assert [row.value for row in read_ncmec(path)] == [MD5]


def test_another_members_entry_of_the_same_number_is_not_deleted(sent):
    path = sent(
        answer(entry("image", "e1", inside=prints(md5=MD5)) + entry("deletedImage", "e1", member="2")), "page.xml"
    )
    assert [row.value for row in read_ncmec(path)] == [MD5]


def test_every_fault_of_all_pages_is_told(sent):
    first = sent(answer(entry("image", "e1", inside=prints(md5="x"))), "page-1.xml")
    second = sent(
        answer(entry("deletedImage", "", at="soon") + "\n" + entry("image", "e2", at="2026-01-02T17:59:00")),
        "page-2.xml",
    )
    assert refusal_of(read_ncmec(first, second)) == (
        "3 faults; nothing was loaded\n"
        "page-2.xml, line 3: an entry without its member, its id or a timestamp with a zone\n"
        "page-1.xml, line 3: MD5 hash: expected 32 hex digits\n"
        "page-2.xml, line 4: an entry without its member, its id or a timestamp with a zone"
    )


@pytest.mark.parametrize("text", ["", "<", answer()[:-20]])
def test_an_answer_that_is_not_whole_is_refused(sent, text):
    assert "not well-formed XML" in refusal_of(read_ncmec(sent(text, "page.xml")))


def test_a_doctype_is_refused_before_its_entities_are_looked_at(sent):
    path = sent(answer(before='<!DOCTYPE queryResult [<!ENTITY a SYSTEM "file:///example">]>'), "page.xml")
    assert "a DOCTYPE is refused" in refusal_of(read_ncmec(path))


def test_another_xml_is_refused(sent):
    assert "not an answer of NCMEC hash sharing" in refusal_of(read_ncmec(sent("<report/>", "page.xml")))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("list.csv", f"kind,value\nmd5,{MD5}\n"),
        ("list.TXT", f"{MD5}\n"),
        ("list.xml", answer(entry("image", "e1", inside=prints(md5=MD5)))),
    ],
)
def test_the_suffix_tells_the_format(sent, name, text):
    assert [row.value for row in read(sent(text, name))] == [MD5]


def test_a_format_can_be_stated(sent):
    assert [row.value for row in read(sent(f"{MD5}\n", "list.hashes"), format="text")] == [MD5]


@pytest.mark.parametrize(("name", "stated"), [("list.hashes", None), ("list.csv", "vics")])
def test_an_unknown_format_is_refused_with_those_that_are_known(sent, name, stated):
    with pytest.raises(ListError, match="state one of csv, ncmec, text"):
        read(sent("", name), format=stated)


@pytest.mark.parametrize("reader", [read_csv, read_text, read_ncmec])
def test_a_missing_file_is_refused(tmp_path, reader):
    assert "cannot be opened" in refusal_of(reader(tmp_path / "list"))


def test_a_list_with_one_fault_builds_nothing(sent, tmp_path):
    path = sent(f"kind,value\nmd5,{MD5}\nmd5,x\n")
    with pytest.raises(ListError, match="1 fault;"):
        build(read(path), tmp_path / "segments", name="example", version="1")
    assert list((tmp_path / "segments").iterdir()) == []


@settings(max_examples=50)
@given(st.binary(max_size=80))
def test_whatever_bytes_are_sent_end_in_rows_or_in_a_list_error(tmp_path_factory, noise):
    path = tmp_path_factory.mktemp("noise") / "list"
    path.write_bytes(b"kind,value\n" + noise)
    for reader in (read_csv, read_text, read_ncmec):
        # Anything but a ListError fails the test.
        with contextlib.suppress(ListError):
            assert all(row.kind in HASH_KINDS for row in reader(path))

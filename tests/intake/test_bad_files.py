"""What cannot be read says every reason at once, what would do, and nothing of what stood in it."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tearmann.intake.product_json import dump, load
from tearmann.intake.reading import File, Read, Unreadable, read

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
CANARY = "canary.ann@example.org"

REPORT = (
    "<report>\n<incidentSummary><incidentType>Child Sex Tourism</incidentType></incidentSummary>\n"
    f"<victim><victimPerson><email>{CANARY}</email></victimPerson></victim>\n<additionalInfo>{{}}</additionalInfo>\n</report>"
)
FIRST_BYTES_OF_A_PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 96


def refused(body: bytes, *, name: str = "report.xml", limit: int = 2**20) -> Unreadable:
    (found,) = read(File(name=name, body=body), limit=limit)
    assert isinstance(found, Unreadable)
    return found


def xml(inner: str) -> bytes:
    return REPORT.format(inner).encode()


# Every bad example: file → what is said of it.
BAD_EXAMPLES = {
    "cybertip-xml/bad/truncated.xml": ["the document ends inside an element"],
    "cybertip-xml/bad/entities.xml": ["it declares a document type"],
    "cybertip-xml/bad/external-entity.xml": ["it declares a document type"],
    "cybertip-xml/bad/doctype-after-comments.xml": ["it declares a document type"],
    "cybertip-xml/bad/empty.xml": ["the file is empty"],
    "cybertip-xml/bad/another-document.xml": ["its outermost element is neither of the two"],
    "cybertip-xml/bad/another-report.xml": ["it holds none of the elements of one"],
    "cybertip-xml/bad/details-of-no-report.xml": ["nothing says of which report"],
    "cybertip-xml/bad/ten-faults.xml": [
        "an & or a < stands alone",
        "an attribute's value has no quotation marks",
        "an attribute stands twice in one element",
        "an element is closed that is not the one open",
        "an entity is used that XML does not know",
    ],
}


@pytest.mark.parametrize(("path", "says"), BAD_EXAMPLES.items())
def test_a_bad_example_is_told_with_its_reasons(path: str, says: list[str]) -> None:
    file = EXAMPLES / path
    (found,) = read(File(name=file.name, path=file))
    assert isinstance(found, Unreadable)
    told = [fault.says for fault in found.faults]
    for one in says:
        assert any(one in fault for fault in told), told


def test_every_bad_example_of_xml_is_tried() -> None:
    files = {f"cybertip-xml/bad/{one.name}" for one in (EXAMPLES / "cybertip-xml" / "bad").iterdir()}
    assert files == BAD_EXAMPLES.keys()


def test_ten_faults_are_ten_places() -> None:
    file = EXAMPLES / "cybertip-xml" / "bad" / "ten-faults.xml"
    (found,) = read(File(name=file.name, path=file))
    assert isinstance(found, Unreadable)
    assert {fault.place for fault in found.faults} >= {f"ten-faults.xml, line {line}" for line in range(4, 14)}


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (xml("x")[:-20], "the document ends inside an element"),
        (xml("a & b"), "an & or a < stands alone"),
        (xml("caf\u00e9").decode().encode("latin-1"), "bytes that the stated encoding does not allow"),
        (xml("a\x01b"), "a control character or NUL"),
        (xml("a&#0;b"), "a control character or NUL"),
        (xml("a\x00b"), "NUL bytes, which text cannot hold"),
        (xml("a&#xFFFE;b"), "a control character or NUL"),
        (xml("&unknown;"), "an entity is used that XML does not know"),
        (b'<?xml version="1.0" encoding="UTF-7"?>' + xml("x"), "encoding that is not"),
        (b"<a>" * 400 + b"</a>" * 400, "a text or a depth beyond what the parser takes"),
        (b"<report>" + b"<a>" * 400 + b"</a>" * 400 + b"</report>", "a text or a depth beyond what the parser takes"),
        (xml("<x/>" * 300_000), "the document is longer than 1,048,576 bytes"),
        (b" \n ", "the file is empty"),
    ],
    ids=[
        *("truncated", "ampersand", "encoding", "control", "reference to NUL", "NUL", "no character", "entity"),
        *("UTF-7", "deep", "deep report", "long", "blank"),
    ],
)
def test_what_is_wrong_with_a_report_is_said_without_quoting_it(body: bytes, says: str) -> None:
    told = refused(body).faults
    assert any(says in fault.says for fault in told), told
    assert CANARY not in str(told)
    assert all(fault.remedy for fault in told)


@pytest.mark.parametrize("body", [xml("x")[:-20], xml("a & b"), b"<order/>"])
def test_bytes_that_are_text_are_kept_for_whoever_mends_them(body: bytes) -> None:
    found = refused(body)
    assert (found.payload, found.media) == (body, False)


@pytest.mark.parametrize(
    "body", [xml("a\x00b"), b"\x01\x02\x03", b'<?xml version="1.0" encoding="IBM037"?>' + xml("x")]
)
def test_bytes_that_are_no_text_are_not_kept(body: bytes) -> None:
    assert refused(body).payload is None


MEDIA = {
    "an image renamed": FIRST_BYTES_OF_A_PNG,
    "in base64": xml(base64.b64encode(FIRST_BYTES_OF_A_PNG).decode()),
    "in base64, as references": xml("".join(f"&#{byte};" for byte in base64.b64encode(FIRST_BYTES_OF_A_PNG))),
    "in base64, in pieces of CDATA": xml(
        "".join(f"<![CDATA[{char}]]>" for char in base64.b64encode(FIRST_BYTES_OF_A_PNG).decode())
    ),
    "in base64, in a comment": xml(f"<!-- {base64.b64encode(FIRST_BYTES_OF_A_PNG).decode()} -->"),
    "in an attribute": xml(f'<x y="{base64.b64encode(FIRST_BYTES_OF_A_PNG).decode()}"/>'),
    "in base64, in UTF-16": xml(base64.b64encode(FIRST_BYTES_OF_A_PNG).decode()).decode().encode("utf-16"),
    "in a broken document": xml(base64.b64encode(FIRST_BYTES_OF_A_PNG).decode())[:-30],
    "an archive": b"PK\x03\x04" + b"\x00" * 40,
    "a document": b"%PDF-1.7\n",
}


@pytest.mark.parametrize("body", MEDIA.values(), ids=MEDIA)
def test_media_is_refused_and_not_kept(body: bytes) -> None:
    found = refused(body)
    assert (found.media, found.payload) == (True, None)
    assert any("media" in fault.says or "whatever its name says" in fault.says for fault in found.faults)
    assert CANARY not in str(found)


def test_media_and_the_other_faults_are_told_together() -> None:
    body = xml(base64.b64encode(FIRST_BYTES_OF_A_PNG).decode() + " & ")
    told = [fault.says for fault in refused(body).faults]
    assert len([one for one in told if "media" in one]) == 1
    assert any("stands alone" in one for one in told)


def test_media_is_told_with_its_line() -> None:
    found = refused(xml(base64.b64encode(FIRST_BYTES_OF_A_PNG).decode()))
    assert [fault.place for fault in found.faults] == ["report.xml, line 4"]


def test_a_long_list_of_hashes_in_a_report_is_no_media() -> None:
    hashes = "\n".join(["0123456789abcdef" * 4] * 200)
    (found,) = read(File(name="report.xml", body=xml(hashes)))
    assert isinstance(found, Read)


def test_an_entity_is_never_opened(tmp_path: Path) -> None:
    (tmp_path / "outside.txt").write_text(CANARY, encoding="utf-8")
    address = (tmp_path / "outside.txt").as_uri()
    body = f'<!DOCTYPE report [<!ENTITY x SYSTEM "{address}">]><report><additionalInfo>&x;</additionalInfo></report>'
    assert CANARY not in str(refused(body.encode()))


WHOLE = [EXAMPLES / "cybertip-xml" / "7654321-full.xml", EXAMPLES / "csv" / "own-header.csv"]
WHOLE += [EXAMPLES / "json" / "referrals.json", EXAMPLES / "json" / "referrals.jsonl"]


@given(
    st.sampled_from(WHOLE),
    st.integers(0, 4000),
    st.integers(0, 40),
    st.binary(max_size=12) | st.sampled_from([b'"', b"\n"]),
)
@settings(max_examples=50, deadline=None)
def test_whatever_is_done_to_a_file_the_answer_is_a_reading_or_its_faults(
    path: Path, start: int, length: int, instead: bytes
) -> None:
    body = path.read_bytes()
    body = body[:start] + instead + body[start + length :]
    for found in read(File(name=path.name, body=body)):
        if isinstance(found, Unreadable):
            assert found.faults
        else:
            assert load(dump(found.referral)) == found.referral


def test_a_crafted_prolog_costs_no_more_than_its_length() -> None:
    body = b"<?a?>" * 50_000 + b"<report><![CDATA[<!DOCTYPE]]></report>"
    assert refused(body).faults[0].says.startswith("this is no CyberTipline")

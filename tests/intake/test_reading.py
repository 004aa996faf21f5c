"""The one way in: what a file is, and what is done with it."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest
from lxml import etree

from tearmann.intake.product_json import dump
from tearmann.intake.reading import FORMATS, ColumnMap, File, Read, Unreadable, format_of, read
from tests.intake import schema_complete

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
PARTNER = ColumnMap.load(EXAMPLES / "csv" / "columns.toml")

GOOD = {
    "cybertip-xml/sparse.xml": 1,
    "cybertip-xml/7654321-full.xml": 1,
    "cybertip-xml/7654321-file-1.xml": 1,
    "cybertip-xml/newer.xml": 1,
    "csv/own-header.csv": 1,
    "json/referral.json": 1,
    "json/referrals.json": 2,
    "json/referrals.jsonl": 2,
}


@pytest.mark.parametrize(("path", "count"), GOOD.items())
def test_a_good_example_is_read(path: str, count: int) -> None:
    file = EXAMPLES / path
    found = list(read(File(name=file.name, path=file)))
    assert [type(one) for one in found] == [Read] * count


@pytest.mark.parametrize("path", [path for path in GOOD if "newer" not in path])
def test_a_good_example_leaves_nothing_over(path: str) -> None:
    file = EXAMPLES / path
    for found in read(File(name=file.name, path=file)):
        assert isinstance(found, Read)
        assert found.referral.remainder == ()


def test_the_example_of_a_partner_is_read_by_its_column_map() -> None:
    file = EXAMPLES / "csv" / "partner.csv"
    found = list(read(File(name=file.name, path=file), columns=PARTNER))
    assert [one.referral.source_reference for one in found if isinstance(one, Read)] == ["P-1", "P-2"]


@pytest.mark.parametrize(
    ("path", "kinds"),
    [
        ("csv/bad/rows.csv", [Read, Unreadable, Unreadable, Unreadable, Read]),
        ("json/bad/lines.jsonl", [Read, Unreadable, Unreadable, Read]),
        ("json/bad/newer-version.json", [Unreadable]),
        ("json/bad/ten-faults.json", [Unreadable]),
    ],
)
def test_a_bad_example_keeps_its_good_parts(path: str, kinds: list[type]) -> None:
    file = EXAMPLES / path
    assert [type(one) for one in read(File(name=file.name, path=file))] == kinds


def test_ten_faults_of_an_object_are_told_at_once() -> None:
    file = EXAMPLES / "json" / "bad" / "ten-faults.json"
    (found,) = read(File(name=file.name, path=file))
    assert isinstance(found, Unreadable)
    assert len({fault.place for fault in found.faults}) == 10


@pytest.mark.parametrize("path", [*GOOD, "csv/partner.csv"])
def test_what_was_read_comes_back_from_the_store_unchanged(path: str) -> None:
    file = EXAMPLES / path
    columns = PARTNER if path.endswith("partner.csv") else None
    for one in read(File(name=file.name, path=file), columns=columns):
        assert isinstance(one, Read)
        (again,) = read(File(name="again.json", body=dump(one.referral)))
        assert isinstance(again, Read)
        assert again.referral == one.referral


@pytest.mark.parametrize("path", GOOD)
def test_the_payload_of_a_referral_reads_as_that_referral(path: str) -> None:
    file = EXAMPLES / path
    for one in read(File(name=file.name, path=file)):
        assert one.payload is not None
        (again,) = read(File(name=file.name.removesuffix("l"), body=one.payload))
        assert isinstance(one, Read)
        assert isinstance(again, Read)
        assert again.referral == one.referral


def test_the_complete_example_is_valid_by_the_schema() -> None:
    for name in ("7654321-full.xml", "7654321-file-1.xml", "sparse.xml"):
        document = etree.parse(EXAMPLES / "cybertip-xml" / name)
        assert schema_complete.schema().validate(document), name


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"<report/>", "cybertip-xml"),
        (b"\xef\xbb\xbf \n<report/>", "cybertip-xml"),
        ("<report/>".encode("utf-16"), "cybertip-xml"),
        ("<report/>".encode("utf-16-be"), "cybertip-xml"),
        (b' {"format": 1}', "json"),
        (b"[{", "json"),
        (b"\xef\xbb\xbfplatform,narrative\n", "csv"),
        (b"", "csv"),
    ],
)
def test_the_content_says_the_format(head: bytes, expected: str) -> None:
    assert format_of(head) == expected


def test_the_stated_format_goes_before_the_content() -> None:
    (found,) = read(File(name="a", body=b"<report/>"), format="json")
    assert isinstance(found, Unreadable)
    assert "not JSON" in found.faults[0].says


def test_a_format_that_is_not_known_is_told_with_those_that_are() -> None:
    (found,) = read(File(name="a", body=b"<report/>"), format="pdf")
    assert isinstance(found, Unreadable)
    assert all(name in found.faults[0].remedy for name in FORMATS)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    (found,) = read(File(name="absent.xml", path=tmp_path / "absent.xml"))
    assert isinstance(found, Unreadable)
    assert "cannot be opened" in found.faults[0].says


def test_the_source_that_the_caller_names_is_the_source() -> None:
    file = EXAMPLES / "cybertip-xml" / "sparse.xml"
    (found,) = read(File(name=file.name, path=file), source="nca_drb")
    assert isinstance(found, Read)
    assert found.referral.source == "nca_drb"


def test_the_digest_is_of_the_whole_file(tmp_path: Path) -> None:
    body = b"invented" * 500_000
    (tmp_path / "a").write_bytes(body)
    expected = hashlib.sha256(body).hexdigest()
    assert File(name="a", path=tmp_path / "a").sha256() == File(name="a", body=body).sha256() == expected


def test_a_file_has_a_path_or_a_body_and_not_both() -> None:
    with pytest.raises(ValueError, match="either a path or a body"):
        File(name="a")


def test_intake_is_imported_without_django_or_pydantic() -> None:
    asked = "import sys, tearmann.intake; print('django' in sys.modules, 'pydantic' in sys.modules)"
    told = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, check=True, cwd=EXAMPLES.parents[1]
    )
    assert told.stdout.split() == ["False", "False"]

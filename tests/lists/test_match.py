"""One referral against open segments."""

from __future__ import annotations

import hashlib

import pytest

from tearmann.errors import ListError
from tearmann.identifiers import IdentifierKind
from tearmann.lists import ListRow, build, match, open_list
from tearmann.records import FileFacts, Identifier, ListHit, Party, PartyRole, Referral

ON_FILE = hashlib.sha1(b"example one").hexdigest()
ON_PARTY = hashlib.md5(b"example two").hexdigest()
ON_FILE_BESIDE = hashlib.sha256(b"example three").hexdigest()
UNKNOWN = hashlib.sha1(b"example four").hexdigest()
OF_NOTHING = hashlib.sha1(b"").hexdigest()


def identifier(kind, value):
    return Identifier(kind=kind, value=value, as_given=value, place="example")


def a_referral(*hashes, beside=(), party=()):
    return Referral(
        format="example",
        source="example",
        files=(FileFacts(key="file-1", place="example", hashes=hashes, identifiers=beside),),
        parties=(Party(key="reported-1", role=PartyRole.REPORTED, place="example", identifiers=party),),
    )


@pytest.fixture
def open_example(tmp_path):
    opened = []

    def build_and_open(*rows, name="example", version="1"):
        info = build(rows, tmp_path, name=name, version=version)
        segments = open_list(info.directory)
        opened.extend(segments)
        return segments

    yield build_and_open
    for segment in opened:
        segment.close()


def test_a_hash_of_a_file_or_a_party_is_found_wherever_it_stands(open_example):
    segments = open_example(
        ListRow(kind=IdentifierKind.SHA1, value=ON_FILE),
        ListRow(kind=IdentifierKind.MD5, value=ON_PARTY),
        ListRow(kind=IdentifierKind.SHA256, value=ON_FILE_BESIDE),
    )
    referral = a_referral(
        identifier(IdentifierKind.SHA1, ON_FILE),
        identifier(IdentifierKind.SHA1, UNKNOWN),
        beside=(identifier(IdentifierKind.SHA256, ON_FILE_BESIDE),),
        party=(identifier(IdentifierKind.MD5, ON_PARTY), identifier(IdentifierKind.EMAIL, "ann@example.org")),
    )
    assert [(hit.kind, hit.value) for hit in match(referral, segments)] == [
        (IdentifierKind.MD5, ON_PARTY),
        (IdentifierKind.SHA1, ON_FILE),
        (IdentifierKind.SHA256, ON_FILE_BESIDE),
    ]


def test_a_hit_carries_the_lists_own_code(open_example):
    segments = open_example(ListRow(kind=IdentifierKind.SHA1, value=ON_FILE, code="A2", scheme="example scheme"))
    assert match(a_referral(identifier(IdentifierKind.SHA1, ON_FILE)), segments) == (
        ListHit(
            list_name="example",
            list_version="1",
            kind=IdentifierKind.SHA1,
            value=ON_FILE,
            code="A2",
            scheme="example scheme",
            distance=0,
        ),
    )


def test_hits_of_two_lists_and_two_codes_come_once_each_and_sorted(open_example):
    segments = [
        *open_example(ListRow(kind=IdentifierKind.SHA1, value=ON_FILE, code="9"), name="second"),
        *open_example(
            ListRow(kind=IdentifierKind.SHA1, value=ON_FILE, code="B1"),
            ListRow(kind=IdentifierKind.SHA1, value=ON_FILE, code="A1"),
            name="first",
        ),
    ]
    twice = identifier(IdentifierKind.SHA1, ON_FILE)
    hits = match(a_referral(twice, twice), segments)
    assert [(hit.list_name, hit.code) for hit in hits] == [("first", "A1"), ("first", "B1"), ("second", "9")]


def test_equal_digits_of_another_kind_are_no_hit(open_example):
    segments = open_example(ListRow(kind=IdentifierKind.SHA256, value=ON_FILE_BESIDE))
    assert match(a_referral(identifier(IdentifierKind.PDQ, ON_FILE_BESIDE)), segments) == ()


def test_the_hash_of_nothing_is_never_a_hit(open_example):
    segments = open_example(
        ListRow(kind=IdentifierKind.SHA1, value=OF_NOTHING), ListRow(kind=IdentifierKind.SHA1, value=ON_FILE)
    )
    assert match(a_referral(identifier(IdentifierKind.SHA1, OF_NOTHING)), segments) == ()


def test_a_hash_that_is_not_canonical_is_refused_and_not_missed(open_example):
    segments = open_example(ListRow(kind=IdentifierKind.SHA1, value=ON_FILE))
    with pytest.raises(ListError, match="not canonical"):
        match(a_referral(identifier(IdentifierKind.SHA1, "f0")), segments)


def test_without_lists_there_is_no_hit():
    assert match(a_referral(identifier(IdentifierKind.SHA1, ON_FILE)), ()) == ()

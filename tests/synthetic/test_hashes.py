"""Hashes of words that say they are invented, the list of known ones, and copies that are near."""

from __future__ import annotations

import csv
import hashlib

import pytest

from tearmann.lists import read_csv
from tearmann.synthetic import hashes


def test_hashes_are_of_words_and_not_of_files():
    words = b"tearmann-invented-17"
    assert hashes.of_file(17)[:3] == (
        ("md5", hashlib.md5(words).hexdigest()),
        ("sha1", hashlib.sha1(words).hexdigest()),
        ("sha256", hashlib.sha256(words).hexdigest()),
    )


@pytest.mark.parametrize("bits", [0, 1, 16, 31, 256])
def test_a_near_copy_is_that_many_bits_apart(bits):
    listed, copied = (
        int(dict(found)["pdq"], 16) for found in (hashes.of_file(5), hashes.near_copy(5, copy=1, bits=bits))
    )
    assert (listed ^ copied).bit_count() == bits


def test_a_near_copy_shares_no_exact_hash():
    assert not set(hashes.of_file(5)) & set(hashes.near_copy(5, copy=1, bits=8))


def test_the_list_has_every_kind_of_every_known_file():
    rows = list(hashes.known_list())
    assert len(rows) == 4 * hashes.KNOWN
    assert {row[0] for row in rows} == {"md5", "sha1", "sha256", "pdq"}


def test_the_written_list_loads(documents):
    rows = list(read_csv(documents.written.truth.parent / "invented-known.csv"))
    assert [(row.kind.value, row.value, row.code, row.scheme) for row in rows] == list(hashes.known_list())


def test_what_the_truth_calls_known_is_on_the_list_and_the_rest_is_not(documents):
    with (documents.written.truth.parent / "invented-known.csv").open(newline="") as written:
        listed = {(row["kind"], row["value"]) for row in csv.DictReader(written)}
    for truth in documents.truths_of("file_details"):
        for file in truth["files"]:
            assert {tuple(pair) in listed for pair in file["hashes"]} == {file["known"]}

"""Invented files: numbers whose hashes are hashes of words. There is no file behind any of them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from hashlib import md5, sha1, sha256

KNOWN = 1_000  # files 0 to 999 are on the invented list
VIRAL = 20  # files 0 to 19 are on it, and everywhere
FIRST_MEME = 1_000  # 1000 to 1019: everywhere, and on no list
MEMES = 20
FIRST_NEW = 10_000  # from here on: on no list, seen once or a few times
FIRST_FOUND_LATER = 20_000_000  # sent in addition, days after the report
FIRST_ALTERED = 40_000_000  # copies of known files, altered
SCHEME = "industry"
CODES = ("A1", "A2", "B1", "B2")
COLUMNS = ("kind", "value", "code", "scheme")


@lru_cache(maxsize=4_096)
def of_file(number: int) -> tuple[tuple[str, str], ...]:
    """Return (kind, value) of the MD5, SHA-1, SHA-256 and PDQ of an invented file; the PDQ is a SHA-256 too."""
    words = f"tearmann-invented-{number}".encode()
    return (
        ("md5", md5(words, usedforsecurity=False).hexdigest()),
        ("sha1", sha1(words, usedforsecurity=False).hexdigest()),
        ("sha256", sha256(words).hexdigest()),
        ("pdq", sha256(words + b"-pdq").hexdigest()),
    )


def file_id(referral: int, key: int) -> str:
    """Return the sender's number of a file of a referral: 32 hex digits."""
    return md5(f"tearmann-invented-file-id-{referral}-{key}".encode(), usedforsecurity=False).hexdigest()


def near_copy(number: int, *, copy: int, bits: int) -> tuple[tuple[str, str], ...]:
    """Return the hashes of an altered copy: others altogether, but a PDQ that differs in `bits` bits (0 to 256)."""
    md5_sum, sha1_sum, sha256_sum, _ = of_file(FIRST_ALTERED + copy)
    listed = int(of_file(number)[3][1], 16)
    for place in range(bits):
        listed ^= 1 << (place * 11 % 256)  # 11 and 256 share no factor: no bit is turned twice
    return md5_sum, sha1_sum, sha256_sum, ("pdq", f"{listed:064x}")


def code_of(number: int) -> str:
    """Return the code that the invented list gives a file."""
    return CODES[number * 7 % 4]


def is_known(number: int) -> bool:
    return number < KNOWN


def known_list() -> Iterator[tuple[str, str, str, str]]:
    """Yield the rows of the invented list, in the order of COLUMNS."""
    for number in range(KNOWN):
        for kind, value in of_file(number):
            yield kind, value, code_of(number), SCHEME

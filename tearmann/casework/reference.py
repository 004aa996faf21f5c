"""A case's reference: ten Crockford characters and a check character.

It comes from a keyed hash of the payload's digest and place, so that the same referral always gets the same
reference, and the reference betrays neither order nor volume.
"""

from __future__ import annotations

import hashlib
import hmac

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 10
_VALUE = {letter: number for number, letter in enumerate(ALPHABET)} | {"O": 0, "I": 1, "L": 1}


def _times(a: int, b: int) -> int:
    """Multiply in GF(32), modulo x^5 + x^2 + 1."""
    product = 0
    while b:
        if b & 1:
            product ^= a
        a = a << 1 ^ (0b100101 if a & 0b10000 else 0)
        b >>= 1
    return product


def check_character(body: str) -> str:
    """The check character of ten characters.

    Each place has a different non-zero weight in GF(32), so one wrong character and any two that changed
    places are always found.
    """
    check = 0
    for weighted, letter in zip(_WEIGHTED, body, strict=True):
        check ^= weighted[_VALUE[letter]]
    return ALPHABET[check]


def _weighted() -> list[tuple[int, ...]]:
    """For each place, every value times the place's weight: 2, 4, 8 ... in GF(32)."""
    tables, weight = [], 2
    for _ in range(LENGTH):
        tables.append(tuple(_times(value, weight) for value in range(len(ALPHABET))))
        weight = _times(weight, 2)
    return tables


_WEIGHTED = _weighted()


def make(key: bytes, payload_sha256: str, place: str, *, attempt: int = 0) -> str:
    """The reference of a payload at a place. attempt: raised by one for each clash."""
    said = f"{payload_sha256}\n{place}\n{attempt}".encode()
    number = int.from_bytes(hmac.digest(key, said, hashlib.sha256)[:7], "big") >> 6  # 50 bits
    body = "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(LENGTH)))
    return body + check_character(body)


def parse(typed: str) -> str | None:
    """The reference that somebody typed, or None. Forgives case, spaces, hyphens and O, I, L."""
    letters = typed.strip().replace("-", "").replace(" ", "").upper()
    if len(letters) != LENGTH + 1 or any(letter not in _VALUE for letter in letters):
        return None
    tidy = "".join(ALPHABET[_VALUE[letter]] for letter in letters)
    return tidy if check_character(tidy[:LENGTH]) == tidy[LENGTH] else None

"""Hashes of files that we do not have: MD5, SHA-1, SHA-256, and PDQ, which likens pictures.

A shared hash ties two files, never two people: one file passes through many hands.
"""

from __future__ import annotations

import base64
import binascii
import re
from typing import ClassVar

from tearmann.identifiers.kinds import VOID_VALUES, Example, IdentifierKind, Kind, Said


class HashKind(Kind):
    digits: ClassVar[int]  # hex digits of a canonical value
    rule = "Lower-case hex of the kind's own length."
    _HEX: ClassVar[re.Pattern[str]]

    def clean(self, given: str, said: Said) -> str:
        text = given.strip().lower()
        return text if self._HEX.fullmatch(text) else self.otherwise(given.strip())

    def otherwise(self, text: str) -> str:
        """Return the canonical value of text that is not the kind's hex."""
        self.refuse(f"expected {self.digits} hex digits")

    def links(self, value: str) -> bool:
        return value not in VOID_VALUES

    def notes(self, value: str) -> tuple[str, ...]:
        if value in VOID_VALUES:
            return ("the hash of nothing, or a blank: it says nothing and matches nothing",)
        return ("ties files, not people",)

    def mask(self, value: str) -> str:
        return f"{value[:4]}…"

    def typed(self, text: str) -> str | None:
        return text if len(text.strip()) >= 27 else None


class Md5(HashKind):
    kind = IdentifierKind.MD5
    label = "MD5 hash"
    digits = 32
    _HEX = re.compile(r"[0-9a-f]{32}")
    good = (Example("1A79A4D60DE6718E8E5B326E338AE533", "1a79a4d60de6718e8e5b326e338ae533"),)
    bad = (
        Example("1a79a4d60de6718e8e5b326e338ae53", "expected 32 hex digits"),
        Example("1a79a4d60de6718e8e5b326e338ae53g", "expected 32 hex digits"),
    )


class Sha1(HashKind):
    kind = IdentifierKind.SHA1
    label = "SHA-1 hash"
    digits = 40
    rule = "Lower-case hex of the kind's own length; base32 and base64, as file-sharing tools write it, become hex."
    _HEX = re.compile(r"[0-9a-f]{40}")
    good = (
        Example("C3499C2729730A7F807EFB8676A92DCB6F8A3F8F", "c3499c2729730a7f807efb8676a92dcb6f8a3f8f"),
        Example("YNEZYJZJOMFH7AD67ODHNKJNZNXYUP4P", "c3499c2729730a7f807efb8676a92dcb6f8a3f8f"),
        Example("w0mcJylzCn+AfvuGdqkty2+KP48=", "c3499c2729730a7f807efb8676a92dcb6f8a3f8f"),
    )
    bad = (
        Example("c3499c27", "expected 40 hex digits"),
        Example("1a79a4d60de6718e8e5b326e338ae533", "expected 40 hex digits"),
        Example("c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3", "32 hex digits"),
    )
    _BASE32 = re.compile(r"[A-Z2-7]{32}")
    _BASE64 = re.compile(r"[A-Za-z0-9+/_-]{27}=?")
    _HEX_32 = re.compile(r"[0-9A-F]{32}")

    def otherwise(self, text: str) -> str:
        try:
            if self._BASE32.fullmatch(text.upper()):
                # Chance makes one base32 value in 10^13 of hex digits only, and careless senders many more.
                if self._HEX_32.fullmatch(text.upper()):
                    self.refuse("32 hex digits, which is the length of MD5")
                return base64.b32decode(text.upper()).hex()
            if self._BASE64.fullmatch(text):
                return base64.b64decode(text.replace("-", "+").replace("_", "/").rstrip("=") + "=").hex()
        except binascii.Error:
            self.refuse("not a SHA-1 in base32 or base64")
        self.refuse("expected 40 hex digits, or its base32 or base64")


class Sha256(HashKind):
    kind = IdentifierKind.SHA256
    label = "SHA-256 hash"
    digits = 64
    _HEX = re.compile(r"[0-9a-f]{64}")
    good = (
        Example(
            "50D858E0985ECC7F60418AAF0CC5AB587F42C2570A884095A9E8CCACD0F6545C",
            "50d858e0985ecc7f60418aaf0cc5ab587f42c2570a884095a9e8ccacd0f6545c",
        ),
    )
    bad = (Example("50d858e0", "expected 64 hex digits"),)


class Pdq(HashKind):
    kind = IdentifierKind.PDQ
    label = "PDQ hash"
    digits = 64
    _HEX = re.compile(r"[0-9a-f]{64}")
    good = (Example("F0" * 32, "f0" * 32),)
    bad = (Example("f0f0", "expected 64 hex digits"),)

    def notes(self, value: str) -> tuple[str, ...]:
        return (*super().notes(value), "likens pictures: an equal PDQ is not proof of an equal file")

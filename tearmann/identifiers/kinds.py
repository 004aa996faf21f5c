"""What a kind of identifier is, and how text is folded: the ground that every kind stands on."""

from __future__ import annotations

import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, NamedTuple, NoReturn

from tearmann.errors import IdentifierError


class IdentifierKind(StrEnum):
    EMAIL = "email"
    PHONE = "phone"
    HANDLE = "handle"
    ACCOUNT_ID = "account_id"
    IP_EVENT = "ip_event"
    DEVICE_ID = "device_id"
    URL = "url"
    NAME = "name"
    DATE_OF_BIRTH = "date_of_birth"
    MD5 = "md5"
    SHA1 = "sha1"
    SHA256 = "sha256"
    PDQ = "pdq"
    OTHER = "other"


LONGEST = 4096  # characters; a longer text is kept under OTHER

# Well-formed values that say nothing: they never link and are never on a list.
VOID_VALUES = frozenset(
    {
        "d41d8cd98f00b204e9800998ecf8427e",  # MD5 of no bytes at all
        "da39a3ee5e6b4b0d3255bfef95601890afd80709",  # SHA-1 of no bytes
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",  # SHA-256 of no bytes
        "0" * 32,
        "0" * 40,
        "0" * 64,
        "00:00:00:00:00:00",
        "02:00:00:00:00:00",  # what a telephone answers when it hides its hardware address
        "00000000-0000-0000-0000-000000000000",  # an advertising id that its owner switched off
        "9774d56d682e549c",  # an Android id that many makers shipped alike
        "0" * 14,
        "0" * 15,
        "0" * 16,
    }
)


class Said(NamedTuple):
    """What the sender says beside the text, where the kind makes it part of the value."""

    platform: str | None = None
    port: int | str | None = None
    at: datetime | str | None = None  # with its zone
    region: str = "GB"  # whose national telephone numbers are meant


NOTHING_BESIDE = Said()


class Example(NamedTuple):
    """given: the text. result: the canonical value of a good example, why a bad one is refused."""

    given: str
    result: str
    said: Said = NOTHING_BESIDE


class Kind(ABC):
    """One kind. It has no state; its methods but `clean` take canonical values."""

    __slots__ = ()
    kind: ClassVar[IdentifierKind]
    label: ClassVar[str]
    rule: ClassVar[str]  # how it is cleaned, for the reference pages
    good: ClassVar[tuple[Example, ...]] = ()
    bad: ClassVar[tuple[Example, ...]] = ()

    @abstractmethod
    def clean(self, given: str, said: Said) -> str:
        """Return the canonical value. Raises IdentifierError."""

    def compared(self, value: str) -> str:
        """Return what two values of one thing have in common."""
        return value

    def links(self, value: str) -> bool:
        """Say whether the value may link by itself."""
        return True

    def strong(self, value: str) -> bool:
        """Say whether a value that links is enough to take two parties for one."""
        return False

    def describe(self, value: str) -> str:
        return value

    def notes(self, value: str) -> tuple[str, ...]:
        """Return what an officer must know before relying on it."""
        return ()

    def mask(self, value: str) -> str:
        return "…"

    def typed(self, text: str) -> str | None:
        """Return the text to clean if an officer who typed `text` may mean this kind, else None."""
        return text

    def refuse(self, why: str) -> NoReturn:
        # `from None`: the errors of the libraries below us quote the value.
        raise IdentifierError(f"{self.label}: {why}") from None


def settled(text: str, step: Callable[[str], str]) -> str:
    """Repeat `step` until it changes nothing: case and composition can undo each other."""
    while (after := step(text)) != text:
        text = after
    return text


def lowered(text: str) -> str:
    if text.isascii():
        return text.lower()
    return settled(text, lambda now: unicodedata.normalize("NFC", now.lower()))


def folded(text: str) -> str:
    """Return the text with its spaces and case folded, composed (NFC)."""
    if text.isascii():
        return " ".join(text.lower().split())
    return settled(text, lambda now: " ".join(unicodedata.normalize("NFC", now.casefold()).split()))


def spaced(text: str) -> str:
    """Return the text with its spaces folded and its case kept, composed (NFC)."""
    return settled(text, lambda now: " ".join(unicodedata.normalize("NFC", now).split()))


def has_controls(text: str) -> bool:
    return not text.isprintable() and any(unicodedata.category(letter) in ("Cc", "Cs") for letter in text)

"""Kinds of identifier. Each is in one place, which cleans, validates, compares and explains it, with examples.

A *canonical* value is what `clean` makes of the text as given; cleaning it again changes nothing. Text that its
kind does not allow becomes OTHER and is kept as given: nothing is lost. Messages never quote a value.

`KINDS` is the register: a kind's label, its rule, and good and bad examples, from which tests and reference pages
are made.

Sources: ITU-T E.164; RFC 3986 section 6.2 (web addresses); RFC 5952 (IPv6 as text); RFC 6598 (carrier addresses);
3GPP TS 23.003 section 6.2 (IMEI). Domains are written by IDNA 2003, the standard library's codec: the few letters
that IDNA 2008 treats apart (such as sharp s) may give a form other than the registry's.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from tearmann.errors import IdentifierError
from tearmann.identifiers.accounts import AccountId, Email, Handle, Phone, platform_slug
from tearmann.identifiers.hashes import HashKind, Md5, Pdq, Sha1, Sha256
from tearmann.identifiers.kinds import LONGEST, NOTHING_BESIDE, VOID_VALUES, Example, IdentifierKind, Kind, Said
from tearmann.identifiers.network import DeviceId, IpEvent, Url
from tearmann.identifiers.people import DateOfBirth, Name, Other

__all__ = [
    "HASH_KINDS",
    "KINDS",
    "VOID_VALUES",
    "Example",
    "IdentifierKind",
    "Kind",
    "Said",
    "clean",
    "explain",
    "identify",
    "is_strong",
    "link_key",
    "mask",
    "platform_slug",
    "same",
    "search_candidates",
    "search_prefix",
]

KINDS: Mapping[IdentifierKind, Kind] = MappingProxyType(
    {
        kind.kind: kind
        for kind in (
            Email(),
            Phone(),
            Handle(),
            AccountId(),
            IpEvent(),
            DeviceId(),
            Url(),
            Name(),
            DateOfBirth(),
            Md5(),
            Sha1(),
            Sha256(),
            Pdq(),
            Other(),
        )
    }
)

HASH_KINDS = frozenset(kind for kind, entry in KINDS.items() if isinstance(entry, HashKind))


def clean(
    kind: IdentifierKind,
    as_given: str,
    *,
    platform: str | None = None,
    port: int | str | None = None,
    at: datetime | str | None = None,
    region: str = "GB",
) -> str:
    """Return the canonical value of the text.

    platform: for user names and accounts, as the sender calls it. port, at: for IP addresses; `at` carries its
    zone. region: the ISO code of the country whose national telephone numbers are meant.

    Raises IdentifierError if the kind does not allow the text; the message says why and does not quote it.
    """
    entry = KINDS[kind]
    if kind is not IdentifierKind.OTHER:
        if not as_given or as_given.isspace():
            entry.refuse("nothing is written")
        if len(as_given) > LONGEST:
            entry.refuse(f"longer than {LONGEST} characters")
    if platform is None and port is None and at is None and region == "GB":
        return entry.clean(as_given, NOTHING_BESIDE)
    return entry.clean(as_given, Said(platform, port, at, region))


def identify(
    kind: IdentifierKind,
    as_given: str,
    *,
    platform: str | None = None,
    port: int | str | None = None,
    at: datetime | str | None = None,
    region: str = "GB",
) -> tuple[IdentifierKind, str]:
    """Return the kind and canonical value of the text, or OTHER and the text as given. Never raises."""
    try:
        return kind, clean(kind, as_given, platform=platform, port=port, at=at, region=region)
    except IdentifierError:
        return IdentifierKind.OTHER, as_given


def link_key(kind: IdentifierKind, value: str) -> str | None:
    """Return what two parties must have in common to be linked by this canonical value.

    None for what never links by itself: names, dates of birth, user names and accounts without a platform, IP
    addresses without port or time or inside a private or carrier's network, whole sites, void values, OTHER.
    """
    entry = KINDS[kind]
    return entry.compared(value) if entry.links(value) else None


def is_strong(kind: IdentifierKind, value: str) -> bool:
    """Say whether a shared value is enough to take two parties for one person. What is strong links.

    Hashes and web addresses link but are not strong: many people hold one file and visit one page.
    """
    entry = KINDS[kind]
    return entry.links(value) and entry.strong(value)


def same(kind: IdentifierKind, a: str, b: str) -> bool:
    """Say whether two texts, canonical or as given, mean the same thing of this kind."""
    return _meant(kind, a) == _meant(kind, b)


def _meant(kind: IdentifierKind, text: str) -> tuple[IdentifierKind, str]:
    found, value = identify(kind, text)
    return found, KINDS[found].compared(value)


def explain(kind: IdentifierKind, value: str) -> str:
    """Return a line for an officer: what the canonical value is and what to know before relying on it."""
    entry = KINDS[kind]
    notes = "; ".join(entry.notes(value))
    return f"{entry.label} {entry.describe(value)}" + (f" ({notes})" if notes else "")


def mask(kind: IdentifierKind, value: str) -> str:
    """Return enough of the value to recognise it by, and too little to use it."""
    return KINDS[kind].mask(value)


# An IP address or a date is also a possible telephone number, so they are tried first.
_SEARCHED = (
    IdentifierKind.EMAIL,
    IdentifierKind.MD5,
    IdentifierKind.SHA1,
    IdentifierKind.SHA256,
    IdentifierKind.PDQ,
    IdentifierKind.IP_EVENT,
    IdentifierKind.DATE_OF_BIRTH,
    IdentifierKind.PHONE,
    IdentifierKind.DEVICE_ID,
    IdentifierKind.URL,
    IdentifierKind.ACCOUNT_ID,
    IdentifierKind.HANDLE,
    IdentifierKind.NAME,
)


def search_candidates(text: str, *, region: str) -> list[tuple[IdentifierKind, str]]:
    """Return what an exact search should look for when an officer typed `text`, likeliest first. Never raises.

    The text itself comes last, as OTHER: what was kept as given is found as it was given.
    """
    found: dict[IdentifierKind, str] = {}
    for kind in _SEARCHED:
        typed = KINDS[kind].typed(text)
        if typed is None or (kind is IdentifierKind.PHONE and found):
            continue
        meant, value = identify(kind, typed, region=region)
        if meant is kind:
            found[kind] = value
    if text.strip():
        found[IdentifierKind.OTHER] = text.strip()
    return list(found.items())


def search_prefix(kind: IdentifierKind, value: str) -> str | None:
    """Return what the values of fuller identifiers begin with, None where only an equal value is meant.

    An address typed without port or time means every event at it; a name without a platform, that name on any.
    """
    if kind is IdentifierKind.IP_EVENT:
        ip, port, at = value.split("|")
        return None if port and at else f"{ip}|{port}|" if port else f"{ip}|"
    if kind is IdentifierKind.HANDLE and "@" not in value:
        return f"{value}@"
    return None

"""E-mail addresses, telephone numbers, user names and accounts: what people are reached and known by."""

from __future__ import annotations

import re
from functools import lru_cache

import phonenumbers

from tearmann.identifiers.kinds import (
    Example,
    IdentifierKind,
    Kind,
    Said,
    folded,
    has_controls,
    lowered,
    settled,
    spaced,
)

_NOT_A_WORD = re.compile(r"[\W_]+")


def platform_slug(platform: str) -> str:
    """Return the platform's name as it stands inside handles and accounts: "Example Chat" is "example-chat"."""
    return settled(platform, lambda now: _NOT_A_WORD.sub("-", folded(now)).strip("-"))


class Email(Kind):
    kind = IdentifierKind.EMAIL
    label = "E-mail address"
    rule = (
        "Lower case; the domain by IDNA. Dots and plus-tags stay: which of them a provider ignores is its own "
        "affair and changes, and a wrong merge is worse than a missed one."
    )
    good = (
        Example(" Ann@Example.ORG ", "ann@example.org"),
        Example("mailto:ann@example.org", "ann@example.org"),
        Example("ann@bücher.example", "ann@xn--bcher-kva.example"),
        Example("a.nn+chat@example.org", "a.nn+chat@example.org"),
    )
    bad = (
        Example("ann.example.org", "expected name@domain"),
        Example("ann@localhost", "expected name@domain"),
        Example("ann@ben@example.org", "expected name@domain"),
    )
    _SHAPE = re.compile(r"[^\s@:;,<>()\[\]\\\"]{1,128}@[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})+")

    def clean(self, given: str, said: Said) -> str:
        text = lowered(given.strip()).removeprefix("mailto:").removesuffix(".")
        if not text.isascii():
            name, _, domain = text.rpartition("@")
            try:
                text = f"{name}@{domain.encode('idna').decode('ascii').lower()}"
            except UnicodeError:
                self.refuse("the domain is not a name that the internet allows")
        if not self._SHAPE.fullmatch(text) or has_controls(text):
            self.refuse("expected name@domain")
        return text

    def strong(self, value: str) -> bool:
        return True

    def mask(self, value: str) -> str:
        return f"…@{value.rpartition('@')[2]}"


class Phone(Kind):
    kind = IdentifierKind.PHONE
    label = "Telephone number"
    rule = (
        "E.164, national numbers read as the region's; an extension stays, since a switchboard is not a person. "
        "Numbers that are possible but not in use are kept."
    )
    good = (
        Example("07700 900123", "+447700900123"),
        Example("+44 (0)7700 900123", "+447700900123"),
        Example("01632 960001 ext. 5", "+441632960001;ext=5"),
        Example("(202) 555-0123", "+12025550123", Said(region="US")),
    )
    bad = (
        Example("07700 900123 456789", "not a possible number"),
        Example("the number of Ann", "expected digits"),
    )
    _SHAPE = re.compile(
        r"(?:tel:)?[+\uff0b\d\s().\-/\u2010-\u2015]{5,40}(?:(?:;\s*ext=|ext\.?|x|#)\s*\d{1,7})?", re.IGNORECASE
    )

    def clean(self, given: str, said: Said) -> str:
        text = given.strip()
        if not self._SHAPE.fullmatch(text):
            self.refuse("expected digits, with or without + and an extension")
        return _e164(text, said.region) or self.refuse("not a possible number; write it with + and its country code")

    def strong(self, value: str) -> bool:
        return True

    def mask(self, value: str) -> str:
        return f"{value[:3]}…{value[-3:]}"


@lru_cache(maxsize=16_384)
def _e164(text: str, region: str) -> str:
    """Return the number in E.164, "" if it is not possible; parsing takes tens of microseconds."""
    try:
        number = phonenumbers.parse(text, region)
        canonical = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
        if number.extension:
            canonical += f";ext={number.extension}"
        # A run of leading noughts loses one at each reading; such a number is nobody's.
        stable = phonenumbers.parse(canonical, None) == number
    except phonenumbers.NumberParseException:
        return ""
    return canonical if stable and phonenumbers.is_possible_number(number) else ""


class Handle(Kind):
    kind = IdentifierKind.HANDLE
    label = "User name"
    rule = "name@platform, case and spaces folded, a leading @ dropped; without a platform the name alone."
    good = (
        Example("@Ann_Example", "ann_example@example-chat", Said(platform="Example Chat")),
        Example("ann@example-chat", "ann@example-chat"),
        Example("ann@example-chat", "ann@example-chat", Said(platform="Example Chat")),
        Example("Ann", "ann"),
    )
    bad = (Example("@", "no name"), Example("ann@!", "no platform after the @"))

    def clean(self, given: str, said: Said) -> str:
        name = settled(given, lambda now: folded(now).lstrip("@"))
        if has_controls(name):
            self.refuse("control characters")
        platform = platform_slug(said.platform or "")
        if platform:
            name = settled(name, lambda now: now.removesuffix(f"@{platform}").strip())
        elif "@" in name:
            name, _, after = name.rpartition("@")
            platform = platform_slug(after) or self.refuse("no platform after the @")
            name = settled(name, lambda now: now.removesuffix(f"@{platform}").strip())
        return (f"{name}@{platform}" if platform else name) if name else self.refuse("no name")

    def links(self, value: str) -> bool:
        return "@" in value

    def strong(self, value: str) -> bool:
        return True

    def describe(self, value: str) -> str:
        name, at, platform = value.rpartition("@")
        return f"{name} on {platform}" if at else f"{value}, platform not stated"

    def notes(self, value: str) -> tuple[str, ...]:
        return () if "@" in value else ("one name is many people's: the platform is needed",)

    def mask(self, value: str) -> str:
        _, at, platform = value.rpartition("@")
        return f"…@{platform}" if at else "…"

    def typed(self, text: str) -> str | None:
        return None if ":" in text or "/" in text or " " in text.strip() else text


class AccountId(Kind):
    kind = IdentifierKind.ACCOUNT_ID
    label = "Account"
    rule = "platform:id; the case of the id is kept. Without a platform the id alone, or what stands before its colon."
    good = (
        Example("AbC123", "example-chat:AbC123", Said(platform="Example Chat")),
        Example("example-chat:AbC123", "example-chat:AbC123", Said(platform="Example Chat")),
        Example("AbC123", "AbC123"),
    )
    bad = (Example(":123", "no platform before the colon"), Example("example-chat:", "no id"))

    def clean(self, given: str, said: Said) -> str:
        number = spaced(given)
        if has_controls(number):
            self.refuse("control characters")
        platform = platform_slug(said.platform or "")
        if not platform and ":" in number:
            before, _, number = number.partition(":")
            platform = platform_slug(before) or self.refuse("no platform before the colon")
        if platform:
            number = settled(number, lambda now: now.removeprefix(f"{platform}:").strip())
        return (f"{platform}:{number}" if platform else number) if number else self.refuse("no id")

    def links(self, value: str) -> bool:
        return ":" in value

    def strong(self, value: str) -> bool:
        return True

    def describe(self, value: str) -> str:
        platform, colon, number = value.partition(":")
        return f"{number} on {platform}" if colon else f"{value}, platform not stated"

    def mask(self, value: str) -> str:
        platform, colon, _ = value.partition(":")
        return f"{platform}:…" if colon else "…"

    def typed(self, text: str) -> str | None:
        return text if ":" in text and "://" not in text else None

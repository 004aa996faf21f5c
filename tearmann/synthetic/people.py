"""Invented people: everything about one follows from their number, so none of them has to be kept.

Sources of the ranges: Ofcom, *Telephone numbers for use in TV and radio drama programmes*; RFC 2606 (example
domains); RFC 5737 and RFC 3849 (documentation addresses); RFC 6598 (100.64.0.0/10, shared by carriers).
"""

from __future__ import annotations

from datetime import date

DOMAINS = ("example.org", "example.net", "example.com")
PLATFORMS = ("Example Chat", "Example Video", "Example Games", "Example Share", "Example Mail", "Example Social")
TOWNS = ("Exampletown", "Sampleford", "Placeholder Bay", "Inventedhaven", "Demo Glen", "Testburgh")
CARRIER_EXITS = 24

# Each is followed by three digits, and all thousand of each are kept for drama.
DRAMA_PREFIXES = (
    "+447700900",  # mobile
    "+441632960",  # no area
    "+441314960",  # Edinburgh
    "+441414960",  # Glasgow
    "+443069990",  # the whole country
    "+441134960",
    "+441144960",
    "+441154960",
    "+441164960",
    "+441174960",
    "+441184960",
    "+441214960",
    "+441514960",
    "+441614960",
    "+442079460",
    "+441914980",
    "+442896496",  # followed by three digits from 000 up, as the rest
    "+442920180",
)


def email(person: int) -> str:
    return f"example.user.{person}@{DOMAINS[person % 3]}"


def phone(person: int) -> str | None:
    """Return the person's number in E.164, or None: a third have one, until the numbers for drama run out."""
    if person % 3 != 1:
        return None
    # The mobile range is no longer than the others, so it is dealt out first.
    block, last = divmod(person // 3, 1_000)
    return f"{DRAMA_PREFIXES[block]}{last:03d}" if block < len(DRAMA_PREFIXES) else None


def national(number: str) -> str:
    """Return a British number without its country: +447700900017 → 07700900017."""
    return "0" + number.removeprefix("+44")


def handle(person: int) -> str:
    return f"example_user_{person}"


def display_name(person: int) -> str:
    # Letters beyond ASCII and the marks that XML and CSV must escape.
    return f'Exämple & "Person", <{person}>'


def name(person: int) -> tuple[str, str]:
    """Return first and last name. Numbers wrap at 997, so that two people can bear one name, as in life."""
    return "Example", f"Person {person % 997}"


def account(person: int, platform: str) -> str:
    return f"example-account-{PLATFORMS.index(platform) + 1}-{person}"


def slug(platform: str) -> str:
    """Return a platform's name as it stands in canonical handles and accounts."""
    return platform.lower().replace(" ", "-")


def platforms(person: int) -> tuple[str, str]:
    """Return the person's usual platform and their other one; never the same."""
    usual = person * 5 % 6
    return PLATFORMS[usual], PLATFORMS[(usual + 1 + person % 4) % 6]


def own_device(person: int) -> tuple[str, str]:
    """Return type and value of a device that one person uses."""
    return "IDFA", f"00000000-0000-4000-8000-{person + 1:012d}"


def shared_device(household: int) -> tuple[str, str]:
    """Return type and value of the device of a household: those who share a home share it."""
    return "Example Device", f"example-device-{household:06d}"


def address(household: int) -> tuple[str, str]:
    """Return street and town."""
    return f"{household + 1} Example Street", TOWNS[household % len(TOWNS)]


def home_ip(household: int) -> str:
    """Return the address of a home. IPv4 addresses repeat: there are only 508 to document with."""
    if household % 5 < 2:
        block, last = divmod(household % 508, 254)
        return f"{('192.0.2', '203.0.113')[block]}.{last + 1}"
    high, low = divmod(household, 0xFFFF)
    return f"2001:db8:{high:x}:{low + 1:x}::1"


def carrier_exit(number: int) -> str:
    """Return the address of a carrier's exit, 0 to CARRIER_EXITS - 1: many people leave by each."""
    return f"100.64.{number}.1" if number % 2 else f"198.51.100.{number + 1}"


def born(age: int, *, on: date) -> date:
    """Return the first of January of the year in which a person of this age was born."""
    return date(on.year - age, 1, 1)

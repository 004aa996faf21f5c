"""What an invented referral is going to say, before a format is chosen for it.

A sketch is not a `Referral`: it has no place in a payload yet, and it knows what a sender would not (who the
person is, whether a file is on the invented list). The truth is written from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from tearmann.records import PartyRole, RiskCode


class Shape(StrEnum):
    """What kind of referral it is: the variety that the invented year must have."""

    KNOWN_FILES = "known_files"
    NEW_FILES = "new_files"
    VIRAL = "viral"
    MEME = "meme"
    ENTICEMENT = "enticement"
    SEXTORTION = "sextortion"
    SELF_HARM = "self_harm"
    COERCION = "coercion"
    PLANNED_CONTACT = "planned_contact"
    LIVES_WITH = "lives_with"
    NEAR = "near"
    DANGER_NOW = "danger_now"
    SADISTIC = "sadistic"
    MINOR_TO_MINOR = "minor_to_minor"
    CHILD_REPORTED = "child_reported"
    CHILD_UNDER_AGE = "child_under_age"  # below the age of criminal responsibility
    ADULT_RECIPIENT = "adult_recipient"
    WEB_PAGE = "web_page"
    SPARSE = "sparse"  # the incident's type and time, as the law asks, and nothing else
    THIN_GENERATED = "thin_generated"  # a flood from one sender, with nothing to act on


class Pool(StrEnum):
    """Who an invented person is; it never changes between referrals."""

    ADULT = "adult"
    CHILD = "child"  # 12 to 17, reported
    UNDER_AGE = "under_age"  # 7 to 11, reported
    VICTIM = "victim"  # a child of 6 to 17


class Timing(StrEnum):
    """When a separate file document comes, against its report."""

    BEFORE = "before"
    WITH = "with"
    LATER = "later"


class Part(StrEnum):
    """What a written document is."""

    REFERRAL = "referral"
    FILE_DETAILS = "file_details"
    SUPPLEMENT = "supplement"
    RESEND = "resend"  # the same bytes again
    CHANGED_RESEND = "changed_resend"  # the same number, other bytes
    MALFORMED = "malformed"


@dataclass(frozen=True, slots=True, kw_only=True)
class IpEvent:
    """One use of an address. carrier: many subscribers share the address, and only the port tells them apart."""

    address: str
    at: datetime
    event: str
    port: int | None = None
    proxy: bool | None = None
    carrier: bool = False
    zone_stated: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One invented person as one referral describes them. The fields that are None are not stated.

    person, household and true_age are the truth's and no sender's.
    """

    person: int
    household: int
    pool: Pool
    role: PartyRole
    true_age: int
    age: int | None = None
    name: tuple[str, str] | None = None
    born: date | None = None
    email: str | None = None
    phone: str | None = None
    phone_as_national: bool = False  # the sender writes it without its country, which goes into an attribute
    handle: str | None = None
    display_name: str | None = None
    platform: str | None = None
    account: str | None = None
    devices: tuple[tuple[str, str], ...] = ()  # type, value
    address: tuple[str, str] | None = None  # street, town
    ip_events: tuple[IpEvent, ...] = ()
    earlier: str | None = None  # the last referral before this one that concerns the person
    earlier_stated: bool = False
    linked: Seen | None = None  # the person's account on another platform


@dataclass(frozen=True, slots=True, kw_only=True)
class FileSeen:
    """One file as one referral describes it. number: the invented file that the hashes are of."""

    key: int  # within the referral, from 1
    number: int
    file_id: str
    hashes: tuple[tuple[str, str], ...]  # (kind, value), kinds as in IdentifierKind
    known: bool = False
    near: bool = False  # the PDQ hash differs in a few bits from the listed one, the others altogether
    classification: str | None = None
    annotations: tuple[str, ...] = ()
    viewed: bool | None = None
    metadata_viewed: bool | None = None
    public: bool | None = None
    uploaded: datetime | None = None
    ip_event: IpEvent | None = None
    timing: Timing = Timing.WITH


@dataclass(frozen=True, slots=True, kw_only=True)
class Sketch:
    """One invented referral. reference: digits, unique; supplements: the reference it adds to."""

    number: int
    reference: str
    arrives_at: datetime
    source: str
    shape: Shape
    incident_type: str  # the sender's word
    incident_at: datetime
    platform: str | None = None
    people: tuple[Seen, ...] = ()
    files: tuple[FileSeen, ...] = ()
    risks: tuple[RiskCode, ...] = ()
    annotations: tuple[str, ...] = ()
    batched: bool = False
    urgent: bool = False
    provider_priority: int | None = None
    url: str | None = None
    narrative: str | None = None
    supplements: str | None = None
    reporter: bool = True

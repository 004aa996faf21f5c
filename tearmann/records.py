"""The values: what Tearmann computes on. Frozen; no id, no clock, no database.

Everything here is words, metadata and hashes. What the sender wrote is kept as given beside what we made of
it, and every value says where in the payload it was read (`place`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tearmann.identifiers import IdentifierKind


class Origin(StrEnum):
    """Who says so."""

    SENDER = "sender"  # the platform, partner or caller who made the report
    ENRICHMENT = "enrichment"  # added by a machine on the way here
    ANALYST = "analyst"  # added by a person on the way here
    OFFICER = "officer"  # added by us


class Nature(StrEnum):
    """Fact apart from opinion (Data Protection Act 2018, section 38)."""

    FACT = "fact"
    OPINION = "opinion"


class Part(StrEnum):
    """What a document is: a report of its own, or the details of one file of a report sent apart from it."""

    REPORT = "report"
    FILE_DETAILS = "file_details"


class PartyRole(StrEnum):
    """The role that the sender gives a person. Our own view of the person is casework's CasePerson."""

    REPORTED = "reported"
    RECIPIENT = "recipient"
    VICTIM = "victim"
    REPORTER = "reporter"
    ASSOCIATED = "associated"  # another account that the sender ties to a person
    LAW_ENFORCEMENT = "law_enforcement"
    UNATTACHED = "unattached"  # no person: identifiers and hashes that belong to the report itself


class RiskCode(StrEnum):
    """A fact that a child may be at risk. A code, never a description."""

    DANGER_NOW = "danger_now"
    LIVES_WITH = "lives_with"  # the child lives with the person reported
    NEAR = "near"  # the person reported has contact with or access to the child
    COERCION = "coercion"
    SEXTORTION = "sextortion"
    SELF_HARM = "self_harm"  # the child's own
    PLANNED_CONTACT = "planned_contact"
    SADISTIC_EXPLOITATION = "sadistic_exploitation"


class Band(StrEnum):
    """Our four bands of priority, in our words, most pressing first."""

    IMMEDIATE = "immediate"
    URGENT = "urgent"
    STANDARD = "standard"
    ROUTINE = "routine"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A time as the sender wrote it, and what we read in it.

    at: aware, UTC; None where it could not be read. zone_stated False: no zone was written and `at` reads it
    as UTC, which pages must say.
    """

    as_given: str
    at: datetime | None = None
    zone_stated: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Identifier:
    """One identifier as given, and as its kind cleans it.

    value: canonical text of the kind; for OTHER, the text as given. details: what the sender adds about it, by
    name ("event", "verified", "type", "possible_proxy" ...), as text, in the sender's order.
    """

    kind: IdentifierKind
    value: str
    as_given: str
    place: str
    origin: Origin = Origin.SENDER
    details: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A named thing that the sender says: what it is called, what it says, where, and whether it is fact."""

    name: str
    value: str
    place: str
    nature: Nature = Nature.FACT
    origin: Origin = Origin.SENDER


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A piece of free text. Folded on pages, never searched."""

    text: str
    place: str
    nature: Nature = Nature.FACT
    origin: Origin = Origin.SENDER


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskFact:
    """A fact that a child may be at risk, and where it says so. party: the key of the child, if it is stated."""

    code: RiskCode
    place: str
    party: str | None = None
    origin: Origin = Origin.SENDER


@dataclass(frozen=True, slots=True, kw_only=True)
class Age:
    """An age in whole years as stated. years is None where it could not be read."""

    as_given: str
    place: str
    years: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """One person, or one account, as the sender describes them in one referral. Never changed afterwards."""

    key: str  # unique within the referral: "reported-1", "victim-2"
    role: PartyRole
    place: str
    belongs_to: str | None = None  # an associated account: the key of the party it is tied to
    age: Age | None = None
    identifiers: tuple[Identifier, ...] = ()
    statements: tuple[Statement, ...] = ()
    passages: tuple[Passage, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Classification:
    """What somebody classed a file as. Each scheme's own code, its assigner, never translated."""

    scheme: str
    code: str
    place: str
    assigned_by: str = ""
    version: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFacts:
    """What is known of a file that we do not have: its hashes, names and the sender's marks.

    The three-valued facts are None where the sender does not state them: absent is not false.
    """

    key: str  # unique within the referral: "file-1"
    place: str
    file_id: str | None = None
    hashes: tuple[Identifier, ...] = ()
    identifiers: tuple[Identifier, ...] = ()  # IP events, devices, addresses of the file
    classifications: tuple[Classification, ...] = ()
    viewed_by_sender: bool | None = None
    metadata_viewed_by_sender: bool | None = None
    publicly_available: bool | None = None
    annotations: tuple[str, ...] = ()  # the sender's presence flags, as codes
    uploaded: Moment | None = None
    statements: tuple[Statement, ...] = ()
    passages: tuple[Passage, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Grading:
    """The 3x5x2 intelligence grading: source 1 to 3, information A to E, handling P or C with its conditions."""

    source: str
    information: str
    handling: str
    conditions: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExternalReference:
    """The number under which another system of record holds this. kind: a code of the profile's vocabulary."""

    kind: str
    value: str
    place: str
    system: str = ""
    party: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Leftover:
    """A leaf of the payload that no named field took. Kept word for word, and counted."""

    place: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Referral:
    """One report as read: nothing dropped, fact apart from opinion, each value with its place.

    source: a code of the profile's vocabulary of sources. incident_type: our code where the sender's word is
    known, else "other"; incident_type_given is the sender's word. urgent: the sender's emergency flag by being
    there, urgent_reason its text. supplements: the source reference of the report that this one adds to.
    """

    format: str
    source: str
    part: Part = Part.REPORT
    format_version: str = ""
    source_reference: str | None = None
    supplements: str | None = None
    received: Moment | None = None
    incident: Moment | None = None
    incident_type: str = "other"
    incident_type_given: str = ""
    platform: str | None = None
    urgent: bool = False
    urgent_reason: str = ""
    provider_priority: int | None = None  # 1 to 3, as the provider set it
    annotations: tuple[str, ...] = ()  # the sender's flags on the report, as codes
    parties: tuple[Party, ...] = ()
    files: tuple[FileFacts, ...] = ()
    risks: tuple[RiskFact, ...] = ()
    references: tuple[ExternalReference, ...] = ()
    grading: Grading | None = None
    lawful_basis: str | None = None
    statements: tuple[Statement, ...] = ()
    passages: tuple[Passage, ...] = ()
    remainder: tuple[Leftover, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ListHit:
    """One identifier of a referral found on a reference list."""

    list_name: str
    list_version: str
    kind: IdentifierKind
    value: str
    code: str = ""  # the list's own code for the entry
    scheme: str = ""
    distance: int = 0  # differing bits; 0 is an exact match


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A party of another case that shares an identifier with a party of this one.

    held_by: how many parties hold the value in all, this one included.
    """

    kind: IdentifierKind
    value: str
    party: str  # the key of our party
    case: str  # the other case's reference
    other_party: str
    held_by: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why a case stands where it does: the rule, what it read, and where."""

    rule: str
    says: str
    value: str = ""
    place: str = ""
    points: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Priority:
    """What the policy makes of a referral. Three numbers kept apart and never multiplied.

    band: the suggestion. points: what its rules sum to. quality: share of the fields an officer needs that the
    sender filled, 0 to 1. confidence: share of what the rules asked that could be answered, 0 to 1.
    escalations: the hard ones that fired, by name; they need no score. policy: the version of the rules.
    """

    band: Band
    points: int
    quality: float
    confidence: float
    policy: str
    escalations: tuple[Reason, ...] = ()
    reasons: tuple[Reason, ...] = ()
    missing: tuple[str, ...] = ()  # what would be worth finding

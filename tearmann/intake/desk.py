"""The desk form: what an officer types from a call, a visitor, a letter or a partner's paper.

A force's first channel, and the one that never depends on anybody's format. It is received like a file: `build`
makes the Referral, and `as_payload` the bytes that are sealed for it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING

from tearmann.errors import IntakeError, MediaRefused
from tearmann.identifiers import IdentifierKind, identify
from tearmann.intake.files import Fault, File, Known, Read, Unreadable
from tearmann.intake.gradings import graded
from tearmann.intake.incident_types import INCIDENT_TYPES
from tearmann.intake.times import moment
from tearmann.intake.whole import read_whole, unreadable
from tearmann.intake.words_only import CONTROL, MEDIA_REMEDY, TEXT_REMEDY, media_in_text
from tearmann.records import (
    Age,
    ExternalReference,
    Grading,
    Identifier,
    Moment,
    Nature,
    Origin,
    Party,
    PartyRole,
    Passage,
    Referral,
    RiskCode,
    RiskFact,
    Statement,
)

if TYPE_CHECKING:
    from pydantic import TypeAdapter

FORMAT = "desk"
VERSION = "1"


class Channel(StrEnum):
    """How it reached the desk."""

    PHONE = "phone"
    WALK_IN = "walk_in"
    LETTER = "letter"
    EMAIL = "email"
    PARTNER = "partner"


# The source that each channel means, where the officer names none: codes of the profile's vocabulary.
SOURCES: dict[Channel, str] = {
    Channel.PHONE: "phone",
    Channel.WALK_IN: "walk_in",
    Channel.LETTER: "public",
    Channel.EMAIL: "public",
    Channel.PARTNER: "partner",
}

# The questions about each child. Yes makes a risk fact; no is kept; not asked or not known is neither.
QUESTIONS: dict[str, tuple[RiskCode, str]] = {
    "danger_now": (RiskCode.DANGER_NOW, "Is the child in danger now?"),
    "lives_with": (RiskCode.LIVES_WITH, "Does the child live with the person involved?"),
    "near": (RiskCode.NEAR, "Does the person involved see or reach the child?"),
    "coercion": (RiskCode.COERCION, "Is the child being threatened or made to do something?"),
    "self_harm": (RiskCode.SELF_HARM, "Has the child spoken of or done self-harm?"),
    "planned_contact": (RiskCode.PLANNED_CONTACT, "Is a meeting planned?"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskIdentifier:
    """One identifier on one line, of the kind that the officer chose."""

    kind: IdentifierKind
    text: str
    platform: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskChild:
    """A child as told. The questions: True, False, or None where it is not known. age: years; None is not known."""

    name: str = ""
    age: int | None = None
    date_of_birth: str = ""
    identifiers: tuple[DeskIdentifier, ...] = ()
    danger_now: bool | None = None
    lives_with: bool | None = None
    near: bool | None = None
    coercion: bool | None = None
    self_harm: bool | None = None
    planned_contact: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskPerson:
    """The person involved as told."""

    name: str = ""
    age: int | None = None
    date_of_birth: str = ""
    relationship: str = ""
    identifiers: tuple[DeskIdentifier, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskReference:
    """The number under which another system holds this. kind: a code of the profile's vocabulary."""

    kind: str
    value: str
    system: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskReport:
    """Everything that the desk form asks. received: aware; incident: as told, in the caller's words or a date."""

    channel: Channel
    received: datetime
    source: str = ""  # a code, where the channel does not say it
    source_reference: str = ""
    anonymous: bool = False
    reporter_name: str = ""
    reporter_identifiers: tuple[DeskIdentifier, ...] = ()
    platform: str = ""
    incident_type: str = "other"
    incident: str = ""
    urgent_reason: str = ""  # why it cannot wait; empty for the ordinary
    children: tuple[DeskChild, ...] = ()
    people: tuple[DeskPerson, ...] = ()
    identifiers: tuple[DeskIdentifier, ...] = ()  # that belong to nobody yet
    references: tuple[DeskReference, ...] = ()
    facts: str = ""  # what was said or seen
    opinion: str = ""  # what the officer makes of it
    grading: Grading | None = None
    lawful_basis: str = ""
    token: str = ""  # of one opening of the form: sent twice it is one report, and two that say the same are two


def faults_of(form: DeskReport) -> tuple[Fault, ...]:
    """Return everything that is wrong with the form. Never quotes what was typed."""
    return tuple(_faults(form))


def build(form: DeskReport, *, region: str = "GB") -> Referral:
    """Make the referral of a desk form.

    region: the ISO code of the country whose national telephone numbers are meant.
    Raises IntakeError with every fault of the form, MediaRefused if media was pasted into it.
    """
    _refuse(faults_of(form))
    parties, risks = _children(form, region)
    parties += [_person(number, person, region) for number, person in enumerate(form.people, start=1)]
    if form.reporter_name or form.reporter_identifiers or form.anonymous:
        parties.append(_reporter(form, region))
    if form.identifiers:
        found = _identifiers(form.identifiers, "report", region)
        parties.append(Party(key="unattached-1", role=PartyRole.UNATTACHED, place=_place("report"), identifiers=found))
    written = ((form.facts, "facts", Nature.FACT), (form.opinion, "opinion", Nature.OPINION))
    return Referral(
        format=FORMAT,
        format_version=VERSION,
        source=form.source or SOURCES[form.channel],
        source_reference=form.source_reference or None,
        received=Moment(as_given=form.received.isoformat(), at=form.received.astimezone(UTC)),
        incident=moment(form.incident) if form.incident else None,
        incident_type=form.incident_type,
        platform=form.platform or None,
        urgent=bool(form.urgent_reason),
        urgent_reason=form.urgent_reason,
        parties=tuple(parties),
        risks=tuple(risks),
        references=tuple(
            ExternalReference(kind=one.kind, value=one.value, system=one.system, place=_place(f"reference {number}"))
            for number, one in enumerate(form.references, start=1)
        ),
        grading=form.grading,
        lawful_basis=form.lawful_basis or None,
        statements=(Statement(name="channel", value=form.channel.value, place=_place("channel")),),
        passages=tuple(
            Passage(
                text=text,
                place=_place(field),
                nature=nature,
                origin=Origin.OFFICER if nature is Nature.OPINION else Origin.SENDER,
            )
            for text, field, nature in written
            if text
        ),
    )


def as_payload(form: DeskReport) -> bytes:
    """Return what was typed as canonical JSON: the same form, the same bytes."""
    typed = asdict(form) | {"received": form.received.astimezone(UTC).isoformat()}
    written = {"format": "tearmann-desk", "version": int(VERSION), "form": typed}
    return json.dumps(written, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def from_payload(body: bytes) -> DeskReport:
    """Return the form whose payload this is, to read it again.

    Raises pydantic.ValidationError or KeyError if the bytes are no such payload.
    """
    return _adapter().validate_json(json.dumps(json.loads(body)["form"]), strict=True)


def read_desk(file: File, known: Known) -> Iterator[Read | Unreadable]:
    """Read a desk form's payload: one Read, or every fault of the form."""
    whole = read_whole(file, known)
    if isinstance(whole, Unreadable):
        yield whole
        return
    faults: tuple[Fault, ...] = tuple(whole.media_faults(file.name))
    try:
        form = from_payload(whole.body)
        faults += faults_of(form)
    except (ValueError, KeyError, TypeError):  # pydantic's fault is a ValueError, and quotes what was typed
        says = "it is no desk form of a version that is known here"
        yield unreadable(file.name, says, "Type it in at the desk form.", payload=None if whole.media else whole.body)
        return
    if faults:
        yield Unreadable(
            place=file.name, faults=faults, payload=None if whole.media else whole.body, media=bool(whole.media)
        )
        return
    yield Read(referral=build(form, region=known.region), place=file.name, payload=whole.body)


@cache
def _adapter() -> TypeAdapter[DeskReport]:
    from pydantic import TypeAdapter

    return TypeAdapter(DeskReport)


def _place(field: str) -> str:
    return f"desk form, {field}"


def _refuse(faults: tuple[Fault, ...]) -> None:
    if faults:
        told = "\n".join(f"- {fault.place}: {fault.says}. {fault.remedy}" for fault in faults)
        kind = MediaRefused if any(fault.remedy == MEDIA_REMEDY for fault in faults) else IntakeError
        raise kind(f"the desk form has {len(faults)} fault(s):\n{told}")


def _children(form: DeskReport, region: str) -> tuple[list[Party], list[RiskFact]]:
    parties, risks = [], []
    for number, child in enumerate(form.children, start=1):
        where, key = f"child {number}", f"{PartyRole.VICTIM.value}-{number}"
        answered_no = []
        for field, (code, question) in QUESTIONS.items():
            answer = getattr(child, field)
            place = _place(f"{where}, question “{question}”")
            if answer:
                risks.append(RiskFact(code=code, place=place, party=key))
            elif answer is False:
                answered_no.append(Statement(name=f"risk.{code.value}", value="no", place=place))
        parties.append(
            Party(
                key=key,
                role=PartyRole.VICTIM,
                place=_place(where),
                age=_age(child.age, where),
                identifiers=_identifiers((*_typed(child), *child.identifiers), where, region),
                statements=tuple(answered_no),
            )
        )
    return parties, risks


def _person(number: int, person: DeskPerson, region: str) -> Party:
    where = f"person involved {number}"
    relationship = Statement(name="relationship", value=person.relationship, place=_place(f"{where}, relationship"))
    return Party(
        key=f"{PartyRole.REPORTED.value}-{number}",
        role=PartyRole.REPORTED,
        place=_place(where),
        age=_age(person.age, where),
        identifiers=_identifiers((*_typed(person), *person.identifiers), where, region),
        statements=(relationship,) if person.relationship else (),
    )


def _reporter(form: DeskReport, region: str) -> Party:
    name = (DeskIdentifier(kind=IdentifierKind.NAME, text=form.reporter_name),) if form.reporter_name else ()
    anonymous = Statement(name="anonymous", value="yes", place=_place("reporter, anonymous"))
    return Party(
        key="reporter-1",
        role=PartyRole.REPORTER,
        place=_place("reporter"),
        identifiers=_identifiers((*name, *form.reporter_identifiers), "reporter", region),
        statements=(anonymous,) if form.anonymous else (),
    )


def _age(years: int | None, where: str) -> Age | None:
    return None if years is None else Age(as_given=str(years), years=years, place=_place(f"{where}, age"))


def _typed(person: DeskChild | DeskPerson) -> Iterator[DeskIdentifier]:
    if person.name:
        yield DeskIdentifier(kind=IdentifierKind.NAME, text=person.name)
    if person.date_of_birth:
        yield DeskIdentifier(kind=IdentifierKind.DATE_OF_BIRTH, text=person.date_of_birth)


def _identifiers(typed: tuple[DeskIdentifier, ...], where: str, region: str) -> tuple[Identifier, ...]:
    made = []
    for number, one in enumerate(typed, start=1):
        kind, value = identify(one.kind, one.text, platform=one.platform or None, region=region)
        details = [("platform", one.platform)] if one.platform else []
        if kind is not one.kind:
            details.append(("typed_as", one.kind.value))
        place = _place(f"{where}, identifier {number}")
        made.append(Identifier(kind=kind, value=value, as_given=one.text, place=place, details=tuple(details)))
    return tuple(made)


def _faults(form: DeskReport) -> Iterator[Fault]:
    if form.received.tzinfo is None:
        yield Fault(place=_place("received"), says="a time without a zone", remedy="Give the time with its zone.")
    if form.incident_type not in INCIDENT_TYPES:
        remedy = f"Choose one of {', '.join(INCIDENT_TYPES)}."
        yield Fault(place=_place("incident type"), says="not one of our codes", remedy=remedy)
    if form.anonymous and (form.reporter_name or form.reporter_identifiers):
        says = "the caller wishes to be anonymous, and a name or an address is written"
        yield Fault(place=_place("reporter"), says=says, remedy="Take the one or the other out.")
    if not (form.facts.strip() or form.opinion.strip() or form.children or form.people or form.identifiers):
        says = "nothing is written of what happened or to whom"
        yield Fault(place=_place("facts"), says=says, remedy="Write at least what was said.")
    for place, age in _ages(form):
        if age is not None and not 0 <= age <= 150:
            yield Fault(place=place, says="not an age in years", remedy="Expected 0 to 150, or leave it not known.")
    if form.grading:
        said = {"source": form.grading.source, "information": form.grading.information}
        said["handling"] = form.grading.handling
        yield from graded(said, {name: _place(f"grading, {name}") for name in said})[1]
    for number, reference in enumerate(form.references, start=1):
        if not (reference.kind.strip() and reference.value.strip()):
            remedy = "Fill in both, or take the line out."
            yield Fault(place=_place(f"reference {number}"), says="the kind or the number is missing", remedy=remedy)
    for place, text in _texts(asdict(form), ""):
        yield from _text_faults(place, text)


def _ages(form: DeskReport) -> Iterator[tuple[str, int | None]]:
    yield from ((_place(f"child {number}, age"), one.age) for number, one in enumerate(form.children, start=1))
    yield from ((_place(f"person involved {number}, age"), one.age) for number, one in enumerate(form.people, start=1))


def _text_faults(place: str, text: str) -> Iterator[Fault]:
    if place.endswith(" text") and not text.strip():
        yield Fault(place=place, says="an identifier with nothing in it", remedy="Fill it in, or take the line out.")
    if CONTROL.search(text):
        yield Fault(place=place, says="control characters, which text cannot hold", remedy=TEXT_REMEDY)
    for _, what in media_in_text(text):
        yield Fault(place=place, says=f"it carries media: {what}", remedy=MEDIA_REMEDY)


def _texts(written: object, field: str) -> Iterator[tuple[str, str]]:
    """Every text of the form, with the place of its field."""
    if isinstance(written, str):
        yield _place(field.strip()), str(written)
    elif isinstance(written, dict):
        for name, one in written.items():
            yield from _texts(one, f"{field} {name.replace('_', ' ')}")
    elif isinstance(written, list | tuple):
        for number, one in enumerate(written, start=1):
            yield from _texts(one, f"{field} {number}")

"""A CyberTipline document while it is being read: what was gathered, and what no rule took."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from lxml import etree

from tearmann.identifiers import IdentifierKind, identify
from tearmann.records import (
    Classification,
    ExternalReference,
    Identifier,
    Leftover,
    PartyRole,
    Passage,
    RiskFact,
    Statement,
)

Element = etree._Element
Rule = Callable[["Document", "Gathering", Element, str], None]
Table = Mapping[str, Rule]

# Elements that the schema lets stand several times: their places always carry a number, others only from the second.
REPEATED = frozenset(
    {
        *("internetDetails", "personOrUserReported", "intendedRecipient", "victim", "associatedAccount", "url"),
        *("phone", "email", "emailAddress", "address", "incidentAddress", "ipCaptureEvent", "deviceId"),
        *("displayName", "profileUrl", "priorCTReports", "priorCTReport", "originalFileHash", "details"),
        *("nameValuePair", "additionalInfo", "fileDetails"),
    }
)
OF_A_PLATFORM = frozenset({IdentifierKind.HANDLE, IdentifierKind.ACCOUNT_ID})


@dataclass(slots=True)
class Found:
    """An identifier as met, before its platform is known."""

    kind: IdentifierKind
    as_given: str
    place: str
    details: tuple[tuple[str, str], ...] = ()
    text: str | None = None  # what its kind is to read, where that is more than the text as given
    port: str | None = None
    at: datetime | None = None  # only where its zone is stated: a guessed zone names another subscriber

    def identified(self, platform: str | None, region: str) -> Identifier:
        wanted = self.kind
        text = self.as_given if self.text is None else self.text
        beside = platform if wanted in OF_A_PLATFORM else None
        kind, value = identify(wanted, text, platform=beside, port=self.port, at=self.at, region=region)
        if kind is not wanted and self.port:  # a port that is none does not spoil the address
            kind, value = identify(wanted, text, at=self.at)
        if kind is not wanted:
            value = self.as_given
        return Identifier(kind=kind, value=value, as_given=self.as_given, place=self.place, details=self.details)


@dataclass(slots=True)
class Gathering:
    """What is gathered about one party, one file, or the report itself, while the document is read."""

    key: str = ""
    place: str = ""
    found: list[Found] = field(default_factory=list)
    hashes: list[Found] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)
    classifications: list[Classification] = field(default_factory=list)
    annotations: list[str] = field(default_factory=list)
    fields: dict[str, Any] = field(default_factory=dict)  # fields of the record that stand once
    names: list[str] = field(default_factory=list)  # of the person being read: first, middle, last

    def identifiers(self, found: list[Found], *, platform: str | None, region: str) -> tuple[Identifier, ...]:
        """Identify what was found. An account belongs to the service named beside it, else the report's platform."""
        service = next((said.value for said in self.statements if said.name in ("service", "platform")), platform)
        return tuple([one.identified(service, region) for one in found])


@dataclass(slots=True)
class Document:
    """A document while it is being read."""

    whole: Gathering = field(default_factory=Gathering)
    parties: list[tuple[PartyRole, Gathering]] = field(default_factory=list)
    files: list[Gathering] = field(default_factory=list)
    risks: list[RiskFact] = field(default_factory=list)
    references: list[ExternalReference] = field(default_factory=list)
    remainder: list[Leftover] = field(default_factory=list)

    def leave(self, element: Element, place: str) -> None:
        """Keep every leaf of an element that nothing took: its text, attributes and children, word for word."""
        if not len(element) or (element.text and not element.text.isspace()):
            self.remainder.append(Leftover(place=place, value=(element.text or "").strip()))
        self.leave_attributes(element, place)
        self.leave_children(element, place)

    def leave_attributes(self, element: Element, place: str, *, known: Mapping[str, str] | tuple[()] = ()) -> None:
        for name, value in element.attrib.items():
            if name not in known:
                self.remainder.append(Leftover(place=f"{place}/@{local_name(str(name))}", value=str(value)))

    def leave_children(self, element: Element, place: str) -> None:
        for child, child_place in children(self, element, place):
            self.leave(child, child_place)

    def set_once(self, onto: Gathering, name: str, value: object, place: str, as_given: str) -> None:
        """Fill a field that stands once; what comes second is left over."""
        if name in onto.fields:
            self.remainder.append(Leftover(place=place, value=as_given))
        else:
            onto.fields[name] = value


def local_name(name: str) -> str:
    return name.rpartition("}")[2]


def children(document: Document, element: Element, place: str) -> list[tuple[Element, str]]:
    """Return the child elements, each with its place. Comments and stray text go to the remainder."""
    seen: dict[str, int] = {}
    found = []
    for child in element:
        tag = child.tag
        if tag.__class__ is not str:  # a comment or a processing instruction
            kind = "comment" if isinstance(child, etree._Comment) else "processing-instruction"
            document.remainder.append(Leftover(place=f"{place}/{kind}()", value=(child.text or "").strip()))
        else:
            if tag[0] == "{":
                tag = local_name(tag)
            number = seen[tag] = seen.get(tag, 0) + 1
            numbered = number > 1 or tag in REPEATED
            found.append((child, f"{place}/{tag}[{number}]" if numbered else f"{place}/{tag}"))
        if child.tail and not child.tail.isspace():
            document.remainder.append(Leftover(place=f"{place}/text()", value=child.tail.strip()))
    return found


def table(rules: dict[str, Rule]) -> Table:
    """A table that is found by a name in any case."""
    return {**{name.lower(): rule for name, rule in rules.items()}, **rules}


def descend(document: Document, onto: Gathering, element: Element, place: str, rules: Table) -> None:
    """Put each child of an element where the table says, and what it does not name into the remainder."""
    if element.text and not element.text.isspace():
        document.remainder.append(Leftover(place=f"{place}/text()", value=element.text.strip()))
    for child, child_place in children(document, element, place):
        tag = child.tag
        rule = rules.get(tag) or rules.get(local_name(tag).lower())
        if rule is None:
            document.leave(child, child_place)
        else:
            rule(document, onto, child, child_place)


def leaf(document: Document, element: Element, place: str, attributes: Mapping[str, str] | tuple[()] = ()) -> str:
    """Return the text of a leaf. Children and attributes it should not have, and emptiness, go to the remainder."""
    if len(element):
        document.leave_children(element, place)
    if element.attrib:
        document.leave_attributes(element, place, known=attributes)
    text = element.text
    text = text.strip() if text else ""
    if not text:
        document.remainder.append(Leftover(place=place, value=""))
    return text


def details(element: Element, attributes: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    if not element.attrib:
        return ()
    return tuple((attributes[str(name)], str(value)) for name, value in element.attrib.items() if name in attributes)

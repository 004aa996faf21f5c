"""What can be done with an element of a CyberTipline document: the verbs of the mapping in `cybertip_mapping`.

A rule takes one element and puts all of it somewhere: its text, its attributes, its children. What a rule does not
know goes to the remainder, so nothing is dropped. A table names a rule for each child of an element.
"""

from __future__ import annotations

from collections.abc import Mapping

from tearmann.identifiers import HASH_KINDS, IdentifierKind
from tearmann.intake.ages import age_in_years
from tearmann.intake.cybertip_document import (
    Document,
    Element,
    Found,
    Gathering,
    Rule,
    Table,
    children,
    descend,
    details,
    leaf,
    local_name,
)
from tearmann.intake.incident_types import incident_type
from tearmann.intake.times import moment
from tearmann.records import (
    Age,
    Classification,
    ExternalReference,
    Leftover,
    Party,
    PartyRole,
    Passage,
    RiskCode,
    RiskFact,
    Statement,
)

BOOLEANS = {"true": True, "1": True, "false": False, "0": False}
_HASHES = {kind.value: kind for kind in HASH_KINDS}


def within(rules: Table, *, person: bool = False, says: str = "", attributes: Mapping[str, str] | None = None) -> Rule:
    """Read the children by a table, onto the same gathering.

    person: the children describe one person, whose name is put together at the end. says: the name of a statement
    that the element is there, and which it is. attributes: the statement that each attribute becomes.
    """
    named, attributes = says, attributes or {}

    def rule(document: Document, onto: Gathering, element: Element, place: str) -> None:
        if element.attrib:
            document.leave_attributes(element, place, known=attributes)
            _say_attributes(onto, element, place, attributes)
        if named:
            onto.statements.append(Statement(name=named, value=local_name(element.tag), place=place))
        descend(document, onto, element, place, rules)
        if person:
            put_name_together(onto, place)

    return rule


def statement(name: str, **attributes: str) -> Rule:
    """Say it under this name. attributes: the statement that each attribute becomes."""

    def rule(document: Document, onto: Gathering, element: Element, place: str) -> None:
        text = leaf(document, element, place, attributes)
        if text:
            onto.statements.append(Statement(name=name, value=text, place=place))
        if attributes and element.attrib:
            _say_attributes(onto, element, place, attributes)

    return rule


def _say_attributes(onto: Gathering, element: Element, place: str, attributes: Mapping[str, str]) -> None:
    for name, value in element.attrib.items():
        if name in attributes:
            onto.statements.append(
                Statement(name=attributes[str(name)], value=str(value), place=f"{place}/@{local_name(str(name))}")
            )


def passage() -> Rule:
    """Free text: folded on pages, never searched."""

    def rule(document: Document, onto: Gathering, element: Element, place: str) -> None:
        text = leaf(document, element, place)
        if text:
            onto.passages.append(Passage(text=text, place=place))

    return rule


def identifier(kind: IdentifierKind, **attributes: str) -> Rule:
    """An identifier. attributes: the detail that each attribute becomes."""

    def rule(document: Document, onto: Gathering, element: Element, place: str) -> None:
        text = leaf(document, element, place, attributes)
        given = details(element, attributes)
        if text or given:
            onto.found.append(Found(kind=kind, as_given=text, place=place, details=given))

    return rule


def phone(**attributes: str) -> Rule:
    """A telephone number, read with its country's calling code where one stands beside it."""

    def rule(document: Document, onto: Gathering, element: Element, place: str) -> None:
        text = leaf(document, element, place, attributes)
        given = details(element, attributes)
        calling_code = next((value for name, value in given if name == "calling_code"), "")
        whole = calling_code + text if calling_code and not text.startswith(("+", "00")) else text
        if text or given:
            onto.found.append(Found(kind=IdentifierKind.PHONE, as_given=text, place=place, details=given, text=whole))

    return rule


def compound(kind: IdentifierKind, *, value: str, **parts: str) -> Rule:
    """An identifier whose parts are children. value: the child that is the identifier; parts: details."""
    lower = {name.lower(): detail for name, detail in parts.items()}

    def rule(document: Document, onto: Gathering, element: Element, place: str) -> None:
        if element.attrib:
            document.leave_attributes(element, place)
        if element.text and not element.text.isspace():
            document.remainder.append(Leftover(place=f"{place}/text()", value=element.text.strip()))
        as_given: str | None = None
        given: dict[str, str] = {}
        for child, child_place in children(document, element, place):
            name = local_name(child.tag)
            detail = parts.get(name) or lower.get(name.lower())
            if name.lower() == value.lower() and as_given is None:
                as_given = leaf(document, child, child_place)
            elif detail and detail not in given:
                given[detail] = leaf(document, child, child_place)
            else:
                document.leave(child, child_place)
        time = moment(given["time"]) if given.get("time") else None
        if time and time.at and not time.zone_stated:
            given["zone"] = "not stated"
        text = f"{given['type']}:{as_given}" if as_given and given.get("type") else None  # a device: TYPE:value
        if as_given or given:
            onto.found.append(
                Found(
                    kind=kind,
                    as_given=as_given or "",
                    place=place,
                    details=tuple(given.items()),
                    text=text,
                    port=given.get("port"),
                    at=time.at if time and time.zone_stated else None,
                )
            )

    return rule


def file_hash(**attributes: str) -> Rule:
    """A hash of a file; its kind is what the sender calls it, whatever the spelling (SHA1, SHA-1, sha_1)."""

    def rule(document: Document, onto: Gathering, element: Element, place: str) -> None:
        text = leaf(document, element, place, attributes)
        given = details(element, attributes)
        called = next((value for name, value in given if name == "hash_type"), "")
        if text or given:
            onto.hashes.append(Found(kind=hash_kind(called), as_given=text, place=place, details=given))

    return rule


def hash_kind(called: str) -> IdentifierKind:
    return _HASHES.get("".join(c for c in called.lower() if c.isalnum()), IdentifierKind.OTHER)


def name_and_value(**attributes: str) -> Rule:
    """Pairs of a name and a value: a hash where the pair is called one, else a statement under the sender's name."""

    def rule(document: Document, onto: Gathering, element: Element, place: str) -> None:
        document.leave_attributes(element, place, known=attributes)
        group = next(iter(details(element, attributes)), ("", "details"))[1]
        for pair, pair_place in children(document, element, place):
            parts = {local_name(part.tag).lower(): part for part in pair if part.tag.__class__ is str}
            plain = len(parts) == len(pair) == 2 and not pair.attrib and not any(len(part) for part in pair)
            if not plain or parts.keys() != {"name", "value"} or any(part.attrib for part in pair):
                document.leave(pair, pair_place)
                continue
            name, value = ((parts[part].text or "").strip() for part in ("name", "value"))
            kind = hash_kind(name)
            if kind is IdentifierKind.OTHER:
                onto.statements.append(Statement(name=f"{group}.{name}", value=value, place=pair_place))
            else:
                given = (("hash_type", name), ("from", group))
                onto.hashes.append(Found(kind=kind, as_given=value, place=pair_place, details=given))

    return rule


def name_part(said: str) -> Rule:
    """A part of a person's name: said by itself, and put together with the others."""

    def rule(document: Document, onto: Gathering, element: Element, place: str) -> None:
        text = leaf(document, element, place)
        if text:
            onto.statements.append(Statement(name=said, value=text, place=place))
            onto.names.append(text)

    return rule


def put_name_together(onto: Gathering, place: str) -> None:
    if onto.names:
        onto.found.append(Found(kind=IdentifierKind.NAME, as_given=" ".join(onto.names), place=place))
        onto.names.clear()


def age() -> Rule:
    def rule(document: Document, onto: Gathering, element: Element, place: str) -> None:
        text = leaf(document, element, place)
        if text:
            document.set_once(onto, "age", Age(as_given=text, place=place, years=age_in_years(text)), place, text)

    return rule


def text_field(name: str) -> Rule:
    """A field of the record that is the text itself."""

    def rule(document: Document, onto: Gathering, element: Element, place: str) -> None:
        text = leaf(document, element, place)
        if text:
            document.set_once(onto, name, text, place, text)

    return rule


def time_field(name: str) -> Rule:
    def rule(document: Document, onto: Gathering, element: Element, place: str) -> None:
        text = leaf(document, element, place)
        if text:
            document.set_once(onto, name, moment(text), place, text)

    return rule


def three_valued(name: str) -> Rule:
    """True, false or, by not being there, not stated. Anything else is left over: not stated either."""

    def rule(document: Document, onto: Gathering, element: Element, place: str) -> None:
        text = leaf(document, element, place)
        if text.lower() in BOOLEANS:
            document.set_once(onto, name, BOOLEANS[text.lower()], place, text)
        elif text:
            document.remainder.append(Leftover(place=place, value=text))

    return rule


def type_of_incident() -> Rule:
    def rule(document: Document, onto: Gathering, element: Element, place: str) -> None:
        text = leaf(document, element, place)
        if text:
            document.set_once(onto, "incident_type_given", text, place, text)
            onto.fields["incident_type"] = incident_type(onto.fields["incident_type_given"])

    return rule


def urgent() -> Rule:
    """The sender's emergency flag: it counts by being there, reason or none."""

    def rule(document: Document, onto: Gathering, element: Element, place: str) -> None:
        onto.fields["urgent"] = True
        text = leaf(document, element, place)
        if text:
            document.set_once(onto, "urgent_reason", text, place, text)

    return rule


def flag(code: str, *, risk: RiskCode | None = None) -> Rule:
    """A presence flag: there or not. A text that says otherwise does not lower it, and is kept in the remainder."""

    def rule(document: Document, onto: Gathering, element: Element, place: str) -> None:
        if element.attrib:
            document.leave_attributes(element, place)
        document.leave_children(element, place)
        text = (element.text or "").strip()
        if text not in ("", "true", "1"):
            document.remainder.append(Leftover(place=place, value=text))
        if code not in onto.annotations:
            onto.annotations.append(code)
        if risk:
            document.risks.append(RiskFact(code=risk, place=place))

    return rule


def stated_flag(code: str) -> Rule:
    """A flag that may be false: marked where true, said as it stands."""

    def rule(document: Document, onto: Gathering, element: Element, place: str) -> None:
        text = leaf(document, element, place)
        onto.statements.append(Statement(name=code, value=text, place=place))
        if BOOLEANS.get(text.lower(), False) and code not in onto.annotations:
            onto.annotations.append(code)

    return rule


def classed(scheme: str) -> Rule:
    def rule(document: Document, onto: Gathering, element: Element, place: str) -> None:
        text = leaf(document, element, place)
        if text:
            onto.classifications.append(Classification(scheme=scheme, code=text, place=place))

    return rule


def reference(kind: str) -> Rule:
    """The number under which another system holds this, or an earlier report of it."""

    def rule(document: Document, onto: Gathering, element: Element, place: str) -> None:
        text = leaf(document, element, place)
        if text:
            system = next((s.value for s in onto.statements if s.name == "agency"), "")
            document.references.append(
                ExternalReference(kind=kind, value=text, place=place, system=system, party=onto.key or None)
            )

    return rule


def party(role: PartyRole, rules: Table, *, belongs: bool = False, person: bool = False, **attributes: str) -> Rule:
    """A person or account of its own. belongs: it is tied to the party in which it stands.

    person: its own children, rather than a child of it, carry the person's name.
    """
    read_children = within(rules, person=person, attributes=attributes)

    def rule(document: Document, onto: Gathering, element: Element, place: str) -> None:
        number = 1 + sum(one is role for one, _ in document.parties)
        gathering = Gathering(key=f"{role.value}-{number}", place=place)
        if belongs and onto.key:
            gathering.fields["belongs_to"] = onto.key
        document.parties.append((role, gathering))
        read_children(document, gathering, element, place)

    return rule


def file_facts(rules: Table) -> Rule:
    def rule(document: Document, onto: Gathering, element: Element, place: str) -> None:
        gathering = Gathering(key=f"file-{1 + len(document.files)}", place=place)
        document.files.append(gathering)
        document.leave_attributes(element, place)
        descend(document, gathering, element, place, rules)

    return rule


def finished_party(role: PartyRole, gathering: Gathering, *, platform: str | None, region: str) -> Party:
    return Party(
        key=gathering.key,
        role=role,
        place=gathering.place,
        identifiers=gathering.identifiers(gathering.found, platform=platform, region=region),
        statements=tuple(gathering.statements),
        passages=tuple(gathering.passages),
        **gathering.fields,
    )

"""CyberTipline reports: the XML that reporting companies send to NCMEC, one `<report>` or `<fileDetails>` a document.

A tolerant reader: elements in any order, case and namespace; what is newer than the mapping goes to the remainder.
A strict parser: no document type, no entities but XML's own five, no network, and bounds on size and depth.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from lxml import etree

from tearmann.identifiers import IdentifierKind
from tearmann.intake.cybertip_document import Document, Element, Gathering, Table, descend, local_name
from tearmann.intake.cybertip_mapping import FILE_DETAILS, MAPPING_VERSION, REPORT
from tearmann.intake.cybertip_rules import file_facts, finished_party
from tearmann.intake.files import Fault, File, Known, Read, Unreadable
from tearmann.intake.whole import Whole, read_whole
from tearmann.intake.words_only import MEDIA_REMEDY, TEXT_REMEDY, media_in
from tearmann.records import FileFacts, Leftover, Part, Party, PartyRole, Referral

FORMAT = "cybertip-xml"
SOURCE = "ncmec"

# Atomic, so that a crafted prolog costs no more than its length.
_DOCTYPE = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?>(?:(?><\?.*?\?>)|(?><!--.*?-->))\s*)*<!DOCTYPE", re.DOTALL)
_ENCODINGS = frozenset({"utf-8", "utf8", "utf-16", "utf-16le", "utf-16be", "us-ascii", "ascii", "iso-8859-1"})
_FAULTS_TOLD = 100  # a document broken oftener than that is not mended by hand
_LEADING_DIGITS = re.compile("[0-9]+")
_SEND_WHOLE = "Ask the sender for the document as it was written; a copy by hand or a broken transfer does this."

_BROKEN = "the XML is broken here"
_CUT_OFF = "the document ends inside an element"

# What the parser says, in words that never quote the document. Source: libxml2, xmlerror.h.
_SYNTAX: dict[str, str] = {
    "ERR_DOCUMENT_EMPTY": "the document is empty",
    "ERR_DOCUMENT_END": "there is something after the end of the document",
    "ERR_TAG_NAME_MISMATCH": "an element is closed that is not the one open",
    "ERR_TAG_NOT_FINISHED": _CUT_OFF,
    "ERR_GT_REQUIRED": "a tag is not finished",
    "ERR_LT_IN_ATTRIBUTE": "a < stands in an attribute; it is written &lt;",
    "ERR_ATTRIBUTE_NOT_STARTED": "an attribute's value has no quotation marks",
    "ERR_ATTRIBUTE_NOT_FINISHED": "an attribute's value is not finished",
    "ERR_ATTRIBUTE_WITHOUT_VALUE": "an attribute has no value",
    "ERR_ATTRIBUTE_REDEFINED": "an attribute stands twice in one element",
    "ERR_UNDECLARED_ENTITY": "an entity is used that XML does not know",
    "WAR_UNDECLARED_ENTITY": "an entity is used that XML does not know",
    "ERR_NAME_REQUIRED": "an & or a < stands alone; they are written &amp; and &lt;",
    "ERR_ENTITYREF_SEMICOL_MISSING": "an & stands alone; it is written &amp;",
    "ERR_INVALID_CHAR": "a control character or NUL, which text cannot hold",
    "ERR_INVALID_CHARREF": "a control character or NUL, which text cannot hold",
    "ERR_INVALID_ENCODING": "bytes that the stated encoding does not allow",
    "ERR_UNKNOWN_ENCODING": "an encoding that is not known",
    "ERR_UNSUPPORTED_ENCODING": "an encoding that is not known",
    "I18N_CONV_FAILED": "bytes that the stated encoding does not allow",
    "ERR_CDATA_NOT_FINISHED": "a CDATA section is not finished",
    "ERR_COMMENT_NOT_FINISHED": "a comment is not finished",
    "ERR_HUGE_TREE": "a text or a depth beyond what the parser takes",
    "ERR_RESOURCE_LIMIT": "a text or a depth beyond what the parser takes",
}


def read_cybertip(file: File, known: Known) -> Iterator[Read | Unreadable]:
    """Read one document: its Referral, or an Unreadable with every fault of it."""
    whole = read_whole(file, known)
    if isinstance(whole, Unreadable):
        yield whole
        return
    faults, root = _parsed(file.name, whole)
    media = bool(whole.media) or _hidden_media(root, whole)
    if media and not whole.media:
        faults.append(Fault(place=file.name, says="it carries media", remedy=MEDIA_REMEDY))
    if root is None or faults:
        kept = None if media or any(fault.remedy == TEXT_REMEDY for fault in faults) else whole.body
        yield Unreadable(place=file.name, faults=tuple(faults), payload=kept, media=media)
        return
    referral = _referral(root, file.name, known)
    if isinstance(referral, Fault):
        yield Unreadable(place=file.name, faults=(referral,), payload=whole.body, media=False)
        return
    yield Read(referral=referral, place=file.name, payload=whole.body)


def _parser(*, recover: bool) -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=recover)


_STRICT = _parser(recover=False)


def _parsed(name: str, whole: Whole) -> tuple[list[Fault], Element | None]:
    """Parse a document. Returns every fault of it, and the root if there is one to read."""
    faults = list(whole.media_faults(name))
    if b"<!DOCTYPE" in whole.text and _DOCTYPE.match(whole.text):
        return [*faults, _has_doctype(name)], None
    try:
        root = etree.fromstring(whole.body, _STRICT)
    except etree.XMLSyntaxError:
        return faults + _syntax_faults(name, whole), None
    if root.getroottree().docinfo.internalDTD is not None:
        return [*faults, _has_doctype(name)], None
    if (root.getroottree().docinfo.encoding or "utf-8").lower() not in _ENCODINGS:
        says = "it is in an encoding that is not taken; UTF-8, UTF-16, ASCII and ISO-8859-1 are"
        faults.append(Fault(place=name, says=says, remedy=TEXT_REMEDY))
    table = _tables().get(local_name(root.tag).lower())
    if table is None:
        faults.append(_not_a_report(f"{name}, line {root.sourceline}", "its outermost element is neither of the two"))
    elif not any(isinstance(child.tag, str) and local_name(child.tag).lower() in table for child in root):
        faults.append(_not_a_report(name, "it holds none of the elements of one"))
    return faults, root


def _has_doctype(name: str) -> Fault:
    says = "it declares a document type, by which entities could be smuggled in; CyberTipline reports have none"
    return Fault(place=name, says=says, remedy="Take the DOCTYPE out, or ask the sender for the plain report.")


def _tables() -> dict[str, Table]:
    return {"report": REPORT, "filedetails": FILE_DETAILS}


def _not_a_report(place: str, because: str) -> Fault:
    return Fault(
        place=place,
        says=f"this is no CyberTipline <report> or <fileDetails>: {because}",
        remedy="Send it in its own format, or type it in at the desk form.",
    )


def _syntax_faults(name: str, whole: Whole) -> list[Fault]:
    """Read on after the first fault, to tell them all. Says where and what, never what stands there."""
    parser = _parser(recover=True)
    log: Any = parser.error_log
    try:
        etree.fromstring(whole.body, parser)
        log = parser.error_log
    except etree.XMLSyntaxError as broken:
        log = broken.error_log
    told = {(entry.line, _SYNTAX.get(entry.type_name, _BROKEN)): None for entry in log} or {(1, _BROKEN): None}
    if not whole.text.rstrip().endswith(b">"):
        told[(whole.text.count(b"\n") + 1, _CUT_OFF)] = None
    return [
        Fault(place=f"{name}, line {line}", says=says, remedy=TEXT_REMEDY if "encoding" in says else _SEND_WHOLE)
        for line, says in list(told)[:_FAULTS_TOLD]
    ]


def _hidden_media(root: Element | None, whole: Whole) -> bool:
    """Look for media behind character references, CDATA and comments, which split what one reads as one."""
    if root is None or not any(mark in whole.text for mark in (b"&#", b"<![CDATA[", b"<!--")):
        return False
    texts = "\n".join(str(text) for text in root.itertext(tag=etree.Element))
    attributes = "\n".join(str(value) for element in root.iter(etree.Element) for value in element.attrib.values())
    return any(media_in(part.encode()) for part in (texts, attributes))


def _referral(root: Element, name: str, known: Known) -> Referral | Fault:
    document = Document()
    place = f"/{local_name(root.tag)}"
    digits = _LEADING_DIGITS.match(name)
    of_file = known.reference or (digits[0] if digits else None)
    if local_name(root.tag).lower() == "report":
        document.leave_attributes(root, place)
        descend(document, document.whole, root, place, REPORT)
        part, supplements = Part.REPORT, None
        stated = document.whole.fields.pop("source_reference", None)
        reference = known.reference or stated or of_file
        if stated and reference != stated:
            document.remainder.append(Leftover(place=f"{place}/reportId", value=stated))
        for gathering in document.files:  # within a report it says which report this is
            named = gathering.fields.pop("report_id", None)
            reference = reference or named
            if named and named != reference:
                document.remainder.append(Leftover(place=f"{gathering.place}/reportId", value=named))
    else:
        file_facts(FILE_DETAILS)(document, document.whole, root, place)
        part, stated = Part.FILE_DETAILS, document.files[0].fields.pop("report_id", None)
        reference, supplements = (known.reference, stated) if stated else (None, of_file)
        if supplements is None:
            return Fault(
                place=name,
                says="the details of a file, and nothing says of which report",
                remedy="Give the report's number with --reference, or let the file name begin with it.",
            )
    return _finished(document, place, part, reference, supplements, known)


def _finished(
    document: Document, place: str, part: Part, reference: str | None, supplements: str | None, known: Known
) -> Referral:
    whole = document.whole
    platform = whole.fields.get("platform")
    parties = [
        finished_party(role, gathering, platform=platform, region=known.region) for role, gathering in document.parties
    ]
    if whole.found:
        loose = whole.identifiers(whole.found, platform=platform, region=known.region)
        parties.append(Party(key="unattached-1", role=PartyRole.UNATTACHED, place=place, identifiers=loose))
    named = (one for party in parties if party.role is PartyRole.REPORTER for one in party.identifiers)
    reporter = next((one.as_given for one in named if one.kind is IdentifierKind.NAME), "")
    return Referral(
        format=FORMAT,
        format_version=MAPPING_VERSION,
        source=known.source or SOURCE,
        part=part,
        source_reference=reference,
        supplements=supplements,
        annotations=tuple(whole.annotations),
        parties=tuple(parties),
        files=tuple([_file_facts(one, platform=platform, known=known, reporter=reporter) for one in document.files]),
        risks=tuple(document.risks),
        references=tuple(document.references),
        statements=tuple(whole.statements),
        passages=tuple(whole.passages),
        remainder=tuple(document.remainder),
        **whole.fields,
    )


def _file_facts(gathering: Gathering, *, platform: str | None, known: Known, reporter: str) -> FileFacts:
    return FileFacts(
        key=gathering.key,
        place=gathering.place,
        hashes=gathering.identifiers(gathering.hashes, platform=None, region=known.region),
        identifiers=gathering.identifiers(gathering.found, platform=platform, region=known.region),
        classifications=tuple([replace(one, assigned_by=reporter) for one in gathering.classifications]),
        annotations=tuple(gathering.annotations),
        statements=tuple(gathering.statements),
        passages=tuple(gathering.passages),
        **gathering.fields,
    )

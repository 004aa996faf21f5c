"""Invented referrals as CyberTipline XML: a report, and a document of its own for each file.

Element order and names: NCMEC's schema (`cyber_tipline.xsd`, 2025-11). Strings and not trees, for speed;
everything that is not a constant goes through `escape`.
"""

from __future__ import annotations

from xml.sax.saxutils import escape

from tearmann.records import PartyRole, RiskCode
from tearmann.synthetic import people
from tearmann.synthetic.sketch import FileSeen, IpEvent, Seen, Shape, Sketch, Timing

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
# What the schema has an element for. The others a sender can only write in words, which no reader may trust.
STATED_RISKS = frozenset({RiskCode.SEXTORTION, RiskCode.SADISTIC_EXPLOITATION})
HASH_TYPES = {"md5": "MD5", "sha1": "SHA1", "sha256": "SHA256", "pdq": "PDQ"}


def report(sketch: Sketch, *, changed: bool = False) -> str:
    """Return the report. changed: as the sender writes it the second time, with one sentence more."""
    parts = [HEAD, "<report>"]
    if sketch.batched:
        parts.append('<batchedReport reason="VIRAL_POTENTIAL_MEME"/>')
    parts.append(_summary(sketch))
    parts.append(_details(sketch))
    parts.append(_reporter(sketch))
    for role in (PartyRole.REPORTED, PartyRole.RECIPIENT, PartyRole.VICTIM):
        parts.extend(_account(one, role) for one in sketch.people if one.role is role)
    if said := _said(sketch, changed=changed):
        parts.append(f"<additionalInfo>{escape(said)}</additionalInfo>")
    parts.append("</report>\n")
    return "".join(parts)


def file_details(sketch: Sketch, file: FileSeen) -> str:
    """Return the document of one file of a report."""
    parts = [
        HEAD,
        f"<fileDetails><reportId>{sketch.reference}</reportId><fileId>{file.file_id}</fileId>"
        f"<originalFileName>example-file-{file.number}.dat</originalFileName>",
    ]
    if file.uploaded:
        parts.append(f"<uploadedToEspTimestamp>{_time(file.uploaded.isoformat())}</uploadedToEspTimestamp>")
    if file.public:
        parts.append(f"<locationOfFile>https://files.example.org/{sketch.number}/{file.key}</locationOfFile>")
    parts.append(_bool("fileViewedByEsp", file.viewed))
    parts.append(_bool("exifViewedByEsp", file.metadata_viewed))
    parts.append(_bool("publiclyAvailable", file.public))
    if file.timing is Timing.LATER:
        parts.append("<fileRelevance>Supplemental Reported</fileRelevance>")
    if file.annotations:
        parts.append(f"<fileAnnotations>{_flags(file.annotations)}</fileAnnotations>")
    # The schema's documentation does not let the two go together.
    if file.classification and file.timing is not Timing.LATER:
        parts.append(f"<industryClassification>{file.classification}</industryClassification>")
    for kind, value in file.hashes:
        parts.append(f'<originalFileHash hashType="{HASH_TYPES[kind]}">{value}</originalFileHash>')
    if file.ip_event:
        parts.append(_ip_event(file.ip_event))
    if file.metadata_viewed:
        parts.append(
            '<details type="EXIF"><nameValuePair><name>Make</name><value>Example Camera</value></nameValuePair>'
            "</details>"
        )
    parts.append("</fileDetails>\n")
    return "".join(parts)


def _summary(sketch: Sketch) -> str:
    platform = f"<platform>{escape(sketch.platform)}</platform>" if sketch.platform else ""
    urgent = (
        f"<escalateToHighPriority>{escape(urgent_reason(sketch))}</escalateToHighPriority>" if sketch.urgent else ""
    )
    marks = f"<reportAnnotations>{_flags(sketch.annotations)}</reportAnnotations>" if sketch.annotations else ""
    return (
        f"<incidentSummary><incidentType>{escape(sketch.incident_type)}</incidentType>{platform}{urgent}{marks}"
        f"<incidentDateTime>{_time(sketch.incident_at.isoformat())}</incidentDateTime></incidentSummary>"
    )


def urgent_reason(sketch: Sketch) -> str:
    """Return what the sender gives as reason: a code and never a description."""
    return f"Invented emergency for referral {sketch.number}: {', '.join(sketch.risks) or 'no code given'}."


def _details(sketch: Sketch) -> str:
    if sketch.shape is Shape.SPARSE or sketch.shape is Shape.THIN_GENERATED:
        return ""
    narrative = f"<additionalInfo>{escape(sketch.narrative)}</additionalInfo>" if sketch.narrative else ""
    if sketch.url:
        body = f"<webPageIncident><url>{escape(sketch.url)}</url>{narrative}</webPageIncident>"
    elif sketch.platform == "Example Games":
        body = f"<onlineGamingIncident><gameName>Example Games</gameName>{narrative}</onlineGamingIncident>"
    elif sketch.platform == "Example Mail":
        body = f"<emailIncident>{narrative}</emailIncident>"
    else:
        client = escape(sketch.platform or "Example Chat")
        body = f"<chatImIncident><chatClient>{client}</chatClient>{narrative}</chatImIncident>"
    return f"<internetDetails>{body}</internetDetails>"


def _reporter(sketch: Sketch) -> str:
    if not sketch.reporter:
        return "<reporter><reportingPerson/></reporter>"
    return (
        "<reporter><reportingPerson><firstName>Example</firstName><lastName>Reporter</lastName>"
        "<email>trust.team@example.org</email></reportingPerson></reporter>"
    )


def _said(sketch: Sketch, *, changed: bool) -> str:
    said = [f"Invented risk code: {risk}." for risk in sketch.risks if risk not in STATED_RISKS]
    if changed:
        said.append("Sent again with this sentence.")
    return " ".join(said)


_ACCOUNTS = {
    PartyRole.REPORTED: ("personOrUserReported", "personOrUserReportedPerson"),
    PartyRole.RECIPIENT: ("intendedRecipient", "intendedRecipientPerson"),
    PartyRole.VICTIM: ("victim", "victimPerson"),
}


def _account(one: Seen, role: PartyRole) -> str:
    element, person_element = _ACCOUNTS[role]
    person = _person(one)
    # The schema asks for the victim's person, even where nothing is known of them.
    parts = [f"<{element}>", f"<{person_element}>{person}</{person_element}>" if person or element == "victim" else ""]
    if one.account:
        parts.append(f"<espIdentifier>{one.account}</espIdentifier>")
    if one.platform and (one.account or one.handle):  # a user name alone is of a platform too
        parts.append(f"<espService>{escape(one.platform)}</espService>")
    if one.handle:
        parts.append(f"<screenName>{one.handle}</screenName>")
    if one.display_name:
        parts.append(f"<displayName>{escape(one.display_name)}</displayName>")
    parts.extend(_ip_event(event) for event in one.ip_events)
    for kind, value in one.devices:
        parts.append(f"<deviceId><idType>{escape(kind)}</idType><idValue>{escape(value)}</idValue></deviceId>")
    if one.earlier and one.earlier_stated:
        parts.append(f"<priorCTReports>{one.earlier}</priorCTReports>")
    if one.linked:
        parts.append(_linked(one.linked))
    parts.append(f"</{element}>")
    return "".join(parts)


def _person(one: Seen) -> str:
    parts = []
    if one.name:
        parts.append(f"<firstName>{escape(one.name[0])}</firstName><lastName>{escape(one.name[1])}</lastName>")
    if one.phone and one.phone_as_national:
        parts.append(f'<phone type="Mobile" countryCallingCode="+44">{people.national(one.phone)}</phone>')
    elif one.phone:
        parts.append(f'<phone type="Mobile" verified="true">{one.phone}</phone>')
    if one.email:
        parts.append(f"<email>{escape(one.email)}</email>")
    if one.address:
        street, town = one.address
        parts.append(
            f'<address type="Home"><address>{escape(street)}</address><city>{escape(town)}</city>'
            "<country>GB</country></address>"
        )
    if one.age is not None:
        parts.append(f"<age>{one.age}</age>")
    if one.born:
        parts.append(f"<dateOfBirth>{one.born.isoformat()}</dateOfBirth>")
    return "".join(parts)


def _linked(one: Seen) -> str:
    return (
        f'<associatedAccount type="Linked"><email>{escape(one.email or "")}</email>'
        f"<espService>{escape(one.platform or '')}</espService><espIdentifier>{one.account}</espIdentifier>"
        f"<screenName>{one.handle}</screenName></associatedAccount>"
    )


def _ip_event(event: IpEvent) -> str:
    at = event.at.isoformat()
    at = _time(at) if event.zone_stated else at[:19]
    port = f"<port>{event.port}</port>" if event.port is not None else ""
    return (
        f"<ipCaptureEvent><ipAddress>{event.address}</ipAddress><eventName>{event.event}</eventName>"
        f"<dateTime>{at}</dateTime>{_bool('possibleProxy', event.proxy)}{port}</ipCaptureEvent>"
    )


def _time(iso: str) -> str:
    return iso[:19] + "Z"


def _bool(element: str, value: bool | None) -> str:
    """Return an element, or nothing: absent is not false."""
    return "" if value is None else f"<{element}>{'true' if value else 'false'}</{element}>"


def _flags(names: tuple[str, ...]) -> str:
    return "".join(f"<{name}/>" for name in names)

"""Invented referrals as the product's own JSON, one a line: nothing that a sketch says is left out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from tearmann.identifiers import IdentifierKind
from tearmann.intake.incident_types import incident_type
from tearmann.intake.product_json import dump
from tearmann.records import (
    Age,
    Classification,
    ExternalReference,
    FileFacts,
    Grading,
    Identifier,
    Moment,
    Nature,
    Party,
    PartyRole,
    Passage,
    Referral,
    RiskFact,
    Statement,
)
from tearmann.synthetic import people
from tearmann.synthetic.cybertip import urgent_reason
from tearmann.synthetic.hashes import SCHEME
from tearmann.synthetic.sketch import FileSeen, IpEvent, Seen, Sketch

REPORTER = "trust.team@example.org"


def line(sketch: Sketch, *, changed: bool = False) -> bytes:
    """Return the referral as canonical JSON, with the end of line."""
    return dump(referral(sketch, changed=changed)) + b"\n"


def referral(sketch: Sketch, *, changed: bool = False) -> Referral:
    """Return the sketch as a Referral. changed: as the sender writes it the second time."""
    parties: list[Party] = []
    counted = dict.fromkeys(PartyRole, 0)
    for one in sketch.people:
        counted[one.role] += 1
        parties.append(_party(one, f"{one.role}-{counted[one.role]}", len(parties)))
        if one.linked:
            counted[PartyRole.ASSOCIATED] += 1
            key = f"{PartyRole.ASSOCIATED}-{counted[PartyRole.ASSOCIATED]}"
            parties.append(_party(one.linked, key, len(parties), belongs_to=parties[-1].key))
    references = _references(sketch, parties)
    parties += _not_people(sketch, len(parties))
    victim = next((party.key for party in parties if party.role is PartyRole.VICTIM), None)
    from_partner = sketch.source == "partner"
    return Referral(
        format="json",
        source=sketch.source,
        source_reference=sketch.reference,
        supplements=sketch.supplements,
        received=_moment(sketch.arrives_at),
        incident=_moment(sketch.incident_at),
        incident_type=incident_type(sketch.incident_type),
        incident_type_given=sketch.incident_type,
        platform=sketch.platform,
        urgent=sketch.urgent,
        urgent_reason=urgent_reason(sketch) if sketch.urgent else "",
        provider_priority=sketch.provider_priority,
        annotations=sketch.annotations,
        parties=tuple(parties),
        files=tuple(_file(file, number) for number, file in enumerate(sketch.files)),
        risks=tuple(
            RiskFact(code=code, place=f"/referral/risks/{number}", party=victim)
            for number, code in enumerate(sketch.risks)
        ),
        references=references,
        grading=Grading(source="2", information="C", handling="P") if from_partner else None,
        lawful_basis="task" if from_partner else None,
        passages=_passages(sketch, changed=changed),
    )


def _references(sketch: Sketch, parties: list[Party]) -> tuple[ExternalReference, ...]:
    described = (party for party in parties if party.role is not PartyRole.ASSOCIATED)
    return tuple(
        ExternalReference(
            kind="cybertip" if sketch.source == "ncmec" else "agency_referral",
            value=one.earlier,
            place=f"{party.place}/earlier",
            party=party.key,
        )
        for one, party in zip(sketch.people, described, strict=True)
        if one.earlier and one.earlier_stated
    )


def _not_people(sketch: Sketch, number: int) -> list[Party]:
    """Return the parties that are none of the people: what belongs to nobody, and who reports."""
    parties = []
    if sketch.url:
        place = f"/referral/parties/{number}"
        url = Identifier(kind=IdentifierKind.URL, value=sketch.url, as_given=sketch.url, place=f"{place}/identifiers/0")
        parties.append(Party(key="unattached-1", role=PartyRole.UNATTACHED, place=place, identifiers=(url,)))
    if sketch.reporter:
        place = f"/referral/parties/{number + len(parties)}"
        mail = Identifier(kind=IdentifierKind.EMAIL, value=REPORTER, as_given=REPORTER, place=f"{place}/identifiers/0")
        parties.append(Party(key="reporter-1", role=PartyRole.REPORTER, place=place, identifiers=(mail,)))
    return parties


def _passages(sketch: Sketch, *, changed: bool) -> tuple[Passage, ...]:
    passages = []
    if sketch.narrative:
        passages.append(Passage(text=sketch.narrative, place="/referral/passages/0"))
    if sketch.source == "partner":
        text = f"Invented opinion for referral {sketch.number}."
        passages.append(Passage(text=text, place=f"/referral/passages/{len(passages)}", nature=Nature.OPINION))
    if changed:
        text = "Sent again with this sentence."
        passages.append(Passage(text=text, place=f"/referral/passages/{len(passages)}"))
    return tuple(passages)


def _party(one: Seen, key: str, number: int, *, belongs_to: str | None = None) -> Party:
    place = f"/referral/parties/{number}"
    statements = []
    if one.display_name:
        statements.append(("display_name", one.display_name))
    if one.address:
        statements += [("address.street", one.address[0]), ("address.city", one.address[1]), ("address.country", "GB")]
    return Party(
        key=key,
        role=one.role,
        place=place,
        belongs_to=belongs_to,
        age=None if one.age is None else Age(as_given=str(one.age), place=f"{place}/age", years=one.age),
        identifiers=tuple(
            Identifier(kind=kind, value=value, as_given=given, place=f"{place}/identifiers/{at}", details=details)
            for at, (kind, value, given, details) in enumerate(_identifiers(one))
        ),
        statements=tuple(
            Statement(name=name, value=value, place=f"{place}/statements/{at}")
            for at, (name, value) in enumerate(statements)
        ),
    )


_Said = tuple[IdentifierKind, str, str, tuple[tuple[str, str], ...]]


def _identifiers(one: Seen) -> Iterable[_Said]:
    """Yield kind, canonical value, text as given and details of what is stated of a person."""
    platform = people.slug(one.platform or "")
    if one.name:
        name = " ".join(one.name)
        yield IdentifierKind.NAME, name.lower(), name, ()
    if one.phone:
        yield IdentifierKind.PHONE, one.phone, people.national(one.phone) if one.phone_as_national else one.phone, ()
    if one.email:
        yield IdentifierKind.EMAIL, one.email, one.email, ()
    if one.born:
        yield IdentifierKind.DATE_OF_BIRTH, one.born.isoformat(), one.born.isoformat(), ()
    if one.account:
        yield IdentifierKind.ACCOUNT_ID, f"{platform}:{one.account}", one.account, ()
    if one.handle:
        yield IdentifierKind.HANDLE, f"{one.handle}@{platform}", one.handle, ()
    for event in one.ip_events:
        yield _event(event)
    for named, value in one.devices:
        yield IdentifierKind.DEVICE_ID, f"{named.upper()}:{value}", value, (("type", named),)


def _event(event: IpEvent) -> _Said:
    at = event.at.isoformat()[:19]
    port = "" if event.port is None else str(event.port)
    details = [("event", event.event), ("time", at + "Z" if event.zone_stated else at)]
    if event.proxy is not None:
        details.append(("possible_proxy", "true" if event.proxy else "false"))
    if port:
        details.append(("port", port))
    if not event.zone_stated:  # and then the time is no part of the value: a guessed zone names someone else
        details.append(("zone", "not stated"))
    value = f"{event.address}|{port}|{at + 'Z' if event.zone_stated else ''}"
    return IdentifierKind.IP_EVENT, value, event.address, tuple(details)


def _file(file: FileSeen, number: int) -> FileFacts:
    place = f"/referral/files/{number}"
    return FileFacts(
        key=f"file-{file.key}",
        place=place,
        file_id=file.file_id,
        hashes=tuple(
            Identifier(kind=IdentifierKind(kind), value=value, as_given=value, place=f"{place}/hashes/{at}")
            for at, (kind, value) in enumerate(file.hashes)
        ),
        identifiers=tuple(
            Identifier(kind=kind, value=value, as_given=given, place=f"{place}/identifiers/0", details=details)
            for kind, value, given, details in ([_event(file.ip_event)] if file.ip_event else [])
        ),
        classifications=(Classification(scheme=SCHEME, code=file.classification, place=f"{place}/classifications/0"),)
        if file.classification
        else (),
        viewed_by_sender=file.viewed,
        metadata_viewed_by_sender=file.metadata_viewed,
        publicly_available=file.public,
        annotations=file.annotations,
        uploaded=_moment(file.uploaded) if file.uploaded else None,
    )


def _moment(at: datetime) -> Moment:
    return Moment(as_given=at.isoformat()[:19] + "Z", at=at)

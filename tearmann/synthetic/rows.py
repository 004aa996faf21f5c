"""Invented referrals as CSV, a row each, in the product's own columns.

A row has less room than a document: `narrow` takes out what has no column, so that the truth says only what the
file says.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import replace

from tearmann.records import PartyRole, RiskCode
from tearmann.synthetic import people
from tearmann.synthetic.cybertip import urgent_reason
from tearmann.synthetic.hashes import SCHEME
from tearmann.synthetic.sketch import FileSeen, Seen, Sketch

IP_EVENTS = 2  # of the person reported
FILES = 2
VICTIMS = 2

_REFERRAL = (
    *("source", "source_reference", "supplements", "received", "incident", "incident_type", "platform"),
    *("urgent", "urgent_reason", "provider_priority", "annotation", "narrative"),
)
_PERSON = ("name", "age", "date_of_birth", "email", "phone", "handle", "account_id")
_EVENT = ("", ".port", ".time", ".event", ".possible_proxy")
_FILE = (
    "id",
    "md5",
    "sha1",
    "sha256",
    "pdq",
    "classification",
    "classification.scheme",
    "viewed",
    "public",
    "annotation",
)

RISKS = tuple(RiskCode)
COLUMNS: tuple[str, ...] = (
    *_REFERRAL,
    *(f"risk.{code}" for code in RISKS),
    *(f"victim.{number}.{word}" for number in range(1, VICTIMS + 1) for word in _PERSON),
    *(f"recipient.{word}" for word in _PERSON),
    *(f"reported.{word}" for word in _PERSON),
    *(f"reported.ip.{number}{word}" for number in range(1, IP_EVENTS + 1) for word in _EVENT),
    *("reported.device", "reported.device.type"),
    *(f"file.{number}.{word}" for number in range(1, FILES + 1) for word in _FILE),
    *("unattached.url", "reporter.email"),
)
NOBODY = ("",) * len(_PERSON)
NO_EVENT = ("",) * len(_EVENT)
NO_FILE = ("",) * len(_FILE)
REPORTER = "trust.team@example.org"


def narrow(sketch: Sketch) -> Sketch:
    """Return the sketch as far as a row can say it."""
    return replace(
        sketch,
        people=tuple(_narrowed(one, sketch.platform) for one in sketch.people),
        files=tuple(replace(file, ip_event=None, uploaded=None, metadata_viewed=None) for file in sketch.files[:FILES]),
    )


def _narrowed(one: Seen, platform: str | None) -> Seen:
    reported = one.role is PartyRole.REPORTED
    return replace(
        one,
        # A row has one platform: a user name that is of another one would be read as of this.
        handle=one.handle if one.platform == platform else None,
        account=one.account if one.platform == platform else None,
        display_name=None,
        address=None,
        devices=one.devices[:1] if reported else (),
        ip_events=one.ip_events[:IP_EVENTS] if reported else (),
        earlier_stated=False,
        linked=None,
    )


def header() -> str:
    return _written([COLUMNS])


def row(sketch: Sketch, *, changed: bool = False) -> str:
    """Return the row of a narrowed sketch. changed: as the sender writes it the second time."""
    return _written([cells(sketch, changed=changed)])


def cells(sketch: Sketch, *, changed: bool = False) -> list[str]:
    """Return what stands in the row's cells, in the order of COLUMNS."""
    narrative = f"{sketch.narrative or ''} Sent again with this sentence.".lstrip() if changed else sketch.narrative
    victims = [one for one in sketch.people if one.role is PartyRole.VICTIM]
    recipient = next((one for one in sketch.people if one.role is PartyRole.RECIPIENT), None)
    reported = next((one for one in sketch.people if one.role is PartyRole.REPORTED), None)
    written = [
        *(sketch.source, sketch.reference, sketch.supplements or "", _time(sketch.arrives_at.isoformat())),
        *(_time(sketch.incident_at.isoformat()), sketch.incident_type, sketch.platform or ""),
        *("yes" if sketch.urgent else "", urgent_reason(sketch) if sketch.urgent else ""),
        *(str(sketch.provider_priority or ""), sketch.annotations[0] if sketch.annotations else "", narrative or ""),
        *("yes" if code in sketch.risks else "" for code in RISKS),
    ]
    for number in range(VICTIMS):
        written += _person(victims[number]) if number < len(victims) else NOBODY
    written += _person(recipient) if recipient else NOBODY
    written += _person(reported) if reported else NOBODY
    for number in range(IP_EVENTS):
        written += _event(reported, number) if reported else NO_EVENT
    written += (reported.devices[0][1], reported.devices[0][0]) if reported and reported.devices else ("", "")
    for number in range(FILES):
        written += _file(sketch.files[number]) if number < len(sketch.files) else NO_FILE
    written += (sketch.url or "", REPORTER if sketch.reporter else "")
    return written


def _person(one: Seen) -> tuple[str, ...]:
    return (
        " ".join(one.name) if one.name else "",
        "" if one.age is None else str(one.age),
        one.born.isoformat() if one.born else "",
        one.email or "",
        (people.national(one.phone) if one.phone_as_national else one.phone) if one.phone else "",
        one.handle or "",
        one.account or "",
    )


def _event(one: Seen, number: int) -> tuple[str, ...]:
    if number >= len(one.ip_events):
        return NO_EVENT
    event = one.ip_events[number]
    at = event.at.isoformat()
    return (
        event.address,
        "" if event.port is None else str(event.port),
        _time(at) if event.zone_stated else at[:19],
        event.event,
        _yes_or_no(event.proxy),
    )


def _file(file: FileSeen) -> tuple[str, ...]:
    values = dict(file.hashes)
    return (
        file.file_id,
        *(values.get(kind, "") for kind in ("md5", "sha1", "sha256", "pdq")),
        file.classification or "",
        SCHEME if file.classification else "",
        _yes_or_no(file.viewed),
        _yes_or_no(file.public),
        file.annotations[0] if file.annotations else "",
    )


def _yes_or_no(value: bool | None) -> str:
    return "" if value is None else "yes" if value else "no"


def _time(iso: str) -> str:
    return iso[:19] + "Z"


def _written(many: Iterable[Iterable[str]]) -> str:
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows(many)
    return written.getvalue()

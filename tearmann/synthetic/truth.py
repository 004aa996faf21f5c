"""The truth behind what was written: one line of JSON a document, or a row of a batch.

It says what no sender knows: who each person is, who lives where, which hashes are on the invented list.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tearmann.records import RiskCode
from tearmann.synthetic import people
from tearmann.synthetic.sketch import FileSeen, IpEvent, Part, Seen, Shape

DAY_IN_SECONDS = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """What is true of one document, or of one row (from 1) of a batch.

    of: the reference that it resends, adds to, or is a file of. risks_stated: those of the risks that the format
    has a place for. fault: what is wrong with a malformed file.
    """

    file: str
    part: Part
    format: str
    source: str
    arrives_at: datetime
    row: int | None = None
    reference: str | None = None
    of: str | None = None
    shape: Shape | None = None
    people: tuple[Seen, ...] = ()
    files: tuple[FileSeen, ...] = ()
    risks: tuple[RiskCode, ...] = ()
    risks_stated: tuple[RiskCode, ...] = ()
    urgent: bool = False
    fault: str | None = None

    def line(self) -> str:
        """Return the truth as one line of JSON, without the end of line."""
        return json.dumps(
            {
                "file": self.file,
                "row": self.row,
                "part": self.part,
                "format": self.format,
                "source": self.source,
                "arrives_at": self.arrives_at.isoformat(timespec="seconds"),
                "reference": self.reference,
                "of": self.of,
                "shape": self.shape,
                "people": [_person(one, self.arrives_at) for one in self.people],
                "files": [_file(file) for file in self.files],
                "risks": self.risks,
                "risks_stated": self.risks_stated,
                "urgent": self.urgent,
                "fault": self.fault,
            },
            ensure_ascii=False,
            separators=(",", ":"),
        )


def identifiers(one: Seen) -> Iterator[tuple[str, str]]:
    """Yield (kind, canonical value) of what a referral states of a person, in `identifiers`' words; IP events apart."""
    platform = people.slug(one.platform or "")
    if one.email:
        yield "email", one.email
    if one.phone:
        yield "phone", one.phone
    if one.handle:
        yield "handle", f"{one.handle}@{platform}"
    if one.account:
        yield "account_id", f"{platform}:{one.account}"
    for kind, value in one.devices:
        yield "device_id", f"{kind.upper()}:{value}"
    if one.name:
        yield "name", " ".join(one.name).lower()
    if one.born:
        yield "date_of_birth", one.born.isoformat()
    if one.linked:
        yield from identifiers(one.linked)


def _person(one: Seen, arrives_at: datetime) -> dict[str, Any]:
    return {
        "person": f"person-{one.person}",
        "household": f"household-{one.household}",
        "pool": one.pool,
        "role": one.role,
        "age": one.true_age,
        "age_stated": one.age,
        "platform": one.platform,
        "identifiers": list(dict.fromkeys(identifiers(one))),
        "ip_events": [_ip_event(event, arrives_at) for event in one.ip_events],
        "address": one.address,
        "earlier": one.earlier,
    }


def _ip_event(event: IpEvent, arrives_at: datetime) -> dict[str, Any]:
    return {
        "address": event.address,
        "port": event.port,
        "at": event.at.isoformat(timespec="seconds"),
        "age_days": int((arrives_at - event.at).total_seconds() // DAY_IN_SECONDS),
        "carrier": event.carrier,
    }


def _file(file: FileSeen) -> dict[str, Any]:
    return {
        "file": f"invented-{file.number}",
        "known": file.known,
        "near": file.near,
        "timing": file.timing,
        "hashes": file.hashes,
        "classification": file.classification,
        "annotations": file.annotations,
    }

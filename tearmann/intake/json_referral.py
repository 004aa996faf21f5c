"""A referral that somebody else wrote in our own format: what its types cannot say is checked here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC

from tearmann.identifiers import identify
from tearmann.intake.files import Known
from tearmann.intake.gradings import graded
from tearmann.intake.incident_types import INCIDENT_TYPES
from tearmann.intake.json_fields import Looked
from tearmann.records import Identifier, Leftover, Moment, Referral


def checked(referral: Referral, looked: Looked, known: Known) -> Referral:
    """Return the referral with canonical identifiers, times in UTC and its leftovers; faults go to `looked`.

    What the caller knows of source and reference stands before what the file says, which is then left over.
    """
    _check_keys(referral, looked)
    _check_codes(referral, looked)
    leftovers = [*referral.remainder, *looked.leftovers]
    changes: dict[str, str] = {}
    for name, given in (("source", known.source), ("source_reference", known.reference)):
        stated = getattr(referral, name)
        if given and given != stated:
            changes[name] = given
            if stated:
                leftovers.append(Leftover(place=f"/referral/{name}", value=stated))
    parties = tuple(
        replace(party, identifiers=_canonical(party.identifiers, f"/referral/parties/{number}", looked, known.region))
        for number, party in enumerate(referral.parties)
    )
    files = tuple(
        replace(
            file,
            hashes=_canonical(file.hashes, f"/referral/files/{number}", looked, known.region),
            identifiers=_canonical(file.identifiers, f"/referral/files/{number}", looked, known.region),
            uploaded=_in_utc(file.uploaded, f"/referral/files/{number}/uploaded", looked),
        )
        for number, file in enumerate(referral.files)
    )
    return replace(
        referral,
        received=_in_utc(referral.received, "/referral/received", looked),
        incident=_in_utc(referral.incident, "/referral/incident", looked),
        parties=parties,
        files=files,
        remainder=tuple(leftovers),
        **changes,  # type: ignore[arg-type]
    )


def _canonical(
    identifiers: tuple[Identifier, ...], pointer: str, looked: Looked, region: str
) -> tuple[Identifier, ...]:
    """Write each value as its kind does: a canonical value stays as it is, so that what we wrote comes back."""
    made = []
    for number, one in enumerate(identifiers):
        kind, value = identify(one.kind, one.value, region=region)
        if kind is not one.kind:
            says = f"the value is no {one.kind.value}"
            remedy = 'Write it as its kind is written, or give it the kind "other".'
            looked.fault(f"{pointer}, identifier {number}", says, remedy)
        made.append(one if value == one.value else replace(one, value=value))
    return tuple(made)


def _in_utc(moment: Moment | None, pointer: str, looked: Looked) -> Moment | None:
    if moment is None or moment.at is None:
        return moment
    if moment.at.tzinfo is None:
        looked.fault(f"{pointer}/at", "a time without a zone", "End it with Z for UTC, or with an offset.")
        return moment
    return replace(moment, at=moment.at.astimezone(UTC))


def _check_keys(referral: Referral, looked: Looked) -> None:
    keys = [party.key for party in referral.parties]
    remedy = "Give each party and each file a key of its own, and name parties by their keys."
    for what, named in (("party", keys), ("file", [file.key for file in referral.files])):
        if len(named) != len(set(named)):
            looked.fault("/referral", f"two of the same key: {what}", remedy)
    for pointer, key in _named_parties(referral):
        if key not in keys:
            looked.fault(pointer, "it names a party that is not there", remedy)


def _named_parties(referral: Referral) -> Iterator[tuple[str, str]]:
    named = (
        *((f"parties/{n}/belongs_to", one.belongs_to) for n, one in enumerate(referral.parties)),
        *((f"risks/{n}/party", one.party) for n, one in enumerate(referral.risks)),
        *((f"references/{n}/party", one.party) for n, one in enumerate(referral.references)),
    )
    for pointer, key in named:
        if key is not None:
            yield f"/referral/{pointer}", key


def _check_codes(referral: Referral, looked: Looked) -> None:
    if referral.incident_type not in INCIDENT_TYPES:
        remedy = f"Expected one of {', '.join(INCIDENT_TYPES)}; the sender's own word goes into incident_type_given."
        looked.fault("/referral/incident_type", "not one of our codes", remedy)
    if referral.provider_priority not in (None, 1, 2, 3):
        looked.fault("/referral/provider_priority", "not a provider's priority", "Expected 1, 2 or 3.")
    for number, party in enumerate(referral.parties):
        if party.age and party.age.years is not None and not 0 <= party.age.years <= 150:
            looked.fault(
                f"/referral/parties/{number}/age/years", "not an age in years", "Expected 0 to 150, or nothing."
            )
    if referral.grading:
        written = referral.grading
        said = {"source": written.source, "information": written.information, "handling": written.handling}
        for fault in graded(said, {name: f"/referral/grading/{name}" for name in said})[1]:
            looked.fault(fault.place, fault.says, fault.remedy)

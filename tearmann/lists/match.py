"""One referral against open segments: which of its own hashes a list has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tearmann.identifiers import HASH_KINDS, VOID_VALUES, IdentifierKind
from tearmann.lists.segments import Segment
from tearmann.records import ListHit, Referral


def match(referral: Referral, segments: Sequence[Segment]) -> tuple[ListHit, ...]:
    """Return every exact hit of every hash of the referral's files and parties, once each, sorted.

    A hash that a list has under two codes is two hits. Void values, such as the hash of no bytes, never hit. A hit
    says that a list knows the hash; the absence of one says nothing about a kind for which no segment is open.

    Raises ListError if a hash in the referral is not canonical.
    """
    hits = {
        ListHit(
            list_name=segment.name,
            list_version=segment.version,
            kind=kind,
            value=value,
            code=code,
            scheme=scheme,
        )
        for kind, value in set(_hashes(referral))
        for segment in segments
        if segment.kind is kind
        for code, scheme in segment.find(value)
    }
    return tuple(
        sorted(hits, key=lambda hit: (hit.list_name, hit.list_version, hit.kind, hit.value, hit.code, hit.scheme))
    )


def _hashes(referral: Referral) -> Iterator[tuple[IdentifierKind, str]]:
    held = [file.hashes for file in referral.files]
    held += [file.identifiers for file in referral.files]
    held += [party.identifiers for party in referral.parties]
    for identifiers in held:
        for identifier in identifiers:
            if identifier.kind in HASH_KINDS and identifier.value not in VOID_VALUES:
                yield identifier.kind, identifier.value

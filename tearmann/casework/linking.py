"""Exact links: a new party and the earlier ones that hold the same strong identifier.

Never by a bare IP address, and never by a value that many hold. Which values are strong, `identifiers.link_key`
says. A link reads the past only, so the links of a store do not depend on the batches it was filled in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tearmann.casework.doing import Doing
from tearmann.casework.models import Alert, Case, Identifier, LinkKey, StoredLink
from tearmann.casework.projection import HASHES, NEVER_LINK
from tearmann.identifiers import IdentifierKind
from tearmann.ledger.bulk import insert_rows, reserve_ids

Key = tuple[str, str]

# A value that this many parties hold already says nothing about who they are: a help desk's telephone, a
# carrier's shared exit. These are the product's own caution, not a published threshold.
HOLDERS_AT_MOST = 20
# A file is shared by design: a few who hold the same one may be worth knowing of, many are an audience.
HASH_HOLDERS_AT_MOST = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class NewParty:
    id: int
    case: Case
    keys: tuple[tuple[IdentifierKind, str], ...]


class Holder(NamedTuple):
    """A party that holds a value, and what of its case decides whether somebody has to be told."""

    party: int
    case: int
    unit: int
    restricted: bool


def _cap(kind: str) -> int:
    return HASH_HOLDERS_AT_MOST if kind in HASHES else HOLDERS_AT_MOST


def link(parties: Sequence[NewParty], *, near: list[Alert], doing: Doing) -> set[int]:
    """Link new parties to earlier ones; return the cases that so learnt something.

    near: receives an alert for each restricted case that another unit's case came near.
    """
    keys = {(kind.value, value) for party in parties for kind, value in party.keys}
    if not keys:
        return set()
    counts = _counts(keys)
    holders = _holders([key for key, count in counts.items() if 0 < count < _cap(key[0])], parties)
    rows: list[tuple[int, int, int, int, str, str]] = []
    learnt: set[int] = set()
    for party in parties:
        new = Holder(party.id, party.case.pk, party.case.unit_id, party.case.restricted)
        for kind, value in party.keys:
            key = (kind.value, value)
            held = holders.setdefault(key, [])
            earlier = counts.get(key, 0)
            if earlier < _cap(key[0]):
                for other in held:
                    if other.case == party.case.pk:
                        continue
                    rows.append((party.id, other.party, party.case.pk, other.case, kind.value, value))
                    learnt.update((party.case.pk, other.case))
                    _come_near(new, other, near, doing)
            held.append(new)
            counts[key] = earlier + 1
    ids = reserve_ids(StoredLink, len(rows))
    insert_rows(
        StoredLink,
        ("id", "party_id", "other_id", "case_id", "other_case_id", "kind", "value"),
        [(pk, *row) for pk, row in zip(ids, rows, strict=True)],
    )
    # Sorted, so that two writers take the rows in the same order.
    LinkKey.objects.bulk_create(
        [LinkKey(kind=kind, value=value, count=counts[kind, value]) for kind, value in sorted(keys)],
        update_conflicts=True,
        unique_fields=["kind", "value"],
        update_fields=["count"],
    )
    return learnt


def _counts(keys: set[Key]) -> dict[Key, int]:
    found = LinkKey.objects.filter(kind__in={kind for kind, _ in keys}, value__in=[value for _, value in keys])
    return {
        (kind, value): count
        for kind, value, count in found.values_list("kind", "value", "count")
        if (kind, value) in keys
    }


def _holders(keys: Sequence[Key], parties: Sequence[NewParty]) -> dict[Key, list[Holder]]:
    """The parties that hold each of the keys already, oldest first."""
    holders: dict[Key, list[Holder]] = {}
    if not keys:
        return holders
    new = {party.id for party in parties}
    found = (
        Identifier.objects.filter(kind__in={kind for kind, _ in keys}, key__in=[value for _, value in keys])
        .filter(party__case__isnull=False)
        .exclude(party__role__in=NEVER_LINK)
        .order_by("party_id")
        .values_list("kind", "key", "party_id", "party__case_id", "party__case__unit_id", "party__case__restricted")
    )
    wanted = set(keys)
    seen: set[tuple[Key, int]] = set()
    for kind, value, party, case, unit, restricted in found:
        key = (kind, value)
        if key in wanted and party not in new and (key, party) not in seen:
            seen.add((key, party))
            holders.setdefault(key, []).append(Holder(party, case, unit, restricted))
    return holders


def _come_near(one: Holder, other: Holder, near: list[Alert], doing: Doing) -> None:
    for hidden, comer in ((other, one), (one, other)):
        if hidden.restricted and comer.unit != hidden.unit:
            near.append(
                Alert(
                    case_id=hidden.case,
                    kind=Alert.Kind.LINK,
                    at=doing.at,
                    by=doing.by.reference,
                    unit_id=comer.unit,
                    near_id=comer.case,
                )
            )

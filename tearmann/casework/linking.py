"""Exact links: a new party and the earlier ones that hold the same strong identifier.

Never by a bare IP address, and never by a value that many hold. Which values are strong, `identifiers.link_key`
says. A link reads the past only, so the links of a store do not depend on the batches it was filled in.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Q

from tearmann.casework.doing import Doing
from tearmann.casework.models import Alert, Case, Identifier, LinkKey, StoredLink
from tearmann.casework.projection import HASHES, NEVER_LINK
from tearmann.identifiers import IdentifierKind
from tearmann.ledger.bulk import insert_rows, reserve_ids, upsert_rows
from tearmann.records import Link

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
    upsert_rows(
        LinkKey,
        ("kind", "value", "count"),
        [(kind, value, counts[kind, value]) for kind, value in sorted(keys)],
        unique=("kind", "value"),
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
        # Of two restricted cases neither exists for the other's readers.
        if hidden.restricted and not comer.restricted and comer.unit != hidden.unit:
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


class SeenLink(NamedTuple):
    """A stored link with what its two cases need to see of it."""

    kind: str
    value: str
    party: int
    other: int
    case: int
    other_case: int
    party_key: str
    other_key: str
    reference: str
    other_reference: str
    restricted: bool
    other_restricted: bool

    def far_case(self, near: int) -> int:
        """The case on the other side, seen from this one."""
        return self.other_case if self.case == near else self.case

    def far_party(self, near: int) -> int:
        return self.other if self.case == near else self.party

    def leads_to_restricted(self, near: int) -> bool:
        return self.other_restricted if self.case == near else self.restricted


def stored_links(cases: Collection[int]) -> list[SeenLink]:
    """The links of these cases, oldest first."""
    links = StoredLink.objects.filter(Q(case__in=cases) | Q(other_case__in=cases)).order_by("pk")
    columns = (
        "kind", "value", "party_id", "other_id", "case_id", "other_case_id", "party__key", "other__key",
        "case__reference", "other_case__reference", "case__restricted", "other_case__restricted",
    )  # fmt: skip
    return list(map(SeenLink._make, links.values_list(*columns)))


def seen_from(case: int, links: Sequence[SeenLink]) -> list[Link]:
    """The links of one case as values. held_by counts over these links only, so that it betrays no other."""
    holders: Counter[tuple[str, str]] = Counter(
        (kind, value) for kind, value, _ in {(link.kind, link.value, link.far_party(case)) for link in links}
    )
    return [
        Link(
            kind=IdentifierKind(link.kind),
            value=link.value,
            party=link.party_key if link.case == case else link.other_key,
            case=link.other_reference if link.case == case else link.reference,
            other_party=link.other_key if link.case == case else link.party_key,
            held_by=holders[link.kind, link.value] + 1,
        )
        for link in links
    ]

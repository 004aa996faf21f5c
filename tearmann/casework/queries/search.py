"""Search: references, external references, exact identifiers and the beginnings of surnames. Never narrative."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import Q

from tearmann import identifiers
from tearmann.casework.doing import Actor
from tearmann.casework.models import Case, Identifier, Party, StoredReference, StoredReferral
from tearmann.casework.permissions import Sight
from tearmann.casework.projection import key_of
from tearmann.casework.queries.visible import visible_to
from tearmann.casework.reference import parse
from tearmann.identifiers import IdentifierKind

SHOWN_AT_MOST = 50
SHORTEST_NAME = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A case that was found, by what, and whether the viewer may read it or see its stub only."""

    case: Case
    by: str
    may_read: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What was found. candidates: what the text was taken for, as kinds and canonical values."""

    found: tuple[Found, ...]
    candidates: tuple[tuple[IdentifierKind, str], ...]
    more: bool  # there was more than is shown


def search(viewer: Actor, typed: str, *, region: str) -> Search:
    """Find the cases that somebody's typed text names."""
    typed = typed.strip()
    candidates = tuple(identifiers.search_candidates(typed, region=region)) if typed else ()
    found: dict[int, str] = {}
    for pk, by in matches(typed, candidates):
        found.setdefault(pk, by)
    visible = {
        case.pk: case
        for case in visible_to(viewer, at_least=Sight.STUB).filter(pk__in=found).select_related("unit", "team", "owner")
    }
    readable = set(visible_to(viewer).filter(pk__in=visible).values_list("pk", flat=True))
    shown = [Found(case=visible[pk], by=by, may_read=pk in readable) for pk, by in found.items() if pk in visible]
    shown.sort(key=lambda one: (not one.case.is_open, one.case.rank, one.case.received_at, one.case.pk))
    return Search(found=tuple(shown[:SHOWN_AT_MOST]), candidates=candidates, more=len(shown) > SHOWN_AT_MOST)


def matches(typed: str, candidates: Sequence[tuple[IdentifierKind, str]]) -> list[tuple[int, str]]:
    """Every case that a text names, by its key, and by what: whoever shows any of it asks first what is visible."""
    if not typed:
        return []
    found: list[tuple[int, str]] = []
    reference = parse(typed)
    if reference is not None:
        found += [(pk, "reference") for pk in Case.objects.filter(reference=reference).values_list("pk", flat=True)]
    external = StoredReference.objects.filter(value=typed, case__isnull=False)
    found += [(pk, f"{kind} reference") for pk, kind in external.values_list("case_id", "kind")[:500] if pk]
    sent = StoredReferral.objects.filter(source_reference=typed, case__isnull=False)
    found += [(pk, "sender's reference") for pk in sent.values_list("case_id", flat=True)[:500] if pk]
    for kind, value in candidates:
        prefix = identifiers.search_prefix(kind, value)
        asked = Q(key=key_of(kind, value)) if prefix is None else beginning_with("key", prefix)
        held = Identifier.objects.filter(asked, kind=kind.value, party__case__isnull=False)
        label = identifiers.KINDS[kind].label
        found += [(pk, label) for pk in held.values_list("party__case", flat=True)[:500] if pk]
    surname = typed.casefold()
    if len(surname) >= SHORTEST_NAME and surname.isalpha():
        named = Party.objects.filter(beginning_with("surname", surname), case__isnull=False)
        found += [(pk, "surname") for pk in named.values_list("case_id", flat=True)[:500] if pk]
    return found


def beginning_with(column: str, prefix: str) -> Q:
    """The condition that a column begins with a text, in the form for which the store has an index.

    PostgreSQL has one for LIKE; SQLite's LIKE ignores case and so ignores the index, but a range uses it.
    """
    if connection.vendor == "postgresql":
        return Q(**{f"{column}__startswith": prefix})
    return Q(**{f"{column}__gte": prefix, f"{column}__lt": prefix + chr(0x10FFFF)})

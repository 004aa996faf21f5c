"""Quarantine: what could not be read, file details that wait for their report, and what became of what one sent.

Never the bytes of any.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from tearmann.casework.doing import Actor
from tearmann.casework.models import Case, NamedReader, Payload, Relation, StoredReferral
from tearmann.casework.permissions import SIGHT, Sight
from tearmann.casework.queries.visible import visible_to
from tearmann.errors import NotFound

PAGE = 25
Row = TypeVar("Row", bound=Model)
_SET_ASIDE = (Payload.State.QUARANTINED, Payload.State.REFUSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarantinePage:
    """One page of payloads, without their bytes. after: the cursor of the next page, or an empty text."""

    payloads: tuple[Payload, ...]
    after: str


def set_aside_for(viewer: Actor) -> QuerySet[Payload]:
    """The payloads in quarantine that exist for this viewer: those of a unit whose cases they read."""
    return _of_their_units(viewer, Payload.objects.filter(state__in=_SET_ASIDE), "unit_id").defer("body", "nonce")


def unsettled(viewer: Actor, *, after: str = "", size: int = PAGE) -> QuarantinePage:
    """What nobody has dealt with, the oldest first: it is the one most likely to be forgotten."""
    waiting = set_aside_for(viewer).filter(settled_at__isnull=True).select_related("unit")
    cursor = _cursor(after)
    if cursor is not None:
        at, pk = cursor
        waiting = waiting.filter(Q(received_at__gt=at) | Q(received_at=at, pk__gt=pk))
    return _page(waiting.order_by("received_at", "pk"), size)


def settled(viewer: Actor, *, after: str = "", size: int = PAGE) -> QuarantinePage:
    """What was dealt with, the newest first."""
    done = set_aside_for(viewer).filter(settled_at__isnull=False).select_related("unit")
    cursor = _cursor(after)
    if cursor is not None:
        at, pk = cursor
        done = done.filter(Q(received_at__lt=at) | Q(received_at=at, pk__lt=pk))
    return _page(done.order_by("-received_at", "-pk"), size)


def unsettled_count(viewer: Actor) -> int:
    """How many payloads nobody has dealt with yet."""
    return set_aside_for(viewer).filter(settled_at__isnull=True).count()


def payload_for(viewer: Actor, sha256: str) -> Payload:
    """One payload in quarantine, by its digest. Raises NotFound where there is none for this viewer."""
    payload = set_aside_for(viewer).filter(sha256=sha256).select_related("unit").first()
    if payload is None:
        raise NotFound("no such payload in quarantine")
    return payload


def sent_by(viewer: Actor, sha256: str) -> tuple[Payload, Case | None]:
    """A payload that this viewer sent, and its case where they may read it. Raises NotFound for anybody else's.

    That there is no case to show says nothing: it may be another unit's, or one that is not there for them.
    """
    sent = Payload.objects.filter(sha256=sha256, received_by=viewer.reference).defer("body", "nonce").first()
    if sent is None:
        raise NotFound("you sent no such payload")
    return sent, visible_to(viewer).filter(referrals__payload=sent).first()


def waiting_details(viewer: Actor) -> QuerySet[StoredReferral]:
    """Details of files whose report has not come, the oldest first.

    Details that joined a restricted case go on waiting for whoever is outside it: that they stopped would say
    that the case is there.
    """
    details = StoredReferral.objects.filter(relation=Relation.FILE_DETAILS).select_related("payload", "payload__unit")
    lonely = Q(case__isnull=True)
    if viewer.officer is not None:
        named = NamedReader.objects.filter(case=OuterRef("case"), officer_id=viewer.officer)
        lonely |= Q(case__restricted=True) & ~Q(Exists(named))
    ours = _of_their_units(viewer, details.filter(lonely), "payload__unit_id")
    return ours.defer("content", "payload__body", "payload__nonce").order_by("received_at", "pk")


def _of_their_units(viewer: Actor, rows: QuerySet[Row], unit: str) -> QuerySet[Row]:
    """The rows that came in for a unit whose cases this viewer reads."""
    if viewer.role is None:
        return rows
    own, other = SIGHT[viewer.role]
    if other is Sight.READ:
        return rows
    if own is Sight.READ and viewer.unit is not None:
        return rows.filter(**{unit: viewer.unit})
    return rows.none()


def _page(rows: QuerySet[Payload], size: int) -> QuarantinePage:
    found = list(rows[: size + 1])
    last = found[size - 1] if len(found) > size else None
    after = f"{last.received_at.isoformat()}~{last.pk}" if last else ""
    return QuarantinePage(payloads=tuple(found[:size]), after=after)


def _cursor(text: str) -> tuple[datetime, int] | None:
    try:
        at, pk = text.split("~")
        moment = datetime.fromisoformat(at)
        return (moment, int(pk)) if moment.tzinfo else None
    except ValueError:
        return None  # nonsense in a URL means the first page

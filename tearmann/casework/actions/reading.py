"""Reads are logged: one processing entry per page, naming what was shown, lists and searches included."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Exists

from tearmann.casework.doing import Doing, act
from tearmann.casework.entries import history, processing
from tearmann.casework.locked import locked
from tearmann.casework.models import Alert, Case, StoredReferral
from tearmann.casework.permissions import check
from tearmann.casework.queries.search import matches
from tearmann.casework.queries.visible import named_on
from tearmann.casework.sealing import Sealed, Sealer
from tearmann.errors import NotFound
from tearmann.identifiers import IdentifierKind
from tearmann.ledger.chain import record
from tearmann.ledger.models import Text


@act
def consulted(page: str, *, cases: Sequence[str], doing: Doing) -> None:
    """Record that a page or a command showed these cases."""
    record([processing("consultation", page, doing, cases=list(cases))])


@act
def searched(
    typed: str, candidates: Sequence[tuple[IdentifierKind, str]], *, cases: Sequence[str], doing: Doing
) -> str:
    """Record a search and what it showed; return the digest under which what was typed is kept as erasable text.

    Whoever is named on a restricted case that the searcher did not see is told of it, silently.
    """
    said = Text.write(reference="search", body=typed)
    if not doing.by.sees_everything:
        # By the same matches as the search itself, so that whatever could have found the case is told.
        _alert({pk for pk, _ in matches(typed.strip(), candidates)}, Alert.Kind.SEARCH, doing)
    record([processing("consultation", "search", doing, cases=list(cases), searched=said.digest)])
    return said.digest


@act
def knocked(reference: str, *, doing: Doing) -> None:
    """Somebody asked for a case that does not exist for them. If it is a restricted one, its readers are told."""
    cases = Case.objects.filter(reference=reference).values_list("pk", flat=True)
    _alert(set(cases), Alert.Kind.OPENED, doing)
    record([processing("consultation", "not found", doing, cases=[])])


def _alert(cases: set[int], kind: Alert.Kind, doing: Doing) -> None:
    hidden = Case.objects.filter(pk__in=cases, restricted=True).exclude(Exists(named_on(doing.by)))
    Alert.objects.bulk_create(
        [
            Alert(case=case, kind=kind, at=doing.at, by=doing.by.reference, unit_id=doing.by.unit)
            for case in hidden.order_by("pk")
        ]
    )


@act
def open_payload(case: Case, *, sha256: str, sealer: Sealer, doing: Doing, reason: str) -> bytes:
    """Open one sealed payload of a case. Takes permission and a reason, and stands in both logs."""
    case, standing = locked(case, doing.by)
    check("open_payload", doing.by, standing)
    stored = StoredReferral.objects.filter(case=case, payload__sha256=sha256).select_related("payload").first()
    if stored is None:
        raise NotFound("the case has no such payload")
    payload = stored.payload
    sealed = Sealed(key_id=payload.key_id, nonce=bytes(payload.nonce or b""), body=bytes(payload.body or b""))
    plain = sealer.open(sealed, sha256=sha256)
    why = Text.write(reference=case.reference, body=reason)
    record([
        history("payload_opened", case.reference, doing, payload=sha256, why=why.digest),
        processing("consultation", "payload", doing, cases=[case.reference], payload=sha256),
    ])  # fmt: skip
    return plain

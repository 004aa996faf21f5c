"""Entries for the two logs, as acts write them: references, codes and digests, never a person's data."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from tearmann.casework.doing import Doing
from tearmann.ledger.chain import Draft
from tearmann.ledger.models import Chain

Scalar = str | int | bool | None


def history(
    verb: str, case: str, doing: Doing, *, happened_at: datetime | None = None, **body: Scalar | Sequence[str]
) -> Draft:
    """An entry of the case history: what was done to the case of this reference."""
    return Draft(
        chain=Chain.HISTORY,
        verb=verb,
        actor_kind=doing.by.kind,
        actor_ref=doing.by.reference,
        subject_kind="case",
        subject_ref=case,
        at=doing.at,
        happened_at=happened_at,
        body=body,
    )


def event(verb: str, subject_kind: str, subject_ref: str, doing: Doing, **body: Scalar | Sequence[str]) -> Draft:
    """An entry of the history that is about no one case: a list loaded, a policy approved."""
    return Draft(
        chain=Chain.HISTORY,
        verb=verb,
        actor_kind=doing.by.kind,
        actor_ref=doing.by.reference,
        subject_kind=subject_kind,
        subject_ref=subject_ref,
        at=doing.at,
        body=body,
    )


def processing(verb: str, page: str, doing: Doing, **body: Scalar | Sequence[str]) -> Draft:
    """An entry of the processing log: what was collected, altered, consulted, disclosed, combined or erased."""
    return Draft(
        chain=Chain.PROCESSING,
        verb=verb,
        actor_kind=doing.by.kind,
        actor_ref=doing.by.reference,
        subject_kind="page" if doing.by.kind == "officer" else "command",
        subject_ref=page,
        at=doing.at,
        body=body,
    )

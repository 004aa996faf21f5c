"""Drafts for the tests of the ledger."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from tearmann.ledger.chain import Chain, Draft, record
from tests.conftest import NOON


def draft(chain: Chain = Chain.HISTORY, /, **changed: Any) -> Draft:
    given: dict[str, Any] = {
        "chain": chain,
        "verb": "consultation",
        "actor_kind": "officer",
        "actor_ref": "ann",
        "subject_kind": "case",
        "subject_ref": "7K3M9Q2XVTB",
        "at": NOON,
    }
    return Draft(**given | changed)


def recorded(drafts: Iterable[Draft]) -> None:
    """Record in a transaction of its own."""
    with transaction.atomic():
        record(drafts)

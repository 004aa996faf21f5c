"""Quarantine: what could not be read waits there until somebody says what became of it."""

from __future__ import annotations

from tearmann.casework.doing import Doing, act
from tearmann.casework.entries import event
from tearmann.casework.models import Payload
from tearmann.casework.permissions import check_other
from tearmann.errors import NotFound, NotPermitted, WrongState
from tearmann.ledger.chain import record
from tearmann.ledger.models import Text


@act
def settle_quarantine(payload: Payload, *, doing: Doing, reason: str) -> None:
    """Take a payload off the quarantine list: it was sent again, typed in, or is nothing. Its row stays."""
    check_other("settle_quarantine", doing.by)
    payload = Payload.objects.select_for_update().get(pk=payload.pk)
    if doing.by.role is not None and payload.unit_id != doing.by.unit:
        raise NotFound("no such payload in quarantine")
    if payload.state == Payload.State.ACCEPTED or payload.settled_at is not None:
        raise WrongState("this payload was settled before")
    if not reason.strip():
        raise NotPermitted("say what became of it: sent again, typed in at the desk, or why it is nothing")
    payload.settled_at, payload.settled_why = doing.at, reason
    payload.save(update_fields=["settled_at", "settled_why"])
    why = Text.write(reference=f"payload {payload.sha256}", body=reason)
    record([event("quarantine_settled", "payload", payload.sha256, doing, why=why.digest)])

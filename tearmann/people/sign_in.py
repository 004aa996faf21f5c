"""Signing in: a password, a lock after five failures in a row, an end date, and an entry in the processing log.

Only the edge reads the clock, and this is an edge: Django calls it with a request.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from tearmann.ledger.chain import Chain, Draft, record
from tearmann.people.models import Officer, tidy_sign_in

FAILURES_IN_A_ROW = 5
LOCKED_FOR = timedelta(minutes=15)


class OfficerBackend(BaseBackend):
    """Signs officers in and asks at every request whether they may still be here."""

    @sensitive_variables("password")
    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **other: object
    ) -> Officer | None:
        """Return the officer whose password this is, or None. Unknown, locked and wrong look and last the same."""
        if username is None or password is None:
            return None
        now = timezone.now()
        officer, is_locked = _count_attempt(tidy_sign_in(username), now)
        if officer is None or is_locked:
            make_password(password)  # as long as a check takes, so that time betrays no account
            _record("sign_in_failed", officer, now, why="locked" if is_locked else "unknown")
            return None
        # Hashing takes long: outside every transaction.
        if not officer.check_password(password):
            _record("sign_in_failed", officer, now, why="password")
            return None
        if not officer.may_be_here(now):
            _record("sign_in_failed", officer, now, why="ended")
            return None
        with transaction.atomic():
            Officer.objects.filter(pk=officer.pk).update(failed_sign_ins=0, locked_until=None)
            _record("sign_in", officer, now)
        officer.failed_sign_ins, officer.locked_until = 0, None
        return officer

    def get_user(self, user_id: int) -> Officer | None:
        """Return the officer of a session, or None once the account has ended: called at every request."""
        officer = Officer.objects.select_related("unit").filter(pk=user_id).first()
        return officer if officer is not None and officer.may_be_here(timezone.now()) else None


def _count_attempt(sign_in: str, now: datetime) -> tuple[Officer | None, bool]:
    """Count an attempt before its password is looked at; return the officer and whether the account is locked.

    Counted first, so that a hundred attempts at once are not a hundred tries. A success takes the count back.
    """
    with transaction.atomic():
        officer = Officer.objects.select_for_update().filter(sign_in=sign_in).first()
        if officer is None or officer.is_locked(now):
            return officer, officer is not None
        if officer.locked_until is not None:  # a lock that has run out
            officer.failed_sign_ins, officer.locked_until = 0, None
        officer.failed_sign_ins += 1
        if officer.failed_sign_ins >= FAILURES_IN_A_ROW:
            officer.locked_until = now + LOCKED_FOR
        officer.save(update_fields=["failed_sign_ins", "locked_until"])
        return officer, False


def _record(verb: str, officer: Officer | None, now: datetime, *, why: str | None = None) -> None:
    # What was typed as a name that nobody has is not kept: people type their password there.
    reference = "unknown" if officer is None else officer.reference
    draft = Draft(
        chain=Chain.PROCESSING,
        verb=verb,
        actor_kind="officer",
        actor_ref=reference,
        subject_kind="officer",
        subject_ref=reference,
        at=now,
        body={} if why is None else {"why": why},
    )
    with transaction.atomic():
        record([draft])

"""Restriction: a case that is nothing at all to all but its named readers, and the silent alerts to them."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q

from tearmann.casework.doing import Doing, act
from tearmann.casework.entries import history
from tearmann.casework.locked import locked
from tearmann.casework.models import Alert, Case, NamedReader, StoredLink
from tearmann.casework.permissions import check
from tearmann.casework.shadow import withhold_priority
from tearmann.errors import NotPermitted, WrongState
from tearmann.ledger.chain import record
from tearmann.ledger.models import Text
from tearmann.people.models import Officer


@act
def restrict(case: Case, *, readers: Sequence[Officer], doing: Doing, reason: str) -> list[int]:
    """Restrict the case to named readers. An officer who restricts is always one of them.

    Returns the keys of the cases that are to be assessed again, now without its links.
    """
    case, standing = locked(case, doing.by)
    check("restrict", doing.by, standing)
    if case.restricted:
        raise WrongState("the case is restricted already; name the further reader")
    named = {officer.pk for officer in readers} | ({doing.by.officer} if doing.by.officer else set())
    if not named:
        raise NotPermitted("a restricted case needs at least one named reader, or nobody could read it")
    case.restricted, case.changed_at, case.version = True, doing.at, case.version + 1
    case.save(update_fields=["restricted", "changed_at", "version"])
    NamedReader.objects.bulk_create(
        [NamedReader(case=case, officer_id=pk, named_at=doing.at) for pk in sorted(named)], ignore_conflicts=True
    )
    touched = _links_are_other_now(case)
    why = Text.write(reference=case.reference, body=reason)
    record([history("restricted", case.reference, doing, readers=_sign_ins(named), why=why.digest)])
    return touched


@act
def name_reader(case: Case, *, reader: Officer, doing: Doing, reason: str) -> None:
    """Let one more officer read a restricted case."""
    case, standing = locked(case, doing.by)
    check("name_reader", doing.by, standing)
    _check_restricted(case)
    NamedReader.objects.get_or_create(case=case, officer=reader, defaults={"named_at": doing.at})
    why = Text.write(reference=case.reference, body=reason)
    record([history("reader_named", case.reference, doing, readers=[reader.sign_in], why=why.digest)])


@act
def lift_restriction(case: Case, *, doing: Doing, reason: str) -> list[int]:
    """Make the case an ordinary one again; its readers are no longer named.

    Returns the keys of the cases that are to be assessed again, now with its links.
    """
    case, standing = locked(case, doing.by)
    check("lift_restriction", doing.by, standing)
    _check_restricted(case)
    case.restricted, case.changed_at, case.version = False, doing.at, case.version + 1
    case.save(update_fields=["restricted", "changed_at", "version"])
    NamedReader.objects.filter(case=case).delete()
    touched = _links_are_other_now(case)
    why = Text.write(reference=case.reference, body=reason)
    record([history("restriction_lifted", case.reference, doing, why=why.digest)])
    return touched


@act
def mark_alerts_seen(case: Case, *, doing: Doing) -> None:
    """A named reader has read what came near the case."""
    case, standing = locked(case, doing.by)
    check("mark_alerts_seen", doing.by, standing)
    Alert.objects.filter(case=case, seen_at__isnull=True).update(seen_at=doing.at)
    record([history("alerts_seen", case.reference, doing)])


def _check_restricted(case: Case) -> None:
    # A name on an ordinary case would let an officer of another unit act on it.
    if not case.restricted:
        raise WrongState("the case is not restricted")


def _links_are_other_now(case: Case) -> list[int]:
    """What links to the case may count its link, or no longer: both sides are to be assessed again.

    Until they are, a linked case shows no priority: its reasons might still tell of this one.
    """
    links = StoredLink.objects.filter(Q(case=case) | Q(other_case=case)).values_list("case_id", "other_case_id")
    touched = {pk for pair in links for pk in pair} | {case.pk}
    Case.objects.filter(pk__in=touched).update(needs_assessment=True)
    withhold_priority(Case.objects.filter(pk__in=touched - {case.pk}))
    return sorted(touched)


def _sign_ins(officers: set[int]) -> list[str]:
    return sorted(Officer.objects.filter(pk__in=officers).values_list("sign_in", flat=True))

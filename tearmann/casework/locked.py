"""The first step of an act on a case: take its row for this transaction, and see how the actor stands to it."""

from __future__ import annotations

from tearmann.casework.doing import Actor
from tearmann.casework.models import Case, NamedReader
from tearmann.casework.permissions import Standing


def locked(case: Case, by: Actor) -> tuple[Case, Standing]:
    """The case as it is now, locked, and the actor's standing."""
    fresh = Case.objects.select_for_update().get(pk=case.pk)
    return fresh, standing_of(fresh, by)


def standing_of(case: Case, by: Actor) -> Standing:
    named = by.officer is not None and NamedReader.objects.filter(case=case, officer_id=by.officer).exists()
    return Standing(own_unit=case.unit_id == by.unit, restricted=case.restricted, named=named)

"""The one place from which every query of cases starts: what exists for this viewer."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from tearmann.casework.doing import Actor
from tearmann.casework.models import Case, NamedReader
from tearmann.casework.permissions import SIGHT, Sight
from tearmann.errors import NotFound


def visible_to(viewer: Actor, *, at_least: Sight = Sight.READ) -> QuerySet[Case]:
    """The cases that this viewer may read, or of which they may at least see the stub."""
    if viewer.role is None:
        return Case.objects.all()
    own, other = SIGHT[viewer.role]
    unrestricted = Q(restricted=False)
    if other < at_least:
        unrestricted &= Q(unit_id=viewer.unit) if own >= at_least else Q(pk__in=[])
    named = Q(Exists(named_on(viewer)))
    if own < at_least:
        named &= Q(restricted=True)  # of a role that reads no case, a name opens only what is restricted to it
    return Case.objects.filter(unrestricted | named)


def named_on(viewer: Actor) -> QuerySet[NamedReader]:
    """The viewer's name on the case of an outer query, for EXISTS. Nobody but an officer is ever named."""
    named = NamedReader.objects.filter(case=OuterRef("pk"))
    return named.none() if viewer.officer is None else named.filter(officer_id=viewer.officer)


def case_for(viewer: Actor, reference: str, *, at_least: Sight = Sight.READ) -> Case:
    """The case of this reference. Raises NotFound where there is none for this viewer."""
    case = (
        visible_to(viewer, at_least=at_least)
        .filter(reference=reference)
        .select_related("unit", "team", "owner")
        .first()
    )
    if case is None:
        raise NotFound("no such case")
    return case

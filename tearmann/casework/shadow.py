"""Shadow mode takes hold at once: a priority that may no longer be shown does not wait for the next assessment."""

from __future__ import annotations

from django.db.models import QuerySet

from tearmann.casework.models import Case
from tearmann.casework.models.case import Rank


def withhold_priority(cases: QuerySet[Case]) -> None:
    """Show and order by no priority of these cases any more. The escalated and the unassessed stand as they stood."""
    cases.filter(rank__in=(Rank.IMMEDIATE, Rank.URGENT, Rank.ROUTINE)).update(live=False, rank=Rank.STANDARD)
    cases.filter(live=True).update(live=False)

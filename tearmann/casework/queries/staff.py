"""Units, teams and officers by what people call them."""

from __future__ import annotations

from collections.abc import Sequence

from tearmann.errors import NotFound
from tearmann.people.models import Team, Unit


def unit_by_code(code: str) -> Unit:
    unit = Unit.objects.filter(code=code).first()
    if unit is None:
        known = ", ".join(Unit.objects.values_list("code", flat=True))
        raise NotFound(f"there is no unit '{code}'; the profile has {known or 'none'}")
    return unit


def teams_by_code(codes: Sequence[str]) -> list[Team]:
    found = {team.code: team for team in Team.objects.filter(code__in=codes)}
    for code in codes:
        if code not in found:
            known = ", ".join(Team.objects.values_list("code", flat=True))
            raise NotFound(f"there is no team '{code}'; the profile has {known or 'none'}")
    return [found[code] for code in codes]

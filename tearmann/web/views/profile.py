"""What this installation works by: the force profile, and the triage policy in force."""

from __future__ import annotations

from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from tearmann.casework.actions.policy import policy_in_force
from tearmann.casework.models import ApprovedPolicy
from tearmann.profile import describe
from tearmann.triage.explain import describe as explain
from tearmann.web import guard


@require_GET
def profile(request: HttpRequest) -> HttpResponse:
    """Every value of the force profile with its source, or that it is unset."""
    force = guard.doing(request).force
    rows = describe(force)
    # A citation is long and serves many rows: it is written once, below, and its number stands in the rows.
    cited = {source: number for number, source in enumerate(dict.fromkeys(row.source for row in rows if row.source), 1)}
    tables = [
        (name, [(row, cited.get(row.source)) for row in held])
        for name, held in groupby(rows, key=lambda row: row.table)
    ]
    shown = {
        "tables": tables,
        "values": sum(row.is_set for row in rows),
        "unset": sum(not row.is_set for row in rows),
        "sources": [(number, source) for source, number in cited.items()],
    }
    return render(request, "profile.html", shown)


@require_GET
def policy(request: HttpRequest) -> HttpResponse:
    """The triage policy in force: escalations, rules and bands, as the policy itself says them."""
    in_force = policy_in_force()
    rows = explain(in_force)
    shown = {
        "policy": in_force,
        "escalations": [row for row in rows if row.points is None],
        "rules": [row for row in rows if row.points is not None],
        "approved": ApprovedPolicy.objects.filter(version=in_force.version).first(),
    }
    return render(request, "policy.html", shown)

"""Build the store that the browser looks at, in a process of its own: `python -m tests.browser.store build 120`.

Prints one JSON object: the sign-ins, and the cases of which pages are shown. `unassess REFERENCE` makes a case one
that could not be assessed, as a fault in an assessment would leave it.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from typing import Any

SEED = 1


def build(referrals: int) -> dict[str, Any]:
    """Replay the demonstration's year, add who is missing from it, and choose the cases that pages are shown of."""
    from tearmann.cli.running import set_up_store

    set_up_store()
    from tearmann import demo
    from tearmann.people.models import Role

    now = datetime.now(UTC)
    built = demo.build(referrals=referrals, seed=SEED, now=now, progress=lambda arrived: None)
    password = built.sign_ins[0].password
    # Somebody who has not chosen a password yet, and somebody whose unit has nothing to do.
    _add("newcomer", Role.DESK_OFFICER, "IID", password, now=now, must_change_password=True)
    _add("quiet", Role.SUPERVISOR, "SOUTH", password, now=now)
    return {
        "password": password,
        "officers": [*(one.name for one in built.sign_ins), "newcomer", "quiet"],
        "cases": _cases(),
    }


def _add(
    sign_in: str, role: Any, unit: str, password: str, *, now: datetime, must_change_password: bool = False
) -> None:
    from tearmann.people.acts import create_officer
    from tearmann.people.models import Unit

    create_officer(
        sign_in=sign_in,
        name=sign_in.capitalize(),
        role=role,
        password=password,
        unit=Unit.objects.get(code=unit),
        must_change_password=must_change_password,
        by_kind="operator",
        by_ref="demonstration",
        at=now,
    )


def _cases() -> dict[str, dict[str, str]]:
    """A case for each thing that a page has to be able to show: its reference, and the digest of its first payload."""
    from tearmann.casework.doing import Actor
    from tearmann.casework.models import Case
    from tearmann.casework.queries.case_page import CaseView, case_page
    from tearmann.casework.states import State

    operator = Actor.operator("demonstration")
    ours = Case.objects.filter(unit__code="IID", restricted=False).order_by("pk")
    views = [case_page(operator, case) for case in ours]

    def said(view: CaseView) -> int:
        parts = (view.children, view.links, view.hits, view.escalations, view.others)
        return sum(bool(part) for part in parts) * 100 + len(view.referrals) * 10 + view.case.is_open * 250

    waiting = [view for view in views if view.case.state in (State.RECEIVED, State.TRIAGED)]
    chosen = {
        "full": max(views, key=said),
        "bare": min(views, key=said),
        "waiting": max(waiting, key=said),
        "resent": next(view for view in views if len(view.referrals) > 1),
    }
    found = {name: view.case for name, view in chosen.items()}
    found["north"] = Case.objects.filter(unit__code="NORTH").order_by("-is_open", "pk")[0]
    found["restricted"] = Case.objects.filter(restricted=True).order_by("pk")[0]
    return {
        name: {
            "reference": case.reference,
            "payload": case.referrals.order_by("pk").values_list("payload__sha256", flat=True)[0],
        }
        for name, case in found.items()
    }


def unassess(reference: str) -> None:
    from tearmann.cli.store import open_store

    open_store()
    from tearmann.casework.models import Case
    from tearmann.casework.models.case import Rank

    Case.objects.filter(reference=reference).update(
        assessed_at=None, rank=Rank.UNASSESSED, needs_assessment=True, fault="an invented fault"
    )


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["build", referrals]:
            json.dump(build(int(referrals)), sys.stdout)
        case ["unassess", reference]:
            unassess(reference)
        case _:
            sys.exit("say build and a number of referrals, or unassess and a reference")

"""Build the store that the browser looks at, in a process of its own: `python -m tests.browser.store build 120`.

Prints one JSON object: the sign-ins, and the cases of which pages are shown. `unassess REFERENCE` makes a case one
that could not be assessed, as a fault in an assessment would leave it.
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from tearmann.identifiers import IdentifierKind, identify
from tearmann.records import Identifier, Passage, Referral, RiskCode
from tearmann.synthetic.hashes import known_list
from tests.sent import a_referral, as_file, at_risk, sharing, with_file

SEED = 1
PRESSING = 90001  # the sender's reference of the report that is received last
SOON_LOST = timedelta(days=195)  # since an event whose records the demonstration's profile counts on for 200


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
    _receive_the_pressing_one(now)
    return {"password": password, "cases": _cases()}


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


def _receive_the_pressing_one(now: datetime) -> None:
    """One more report, which nobody has worked yet: a child at risk, links, a known file, data that soon expires."""
    from tearmann.casework import installation
    from tearmann.casework.actions.receive import HowToRead, receive
    from tearmann.casework.doing import Actor, Doing
    from tearmann.casework.models import Identifier as StoredIdentifier
    from tearmann.people.models import Unit

    doing = Doing(by=Actor.operator("demonstration"), at=now, force=installation.force())
    seen = StoredIdentifier.objects.filter(
        kind=IdentifierKind.EMAIL, party__referral__case__restricted=False, party__referral__case__unit__code="IID"
    )
    referral = _pressing(address=seen.order_by("pk")[0].value, now=now)
    receipt = receive(
        [as_file(referral)],
        doing=doing,
        unit=Unit.objects.get(code="IID"),
        keys=installation.keys(),
        instruments=installation.instruments(),
        how=HowToRead(),
    )
    assert not receipt.faults, receipt.faults


def _pressing(*, address: str, now: datetime) -> Referral:
    digest = next(value for kind, value, _, _ in known_list() if kind == IdentifierKind.MD5)
    plain = with_file(at_risk(sharing(a_referral(PRESSING), address), RiskCode.SEXTORTION), digest)
    reported, child = plain.parties
    kind, value = identify(IdentifierKind.IP_EVENT, "192.0.2.10", port=50123, at=now - SOON_LOST)
    event = Identifier(kind=kind, value=value, as_given="192.0.2.10", place="row 1, address")
    passage = Passage(text="Invented words of a sender, for a test.", place="row 1, narrative")
    return replace(
        plain,
        incident_type="enticement",
        platform="Example Chat",
        parties=(replace(reported, identifiers=(*reported.identifiers, event)), child),
        passages=(passage,),
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
        return sum(map(len, (view.children, view.links, view.hits, view.escalations, view.others)))

    waiting = [view for view in views if view.case.state == State.TRIAGED]
    chosen = {
        "bare": min(views, key=said),
        "waiting": max(waiting, key=said),
        "resent": next(view for view in views if any(one.stored.relation == "changed" for one in view.referrals)),
    }
    found = {name: view.case for name, view in chosen.items()}
    found["full"] = Case.objects.get(referrals__source_reference=str(PRESSING))
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

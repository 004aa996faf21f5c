"""Build the store that the browser looks at, in a process of its own: `python -m tests.browser.store build 120`.

Prints one JSON object: the password of everybody, and the cases of which pages are shown. `unassess REFERENCE` makes
a case one that could not be assessed, as a fault in an assessment would leave it.
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from tearmann.identifiers import IdentifierKind, identify
from tearmann.records import Identifier, PartyRole, Passage, Referral, RiskCode
from tearmann.synthetic.hashes import known_list
from tests.sent import a_referral, as_file, at_risk, sharing, with_file

SEED = 1
SOON_LOST = timedelta(days=195)  # since an event whose records the demonstration's profile counts on for 200

# The reports that are received last, by what their cases show, with the sender's references.
FULL, RESENT, RESTRICTED, NORTH, WAITING = range(90001, 90006)


def build(referrals: int) -> dict[str, Any]:
    """Replay the demonstration's year, and add whom and what its chances may have left out."""
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
    plain = a_referral(RESENT)
    _receive(_full(address=_known_address(), now=now), plain, a_referral(RESTRICTED), a_referral(WAITING), now=now)
    _receive(replace(plain, platform="Example Chat"), now=now)
    _receive(at_risk(a_referral(NORTH)), unit="NORTH", now=now)
    _restrict(RESTRICTED, now=now)
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


def _known_address() -> str:
    """The address of somebody who was reported before, so that a case with it is linked."""
    from tearmann.casework.models import Identifier as StoredIdentifier

    seen = StoredIdentifier.objects.filter(
        kind=IdentifierKind.EMAIL,
        party__role=PartyRole.REPORTED,
        party__referral__case__restricted=False,
        party__referral__case__unit__code="IID",
    )
    return seen.order_by("pk")[0].value


def _full(*, address: str, now: datetime) -> Referral:
    """A child at risk, links, a known file, data that soon expires, words of the sender: what presses most."""
    digest = next(value for kind, value, _, _ in known_list() if kind == IdentifierKind.MD5)
    plain = with_file(at_risk(sharing(a_referral(FULL), address), RiskCode.SEXTORTION), digest)
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


def _receive(*referrals: Referral, unit: str = "IID", now: datetime) -> None:
    from tearmann.casework import installation
    from tearmann.casework.actions.receive import HowToRead, receive
    from tearmann.casework.doing import Actor, Doing
    from tearmann.people.models import Unit

    receipt = receive(
        [as_file(referral) for referral in referrals],
        doing=Doing(by=Actor.operator("demonstration"), at=now, force=installation.force()),
        unit=Unit.objects.get(code=unit),
        keys=installation.keys(),
        instruments=installation.instruments(),
        how=HowToRead(),
    )
    assert not receipt.faults, receipt.faults


def _restrict(number: int, *, now: datetime) -> None:
    from tearmann.casework import installation
    from tearmann.casework.actions.restriction import restrict
    from tearmann.casework.doing import Actor, Doing
    from tearmann.people.models import Officer

    supervisor, ann = (Officer.objects.get(sign_in=name) for name in ("supervisor", "ann"))
    doing = Doing(by=Actor.of(supervisor), at=now, force=installation.force())
    restrict(_case(number), readers=[ann], doing=doing, reason="An invented reason")


def _case(number: int) -> Any:
    from tearmann.casework.models import Case

    return Case.objects.get(referrals__source_reference=str(number), referrals__relation="first")


def _cases() -> dict[str, dict[str, str]]:
    """The cases of which pages are shown: each with its reference, and the digest of its first payload."""
    from tearmann.casework.models import Case

    shown = {"full": FULL, "resent": RESENT, "restricted": RESTRICTED, "north": NORTH, "waiting": WAITING}
    found = {name: _case(number) for name, number in shown.items()}
    # As real as the demonstration makes them: the one with most sent for it, and one with nobody described as a child.
    theirs = Case.objects.filter(unit__code="IID", restricted=False)
    found["long"] = max(theirs, key=lambda case: (case.referrals.count(), case.reference))
    found["bare"] = theirs.exclude(people__role="child").order_by("pk")[0]
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

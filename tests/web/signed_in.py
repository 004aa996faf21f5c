"""What tests of pages share: somebody who is signed in, and referrals that came in before."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.test import Client

from tearmann.casework import installation
from tearmann.casework.actions.receive import Receipt, receive
from tearmann.casework.doing import Actor, Doing
from tearmann.casework.models import Case
from tearmann.intake.files import File
from tearmann.ledger.models import Entry
from tearmann.people.models import Officer, Role, Unit
from tearmann.records import Referral
from tests.conftest import NOON, PASSWORD
from tests.sent import as_file


def signed_in(officer: Officer, *, checks_csrf: bool = False) -> Client:
    client = Client(enforce_csrf_checks=checks_csrf)
    client.force_login(officer)
    return client


def an_officer(sign_in: str, role: Role, unit: Unit | None = None, **more: Any) -> Officer:
    if role is Role.INSPECTOR:
        more.setdefault("valid_until", NOON + timedelta(days=3650))
    return Officer.objects.create_officer(
        sign_in=sign_in, name=sign_in.capitalize(), role=role, password=PASSWORD, unit=unit, **more
    )


def received(*sent: File | Referral, unit: Unit, by: Officer | None = None) -> Receipt:
    """Receive files or referrals for a unit, as the operator unless said otherwise."""
    doing = Doing(by=Actor.of(by) if by else Actor.operator("operator"), at=NOON, force=installation.force())
    files = [one if isinstance(one, File) else as_file(one) for one in sent]
    return receive(files, doing=doing, unit=unit, keys=installation.keys(), instruments=installation.instruments())


def the_case(number: int | str = 1) -> Case:
    """The case of the report with the sender's reference of that number."""
    return Case.objects.get(referrals__source_reference=str(number), referrals__relation="first")


def verbs(chain: str, **wanted: str) -> list[str]:
    """What was done, in its order, of the entries that fit."""
    return list(Entry.objects.filter(chain=chain, **wanted).order_by("seq").values_list("verb", flat=True))

"""A desk at work: who does what, and how referrals reach it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from pathlib import Path

import pytest

from tearmann.casework.actions.assess import Instruments
from tearmann.casework.actions.lists import load_list, open_lists
from tearmann.casework.actions.policy import confirm_switch, propose_switch
from tearmann.casework.actions.receive import Receipt, receive
from tearmann.casework.actions.store import Keys
from tearmann.casework.doing import Actor, Doing
from tearmann.casework.models import Case
from tearmann.casework.sealing import Sealer
from tearmann.identifiers import IdentifierKind
from tearmann.intake.files import File
from tearmann.lists import ListRow, build
from tearmann.people.models import Officer, Role, Team, Unit
from tearmann.profile import Force
from tearmann.records import Referral
from tearmann.triage import policy
from tests.conftest import NOON
from tests.sent import LISTED, as_file

Receive = Callable[..., Receipt]


@pytest.fixture
def keys() -> Keys:
    return Keys(reference=b"r" * 32, sealer=Sealer(b"p" * 32))


@pytest.fixture(scope="session")
def instruments() -> Instruments:
    return Instruments(policy=policy.load())


@pytest.fixture
def listed(tmp_path: Path, instruments: Instruments, operator: Doing) -> Instruments:
    """With a list in force that holds one digest, LISTED."""
    rows = [ListRow(kind=IdentifierKind.MD5, value=LISTED, code="A1", scheme="industry")]
    load_list(build(rows, tmp_path, name="known", version="1"), doing=operator)
    return Instruments(policy=instruments.policy, lists=open_lists(tmp_path))


@pytest.fixture
def operator(force: Force) -> Doing:
    return Doing(by=Actor.operator("operator"), at=NOON, force=force)


@pytest.fixture
def doing_as(force: Force) -> Callable[[Officer], Doing]:
    return lambda officer: Doing(by=Actor.of(officer), at=NOON, force=force)


@pytest.fixture
def team_north(north: Unit) -> Team:
    return Team.objects.create(code="north-1", name="North team", unit=north)


@pytest.fixture
def received(north: Unit, team_north: Team, keys: Keys, instruments: Instruments, operator: Doing) -> Receive:
    """Receive files or referrals, as the operator and for the unit north unless said otherwise."""

    def take(
        *sent: File | Referral, doing: Doing = operator, unit: Unit = north, using: Instruments = instruments
    ) -> Receipt:
        files: Iterable[File] = [one if isinstance(one, File) else as_file(one) for one in sent]
        return receive(files, doing=doing, unit=unit, keys=keys, instruments=using)

    return take


@pytest.fixture
def second_supervisor(north: Unit) -> Officer:
    return an_officer(Role.SUPERVISOR, north, sign_in="second-supervisor")


@pytest.fixture
def switched_on(
    team_north: Team, supervisor_north: Officer, second_supervisor: Officer, doing_as: Callable[[Officer], Doing]
) -> Team:
    """The team of the unit, with the policy switched on by two people."""
    propose_switch(team_north, officer=supervisor_north, doing=doing_as(supervisor_north), reason="A recorded decision")
    confirm_switch(team_north, officer=second_supervisor, doing=doing_as(second_supervisor))
    return team_north


def an_officer(role: Role | str, unit: Unit | None, *, sign_in: str = "somebody") -> Officer:
    """An officer of any role. An inspector is one for a year."""
    until = NOON + timedelta(days=365) if role == Role.INSPECTOR else None
    return Officer.objects.create(sign_in=sign_in, name=sign_in.capitalize(), role=role, unit=unit, valid_until=until)


def the_case(number: int | str = 1) -> Case:
    """The case of the report with the sender's reference of that number."""
    return Case.objects.get(referrals__source_reference=str(number), referrals__relation="first")

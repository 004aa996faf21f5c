"""A receive that breaks off at any statement, and a second run: the same store as an undisturbed one.

Nothing lost, nothing twice, nothing left unassessed. `same_store` says what *same* means.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError, connections

from tearmann.casework import writer
from tearmann.casework.actions import receive as receiving
from tearmann.casework.actions.assess import Instruments
from tearmann.casework.actions.receive import Receipt, receive
from tearmann.casework.actions.store import Arrival, Keys, Outcome, store
from tearmann.casework.doing import Doing
from tearmann.casework.models import (
    Alert,
    Assessment,
    Case,
    CasePerson,
    Clock,
    Hit,
    Identifier,
    LinkKey,
    NamedReader,
    Party,
    Payload,
    Relation,
    StoredLink,
    StoredReference,
    StoredReferral,
)
from tearmann.casework.models.case import Rank
from tearmann.casework.states import State
from tearmann.identifiers import IdentifierKind
from tearmann.intake.files import File, Read
from tearmann.ledger import bulk, triggers
from tearmann.ledger.chain import Chain, verify
from tearmann.ledger.models import Entry, Head, Text
from tearmann.people.models import Team, Unit
from tearmann.records import ExternalReference, Part, Referral
from tearmann.records import Identifier as IdentifierValue
from tests.casework.conftest import the_case
from tests.casework.same_store import differences, picture
from tests.sent import a_referral, as_file, at_risk, sharing, with_file

SHARED = "shared@example.org"
TO_EMPTY = (
    Alert, Hit, StoredLink, Assessment, Clock, CasePerson, StoredReference, Identifier, Party, StoredReferral,
    NamedReader, Case, Payload, LinkKey, Entry, Head, Text,
)  # fmt: skip  # what others name comes after them


class BrokenOff(OperationalError):
    """The store went away: of no kind that receive tries to mend."""


def details(of: str) -> Referral:
    """The details of a file: its hash is on the list, and one address has a time from which its data is lost."""
    seen = IdentifierValue(
        kind=IdentifierKind.IP_EVENT,
        value="192.0.2.10|50123|2026-10-30T12:00:00+00:00",
        as_given="192.0.2.10",
        place="fileDetails, event",
    )
    plain = with_file(a_referral(1, parties=(), part=Part.FILE_DETAILS, supplements=of))
    file = replace(plain.files[0], identifiers=(seen,))
    return replace(plain, source_reference=None, files=(file,))


def delivery() -> list[File]:
    """All that can happen to a file: see the remark beside each."""
    numbered = ExternalReference(kind="crime", value="INVENTED-1", place="row 1", party="victim-1")
    rows = (
        b"source,source_reference,victim.age,reported.email\n"
        b"partner,Q-1,12,shared@example.org\n"
        b"partner,Q-2,12,ben@example.org,one field too many\n"
        b"partner,Q-3,13,cal@example.org\n"
    )
    return [
        as_file(details(of="4"), "4-details.json"),  # before its report
        as_file(sharing(a_referral(1), SHARED)),
        as_file(sharing(a_referral(2), SHARED)),  # linked
        as_file(at_risk(a_referral(11, supplements="1"))),  # a follow-up
        as_file(sharing(a_referral(1, platform="Example Chat"), SHARED), "1-changed.json"),
        as_file(details(of="2"), "2-details.json"),  # after its report
        File(name="broken.xml", body=b"<report><incidentSummary>"),
        File(name="media.xml", body=b"\x89PNG\r\n\x1a\n" + b"\x00" * 40),
        as_file(a_referral(4)),
        File(name="rows.csv", body=rows),  # one row of three is bad
        as_file(with_file(sharing(a_referral(3, references=(numbered,)), SHARED))),  # on the list, with a reference
        as_file(sharing(a_referral(2), SHARED), "2-again.json"),  # the same bytes
        as_file(a_referral(12, supplements="8")),  # a follow-up to a closed case
        as_file(sharing(a_referral(5), "person-9@example.org")),  # comes near a restricted case of another unit
    ]


class Desk:
    """A store to receive into, as often as it takes."""

    def __init__(self, *, doing: Doing, keys: Keys, instruments: Instruments, north: Unit, south: Unit) -> None:
        self._doing, self._keys, self._instruments = doing, keys, instruments
        self._north, self._south = north, south

    def receive(self, files: Sequence[File]) -> Receipt:
        return receive(files, doing=self._doing, unit=self._north, keys=self._keys, instruments=self._instruments)

    def open_anew(self) -> None:
        """Empty the store of all but its lists, and put in what was there before the delivery."""
        for model in TO_EMPTY:
            model._default_manager.all()._raw_delete("default")
        self.receive([as_file(a_referral(8)), as_file(a_referral(9))])
        Case.objects.filter(pk=the_case(8).pk).update(state=State.CLOSED, is_open=False)
        Case.objects.filter(pk=the_case(9).pk).update(restricted=True, unit=self._south)

    def picture(self) -> dict[str, list[dict[str, Any]]]:
        return picture(self._keys.sealer)


@pytest.fixture
def desk(
    transactional_db: None,
    monkeypatch: pytest.MonkeyPatch,
    keys: Keys,
    listed: Instruments,
    operator: Doing,
    north: Unit,
    south: Unit,
    team_north: Team,
) -> Generator[Desk]:
    monkeypatch.setattr(receiving, "BATCH", 8)  # the delivery comes in two batches
    monkeypatch.setattr(writer, "SQLITE_PAUSE_SECONDS", 0)  # nobody else is waiting here
    triggers.drop(connections["default"])  # else the logs could not be emptied between two tries
    yield Desk(doing=operator, keys=keys, instruments=listed, north=north, south=south)
    triggers.create(connections["default"])


class Steps:
    """Counts what is asked of the store, and breaks off at one of them."""

    def __init__(self, break_at: int | None = None) -> None:
        self._break_at = break_at
        self.taken: list[str] = []

    def step(self, what: str) -> None:
        self.taken.append(what)
        if len(self.taken) == self._break_at:
            raise BrokenOff("the store went away")


@contextmanager
def counting(steps: Steps) -> Generator[None]:
    """Ask `steps` before every statement, round every COPY, and before and after every commit."""
    store = connections["default"]
    commit, write = store.commit, bulk._write

    def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        steps.step(sql)
        return execute(sql, params, many, context)

    def count_commit() -> None:
        steps.step("before a commit")
        commit()
        steps.step("after a commit")

    def count_copy(connection: Any, model: Any, fields: Any, rows: Any) -> None:
        steps.step(f"before the rows of {model.__name__}")
        write(connection, model, fields, rows)
        steps.step(f"after the rows of {model.__name__}")

    with pytest.MonkeyPatch.context() as patch, store.execute_wrapper(count):
        patch.setattr(store, "commit", count_commit)
        if store.vendor == "postgresql":  # COPY is no statement that a wrapper sees
            patch.setattr(bulk, "_write", count_copy)
        yield


def test_a_failure_at_any_statement_and_a_second_run_give_the_same_store(desk: Desk) -> None:
    desk.open_anew()
    undisturbed = Steps()
    with counting(undisturbed):
        desk.receive(delivery())
    expected = desk.picture()
    for number in range(1, len(undisturbed.taken) + 1):
        desk.open_anew()
        with counting(Steps(break_at=number)), pytest.raises(BrokenOff):
            desk.receive(delivery())
        desk.receive(delivery())
        where = f"broken off at step {number}: {undisturbed.taken[number - 1]:.200}"
        assert differences(expected, desk.picture()) == [], where
        assert all(verify(chain).ok for chain in Chain), where


def test_the_delivery_holds_all_that_can_happen(desk: Desk) -> None:
    desk.open_anew()
    receipt = desk.receive(delivery())
    assert receipt.counts == {Outcome.RECEIVED: 7, Outcome.UPDATED: 5, Outcome.RESENT: 1, Outcome.QUARANTINED: 3}
    assert set(StoredReferral.objects.values_list("relation", flat=True)) == set(Relation)
    assert Hit.objects.count() == 3
    assert StoredLink.objects.exists()
    assert Alert.objects.exists()
    assert Entry.objects.filter(verb="reopened").exists()
    assert Entry.objects.filter(verb="file_details_joined").exists()
    assert not Case.objects.filter(needs_assessment=True).exists()


def test_a_store_that_lacks_a_row_is_another_store(desk: Desk) -> None:
    desk.open_anew()
    desk.receive(delivery())
    before = desk.picture()
    hit = Hit.objects.first()
    assert hit is not None
    hit.delete()
    assert [line[:5] for line in differences(before, desk.picture())] == ["- hit"]


def test_a_run_that_broke_off_before_it_assessed_says_so_until_the_next(desk: Desk) -> None:
    desk.open_anew()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(receiving, "assess", _breaks_off)
        with pytest.raises(BrokenOff):
            desk.receive([as_file(a_referral(1))])
    assert the_case(1).assessed_at is None
    assert the_case(1).rank == Rank.UNASSESSED
    desk.receive([])
    assert the_case(1).assessed_at is not None


def _breaks_off(*_: Any, **__: Any) -> int:
    raise BrokenOff("the store went away")


def refusing(name: str) -> Any:
    """A store that takes no batch in which a file of this name is to become a case."""

    def refuse(batch: Sequence[Arrival], **how: Any) -> Any:
        if any(arrival.file_name == name and isinstance(arrival.reading, Read) for arrival in batch):
            raise IntegrityError("no such value in any column")
        return store(batch, **how)

    return refuse


def test_a_referral_that_the_store_refuses_waits_in_quarantine_and_holds_up_no_other(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receiving, "store", refusing("2.json"))
    receipt = desk.receive([as_file(a_referral(number)) for number in (1, 2, 3)])
    assert receipt.counts == {Outcome.RECEIVED: 2, Outcome.QUARANTINED: 1}
    assert [fault.file for fault in receipt.faults] == ["2.json"]
    assert Payload.objects.get(file_name="2.json").state == Payload.State.QUARANTINED
    assert Case.objects.filter(needs_assessment=False).count() == 2


def test_what_the_store_refused_is_received_once_the_store_can_take_it(desk: Desk) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(receiving, "store", refusing("2.json"))
        desk.receive([as_file(a_referral(2))])
    assert desk.receive([as_file(a_referral(2))]).counts == {Outcome.RECEIVED: 1}
    assert the_case(2).assessed_at is not None

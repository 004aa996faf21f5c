"""Several writers at once leave whole chains, and nobody's number is given twice."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from tearmann.ledger.bulk import insert_rows, reserve_ids
from tearmann.ledger.chain import Chain, record, verify
from tearmann.people.models import Unit
from tests.ledger.drafting import draft

pytestmark = pytest.mark.django_db(transaction=True)
WRITERS, ROUNDS = 4, 8


def all_at_once(work: Callable[[int], None]) -> None:
    """Run the work in several threads, each with its own connection, and pass on what one of them raised."""
    faults: list[BaseException] = []
    start = threading.Barrier(WRITERS)

    def run(writer: int) -> None:
        try:
            start.wait(timeout=30)
            work(writer)
        except BaseException as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(writer,), daemon=True) for writer in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not any(thread.is_alive() for thread in threads), "a writer is stuck"
    assert faults == []


def test_writers_at_once_leave_both_chains_whole() -> None:
    def work(writer: int) -> None:
        for number in range(ROUNDS):
            both = [draft(Chain.HISTORY, body={"n": number}), draft(Chain.PROCESSING, body={"n": number})]
            with transaction.atomic(durable=True):
                # Half of them the other way round: the order of the drafts is not the order of the locks.
                record(both if writer % 2 else both[::-1])

    all_at_once(work)
    for chain in Chain:
        found = verify(chain)
        assert (found.ok, found.entries) == (True, WRITERS * ROUNDS), found.why


def test_reserved_numbers_are_never_given_twice() -> None:
    given: list[int] = []  # appending is atomic

    def work(writer: int) -> None:
        for number in range(ROUNDS):
            with transaction.atomic(durable=True):
                given.append(Unit.objects.create(code=f"{writer}-{number}-first", name="One").pk)
                ids = reserve_ids(Unit, 2_000)
                ends = [(key, f"{writer}-{number}-{key}", "Many") for key in (ids[0], ids[-1])]
                insert_rows(Unit, ["id", "code", "name"], ends)
                given.extend(ids)
                given.append(Unit.objects.create(code=f"{writer}-{number}-last", name="One").pk)

    all_at_once(work)
    assert len(given) == len(set(given)) == WRITERS * ROUNDS * 2_002

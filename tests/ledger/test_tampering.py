"""Whoever owns the database can drop the triggers and change a row. What they changed is found, and where."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from django.db import connection

from tearmann.ledger import triggers
from tearmann.ledger.chain import Chain, Verification, anchor, verify
from tests.ledger.drafting import draft, recorded

pytestmark = pytest.mark.django_db
LAST = 10


@pytest.fixture(autouse=True)
def ten_entries_without_triggers(db: None) -> None:
    # Ten in each chain, so that a row can be looked for in the wrong one.
    recorded(draft(chain, verb="collection", body={"page": page}) for page in range(LAST) for chain in Chain)
    triggers.drop(connection)


def sql(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall()) if cursor.description else []


def bad(found: Verification) -> tuple[bool, int | None]:
    return found.ok, found.first_bad


def rehash(seq: int) -> str:
    """Give an entry the hash that fits what it says now, as one who has read our recipe would."""
    from tearmann.ledger.chain import _page

    _, _, _, said = _page(Chain.HISTORY, after=seq - 1, using="default")[0]
    assert said is not None
    hash_ = hashlib.sha256(said).hexdigest()
    sql("UPDATE ledger_entry SET hash = %s WHERE chain = 'history' AND seq = %s", hash_, seq)
    return hash_


def test_an_untouched_chain_is_whole() -> None:
    found = verify(Chain.HISTORY)
    assert (found.ok, found.entries, found.first_bad, found.why) == (True, LAST, None, "")
    assert found.head == sql("SELECT hash FROM ledger_head WHERE chain = 'history'")[0][0]


ALTERED = {
    "verb": "'erasure'",
    "actor_kind": "'operator'",
    "actor_ref": "'ben'",
    "subject_kind": "'page'",
    "subject_ref": "'another'",
    "body": "'{\"page\": 3}'",  # the same to a reader of JSON, another text
    "at": "'2026-11-02 12:00:00.000001+00:00'",
    "happened_at": "'2026-11-02 11:00:00+00:00'",
    "hash": "'" + "f" * 64 + "'",
    "prev": "'" + "f" * 64 + "'",
}


@pytest.mark.parametrize("column", ALTERED)
def test_an_altered_entry_is_found(column: str) -> None:
    value = ALTERED[column].replace("+00:00", "") if connection.vendor == "sqlite" else ALTERED[column]
    sql(f"UPDATE ledger_entry SET {column} = {value} WHERE chain = 'history' AND seq = 4")
    assert bad(verify(Chain.HISTORY)) == (False, 4)


def test_the_other_chain_stays_whole() -> None:
    sql("UPDATE ledger_entry SET verb = 'export' WHERE chain = 'history' AND seq = 4")
    assert verify(Chain.PROCESSING).ok


def test_the_verification_says_how_far_the_chain_is_whole() -> None:
    head = sql("SELECT hash FROM ledger_entry WHERE chain = 'history' AND seq = 3")[0][0]
    sql("UPDATE ledger_entry SET verb = 'export' WHERE chain = 'history' AND seq = 4")
    found = verify(Chain.HISTORY)
    assert (found.entries, found.head, found.why) == (3, head, "entry 4 is not as it was recorded")


def test_the_first_entry_altered_is_found() -> None:
    sql("UPDATE ledger_entry SET verb = 'export' WHERE chain = 'history' AND seq = 1")
    assert bad(verify(Chain.HISTORY)) == (False, 1)


def test_an_altered_entry_with_a_fitting_hash_is_found_at_the_next() -> None:
    sql("UPDATE ledger_entry SET verb = 'export' WHERE chain = 'history' AND seq = 4")
    rehash(4)
    assert bad(verify(Chain.HISTORY)) == (False, 5)


def test_the_last_entry_altered_with_a_fitting_hash_is_found_by_the_head() -> None:
    sql("UPDATE ledger_entry SET verb = 'export' WHERE chain = 'history' AND seq = %s", LAST)
    rehash(LAST)
    assert bad(verify(Chain.HISTORY)) == (False, LAST)


def test_text_moved_from_one_field_into_the_next_is_found() -> None:
    sql(
        "UPDATE ledger_entry SET actor_kind = actor_kind || chr(10) || actor_ref, actor_ref = '' "
        "WHERE chain = 'history' AND seq = 4".replace("chr", "char" if connection.vendor == "sqlite" else "chr")
    )
    assert bad(verify(Chain.HISTORY)) == (False, 4)


def test_a_removed_entry_is_found() -> None:
    sql("DELETE FROM ledger_entry WHERE chain = 'history' AND seq = 4")
    assert bad(verify(Chain.HISTORY)) == (False, 4)


def test_a_removed_first_entry_is_found() -> None:
    sql("DELETE FROM ledger_entry WHERE chain = 'history' AND seq = 1")
    assert bad(verify(Chain.HISTORY)) == (False, 1)


def test_a_removed_entry_whose_gap_was_closed_is_found() -> None:
    sql("DELETE FROM ledger_entry WHERE chain = 'history' AND seq = 4")
    for seq in range(5, LAST + 1):
        sql("UPDATE ledger_entry SET seq = %s WHERE chain = 'history' AND seq = %s", seq - 1, seq)
    sql("UPDATE ledger_head SET seq = %s WHERE chain = 'history'", LAST - 1)
    assert bad(verify(Chain.HISTORY)) == (False, 4)


def test_all_entries_removed_are_found() -> None:
    sql("DELETE FROM ledger_entry WHERE chain = 'history'")
    assert bad(verify(Chain.HISTORY)) == (False, 1)


COPY = """INSERT INTO ledger_entry (chain, seq, at, happened_at, verb, actor_kind, actor_ref, subject_kind,
    subject_ref, body, prev, hash) SELECT chain, %s, at, happened_at, verb, actor_kind, actor_ref, subject_kind,
    subject_ref, body, prev, hash FROM ledger_entry WHERE chain = 'history' AND seq = %s"""


def test_an_inserted_entry_is_found() -> None:
    for seq in range(LAST, 3, -1):
        sql("UPDATE ledger_entry SET seq = %s WHERE chain = 'history' AND seq = %s", seq + 1, seq)
    sql(COPY, 4, 3)
    sql("UPDATE ledger_head SET seq = %s WHERE chain = 'history'", LAST + 1)
    assert bad(verify(Chain.HISTORY)) == (False, 4)


def test_an_entry_added_behind_the_head_is_found() -> None:
    sql(COPY, LAST + 1, LAST)
    sql(
        "UPDATE ledger_entry SET prev = (SELECT hash FROM ledger_head WHERE chain = 'history') WHERE seq = %s", LAST + 1
    )
    rehash(LAST + 1)
    assert bad(verify(Chain.HISTORY)) == (False, LAST + 1)


def test_two_entries_that_changed_places_are_found() -> None:
    for old, new in ((4, 99), (6, 4), (99, 6)):
        sql("UPDATE ledger_entry SET seq = %s WHERE chain = 'history' AND seq = %s", new, old)
    assert bad(verify(Chain.HISTORY)) == (False, 4)


def test_an_entry_moved_to_the_other_chain_is_found_in_both() -> None:
    sql("UPDATE ledger_entry SET chain = 'processing', seq = %s WHERE chain = 'history' AND seq = 4", LAST + 1)
    assert bad(verify(Chain.HISTORY)) == (False, 4)
    assert bad(verify(Chain.PROCESSING)) == (False, LAST + 1)


def test_a_cut_tail_is_found_by_the_head() -> None:
    sql("DELETE FROM ledger_entry WHERE chain = 'history' AND seq > 8")
    assert bad(verify(Chain.HISTORY)) == (False, 9)


def cut_tail_with_head() -> None:
    sql("DELETE FROM ledger_entry WHERE chain = 'history' AND seq > 8")
    sql(
        "UPDATE ledger_head SET seq = 8, hash = (SELECT hash FROM ledger_entry WHERE chain = 'history' AND seq = 8) "
        "WHERE chain = 'history'"
    )


def test_a_tail_cut_with_its_head_is_found_by_an_anchor_and_by_nothing_else() -> None:
    exported = anchor(Chain.HISTORY)
    cut_tail_with_head()
    assert verify(Chain.HISTORY).ok
    assert bad(verify(Chain.HISTORY, anchor=exported)) == (False, 9)


def test_a_tail_cut_with_its_head_and_grown_again_is_found_by_an_anchor() -> None:
    exported = anchor(Chain.HISTORY)
    cut_tail_with_head()
    recorded(draft(verb="erasure") for _ in range(5))
    assert verify(Chain.HISTORY).ok
    assert bad(verify(Chain.HISTORY, anchor=exported)) == (False, LAST)


def test_a_chain_written_anew_is_found_by_an_anchor_and_by_nothing_else() -> None:
    exported = anchor(Chain.HISTORY)
    sql("DELETE FROM ledger_entry WHERE chain = 'history'")
    sql("DELETE FROM ledger_head WHERE chain = 'history'")
    recorded(draft(verb="collection", body={"page": page, "new": True}) for page in range(LAST))
    assert verify(Chain.HISTORY).ok
    assert bad(verify(Chain.HISTORY, anchor=exported)) == (False, LAST)


def test_a_lost_head_is_found() -> None:
    sql("DELETE FROM ledger_head WHERE chain = 'history'")
    found = verify(Chain.HISTORY)
    assert (bad(found), "lost its head" in found.why) == ((False, LAST), True)


def test_a_head_that_names_another_hash_is_found() -> None:
    sql("UPDATE ledger_head SET hash = %s WHERE chain = 'history'", "f" * 64)
    assert bad(verify(Chain.HISTORY)) == (False, LAST)


def test_pages_do_not_hide_where_they_meet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tearmann.ledger.chain.PAGE", 3)
    assert verify(Chain.HISTORY).entries == LAST
    sql("DELETE FROM ledger_entry WHERE chain = 'history' AND seq = 4")
    assert bad(verify(Chain.HISTORY)) == (False, 4)


@pytest.mark.parametrize("value", ["x'ff'", "'no time'", "NULL"])
@pytest.mark.parametrize("column", ["happened_at", "subject_ref"])
def test_what_no_driver_could_read_is_found_all_the_same(column: str, value: str) -> None:
    if connection.vendor != "sqlite":
        # PostgreSQL holds its columns to their types, so the nearest thing there is an absent value.
        value = "NULL"
        sql(f"ALTER TABLE ledger_entry ALTER COLUMN {column} DROP NOT NULL")
        sql("UPDATE ledger_entry SET verb = 'export' WHERE chain = 'history' AND seq = 4")
    elif value == "NULL":
        value = "''"
    sql(f"UPDATE ledger_entry SET {column} = {value} WHERE chain = 'history' AND seq = 4")
    assert bad(verify(Chain.HISTORY)) == (False, 4)

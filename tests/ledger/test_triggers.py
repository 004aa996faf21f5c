"""The store itself refuses to change a log."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from tearmann.ledger.chain import Chain, verify
from tearmann.ledger.models import Entry, Head, Text
from tests.ledger.drafting import draft, recorded

pytestmark = pytest.mark.django_db


def refused(statement: str) -> None:
    """Say that the store refuses a statement, and that the chain is as it was."""
    says = pytest.raises(IntegrityError, match=r"append-only|only ever erased")
    with says, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert verify(Chain.HISTORY).entries == 2


@pytest.fixture(autouse=True)
def two_entries(db: None) -> None:
    recorded([draft(), draft()])


@pytest.fixture
def text(db: None) -> Text:
    return Text.write(reference="7K3M9Q2XVTB", body="allocated to the desk that knows the family")


@pytest.mark.parametrize("column", [field.column for field in Entry._meta.concrete_fields])
def test_an_entry_is_never_updated(column: str) -> None:
    refused(f"UPDATE ledger_entry SET {column} = {column} WHERE seq = 1")


def test_an_entry_is_never_deleted() -> None:
    refused("DELETE FROM ledger_entry WHERE seq = 2")


def test_the_orm_is_refused_as_well() -> None:
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Entry.objects.filter(seq=1).delete()


def test_an_entry_is_never_replaced() -> None:
    columns = "chain, seq, at, verb, actor_kind, actor_ref, subject_kind, subject_ref, body, prev, hash"
    values = f"SELECT {columns.replace('verb', chr(39) + 'other' + chr(39))} FROM ledger_entry WHERE seq = 1"
    if connection.vendor == "sqlite":
        refused(f"INSERT OR REPLACE INTO ledger_entry ({columns}) {values}")
    else:
        refused(f"INSERT INTO ledger_entry ({columns}) {values} ON CONFLICT (chain, seq) DO UPDATE SET verb = 'other'")


def test_a_head_never_goes_back() -> None:
    refused("UPDATE ledger_head SET seq = 1 WHERE chain = 'history'")


def test_a_head_never_takes_another_hash() -> None:
    refused("UPDATE ledger_head SET hash = 'other' WHERE chain = 'history'")


def test_a_head_is_never_deleted() -> None:
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Head.objects.all().delete()


@pytest.mark.parametrize("table", ["ledger_entry", "ledger_head", "ledger_text"])
def test_a_log_is_never_emptied_at_a_stroke(table: str, text: Text) -> None:
    refused(f"DELETE FROM {table}" if connection.vendor == "sqlite" else f"TRUNCATE {table}")


def test_a_text_is_never_deleted(text: Text) -> None:
    refused("DELETE FROM ledger_text")


@pytest.mark.parametrize(
    "change",
    [
        "body = 'other'",
        "salt = NULL",
        "reference = 'other'",
        "digest = 'other', body = NULL, salt = NULL",
        "reference = 'other', body = NULL, salt = NULL",
    ],
)
def test_a_text_is_only_ever_erased(text: Text, change: str) -> None:
    refused(f"UPDATE ledger_text SET {change}")


def test_an_erased_text_is_never_written_again(text: Text) -> None:
    Text.erase(reference=text.reference)
    refused("UPDATE ledger_text SET body = 'other', salt = digest" + ("::bytea" * (connection.vendor != "sqlite")))

"""Rows written past the ORM are the rows that the ORM would have written."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, models, transaction
from django.test.utils import isolate_apps
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tearmann.ledger.bulk import insert_rows, reserve_ids
from tearmann.ledger.models import Head
from tearmann.people.models import Officer, Role, Team, Unit

with isolate_apps("tearmann.ledger"):

    class Sample(models.Model):
        """One column of each kind that a hot row has, and a few more."""

        text = models.TextField()
        code = models.CharField(max_length=40, null=True)
        number = models.BigIntegerField()
        small = models.PositiveSmallIntegerField(null=True)
        truth = models.BooleanField(null=True)
        at = models.DateTimeField(null=True)
        day = models.DateField(null=True)
        body = models.BinaryField(null=True)
        facts = models.JSONField(null=True)
        amount = models.DecimalField(max_digits=10, decimal_places=2, null=True)
        name = models.UUIDField(null=True)
        unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
        defaulted = models.IntegerField(default=7)

        class Meta:
            app_label = "ledger"


COLUMNS = [field.name for field in Sample._meta.concrete_fields if field.name not in ("id", "defaulted")]


@pytest.fixture
def table(transactional_db: None) -> Iterator[None]:
    with connection.schema_editor() as editor:
        editor.create_model(Sample)
    yield
    with connection.schema_editor() as editor:
        editor.delete_model(Sample)


def stored() -> list[tuple[Any, ...]]:
    """Return every row but its key, byte for byte as the store holds it."""
    quoted = "quote({})" if connection.vendor == "sqlite" else "{}::text"
    names = [str(field.column) for field in Sample._meta.concrete_fields if field.name != "id"]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(map(quoted.format, names))} FROM ledger_sample ORDER BY id")
        return list(cursor.fetchall())


def written_both_ways(rows: list[tuple[Any, ...]]) -> tuple[list[Any], list[Any]]:
    written = []
    for write in (
        lambda: insert_rows(Sample, COLUMNS, rows),
        lambda: Sample._base_manager.bulk_create(Sample(**dict(zip(COLUMNS, row, strict=True))) for row in rows),
    ):
        with transaction.atomic():
            write()
            written.append(stored())
            transaction.set_rollback(True)
    return written[0], written[1]


text = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20) | st.sampled_from(
    ["\\N", "\\", "\t", "a\nb", '"', "'", "%s", "\\.", ""]
)
moments = st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=-3))]), min_value=datetime(1900, 1, 1))
days = st.dates(min_value=date(1, 1, 1))
facts = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | text.filter(lambda value: "\0" not in value),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text, inner, max_size=3),
    max_leaves=4,
)
rows = st.tuples(
    text,
    st.none() | text,
    st.integers(-(2**63), 2**63 - 1),
    st.none() | st.integers(0, 32767),
    st.none() | st.booleans(),
    st.none() | moments.filter(lambda at: at.year < 9999),
    st.none() | days,
    st.none() | st.binary(max_size=20),
    facts,
    st.none() | st.decimals(-9999, 9999, places=2),
    st.none() | st.uuids(),
    st.none(),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(given_rows=st.lists(rows, min_size=1, max_size=5))
def test_what_is_written_is_what_bulk_create_writes(table: None, given_rows: list[tuple[Any, ...]]) -> None:
    ours, orms = written_both_ways(given_rows)
    assert ours == orms


def test_what_the_orm_would_convert_is_converted(table: None) -> None:
    class Loud(str):
        pass

    unit = Unit.objects.create(code="north", name="North")
    odd = (
        Loud("loud"),
        Role.AUDITOR,
        True,
        Decimal("3"),
        1,
        "2026-11-02T12:00:00Z",
        "2026-11-02",
        memoryview(b"\x00\xff"),
        {"a": [1.5, "ä"]},
        "2.50",
        str(uuid.UUID(int=7)),
        unit.pk,
    )
    model = Sample(**dict(zip([*COLUMNS[:-1], "unit_id"], odd, strict=True)))
    with transaction.atomic():
        insert_rows(Sample, [*COLUMNS[:-1], "unit_id"], [odd])
        ours = stored()
        transaction.set_rollback(True)
    model.save()
    assert ours == stored()


@pytest.mark.django_db
def test_a_column_left_out_gets_its_default_or_null() -> None:
    with transaction.atomic():
        columns = ["sign_in", "name", "role", "password"]
        insert_rows(Officer, columns, [("ann", "Ann", Role.ANALYST, "!"), ("ben", "Ben", Role.ANALYST, "!")])
    ann = Officer.objects.get(sign_in="ann")
    assert (ann.is_active, ann.failed_sign_ins, ann.unit, ann.valid_until) == (True, 0, None, None)


@pytest.mark.django_db
def test_a_foreign_key_takes_the_key(north: Unit) -> None:
    with transaction.atomic():
        insert_rows(Team, ["code", "name", "unit"], [("desk", "Desk", north.pk)])
    assert Team.objects.get().unit == north


@pytest.mark.django_db
def test_a_column_without_value_or_default_is_named() -> None:
    with pytest.raises(ValueError, match=r"Team\.unit has no value"), transaction.atomic():
        insert_rows(Team, ["code", "name"], [("desk", "Desk")])


@pytest.mark.django_db
def test_a_column_that_is_none_is_named() -> None:
    with pytest.raises(ValueError, match="Unit has no column 'colour'"), transaction.atomic():
        insert_rows(Unit, ["code", "name", "colour"], [("north", "North", "blue")])


@pytest.mark.django_db
def test_a_short_row_is_refused_and_nothing_is_written() -> None:
    with pytest.raises(ValueError, match="zip"), transaction.atomic():
        insert_rows(Unit, ["code", "name"], [("north", "North"), ("south",)])
    assert not Unit.objects.exists()


@pytest.mark.django_db
def test_what_the_store_refuses_is_raised_as_the_orm_raises_it() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_rows(Unit, ["code", "name"], [("north", "North"), ("north", "Again")])


@pytest.mark.django_db
def test_no_rows_write_nothing() -> None:
    with transaction.atomic():
        insert_rows(Unit, ["code", "name"], [])
    assert not Unit.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_it_is_refused() -> None:
    with pytest.raises(transaction.TransactionManagementError, match="inside a transaction"):
        insert_rows(Unit, ["code", "name"], [("north", "North")])


@pytest.mark.django_db(transaction=True)
def test_reserving_outside_a_transaction_is_refused() -> None:
    with pytest.raises(transaction.TransactionManagementError, match="inside a transaction"):
        reserve_ids(Unit, 3)


@pytest.mark.django_db
def test_reserved_numbers_are_consecutive_and_the_orm_goes_on_after_them(north: Unit) -> None:
    with transaction.atomic():
        ids = reserve_ids(Unit, 50)
        insert_rows(Unit, ["id", "code", "name"], [(key, str(key), "Many") for key in ids])
        after = Unit.objects.create(code="after", name="After")
    assert (len(ids), north.pk < ids.start, after.pk) == (50, True, ids.stop)


@pytest.mark.django_db
def test_reserved_numbers_that_were_not_used_are_not_given_again() -> None:
    with transaction.atomic():
        first, second = reserve_ids(Unit, 5), reserve_ids(Unit, 5)
        insert_rows(Unit, ["code", "name"], [("north", "North")])
    assert (second.start, Unit.objects.get().pk) == (first.stop, second.stop)


@pytest.mark.django_db
def test_reserving_none_gives_none() -> None:
    with transaction.atomic():
        assert list(reserve_ids(Unit, 0)) == []


@pytest.mark.django_db
def test_a_model_that_the_store_does_not_number_is_refused() -> None:
    with pytest.raises(ValueError, match="Head is not numbered"), transaction.atomic():
        reserve_ids(Head, 1)

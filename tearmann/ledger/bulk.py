"""Many rows at once, past the ORM: `executemany` on SQLite, COPY on PostgreSQL. The only place that does so.

What it writes is what `bulk_create` would have written, and a test holds it to that.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from itertools import repeat
from typing import Any

from django.db import DatabaseError, connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

# What both drivers write for a value just as the ORM would have them write it, by kind of column.
_TEXT: frozenset[type] = frozenset({str, type(None)})
_WHOLE: frozenset[type] = frozenset({int, type(None)})
_BYTES: frozenset[type] = frozenset({bytes, type(None)})
_TRUTH: frozenset[type] = frozenset({bool, type(None)})
_AS_THEY_ARE: dict[str, frozenset[type]] = {
    "CharField": _TEXT,
    "TextField": _TEXT,
    "SlugField": _TEXT,
    "AutoField": _WHOLE,
    "BigAutoField": _WHOLE,
    "IntegerField": _WHOLE,
    "BigIntegerField": _WHOLE,
    "SmallIntegerField": _WHOLE,
    "PositiveIntegerField": _WHOLE,
    "PositiveBigIntegerField": _WHOLE,
    "PositiveSmallIntegerField": _WHOLE,
    "BooleanField": _TRUTH,
    "BinaryField": _BYTES,
}
# PostgreSQL: single inserts may draw numbers between ours. Each try takes a millisecond or less.
_TRIES = 200
_LOCK = 7_431_958  # any number that no other advisory lock of ours has


def insert_rows(model: type[models.Model], columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert rows in the caller's transaction, exactly as `bulk_create` would. No primary keys come back.

    columns: names of the model's fields, or their columns ("case" or "case_id", both take the key); rows: one
    value for each. A column that is left out gets what the ORM would give it: its field's default, an empty text or
    null.

    Raises TransactionManagementError outside a transaction, ValueError for columns that do not fit the model,
    and what the store raises, as the ORM does.
    """
    if not rows:
        return
    connection = _in_transaction()
    fields = [_field(model, name) for name in columns]
    values = [
        _prepared(field, column, connection) for field, column in zip(fields, zip(*rows, strict=True), strict=True)
    ]
    for field in model._meta.concrete_fields:
        if field in fields or isinstance(field, models.AutoField | models.BigAutoField) or field.has_db_default():
            continue
        defaults = [field.get_default() for _ in rows]
        if not field.null and None in defaults:
            raise ValueError(f"{model.__name__}.{field.name} has no value and no default; name it among the columns")
        fields.append(field)
        values.append(_prepared(field, defaults, connection))
    _write(connection, model, fields, list(zip(*values, strict=True)))


def upsert_rows(
    model: type[models.Model], columns: Sequence[str], rows: Sequence[tuple[Any, ...]], *, unique: Sequence[str]
) -> None:
    """Insert rows, or bring those that are there under the same unique columns to the values given."""
    if not rows:
        return
    connection = _in_transaction()
    fields = [_field(model, name) for name in columns]
    values = [
        _prepared(field, column, connection) for field, column in zip(fields, zip(*rows, strict=True), strict=True)
    ]
    quote = connection.ops.quote_name
    names = [quote(str(field.column)) for field in fields]
    keys = [quote(str(_field(model, name).column)) for name in unique]
    changes = ", ".join(f"{name} = excluded.{name}" for name in names if name not in keys)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {quote(model._meta.db_table)} ({', '.join(names)}) "
            f"VALUES ({', '.join(['%s'] * len(names))}) ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {changes}",
            list(zip(*values, strict=True)),
        )


def reserve_ids(model: type[models.Model], count: int) -> range:
    """Set primary keys aside that nobody else will get, so that child rows can name their parents.

    They are consecutive; ids that were reserved and not used leave a gap, as a rolled-back insert does.
    Raises TransactionManagementError outside a transaction, ValueError where the store does not number the rows.
    """
    key = model._meta.pk
    if not isinstance(key, models.AutoField | models.BigAutoField):
        raise ValueError(f"{model.__name__} is not numbered by the store")
    connection = _in_transaction()
    if count < 1:
        return range(0)
    reserve = _reserve_on_sqlite if connection.vendor == "sqlite" else _reserve_on_postgresql
    return reserve(connection, model._meta.db_table, str(key.column), count)


def _in_transaction() -> BaseDatabaseWrapper:
    connection = connections["default"]
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("rows are written past the ORM only inside a transaction")
    return connection


def _field(model: type[models.Model], name: str) -> models.Field[Any, Any]:
    for field in model._meta.concrete_fields:
        if name in (field.name, field.attname):
            return field
    raise ValueError(f"{model.__name__} has no column '{name}'")


def _prepared(field: models.Field[Any, Any], column: Sequence[Any], connection: BaseDatabaseWrapper) -> Sequence[Any]:
    """Return the values of one column as the store's driver takes them."""
    target: models.Field[Any, Any] = field
    while isinstance(target, models.ForeignKey):
        target = target.target_field
    types = set(map(type, column))
    if types <= _AS_THEY_ARE.get(target.get_internal_type(), frozenset()):
        return column
    if type(target) is models.DateTimeField and types <= {datetime, type(None)}:
        zones = {value.tzinfo for value in column if value is not None}
        if zones <= {UTC} and connection.timezone == UTC:
            if connection.vendor == "postgresql":
                return column
            texts = {value: _utc_text(value) for value in set(column)}  # most rows of a batch share theirs
            return [texts[value] for value in column]
    # str, int and bool subclasses (an enumeration's members), dates, JSON, decimals ...: as the ORM does it.
    adapt: Callable[[Any, BaseDatabaseWrapper], Any] = field.get_db_prep_save
    return list(map(adapt, column, repeat(connection)))


def _utc_text(value: datetime | None) -> str | None:
    """Return a time in UTC as Django's SQLite backend writes it."""
    return None if value is None else str(value.replace(tzinfo=None))


def _write(
    connection: BaseDatabaseWrapper,
    model: type[models.Model],
    fields: Sequence[models.Field[Any, Any]],
    rows: Sequence[tuple[Any, ...]],
) -> None:
    quote = connection.ops.quote_name
    table = quote(model._meta.db_table)
    columns = ", ".join(quote(str(field.column)) for field in fields)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            places = ", ".join(["%s"] * len(fields))
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({places})", rows)
            return
        # Django's wrapper does not know `copy`, and so neither translates its errors.
        with connection.wrap_database_errors, cursor.cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)


def _reserve_on_sqlite(connection: BaseDatabaseWrapper, table: str, column: str, count: int) -> range:
    # The transaction began IMMEDIATE, so nobody else writes; AUTOINCREMENT goes by sqlite_sequence.
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        numbered = cursor.fetchone()
        cursor.execute(f"SELECT COALESCE(MAX({quote(column)}), 0) FROM {quote(table)}")
        (highest,) = cursor.fetchone()
        first = max(numbered[0] if numbered else 0, highest) + 1
        last = first + count - 1
        if numbered:
            cursor.execute("UPDATE sqlite_sequence SET seq = %s WHERE name = %s", [last, table])
        else:
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, last])
    return range(first, last + 1)


def _reserve_on_postgresql(connection: BaseDatabaseWrapper, table: str, column: str, count: int) -> range:
    # nextval and nothing else is safe beside other transactions: setval could hand out what somebody has just
    # drawn, and locking the sequence would wait for every transaction that has used it. So numbers are drawn one
    # by one in one statement, and drawn again where somebody drew in between.
    ids = _draw_on_postgresql(connection, table, column, count)
    if ids is not None:
        return ids
    # Those who were disturbed queue up, so that only single inserts can disturb them again. Whoever holds this lock
    # waits for nothing, so it cannot deadlock; the savepoint lets it be given back after a fault.
    lock = (_LOCK, table)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, hashtext(%s))", lock)
        try:
            with transaction.atomic():
                for _ in range(_TRIES):
                    ids = _draw_on_postgresql(connection, table, column, count)
                    if ids is not None:
                        return ids
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s, hashtext(%s))", lock)
    raise DatabaseError(f"{count} consecutive numbers for {table} could not be drawn in {_TRIES} tries; ask for fewer")


def _draw_on_postgresql(connection: BaseDatabaseWrapper, table: str, column: str, count: int) -> range | None:
    """Draw numbers from the table's sequence; return them if they are consecutive."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT min(number), max(number) FROM (
                SELECT nextval((SELECT pg_get_serial_sequence(%s, %s)::regclass)) AS number
                FROM generate_series(1, %s)) AS drawn""",
            [connection.ops.quote_name(table), column, count],
        )
        first, last = cursor.fetchone()
    return range(first, last + 1) if last - first + 1 == count else None

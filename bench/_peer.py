"""The peer of receive: lxml parses the files, `executemany` inserts rows in one transaction. No Django, no checks.

It is told the rows: what it would take to work them out is what we are measured by.
"""

from __future__ import annotations

import gc
import os
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import _measure
import _stores
from lxml import etree

# What receive writes, parents first. Heads and list versions stand in the template already.
TABLES = (
    "casework_payload",
    "casework_case",
    "casework_storedreferral",
    "casework_party",
    "casework_identifier",
    "casework_linkkey",
    "casework_caseperson",
    "casework_storedreference",
    "casework_clock",
    "casework_storedlink",
    "casework_alert",
    "casework_assessment",
    "casework_hit",
    "ledger_entry",
)
# As Django opens SQLite under our settings, so that both sides pay the same for durability.
PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", "cache_size=-32000", "foreign_keys=ON")

Rows = dict[str, tuple[list[str], list[tuple[Any, ...]]]]


def run(files: Sequence[Path], *, rows_of: str, template: str) -> dict[str, Any]:
    """Measure the peer on the store that the environment names."""
    into = os.environ["TEARMANN_DATABASE_URL"]
    insert = _into_sqlite if into.startswith("sqlite") else _into_postgresql
    rows = _written(rows_of, template)
    gc.collect()
    gc.freeze()  # the peer does not pay for the rows that lie ready
    read = insert(into, files, rows)
    return {**read, "rows": sum(len(of_table) for _, of_table in rows.values())}


def _parse(files: Iterable[Path]) -> None:
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    for path in files:
        try:
            etree.fromstring(path.read_bytes(), parser)
        except etree.XMLSyntaxError:
            continue  # malformed on purpose


def _into_sqlite(url: str, files: Sequence[Path], rows: Rows) -> dict[str, float]:
    with closing(_sqlite(url)) as connection:
        meter = _measure.Meter()
        _parse(files)
        connection.execute("BEGIN IMMEDIATE")
        for table, (columns, of_table) in rows.items():
            places = ", ".join("?" * len(columns))
            connection.executemany(_insert(table, columns, places), of_table)
        connection.execute("COMMIT")
        return meter.read()


def _into_postgresql(url: str, files: Sequence[Path], rows: Rows) -> dict[str, float]:
    with _postgresql(url) as connection, connection.cursor() as cursor:
        meter = _measure.Meter(connection.info.backend_pid)
        _parse(files)
        with connection.transaction():
            for table, (columns, of_table) in rows.items():
                cursor.executemany(_insert(table, columns, ", ".join(["%s"] * len(columns))).encode(), of_table)
        return meter.read()


def _insert(table: str, columns: Sequence[str], places: str) -> str:
    names = ", ".join(f'"{column}"' for column in columns)
    return f"INSERT INTO {table} ({names}) VALUES ({places})"


def _written(rows_of: str, template: str) -> Rows:
    """What stands in one store and not in the other, by table, as a driver takes it."""
    known = {table: max((row[0] for row in rows), default=0) for table, (_, rows) in _read(template, {}).items()}
    return _read(rows_of, known)


def _read(url: str, after: dict[str, int]) -> Rows:
    """The rows of TABLES whose id, which comes first, is higher than the one given."""
    if url.startswith("sqlite"):
        with closing(_sqlite(url)) as connection:
            return {table: _rows(connection.execute, table, "*", after.get(table, 0)) for table in TABLES}
    with _postgresql(url) as connection:
        found: Rows = {}
        for table in TABLES:
            described = connection.execute(
                "SELECT attname, atttypid::regtype::text FROM pg_attribute"
                " WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
                [table],
            ).fetchall()
            # JSON as its text, which goes back in as it came out.
            what = ", ".join(
                f'"{name}"::text AS "{name}"' if kind == "jsonb" else f'"{name}"' for name, kind in described
            )
            found[table] = _rows(lambda text: connection.execute(text.encode()), table, what, after.get(table, 0))
        return found


def _rows(execute: Callable[[str], Any], table: str, what: str, after: int) -> tuple[list[str], list[tuple[Any, ...]]]:
    cursor = execute(f"SELECT {what} FROM {table} WHERE id > {after} ORDER BY id")
    return [column[0] for column in cursor.description], cursor.fetchall()


def _sqlite(url: str) -> sqlite3.Connection:
    store = _stores.Store(vendor=_stores.SQLITE, url=url)
    connection = sqlite3.connect(store.path, isolation_level=None)
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _postgresql(url: str) -> Any:
    import psycopg

    return psycopg.connect(url, autocommit=True)

"""How a long run of writing leaves room for readers and for the next writer."""

from __future__ import annotations

import time

from django.db import connection

# Measured: without it a page that has to log its reading times out during an import; with it, it waits 20 ms
# at the 95th percentile.
SQLITE_PAUSE_SECONDS = 0.005

# Any number will do, as long as every receiver asks for the same one.
_RECEIVING = 0x7EA2


def pause_for_readers() -> None:
    """SQLite has one writer: sleep between transactions, so that a waiting one gets its turn."""
    if connection.vendor == "sqlite":
        time.sleep(SQLITE_PAUSE_SECONDS)


def one_receiver_at_a_time() -> None:
    """Hold off other receivers until this transaction ends, so that two never make two cases of one report.

    SQLite's transactions are IMMEDIATE: it has one writer already.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_RECEIVING])

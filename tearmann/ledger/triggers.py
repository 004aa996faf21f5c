"""Triggers that make the store itself refuse to change a log.

An entry is never changed or deleted. A head only moves on. A text only loses its body and salt, both at once.
Whoever owns the database can drop a trigger; what they did then is found by `chain.verify` and an anchor kept
elsewhere. A migration that rebuilds one of these tables on SQLite loses its triggers and must create them again.
"""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

ENTRY = "the log is append-only: an entry is never changed or deleted"
HEAD = "the log is append-only: the head of a chain only moves on"
TEXT = "a text is only ever erased, body and salt at once"

_TEXT_IS_ERASED = """NEW.id = OLD.id AND NEW.reference = OLD.reference AND NEW.digest = OLD.digest
    AND NEW.body IS NULL AND NEW.salt IS NULL"""
_HEAD_MOVES_ON = "NEW.chain = OLD.chain AND NEW.seq > OLD.seq"

_SQLITE = {
    "ledger_entry_update": f"BEFORE UPDATE ON ledger_entry BEGIN SELECT RAISE(ABORT, '{ENTRY}'); END",
    "ledger_entry_delete": f"BEFORE DELETE ON ledger_entry BEGIN SELECT RAISE(ABORT, '{ENTRY}'); END",
    # INSERT OR REPLACE deletes what stood there without setting off the trigger on deletion.
    "ledger_entry_replace": f"""BEFORE INSERT ON ledger_entry
        WHEN EXISTS (SELECT 1 FROM ledger_entry WHERE chain = NEW.chain AND seq = NEW.seq)
        OR EXISTS (SELECT 1 FROM ledger_entry WHERE id = NEW.id)
        BEGIN SELECT RAISE(ABORT, '{ENTRY}'); END""",
    "ledger_head_update": f"""BEFORE UPDATE ON ledger_head WHEN NOT ({_HEAD_MOVES_ON})
        BEGIN SELECT RAISE(ABORT, '{HEAD}'); END""",
    "ledger_head_delete": f"BEFORE DELETE ON ledger_head BEGIN SELECT RAISE(ABORT, '{HEAD}'); END",
    "ledger_head_replace": f"""BEFORE INSERT ON ledger_head
        WHEN EXISTS (SELECT 1 FROM ledger_head WHERE chain = NEW.chain AND seq > 0)
        BEGIN SELECT RAISE(ABORT, '{HEAD}'); END""",
    "ledger_text_update": f"""BEFORE UPDATE ON ledger_text WHEN NOT ({_TEXT_IS_ERASED})
        BEGIN SELECT RAISE(ABORT, '{TEXT}'); END""",
    "ledger_text_delete": f"BEFORE DELETE ON ledger_text BEGIN SELECT RAISE(ABORT, '{TEXT}'); END",
    "ledger_text_replace": f"""BEFORE INSERT ON ledger_text
        WHEN EXISTS (SELECT 1 FROM ledger_text WHERE id = NEW.id OR digest = NEW.digest)
        BEGIN SELECT RAISE(ABORT, '{TEXT}'); END""",
}

# table: the condition under which an update is let through, and what is said of any other change.
_POSTGRESQL = {"entry": ("false", ENTRY), "head": (_HEAD_MOVES_ON, HEAD), "text": (_TEXT_IS_ERASED, TEXT)}


def create(connection: BaseDatabaseWrapper) -> None:
    """Create the triggers."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name, rest in _SQLITE.items():
                cursor.execute(f"CREATE TRIGGER {name} {rest}")
            return
        for table, (allowed, message) in _POSTGRESQL.items():
            cursor.execute(f"""
                CREATE OR REPLACE FUNCTION ledger_{table}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    IF TG_OP = 'UPDATE' THEN
                        IF {allowed} THEN RETURN NEW; END IF;
                    END IF;
                    RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation';
                END $$""")
            cursor.execute(f"""CREATE TRIGGER ledger_{table}_change BEFORE UPDATE OR DELETE ON ledger_{table}
                FOR EACH ROW EXECUTE FUNCTION ledger_{table}_refuse()""")
            cursor.execute(f"""CREATE TRIGGER ledger_{table}_truncate BEFORE TRUNCATE ON ledger_{table}
                FOR EACH STATEMENT EXECUTE FUNCTION ledger_{table}_refuse()""")


def drop(connection: BaseDatabaseWrapper) -> None:
    """Drop the triggers, as a test does to empty its store."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name in _SQLITE:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
            return
        for table in _POSTGRESQL:
            cursor.execute(f"DROP TRIGGER IF EXISTS ledger_{table}_change ON ledger_{table}")
            cursor.execute(f"DROP TRIGGER IF EXISTS ledger_{table}_truncate ON ledger_{table}")

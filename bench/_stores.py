"""The stores that a benchmark measures on: made for it, copied from a template, and dropped again.

Django is bound to one store when it starts, so each measured run is a child process of its own. A child prints one
line of JSON; everything else that it says goes to the terminal.
"""

from __future__ import annotations

import importlib.util
import json
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

# Where a PostgreSQL for measuring may be, as for the tests; databases are made on it and dropped again.
POSTGRES = os.environ.get("TEARMANN_TEST_POSTGRES", "postgres://postgres@127.0.0.1:5432/tearmann")
SQLITE, POSTGRESQL = "sqlite", "postgresql"


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """One database. url: as in TEARMANN_DATABASE_URL."""

    vendor: str
    url: str

    @property
    def path(self) -> Path:
        """The file of an SQLite store."""
        return Path(urlsplit(self.url).path[1:])

    @property
    def name(self) -> str:
        """The name of a PostgreSQL database."""
        return urlsplit(self.url).path[1:]


class Stores:
    """Makes stores in one folder or on one server, and knows which it made."""

    def __init__(self, vendor: str, folder: Path) -> None:
        self.vendor = vendor
        self._folder = folder
        self._made: list[Store] = []

    def new(self, *, like: Store | None = None) -> Store:
        """Make an empty store, or a copy of one that nobody is connected to."""
        mark = secrets.token_hex(6)
        if self.vendor == SQLITE:
            store = Store(vendor=SQLITE, url=f"sqlite:///{self._folder / f'{mark}.sqlite3'}")
            if like is not None:
                shutil.copyfile(like.path, store.path)
        else:
            address = urlsplit(POSTGRES)
            store = Store(vendor=POSTGRESQL, url=urlunsplit(address._replace(path=f"/tearmann_bench_{mark}")))
            template = "" if like is None else f' TEMPLATE "{like.name}"'
            _on_server(f'CREATE DATABASE "{store.name}"{template}')
        self._made.append(store)
        return store

    def drop(self, store: Store) -> None:
        self._made.remove(store)
        if store.vendor == SQLITE:
            for ending in ("", "-wal", "-shm"):
                store.path.with_name(store.path.name + ending).unlink(missing_ok=True)
        else:
            _on_server(f'DROP DATABASE IF EXISTS "{store.name}" WITH (FORCE)')

    def drop_all(self) -> None:
        for store in list(self._made):
            self.drop(store)


@contextmanager
def stores(vendor: str, folder: Path) -> Generator[Stores]:
    """Stores of one kind, dropped at the end whatever happens."""
    made = Stores(vendor, folder)
    try:
        yield made
    finally:
        made.drop_all()


def vendors() -> tuple[str, ...]:
    """SQLite, and PostgreSQL where one answers."""
    if importlib.util.find_spec("psycopg") is not None and _answers():
        return (SQLITE, POSTGRESQL)
    say("left out: PostgreSQL; start one, or name it in TEARMANN_TEST_POSTGRES")
    return (SQLITE,)


def _answers() -> bool:
    import psycopg

    try:
        psycopg.connect(_server(), connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True


def _server() -> str:
    return urlunsplit(urlsplit(POSTGRES)._replace(scheme="postgresql", path="/postgres"))


def _on_server(statement: str) -> None:
    import psycopg

    with psycopg.connect(_server(), autocommit=True) as connection:
        connection.execute(statement.encode())


def environment(store: Store, data_dir: Path) -> dict[str, str]:
    """What a child process is told: its store, and nothing of the machine's own installation."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TEARMANN_")}
    return kept | {
        "TEARMANN_DATABASE_URL": store.url,
        "TEARMANN_DATA_DIR": str(data_dir),
        "TEARMANN_PROFILE": "demo",
        "TEARMANN_HTTPS": "no",
        "DJANGO_SETTINGS_MODULE": "tearmann.settings",
        "PYTHONHASHSEED": "0",
    }


def start(script: str, arguments: Sequence[str], store: Store, data_dir: Path) -> subprocess.Popen[str]:
    """Start a script as a child process on a store."""
    return subprocess.Popen(
        [sys.executable, script, *arguments],
        env=environment(store, data_dir),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def finish(child: subprocess.Popen[str]) -> dict[str, Any]:
    """Wait for a child process and return the object that its last line holds."""
    said, _ = child.communicate()
    if child.returncode != 0:
        raise SystemExit(f"a measured run ended with {child.returncode}; what it said stands above")
    answer: dict[str, Any] = json.loads(said.splitlines()[-1])
    return answer


def run(script: str, arguments: Sequence[str], store: Store, data_dir: Path) -> dict[str, Any]:
    return finish(start(script, arguments, store, data_dir))


def say(text: str) -> None:
    """Tell the terminal; standard output holds the result alone."""
    print(text, file=sys.stderr, flush=True)

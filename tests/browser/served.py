"""Tearmann as an installation runs it: its own store, the built assets, the real server, all in other processes."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from tests.shape.tree import ROOT

LONGEST_START = 60  # seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A served installation. address: without a slash at its end. cases: by what each shows; see `store.py`."""

    address: str
    password: str
    cases: dict[str, dict[str, str]]
    environment: dict[str, str]

    def reference(self, case: str) -> str:
        return self.cases[case]["reference"]

    def unassess(self, case: str) -> None:
        run_store(self.environment, "unassess", self.reference(case))


def run_store(environment: dict[str, str], *words: str) -> str:
    """Run tests/browser/store.py on the store of that environment, and return what it prints."""
    command = [sys.executable, "-m", "tests.browser.store", *words]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


@contextmanager
def serve(data_dir: Path, *, referrals: int) -> Iterator[Served]:
    """Serve a demonstration of so many referrals, on the store that this run tries."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("TEARMANN_", "DJANGO_"))}
    environment = plain | {"TEARMANN_DATA_DIR": str(data_dir), "TEARMANN_DEMO": "yes"}
    with store_like(os.environ.get("TEARMANN_DATABASE_URL")) as address_of_store:
        if address_of_store is not None:
            environment["TEARMANN_DATABASE_URL"] = address_of_store
        made: dict[str, Any] = json.loads(run_store(environment, "build", str(referrals)))
        port = free_port()
        command = [Path(sys.executable).with_name("tearmann"), "serve", "--port", str(port)]
        log = data_dir / "server.log"
        with (
            log.open("wb") as said,
            subprocess.Popen(command, cwd=ROOT, env=environment, stdout=said, stderr=said) as server,
        ):
            try:
                wait_for(port, server, log)
                yield Served(
                    address=f"http://127.0.0.1:{port}",
                    password=made["password"],
                    cases=made["cases"],
                    environment=environment,
                )
            finally:
                server.terminate()


@contextmanager
def store_like(store: str | None) -> Iterator[str | None]:
    """A database of our own beside the one that is named; on SQLite nothing, since the data directory has its own."""
    if store is None or urlsplit(store).scheme == "sqlite":
        yield None
        return
    import psycopg
    from psycopg import sql

    parts = urlsplit(store)
    name = f"browser_{parts.path.strip('/')}_{os.getpid()}"
    with psycopg.connect(urlunsplit(parts._replace(path="/postgres")), autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield urlunsplit(parts._replace(path=f"/{name}"))
        finally:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    """Return when the server answers. Fails, with what it said, when it ends first or takes too long."""
    begun = time.monotonic()
    while server.poll() is None and time.monotonic() - begun < LONGEST_START:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError(f"the server did not answer: {log.read_text(encoding='utf-8')}")

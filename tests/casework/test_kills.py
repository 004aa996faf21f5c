"""Receive killed at random points, again and again, and a last run: the same store as an undisturbed one.

These are real kills of real commands, over some five hundred files. `same_store` says what *same* means.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection

from tearmann.synthetic import referrals
from tests.casework.same_store import differences

ROOT = Path(__file__).resolve().parent.parent.parent
KILLS = 5
SEED = 11
SOME_COULD_NOT_BE_READ = 3  # the exit code that the malformed files among them bring


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """An installation of its own: a data directory, keys, and a store that is set up and has a list."""

    environment: dict[str, str]

    def run(self, *arguments: str, killed_after: float = 0) -> tuple[int, float]:
        """Run a command; return how it ended, and how many seconds it took if it was not killed."""
        done = self._python("tests.casework.kill_me", str(killed_after), *arguments)
        if done.returncode == -signal.SIGKILL:
            return done.returncode, 0
        assert done.returncode in (0, SOME_COULD_NOT_BE_READ), done.stderr
        return done.returncode, float(done.stderr.splitlines()[-1])

    def picture(self) -> dict[str, list[dict[str, Any]]]:
        drawn: dict[str, list[dict[str, Any]]] = json.loads(self._python("tests.casework.same_store").stdout)
        return drawn

    def _python(self, module: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", module, *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )


@contextmanager
def a_store(name: str) -> Generator[str]:
    """The address of a store of its own, of the kind that this run tries; "" is SQLite in the data directory."""
    if connection.vendor == "sqlite":
        yield ""
        return
    import psycopg

    name = f"test_kill_{name}_{os.getpid()}"
    address = urlsplit(os.environ["TEARMANN_DATABASE_URL"])
    with psycopg.connect(address._replace(path="/postgres").geturl(), autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        try:
            yield address._replace(path=f"/{name}").geturl()
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def installed(name: str, directory: Path, known: Path) -> Generator[Installation]:
    data = directory / name
    data.mkdir()
    ours = {key: value for key, value in os.environ.items() if not key.startswith(("TEARMANN_", "DJANGO_"))}
    ours |= {
        "TEARMANN_DATA_DIR": str(data),
        "TEARMANN_PROFILE": "demo",
        "TEARMANN_REFERENCE_KEY": "1f" * 32,
        "TEARMANN_PAYLOAD_KEY": "2e" * 32,
    }
    with a_store(name) as address:
        if address:
            ours["TEARMANN_DATABASE_URL"] = address
        made = Installation(environment=ours)
        made.run("migrate")
        made.run("lists", "load", "known", str(known), "--version", "1")
        yield made


# Marked, because it tries the store that this run is of; it does so in stores of its own.
@pytest.mark.django_db
@pytest.mark.slow
def test_kills_at_random_points_and_a_last_run_give_the_same_store(tmp_path: Path) -> None:
    sent = tmp_path / "sent"
    written = referrals.write(sent, count=235, seed=SEED, until=date(2026, 11, 2))
    assert written.files >= 500
    known = written.truth.with_name("invented-known.csv")
    with (
        installed("undisturbed", tmp_path, known) as undisturbed,
        installed("killed", tmp_path, known) as killed,
    ):
        code, seconds = undisturbed.run("receive", str(sent))
        # What was received before a kill is soon passed over by the next run, so each comes sooner than the work's end.
        points = random.Random(SEED)
        delays = [seconds * points.uniform(0.05, 0.7) for _ in range(KILLS)]
        ended = [killed.run("receive", str(sent), killed_after=delay)[0] for delay in delays]
        assert -signal.SIGKILL in ended
        assert killed.run("receive", str(sent))[0] == code
        assert differences(undisturbed.picture(), killed.picture()) == []
        assert killed.run("ledger", "verify")[0] == 0

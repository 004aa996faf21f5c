"""Run the tests on every store, and with the browser, that this machine has; list what was left out.

Run as `make test`. Under CI (CI=1) a part left out, and a test that skips, is a failure. ARGS go to pytest.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Where a PostgreSQL for tests may be; each run makes a database of its own on it and drops it again.
POSTGRES = os.environ.get("TEARMANN_TEST_POSTGRES", "postgres://postgres@127.0.0.1:5432/tearmann")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

NO_TESTS = 5  # pytest's exit code

ASK = """
import sys, psycopg
from urllib.parse import urlsplit, urlunsplit
store = urlsplit(sys.argv[1])
psycopg.connect(urlunsplit(store._replace(path="/postgres")), connect_timeout=5).close()
"""


def is_required() -> bool:
    """Tell whether a part left out is a failure."""
    return os.environ.get("CI", "").lower() in {"1", "true", "yes"}


def has_postgres() -> bool:
    return subprocess.run([sys.executable, "-c", ASK, POSTGRES], capture_output=True).returncode == 0


def has_browser() -> bool:
    return any(shutil.which(name) for name in BROWSERS)


def run_pytest(title: str, arguments: Sequence[str], *, store: str | None, may_be_none: bool = False) -> bool:
    """Run pytest once, on one store, and tell whether all went well.

    store: an address, or None for SQLite. may_be_none: finding no test at all is well too.
    """
    print(f"\n== {title} ==", flush=True)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TEARMANN_")}
    if store is not None:
        environment["TEARMANN_DATABASE_URL"] = store
    command = [sys.executable, "-m", "pytest", "-p", "tests.required", *arguments]
    code = subprocess.run(command, cwd=ROOT, env=environment).returncode
    return code == 0 or (code == NO_TESTS and may_be_none)


def main(arguments: Sequence[str]) -> int:
    left_out = []
    chosen = list(arguments)
    if not has_browser():
        left_out.append("the browser journeys: no Chromium was found; install it (Debian: apt-get install chromium)")
        chosen += ["-m", "not browser"]
    passed = [run_pytest("SQLite", chosen, store=None)]
    if has_postgres():
        # Of a few tests that were asked for, none may use the store; of all of them, some do.
        chosen.append("--only-with-store")
        passed.append(run_pytest("PostgreSQL", chosen, store=POSTGRES, may_be_none=bool(arguments)))
    else:
        left_out.append("PostgreSQL: none answered; start one, or name it in TEARMANN_TEST_POSTGRES")
    if left_out:
        print("\nLeft out:" if not is_required() else "\nLeft out, though everything is required here:")
        for part in left_out:
            print(f"  {part}")
    return int(not all(passed) or (is_required() and bool(left_out)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""The command line as a whole: every command of the contract, its help, its start, its exit codes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from tearmann import __version__
from tearmann.cli.root import app
from tests.cli.commanding import Run

CONTRACT = {
    "demo", "synthetic referrals", "receive", "queue", "case", "quarantine", "lists load", "lists show",
    "lists match", "lists withdraw", "triage assess", "ledger verify", "serve", "migrate", "user add",
}  # fmt: skip
WITH_JSON = CONTRACT - {"serve"}
HEAVY = {"django", "lxml", "phonenumbers", "cryptography", "holidays", "tearmann.records", "tearmann.intake"}


def commands(group: Any = None, before: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    group = group or typer.main.get_command(app)
    for name, command in sorted(group.commands.items()):
        if hasattr(command, "commands"):
            yield from commands(command, (*before, name))
        else:
            yield " ".join((*before, name)), command


def run_apart(*words: object, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a process of its own, where settings and exit codes are those of an installation."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TEARMANN_", "DJANGO_"))}
    command = [sys.executable, "-m", "tearmann", *map(str, words)]
    return subprocess.run(command, env=kept | environment, capture_output=True, text=True)


def test_every_command_of_the_contract_is_there() -> None:
    assert {name for name, _ in commands()} >= CONTRACT


def test_every_command_that_answers_can_answer_in_json() -> None:
    without = [name for name, command in commands() if not any("--json" in one.opts for one in command.params)]
    assert WITH_JSON.isdisjoint(without)


@pytest.mark.parametrize("name", [name for name, _ in commands()])
def test_every_command_says_what_it_does(
    name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.cli.commanding import runner

    done = runner(capsys, monkeypatch)(*name.split(), "--help")
    assert done.code == 0
    says = dict(commands())[name].help
    assert says.strip().split("\n")[0].endswith((".", ")"))
    assert " ".join(says.split())[:40] in " ".join(done.out.split())


def test_a_command_that_does_not_exist_is_a_fault_of_the_typing(run: Run) -> None:
    done = run("recieve")
    assert (done.code, done.out) == (2, "")


def test_the_version_is_printed(run: Run) -> None:
    assert run("version").out == f"{__version__}\n"


def test_help_loads_nothing_that_it_does_not_need() -> None:
    ask = "import sys, tearmann.cli; print('\\n'.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)
    assert HEAVY.isdisjoint(done.stdout.split())


def test_a_setting_that_is_wrong_is_named_and_nothing_is_made(tmp_path: Path) -> None:
    directory = tmp_path / "data"
    done = run_apart("queue", TEARMANN_HOSTS="*", TEARMANN_DATA_DIR=str(directory))
    assert (done.returncode, done.stdout) == (4, "")
    assert "TEARMANN_HOSTS" in done.stderr
    assert not directory.exists()


def test_a_store_that_was_never_set_up_says_what_to_run(tmp_path: Path) -> None:
    done = run_apart("queue", "--json", TEARMANN_DATA_DIR=str(tmp_path), TEARMANN_PROFILE="demo")
    assert (done.returncode, done.stdout) == (4, "")
    assert "tearmann migrate" in done.stderr


@pytest.mark.slow
def test_a_demonstration_is_received_and_tells_how_to_sign_in(tmp_path: Path) -> None:
    words = ("demo", "--no-serve", "--json", "--referrals", "40")
    done = run_apart(*words, TEARMANN_DATA_DIR=str(tmp_path))
    answer = json.loads(done.stdout)
    assert done.returncode == 0
    assert answer["received"] >= 40
    assert answer["address"].startswith("http://127.0.0.1:")
    assert {one["name"] for one in answer["sign_ins"]} >= {"ann", "ben", "cal"}
    assert {one.keys() >= {"name", "password", "role", "unit"} for one in answer["sign_ins"]} == {True}

"""What the pages tell a reader to type exists, and what they show is what happens."""

from __future__ import annotations

import re
import shlex
import shutil
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import typer

from tearmann import profile
from tearmann.cli.root import app
from tearmann.profile.loading import SHIPPED
from tests.cli.commanding import Run
from tests.docs.reading import DOCS, blocks, named, typed, written_pages

HOW_TO = DOCS / "how-to"
COMMANDS = [
    pytest.param(line, id=f"{named(page)}: {line}")
    for page in written_pages()
    for line in typed(page)
    if line.startswith("tearmann ")
]


@pytest.mark.parametrize("line", COMMANDS)
def test_every_command_that_a_page_shows_is_one(line: str) -> None:
    words = shlex.split(line)[1:]
    words = words[: words.index(">")] if ">" in words else words
    command: Any = typer.main.get_command(app)
    name = "tearmann"
    while hasattr(command, "commands"):
        name = words.pop(0)
        command = command.commands[name]
    # Parsing refuses what the command does not take; it opens no file.
    assert command.make_context(name, words) is not None


def test_pages_show_commands() -> None:
    assert len(COMMANDS) > 20


@pytest.mark.parametrize("page", written_pages(), ids=named)
def test_every_link_leads_to_a_file_that_is_there(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    targets = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text)
    local = [target for target in targets if "://" not in target and "images/" not in target]
    assert [target for target in local if not (page.parent / target).exists()] == []


def test_every_page_is_listed() -> None:
    index = (DOCS / "README.md").read_text(encoding="utf-8")
    pages = [page.relative_to(DOCS).as_posix() for page in DOCS.rglob("*.md") if page.name != "README.md"]
    assert [page for page in pages if f"({page})" not in index] == []


def test_the_worked_example_of_a_csv_file_does_what_its_page_says(desk: Run, tmp_path: Path) -> None:
    page = HOW_TO / "receive-referrals.md"
    sent, columns = tmp_path / "partner.csv", tmp_path / "partner.toml"
    (csv,), (toml,) = blocks(page, "csv"), blocks(page, "toml")
    sent.write_text(csv, encoding="utf-8")
    columns.write_text(toml, encoding="utf-8")
    done = desk("receive", sent, "--columns", columns)
    shown = next(block for block in blocks(page, "console") if "row 2" in block)
    assert done.code == 3
    assert (done.err + done.out).splitlines() == shown.splitlines()[1:]


def test_the_example_of_a_profile_is_a_profile(tmp_path: Path) -> None:
    sources, clocks, teams = blocks(HOW_TO / "another-force.md", "toml")
    ours = Path(shutil.copytree(SHIPPED / "scotland", tmp_path / "our-force"))
    _append(ours / "sources.toml", sources)
    _append(ours / "units.toml", teams)
    kept = re.split(r"(?m)^(?=\[\[clock\]\])", (ours / "clocks.toml").read_text(encoding="utf-8"))
    unset = [row for row in kept if 'kind = "child_welfare"' not in row]
    assert len(unset) == len(kept) - 1
    (ours / "clocks.toml").write_text("".join(unset) + clocks, encoding="utf-8")
    force = profile.load(ours)
    before, after = (force.clock("child_welfare", date(2026, month, day)) for month, day in ((11, 30), (12, 1)))
    assert before is not None
    assert after is not None
    assert (before.time_allowed, after.time_allowed) == ("unset", "3 hours")
    assert [team.code for team in force.teams] == ["DESK-1"]


def _append(path: Path, text: str) -> None:
    tomllib.loads(text)
    path.write_text(f"{path.read_text(encoding='utf-8')}\n{text}", encoding="utf-8")

"""The reference is what the code says, and covers all of what it is about."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from docs import generate
from docs.written.installation import described_settings
from docs.written.logs import VERIFIER
from tearmann import settings
from tearmann.ledger.chain import Chain, anchor
from tearmann.ledger.models import Entry
from tearmann.web.history_in_words import VERBS
from tests.cli.commanding import runner
from tests.conftest import NOON
from tests.docs.reading import DOCS
from tests.ledger.drafting import draft, recorded

REFERENCE = DOCS / "reference"


def test_no_page_of_the_reference_is_behind_the_code() -> None:
    assert generate.stale() == []


def test_a_page_that_is_behind_is_named_and_what_to_run(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(generate, "REFERENCE", tmp_path)
    (tmp_path / "states.md").write_text("old")
    assert generate.main(["--check"]) == 1
    assert "docs/reference/states.md is not what the code says; run: python -m docs.generate" in capsys.readouterr().err
    assert (tmp_path / "states.md").read_text() == "old"


def test_what_is_written_once_is_not_behind(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(generate, "REFERENCE", tmp_path)
    (tmp_path / "nobodys.md").write_text("a page that nothing writes any more")
    assert generate.main([]) == 0
    assert generate.main(["--check"]) == 0
    assert not (tmp_path / "nobodys.md").exists()


def test_every_setting_is_described() -> None:
    assert set(described_settings()) == {settings.FILE, *settings.NAMES}


@pytest.mark.django_db
def test_every_verb_that_the_history_can_hold_is_listed() -> None:
    listed = (REFERENCE / "logs.md").read_text(encoding="utf-8")
    assert [
        verb for verb in (*VERBS, "list_loaded", "unit_created", "officer_created") if f"`{verb}`" not in listed
    ] == []


# -- the program that checks a log without ours

Check = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def exported(db: None, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Path:
    """A history of five entries as the command exports it, with words of more than one alphabet in it."""
    recorded(draft(Chain.HISTORY, body={"page": page, "said": "Zoë\u2028–"}, happened_at=NOON) for page in range(5))
    done = runner(capsys, monkeypatch)("ledger", "export", "history")
    path = tmp_path / "history.jsonl"
    path.write_text(done.out, encoding="utf-8")
    return path


def check(*paths: Path) -> subprocess.CompletedProcess[str]:
    """Run the program as a stranger would: with nothing of ours on its path."""
    command = [sys.executable, "-I", str(VERIFIER), *map(str, paths)]
    return subprocess.run(command, capture_output=True, text=True)


def changed(exported: Path, seq: int, **changes: object) -> Path:
    lines = [json.loads(line) for line in exported.read_text(encoding="utf-8").split("\n") if line]
    lines[seq - 1] |= changes
    exported.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return exported


def anchored(tmp_path: Path) -> Path:
    path = tmp_path / "anchors.jsonl"
    path.write_text("".join(anchor(chain).to_json() + "\n" for chain in Chain), encoding="utf-8")
    return path


def test_a_stranger_finds_a_whole_log_whole(exported: Path, tmp_path: Path) -> None:
    done = check(exported, anchored(tmp_path))
    head = Entry.objects.filter(chain="history").latest("seq")
    assert (done.returncode, done.stdout) == (0, f"history: whole, {head.seq} entries, head {head.hash}\n")


@pytest.mark.parametrize("changes", [{"verb": "forged"}, {"at": "2020-01-01T00:00:00.000000Z"}, {"body": "{}"}])
def test_a_stranger_finds_an_altered_entry(exported: Path, changes: dict[str, str]) -> None:
    done = check(changed(exported, 3, **changes))
    assert (done.returncode, done.stdout) == (1, "history: BROKEN at entry 3\n")


def test_a_stranger_finds_a_removed_entry(exported: Path) -> None:
    lines = exported.read_text(encoding="utf-8").split("\n")
    exported.write_text("\n".join(lines[:1] + lines[2:]), encoding="utf-8")
    assert check(exported).stdout == "history: BROKEN at entry 2\n"


def test_a_stranger_finds_a_cut_tail_against_an_anchor_only(exported: Path, tmp_path: Path) -> None:
    lines = exported.read_text(encoding="utf-8").split("\n")
    exported.write_text("\n".join(lines[:-2]), encoding="utf-8")
    assert check(exported).returncode == 0
    done = check(exported, anchored(tmp_path))
    assert (done.returncode, done.stdout) == (1, "history: BROKEN, it ends before the anchor\n")


def test_a_stranger_finds_a_log_that_was_written_anew(exported: Path, tmp_path: Path) -> None:
    kept = anchored(tmp_path)
    other = json.loads(kept.read_text(encoding="utf-8").splitlines()[0]) | {"hash": "0" * 64}
    kept.write_text(json.dumps(other) + "\n", encoding="utf-8")
    assert "is not the one of the anchor" in check(exported, kept).stdout

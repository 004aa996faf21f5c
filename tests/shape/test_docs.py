"""The documents: what they link to is there, and the first screen says how to begin."""

from __future__ import annotations

import re

import pytest

from tests.shape.tree import ROOT, committed_files

DOCUMENTS = [path for path in committed_files() if path.suffix == ".md"]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_what_a_document_links_to_is_there(document) -> None:
    links = re.findall(r"(?<!!)\[[^\]]*\]\(([^)#]+)[^)]*\)", document.read_text(encoding="utf-8"))
    missing = [link for link in links if "://" not in link and not (document.parent / link).exists()]
    assert missing == []


def test_the_first_screen_gives_the_two_commands() -> None:
    first_screen = "\n".join((ROOT / "README.md").read_text(encoding="utf-8").splitlines()[:25])
    assert "make demo" in first_screen
    assert "make test" in first_screen
    assert "docs/images/queue.png" in first_screen


def test_every_word_of_the_glossary_is_explained_once_and_in_order() -> None:
    words = re.findall(r"^\| \*\*(.+?)\*\* \|", (ROOT / "GLOSSARY.md").read_text(encoding="utf-8"), re.M)
    assert words == sorted(set(words), key=str.casefold)


def test_what_ci_runs_is_a_script_that_can_be_run() -> None:
    script = ROOT / ".ci" / "run"
    assert script.stat().st_mode & 0o111
    assert {"make check", "make test"} <= set(script.read_text(encoding="utf-8").splitlines())

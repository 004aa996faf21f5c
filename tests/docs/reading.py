"""The written pages, and the blocks of code in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def written_pages() -> list[Path]:
    """Every page of Markdown that is read on its own, the ones at the top of the tree included."""
    return sorted([*DOCS.rglob("*.md"), *ROOT.glob("*.md")])


def named(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def blocks(page: Path, language: str) -> list[str]:
    """The blocks of code of one language on a page, in order."""
    return [text for named, text in FENCE.findall(page.read_text(encoding="utf-8")) if named == language]


def typed(page: Path) -> Iterator[str]:
    """What a reader is told to type: the lines of console blocks that begin with a $."""
    for block in blocks(page, "console"):
        for line in block.splitlines():
            if line.startswith("$ "):
                yield line.removeprefix("$ ")

"""The files of the source tree, as the tests of its shape read them."""

from __future__ import annotations

import subprocess
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGE = ROOT / "tearmann"


@cache
def committed_files() -> tuple[Path, ...]:
    """Return the files that are committed, or would be: nothing that is ignored, nothing that is gone."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    paths = (ROOT / name for name in listed.split("\0") if name)
    return tuple(sorted(path for path in set(paths) if path.is_file()))


@cache
def pyproject() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


@cache
def layers() -> tuple[frozenset[str], ...]:
    """Return the rooms from the top line to the bottom one, as the contract of imports draws them."""
    contract = next(each for each in pyproject()["tool"]["importlinter"]["contracts"] if each["id"] == "rooms")
    return tuple(frozenset(room.strip(" ()") for room in line.split("|")) for line in contract["layers"])


def depth(room: str) -> int:
    """Return a room's line, 0 at the top."""
    return next(number for number, line in enumerate(layers()) if room in line)

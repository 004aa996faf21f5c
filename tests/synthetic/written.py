"""An invented year written once a format, with its truth, and what intake reads in it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from tearmann.intake.reading import File, Read, Unreadable, read
from tearmann.synthetic.referrals import Written, write

UNTIL = date(2026, 11, 2)
COUNT = 400


@dataclass(frozen=True)
class Year:
    directory: Path
    written: Written
    truths: list[dict[str, Any]]

    def files(self) -> list[Path]:
        return sorted(path for path in self.directory.iterdir() if path.is_file())

    def truths_of(self, *parts: str) -> list[dict[str, Any]]:
        return [truth for truth in self.truths if truth["part"] in parts]

    def read(self) -> dict[tuple[str, int | None], Read | Unreadable]:
        """Return what intake reads, by file and, in a batch, row or line."""
        found = {}
        for path in self.files():
            for one in read(File(name=path.name, path=path)):
                row = re.search(r", (?:row|line) (\d+)$", one.place)
                batch = path.suffix != ".xml"
                found[path.name, int(row[1]) if row and batch else None] = one
        return found


def write_year(directory: Path, *, format: str, count: int = COUNT, seed: int = 7) -> Year:
    written = write(directory, count=count, seed=seed, format=format, until=UNTIL)
    lines = written.truth.read_text(encoding="utf-8").splitlines()
    return Year(directory=directory, written=written, truths=[json.loads(line) for line in lines])

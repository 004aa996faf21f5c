"""A copy of a shipped profile that a test may spoil."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tearmann.profile import Force, load
from tearmann.profile.loading import SHIPPED


class Copy:
    """A profile in a directory of its own."""

    def __init__(self, name: str, parent: Path) -> None:
        self.directory = parent / name
        shutil.copytree(SHIPPED / name, self.directory)

    def change(self, file: str, old: str, new: str) -> Copy:
        path = self.directory / file
        before = path.read_text(encoding="utf-8")
        assert old in before, f"{file} no longer says what this test changes"
        path.write_text(before.replace(old, new, 1), encoding="utf-8")
        return self

    def add(self, file: str, rows: str) -> Copy:
        path = self.directory / file
        path.write_text(f"{path.read_text(encoding='utf-8')}\n{rows}\n", encoding="utf-8")
        return self

    def load(self) -> Force:
        return load(self.directory)


@pytest.fixture
def demo_copy(tmp_path: Path) -> Copy:
    return Copy("demo", tmp_path)


@pytest.fixture
def scotland_copy(tmp_path: Path) -> Copy:
    return Copy("scotland", tmp_path)


@pytest.fixture(scope="session")
def demo() -> Force:
    return load("demo")


@pytest.fixture(scope="session")
def scotland() -> Force:
    return load("scotland")

"""An installation of the demonstration's profile, at noon, with a data directory of its own."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tearmann.cli import store
from tearmann.cli.running import set_up_store
from tearmann.people.models import Unit
from tearmann.records import Referral
from tests.cli.commanding import Run, runner
from tests.conftest import NOON
from tests.sent import as_file


@pytest.fixture
def run(
    db: None, settings: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Run:
    """Run commands in a store without units."""
    settings.TEARMANN = replace(settings.TEARMANN, data_dir=tmp_path / "data")
    monkeypatch.setattr(store, "now", lambda: NOON)
    return runner(capsys, monkeypatch)


@pytest.fixture
def desk(run: Run) -> Run:
    """Run commands in a store that is set up: with the profile's units and teams."""
    set_up_store()
    return run


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


@pytest.fixture
def internet_desk(desk: Run) -> Unit:
    """The unit that receives by default in the demonstration's profile."""
    return Unit.objects.get(code="IID")


def put(folder: Path, referral: Referral) -> Path:
    """Lay a referral into a folder, as a file that somebody sent."""
    file = as_file(referral)
    path = folder / file.name
    path.write_bytes(file.body or b"")
    return path

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.commanding import Run


def invent(run: Run, folder: Path, *words: str, count: int = 6, seed: int = 1) -> int:
    return run("synthetic", "referrals", folder, "--count", count, "--seed", seed, *words).code


def written(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_same_seed_writes_the_same_bytes(run: Run, tmp_path: Path) -> None:
    for name in ("one", "two"):
        assert invent(run, tmp_path / name) == 0
    assert written(tmp_path / "one") == written(tmp_path / "two")
    assert written(tmp_path / "one-truth") == written(tmp_path / "two-truth")


def test_another_seed_writes_other_bytes(run: Run, tmp_path: Path) -> None:
    invent(run, tmp_path / "one", seed=1)
    invent(run, tmp_path / "two", seed=2)
    assert written(tmp_path / "one") != written(tmp_path / "two")


def test_what_was_written_is_counted(run: Run, tmp_path: Path) -> None:
    done = run("synthetic", "referrals", tmp_path / "one", "--count", "6", "--seed", "1", "--json")
    answer = done.object()
    assert answer["referrals"] == 6
    assert answer["files"] == len(written(tmp_path / "one"))
    assert Path(answer["truth"]).is_file()


@pytest.mark.parametrize("there", ["sent", "sent-truth"])
def test_a_folder_that_holds_something_is_refused(run: Run, tmp_path: Path, there: str) -> None:
    (tmp_path / there).mkdir()
    (tmp_path / there / "mine.txt").write_text("mine")
    assert invent(run, tmp_path / "sent") == 3
    assert written(tmp_path / there) == {"mine.txt": b"mine"}


def test_an_empty_folder_is_as_good_as_a_new_one(run: Run, tmp_path: Path) -> None:
    (tmp_path / "sent").mkdir()
    assert invent(run, tmp_path / "sent") == 0


def test_a_day_that_is_none_is_refused(run: Run, tmp_path: Path) -> None:
    assert invent(run, tmp_path / "sent", "--until", "yesterday") == 3
    assert not (tmp_path / "sent").exists()


def test_a_format_that_is_none_is_refused(run: Run, tmp_path: Path) -> None:
    assert invent(run, tmp_path / "sent", "--format", "yaml") == 2
    assert not (tmp_path / "sent").exists()


@pytest.mark.parametrize("name", ["cybertip-xml", "csv", "json", "mixed"])
def test_what_is_invented_can_be_received_as_it_is(desk: Run, tmp_path: Path, name: str) -> None:
    invent(desk, tmp_path / "sent", "--format", name)
    done = desk("receive", tmp_path / "sent", "--json")
    assert done.object()["received"] == 6

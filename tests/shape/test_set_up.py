"""The set-up: quick when nothing changed, clear when something is missing; no part left out where all are required."""

from __future__ import annotations

import ast
import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.shape.tree import ROOT

SKIPPING = "import pytest\n\n\ndef test_it():\n    pytest.skip('no such part here')\n"
SKIPPING_WHOLE = "import pytest\n\npytest.skip('no such part here', allow_module_level=True)\n"
PASSING = "def test_it():\n    pass\n"


@pytest.fixture
def set_up(tmp_path: Path) -> ModuleType:
    """The set-up's own module, with a folder of the test's as its repository."""
    spec = importlib.util.spec_from_file_location("set_up", ROOT / "make" / "set_up.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.ROOT = tmp_path
    return module


def run_pytest(folder: Path, source: str, *arguments: str, required: bool) -> subprocess.CompletedProcess[str]:
    (folder / "test_example.py").write_text(source, encoding="utf-8")
    (folder / "pytest.toml").write_text("[pytest]\n", encoding="utf-8")
    environment = {name: value for name, value in os.environ.items() if name not in ("CI", "PYTEST_ADDOPTS")}
    environment |= {"PYTHONPATH": str(ROOT)} | ({"CI": "1"} if required else {})
    command = [sys.executable, "-m", "pytest", "-p", "tests.required", "-p", "no:cacheprovider", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)


def test_the_set_up_needs_only_pythons_standard_library() -> None:
    tree = ast.parse((ROOT / "make" / "set_up.py").read_text(encoding="utf-8"))
    imported = {
        name.name.split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names
    }
    imported |= {(node.module or "").split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert imported <= sys.stdlib_module_names


def test_a_digest_changes_with_a_files_content_its_place_and_the_words(set_up: ModuleType, tmp_path: Path) -> None:
    lock = tmp_path / "lock.txt"
    digests = [set_up.digest_of([lock])]  # a file that is not there yet
    lock.write_text("one")
    digests.append(set_up.digest_of([lock]))
    lock.write_text("two")
    digests.append(set_up.digest_of([lock]))
    digests.append(set_up.digest_of([lock], "tests"))
    lock.rename(tmp_path / "other.txt")
    digests.append(set_up.digest_of([tmp_path / "other.txt"]))
    assert len(set(digests)) == len(digests)


def test_a_digest_of_a_folder_covers_the_files_below_it(set_up: ModuleType, tmp_path: Path) -> None:
    folder = tmp_path / "frontend" / "styles"
    folder.mkdir(parents=True)
    before = set_up.digest_of([tmp_path / "frontend"])
    (folder / "page.scss").write_text("")
    assert set_up.digest_of([tmp_path / "frontend"]) != before


def test_a_step_that_was_taken_holds_until_its_inputs_change(set_up: ModuleType, tmp_path: Path) -> None:
    set_up.StepsTaken(tmp_path / "set-up.json").keep("assets", "1234")
    again = set_up.StepsTaken(tmp_path / "set-up.json")
    assert again.holds("assets", "1234")
    assert not again.holds("assets", "5678")


def test_a_memory_that_cannot_be_read_is_no_memory(set_up: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "set-up.json").write_text("{")
    assert not set_up.StepsTaken(tmp_path / "set-up.json").holds("assets", "1234")


def test_packages_that_are_there_are_not_installed_again(
    set_up: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands: list[list[str]] = []
    monkeypatch.setattr(set_up, "run", lambda command, **_: commands.append(command))
    monkeypatch.setattr(set_up, "python_of_environment", lambda: "version = 3.11")
    taken = set_up.StepsTaken(tmp_path / "set-up.json")
    for _ in range(2):
        set_up.install_packages(("core", "build"), taken)
    assert len(commands) == 1
    assert "--require-hashes" in commands[0]


def test_a_command_that_fails_says_what_it_said_and_what_would_do(set_up: ModuleType) -> None:
    with pytest.raises(set_up.NotSetUp, match=r"(?s)no route.*check the network"):
        set_up.run([sys.executable, "-c", "raise SystemExit('no route')"], remedy="check the network")


def test_no_setting_of_the_machine_decides_what_is_built(set_up: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEARMANN_HOSTS", "nonsense")
    set_up.run([sys.executable, "-c", "import os; assert 'TEARMANN_HOSTS' not in os.environ"], remedy="")


def test_a_part_that_does_not_exist_is_refused_by_name(set_up: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    assert set_up.main(["everything"]) == 2
    assert "demo, test, check" in capsys.readouterr().err


def test_without_a_python_make_says_which_one_it_needs() -> None:
    done = subprocess.run(["make", "demo", "PYTHON="], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode != 0
    assert "Python 3.11" in done.stderr


def test_a_skipped_test_passes_where_parts_may_be_left_out(tmp_path: Path) -> None:
    assert run_pytest(tmp_path, SKIPPING, required=False).returncode == 0


@pytest.mark.parametrize("source", [SKIPPING, SKIPPING_WHOLE], ids=["a test", "a module"])
def test_what_skips_itself_fails_where_everything_is_required(tmp_path: Path, source: str) -> None:
    done = run_pytest(tmp_path, source, required=True)
    assert done.returncode not in (0, 5)
    assert "no such part here" in done.stdout


def test_what_passes_passes_where_everything_is_required(tmp_path: Path) -> None:
    assert run_pytest(tmp_path, PASSING, required=True).returncode == 0


def test_a_second_store_is_asked_only_what_uses_the_store(tmp_path: Path) -> None:
    fixture = "import pytest\n\n\n@pytest.fixture\ndef db():\n    pass\n\n\ndef test_stored(db):\n    pass\n\n\n"
    done = run_pytest(tmp_path, fixture + PASSING, "--only-with-store", required=True)
    assert "1 passed, 1 deselected" in done.stdout

"""The rooms: which may know Django, which way imports run, what nothing is called."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.shape.tree import PACKAGE, ROOT, committed_files, depth, layers

DJANGO_ROOMS = frozenset({"ledger", "people", "casework", "governance", "web", "demo", "cli", "settings"})
BANNED_NAMES = frozenset({"utils", "helpers", "common", "base", "manager", "managers", "service", "services"})
LONGEST = 550  # lines; "about 500"
RELATIONS = frozenset({"ForeignKey", "OneToOneField", "ManyToManyField"})
IMPORTERS = frozenset({"import_string", "import_module", "__import__"})

IMPORT_ALL = """
import importlib, sys
found = []
for name in sys.argv[1:]:
    importlib.import_module(name)
    if "django" in sys.modules:
        found.append(name)
        for loaded in [each for each in sys.modules if each.split(".")[0] in ("django", "tearmann")]:
            del sys.modules[loaded]
print(" ".join(found))
"""


def modules() -> dict[str, Path]:
    """Return every committed module of the package by its name."""
    found = {}
    for path in committed_files():
        if path.is_relative_to(PACKAGE) and path.suffix == ".py":
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def room_of(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


def strings_that_name_code(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Find what import-linter cannot see: models and modules that are named in a string. Line and string."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        named = [*node.args[:1], *(word.value for word in node.keywords if word.arg in ("to", "through"))]
        if name in RELATIONS | IMPORTERS:
            for value in named:
                if isinstance(value, ast.Constant) and isinstance(value.value, str):
                    yield node.lineno, value.value


def room_named(reference: str) -> str:
    """Return the room that "casework.Case" or "tearmann.casework.models" names, or nothing."""
    parts = reference.split(".")
    room = parts[1] if parts[0] == "tearmann" and len(parts) > 1 else parts[0]
    return room if any(room in line for line in layers()) and len(parts) > 1 else ""


def test_every_pure_room_imports_without_django() -> None:
    pure = sorted(name for name in modules() if room_of(name) not in DJANGO_ROOMS | {"__main__"})
    assert pure
    done = subprocess.run([sys.executable, "-c", IMPORT_ALL, *pure], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == []


def test_every_room_stands_in_the_contract_of_imports() -> None:
    rooms = {room_of(name) for name in modules()} - {"", "__main__"}
    assert rooms <= frozenset[str]().union(*layers())


def test_no_string_names_code_of_a_room_above() -> None:
    upwards = []
    for name, path in modules().items():
        room = room_of(name)
        if room in ("", "settings", "__main__"):  # settings name the applications, as Django asks
            continue
        for line, reference in strings_that_name_code(ast.parse(path.read_text(encoding="utf-8"))):
            other = room_named(reference)
            if other and other != room and depth(other) <= depth(room):
                upwards.append(f"{path.relative_to(ROOT)}:{line} names {reference}")
    assert upwards == []


def test_a_string_that_names_a_room_above_would_be_found() -> None:
    tree = ast.parse('case = models.ForeignKey("casework.Case", on_delete=models.PROTECT)')
    assert [room_named(reference) for _, reference in strings_that_name_code(tree)] == ["casework"]
    assert depth("casework") < depth("ledger")


def test_nothing_is_named_for_a_kind_of_code() -> None:
    named = [name for name in modules() if not BANNED_NAMES.isdisjoint(name.split(".")) and ".migrations." not in name]
    assert named == []


@pytest.mark.parametrize("suffix", [".py", ".html", ".scss", ".mjs", ".js"])
def test_no_file_of_ours_is_too_long_to_read(suffix: str) -> None:
    long = [
        f"{path.relative_to(ROOT)}: {lines} lines"
        for path in committed_files()
        if path.suffix == suffix and "migrations" not in path.parts
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST
    ]
    assert long == []

"""Every version is pinned by its hash, and nothing names the place it comes from."""

from __future__ import annotations

import json
import re

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.shape.tree import ROOT, committed_files, pyproject

LOCKS = ("core", "postgres", "build", "test", "dev")
# In two pieces, so that this file does not name them either.
HOSTS = tuple(
    "".join(pieces) for pieces in (("pypi.", "org"), ("python", "hosted"), ("npm", "js."), ("debian.", "org"))
)


def entries(lock: str) -> list[str]:
    """Return the requirements of a lock, each with its hashes on one line."""
    text = (ROOT / "requirements" / f"{lock}.txt").read_text(encoding="utf-8")
    lines = text.replace("\\\n", " ").splitlines()
    return [line for line in lines if line.strip() and not line.lstrip().startswith("#")]


def pins(lock: str) -> dict[str, str]:
    """Return each package of a lock with its version."""
    found = (re.match(r"([\w.\-]+)(?:\[[\w,.\-]+\])?==(\S+)", entry) for entry in entries(lock))
    return {canonicalize_name(match[1]): match[2] for match in found if match}


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_of_a_lock_has_one_version_and_a_hash(lock: str) -> None:
    loose = [entry[:60] for entry in entries(lock) if not re.match(r"\S+==\S+ .*--hash=sha256:[0-9a-f]{64}", entry)]
    assert entries(lock)
    assert loose == []


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_says_nothing_about_where_packages_come_from(lock: str) -> None:
    text = (ROOT / "requirements" / f"{lock}.txt").read_text(encoding="utf-8")
    assert not re.search(r"://|--(extra-)?index-url|--find-links|--trusted-host", text)


@pytest.mark.parametrize("lock", LOCKS)
def test_what_is_declared_is_pinned_at_a_version_that_it_allows(lock: str) -> None:
    project = pyproject()["project"]
    declared = project["dependencies"] if lock == "core" else project["optional-dependencies"][lock]
    pinned = pins(lock)
    wrong = []
    for requirement in map(Requirement, declared):
        version = pinned.get(canonicalize_name(requirement.name))
        if version is None or not requirement.specifier.contains(version, prereleases=True):
            wrong.append(f"{requirement} is pinned as {version}")
    assert wrong == []


@pytest.mark.parametrize("lock", [lock for lock in LOCKS if lock != "core"])
def test_a_lock_keeps_to_the_versions_of_the_core(lock: str) -> None:
    core, other = pins("core"), pins(lock)
    assert {name: other[name] for name in core} == core


def test_locks_that_are_installed_together_agree() -> None:
    versions: dict[str, set[str]] = {}
    for lock in LOCKS:
        for name, version in pins(lock).items():
            versions.setdefault(name, set()).add(version)
    assert {name: found for name, found in versions.items() if len(found) > 1} == {}


def test_the_demonstration_installs_no_tools_for_tests() -> None:
    shown = pins("core").keys() | pins("build").keys()
    assert shown.isdisjoint({"pytest", "playwright", "hypothesis", "mypy", "ruff", "import-linter", "psycopg"})


def test_the_front_end_lock_names_no_address() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    assert [name for name, package in lock["packages"].items() if "resolved" in package] == []


def test_every_front_end_package_has_a_hash() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    fetched = {name: package for name, package in lock["packages"].items() if name}
    assert fetched
    assert [name for name, package in fetched.items() if not package["integrity"].startswith("sha512-")] == []


def test_every_front_end_package_that_we_name_has_one_version() -> None:
    package = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    named = package["dependencies"] | package["devDependencies"]
    assert [version for version in named.values() if not re.fullmatch(r"\d+\.\d+\.\d+", version)] == []


def test_no_committed_file_names_a_registry() -> None:
    naming = [
        str(path.relative_to(ROOT))
        for path in committed_files()
        if any(host.encode() in path.read_bytes() for host in HOSTS)
    ]
    assert naming == []


def test_no_package_of_somebody_else_is_committed() -> None:
    folders = {part for path in committed_files() for part in path.relative_to(ROOT).parts[:-1]}
    assert folders.isdisjoint({"node_modules", "vendor", "site-packages", "third_party"})

"""The wheel: an installed Tearmann needs no Node, no source tree and no network."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest

from tests.shape.tree import PACKAGE, ROOT, committed_files


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """Build the wheel as `make wheel` does: without isolation, so without asking an index."""
    out = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(out)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    [built] = out.glob("tearmann-*.whl")
    return zipfile.ZipFile(built)


def inside(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("asset", ["tearmann.css", "tearmann.js", "favicon.svg"])
def test_the_wheel_carries_the_built_assets(wheel: zipfile.ZipFile, asset: str) -> None:
    assert f"tearmann/web/static/tearmann/{asset}" in wheel.namelist()


def test_the_wheel_carries_the_assets_under_the_names_that_pages_ask_for(wheel: zipfile.ZipFile) -> None:
    collected = [name for name in wheel.namelist() if name.startswith("tearmann/web/collected/")]
    assert "tearmann/web/collected/staticfiles.json" in collected
    assert any(name.endswith(".css.gz") for name in collected)


def test_the_wheel_carries_every_module_table_and_template(wheel: zipfile.ZipFile) -> None:
    ours = {inside(path) for path in committed_files() if path.is_relative_to(PACKAGE)}
    assert any(name.endswith("/policy.toml") for name in ours)
    assert any(name.startswith("tearmann/profiles/demo/") for name in ours)
    assert ours - set(wheel.namelist()) == set()


def test_the_wheel_carries_nothing_but_the_package(wheel: zipfile.ZipFile) -> None:
    tops = {name.split("/")[0] for name in wheel.namelist()}
    assert {top for top in tops if not top.startswith("tearmann")} == set()


def test_the_wheel_names_its_licence_its_command_and_its_parts(wheel: zipfile.ZipFile) -> None:
    names = {name.split("/", 1)[1]: name for name in wheel.namelist() if ".dist-info/" in name}
    about = Parser().parsestr(wheel.read(names["METADATA"]).decode())
    assert about["License-Expression"] == "MIT"
    assert about["Requires-Python"] == ">=3.11"
    assert {"postgres", "test", "dev", "build"} <= set(about.get_all("Provides-Extra") or ())
    assert "tearmann = tearmann.cli:main" in wheel.read(names["entry_points.txt"]).decode()

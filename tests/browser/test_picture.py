"""The picture of the queue that the README shows."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.shape.tree import ROOT

pytestmark = pytest.mark.browser

PICTURE = ROOT / "docs" / "images" / "queue.png"
LARGEST = 300_000  # bytes


def test_the_queue_is_pictured_for_the_readme(visit: Visit, tmp_path: Path):
    """Taken in every run; with SCREENSHOTS=docs of the whole demonstration, and kept where the README looks for it."""
    page = visit("ann")
    page.set_viewport_size({"width": 1280, "height": 1100})
    page.goto("/")
    expect(page.locator(".tm-case").first).to_be_visible()
    picture = PICTURE if os.environ.get("SCREENSHOTS") == "docs" else tmp_path / PICTURE.name
    page.screenshot(path=picture)
    assert picture.stat().st_size < LARGEST

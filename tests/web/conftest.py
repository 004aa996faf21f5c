"""A day at noon, on which somebody looks at pages."""

from __future__ import annotations

import pytest

from tearmann.web import guard
from tests.conftest import NOON


@pytest.fixture(autouse=True)
def noon(monkeypatch):
    monkeypatch.setattr(guard, "now", lambda: NOON)

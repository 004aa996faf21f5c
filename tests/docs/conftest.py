"""The pages' examples are tried in the same installation as the commands."""

from __future__ import annotations

from tests.cli.conftest import desk, run

__all__ = ["desk", "run"]

"""Ages as senders write them."""

from __future__ import annotations

OLDEST = 150


def age_in_years(text: str) -> int | None:
    """Read an age in whole years, 0 to 150; None if it is anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 3 and int(text) <= OLDEST else None

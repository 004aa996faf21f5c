"""clocks-and-profile.md: what the profiles that ship set, from where, and what they leave unset."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import groupby

from docs.written.markdown import page, table
from tearmann import profile
from tearmann.profile import Described

FIRST = ("clocks", "ages", "calendar")  # what decides times and duties, before the long lists of words


def profiles() -> str:
    """Return the page of every shipped profile: each value with its source, those left unset included."""
    forces = [profile.load(name) for name in profile.shipped()]
    parts = [
        "What differs between forces is a profile: dated TOML tables with their sources. A value without a published "
        "source is *unset*, and pages say so; the product never fills it in. "
        "[How to write one](../how-to/another-force.md).",
        "A clock without a time allowed still starts, runs and stops, and its age is shown; it has no due time. A time "
        "that is set later never reaches back.",
    ]
    for force in forces:
        rows = profile.describe(force)
        cited = {source: number for number, source in enumerate(dict.fromkeys(_sources(rows)), start=1)}
        unset = sum(not row.is_set for row in rows)
        parts += [
            f"## {force.code}: {force.name}",
            f"{force.note} {len(rows) - unset} values are set, {unset} unset."
            + (" **Every value is invented.**" if force.invented else ""),
        ]
        tables = {name: list(held) for name, held in groupby(rows, key=lambda row: row.table)}
        for name in (*FIRST, *(name for name in tables if name not in FIRST)):
            parts += [f"### {force.code}: {name}", _table(tables[name], cited)]
        parts += [f"### {force.code}: sources", "\n".join(f"{number}. {source}" for source, number in cited.items())]
    return page("Clocks and profiles", *parts)


def _sources(rows: Iterable[Described]) -> list[str]:
    return [row.source for row in rows if row.source]


def _table(rows: list[Described], cited: dict[str, int]) -> str:
    return table(
        ["what", "value", "in force", "source", "note"],
        (
            [
                row.name,
                row.value if row.is_set else f"*{row.value}*",
                _in_force(row.valid_from, row.valid_to),
                f"[{cited[row.source]}]" if row.source else "",
                row.note,
            ]
            for row in rows
        ),
    )


def _in_force(since: date | None, until: date | None) -> str:
    return " ".join(word for word in (f"from {since}" if since else "", f"to {until}" if until else "") if word)

"""Markdown, as little of it as the reference needs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

NOTE = "<!-- Written by `python -m docs.generate` from the code. Change the code, then run it again. -->"


def page(title: str, *parts: str) -> str:
    """Return a whole page: its title, the note that it is written by a program, and its parts."""
    return "\n\n".join([NOTE, f"# {title}", *(part.strip("\n") for part in parts if part.strip())]) + "\n"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; a page without rows says so."""
    lines = [_line(row) for row in rows]
    return "\n".join([_line(head), "|" + "---|" * len(head), *lines]) if lines else "None."


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(" ".join(_escaped(cell).split()) for cell in cells) + " |"


def _escaped(cell: str) -> str:
    """Return a cell that cannot end its column, nor hide what stands in angle brackets outside code."""
    parts = cell.replace("|", "\\|").split("`")
    return "`".join(part if number % 2 else part.replace("<", "&lt;") for number, part in enumerate(parts))


def code(text: str) -> str:
    """Return text as code, or nothing for nothing."""
    return f"`{text}`" if text else ""


def codes(texts: Iterable[str]) -> str:
    return ", ".join(code(text) for text in texts)


def fenced(text: str, language: str = "") -> str:
    ending = "" if text.endswith("\n") else "\n"
    return f"```{language}\n{text}{ending}```"


def yes(is_so: bool) -> str:
    return "yes" if is_so else "–"


def sentences(docstring: str | None) -> str:
    """Return a docstring as a paragraph."""
    return " ".join((docstring or "").split())

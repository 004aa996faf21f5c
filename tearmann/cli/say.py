"""How commands speak: one JSON object or plain lines on stdout, faults and progress on stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object on standard output.")]


def tell(answer: dict[str, Any], lines: list[str], *, as_json: bool) -> None:
    """Print the answer as JSON, or the lines for a person."""
    if as_json:
        typer.echo(json.dumps(answer, ensure_ascii=False, default=str))
    else:
        for line in lines:
            typer.echo(line)


def complain(message: str) -> None:
    typer.echo(f"tearmann: {message}", err=True)


class Steps:
    """A progress bar on stderr, which a pipe or a log file does not see."""

    def __init__(self, progress: Progress, title: str, total: int | None) -> None:
        self._progress = progress
        self._task = progress.add_task(title, total=total)

    def __call__(self, steps: int) -> None:
        self._progress.update(self._task, advance=steps)


@contextmanager
def steps(title: str, *, total: int | None = None) -> Iterator[Steps]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as progress:
        yield Steps(progress, title, total)

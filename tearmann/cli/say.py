"""How commands speak: one JSON object or plain lines on stdout, faults and progress on stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, Any, Literal

import typer

Steps = Callable[[int], None]
# What is misspelt is refused before a file is opened, rather than found in quarantine.
Format = Literal["cybertip-xml", "csv", "json"]

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


@contextmanager
def steps(title: str, *, total: int | None = None) -> Iterator[Steps]:
    """Yield what is to be told how many steps were taken: a bar on stderr, which a pipe or a log file does not see."""
    if not sys.stderr.isatty():
        yield lambda taken: None
        return
    # A third of the start-up of a command that draws no bar.
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(title, total=total)
        yield lambda taken: progress.update(task, advance=taken)

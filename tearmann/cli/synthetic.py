"""synthetic referrals: invented referrals in the real formats, from a seed."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import typer

from tearmann.cli.say import AsJson, steps, tell
from tearmann.errors import IntakeError

Invented = Literal["cybertip-xml", "csv", "json", "mixed"]

app = typer.Typer(help="Invented data, for trying things out.", no_args_is_help=True)


@app.callback()
def group() -> None:
    """Everything that these commands write is invented, and says so."""


@app.command()
def referrals(
    directory: Annotated[Path, typer.Argument(help="An empty folder, or one that does not exist yet.")],
    count: Annotated[int, typer.Option(min=1, help="How many referrals.")],
    seed: Annotated[int, typer.Option(help="The same seed writes the same bytes.")],
    format: Annotated[Invented, typer.Option(help="Mixed: each sender's own.")] = "cybertip-xml",
    until: Annotated[str, typer.Option(help="The last day of the invented year.")] = "2026-11-01",
    as_json: AsJson = False,
) -> None:
    """Write invented referrals into a folder, and the truth about them into DIRECTORY-truth beside it."""
    from tearmann.synthetic.referrals import write

    # The truth lies beside what was sent, so that the folder can be received as it is.
    for folder in (directory, directory.with_name(f"{directory.name}-truth")):
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise IntakeError(f"{folder} is not an empty folder; name a new one, so that nothing of yours is mixed in")
    try:
        last = date.fromisoformat(until)
    except ValueError:
        raise IntakeError("--until is not a date; write it as 2026-11-01") from None
    with steps("Inventing", total=count) as progress:
        written = write(directory, count=count, seed=seed, format=format, until=last, progress=progress)
    answer = {
        "directory": str(directory),
        "files": written.files,
        "referrals": written.referrals,
        "malformed": written.malformed,
        "follow_ups": written.follow_ups,
        "duplicates": written.duplicates,
        "truth": str(written.truth),
    }
    lines = [f"{written.referrals} invented referrals in {written.files} files; the truth about them: {written.truth}"]
    tell(answer, lines, as_json=as_json)

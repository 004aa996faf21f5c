"""The command `tearmann`, and the one place where an error becomes an exit code."""

from __future__ import annotations

import sys

import typer

from tearmann import __version__
from tearmann.cli import casework, demonstration, ledger, lists, running, synthetic, triage
from tearmann.cli.say import complain
from tearmann.errors import TearmannError

app = typer.Typer(
    name="tearmann",
    help="Referrals about online child sexual abuse: received, linked, put in order of danger, and proven.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
for group in (demonstration, casework, running):
    group.add_to(app)
app.add_typer(synthetic.app, name="synthetic")
app.add_typer(lists.app, name="lists")
app.add_typer(triage.app, name="triage")
app.add_typer(ledger.app, name="ledger")
app.add_typer(running.users, name="user")


@app.command()
def version() -> None:
    """Print the version."""
    typer.echo(__version__)


def main() -> None:
    """Run the command line. Foreseen errors go to stderr with their exit code; others are bugs and show as such."""
    try:
        app()
    except TearmannError as error:
        complain(str(error))
        sys.exit(error.exit_code)
    except BrokenPipeError:
        # Whoever read our output has read enough of it.
        sys.stderr.close()
        sys.exit(0)

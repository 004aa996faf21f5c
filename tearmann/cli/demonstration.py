"""demo: an invented force with an invented year behind it, served."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from tearmann.cli.running import set_up_store, start_server
from tearmann.cli.say import AsJson, steps, tell
from tearmann.cli.store import open_store


def add_to(app: typer.Typer) -> None:
    app.command()(demo)


def demo(
    referrals: Annotated[int, typer.Option(min=1, help="How many invented referrals.")] = 2200,
    seed: Annotated[int, typer.Option(help="The same seed invents the same force.")] = 1,
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8000,
    serve: Annotated[bool, typer.Option("--serve/--no-serve", help="Serve the pages afterwards.")] = True,
    anew: Annotated[bool, typer.Option("--anew", help="Replace the demonstration that is there.")] = False,
    as_json: AsJson = False,
) -> None:
    """Load an invented force, serve it, and print the address and the sign-ins."""
    os.environ["TEARMANN_DEMO"] = "yes"
    # Never the directory of a real installation.
    os.environ.setdefault("TEARMANN_DATA_DIR", str(Path.home() / ".local" / "share" / "tearmann-demo"))
    open_store(migrated=False)
    from tearmann.demo import build, clear

    clear(anew=anew)
    set_up_store()

    with steps("Inventing a year", total=referrals) as progress:
        built = build(referrals=referrals, seed=seed, now=datetime.now(UTC), progress=progress)
    address = f"http://127.0.0.1:{port}/"
    answer = {
        "received": built.received,
        "open": built.open,
        "seed": seed,
        "address": address,
        "sign_ins": [
            {"name": one.name, "password": one.password, "role": one.role, "unit": one.unit} for one in built.sign_ins
        ],
    }
    lines = [
        f"An invented force: {built.received} invented referrals, {built.open} of them open.",
        "Priorities are switched on for its internet desk; a new installation starts in shadow mode.",
        "",
        *(
            f"  {one.name:<16} {one.password:<20} {one.role.replace('_', ' ')}{', ' + one.unit if one.unit else ''}"
            for one in built.sign_ins
        ),
        "",
        f"Open {address} and sign in, for instance as ann. Control-C stops it." if serve else "Serve it: make demo",
    ]
    tell(answer, lines, as_json=as_json)
    if serve:
        start_server(port=port, workers=2)

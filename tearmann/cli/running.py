"""migrate, serve, user add: running an installation."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from tearmann.cli import store
from tearmann.cli.say import AsJson, tell
from tearmann.cli.store import doing, open_store, operator
from tearmann.errors import IntakeError, NotFound, SettingError

users = typer.Typer(help="Accounts.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    app.command()(migrate)
    app.command()(serve)


def migrate(as_json: AsJson = False) -> None:
    """Bring the store to this version, and units and teams to what the profile says."""
    changed = set_up_store()
    tell({"migrated": True, "units_and_teams_changed": changed}, ["The store is set up."], as_json=as_json)


def set_up_store() -> int:
    """Apply migrations and the profile's units and teams; return how many of these changed."""
    open_store(migrated=False)
    from django.core.management import call_command

    from tearmann.casework import installation
    from tearmann.people.acts import sync_units

    call_command("migrate", interactive=False, verbosity=0)
    return sync_units(installation.force(), by_kind="operator", by_ref=operator(), at=store.now())


def serve(
    port: Annotated[int, typer.Option(min=1, max=65535, help="On 127.0.0.1.")] = 8000,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processes.")] = 2,
) -> None:
    """Serve the pages on this machine. Put a proxy with HTTPS before it for anybody else."""
    open_store()
    start_server(port=port, workers=workers)


def start_server(*, port: int, workers: int) -> None:
    """Become the server. Returns only by an error."""
    from django.conf import settings

    if not (Path(settings.STATIC_ROOT) / "staticfiles.json").is_file():
        raise SettingError("the assets of the pages are not built; run: make setup")
    sys.stdout.flush()
    command = Path(sys.executable).with_name("gunicorn")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tearmann.settings")
    os.execv(
        command,
        [
            str(command),
            "tearmann.web.wsgi:application",
            "--bind",
            f"127.0.0.1:{port}",
            "--workers",
            str(workers),
            "--threads",
            "4",
            "--graceful-timeout",
            "10",
            "--log-level",
            "warning",
        ],
    )


@users.callback()
def group() -> None:
    """Officers sign in with these."""


@users.command()
def add(
    sign_in: Annotated[str, typer.Argument(help="What they sign in with, such as a collar number.")],
    name: Annotated[str, typer.Option(help="Their name, as pages show it.")],
    role: Annotated[
        str,
        typer.Option(
            help="desk_officer, supervisor, analyst, leader, inspector, auditor, data_protection or administrator."
        ),
    ],
    unit: Annotated[str | None, typer.Option(help="The code of their unit.")] = None,
    team: Annotated[list[str] | None, typer.Option(help="The code of a team of theirs; may be given again.")] = None,
    valid_until: Annotated[str | None, typer.Option(help="An inspector's last day, as 2026-12-31.")] = None,
    as_json: AsJson = False,
) -> None:
    """Make an account. Its first password is asked for, or read from the first line of standard input."""
    open_store()
    from tearmann.casework.queries.staff import teams_by_code, unit_by_code
    from tearmann.people.acts import create_officer
    from tearmann.people.models import Role

    if role not in Role.values:
        raise NotFound(f"there is no role '{role}'; it is one of {', '.join(Role.values)}")
    password = (
        typer.prompt("First password", hide_input=True, confirmation_prompt=True)
        if sys.stdin.isatty()
        else sys.stdin.readline().rstrip("\n")
    )
    officer = create_officer(
        sign_in=sign_in,
        name=name,
        role=Role(role),
        password=password,
        unit=unit_by_code(unit) if unit else None,
        teams=teams_by_code(team or []),
        valid_until=_end_of(valid_until),
        by_kind="operator",
        by_ref=operator(),
        at=doing().at,
    )
    answer = {"sign_in": officer.sign_in, "role": officer.role, "unit": unit}
    tell(answer, [f"{officer.sign_in} may sign in and has to choose a password of their own"], as_json=as_json)


def _end_of(day: str | None) -> datetime | None:
    if day is None:
        return None
    try:
        return datetime.fromisoformat(day).replace(hour=23, minute=59, tzinfo=UTC)
    except ValueError:
        raise IntakeError("--valid-until is not a date; write it as 2026-12-31") from None

"""triage assess: what the policy makes of a file, without storing anything; triage approve: a policy in force."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from tearmann.cli import store
from tearmann.cli.casework import reason_of
from tearmann.cli.say import AsJson, Format, complain, tell
from tearmann.errors import IntakeError

app = typer.Typer(help="The triage policy.", no_args_is_help=True)


@app.command()
def assess(
    path: Annotated[Path, typer.Argument(help="A file of referrals.")],
    policy: Annotated[Path | None, typer.Option(help="A policy in TOML; by default the shipped one.")] = None,
    format: Annotated[Format | None, typer.Option(help="By default the content tells.")] = None,
    as_json: AsJson = False,
) -> None:
    """Try a policy on a file. Nothing is stored, linked or matched; it decides nothing."""
    from tearmann import intake
    from tearmann.intake.files import File, Unreadable
    from tearmann.triage.assess import assess as assess_referral
    from tearmann.triage.policy import load

    if not path.is_file():
        raise IntakeError(f"{path}: there is no such file; check the name")
    rules = load(policy)
    now = store.now()
    assessed: list[dict[str, Any]] = []
    faults: list[dict[str, str]] = []
    for reading in intake.read(File(name=path.name, path=path), format=format):
        if isinstance(reading, Unreadable):
            faults += [{"place": one.place, "says": one.says, "remedy": one.remedy} for one in reading.faults]
            continue
        priority = assess_referral(reading.referral, policy=rules, now=now)
        assessed.append(
            {
                "place": reading.place,
                "priority": priority.band.value,
                "points": priority.points,
                "quality": priority.quality,
                "confidence": priority.confidence,
                "escalations": [reason_of(reason) for reason in priority.escalations],
                "reasons": [reason_of(reason) for reason in priority.reasons],
                "missing": list(priority.missing),
            }
        )
    for fault in faults:
        complain(f"{fault['place']}: {fault['says']}; {fault['remedy']}")
    lines = [
        f"{one['place']}: {one['priority']}, {one['points']} points, quality {one['quality']:.2f}, "
        f"confidence {one['confidence']:.2f}"
        + "".join(f"\n  {reason['says']} ({reason['place']})" for reason in (*one["escalations"], *one["reasons"]))
        for one in assessed
    ]
    tell({"policy": rules.version, "referrals": assessed, "faults": faults}, lines, as_json=as_json)
    if faults:
        raise typer.Exit(IntakeError.exit_code)


@app.command()
def approve(
    path: Annotated[Path, typer.Argument(help="The policy in TOML.")],
    as_json: AsJson = False,
) -> None:
    """Put a version of the policy in force. Every team stays in shadow, or switched on, as it was."""
    from tearmann.cli.store import doing, open_store

    open_store()
    from tearmann.casework.actions.policy import approve_policy

    approved = approve_policy(path, doing=doing())
    answer = {"policy": approved.version, "digest": approved.digest}
    tell(answer, [f"policy {approved.version} is in force"], as_json=as_json)

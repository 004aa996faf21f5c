"""receive, queue, case, quarantine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tearmann.cli.say import AsJson, Format, complain, steps, tell
from tearmann.cli.store import doing, open_store
from tearmann.errors import IntakeError, NotFound, ProfileError

if TYPE_CHECKING:
    from tearmann.casework.queries.queue import QueueRow
    from tearmann.people.models import Unit
    from tearmann.profile import Force
    from tearmann.records import Reason


def add_to(app: typer.Typer) -> None:
    app.command()(receive)
    app.command()(queue)
    app.command()(case)
    app.command()(quarantine)


def receive(
    paths: Annotated[list[Path], typer.Argument(help="Files, or folders whose files are all taken.")],
    format: Annotated[Format | None, typer.Option(help="By default the content tells.")] = None,
    source: Annotated[str | None, typer.Option(help="Who sent them: a code or label of the profile's sources.")] = None,
    reference: Annotated[str | None, typer.Option(help="The sender's reference, for one file that names none.")] = None,
    unit: Annotated[str | None, typer.Option(help="The unit that receives; by default the profile's.")] = None,
    columns: Annotated[Path | None, typer.Option(help="The column map of a CSV file, in TOML.")] = None,
    as_json: AsJson = False,
) -> None:
    """Take in referrals: store every one, then link, match and assess it. Safe to run again at any time."""
    open_store()
    from tearmann.casework import installation
    from tearmann.casework.actions.receive import HowToRead
    from tearmann.casework.actions.receive import receive as take_in
    from tearmann.casework.actions.store import Outcome
    from tearmann.intake.columns import ColumnMap
    from tearmann.intake.files import File

    now = doing()
    files = list(_files(paths))
    if reference and len(files) > 1:
        # They would all be taken for one report, sent again with other bytes.
        raise IntakeError(f"--reference is that of one file, and {len(files)} were given; receive them one by one")
    how = HowToRead(
        format=format,
        source=now.force.sources_code(source, now.force.local_date(now.at)) if source else None,
        reference=reference,
        columns=ColumnMap.load(columns) if columns else None,
    )
    with steps("Receiving", total=None) as progress:
        receipt = take_in(
            (File(name=path.name, path=path) for path in files),
            doing=now,
            unit=receiving_unit(now.force, unit),
            keys=installation.keys(),
            instruments=installation.instruments(),
            how=how,
            progress=progress,
        )
    counts = {outcome.value: receipt.counts[outcome] for outcome in Outcome}
    faults = [
        {"file": one.file, "place": one.fault.place, "says": one.fault.says, "remedy": one.fault.remedy}
        for one in receipt.faults
    ]
    for fault in faults:
        complain(f"{fault['file']}: {fault['place']}: {fault['says']}; {fault['remedy']}")
    lines = [
        f"{len(files)} files: {counts['received']} received, {counts['resent']} sent before, "
        f"{counts['updated']} added to a case, {counts['quarantined']} in quarantine"
    ]
    if receipt.unassessed:
        lines.append(f"{receipt.unassessed} could not be assessed and stand first in the queue")
    tell({"files": len(files), **counts, "unassessed": receipt.unassessed, "faults": faults}, lines, as_json=as_json)
    if receipt.faults:
        raise typer.Exit(IntakeError.exit_code)


def _files(paths: list[Path]) -> Iterator[Path]:
    """The files named, and those in the folders named, in an order that is always the same."""
    for path in paths:
        if path.is_dir():
            yield from sorted(inner for inner in path.rglob("*") if inner.is_file() and not _is_hidden(inner, path))
        elif path.is_file():
            yield path
        else:
            raise IntakeError(f"{path}: there is no such file or folder; check the name")


def _is_hidden(path: Path, folder: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(folder).parts)


def receiving_unit(force: Force, code: str | None) -> Unit:
    """The unit of a code, or the profile's default. Raises ProfileError where there is none."""
    from tearmann.people.models import Unit

    wanted = code or force.default_unit
    if wanted is None:
        raise ProfileError(f"force '{force.code}' has no default unit; name one with --unit")
    unit = Unit.objects.filter(code=wanted).first()
    if unit is None:
        raise ProfileError(f"there is no unit '{wanted}' in the store; run: tearmann migrate")
    return unit


def queue(
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many at most.")] = 25,
    unit: Annotated[str | None, typer.Option(help="Only this unit's.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show what to open next, and why: unassessed, hard escalations, priority where switched on, oldest."""
    open_store()
    from tearmann.casework.actions.reading import consulted
    from tearmann.casework.queries.queue import QueueFilter
    from tearmann.casework.queries.queue import queue as next_cases

    now = doing()
    wanted = QueueFilter(unit=receiving_unit(now.force, unit).pk if unit else None)
    page = next_cases(now.by, wanted, now=now.at, size=limit)
    consulted("queue", cases=[row.case.reference for row in page.rows], doing=now)
    lines = [_line(row) for row in page.rows] or ["Nothing is waiting."]
    tell({"cases": [_queue_row(row) for row in page.rows], "more": bool(page.after)}, lines, as_json=as_json)


def _queue_row(row: QueueRow) -> dict[str, Any]:
    return {
        "reference": row.case.reference,
        "mode": row.mode,
        "assessed": row.is_assessed,
        "priority": row.band.value if row.band else None,
        "quality": row.quality,
        "confidence": row.confidence,
        "escalations": [reason_of(reason) for reason in row.escalations],
        "reasons": [reason_of(reason) for reason in row.reasons],
        "state": row.case.state,
        "state_since": row.case.state_since.isoformat(),
        "unit": row.case.unit.code,
        "team": row.case.team.code if row.case.team else None,
        "source": row.case.source,
        "incident_type": row.case.incident_type,
        "children": row.children,
        "received_at": row.case.received_at.isoformat(),
        "expires_at": row.expires_at.isoformat() if row.expires_at else None,
        "restricted": row.case.restricted,
    }


def reason_of(reason: Reason) -> dict[str, Any]:
    return {
        "rule": reason.rule,
        "says": reason.says,
        "value": reason.value,
        "place": reason.place,
        "points": reason.points,
    }


def _line(row: QueueRow) -> str:
    if not row.is_assessed:
        standing = "UNASSESSED"
    elif row.escalations:
        standing = "ESCALATED"
    else:
        standing = row.band.value if row.band else "shadow"
    why = "; ".join(reason.says for reason in (*row.escalations, *row.reasons)[:2]) or "oldest first"
    return f"{row.case.reference}  {standing:<10}  {row.case.received_at:%Y-%m-%d %H:%M}  {row.case.state:<10}  {why}"


def case(
    reference: Annotated[str, typer.Argument(help="The case's reference; case, spaces and hyphens do not matter.")],
    as_json: AsJson = False,
) -> None:
    """Show one case: children first, then why it stands where it does. Reading it is logged."""
    open_store()
    from tearmann.casework.actions.reading import consulted
    from tearmann.casework.queries.case_page import case_page
    from tearmann.casework.queries.visible import case_for
    from tearmann.casework.reference import parse
    from tearmann.cli.case_sheet import lines_of, object_of

    now = doing()
    tidy = parse(reference)
    if tidy is None:
        raise NotFound("that is no case reference; it has eleven letters and digits, the last of which checks the rest")
    view = case_page(now.by, case_for(now.by, tidy))
    consulted("case", cases=view.shown(), doing=now)
    tell(object_of(view), lines_of(view), as_json=as_json)


def quarantine(
    everything: Annotated[bool, typer.Option("--all", help="Also what somebody has settled.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show what could not be read, and what would help. Looking is logged."""
    open_store()
    from tearmann.casework.actions.reading import consulted
    from tearmann.casework.queries.quarantine import set_aside_for

    now = doing()
    held = set_aside_for(now.by).order_by("received_at", "pk")
    if not everything:
        held = held.filter(settled_at__isnull=True)
    payloads = [
        {
            "sha256": payload.sha256,
            "file": payload.file_name,
            "file_sha256": payload.file_sha256,
            "place": payload.place,
            "state": payload.state,
            "received_at": payload.received_at.isoformat(),
            "faults": payload.faults,
            "settled_at": payload.settled_at.isoformat() if payload.settled_at else None,
        }
        for payload in held
    ]
    consulted("quarantine", cases=[], doing=now)
    lines = [
        f"{payload['sha256'][:12]}  {payload['place']}: {fault['says']}; {fault['remedy']}"
        for payload in payloads
        for fault in payload["faults"]
    ]
    tell({"payloads": payloads}, lines or ["Quarantine is empty."], as_json=as_json)

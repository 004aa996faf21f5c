"""ledger verify, anchor, export: proof that the two logs are whole, also for those who trust no program of ours."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from tearmann.cli.say import AsJson, tell
from tearmann.cli.store import doing, open_store
from tearmann.errors import IntakeError, LedgerBroken, NotFound

app = typer.Typer(help="The two logs: the case history and the processing log.", no_args_is_help=True)


@app.command()
def verify(
    anchor: Annotated[
        Path | None, typer.Option(help="Anchors exported earlier: they find a cut tail and a rewritten chain.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Prove both chains from end to end; name the first bad entry of each."""
    open_store()
    from tearmann.ledger.chain import Anchor, Chain
    from tearmann.ledger.chain import verify as prove

    anchors = {}
    if anchor is not None:
        try:
            written = anchor.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as fault:
            raise IntakeError(f"{anchor}: no anchors can be read there; give the file that was exported") from fault
        for line in filter(None, map(str.strip, written.splitlines())):
            one = Anchor.from_json(line)
            anchors[one.chain] = one
    found = [prove(chain, anchor=anchors.get(chain)) for chain in Chain]
    answer = {
        "ok": all(one.ok for one in found),
        "anchored": sorted(anchors),
        "chains": [
            {
                "chain": one.chain.value,
                "ok": one.ok,
                "entries": one.entries,
                "head": one.head,
                "first_bad": one.first_bad,
                "why": one.why,
            }
            for one in found
        ],
    }
    lines = [
        f"{one.chain.label}: whole, {one.entries} entries, head {one.head[:16]}"
        if one.ok
        else f"{one.chain.label}: BROKEN at entry {one.first_bad}: {one.why}"
        for one in found
    ]
    if not anchors:
        lines.append("Without an anchor kept elsewhere a cut tail cannot be seen: tearmann ledger anchor > FILE")
    tell(answer, lines, as_json=as_json)
    if not answer["ok"]:
        raise typer.Exit(LedgerBroken.exit_code)


@app.command()
def anchor() -> None:
    """Print where both chains end now, a line of JSON each. Keep it where nobody who writes the store can write."""
    open_store()
    from tearmann.ledger.chain import Chain
    from tearmann.ledger.chain import anchor as end_of

    for chain in Chain:
        typer.echo(end_of(chain).to_json())


@app.command()
def export(
    chain: Annotated[str, typer.Argument(help="history or processing.")],
) -> None:
    """Print a whole log, one JSON object a line, for a checker that is not ours. That it was exported is logged."""
    open_store()
    from django.db import transaction

    from tearmann.casework.entries import processing
    from tearmann.ledger.chain import COLUMNS, Chain, record
    from tearmann.ledger.models import Entry

    if chain not in Chain.values:
        raise NotFound(f"there is no log of that name; it is one of {', '.join(Chain.values)}")
    with transaction.atomic(durable=True):
        record([processing("export", "ledger export", doing(), log=chain)])
    for entry in Entry.objects.filter(chain=chain).order_by("seq").values(*COLUMNS).iterator(chunk_size=1000):
        written = entry | {"at": _written(entry["at"]), "happened_at": _written(entry["happened_at"])}
        typer.echo(json.dumps(written, ensure_ascii=False))


def _written(at: datetime | None) -> str:
    """A time as the recipe of the hashes writes it, or an empty text."""
    return f"{at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z" if at else ""

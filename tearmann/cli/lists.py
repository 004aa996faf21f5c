"""lists load, show, match, withdraw: an operator's commands, each of them logged."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from tearmann.cli.say import AsJson, Steps, steps, tell
from tearmann.cli.store import doing, open_store
from tearmann.errors import ListError

if TYPE_CHECKING:
    from tearmann.lists import ListRow

ListFormat = Literal["csv", "text", "ncmec"]

app = typer.Typer(help="Reference lists of known hashes.", no_args_is_help=True)


@app.command()
def load(
    name: Annotated[str, typer.Argument(help="The list's name.")],
    path: Annotated[Path, typer.Argument(help="CSV (kind,value,code,scheme), one hash a line, or hash-sharing XML.")],
    format: Annotated[ListFormat | None, typer.Option(help="By default the name's ending tells.")] = None,
    version: Annotated[str | None, typer.Option(help="By default the time of loading.")] = None,
    as_json: AsJson = False,
) -> None:
    """Load a version of a list and put it in force. The version before it is withdrawn."""
    open_store()
    from tearmann import lists
    from tearmann.casework import installation
    from tearmann.casework.actions.lists import load_list

    _check_there(path)
    now = doing()
    with steps(f"Reading {path.name}") as progress:
        info = lists.build(
            _counted(lists.read(path, format=format), progress),
            installation.lists_directory(),
            name=name,
            version=version or now.at.strftime("%Y%m%dT%H%M%SZ"),
        )
    loaded = load_list(info, doing=now)
    answer = {"list": loaded.name, "version": loaded.version, "entries": loaded.entries, "void": info.void_rows}
    tell(answer, [f"{loaded.name} {loaded.version}: {loaded.entries} entries in force"], as_json=as_json)


def _check_there(path: Path) -> None:
    if not path.is_file():
        raise ListError(f"{path}: there is no such file; check the name")


def _counted(rows: Iterator[ListRow], progress: Steps) -> Iterator[ListRow]:
    for number, row in enumerate(rows, start=1):
        if number % 10_000 == 0:
            progress(10_000)
        yield row


@app.command()
def show(as_json: AsJson = False) -> None:
    """Show the lists, in force and withdrawn."""
    open_store()
    from tearmann.casework.models import ListVersion

    versions = [
        {
            "list": one.name,
            "version": one.version,
            "entries": one.entries,
            "kinds": sorted(one.digests),
            "loaded_at": one.loaded_at.isoformat(),
            "withdrawn_at": one.withdrawn_at.isoformat() if one.withdrawn_at else None,
        }
        for one in ListVersion.objects.order_by("name", "pk")
    ]
    lines = [
        f"{one['list']} {one['version']}: {one['entries']} entries, "
        f"{'withdrawn' if one['withdrawn_at'] else 'in force'}"
        for one in versions
    ]
    tell({"lists": versions}, lines or ["No list was loaded."], as_json=as_json)


@app.command()
def match(
    path: Annotated[Path, typer.Argument(help="Hashes to match, in any format that load takes.")],
    format: Annotated[ListFormat | None, typer.Option(help="By default the name's ending tells.")] = None,
    as_json: AsJson = False,
) -> None:
    """Match hashes of your own against the lists in force. That you asked, and how often it hit, is logged."""
    open_store()
    from tearmann import lists
    from tearmann.casework import installation
    from tearmann.casework.actions.lists import match_hashes

    _check_there(path)
    now = doing()
    segments = [segment for version in installation.instruments().lists.values() for segment in version]
    asked = sorted({(row.kind, row.value) for row in lists.read(path, format=format)})
    hits = [
        {
            "kind": kind.value,
            "value": value,
            "list": segment.name,
            "version": segment.version,
            "code": code,
            "scheme": scheme,
            "match": "exact",
        }
        for kind, value in asked
        for segment in segments
        if segment.kind is kind
        for code, scheme in segment.find(value)
    ]
    match_hashes(asked=len(asked), found=len(hits), doing=now)
    lines = [
        f"{hit['kind']} {hit['value']}: {hit['list']} {hit['version']}, code {hit['code'] or 'none'}" for hit in hits
    ]
    tell({"asked": len(asked), "hits": hits}, lines or ["No hit."], as_json=as_json)


@app.command()
def withdraw(
    name: Annotated[str, typer.Argument(help="The list's name.")],
    reason: Annotated[str, typer.Option(help="Why.")],
    as_json: AsJson = False,
) -> None:
    """Take a list out of force. Hits that it made stay, and say which version made them."""
    open_store()
    from tearmann.casework.actions.lists import withdraw_list

    withdraw_list(name, doing=doing(), reason=reason)
    tell({"list": name, "withdrawn": True}, [f"{name} is withdrawn"], as_json=as_json)

"""Receive CyberTipline XML to assessed, durable cases, against parsing it and inserting the same rows.

The peer parses the same files with lxml and writes, with `executemany` in one transaction, every row that our run
left in the store, into a store migrated alike. Both run in child processes, turn by turn: over the reports alone,
which is what the target is about, and over the whole invented year, with the details of files that senders put into
documents of their own, and what they sent again, changed or broken. Then, over the whole year: memory by the number of
files, and how long a page waits for its entry in the processing log during an import.

Prints one line of JSON. Run as `make bench ARGS=receive`, or this file with --help.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import sys
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import _measure
import _stores

AT = datetime(2026, 11, 2, 12, tzinfo=UTC)
SEED = 20261102
TARGET = 5.0
EVERY_SECONDS = 0.1  # a page is asked for ten times a second
# The reports of a synthetic year: its other files are details of files, and what was sent again, changed or broken.
REPORT = re.compile(r"1\d{7}\.xml")


def main() -> None:
    asked = _asked()
    if asked.child is not None:
        print(json.dumps(CHILDREN[asked.child](asked)))
        return
    folder = Path(tempfile.mkdtemp(prefix="tearmann-bench-"))
    try:
        print(json.dumps(measure(asked, folder)))
    finally:
        shutil.rmtree(folder)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=5_000, help="reports to invent")
    parser.add_argument("--repetitions", type=int, default=3, help="runs of each side, turn by turn")
    parser.add_argument("--long", action="store_true", help="measure memory with 50,000 files as well")
    parser.add_argument("--only", choices=("ratio", "memory", "waits"), help="one of the three measurements")
    # Between this script and its own child processes.
    parser.add_argument("--child", choices=sorted(CHILDREN), help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--most", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--reports-alone", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--rows-of", help=argparse.SUPPRESS)
    parser.add_argument("--template", help=argparse.SUPPRESS)
    return parser.parse_args()


# ------------------------------------------------------------------------------------------------ what is measured
def measure(asked: argparse.Namespace, folder: Path) -> dict[str, Any]:
    from tearmann.synthetic import referrals

    def invent(name: str, count: int) -> Path:
        _stores.say(f"inventing {count} reports")
        referrals.write(folder / name, count=count, seed=SEED, until=date(2026, 11, 1))
        return folder / name

    sent = invent("sent", asked.reports)
    sizes = [1_000, 10_000, *([50_000] if asked.long else [])]
    many = invent("many", sizes[-1]) if asked.only in (None, "memory") else sent
    answer: dict[str, Any] = {
        "benchmark": "receive",
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": _measure.machine(),
        "reports": asked.reports,
        "target_ratio": TARGET,
    }
    for vendor in _stores.vendors():
        with _stores.stores(vendor, folder) as made:
            one = Measured(made, folder / f"data-{vendor}", invented_list=folder / "sent-truth/invented-known.csv")
            answer[vendor] = one.all_of(asked, sent=sent, many=many, sizes=sizes)
    return answer | {"load_at_end": _measure.machine()["load_1_5_15_min"]}


class Measured:
    """The three measurements on one kind of store."""

    def __init__(self, made: _stores.Stores, data_dir: Path, *, invented_list: Path) -> None:
        self._made, self._data_dir = made, data_dir
        self._template = made.new()
        self._set_up = self._run("set_up", self._template, "--folder", str(invented_list))

    def all_of(self, asked: argparse.Namespace, *, sent: Path, many: Path, sizes: list[int]) -> dict[str, Any]:
        answer: dict[str, Any] = {"version": self._set_up["version"]}
        if asked.only in (None, "ratio"):
            answer["reports_alone"] = self.ratio(sent, asked.repetitions, "--reports-alone")
            answer["whole_year"] = self.ratio(sent, asked.repetitions)
        if asked.only in (None, "memory"):
            answer["memory"] = self.memory(many, sizes)
        if asked.only in (None, "waits"):
            answer["page_waits_ms"] = self.waits(sent)
        return answer

    def _run(self, child: str, store: _stores.Store, *arguments: str) -> dict[str, Any]:
        return _stores.run(__file__, ["--child", child, *arguments], store, self._data_dir)

    def ratio(self, sent: Path, repetitions: int, *which: str) -> dict[str, Any]:
        ours, peer = [], []
        for number in range(1, repetitions + 1):
            received = self._made.new(like=self._template)
            ours.append(self._run("receive", received, "--folder", str(sent), *which))
            inserted = self._made.new(like=self._template)
            rows_of = ["--rows-of", received.url, "--template", self._template.url]
            peer.append(self._run("peer", inserted, "--folder", str(sent), *which, *rows_of))
            for store in (received, inserted):
                self._made.drop(store)
            took = {name: (run[-1]["wall"], run[-1]["cpu"]) for name, run in (("ours", ours), ("peer", peer))}
            _stores.say(f"{self._made.vendor} {' '.join(which)} {number}/{repetitions}: seconds, of processor: {took}")
        answer: dict[str, Any] = {"repetitions": repetitions, "files": ours[0]["files"], "rows": peer[0]["rows"]}
        answer["counts"] = ours[0]["counts"]
        for measured in ("wall", "cpu", "client_cpu"):
            of_ours, of_peer = _measure.middle(ours, measured), _measure.middle(peer, measured)
            answer[f"{measured}_ratio"] = round(of_ours / of_peer, 2)
            answer[f"{measured}_seconds"] = {"ours": round(of_ours, 2), "peer": round(of_peer, 2)}
        answer["within_target"] = answer["wall_ratio"] <= TARGET
        return answer

    def memory(self, many: Path, sizes: list[int]) -> dict[str, Any]:
        peaks = {}
        for size in sizes:
            store = self._made.new(like=self._template)
            peaks[size] = self._run("receive", store, "--folder", str(many), "--most", str(size))["peak_megabytes"]
            self._made.drop(store)
            _stores.say(f"{self._made.vendor}: {size} files, at most {peaks[size]:.0f} MB")
        return {
            "peak_megabytes": {str(size): round(peak, 1) for size, peak in peaks.items()},
            "ratio": {f"{size}/{sizes[0]}": round(peaks[size] / peaks[sizes[0]], 2) for size in sizes[1:]},
        }

    def waits(self, sent: Path) -> dict[str, Any]:
        store = self._made.new(like=self._template)
        reader = _stores.start(__file__, ["--child", "page"], store, self._data_dir)
        assert reader.stdout is not None
        reader.stdout.readline()  # it is ready, and has measured without an import
        self._run("receive", store, "--folder", str(sent))
        waited = _stores.finish(reader)  # closes its standard input, which ends it
        self._made.drop(store)
        _stores.say(f"{self._made.vendor}: a page waited {waited['importing']}")
        return waited


# ------------------------------------------------------------------------------------------------ the child processes
def _set_up(asked: argparse.Namespace) -> dict[str, Any]:
    """Migrate a store, bring it to the profile's units, and put the invented list in force."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from tearmann import lists
    from tearmann.casework import installation
    from tearmann.casework.actions.lists import load_list
    from tearmann.people.acts import sync_units

    call_command("migrate", interactive=False, verbosity=0)
    sync_units(installation.force(), by_kind="operator", by_ref="operator", at=AT)
    rows = lists.read(asked.folder, format=None)
    info = lists.build(iter(rows), installation.lists_directory(), name="invented-known", version="1")
    load_list(info, doing=_doing())
    version = ".".join(map(str, connection.get_database_version()))
    connection.close()  # whoever is connected keeps it from being copied
    return {"version": version}


def _doing(*, officer: bool = False) -> Any:
    from tearmann.casework import installation
    from tearmann.casework.doing import Actor, Doing

    by = Actor(kind="officer", reference="ann") if officer else Actor.operator("operator")
    return Doing(by=by, at=AT, force=installation.force())


def _files(folder: Path, *, most: int | None = None, reports_alone: bool = False) -> list[Path]:
    return sorted(path for path in folder.iterdir() if not reports_alone or REPORT.fullmatch(path.name))[:most]


def _receive(asked: argparse.Namespace) -> dict[str, Any]:
    """Receive a folder as the command does, after what every command does first."""
    import django

    django.setup()
    from django.db import connection

    from tearmann.casework import installation
    from tearmann.casework.actions.receive import receive
    from tearmann.intake.files import File
    from tearmann.people.models import Unit

    doing = _doing()
    unit = Unit.objects.get(code=doing.force.default_unit)
    keys, instruments = installation.keys(), installation.instruments()
    paths = _files(asked.folder, most=asked.most, reports_alone=asked.reports_alone)
    backend = connection.connection.info.backend_pid if connection.vendor == _stores.POSTGRESQL else None
    meter = _measure.Meter(backend)
    receipt = receive(
        (File(name=path.name, path=path) for path in paths), doing=doing, unit=unit, keys=keys, instruments=instruments
    )
    read = meter.read()
    if receipt.unassessed:
        raise SystemExit(f"{receipt.unassessed} cases could not be assessed; this is no measurement")
    counts = {outcome.value: count for outcome, count in sorted(receipt.counts.items())}
    return {**read, "peak_megabytes": _measure.peak_megabytes(), "files": len(paths), "counts": counts}


def _insert(asked: argparse.Namespace) -> dict[str, Any]:
    """Parse the same files and insert the rows that our run wrote. The rows lie ready before the clock starts."""
    import _peer

    paths = _files(asked.folder, reports_alone=asked.reports_alone)
    return _peer.run(paths, rows_of=asked.rows_of, template=asked.template)


def _page(asked: argparse.Namespace) -> dict[str, Any]:
    """Write a page's entry ten times a second until standard input ends; tell how long each one took."""
    import threading
    import time

    import django

    django.setup()
    from tearmann.casework.actions.reading import consulted

    doing = _doing(officer=True)
    shown = [f"INVENTED{number:03}" for number in range(25)]
    ended = threading.Event()

    def watch() -> None:
        sys.stdin.read()
        ended.set()

    threading.Thread(target=watch, daemon=True).start()

    def waits(enough: int | None = None) -> list[float]:
        taken: list[float] = []
        began = time.perf_counter()
        while not ended.is_set() and (enough is None or len(taken) < enough):
            # By the clock and not after the last one: a page that waits does not keep the next from being asked for.
            due = began + len(taken) * EVERY_SECONDS
            time.sleep(max(0.0, due - time.perf_counter()))
            consulted("queue", cases=shown, doing=doing)
            taken.append(time.perf_counter() - due)
        return taken

    consulted("queue", cases=shown, doing=doing)  # the first makes the connection
    quiet = waits(30)
    print("ready", flush=True)
    return {"quiet": _measure.percentiles(quiet), "importing": _measure.percentiles(waits())}


CHILDREN = {"set_up": _set_up, "receive": _receive, "peer": _insert, "page": _page}

if __name__ == "__main__":
    main()

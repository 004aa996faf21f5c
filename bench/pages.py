"""The pages that officers open all day, over a store of 100,000 cases of which one in ten is open.

Measures, on each store: the queries behind the queue, the counts of its stages, the lane of expiring data, the search
for an exact identifier and the page of a case; then the pages themselves, through Django's test client, with the
entry in the processing log that each of them writes. One process, one page at a time.

Prints one line of JSON. Run as `make bench ARGS=pages`, or this file with --help.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import _measure
import _stores

TARGET_P95 = 350.0  # milliseconds; for a store of a million cases and twenty people at once, so a sighting shot only


def main() -> None:
    asked = _asked()
    if asked.child:
        print(json.dumps(_measured(asked)))
        return
    folder = Path(tempfile.mkdtemp(prefix="tearmann-bench-"))
    try:
        answer: dict[str, Any] = {
            "benchmark": "pages",
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "machine": _measure.machine(),
            "cases": asked.cases,
            "calls": asked.calls,
            "target_p95_ms": TARGET_P95,
        }
        for vendor in asked.only or _stores.vendors():
            _stores.say(f"{vendor}: filling a store with {asked.cases} cases")
            with _stores.stores(vendor, folder) as made:
                arguments = ["--child", "--cases", str(asked.cases), "--calls", str(asked.calls)]
                if asked.explain:
                    arguments.append("--explain")
                answer[vendor] = _stores.run(__file__, arguments, made.new(), folder / f"data-{vendor}")
        print(json.dumps(answer | {"load_at_end": _measure.machine()["load_1_5_15_min"]}))
    finally:
        shutil.rmtree(folder)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--calls", type=int, default=200, help="of each page, after ten that do not count")
    parser.add_argument("--only", action="append", choices=(_stores.SQLITE, _stores.POSTGRESQL))
    parser.add_argument("--explain", action="store_true", help="print the store's plan for each statement as well")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


def _measured(asked: argparse.Namespace) -> dict[str, Any]:
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    # The assets need not be built for this, and an import writes no page of logs.
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    call_command("migrate", interactive=False, verbosity=0)
    import _fill

    _fill.set_up_force()
    began = _measure.Meter()
    filled = _fill.fill(asked.cases)
    _stores.say(f"{connection.vendor}: filled in {began.read()['wall']:.0f} s, {filled.open} open")
    answer: dict[str, Any] = {
        "version": ".".join(map(str, connection.get_database_version())),
        "open": filled.open,
        "queries_ms": {},
        "pages_ms": {},
    }
    for part, calls in (("queries_ms", _queries(asked.cases)), ("pages_ms", _pages(asked.cases))):
        for name, call in calls.items():
            answer[part][name] = _measure_one(call, asked.calls)
            _stores.say(f"{connection.vendor} {part[:-3]:8}{name:32}{answer[part][name]}")
            if asked.explain and part == "queries_ms":
                _explain(call)
    answer["within_target"] = all(one["p95"] < TARGET_P95 for one in answer["pages_ms"].values())
    answer["queue_uses_index"] = _queue_plan()
    return answer


def _measure_one(call: Callable[[], Any], calls: int) -> dict[str, Any]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for _ in range(10):
        call()
    with CaptureQueriesContext(connection) as asked:
        call()
    return _measure.percentiles([_measure.timed(call) for _ in range(calls)]) | {"statements": len(asked)}


def _viewer(sign_in: str) -> Any:
    from tearmann.casework.doing import Actor
    from tearmann.people.models import Officer

    return Actor.of(Officer.objects.get(sign_in=sign_in))


def _open_references(unit: int) -> list[str]:
    from tearmann.casework.models import Case

    held = Case.objects.filter(is_open=True, unit_id=unit, restricted=False).order_by("reference")
    return list(held.values_list("reference", flat=True)[:400])


def _queries(cases: int) -> dict[str, Callable[[], Any]]:
    """The queries as the desk officer of the busiest unit asks them, and the widest ones as an auditor does."""
    import _fill

    from tearmann.casework.queries import queue as queries
    from tearmann.casework.queries.case_page import case_page
    from tearmann.casework.queries.queue import QueueFilter
    from tearmann.casework.queries.search import search
    from tearmann.casework.queries.visible import case_for
    from tearmann.casework.states import State

    ann, cal = _viewer("ann"), _viewer("cal")
    unit = QueueFilter(unit=ann.unit)
    mine = QueueFilter(unit=ann.unit, mine=True)
    draw = random.Random(1)
    references = _open_references(ann.unit)
    deep = _cursor_of_page(40, ann, unit)

    def ask(viewer: Any, wanted: QueueFilter, after: str = "") -> Callable[[], Any]:
        return lambda: queries.queue(viewer, wanted, now=_fill.NOW, after=after)

    return {
        "queue, unit": ask(ann, unit),
        "queue, page 40": ask(ann, unit, deep),
        "queue, mine": ask(ann, mine),
        "queue, developing": ask(ann, QueueFilter(unit=ann.unit, state=State.DEVELOPING)),
        "queue, disseminated": ask(ann, QueueFilter(unit=ann.unit, state=State.DISSEMINATED)),
        "queue, escalated": ask(ann, QueueFilter(unit=ann.unit, escalated=True)),
        "queue, all units": ask(cal, QueueFilter()),
        "stages": lambda: queries.stages(ann, unit),
        "stages, mine": lambda: queries.stages(ann, mine),
        "expiring": lambda: queries.expiring(ann, unit, now=_fill.NOW),
        "expiring, mine": lambda: queries.expiring(ann, mine, now=_fill.NOW),
        "search, address": lambda: search(ann, _fill.address(draw.randrange(cases)), region="GB"),
        "search, sender's reference": lambda: search(ann, str(10_000_000 + draw.randrange(cases)), region="GB"),
        "search, a common surname": lambda: search(ann, "surname", region="GB"),
        "case": lambda: case_page(ann, case_for(ann, draw.choice(references))),
    }


def _cursor_of_page(number: int, viewer: Any, wanted: Any) -> str:
    import _fill

    from tearmann.casework.queries.queue import queue

    after = ""
    for _ in range(number - 1):
        after = queue(viewer, wanted, now=_fill.NOW, after=after).after or after
    return after


def _pages(cases: int) -> dict[str, Callable[[], Any]]:
    """The pages as a browser gets them, without the network between."""
    import _fill
    from django.test import Client

    from tearmann.people.models import Officer

    ann, cal = Client(SERVER_NAME="localhost"), Client(SERVER_NAME="localhost")
    for client, sign_in in ((ann, "ann"), (cal, "cal")):
        client.force_login(Officer.objects.get(sign_in=sign_in))
    draw = random.Random(2)
    references = _open_references(_viewer("ann").unit)

    def get(client: Client, path: str) -> Callable[[], Any]:
        return lambda: _answered(client.get(path))

    return {
        "queue, mine": get(ann, "/"),
        "queue, unit": get(ann, "/?tab=unit"),
        "queue, developing": get(ann, "/?tab=unit&stage=developing"),
        "queue, escalated": get(ann, "/?tab=unit&escalated=on"),
        "queue, all units": get(cal, "/"),
        "expiring": get(ann, "/?tab=expiring"),
        "search, address": lambda: _answered(
            ann.post("/search/", {"q": _fill.address(draw.randrange(cases))}, follow=True)
        ),
        "case": lambda: _answered(ann.get(f"/cases/{draw.choice(references)}/")),
    }


def _answered(response: Any) -> None:
    if response.status_code != 200:
        raise SystemExit(f"a page answered {response.status_code}; this is no measurement")


def _queue_plan() -> bool:
    """Whether the store finds the queue of a unit by its index and need not sort."""
    from tearmann.casework.queries.queue import QueueFilter

    ann = _viewer("ann")
    import _fill
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from tearmann.casework.queries.queue import queue

    with CaptureQueriesContext(connection) as asked:
        queue(ann, QueueFilter(unit=ann.unit), now=_fill.NOW)
    plan = _plan(asked.captured_queries[0]["sql"])
    return "case_queue" in plan and "TEMP B-TREE" not in plan


def _explain(call: Callable[[], Any]) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as asked:
        call()
    for query in asked.captured_queries:
        if query["sql"].startswith("SELECT"):
            _stores.say(f"-- {query['time']} s: {query['sql'][:1500]}\n{_plan(query['sql'])}\n")


def _plan(sql: str) -> str:
    from django.db import connection

    explain = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN (ANALYZE, BUFFERS)"
    with connection.cursor() as cursor:
        cursor.execute(f"{explain} {sql}")
        return "\n".join(str(row[-1]) for row in cursor.fetchall())


if __name__ == "__main__":
    main()

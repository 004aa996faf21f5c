"""Time, processor and memory of a run, and the machine it ran on."""

from __future__ import annotations

import math
import os
import platform
import sqlite3
import time
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

TICKS = os.sysconf("SC_CLK_TCK")


class Meter:
    """Measures from its making on. backend: the process of a PostgreSQL connection, which works for us as well."""

    def __init__(self, backend: int | None = None) -> None:
        self._backend = backend
        self._theirs = _cpu_of(backend)
        self._ours = time.process_time()
        self._began = time.perf_counter()

    def read(self) -> dict[str, float]:
        """Seconds by the clock, and of the processor in our process and in the server's for us."""
        wall = time.perf_counter() - self._began
        ours = time.process_time() - self._ours
        return {"wall": wall, "client_cpu": ours, "cpu": ours + _cpu_of(self._backend) - self._theirs}


def _cpu_of(pid: int | None) -> float:
    """Seconds of the processor that a process of this machine has used; 0 where it cannot be read."""
    if pid is None:
        return 0.0
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / TICKS


def peak_megabytes() -> float:
    """The most memory that this process has had resident. From /proc: getrusage counts what forked it as well."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise SystemExit("this system does not tell the peak memory of a process; measure on Linux")


def percentiles(seconds: Sequence[float]) -> dict[str, float]:
    """The 50th and 95th percentile and the maximum, in milliseconds, by nearest rank."""
    ordered = sorted(seconds)
    if not ordered:
        return {"n": 0}
    at = {name: ordered[max(0, math.ceil(share * len(ordered)) - 1)] for name, share in (("p50", 0.5), ("p95", 0.95))}
    return {"n": len(ordered)} | {name: round(1000 * value, 2) for name, value in (*at.items(), ("max", ordered[-1]))}


def timed(call: Callable[[], Any]) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def middle(runs: Sequence[dict[str, float]], name: str) -> float:
    return median(run[name] for run in runs)


def machine() -> dict[str, Any]:
    """What a figure depends on, and how busy the machine was meanwhile."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "cores": os.cpu_count(),
        "memory_gib": round(memory / 2**30, 1),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "django": version("django"),
        "lxml": version("lxml"),
        "load_1_5_15_min": [round(load, 2) for load in os.getloadavg()],
    }

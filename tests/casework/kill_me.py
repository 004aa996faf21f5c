"""A command that dies: `python -m tests.casework.kill_me SECONDS ARGUMENTS` runs `tearmann ARGUMENTS` and kills itself.

The kill is SIGKILL, so many seconds after the command has begun in earnest; 0 lets it live. The clock stands still,
as it does in every test. On standard error: how long a command that lived took, in seconds.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from datetime import UTC, datetime, tzinfo
from typing import Self

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


class StandingClock(datetime):
    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Self:
        return cls.fromtimestamp(NOON.timestamp(), tz)


def main(seconds: float, arguments: list[str]) -> None:
    from tearmann.cli import store
    from tearmann.cli.root import app

    store.datetime = StandingClock  # type: ignore[attr-defined]
    # What a command loads takes longer than what it does: load it first, so that the kill comes amid the doing.
    store.open_store(migrated=False)
    import tearmann.casework.installation
    import tearmann.intake.reading  # noqa: F401

    if seconds:
        kill = threading.Timer(seconds, os.kill, (os.getpid(), signal.SIGKILL))
        kill.daemon = True  # a command that is done before is not kept waiting for it
        kill.start()
    begun = time.monotonic()
    try:
        app(arguments)
    finally:
        print(time.monotonic() - begun, file=sys.stderr)


if __name__ == "__main__":
    main(float(sys.argv[1]), sys.argv[2:])

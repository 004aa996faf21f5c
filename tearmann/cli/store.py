"""What a command that needs the store does first: load Django, see that the store is there, and say who acts."""

from __future__ import annotations

import getpass
import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tearmann.errors import SettingError

if TYPE_CHECKING:
    from tearmann.casework.doing import Doing


def open_store(*, migrated: bool = True) -> None:
    """Load Django. Raises SettingError where the settings are wrong or the store was never set up."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tearmann.settings")
    import django
    from django.conf import settings

    django.setup()
    settings.TEARMANN.prepare_data_dir()
    if migrated:
        _check_migrated()


def _check_migrated() -> None:
    from django.db import DatabaseError, connection
    from django.db.migrations.executor import MigrationExecutor

    try:
        executor = MigrationExecutor(connection)
        behind = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as fault:
        raise SettingError(f"the store does not answer ({type(fault).__name__}); see TEARMANN_DATABASE_URL") from fault
    if behind:
        raise SettingError("the store is not set up for this version; run: tearmann migrate")


def now() -> datetime:
    """The time, aware, UTC. The one place where commands read the clock; tests fix it here."""
    return datetime.now(UTC)


def doing() -> Doing:
    """Who runs this command, now: the operator, who holds the store."""
    from tearmann.casework import installation
    from tearmann.casework.doing import Actor, Doing

    return Doing(by=Actor.operator(operator()), at=now(), force=installation.force())


def operator() -> str:
    """The operating system's name for whoever runs the command."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container may have no name for its user
        return f"uid-{os.getuid()}"

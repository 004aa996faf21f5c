"""What every test stands on: a store and a data directory of their own, no network, a clock that stands still.

The store is SQLite, or what TEARMANN_DATABASE_URL names; a run tries one store. That the pure rooms load without
Django is shown apart, in a process of its own.
"""

from __future__ import annotations

import atexit
import ipaddress
import os
import shutil
import socket
import sys
import tempfile
from collections.abc import Generator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest

if TYPE_CHECKING:
    from tearmann.people.models import Officer, Unit
    from tearmann.profile import Force

# No deadlines: a busy machine is no fault of the code.
hypothesis.settings.register_profile("tearmann", deadline=None, max_examples=50)
hypothesis.settings.load_profile("tearmann")

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
PASSWORD = "a password for tests only"

HERE = Path(__file__).resolve().parent


def _set_up_the_environment() -> None:
    """Let nothing of the machine in but the choice of store, and nothing of the tests out."""
    if "django" in sys.modules and sys.modules["django"].conf.settings.configured:
        raise pytest.UsageError(
            "Django's settings were read before tests/conftest.py could name a data directory for tests; "
            "take DJANGO_SETTINGS_MODULE out of pytest's configuration and the environment"
        )
    data_dir = tempfile.mkdtemp(prefix="tearmann-tests-")
    atexit.register(_clear_away, data_dir, os.getpid())
    for name in [name for name in os.environ if name.startswith("TEARMANN_") and name != "TEARMANN_DATABASE_URL"]:
        del os.environ[name]
    os.environ["TEARMANN_DATA_DIR"] = data_dir
    os.environ["TEARMANN_PROFILE"] = "demo"
    os.environ["TEARMANN_HTTPS"] = "no"  # the test client and the browser come by plain HTTP


def _clear_away(data_dir: str, owner: int) -> None:
    if os.getpid() == owner:  # and not a child that it forked
        shutil.rmtree(data_dir, ignore_errors=True)


_set_up_the_environment()


def _start_django() -> None:
    """Load Django once, with what would be too slow or needs a front-end build replaced."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tearmann.settings"
    import django
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    store = settings.DATABASES["default"]
    if store["ENGINE"] == "django.db.backends.sqlite3":
        # A file, as in use: a database in memory has no write-ahead log and other locks.
        store["TEST"] = {"NAME": str(settings.TEARMANN.data_dir / "test.sqlite3")}
    else:
        store["TEST"] = {"NAME": f"test_{store['NAME']}_{os.getpid()}"}
    django.setup()
    _keep_the_triggers_out_of_the_way_of_a_flush()


def _keep_the_triggers_out_of_the_way_of_a_flush() -> None:
    """Let a transactional test empty the logs at its end, which their triggers refuse to everybody else."""
    from django.db import connection
    from django.test import TransactionTestCase

    from tearmann.ledger import triggers

    # Typed loosely: the hook is Django's own and not in its types.
    test_case: Any = TransactionTestCase
    flush = test_case._fixture_teardown

    def flush_without_triggers(case: Any) -> None:
        triggers.drop(connection)
        try:
            flush(case)
        finally:
            triggers.create(connection)

    test_case._fixture_teardown = flush_without_triggers


# Before the conftest of any room is imported: those of the Django rooms import models.
_start_django()


@pytest.fixture(scope="session", autouse=True)
def no_network() -> Generator[None]:
    """Refuse every connection to another machine, and every question about one."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex"):
            patch.setattr(socket.socket, name, _guarded(getattr(socket.socket, name)))
        resolve = socket.getaddrinfo

        def resolve_this_machine(host: Any, *args: Any, **kwargs: Any) -> Any:
            _refuse_other_machines(host)
            return resolve(host, *args, **kwargs)

        patch.setattr(socket, "getaddrinfo", resolve_this_machine)
        yield


def _guarded(connect: Any) -> Any:
    def connect_to_this_machine(self: socket.socket, address: Any) -> Any:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            _refuse_other_machines(address[0])
        return connect(self, address)

    return connect_to_this_machine


def _refuse_other_machines(host: Any) -> None:
    name = host.decode() if isinstance(host, bytes) else host
    if name in (None, "", "localhost"):
        return
    try:
        if ipaddress.ip_address(name).is_loopback:
            return
    except ValueError:
        pass
    raise ConnectionRefusedError("a test reaches for another machine; tests have no network")


@pytest.fixture(scope="session")
def force() -> Force:
    """The demonstration force, all of it invented."""
    from tearmann.profile import load

    return load("demo")


@pytest.fixture
def north(db: None) -> Unit:
    """Ann's unit, under its code in the demonstration's profile."""
    from tearmann.people.models import Unit

    return Unit.objects.create(code="NORTH", name="North", contact_desk="North desk")


@pytest.fixture
def south(db: None) -> Unit:
    """Ben's unit, under its code in the demonstration's profile."""
    from tearmann.people.models import Unit

    return Unit.objects.create(code="SOUTH", name="South", contact_desk="South desk")


def _officer(sign_in: str, role: str, unit: Unit | None = None) -> Officer:
    from tearmann.people.models import Officer, Role

    return Officer.objects.create_officer(
        sign_in=sign_in, name=sign_in.capitalize(), role=Role(role), password=PASSWORD, unit=unit
    )


@pytest.fixture
def ann(north: Unit) -> Officer:
    """A desk officer of the unit."""
    return _officer("ann", "desk_officer", north)


@pytest.fixture
def ben(south: Unit) -> Officer:
    """A desk officer of another unit."""
    return _officer("ben", "desk_officer", south)


@pytest.fixture
def cal(db: None) -> Officer:
    """An auditor, of no unit."""
    return _officer("cal", "auditor")


@pytest.fixture
def supervisor_north(north: Unit) -> Officer:
    return _officer("supervisor-north", "supervisor", north)


@pytest.fixture
def administrator(db: None) -> Officer:
    return _officer("administrator", "administrator")

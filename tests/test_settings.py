"""Settings: what is nonsense is refused by name, and what is left out is safe."""

from __future__ import annotations

import json
import logging
import os
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import DatabaseError, OperationalError, connections, transaction
from django.db.utils import ConnectionHandler
from django.test import RequestFactory
from pytest_django import DjangoDbBlocker

from tearmann.errors import SettingError
from tearmann.people.models import Unit
from tearmann.settings import LogLine, databases, page_context, read

HEX = "0123456789abcdef" * 4


def refusal(**given: str) -> str:
    with pytest.raises(SettingError) as fault:
        read({f"TEARMANN_{name}": value for name, value in given.items()})
    return str(fault.value)


def with_file(tmp_path: Path, text: str, **environ: str) -> dict[str, str]:
    path = tmp_path / "tearmann.toml"
    path.write_text(text, encoding="utf-8")
    return {"TEARMANN_SETTINGS_FILE": str(path), **environ}


# ------------------------------------------------------------------------------------------------ when unset


def test_with_nothing_set_it_is_safe_for_production() -> None:
    unset = read({})
    assert (unset.demo, unset.debug, unset.https) == (False, False, True)
    assert unset.hosts == ("localhost", "127.0.0.1", "[::1]")


def test_with_nothing_set_the_store_is_a_file_in_the_data_directory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    monkeypatch.setenv("HOME", "/home/ann")
    unset = read({})
    assert unset.data_dir == Path("/home/ann/.local/share/tearmann")
    assert unset.database.name == "/home/ann/.local/share/tearmann/tearmann.sqlite3"


def test_an_empty_variable_is_unset() -> None:
    assert read({"TEARMANN_DEMO": "", "TEARMANN_HOSTS": "", "TEARMANN_DATABASE_URL": ""}) == read({})


def test_no_profile_is_refused_when_it_is_asked_for() -> None:
    with pytest.raises(SettingError, match="TEARMANN_PROFILE is not set; name the force profile"):
        read({}).profile_name()


def test_a_demonstration_works_under_the_demonstration_profile_and_without_https() -> None:
    demo = read({"TEARMANN_DEMO": "1"})
    assert (demo.profile_name(), demo.https) == ("demo", False)


def test_a_demonstration_may_name_another_profile_and_https() -> None:
    demo = read({"TEARMANN_DEMO": "1", "TEARMANN_PROFILE": "scotland", "TEARMANN_HTTPS": "1"})
    assert (demo.profile_name(), demo.https) == ("scotland", True)


# --------------------------------------------------------------------------------------------------- refusals


@pytest.mark.parametrize("name", ["DEMO", "HTTPS", "DEBUG"])
def test_what_is_neither_yes_nor_no_is_refused(name: str) -> None:
    assert f"TEARMANN_{name} must be yes or no" in refusal(**{name: "perhaps"})


@pytest.mark.parametrize(
    ("given", "meant"), [("1", True), ("Yes", True), (" on ", True), ("0", False), ("False", False), ("off", False)]
)
def test_yes_and_no_have_many_spellings(given: str, meant: bool) -> None:
    assert read({"TEARMANN_DEMO": given}).demo is meant


def test_debug_is_refused_outside_a_demonstration() -> None:
    assert "TEARMANN_DEBUG is only for a demonstration" in refusal(DEBUG="1")
    assert read({"TEARMANN_DEBUG": "1", "TEARMANN_DEMO": "1"}).debug


@pytest.mark.parametrize("hosts", ["*", "https://tearmann.example.org", "tearmann.example.org:8000", "a b", ",", "-x"])
def test_hosts_that_are_none_are_refused(hosts: str) -> None:
    assert "TEARMANN_HOSTS must be host names" in refusal(HOSTS=hosts)


def test_hosts_are_separated_by_commas() -> None:
    hosts = read({"TEARMANN_HOSTS": "tearmann.example.org, 192.0.2.7,[2001:db8::1]"}).hosts
    assert hosts == ("tearmann.example.org", "192.0.2.7", "[2001:db8::1]")


def test_a_relative_data_directory_is_refused() -> None:
    assert "TEARMANN_DATA_DIR must be an absolute path" in refusal(DATA_DIR="data")


def test_a_data_directory_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").touch()
    assert "TEARMANN_DATA_DIR names a file" in refusal(DATA_DIR=str(tmp_path / "data"))


@pytest.mark.parametrize("profile", ["../demo", "Scot land", "demo/"])
def test_a_profile_that_is_no_name_is_refused(profile: str) -> None:
    assert "TEARMANN_PROFILE must be the name of a profile" in refusal(PROFILE=profile)


@pytest.mark.parametrize("name", ["PAYLOAD_KEY", "REFERENCE_KEY"])
@pytest.mark.parametrize("key", ["abc", "g" * 64, HEX[:-1]])
def test_a_key_that_is_none_is_refused_without_quoting_it(name: str, key: str) -> None:
    says = refusal(**{name: key})
    assert f"TEARMANN_{name} must be 64 hexadecimal digits" in says
    assert key not in says.replace("hexadecimal", "")


@pytest.mark.parametrize("key", ["short", "x" * 80])
def test_a_secret_key_that_can_be_guessed_is_refused(key: str) -> None:
    assert "TEARMANN_SECRET_KEY is too easy to guess" in refusal(SECRET_KEY=key)


def test_every_fault_is_named_at_once() -> None:
    says = refusal(DEMO="perhaps", HOSTS="*", DATA_DIR="data", DATABASE_URL="mysql://host/name")
    assert all(f"TEARMANN_{name}" in says for name in ("DEMO", "HOSTS", "DATA_DIR", "DATABASE_URL"))


# ------------------------------------------------------------------------------------------------ the database


@pytest.mark.parametrize(
    "url",
    [
        "mysql://host/name",
        "tearmann.sqlite3",
        "sqlite://",
        "sqlite:///",
        "sqlite:///:memory:",
        "sqlite://host/path",
        "sqlite:////path?mode=ro",
        "postgres://canary@host",
        "postgres://canary@host/",
        "postgres://canary@host/name/more",
        "postgres://canary@host:port/name",
        "postgres://canary@host/name?sslmodus=require",
        "postgres://canary@[::1/name",
    ],
)
def test_an_address_that_names_no_store_is_refused_without_quoting_it(url: str) -> None:
    says = refusal(DATABASE_URL=url)
    assert "TEARMANN_DATABASE_URL" in says
    assert "canary" not in says


def test_a_sqlite_address_names_a_file() -> None:
    database = read({"TEARMANN_DATABASE_URL": "sqlite:////srv/tear%20mann.sqlite3"}).database
    assert (database.vendor, database.name) == ("sqlite", "/srv/tear mann.sqlite3")


def test_a_relative_sqlite_address_is_taken_from_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    database = read({"TEARMANN_DATABASE_URL": "sqlite:///here.sqlite3"}).database
    assert database.name == str(tmp_path / "here.sqlite3")


@pytest.mark.parametrize("scheme", ["postgres", "postgresql"])
def test_a_postgresql_address_is_taken_apart(scheme: str) -> None:
    url = f"{scheme}://ann:p%40ss@db.example.org:5433/tearmann?sslmode=require"
    default = databases(read({"TEARMANN_DATABASE_URL": url}).database)["default"]
    assert {name: default[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS")} == {
        "NAME": "tearmann",
        "USER": "ann",
        "PASSWORD": "p@ss",
        "HOST": "db.example.org",
        "PORT": "5433",
        "OPTIONS": {"sslmode": "require"},
    }


def test_a_postgresql_socket_is_an_option() -> None:
    database = read({"TEARMANN_DATABASE_URL": "postgres:///tearmann?host=/run/postgresql"}).database
    assert (database.host, database.name, database.options) == ("/run/postgresql", "tearmann", {})


def test_a_password_is_in_no_repr() -> None:
    url = "postgres://ann:canary@db.example.org/tearmann"
    assert "canary" not in repr(read({"TEARMANN_DATABASE_URL": url, "TEARMANN_SECRET_KEY": "canary" + HEX}))


@pytest.fixture
def store(tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[ConnectionHandler]:
    """A SQLite store of its own, opened as in use and not as under test."""
    database = read({"TEARMANN_DATABASE_URL": f"sqlite:///{tmp_path}/a store.sqlite3"}).database
    handler = ConnectionHandler(databases(database))
    with django_db_blocker.unblock():
        with handler["default"].cursor() as cursor:
            cursor.execute("CREATE TABLE unit (code text)")
        yield handler
        handler.close_all()


def answer(store: ConnectionHandler, alias: str, statement: str) -> Any:
    with store[alias].cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("secure_delete", 1), ("foreign_keys", 1), ("busy_timeout", 20_000)],
)
def test_sqlite_is_opened_so_that_nothing_committed_is_lost(
    store: ConnectionHandler, pragma: str, value: object
) -> None:
    assert answer(store, "default", f"PRAGMA {pragma}") == value


def test_reading_sees_what_is_committed_and_cannot_write(store: ConnectionHandler) -> None:
    with store["default"].cursor() as cursor:
        cursor.execute("INSERT INTO unit VALUES ('north')")
    assert answer(store, "reading", "SELECT code FROM unit") == "north"
    with pytest.raises(OperationalError, match="readonly"), store["reading"].cursor() as cursor:
        cursor.execute("INSERT INTO unit VALUES ('south')")


def test_reading_works_when_nobody_else_has_the_store_open(store: ConnectionHandler) -> None:
    store["default"].close()
    assert answer(store, "reading", "SELECT count(*) FROM unit") == 0


def test_reading_never_waits_for_a_writer(store: ConnectionHandler) -> None:
    with store["default"].cursor() as writer:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("INSERT INTO unit VALUES ('north')")
        assert answer(store, "reading", "SELECT count(*) FROM unit") == 0
        writer.execute("ROLLBACK")


@pytest.mark.django_db(transaction=True, databases=["default", "reading"])
def test_a_snapshot_sees_one_moment() -> None:
    Unit.objects.create(code="NORTH", name="North")
    with transaction.atomic(using="reading"):
        assert Unit.objects.using("reading").count() == 1
        Unit.objects.create(code="SOUTH", name="South")
        assert Unit.objects.using("reading").count() == 1
    assert Unit.objects.using("reading").count() == 2


@pytest.mark.django_db(transaction=True, databases=["default", "reading"])
def test_the_reading_alias_refuses_to_write_under_test_as_well() -> None:
    with pytest.raises(DatabaseError, match=r"read-?only"):
        Unit.objects.using("reading").create(code="NORTH", name="North")
    connections["reading"].close()


# ---------------------------------------------------------------------------------------------------- the file


def test_a_file_gives_settings_of_every_kind(tmp_path: Path) -> None:
    text = 'demo = true\nhosts = ["tearmann.example.org", "192.0.2.7"]\nprofile = "scotland"\n'
    given = read(with_file(tmp_path, text))
    assert (given.demo, given.hosts, given.profile) == (True, ("tearmann.example.org", "192.0.2.7"), "scotland")


def test_the_environment_goes_before_the_file(tmp_path: Path) -> None:
    assert read(with_file(tmp_path, 'profile = "scotland"', TEARMANN_PROFILE="demo")).profile == "demo"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('colour = "blue"', "there is no setting 'colour'"),
        ('settings_file = "x"', "there is no setting 'settings_file'"),
        ("Demo = true", "there is no setting 'Demo'"),
        ("profile = 7", "'profile' must be text, true or false, or a list of text"),
        ("hosts = [1]", "'hosts' must be text"),
        ("[demo]", "'demo' must be text"),
        ("demo = ", "not TOML in UTF-8"),
        ('demo = "perhaps"', "TEARMANN_DEMO must be yes or no"),
    ],
)
def test_a_file_with_nonsense_is_refused(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(SettingError) as fault:
        read(with_file(tmp_path, text))
    assert says in str(fault.value)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert "TEARMANN_SETTINGS_FILE" in refusal(SETTINGS_FILE=str(tmp_path / "absent.toml"))


# ---------------------------------------------------------------------------------------------------- the keys


def test_a_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    data = tmp_path / "data"
    first = read({"TEARMANN_DATA_DIR": str(data)})
    key = first.payload_key()
    assert len(key) == 32
    assert read({"TEARMANN_DATA_DIR": str(data)}).payload_key() == key
    assert stat.S_IMODE((data / "payload.key").stat().st_mode) == 0o600
    assert stat.S_IMODE(data.stat().st_mode) == 0o700


def test_each_purpose_has_its_own_key(tmp_path: Path) -> None:
    given = read({"TEARMANN_DATA_DIR": str(tmp_path)})
    keys = {given.payload_key(), given.reference_key(), bytes.fromhex(given.secret_key())}
    assert len(keys) == 3
    assert sorted(path.name for path in tmp_path.iterdir()) == ["payload.key", "reference.key", "secret.key"]


def test_a_key_that_is_given_makes_no_file(tmp_path: Path) -> None:
    environ = {f"TEARMANN_{name}_KEY": HEX for name in ("SECRET", "PAYLOAD", "REFERENCE")}
    given = read(environ | {"TEARMANN_DATA_DIR": str(tmp_path)})
    assert (given.secret_key(), given.payload_key(), given.reference_key()) == (
        HEX,
        bytes.fromhex(HEX),
        bytes.fromhex(HEX),
    )
    assert list(tmp_path.iterdir()) == []


def test_those_who_ask_at_once_get_one_key(tmp_path: Path) -> None:
    given = read({"TEARMANN_DATA_DIR": str(tmp_path)})
    keys, start = set(), threading.Barrier(8)

    def ask() -> None:
        start.wait(timeout=30)
        keys.add(given.secret_key())

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert len(keys) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["secret.key"]


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    given = read({"TEARMANN_DATA_DIR": str(tmp_path)})
    given.secret_key()
    (tmp_path / "secret.key").chmod(0o640)
    with pytest.raises(SettingError, match="run chmod 600"):
        given.secret_key()


def test_a_key_file_that_was_cut_short_is_refused_and_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "payload.key").write_text("abc\n")
    (tmp_path / "payload.key").chmod(0o600)
    with pytest.raises(SettingError, match="put it back from the backup"):
        read({"TEARMANN_DATA_DIR": str(tmp_path)}).payload_key()
    assert (tmp_path / "payload.key").read_text() == "abc\n"


# -------------------------------------------------------------------------------------------- what Django reads


def loaded(expression: str, **environ: str) -> Any:
    """Return what a fresh process makes of the settings under this environment."""
    script = f"import json; from tearmann import settings as s; print(json.dumps({expression}))"
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TEARMANN_", "DJANGO_"))}
    run = subprocess.run(
        [sys.executable, "-c", script], env=kept | environ, capture_output=True, text=True, check=True, timeout=60
    )
    return json.loads(run.stdout)


def test_loading_the_settings_writes_nothing(tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert loaded("str(s.TEARMANN.data_dir)", TEARMANN_DATA_DIR=str(data)) == str(data)
    assert not data.exists()


def test_the_secret_key_is_made_when_django_asks_for_it(tmp_path: Path) -> None:
    key = loaded("str(s.SECRET_KEY)", TEARMANN_DATA_DIR=str(tmp_path))
    assert (tmp_path / "secret.key").read_text().strip() == key


def test_by_default_cookies_travel_by_https_only(tmp_path: Path) -> None:
    secure = (
        "[s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_SSL_REDIRECT, s.SECURE_HSTS_SECONDS > 0, s.DEBUG]"
    )
    assert loaded(secure, TEARMANN_DATA_DIR=str(tmp_path)) == [True, True, True, True, False]
    assert loaded(secure, TEARMANN_DATA_DIR=str(tmp_path), TEARMANN_DEMO="1") == [False, False, False, False, False]


def test_nothing_inline_and_nothing_from_elsewhere_is_allowed() -> None:
    directives = django_settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    assert {source for sources in directives.values() for source in sources} == {"'self'", "'none'"}
    assert all(directives[name] == ["'none'"] for name in ("object-src", "base-uri", "frame-ancestors"))


def test_every_page_needs_a_login() -> None:
    assert "django.contrib.auth.middleware.LoginRequiredMiddleware" in django_settings.MIDDLEWARE


@pytest.mark.parametrize("demo", [True, False])
def test_every_page_is_told_whether_this_is_a_demonstration(demo: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tearmann.settings.TEARMANN", read({"TEARMANN_DEMO": str(demo)}))
    assert page_context(RequestFactory().get("/"))["demonstration"] is demo


def test_a_log_line_says_what_and_where_and_never_what_a_fault_quotes() -> None:
    try:
        raise ValueError("canary@example.org is not unique")
    except ValueError:
        record = logging.LogRecord("tearmann", logging.ERROR, __file__, 1, "receive %s", ("failed",), sys.exc_info())
    line = json.loads(LogLine().format(record))
    assert (line["level"], line["logger"], line["message"], line["fault"]) == (
        "error",
        "tearmann",
        "receive failed",
        "ValueError",
    )
    assert line["where"].startswith("test_settings.py:")
    assert "canary" not in json.dumps(line)

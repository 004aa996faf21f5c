"""Django's settings, from TEARMANN_* in the environment or in one TOML file. What is nonsense is refused.

name                    meaning, and what it is when unset
TEARMANN_SETTINGS_FILE  a TOML file with any of the names below, lower case and without the prefix; the environment wins
TEARMANN_DATABASE_URL   sqlite:////absolute/path (three strokes: relative) or postgres://user@host:port/name;
                        unset: tearmann.sqlite3 in the data directory
TEARMANN_DATA_DIR       list segments, snapshots and keys; unset: ~/.local/share/tearmann
TEARMANN_HOSTS          names under which browsers reach it, by comma; unset: this machine only
TEARMANN_PROFILE        the force profile; unset: "demo" in a demonstration, else refused when it is first asked for
TEARMANN_DEMO           yes in a demonstration: every page says so; unset: no
TEARMANN_DEBUG          yes shows faults in the browser, only in a demonstration; unset: no
TEARMANN_HTTPS          no where browsers do not come by HTTPS; unset: yes, but no in a demonstration
TEARMANN_SECRET_KEY     signs sessions; unset: the file secret.key in the data directory, made at first use
TEARMANN_PAYLOAD_KEY    seals payloads, 64 hexadecimal digits; unset: payload.key, as above
TEARMANN_REFERENCE_KEY  gives cases their references, 64 hexadecimal digits; unset: reference.key, as above

Code reads them as `django.conf.settings.TEARMANN`, a `Settings`. Loading this module writes nothing.
"""

from __future__ import annotations

import importlib.util
import json
import logging
import os
import re
import secrets
import string
import tomllib
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from csp.constants import NONE, SELF
from django.http import HttpRequest
from django.utils.functional import lazy

from tearmann import __version__
from tearmann.errors import MissingExtra, SettingError

PREFIX = "TEARMANN_"
FILE = PREFIX + "SETTINGS_FILE"
NAMES = tuple(
    PREFIX + name
    for name in (
        "DATABASE_URL",
        "DATA_DIR",
        "HOSTS",
        "PROFILE",
        "DEMO",
        "DEBUG",
        "HTTPS",
        "SECRET_KEY",
        "PAYLOAD_KEY",
        "REFERENCE_KEY",
    )
)
YES_OR_NO = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}
POSTGRES_OPTIONS = frozenset({"host", "sslmode", "sslrootcert", "sslcert", "sslkey", "connect_timeout"})
HOST = re.compile(r"\.?[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*|\[[0-9a-f:.]+\]")
PROFILE = re.compile(r"[a-z0-9][a-z0-9_-]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Database:
    """Where the store is. name: the file's absolute path (SQLite) or the database's name (PostgreSQL)."""

    vendor: Literal["sqlite", "postgresql"]
    name: str
    host: str = ""
    port: str = ""
    user: str = ""
    password: str = field(default="", repr=False)
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The TEARMANN_ settings as read. profile: None where unset; ask `profile_name()`."""

    database: Database
    data_dir: Path
    hosts: tuple[str, ...] = ("localhost", "127.0.0.1", "[::1]")
    profile: str | None = None
    demo: bool = False
    debug: bool = False
    https: bool = True
    given_keys: Mapping[str, str] = field(default_factory=dict, repr=False)

    def profile_name(self) -> str:
        """Return the force profile's name or path. Raises SettingError where none is set."""
        if self.profile is None:
            raise SettingError(f"{PREFIX}PROFILE is not set; name the force profile to work under, such as scotland")
        return self.profile

    def prepare_data_dir(self) -> Path:
        """Make the data directory, for its owner alone, if it is missing, and return it."""
        try:
            self.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as fault:
            raise SettingError(
                f"{PREFIX}DATA_DIR: {self.data_dir} cannot be made ({fault.strerror}); name a directory we may write"
            ) from fault
        return self.data_dir

    def secret_key(self) -> str:
        """Return the key that signs sessions, from the settings or from its file, made at first use."""
        return self.given_keys.get("secret") or _key_in_file(self.prepare_data_dir() / "secret.key")

    def payload_key(self) -> bytes:
        """Return the key that seals payloads, 32 bytes, from the settings or from its file, made at first use."""
        return self._key("payload")

    def reference_key(self) -> bytes:
        """Return the key that gives cases their references, 32 bytes, as `payload_key` does."""
        return self._key("reference")

    def _key(self, purpose: str) -> bytes:
        digits = self.given_keys.get(purpose) or _key_in_file(self.prepare_data_dir() / f"{purpose}.key")
        return bytes.fromhex(digits)


def read(environ: Mapping[str, str]) -> Settings:
    """Read the settings. Raises one SettingError that names every setting that is wrong, and what would do."""
    reader = _Reader(environ)
    demo = reader.yes_or_no("DEMO", default=False)
    data_dir = reader.data_dir()
    settings = Settings(
        database=reader.database(data_dir),
        data_dir=data_dir,
        hosts=reader.hosts(),
        profile=reader.profile() or ("demo" if demo else None),
        demo=demo,
        debug=reader.debug(demo=demo),
        https=reader.yes_or_no("HTTPS", default=not demo),
        given_keys=reader.keys(),
    )
    if reader.faults:
        raise SettingError("; ".join(reader.faults))
    return settings


class _Reader:
    """Reads one setting after another and collects what is wrong with them."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.faults: list[str] = []
        in_file = self._in_file(environ[FILE]) if environ.get(FILE) else {}
        # An empty variable is how many a service file says "unset".
        self.given = in_file | {name: environ[name] for name in NAMES if environ.get(name)}

    def _in_file(self, path: str) -> dict[str, str]:
        try:
            table = tomllib.loads(Path(path).read_text(encoding="utf-8"))
        except (OSError, ValueError) as fault:
            reason = fault.strerror if isinstance(fault, OSError) else "not TOML in UTF-8"
            self.faults.append(f"{FILE}: {path} cannot be read ({reason})")
            return {}
        given = {}
        for key, value in table.items():
            name = PREFIX + key.upper()
            if name not in NAMES or key != key.lower():
                known = ", ".join(name.removeprefix(PREFIX).lower() for name in NAMES)
                self.faults.append(f"{FILE}: there is no setting '{key}'; there are {known}")
            elif isinstance(value, bool):
                given[name] = "yes" if value else "no"
            elif isinstance(value, list) and all(isinstance(item, str) for item in value):
                given[name] = ",".join(value)
            elif isinstance(value, str):
                given[name] = value
            else:
                self.faults.append(f"{FILE}: '{key}' must be text, true or false, or a list of text")
        return given

    def _fault(self, name: str, remedy: str) -> None:
        self.faults.append(f"{PREFIX}{name} {remedy}")

    def yes_or_no(self, name: str, *, default: bool) -> bool:
        given = self.given.get(PREFIX + name)
        if given is None:
            return default
        answer = YES_OR_NO.get(given.strip().lower())
        if answer is None:
            self._fault(name, "must be yes or no (or true, false, on, off, 1, 0)")
            return default
        return answer

    def debug(self, *, demo: bool) -> bool:
        debug = self.yes_or_no("DEBUG", default=False)
        if debug and not demo:
            # A fault page prints what was being worked on: a person's data, in a force.
            self._fault("DEBUG", f"is only for a demonstration; unset it, or set {PREFIX}DEMO=yes on invented data")
        return debug

    def data_dir(self) -> Path:
        given = self.given.get(PREFIX + "DATA_DIR")
        if given is None:
            return Path(os.environ.get("XDG_DATA_HOME") or "~/.local/share").expanduser() / "tearmann"
        path = Path(given).expanduser()
        if not path.is_absolute():
            self._fault("DATA_DIR", "must be an absolute path, so that every command finds the same directory")
        elif path.exists() and not path.is_dir():
            self._fault("DATA_DIR", "names a file; name a directory")
        return path

    def hosts(self) -> tuple[str, ...]:
        given = self.given.get(PREFIX + "HOSTS")
        if given is None:
            return ("localhost", "127.0.0.1", "[::1]")
        hosts = tuple(host.strip().lower() for host in given.split(",") if host.strip())
        if not hosts or not all(HOST.fullmatch(host) for host in hosts):
            self._fault("HOSTS", "must be host names by comma, without scheme, port or *, such as tearmann.example.org")
        return hosts

    def profile(self) -> str | None:
        given = self.given.get(PREFIX + "PROFILE")
        if given is None or PROFILE.fullmatch(given) or Path(given).is_absolute():
            return given
        self._fault("PROFILE", "must be the name of a profile, such as scotland, or the absolute path of one")
        return None

    def keys(self) -> dict[str, str]:
        keys = {}
        for purpose in ("secret", "payload", "reference"):
            name = f"{purpose.upper()}_KEY"
            key = self.given.get(PREFIX + name)
            if key is None:
                continue
            keys[purpose] = key
            if purpose == "secret":
                if len(key) < 50 or len(set(key)) < 5:
                    self._fault(name, "is too easy to guess; give at least 50 characters drawn at random")
            elif len(key) != 64 or not set(key) <= set(string.hexdigits):
                self._fault(name, "must be 64 hexadecimal digits, as `openssl rand -hex 32` prints them")
        return keys

    def database(self, data_dir: Path) -> Database:
        # Never quote the address: it may hold a password.
        fallback = Database(vendor="sqlite", name=str(data_dir / "tearmann.sqlite3"))
        given = self.given.get(PREFIX + "DATABASE_URL")
        if given is None:
            return fallback
        try:
            url = urlsplit(given)
            port = "" if url.port is None else str(url.port)
        except ValueError:
            self._fault("DATABASE_URL", "is not an address; write sqlite:////path or postgres://user@host:port/name")
            return fallback
        path = unquote(url.path)
        if url.scheme == "sqlite":
            if url.netloc or url.query or len(path) < 2 or ":memory:" in path or "\0" in path:
                self._fault("DATABASE_URL", "must name a file: sqlite:////absolute/path or sqlite:///relative/path")
                return fallback
            return Database(vendor="sqlite", name=str(Path(path[1:]).absolute()))
        if url.scheme not in ("postgres", "postgresql"):
            self._fault("DATABASE_URL", "must begin with sqlite:/// or postgres://")
            return fallback
        options = dict(parse_qsl(url.query, keep_blank_values=True))
        if not path.strip("/") or "/" in path[1:]:
            self._fault("DATABASE_URL", "must end in the name of a database: postgres://user@host:port/name")
        if set(options) - POSTGRES_OPTIONS:
            self._fault("DATABASE_URL", f"takes no options but {', '.join(sorted(POSTGRES_OPTIONS))}")
        host = options.pop("host", "") or unquote(url.hostname or "")
        user, password = unquote(url.username or ""), unquote(url.password or "")
        return Database(
            vendor="postgresql", name=path[1:], host=host, port=port, user=user, password=password, options=options
        )


def _key_in_file(path: Path) -> str:
    """Return the 64 hexadecimal digits in a key file, which only its owner may read; make it if it is missing."""
    if not path.exists():
        # Written whole beside it and then linked: of two processes that start together one makes the key, and both
        # read that one; a crash leaves no half of a key.
        draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32) + "\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
        directory = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)
    if path.stat().st_mode & 0o077:
        raise SettingError(f"{path} can be read by others than its owner; run chmod 600 on it and consider a new key")
    digits = path.read_text(encoding="utf-8", errors="replace").strip()
    if len(digits) != 64 or not set(digits) <= set(string.hexdigits):
        raise SettingError(f"{path} is not a key of 64 hexadecimal digits; put it back from the backup")
    return digits


def databases(database: Database) -> dict[str, dict[str, Any]]:
    """Return Django's DATABASES: `default`, and `reading`, which sees one moment and cannot write.

    Under test `reading` reads what the test has committed, and nothing of a transaction that it will roll back.
    Raises MissingExtra for PostgreSQL without its driver.
    """
    common: dict[str, Any] = {"ATOMIC_REQUESTS": False, "CONN_MAX_AGE": 600}
    mirror = {"TEST": {"MIRROR": "default"}}
    if database.vendor == "sqlite":
        # Erased words are overwritten in the file, not only unlinked: a person's data can be weeded.
        pragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; PRAGMA cache_size=-32000"
        sqlite = common | {"ENGINE": "django.db.backends.sqlite3"}
        writing = {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": pragmas}
        reading = {"transaction_mode": "DEFERRED", "timeout": 20, "init_command": "PRAGMA query_only=ON"}
        return {
            "default": sqlite | {"NAME": database.name, "OPTIONS": writing},
            "reading": sqlite | {"NAME": f"file:{quote(database.name)}?mode=ro", "OPTIONS": reading} | mirror,
        }
    if importlib.util.find_spec("psycopg") is None:
        raise MissingExtra(f"{PREFIX}DATABASE_URL names PostgreSQL; install tearmann[postgres]")
    postgres = common | {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_HEALTH_CHECKS": True,
        "NAME": database.name,
        "HOST": database.host,
        "PORT": database.port,
        "USER": database.user,
        "PASSWORD": database.password,
    }
    reading = {
        "isolation_level": 3,  # psycopg's REPEATABLE READ, whose enumeration we cannot import without the extra
        "options": "-c default_transaction_read_only=on",
    }
    return {
        "default": postgres | {"OPTIONS": dict(database.options)},
        "reading": postgres | {"OPTIONS": dict(database.options) | reading} | mirror,
    }


class LogLine(logging.Formatter):
    """One JSON object a line. Of a fault it says what and where, never its message, which may quote a person's data."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info and record.exc_info[0] is not None:
            line["fault"] = record.exc_info[0].__qualname__
            frames = traceback.extract_tb(record.exc_info[2])
            line["where"] = " < ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in reversed(frames))
        return json.dumps(line, ensure_ascii=False)


def page_context(request: HttpRequest) -> dict[str, object]:
    """Give every page what it says about the installation: `demonstration` and `tearmann_version`."""
    return {"demonstration": TEARMANN.demo, "tearmann_version": __version__}


# ------------------------------------------------------------------------------------------- what Django reads
TEARMANN = read(os.environ)
PACKAGE = Path(__file__).resolve().parent

DEBUG = TEARMANN.debug
# Lazy, so that loading the settings (a type check, a build) makes no key.
SECRET_KEY = lazy(cache(TEARMANN.secret_key), str)()
ALLOWED_HOSTS = list(TEARMANN.hosts)
DATABASES = databases(TEARMANN.database)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "csp",
    "tearmann.ledger",
    "tearmann.people",
    "tearmann.casework",
    "tearmann.web",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "tearmann.web.guard.EveryPage",
    "tearmann.web.faults.Faults",
]
ROOT_URLCONF = "tearmann.web.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "tearmann.settings.page_context",
                "tearmann.web.context.page",
            ]
        },
    }
]

# Who is there.
AUTH_USER_MODEL = "people.Officer"
AUTHENTICATION_BACKENDS = ["tearmann.people.sign_in.OfficerBackend"]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "queue"
LOGOUT_REDIRECT_URL = "sign-in"
_VALIDATION = "django.contrib.auth.password_validation."
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": _VALIDATION + "MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": _VALIDATION + "CommonPasswordValidator"},
    {"NAME": _VALIDATION + "NumericPasswordValidator"},
    {"NAME": _VALIDATION + "UserAttributeSimilarityValidator", "OPTIONS": {"user_attributes": ("sign_in", "name")}},
]
SESSION_COOKIE_AGE = 8 * 60 * 60  # a shift
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Strict"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = TEARMANN.https
# The prefix makes browsers refuse a cookie that a neighbour under the same domain has planted.
SESSION_COOKIE_NAME = "__Host-tearmann-session" if TEARMANN.https else "tearmann-session"
CSRF_COOKIE_NAME = "__Host-tearmann-csrf" if TEARMANN.https else "tearmann-csrf"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # nothing of a case in a cookie

# What a browser may do with our pages. Gunicorn says whether a proxy on this machine was reached by HTTPS.
SECURE_SSL_REDIRECT = TEARMANN.https
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if TEARMANN.https else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# Inside, every time is UTC; a page shows the force's own, which its profile names.
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en-gb"

STATIC_URL = "static/"
STATIC_ROOT = PACKAGE / "web" / "collected"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": LogLine}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        # Statements carry their values.
        "django.db.backends": {"handlers": [], "level": "WARNING", "propagate": True},
        # Its request line carries what was searched for.
        "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
    },
}

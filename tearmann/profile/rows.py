"""One profile file as rows that are read key by key, with every fault noted instead of raised.

A reader asks a row for what it needs; a missing, misspelt or impossible value is noted with its file, table and
row, a stand-in is handed back, and the row is no longer `sound`. `load` raises once, at the end, with them all.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")

E = TypeVar("E", bound=StrEnum)
T = TypeVar("T")


class Cited(Protocol):
    """What a row needs to know of a source: what to print, and whether a value may rest on it."""

    @property
    def citation(self) -> str: ...

    @property
    def supports_a_value(self) -> bool: ...


@dataclass(slots=True)
class Faults:
    """What is wrong with a profile so far, in the order in which it was read."""

    says: list[str] = field(default_factory=list)

    def add(self, place: str, says: str) -> None:
        self.says.append(f"{place}: {says}")


class Row:
    """One TOML table. Each key is taken once; `finish` notes the keys that nobody took."""

    def __init__(
        self,
        values: Mapping[str, Any],
        *,
        place: str,
        faults: Faults,
        sources: Mapping[str, Cited],
        default_source: tuple[str, ...] = (),
    ) -> None:
        self.place = place
        self.sound = True
        self._values = values
        self._faults = faults
        self._sources = sources
        self._default_source = default_source
        self._asked: set[str] = set()

    def fault(self, says: str) -> None:
        self.sound = False
        self._faults.add(self.place, says)

    def has(self, key: str) -> bool:
        return key in self._values

    def text(self, key: str) -> str:
        """Return the text under the key, which must be there and not be blank."""
        value = self._take(key, required=True)
        if value is None:
            return ""
        if not isinstance(value, str) or not value.strip():
            self.fault(f"'{key}' must be text that is not blank")
            return ""
        return value.strip()

    def optional_text(self, key: str) -> str:
        """Return the text under the key, or "" where it is left out."""
        return self.text(key) if self.has(key) else self._left_out(key, "")

    def code(self, key: str) -> str:
        """Return a code: letters, digits, '_', '-' and '.', beginning with a letter or digit."""
        value = self.text(key)
        if value and not _CODE.fullmatch(value):
            self.fault(f"'{key}' must be a code of letters, digits, '_', '-' and '.', without spaces")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """Return one text or a list of them as a tuple, empty where the key is left out."""
        value = self._take(key)
        if value is None:
            return ()
        values = [value] if isinstance(value, str) else value
        if not isinstance(values, list) or not all(isinstance(one, str) and one.strip() for one in values):
            self.fault(f"'{key}' must be text or a list of texts")
            return ()
        return tuple(one.strip() for one in values)

    def whole_number(self, key: str, *, least: int = 1) -> int | None:
        """Return a whole number, or None where the key is left out: that is *unset*, never nought."""
        value = self._take(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            self.fault(f"'{key}' must be a whole number of at least {least}; leave it out where it is unset")
            return None
        return value

    def flag(self, key: str) -> bool:
        """Return true or false; false where the key is left out."""
        value = self._take(key)
        if value is None or isinstance(value, bool):
            return bool(value)
        self.fault(f"'{key}' must be true or false")
        return False

    def day(self, key: str) -> date | None:
        value = self._take(key)
        if value is None:
            return None
        if isinstance(value, datetime) or not isinstance(value, date):
            self.fault(f"'{key}' must be a date written YYYY-MM-DD without quotation marks")
            return None
        return value

    def days_in_force(self) -> tuple[date | None, date | None]:
        """Return valid_from and valid_to, the first and the last day on which the row holds."""
        first, last = self.day("valid_from"), self.day("valid_to")
        if first and last and last < first:
            self.fault(f"valid_to {last} is before valid_from {first}; valid_to is the last day it holds")
        return first, last

    def time_of_day(self, key: str) -> time | None:
        value = self._take(key)
        if value is None:
            return None
        if not isinstance(value, time):
            self.fault(f"'{key}' must be a time written HH:MM:SS without quotation marks")
            return None
        return value

    def time_zone(self, key: str) -> str:
        """Return the name of a time zone; UTC stands in for one that is not known."""
        name = self.text(key)
        try:
            ZoneInfo(name or "UTC")
        except (ZoneInfoNotFoundError, ValueError):
            self.fault(f"'{key}' is not a time zone; expected a name such as Europe/London")
            return "UTC"
        return name or "UTC"

    def choice(self, key: str, allowed: type[E], *, default: E | None = None) -> E:
        """Return the member of an enumeration; default stands in where the key is left out."""
        value = self._take(key, required=default is None)
        if value is None:
            return default if default is not None else next(iter(allowed))
        if value not in {member.value for member in allowed}:
            self.fault(f"'{key}' is not one of {', '.join(member.value for member in allowed)}")
            return next(iter(allowed))
        return allowed(value)

    def source(self, key: str = "source", *, for_a_value: bool = True) -> str:
        """Return the citations of the row's sources, its own or its table's.

        for_a_value: the row states something; then a source that only says "nothing was found" will not do.
        """
        keys = self.texts(key) or self._default_source
        if not keys:
            self.fault(f"has no '{key}'; name a key of sources.toml, for no value is kept without one")
            return ""
        known = [self._sources[cited] for cited in keys if cited in self._sources]
        for cited in keys:
            if cited not in self._sources:
                self.fault(f"source '{cited}' is not in sources.toml{_guess(cited, self._sources)}; add it there")
        if for_a_value and known and not any(one.supports_a_value for one in known):
            self.fault("states a value, but its source says that none was found; name the source or leave it unset")
        return "; ".join(one.citation for one in known)

    def inner_rows(self, key: str) -> Iterator[Row]:
        """Yield the rows of a list of tables inside this one. They inherit this table's source."""
        value = self._take(key)
        if value is None:
            return
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            self.fault(f"'{key}' must be a list of tables")
            return
        inherited = self.texts("source") or self._default_source
        for number, one in enumerate(value, start=1):
            yield Row(
                one,
                place=f"{self.place}, {key} row {number}",
                faults=self._faults,
                sources=self._sources,
                default_source=inherited,
            )

    def finish(self) -> None:
        """Note every key that no reader asked for: a misspelt key must not be a silent *unset*."""
        for key in self._values:
            if key not in self._asked:
                self.fault(f"'{key}' is not a key of this table{_guess(key, self._asked)}")

    def _take(self, key: str, *, required: bool = False) -> Any:
        self._asked.add(key)
        value = self._values.get(key)
        if value is None and required:
            self.fault(f"'{key}' is missing")
        return value

    def _left_out(self, key: str, stand_in: T) -> T:
        self._asked.add(key)
        return stand_in


class ProfileFile:
    """One file of a profile. At its top: `note`, `invented` and, for rows that name none, `default_source`."""

    def __init__(
        self, path: Path, *, faults: Faults, sources: Mapping[str, Cited] | None = None, required: bool = True
    ) -> None:
        self.name = path.name
        self._faults = faults
        self._sources = sources if sources is not None else {}
        self._asked = {"note", "invented", "default_source"}
        self._values = self._parse(path, required=required)
        header = Row(self._values, place=self.name, faults=faults, sources=self._sources)
        self.is_there = bool(self._values)
        self.invented = header.flag("invented")
        self.note = header.text("note") if self.is_there else ""
        self.default_source = header.texts("default_source")

    def _parse(self, path: Path, *, required: bool) -> dict[str, Any]:
        try:
            return tomllib.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            if required:
                self._faults.add(path.name, f"there is no such file; a profile needs one in {path.parent}")
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            self._faults.add(path.name, f"is not TOML: {error}")
        return {}

    def fault(self, says: str) -> None:
        self._faults.add(self.name, says)

    def texts(self, key: str) -> tuple[str, ...]:
        self._asked.add(key)
        return Row(self._values, place=self.name, faults=self._faults, sources=self._sources).texts(key)

    def table(self, name: str) -> Row | None:
        """Return the one table of that name, or None, with a fault where the file is there without it."""
        self._asked.add(name)
        value = self._values.get(name)
        if isinstance(value, dict):
            return self._row(value, f"{self.name}, [{name}]")
        if self.is_there:
            self.fault(f"has no table [{name}]")
        return None

    def tables_under(self, name: str) -> Iterator[tuple[str, Row]]:
        """Yield each [name.key] as its key and row."""
        self._asked.add(name)
        value = self._values.get(name, {})
        if not isinstance(value, dict) or not all(isinstance(one, dict) for one in value.values()):
            self.fault(f"'{name}' must be written as tables [{name}.<name>]")
            return
        for key, one in value.items():
            yield key, self._row(one, f"{self.name}, [{name}.{key}]")

    def rows(self, name: str) -> Iterator[Row]:
        """Yield the rows of [[name]], in the file's order."""
        self._asked.add(name)
        value = self._values.get(name, [])
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            self.fault(f"'{name}' must be written as rows [[{name}]]")
            return
        for number, one in enumerate(value, start=1):
            yield self._row(one, f"{self.name}, [[{name}]] row {number}")

    def read(self, name: str, read: Callable[[Row], T]) -> tuple[T, ...]:
        """Return what `read` makes of each sound row of [[name]]."""
        return tuple(read_sound(self.rows(name), read))

    def finish(self) -> None:
        for key in self._values:
            if key not in self._asked:
                self.fault(f"'{key}' is not a table of this file{_guess(key, self._asked)}")

    def _row(self, values: dict[str, Any], place: str) -> Row:
        return Row(values, place=place, faults=self._faults, sources=self._sources, default_source=self.default_source)


def read_sound(rows: Iterator[Row], read: Callable[[Row], T]) -> Iterator[T]:
    """Yield what `read` makes of each row, leaving out those in which it found a fault."""
    for row in rows:
        made = read(row)
        row.finish()
        if row.sound:
            yield made


def holds_on(day: date, valid_from: date | None, valid_to: date | None) -> bool:
    """Say whether a row is in force on a day. Both ends count; an open end is open."""
    return (valid_from is None or valid_from <= day) and (valid_to is None or day <= valid_to)


def overlap(one: tuple[date | None, date | None], other: tuple[date | None, date | None]) -> bool:
    """Say whether two rows are in force on the same day."""
    starts = max(one[0] or date.min, other[0] or date.min)
    return starts <= min(one[1] or date.max, other[1] or date.max)


def _guess(word: str, known: Mapping[str, Any] | set[str]) -> str:
    near = difflib.get_close_matches(word, sorted(known), n=1)
    return f" (did you mean '{near[0]}'?)" if near else ""

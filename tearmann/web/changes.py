"""What changed between two readings of one report: field by field, without quoting passages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from enum import Enum
from typing import NamedTuple

from tearmann.records import Identifier, Leftover, Moment, Passage, Referral, Statement

SHOWN_AT_MOST = 100
# Where the same thing stands in another document says nothing about it.
_NOT_SHOWN = frozenset({"place", "format", "format_version", "key"})
# The sender's own words, which every page folds.
_WORDS = frozenset({"urgent_reason", "incident_type_given"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One field that differs. before, after: empty where it is not there. Words of the sender are not quoted."""

    field: str
    before: str
    after: str


class _Leaf(NamedTuple):
    """One value of a record: the words that lead to it, what is compared, what is shown of it."""

    name: str
    compared: str
    shown: str


def changes(first: Referral, later: Referral) -> tuple[Change, ...]:
    """The fields that differ, in the order of the record."""
    before, after = ({leaf.name: leaf for leaf in _leaves(value, "")} for value in (first, later))
    found = []
    for name in dict.fromkeys((*before, *after)):
        was, now = before.get(name), after.get(name)
        if was is None or now is None or was.compared != now.compared:
            found.append(Change(field=name, before=was.shown if was else "", after=now.shown if now else ""))
    return tuple(found[:SHOWN_AT_MOST])


def _leaves(value: object, name: str) -> Iterator[_Leaf]:
    """Every value of a record with the words that lead to it."""
    if isinstance(value, Passage):
        yield _folded(name, value.text)
    elif isinstance(value, Leftover):
        yield _folded(f"{name} {value.place}", value.value)
    elif isinstance(value, Moment):
        yield _Leaf(name, value.as_given, value.as_given)
    elif isinstance(value, Identifier):
        yield _Leaf(f"{name} {_spaced(value.kind)}".strip(), value.as_given, value.as_given)
    elif isinstance(value, Statement):
        yield _Leaf(f"{name} {value.name}".strip(), value.value, value.value)
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            held, within = getattr(value, field.name), f"{name} {_spaced(field.name)}".strip()
            if field.name in _WORDS and held:
                yield _folded(within, held)
            elif field.name not in _NOT_SHOWN:
                yield from _leaves(held, within)
    elif isinstance(value, tuple):
        yield from _items(value, name)
    elif value is not None and value != "":
        yield _Leaf(name, _plain(value), _plain(value))


def _items(items: tuple[object, ...], name: str) -> Iterator[_Leaf]:
    """The values of a list. What has a key is known by it, so that one that came between moves no other."""
    seen: dict[str, int] = {}
    for item in items:
        for leaf in _leaves(item, f"{name} {_spaced(str(getattr(item, 'key', '')))}".strip()):
            number = seen[leaf.name] = seen.get(leaf.name, 0) + 1
            yield leaf if number == 1 else leaf._replace(name=f"{leaf.name} ({number})")


def _folded(name: str, text: str) -> _Leaf:
    return _Leaf(name, text, f"the sender's words, {len(text):,} characters")


def _plain(value: object) -> str:
    if isinstance(value, Enum):
        return _spaced(str(value.value))
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def _spaced(code: str) -> str:
    return code.replace("_", " ").replace("-", " ")

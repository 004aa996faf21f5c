"""JSON looked through before it is taken: what no field takes, and texts that no field may hold.

The fields are those of the values themselves, so a field added to a value is known here at once.
"""

from __future__ import annotations

import json
import re
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any

from tearmann.intake.files import Fault
from tearmann.intake.words_only import CONTROL, MEDIA_REMEDY, TEXT_REMEDY, media_in_text
from tearmann.records import Leftover

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")


@dataclass(slots=True)
class Looked:
    """What a look through one object found. place: of the object, put before the place of each fault."""

    place: str
    leftovers: list[Leftover] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    media: bool = False

    def fault(self, pointer: str, says: str, remedy: str) -> None:
        self.faults.append(Fault(place=f"{self.place}, {pointer}", says=says, remedy=remedy))

    def text(self, text: str, pointer: str) -> None:
        if CONTROL.search(text):
            self.fault(pointer, "control characters, NUL or half a character, which text cannot hold", TEXT_REMEDY)
        for _, what in media_in_text(text):
            self.media = True
            self.fault(pointer, f"it carries media: {what}", MEDIA_REMEDY)


@cache
def fields_of(value: type) -> Mapping[str, type | None]:
    """The fields of a value, each with the value inside it, if there is one."""
    hints = typing.get_type_hints(value)
    return {one.name: _value_inside(hints[one.name]) for one in fields(value)}


def _value_inside(hint: Any) -> type | None:
    if isinstance(hint, type) and (is_dataclass(hint) or hint is datetime):
        return hint
    if isinstance(hint, types.GenericAlias | types.UnionType) or typing.get_origin(hint) is not None:
        return next((found for one in typing.get_args(hint) if (found := _value_inside(one))), None)
    return None


def known_part(written: Any, value: type | None, pointer: str, looked: Looked) -> Any:
    """Return what the fields of the value take, looking at every text; the rest becomes leftovers."""
    if isinstance(written, str):
        looked.text(written, pointer)
        if value is datetime and not _TIME.match(written):
            looked.fault(pointer, "not a time", "Expected such as 2026-01-02T18:00:00Z.")
            return None
        return written
    if isinstance(written, list):
        return [known_part(one, value, f"{pointer}/{number}", looked) for number, one in enumerate(written)]
    if not isinstance(written, dict) or not is_dataclass(value):
        return written
    known = fields_of(value)
    taken = {}
    for name, one in written.items():
        if name in known:
            taken[name] = known_part(one, known[name], f"{pointer}/{name}", looked)
        else:
            leave(one, f"{pointer}/{name}", looked)
    return taken


def leave(written: Any, pointer: str, looked: Looked) -> None:
    """Keep every leaf of what no field takes, word for word."""
    if isinstance(written, dict) and written:
        for name, one in written.items():
            leave(one, f"{pointer}/{name}", looked)
    elif isinstance(written, list) and written:
        for number, one in enumerate(written):
            leave(one, f"{pointer}/{number}", looked)
    else:
        value = (
            written
            if isinstance(written, str)
            else str(written)
            if isinstance(written, Decimal)
            else json.dumps(written)
        )
        for text in (pointer, value):
            looked.text(text, "a field that is not known")  # the name is the sender's: not told
        looked.leftovers.append(Leftover(place=pointer, value=value))

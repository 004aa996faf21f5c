"""The product's own JSON: every referral whole, canonical, versioned.

```json
{"format": "tearmann-referral", "version": 1, "referral": {"format": "json", "source": "partner", …}}
```
Field by field it is `tearmann.records.Referral`; a field left out has its default. `dump` gives the same bytes for
the same referral, and `load` gives the referral back: the store keeps referrals so. The reader takes one such object,
`{"referrals": [ … ]}` of them, or JSON Lines, one a line; fields that it does not know go to the remainder.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, BinaryIO, Final, Literal

from tearmann.intake.files import Fault, File, Known, Read, Unreadable
from tearmann.intake.json_fields import Looked, known_part, leave
from tearmann.intake.json_referral import checked
from tearmann.intake.whole import empty, read_whole, unreadable
from tearmann.intake.words_only import MEDIA_REMEDY, TEXT_REMEDY, media_in
from tearmann.records import Referral

if TYPE_CHECKING:
    from pydantic import TypeAdapter

FORMAT = "json"
NAME: Final = "tearmann-referral"
VERSION: Final = 1

_BOM = b"\xef\xbb\xbf"
_HOW = f'Write {{"format": "{NAME}", "version": {VERSION}, "referral": {{…}}}}, one object or a list of them.'
_FIELDS_REMEDY = "See the reference of the format: each field is named and typed there."

# What is expected, by the kind of error that pydantic names. None of these quotes what was written.
_EXPECTED: dict[str, str] = {
    "missing": "a field that must be there is missing",
    "string_type": "not a text",
    "bool_type": "neither true nor false",
    "int_type": "not a whole number",
    "tuple_type": "not a list",
    "dataclass_type": "not an object",
    "enum": "not one of the codes of this field",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """The whole document: which format and version, and the referral."""

    format: Literal["tearmann-referral"]
    version: Literal[1]
    referral: Referral


@cache
def _adapter() -> TypeAdapter[Envelope]:
    from pydantic import TypeAdapter  # takes a while to load, and not every reader needs it

    return TypeAdapter(Envelope)


def dump(referral: Referral) -> bytes:
    """Return the referral as canonical JSON in UTF-8: the same referral, the same bytes."""
    envelope = Envelope(format=NAME, version=VERSION, referral=referral)
    return _adapter().dump_json(envelope, exclude_defaults=True)


def load(body: bytes) -> Referral:
    """Return the referral that `dump` wrote, unchanged. For our own bytes; what others send goes through `read_json`.

    Raises pydantic.ValidationError if they are not such bytes.
    """
    return _adapter().validate_json(body, strict=True).referral


def read_json(file: File, known: Known) -> Iterator[Read | Unreadable]:
    """Read a file of one object, a list of objects, or JSON Lines."""
    if _is_lines(file):
        yield from _read_lines(file, known)
        return
    whole = read_whole(file, known)
    if isinstance(whole, Unreadable):
        yield whole
        return
    media = list(whole.media_faults(file.name))
    if media:
        yield Unreadable(place=file.name, faults=tuple(media), payload=None, media=True)
        return
    try:
        written = _parsed(whole.text.removeprefix(_BOM))
    except _NotJson as broken:
        yield broken.unreadable(file.name, whole.body)
        return
    if not isinstance(written, list) and not (isinstance(written, dict) and "referrals" in written):
        yield _read_object(written, file.name, whole.body, known)
        return
    several = written if isinstance(written, list) else written["referrals"]
    if not isinstance(several, list) or not several:
        yield unreadable(file.name, "the list of referrals is empty or no list", _HOW, payload=whole.body)
        return
    beside = {name: one for name, one in written.items() if name != "referrals"} if isinstance(written, dict) else {}
    for number, one in enumerate(several, start=1):
        payload = json.dumps(one, ensure_ascii=False, separators=(",", ":"), default=float).encode("utf-8", "replace")
        yield _read_object(one, f"{file.name}, referral {number}", payload, known, beside=beside)


def _is_lines(file: File) -> bool:
    """Say whether the file has an object on each line, rather than one object over several lines."""
    if file.name.lower().endswith((".jsonl", ".ndjson")):
        return True
    with file.open() as stream:
        first, second = _next_line(stream).removeprefix(_BOM), _next_line(stream)
    return first[:1] == second[:1] == b"{" and first.rstrip()[-1:] not in (b"{", b"[", b",", b":")


def _next_line(stream: BinaryIO, limit: int = 2**20) -> bytes:
    while line := stream.readline(limit):
        if line.strip():
            return line
    return b""


def _read_lines(file: File, known: Known) -> Iterator[Read | Unreadable]:
    """Read line by line, so that a file of any length is flat in memory."""
    number = 0
    with file.open() as stream:
        while line := stream.readline(known.limit + 1):
            number += 1
            place = f"{file.name}, line {number}"
            if len(line) > known.limit:
                says = f"the line is longer than {known.limit:,} bytes"
                yield unreadable(place, says, "Send each referral with less text.", payload=None)
                while line and not line.endswith(b"\n"):
                    line = stream.readline(known.limit)
                continue
            line = line.removeprefix(_BOM).strip()
            if not line:
                continue
            media = tuple(
                Fault(place=place, says=f"it carries media: {what}", remedy=MEDIA_REMEDY) for _, what in media_in(line)
            )
            if media:
                yield Unreadable(place=place, faults=media, payload=None, media=True)
                continue
            try:
                written = _parsed(line)
            except _NotJson as broken:
                yield broken.unreadable(place, line)
            else:
                yield _read_object(written, place, line, known)
    if number == 0:
        yield empty(file.name)


class _NotJson(Exception):
    """What is wrong with a text that is no JSON, and whether it is text at all."""

    def __init__(self, says: str, *, line: int | None = None, is_text: bool = True) -> None:
        super().__init__(says)
        self.says, self.line, self.is_text = says, line, is_text

    def unreadable(self, place: str, body: bytes) -> Unreadable:
        where = f"{place}, line {self.line}" if self.line else place
        remedy = "Ask the sender for the file as it was written." if self.is_text else TEXT_REMEDY
        return Unreadable(
            place=place,
            faults=(Fault(place=where, says=self.says, remedy=remedy),),
            payload=body if self.is_text else None,
            media=False,
        )


def _parsed(text: bytes) -> Any:
    """Parse JSON. Numbers with a point keep their digits; a name that stands twice is refused, not dropped."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if len(made) != len(pairs):
            raise _NotJson("a field stands twice in one object, and only one of the two could be kept")
        return made

    def refuse(_: str) -> Any:
        raise _NotJson("NaN or Infinity, which JSON does not have")

    try:
        return json.loads(text.decode(), object_pairs_hook=once, parse_float=Decimal, parse_constant=refuse)
    except UnicodeDecodeError:
        raise _NotJson("bytes that are not UTF-8", is_text=False) from None
    except json.JSONDecodeError as broken:
        raise _NotJson(f"not JSON: {broken.msg}", line=broken.lineno) from None
    except RecursionError:
        raise _NotJson("objects nested deeper than can be read") from None
    except (ValueError, ArithmeticError):
        raise _NotJson("a number longer than can be read") from None


def _read_object(
    written: Any, place: str, payload: bytes, known: Known, *, beside: dict[str, Any] | None = None
) -> Read | Unreadable:
    """Read one object, or tell every fault of it. beside: what stands beside the list that it is in."""
    looked = Looked(place=place)
    outer = _outer_fault(written)
    if outer:
        looked.faults.append(Fault(place=place, says=outer[0], remedy=outer[1]))
    referral = None
    if isinstance(written, dict):
        for name, one in written.items():
            if name not in ("format", "version", "referral"):
                leave(one, f"/{name}", looked)
        for name, one in (beside or {}).items():
            if (name, one) not in (("format", NAME), ("version", VERSION)):
                leave(one, f"/beside/{name}", looked)
        inner = known_part(written.get("referral"), Referral, "/referral", looked)
        if not outer:
            referral = _validated(inner, looked)
    if referral is not None and not looked.faults:
        referral = checked(referral, looked, known)
    if referral is None or looked.faults:
        is_text = not any(fault.remedy == TEXT_REMEDY for fault in looked.faults)
        kept = payload if is_text and not looked.media else None
        return Unreadable(place=place, faults=tuple(looked.faults), payload=kept, media=looked.media)
    return Read(referral=referral, place=place, payload=payload)


def _outer_fault(written: Any) -> tuple[str, str] | None:
    if not isinstance(written, dict) or written.get("format") != NAME:
        return "this is no referral in the product's own JSON", _HOW
    version = written.get("version")
    if type(version) is not int or version < 1:
        return "the version is missing or no whole number", _HOW
    if version > VERSION:
        return (
            f"it is version {version} of the format, and this installation reads up to {VERSION}",
            "Ask for it in the older version, or bring this installation up to date.",
        )
    return None


def _validated(inner: Any, looked: Looked) -> Referral | None:
    from pydantic import ValidationError

    envelope = {"format": NAME, "version": VERSION, "referral": inner}
    try:
        return _adapter().validate_json(json.dumps(envelope, default=float), strict=True).referral
    except ValidationError as wrong:
        for error in wrong.errors(include_url=False, include_context=False, include_input=False):
            pointer = "".join(f"/{part}" for part in error["loc"])
            looked.fault(pointer, _EXPECTED.get(error["type"], "not what this field takes"), _FIELDS_REMEDY)
        return None

"""CSV: one referral a row, by a declared column map. A bad row waits alone; the others are read.

Read row by row, so a file of any size is flat in memory. UTF-8, with or without a byte-order mark; quoted fields may
hold line breaks. The payload of a row is the header and the row as they stand, so the same row sent again in a
corrected file is the same payload.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import BinaryIO

from tearmann.intake.columns import DEFAULT_COLUMNS, ColumnMap, Target
from tearmann.intake.csv_referral import RowReader
from tearmann.intake.files import ROW_LIMIT, Fault, File, Known, Read, Unreadable
from tearmann.intake.whole import empty, unreadable
from tearmann.intake.words_only import CONTROL, MEDIA_REMEDY, TEXT_REMEDY, media_in

__all__ = ["DEFAULT_COLUMNS", "ColumnMap", "read_csv"]

FORMAT = "csv"

_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_BOM = b"\xef\xbb\xbf"

# A narrative may be long. The limit belongs to the whole process, and rows are bounded here anyway.
csv.field_size_limit(max(csv.field_size_limit(), ROW_LIMIT))


class _RowTooLong(Exception):
    pass


class _Lines:
    """The lines of a file, which can be given back: after a stray quotation mark the next line is tried afresh."""

    def __init__(self, stream: BinaryIO) -> None:
        self.stream = stream
        self.back: list[bytes] = []  # given back, last first
        self.used: list[bytes] = []  # by the row being read
        self.size = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self.back.pop() if self.back else self.stream.readline(ROW_LIMIT + 1)
        if not line:
            raise StopIteration
        self.used.append(line)
        self.size += len(line)
        if self.size > ROW_LIMIT:
            raise _RowTooLong
        return line.decode("utf-8")

    def begin(self) -> None:
        self.used, self.size = [], 0

    def keep_first(self) -> None:
        """Give back all lines of the row but its first; drop the rest of a line that was too long for one read."""
        self.back += reversed(self.used[1:])
        del self.used[1:]
        line = self.used[0]
        while line and not line.endswith(b"\n") and len(line) > ROW_LIMIT:
            line = self.stream.readline(ROW_LIMIT + 1)

    def raw(self) -> bytes:
        return b"".join(self.used).rstrip(b"\r\n") + b"\n"


def read_csv(file: File, known: Known) -> Iterator[Read | Unreadable]:
    """Read a CSV file: a Read or an Unreadable for each row, or one Unreadable if the header will not do."""
    columns = known.columns or DEFAULT_COLUMNS
    with file.open() as stream:
        head = stream.read(len(_BOM))
        if head.startswith(_UTF16):
            says = "the file is in UTF-16; UTF-8 is expected"
            yield unreadable(file.name, says, 'Save it as "CSV UTF-8".', payload=None)
            return
        stream.seek(len(_BOM) if head.startswith(_BOM) else 0)
        lines = _Lines(stream)
        cells = csv.reader(lines, delimiter=columns.delimiter, strict=True)
        header = _header(file.name, columns, lines, cells)
        if isinstance(header, Unreadable):
            yield header
            return
        names, targets = header
        head_line = lines.raw()
        reader = RowReader(names, targets, columns, known)
        yield from _rows(file.name, reader, head_line, lines, cells)


def _header(
    name: str, columns: ColumnMap, lines: _Lines, cells: Iterator[list[str]]
) -> tuple[list[str], list[Target | None]] | Unreadable:
    """Read the header: its names, and where each column goes. Faults never quote a name that was not declared."""
    place = f"{name}, row 1"
    try:
        names = _first_row(lines, cells)
    except (csv.Error, UnicodeDecodeError, _RowTooLong):
        return unreadable(place, "the header is not a row of CSV in UTF-8", TEXT_REMEDY, payload=None)
    if not any(names):
        return empty(name)
    if media_in(lines.raw()):
        return _media(place, lines.raw())
    targets = [columns.target_of(one) for one in names]
    faults = [Fault(place=place, says=says, remedy=remedy) for says, remedy in _header_faults(names, targets, columns)]
    if faults:
        return Unreadable(place=place, faults=tuple(faults), payload=None, media=False)
    return names, targets


def _first_row(lines: _Lines, cells: Iterator[list[str]]) -> list[str]:
    """The first row that is not blank, [] if there is none."""
    for row in cells:
        names = [cell.strip() for cell in row]
        if any(names):
            return names
        lines.begin()
    return []


def _header_faults(names: list[str], targets: list[Target | None], columns: ColumnMap) -> Iterator[tuple[str, str]]:
    """What is wrong with a header, and what would do. Without a header the first row is a person's data."""
    if not any(targets):
        says = "none of the columns was declared; is this the header, and the delimiter the declared one?"
        yield says, f"Expected columns such as {', '.join(name for name, _ in columns.columns[:5])}."
    if any(CONTROL.search(name) for name in names):
        yield "control characters or NUL, which text cannot hold", TEXT_REMEDY
    for number, (name, target) in enumerate(zip(names, targets, strict=True), start=1):
        earlier = targets[: number - 1]
        if name and name in names[: number - 1]:
            yield f"column {number} has the name of an earlier column", "Give each column a name of its own."
        elif target and target in earlier:
            yield f"column {number} is the same thing as an earlier column", "Leave one of the two out."
        if target and target.value() not in targets:
            says = f"column {number} stands beside a value that no column has"
            yield says, "Add the column of the value, or take this one out."


def _rows(
    name: str, reader: RowReader, head_line: bytes, lines: _Lines, cells: Iterator[list[str]]
) -> Iterator[Read | Unreadable]:
    number = 1  # the header; rows are counted as a spreadsheet counts them
    while True:
        lines.begin()
        number += 1
        place = f"{name}, row {number}"
        try:
            row = next(cells)
        except StopIteration:
            return
        except UnicodeDecodeError:
            lines.keep_first()
            yield unreadable(place, "bytes that are not UTF-8", 'Save the file as "CSV UTF-8".', payload=None)
            continue
        except (csv.Error, _RowTooLong) as broken:
            lines.keep_first()
            yield _broken(place, head_line + lines.raw(), too_long=isinstance(broken, _RowTooLong))
            continue
        if any(cell.strip() for cell in row):
            yield _row(place, reader, row, head_line, lines.raw())


def _broken(place: str, payload: bytes, *, too_long: bool) -> Unreadable:
    if media_in(payload):
        return _media(place, payload)
    says = "quotation marks that do not pair, or stand inside a field"
    if too_long:
        says = f"{says}, or a row longer than {ROW_LIMIT:,} bytes"
    remedy = 'Write a field that holds a delimiter, a line break or a " in quotation marks, and double each " in it.'
    return unreadable(place, says, remedy, payload=None if len(payload) > ROW_LIMIT else payload)


def _media(place: str, raw: bytes) -> Unreadable:
    faults = tuple(
        Fault(place=place, says=f"it carries media: {what}", remedy=MEDIA_REMEDY) for _, what in media_in(raw)
    )
    return Unreadable(place=place, faults=faults, payload=None, media=True)


def _row(place: str, reader: RowReader, row: list[str], head_line: bytes, raw: bytes) -> Read | Unreadable:
    payload = head_line + raw
    if media_in(raw):
        return _media(place, raw)
    referral, faults = reader.read(row, place)
    if any(CONTROL.search(cell) for cell in row):
        faults.append(Fault(place=place, says="control characters or NUL, which text cannot hold", remedy=TEXT_REMEDY))
        return Unreadable(place=place, faults=tuple(faults), payload=None, media=False)
    if referral is None or faults:
        return Unreadable(place=place, faults=tuple(faults), payload=payload, media=False)
    return Read(referral=referral, place=place, payload=payload)

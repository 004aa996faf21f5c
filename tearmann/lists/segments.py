"""Segments: one immutable file per kind of hash of one version of a list, searched where it lies.

A segment, all numbers big-endian:

    magic       8 bytes   "TEARSEG1"
    length      4 bytes   of the header
    header                JSON: name, version, kind, rows, fan_out, codes (pairs of code and scheme, sorted)
    fan-out     4 bytes × 256 ** fan_out: for each leading byte (or two), how many rows do not come after it
    digests     the kind's width × rows, ascending; the same digest stands once for each of its codes
    codes       4 bytes × rows: the row's place in the header's codes
    digest      32 bytes  SHA-256 of everything before

Digests are spread evenly, so the fan-out leaves a search some ten steps even among millions. The same rows in any
order give the same bytes.
"""

from __future__ import annotations

import fcntl
import hashlib
import heapq
import json
import mmap
import os
import re
import shutil
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from tearmann.errors import ListError
from tearmann.identifiers import HASH_KINDS, VOID_VALUES, IdentifierKind

MAGIC = b"TEARSEG1"
SUFFIX = ".segment"
WIDTHS = {  # bytes of a digest
    IdentifierKind.MD5: 16,
    IdentifierKind.SHA1: 20,
    IdentifierKind.SHA256: 32,
    IdentifierKind.PDQ: 32,
}
ROWS_PER_RUN = 500_000  # sorted in memory at once; the rest waits on disk
_CODE_WIDTH = 4
_CHECK_WIDTH = 32
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRow:
    """One entry of a list. value: canonical for its kind; code: the list's own, under its scheme."""

    kind: IdentifierKind
    value: str
    code: str = ""
    scheme: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentFile:
    """One file. rows: entries, a digest with two codes counting twice; sha256: its check digest, in hex."""

    kind: IdentifierKind
    path: Path
    rows: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentInfo:
    """One version of a list, as built. void_rows: rows left out because their hash is of nothing.

    files, one per kind that the list has: a kind without a file is one that the list cannot speak about.
    """

    name: str
    version: str
    directory: Path
    files: tuple[SegmentFile, ...]
    void_rows: int


class Segment:
    """An open segment. Close it, or use it as a context; an open one outlives its file's removal."""

    def __init__(self, path: Path, header: dict[str, Any], data: mmap.mmap, *, digests_at: int) -> None:
        self.path = path
        self.name: str = header["name"]
        self.version: str = header["version"]
        self.kind = IdentifierKind(header["kind"])
        self.rows: int = header["rows"]
        self.width = WIDTHS[self.kind]
        self._codes = tuple((code, scheme) for code, scheme in header["codes"])
        self._data = data
        self._fan_out: int = header["fan_out"]
        self._fan_out_at = digests_at - 4 * 256**self._fan_out
        self._digests_at = digests_at
        self._codes_at = digests_at + self.rows * self.width

    def find(self, value: str) -> tuple[tuple[str, str], ...]:
        """Return the codes and schemes under which the list has the canonical value, sorted; () if it has not.

        Raises ListError if the value is not canonical for the segment's kind.
        """
        digest = _digest(self.kind, value)
        data, width, at = self._data, self.width, self._digests_at
        bucket = int.from_bytes(digest[: self._fan_out])
        low = self._rows_through(bucket - 1) if bucket else 0
        end = high = self._rows_through(bucket)
        while low < high:
            middle = (low + high) >> 1
            start = at + middle * width
            if data[start : start + width] < digest:
                low = middle + 1
            else:
                high = middle
        found = []
        while low < end and data[at + low * width : at + (low + 1) * width] == digest:
            found.append(self._codes[struct.unpack_from(">I", data, self._codes_at + low * _CODE_WIDTH)[0]])
            low += 1
        return tuple(found)

    def _rows_through(self, bucket: int) -> int:
        rows: int = struct.unpack_from(">I", self._data, self._fan_out_at + 4 * bucket)[0]
        return rows

    def close(self) -> None:
        self._data.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _digest(kind: IdentifierKind, value: str) -> bytes:
    try:
        digest = bytes.fromhex(value)
    except ValueError:
        digest = b""
    if len(digest) != WIDTHS[kind]:
        raise ListError(f"a value is not canonical for {kind}; expected {2 * WIDTHS[kind]} hex digits")
    return digest


def build(rows: Iterable[ListRow], directory: Path, *, name: str, version: str) -> SegmentInfo:
    """Write the segments of one version of a list into `directory/name-version/`; return what was written.

    The directory appears whole, by one rename, or not at all: whatever `rows` raises, and after a kill. Building
    the same rows again changes nothing. Memory is bounded: rows are sorted in runs on disk and merged.

    Raises ListError if a row is wrong, there are none, or this version exists with other rows.
    """
    for what, text in (("name", name), ("version", version)):
        if not _NAME.fullmatch(text):
            raise ListError(f"the list's {what} is not fit for a file name; use letters, digits, dots and dashes")
    directory.mkdir(parents=True, exist_ok=True)
    whole = directory / f"{name}-{version}"
    building = directory / f".building-{name}-{version}"
    lock = os.open(directory, os.O_RDONLY)  # one build at a time; a killed one lets go
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        shutil.rmtree(building, ignore_errors=True)  # what a killed build left
        building.mkdir(mode=0o700)  # a list of hashes is itself sensitive
        try:
            files, void_rows = _write_all(rows, building, name=name, version=version)
            if whole.exists():
                _check_same(files, whole)
            else:
                _sync(building)
                building.rename(whole)
                os.fsync(lock)
        finally:
            shutil.rmtree(building, ignore_errors=True)
    finally:
        os.close(lock)
    files = tuple(
        SegmentFile(kind=file.kind, path=whole / file.path.name, rows=file.rows, sha256=file.sha256) for file in files
    )
    return SegmentInfo(name=name, version=version, directory=whole, files=files, void_rows=void_rows)


def _write_all(
    rows: Iterable[ListRow], building: Path, *, name: str, version: str
) -> tuple[tuple[SegmentFile, ...], int]:
    """Sort the rows by kind and write a segment of each; return the files and how many rows were void."""
    runs = {kind: _Runs(kind, building) for kind in WIDTHS}
    void_rows = 0
    for number, row in enumerate(rows, start=1):
        if row.kind not in HASH_KINDS:
            raise ListError(f"list {name}, row {number}: kind {row.kind} is not a hash; a list holds hashes")
        if row.value in VOID_VALUES:
            void_rows += 1
        else:
            runs[row.kind].add(_digest(row.kind, row.value), (row.code, row.scheme))
    files = tuple(
        runs[kind].write(building / f"{kind}{SUFFIX}", name=name, version=version)
        for kind in sorted(runs)
        if not runs[kind].is_empty()
    )
    if not files:
        raise ListError(f"list {name}: no row that can match; check that the file and its format belong together")
    return files, void_rows


class _Runs:
    """The rows of one kind while a list is built: sorted runs, each in a file, then merged."""

    def __init__(self, kind: IdentifierKind, building: Path) -> None:
        self.kind = kind
        self.width = WIDTHS[kind]
        self._building = building
        self._held: set[bytes] = set()
        self._numbers: dict[tuple[str, str], int] = {}  # in the order met, until all are known
        self._paths: list[Path] = []

    def add(self, digest: bytes, code: tuple[str, str]) -> None:
        number = self._numbers.setdefault(code, len(self._numbers))
        self._held.add(digest + number.to_bytes(_CODE_WIDTH))
        if len(self._held) >= ROWS_PER_RUN:
            path = self._building / f"{self.kind}.{len(self._paths)}.run"
            path.write_bytes(b"".join(sorted(self._held)))
            self._paths.append(path)
            self._held.clear()

    def is_empty(self) -> bool:
        return not self._held and not self._paths

    def write(self, path: Path, *, name: str, version: str) -> SegmentFile:
        """Merge the runs into a segment. The digests go straight to it, the codes wait in a file of their own."""
        codes = sorted(self._numbers)
        places = {self._numbers[code]: place for place, code in enumerate(codes)}
        digests_path, codes_path = path.with_suffix(".digests"), path.with_suffix(".codes")
        rows, through = 0, [0] * 256**2
        with digests_path.open("wb") as digests, codes_path.open("wb") as code_places:
            for digest, numbers in self._merged():
                for place in sorted(places[number] for number in numbers):
                    digests.write(digest)
                    code_places.write(place.to_bytes(_CODE_WIDTH))
                rows += len(numbers)
                through[int.from_bytes(digest[:2])] = rows
        for bucket in range(1, len(through)):
            through[bucket] = max(through[bucket], through[bucket - 1])
        fan_out = 1 if rows < len(through) else 2
        if fan_out == 1:
            through = through[255::256]
        header = _header(name=name, version=version, kind=self.kind, rows=rows, fan_out=fan_out, codes=codes)
        check = hashlib.sha256()
        with path.open("wb") as out:
            _put(out, check, MAGIC + struct.pack(">I", len(header)) + header)
            _put(out, check, struct.pack(f">{len(through)}I", *through))
            for part in (digests_path, codes_path):
                with part.open("rb") as read:
                    while block := read.read(1 << 20):
                        _put(out, check, block)
            out.write(check.digest())
            out.flush()
            os.fsync(out.fileno())
        for spent in (digests_path, codes_path, *self._paths):
            spent.unlink()
        return SegmentFile(kind=self.kind, path=path, rows=rows, sha256=check.hexdigest())

    def _merged(self) -> Iterator[tuple[bytes, set[int]]]:
        """Yield each digest once, ascending, with the numbers of its codes."""
        runs = [self._read(path) for path in self._paths]
        last, numbers = b"", set[int]()
        for row in heapq.merge(*runs, sorted(self._held)):
            digest = row[: self.width]
            if digest != last and numbers:
                yield last, numbers
                numbers = set()
            last = digest
            numbers.add(int.from_bytes(row[self.width :]))
        if numbers:
            yield last, numbers

    def _read(self, path: Path) -> Iterator[bytes]:
        size = self.width + _CODE_WIDTH
        with path.open("rb") as run:
            while block := run.read(size * 4096):
                for at in range(0, len(block), size):
                    yield block[at : at + size]


def _header(**fields: object) -> bytes:
    return json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _put(out: IO[bytes], check: Any, block: bytes) -> None:
    out.write(block)
    check.update(block)


def _sync(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _check_same(files: tuple[SegmentFile, ...], whole: Path) -> None:
    """Raise ListError unless the version that exists is these very files, and sound."""
    try:
        if {path.name for path in whole.iterdir()} != {file.path.name for file in files}:
            raise ListError("other kinds")
        for file in files:
            open_segment(whole / file.path.name, sha256=file.sha256).close()
    except ListError as error:
        raise ListError(
            f"{whole.name} exists and is not what these rows make; a version never changes: give a new one, "
            "or remove a damaged one first"
        ) from error


def open_list(directory: Path) -> tuple[Segment, ...]:
    """Open every segment of one version of a list. Raises ListError if one is damaged or there are none."""
    segments = tuple(open_segment(path) for path in sorted(directory.glob(f"*{SUFFIX}")))
    if not segments:
        raise ListError(f"{directory.name} has no segment; remove it and build the list again")
    return segments


def open_segment(path: Path, *, sha256: str | None = None) -> Segment:
    """Open a segment after reading it through once against its own digest.

    sha256: the digest recorded when it was built, in hex. Without it a segment that was altered *and* given a new
    digest is taken for whole.

    Raises ListError if it is missing, cut, altered or not a segment.
    """
    try:
        with path.open("rb") as file:
            data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except (OSError, ValueError) as error:  # an empty file cannot be mapped
        raise ListError(f"segment {path.name} cannot be opened; remove it and build the list again") from error
    try:
        return _opened(path, data, sha256)
    except BaseException:
        data.close()
        raise


def _opened(path: Path, data: mmap.mmap, sha256: str | None) -> Segment:
    if data[: len(MAGIC)] != MAGIC or len(data) < len(MAGIC) + 4 + _CHECK_WIDTH:
        raise ListError(f"segment {path.name} is not a segment of this version; remove it and build the list again")
    check = hashlib.sha256()
    with memoryview(data) as whole, whole[:-_CHECK_WIDTH] as body:
        check.update(body)
    if check.digest() != data[-_CHECK_WIDTH:] or sha256 not in (None, check.hexdigest()):
        raise ListError(f"segment {path.name} is cut or altered; remove it and build the list again")
    length = struct.unpack_from(">I", data, len(MAGIC))[0]
    header_at = len(MAGIC) + 4
    try:
        header = json.loads(data[header_at : header_at + length])
        digests_at = header_at + length + 4 * 256 ** header["fan_out"]
        segment = Segment(path, header, data, digests_at=digests_at)
    except (KeyError, TypeError, ValueError) as error:
        raise ListError(
            f"segment {path.name} has a header that cannot be read; remove it and build the list again"
        ) from error
    if len(data) != digests_at + segment.rows * (segment.width + _CODE_WIDTH) + _CHECK_WIDTH:
        raise ListError(f"segment {path.name} is not as long as it says; remove it and build the list again")
    return segment

"""A list that somebody sent, as rows. Every reader streams, reads the file to its end, and then tells every fault.

A reader yields good rows as it meets them and raises ListError once, at the end, if any row was wrong: `build`
then leaves nothing behind. Faults name the line and the remedy, never the value: a hash of known material is itself
sensitive.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

from lxml import etree

from tearmann.errors import IdentifierError, ListError
from tearmann.identifiers import HASH_KINDS, IdentifierKind, clean
from tearmann.lists.segments import ListRow

FAULTS_SHOWN = 50
NCMEC = "https://hashsharing.ncmec.org/hashsharing/v2"
NCMEC_SCHEME = "industry"  # under which an entry's classification is carried
_KIND_WORDS = {kind.value: kind for kind in sorted(HASH_KINDS)}
_KINDS_BY_LENGTH = {32: IdentifierKind.MD5, 40: IdentifierKind.SHA1}


class _Faults:
    """The faults of a list, all its files together: all counted, the first ones told."""

    def __init__(self) -> None:
        self.count = 0
        self.first: list[str] = []

    def add(self, path: Path, line: int, why: str) -> None:
        self.count += 1
        if self.count <= FAULTS_SHOWN:
            self.first.append(f"{path.name}, line {line}: {why}")

    def tell(self) -> None:
        """Raise ListError with the faults, if there are any."""
        if not self.count:
            return
        more = f"\nand {self.count - FAULTS_SHOWN} more" if self.count > FAULTS_SHOWN else ""
        noun = "fault" if self.count == 1 else "faults"
        raise ListError(f"{self.count} {noun}; nothing was loaded\n" + "\n".join(self.first) + more)


def _row(kind: IdentifierKind, value: str, code: str, scheme: str) -> ListRow:
    return ListRow(kind=kind, value=clean(kind, value), code=code.strip(), scheme=scheme.strip())


def read_csv(path: Path) -> Iterator[ListRow]:
    """Yield the rows of a CSV in UTF-8 with the header kind,value,code,scheme, in any order.

    code and scheme may be absent. kind: md5, sha1 (or SHA-1), sha256, pdq.

    Raises ListError with every fault, after the last row.
    """
    faults = _Faults()
    rows = csv.reader(_lines(path, faults), strict=True)
    try:
        header = [column.strip().lower() for column in next(rows, [])]
        if sorted(header) != sorted({"kind", "value"} | {"code", "scheme"} & set(header)):
            raise ListError(f"{path.name}, line 1: expected the header kind,value,code,scheme")
        for cells in rows:
            if not cells:
                continue
            if len(cells) != len(header):
                faults.add(path, rows.line_num, f"{len(cells)} columns, expected {len(header)}")
                continue
            row = dict(zip(header, cells, strict=True))
            kind = _KIND_WORDS.get(row["kind"].strip().lower().replace("-", "").replace("_", ""))
            if kind is None:
                faults.add(path, rows.line_num, f"kind is not one of {', '.join(_KIND_WORDS)}")
                continue
            try:
                yield _row(kind, row["value"], row.get("code", ""), row.get("scheme", ""))
            except IdentifierError as wrong:
                faults.add(path, rows.line_num, str(wrong))
    except csv.Error as error:
        faults.add(path, rows.line_num, f"not CSV from here on ({error})")
    faults.tell()


def _lines(path: Path, faults: _Faults) -> Iterator[str]:
    """Yield the lines of a file in UTF-8; a line that is not is a fault and comes empty, so that lines count."""
    try:
        with path.open("rb") as file:
            for number, line in enumerate(file, start=1):
                try:
                    yield line.decode("utf-8-sig" if number == 1 else "utf-8")
                except UnicodeDecodeError:
                    faults.add(path, number, "not UTF-8; save the file as UTF-8")
                    yield "\n"
    except OSError as error:
        raise ListError(f"{path.name} cannot be opened: {error.strerror}") from error


def read_text(path: Path, *, kind: IdentifierKind | None = None, code: str = "", scheme: str = "") -> Iterator[ListRow]:
    """Yield one row per line of a text of bare hashes; empty lines and lines that begin with # are passed over.

    kind: needed for 64 digits, which are SHA-256 or PDQ; else told by the length. code, scheme: of every row.

    Raises ListError with every fault, after the last line.
    """
    faults = _Faults()
    for number, line in enumerate(_lines(path, faults), start=1):
        value = line.strip()
        if not value or value.startswith("#"):
            continue
        meant = kind or _KINDS_BY_LENGTH.get(len(value))
        if meant is None:
            faults.add(path, number, "not the length of MD5 or SHA-1; for SHA-256 or PDQ state the kind")
            continue
        try:
            yield _row(meant, value, code, scheme)
        except IdentifierError as wrong:
            faults.add(path, number, str(wrong))
    faults.tell()


def read_ncmec(*paths: Path) -> Iterator[ListRow]:
    """Yield the MD5, SHA-1, SHA-256 and PDQ fingerprints of the pages of an NCMEC hash-sharing query, version 2.

    paths: every page of the query. An entry that any page deletes at its own time or later is left out; pages are
    not in order of time. Other fingerprints and categorizations are not read. code: the entry's classification.

    Raises ListError with every fault of a page, after its last entry. Source: NCMEC Hash Sharing API v2.
    """
    faults = _Faults()
    deleted: dict[tuple[str, str], datetime] = {}
    for path in paths:
        # The second reading tells what is wrong with the page itself.
        for entry in _entries(path, ("deletedImage", "deletedVideo"), _Faults()):
            if (said := _said(entry, path, faults)) is not None:
                key, at = said
                deleted[key] = max(at, deleted.get(key, at))
    for path in paths:
        for entry in _entries(path, ("image", "video"), faults):
            if (said := _said(entry, path, faults)) is not None:
                key, at = said
                if key not in deleted or deleted[key] < at:
                    yield from _fingerprints(entry, path, faults)
    faults.tell()


def _fingerprints(entry: Any, path: Path, faults: _Faults) -> Iterator[ListRow]:
    code = entry.findtext(f"{{{NCMEC}}}classification", "")
    scheme = NCMEC_SCHEME if code.strip() else ""
    for fingerprint in entry.iterfind(f"{{{NCMEC}}}fingerprints/{{{NCMEC}}}*"):
        kind = _KIND_WORDS.get(etree.QName(fingerprint).localname)
        if kind is None or not fingerprint.text:
            continue
        try:
            yield _row(kind, fingerprint.text, code, scheme)
        except IdentifierError as wrong:
            faults.add(path, fingerprint.sourceline, str(wrong))


def _said(entry: Any, path: Path, faults: _Faults) -> tuple[tuple[str, str], datetime] | None:
    """Return an entry's key (member id, entry id) and time; None, with a fault, if it does not state them."""
    member = entry.find(f"{{{NCMEC}}}member")
    member_id = member.get("id", "") if member is not None else ""
    entry_id = entry.findtext(f"{{{NCMEC}}}id", "").strip()
    try:
        at = datetime.fromisoformat(entry.findtext(f"{{{NCMEC}}}timestamp", "").strip())
    except ValueError:
        at = None
    if not member_id or not entry_id or at is None or at.tzinfo is None:
        faults.add(path, entry.sourceline, "an entry without its member, its id or a timestamp with a zone")
        return None
    return (member_id, entry_id), at


def _entries(path: Path, names: tuple[str, ...], faults: _Faults) -> Iterator[Any]:
    """Yield the entries of these names, each freed once it is read. No network, no DTD, no entities."""
    safely: dict[str, Any] = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}
    try:
        with path.open("rb") as file:
            _, root = next(etree.iterparse(file, events=("start",), **safely))
            if root.getroottree().docinfo.internalDTD is not None:
                raise ListError(f"{path.name}: a DOCTYPE is refused; ask for the file without one")
            if root.tag != f"{{{NCMEC}}}queryResult":
                raise ListError(f"{path.name}: not an answer of NCMEC hash sharing v2; expected its queryResult")
            file.seek(0)
            tags = [f"{{{NCMEC}}}{name}" for name in ("image", "video", "deletedImage", "deletedVideo")]
            for _, entry in etree.iterparse(file, events=("end",), tag=tags, **safely):
                if etree.QName(entry).localname in names:
                    yield entry
                entry.clear()
                while entry.getprevious() is not None:
                    del entry.getparent()[0]
    except OSError as error:
        raise ListError(f"{path.name} cannot be opened: {error.strerror}") from error
    except etree.XMLSyntaxError as error:
        faults.add(path, error.lineno or 1, "not well-formed XML from here on")


FORMATS: Mapping[str, Callable[[Path], Iterator[ListRow]]] = MappingProxyType(
    {"csv": read_csv, "text": read_text, "ncmec": read_ncmec}
)
_FORMATS_BY_SUFFIX = {".csv": "csv", ".txt": "text", ".xml": "ncmec"}


def read(path: Path, *, format: str | None = None) -> Iterator[ListRow]:
    """Yield the rows of a list in the format named, or told by the file's suffix.

    Raises ListError if the format is unknown, and whatever its reader raises.
    """
    named = format or _FORMATS_BY_SUFFIX.get(path.suffix.lower())
    reader = FORMATS.get(named or "")
    if reader is None:
        raise ListError(f"{path.name}: format not known; state one of {', '.join(sorted(FORMATS))}")
    return reader(path)

"""The one way in for a file: find out what it is, and read it.

    for one in read(File(name="1234567.xml", path=path)):
        ...  # a Read with its Referral, or an Unreadable with every fault

Each format is a line in `FORMATS`. Nothing is kept in memory but the document or row at hand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tearmann.intake.columns import ColumnMap
from tearmann.intake.csv_rows import read_csv
from tearmann.intake.cybertip_xml import read_cybertip
from tearmann.intake.desk import read_desk
from tearmann.intake.files import DOCUMENT_LIMIT, Fault, File, Known, Read, Unreadable
from tearmann.intake.product_json import read_json
from tearmann.intake.whole import HEAD, refused_as_a_file, unreadable

__all__ = ["FORMATS", "ColumnMap", "Fault", "File", "Read", "Unreadable", "format_of", "read"]

Reader = Callable[[File, Known], Iterator[Read | Unreadable]]

FORMATS: dict[str, Reader] = {
    "cybertip-xml": read_cybertip,
    "csv": read_csv,
    "json": read_json,
    "desk": read_desk,
}

_BYTE_ORDER_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


def read(
    file: File,
    *,
    format: str | None = None,
    source: str | None = None,
    reference: str | None = None,
    columns: ColumnMap | None = None,
    region: str = "GB",
    limit: int = DOCUMENT_LIMIT,
) -> Iterator[Read | Unreadable]:
    """Read a file: one Read or Unreadable for each document, row or object in it.

    format: a key of FORMATS; without it the content decides. source: a code of the profile's vocabulary, for files
    that do not name theirs or are known to come from elsewhere. reference: the sender's, for a file of one referral.
    region: the ISO code of the country whose national telephone numbers are meant. limit: bytes of one document.
    """
    known = Known(source=source, reference=reference, columns=columns, region=region, limit=limit)
    try:
        with file.open() as stream:
            head = stream.read(HEAD)
    except OSError as missing:
        says = f"the file cannot be opened ({missing.strerror})"
        yield unreadable(file.name, says, "Check that it is there and may be read.", payload=None)
        return
    reader = FORMATS.get(format_of(head) if format is None else format)
    if reader is None:
        remedy = f"Name one of {', '.join(FORMATS)}."
        yield unreadable(file.name, "there is no format of that name", remedy, payload=None)
        return
    refused = refused_as_a_file(file.name, head)
    if refused is not None:
        yield refused
    elif reference is None:
        yield from reader(file, known)
    else:
        yield from _of_one(file.name, reader(file, known))


def _of_one(name: str, found: Iterator[Read | Unreadable]) -> Iterator[Read | Unreadable]:
    """Hand on what a file holds if it is one thing only: one reference cannot be that of several referrals."""
    first, second = next(found, None), next(found, None)
    if second is not None:
        says = "one reference was given, and the file holds several referrals"
        remedy = "Leave --reference out, and let each referral of the file name its own."
        yield unreadable(name, says, remedy, payload=None)
    elif first is not None:
        yield first


def format_of(head: bytes) -> str:
    """Say which format a text is in, by its first bytes: markup, an object, or else rows."""
    for mark in _BYTE_ORDER_MARKS:
        head = head.removeprefix(mark)
    first = head.replace(b"\x00", b"").lstrip()[:1]  # the NULs of UTF-16
    if first == b"<":
        return "cybertip-xml"
    return "json" if first in (b"{", b"[") else "csv"

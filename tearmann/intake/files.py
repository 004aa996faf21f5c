"""What goes into a reader, and what comes out of it.

A fault names file, place and remedy and never quotes what stands there: a fault is logged, printed and sent back.
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from tearmann.records import Referral

if TYPE_CHECKING:
    from tearmann.intake.columns import ColumnMap

DOCUMENT_LIMIT = 32 * 2**20  # bytes of one document; a list of many (CSV, JSON Lines) may be any size
ROW_LIMIT = 2**20  # bytes of one row of a CSV file


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """What somebody sent: its name, and its bytes or the path where they lie."""

    name: str
    path: Path | None = None
    body: bytes | None = None

    def __post_init__(self) -> None:
        if (self.path is None) == (self.body is None):
            raise ValueError("a file has either a path or a body")

    def open(self) -> BinaryIO:
        if self.body is not None:
            return io.BytesIO(self.body)
        assert self.path is not None
        return self.path.open("rb")

    def sha256(self) -> str:
        """Return the hex digest of the whole file, read piece by piece."""
        digest = hashlib.sha256()
        with self.open() as stream:
            while piece := stream.read(2**20):
                digest.update(piece)
        return digest.hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that is wrong: where, what, and what would do. Never quotes a person's data."""

    place: str
    says: str
    remedy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """One referral as read. payload: the plain bytes to be sealed for it, and for it alone."""

    referral: Referral
    place: str
    payload: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """A document or a row that was not read, with every fault of it.

    payload is None where the bytes must not be kept: they carry media, or are not text.
    """

    place: str
    faults: tuple[Fault, ...]
    payload: bytes | None
    media: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the caller knows of a file and the file may not say of itself."""

    source: str | None = None
    reference: str | None = None
    columns: ColumnMap | None = None
    region: str = "GB"
    limit: int = DOCUMENT_LIMIT

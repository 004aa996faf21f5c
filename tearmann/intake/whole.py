"""A document read whole, for the formats whose documents are small: size, binary and media are checked here, once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tearmann.intake.files import Fault, File, Known, Unreadable
from tearmann.intake.words_only import MEDIA_REMEDY, TEXT_REMEDY, is_binary, media_in, signature

HEAD = 512  # bytes that tell what a file is


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """A document's bytes, the same as UTF-8 for looking through, and the media found in it by offset."""

    body: bytes
    text: bytes
    media: tuple[tuple[int, str], ...]

    def media_faults(self, name: str) -> Iterator[Fault]:
        for offset, what in self.media:
            line = self.text.count(b"\n", 0, offset) + 1
            yield Fault(place=f"{name}, line {line}", says=f"it carries media: {what}", remedy=MEDIA_REMEDY)


def read_whole(file: File, known: Known) -> Whole | Unreadable:
    """Read a document of at most the limit, and look for media. Unreadable if it is not that."""
    with file.open() as stream:
        body = stream.read(known.limit + 1)
    if len(body) > known.limit:
        says = f"the document is longer than {known.limit:,} bytes"
        remedy = "Send each report as a document of its own, or a list as JSON Lines or CSV."
        return unreadable(file.name, says, remedy, payload=None)
    if not body.strip():
        return empty(file.name)
    text = _as_utf8(body)
    if b"\x00" in text:
        return unreadable(file.name, "NUL bytes, which text cannot hold", TEXT_REMEDY, payload=None)
    return Whole(body=body, text=text, media=tuple(media_in(text)))


def refused_as_a_file(name: str, head: bytes) -> Unreadable | None:
    """Refuse what is no text from its first bytes on: media, archives and other binary files."""
    what = signature(head)
    if what:
        says = f"the file is {what}, whatever its name says"
        faults = (Fault(place=name, says=says, remedy=MEDIA_REMEDY),)
        return Unreadable(place=name, faults=faults, payload=None, media=True)
    if is_binary(head):
        return unreadable(name, "the file is binary, not text", TEXT_REMEDY, payload=None)
    return None


def unreadable(place: str, says: str, remedy: str, *, payload: bytes | None) -> Unreadable:
    return Unreadable(place=place, faults=(Fault(place=place, says=says, remedy=remedy),), payload=payload, media=False)


def empty(name: str) -> Unreadable:
    return unreadable(name, "the file is empty", "Send the file again; a broken transfer does this.", payload=b"")


def _as_utf8(body: bytes) -> bytes:
    """The same text in UTF-8, for looking through; bytes that are no text of the encoding stay as they are."""
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return body.decode("utf-16", "replace").encode("utf-8", "replace")
    if body[:2] == b"<\x00":
        return body.decode("utf-16-le", "replace").encode("utf-8", "replace")
    if body[:2] == b"\x00<":
        return body.decode("utf-16-be", "replace").encode("utf-8", "replace")
    return body

"""Is it words? Tearmann keeps words, metadata and hashes; what carries media is refused before anything is kept.

Cheap on what is clean: a handful of C-speed passes, and the patterns below run only where a run of 64 or more
characters of the base64 alphabet stands. Hashes do not alarm it: the longest in use, PhotoDNA, is 192 characters of
base64 or 288 of hex, whereas a run counts as data from 4 kB on, or at any length if it decodes to the first bytes
of a media file.
"""

from __future__ import annotations

import base64
import re
import string

MEDIA_REMEDY = "Send words, metadata and hashes only: take the media out, keep its hash, and send the file again."
TEXT_REMEDY = "Save the file as plain text in UTF-8 and send it again."

# First bytes of media and of the containers that media travels in: (offset, bytes, what it is).
_SIGNATURES: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\xff\xd8\xff", "a JPEG image"),
    (0, b"\x89PNG", "a PNG image"),
    (0, b"GIF87a", "a GIF image"),
    (0, b"GIF89a", "a GIF image"),
    (0, b"II*\x00", "a TIFF image"),
    (0, b"MM\x00*", "a TIFF image"),
    (0, b"8BPS", "a Photoshop image"),
    (0, b"RIFF", "RIFF media"),
    (0, b"\x00\x00\x00\x0cJXL ", "a JPEG XL image"),
    (0, b"\x00\x00\x00\x0cjP  ", "a JPEG 2000 image"),
    (4, b"ftyp", "MP4 or HEIF media"),
    (4, b"moov", "QuickTime media"),
    (0, b"\x1aE\xdf\xa3", "Matroska or WebM video"),
    (0, b"\x00\x00\x01\xba", "MPEG video"),
    (0, b"\x00\x00\x01\xb3", "MPEG video"),
    (0, b"0&\xb2u\x8ef\xcf\x11", "Windows Media"),
    (0, b"FLV\x01", "Flash video"),
    (0, b"OggS", "Ogg media"),
    (0, b"fLaC", "FLAC audio"),
    (0, b"ID3\x02", "MP3 audio"),
    (0, b"ID3\x03", "MP3 audio"),
    (0, b"ID3\x04", "MP3 audio"),
    (0, b"%PDF-", "a PDF document"),
    (0, b"PK\x03\x04", "a ZIP archive or an Office document"),
    (0, b"\x1f\x8b\x08", "a gzip archive"),
    (0, b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (0, b"Rar!\x1a\x07", "a RAR archive"),
    (0, b"BZh9", "a bzip2 archive"),
    (0, b"\xfd7zXZ\x00", "an xz archive"),
    (0, b"\x28\xb5\x2f\xfd", "a zstd archive"),
    (257, b"ustar", "a tar archive"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document"),
)

# Every character of the base64 alphabets becomes "x", every other byte a space.
_ALPHABET = (string.ascii_letters + string.digits + "+/-_").encode()
_SHAPE = bytes(ord("x") if byte in _ALPHABET else ord(" ") for byte in range(256))
_LONG = b"x" * 64

_RUN = re.compile(rb"[A-Za-z0-9+/_-]{64,}")
_HEX = re.compile(rb"[0-9A-Fa-f]+\Z")
_HEX_AND_SPACE = re.compile(rb"[0-9A-Fa-f\s]+\Z")
_WRAPPED = re.compile(
    rb"(?:(?:(?<![A-Za-z0-9+/])|(?<=\\[rn]))[A-Za-z0-9+/]{60,100}={0,2}(?:\s|\\[rn]|&#(?:13|10|x[dDaA]);)+){40,}"
)
_DATA_URI = re.compile(rb"data:(?:image|video|audio)/[a-z0-9.+-]+[;,]|data:[a-z0-9.+/;=-]*,[^\s\"'<>]{4096,}")
_MIME_PART = re.compile(rb"content-transfer-encoding\s*:\s*base64\b[^<]{0,400}?\n\s*\n\s*[a-z0-9+/]{40,}")
_NAMED = re.compile(
    rb"(?:datapayload|mediafiles?|mediadata|imagedata|filedata|thumbnail|attachment)\b[\"'\s:=>\[{]{1,20}([a-z0-9+/]{64,})"
)
_NAMES = (b"datapayload", b"mediafile", b"mediadata", b"imagedata", b"filedata", b"thumbnail", b"attachment")

_DATA = 4096  # characters of base64 from which a run is data, whatever it decodes to
_LONGEST_HEX_HASH = 288

_CONTROL_BYTES = bytes(byte for byte in range(32) if byte not in b"\t\n\r")

# What no text field takes: the stores refuse NUL, XML refuses the rest, and a lone surrogate is no character.
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")


def signature(head: bytes) -> str | None:
    """Name the kind of media or container whose first bytes these are, or None."""
    for offset, mark, words in _SIGNATURES:
        if head.startswith(mark, offset):
            return words
    return None


def is_binary(head: bytes) -> bool:
    """Say whether these first bytes of a file are no text: one in twenty is a control byte, UTF-16 text excepted.

    Fewer of them are faults in a text, which its reader tells with their place.
    """
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or head[:2] in (b"<\x00", b"\x00<"):
        return False
    return len(head.translate(None, _CONTROL_BYTES)) * 20 < len(head) * 19


def media_in(body: bytes) -> list[tuple[int, str]]:
    """Return what media a text carries: (offset in bytes, what it is), in order; empty for clean text.

    body: text in UTF-8.
    """
    has_long_run = _LONG in body.translate(_SHAPE)
    has_data_uri = b"data:" in body or b"DATA:" in body or b"Data:" in body
    if not has_long_run and not has_data_uri:
        return _mime_parts(body, body.lower()) if b"ransfer-" in body or b"RANSFER-" in body else []
    lower = body.lower()
    found = [(match.start(), "a data: address that holds media") for match in _DATA_URI.finditer(lower)]
    found += _mime_parts(body, lower)
    if has_long_run:
        for match in _RUN.finditer(body):
            words = _in_run(match[0])
            if words:
                found.append((match.start(), words))
        for match in _WRAPPED.finditer(body):
            if match.end() - match.start() > _DATA and not _HEX_AND_SPACE.match(match[0]):
                found.append((match.start(), "more than 4 kB of encoded data"))
        if any(name in lower for name in _NAMES):
            found += [
                (match.start(), "a field for media with data in it")
                for match in _NAMED.finditer(lower)
                if not _HEX.match(match[1])
            ]
    return sorted(found)


def media_in_text(text: str) -> list[tuple[int, str]]:
    """Return what media one value carries; quick for all values of ordinary length."""
    if len(text) < 16:
        return []
    return media_in(text.encode("utf-8", "replace"))


def _mime_parts(body: bytes, lower: bytes) -> list[tuple[int, str]]:
    return [(match.start(), "a MIME part in base64") for match in _MIME_PART.finditer(lower)]


def _in_run(run: bytes) -> str | None:
    """Say what a run of 64 or more characters of base64 or hex holds, if it is data."""
    if _HEX.match(run):
        if len(run) <= _LONGEST_HEX_HASH:
            return None
        words = signature(bytes.fromhex(run[:64].decode()))
        if words:
            return f"hex digits that begin like {words}"
    else:
        words = signature(base64.b64decode(run[:64].translate(_STANDARD)))
        if words:
            return f"base64 that begins like {words}"
    return "more than 4 kB of encoded data" if len(run) > _DATA else None


_STANDARD = bytes.maketrans(b"-_", b"+/")

"""Media is found wherever it hides, and hashes, links and prose are left alone. Nothing here is media: only the first
bytes by which a kind of file is known, with noughts behind them."""

from __future__ import annotations

import base64
import hashlib
import textwrap

import pytest

from tearmann.intake.words_only import is_binary, media_in, media_in_text, signature

BEGINNINGS = {
    "JPEG": b"\xff\xd8\xff\xe0",
    "PNG": b"\x89PNG\r\n\x1a\n",
    "GIF": b"GIF89a",
    "TIFF": b"II*\x00",
    "WebP": b"RIFF\x00\x00\x00\x00WEBP",
    "MP4": b"\x00\x00\x00\x18ftypmp42",
    "HEIF": b"\x00\x00\x00\x18ftypheic",
    "Matroska": b"\x1aE\xdf\xa3",
    "Ogg": b"OggS",
    "MP3": b"ID3\x03",
    "PDF": b"%PDF-1.7",
    "ZIP": b"PK\x03\x04",
    "gzip": b"\x1f\x8b\x08",
    "7z": b"7z\xbc\xaf\x27\x1c",
    "RAR": b"Rar!\x1a\x07",
}


def beginning(kind: str) -> bytes:
    return BEGINNINGS[kind] + b"\x00" * 96


def shapeless(size: int) -> bytes:
    """Bytes without any pattern that begin like no file."""
    return b"\x01" + b"".join(hashlib.sha512(str(n).encode()).digest() for n in range(size // 64 + 1))[: size - 1]


@pytest.mark.parametrize("kind", BEGINNINGS)
def test_a_file_is_known_by_its_first_bytes(kind: str) -> None:
    assert signature(beginning(kind)) is not None


@pytest.mark.parametrize("kind", BEGINNINGS)
def test_media_in_base64_is_found_at_any_length(kind: str) -> None:
    text = b"<content>" + base64.b64encode(beginning(kind)) + b"</content>"
    assert [offset for offset, _ in media_in(text)] == [len("<content>")]


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_media_in_the_alphabet_of_addresses_is_found(kind: str) -> None:
    assert media_in(base64.urlsafe_b64encode(beginning(kind)))


def test_media_in_hex_is_found() -> None:
    assert media_in((BEGINNINGS["JPEG"] + b"\x00" * 200).hex().encode())


def test_long_data_is_found_whatever_it_is() -> None:
    assert media_in(b"said: " + base64.b64encode(shapeless(4000)))


def test_long_data_in_lines_is_found() -> None:
    lines = "\n".join(textwrap.wrap(base64.b64encode(shapeless(6000)).decode(), 76))
    assert media_in(f"<content>\n{lines}\n</content>".encode())


def test_long_data_in_lines_of_json_is_found() -> None:
    lines = "\\r\\n".join(textwrap.wrap(base64.b64encode(shapeless(6000)).decode(), 76))
    assert media_in(f'"content": "{lines}\\r\\n"'.encode())


@pytest.mark.parametrize(
    "text",
    [
        "data:image/png;base64,AAAA",
        "DATA:IMAGE/SVG+XML,%3Csvg%3E",
        "data:video/mp4;base64,AAAA",
        "data:text/plain," + "a%20" * 1100,
    ],
)
def test_an_address_that_holds_media_is_found(text: str) -> None:
    assert media_in(f"<url>{text}</url>".encode())


def test_a_part_of_a_mail_in_base64_is_found() -> None:
    mail = "Content-Type: image/x\r\nContent-Transfer-Encoding: base64\r\n\r\n" + "QUJD" * 12
    assert media_in(mail.encode())


@pytest.mark.parametrize("name", ["dataPayload", "MediaFiles", "attachment", "imageData"])
def test_a_field_for_media_with_data_in_it_is_found(name: str) -> None:
    data = base64.b64encode(shapeless(80))
    assert media_in(f"<{name}>".encode() + data)
    assert media_in(f'"{name}": ["'.encode() + data)


PHOTODNA = base64.b64encode(shapeless(144)).decode()
SHA256 = hashlib.sha256(b"invented").hexdigest()


@pytest.mark.parametrize(
    "text",
    [
        SHA256,
        hashlib.sha512(b"invented").hexdigest(),
        base64.b64encode(hashlib.sha512(b"invented").digest()).decode(),
        PHOTODNA,
        "\n".join([PHOTODNA] * 200),
        "\n".join([SHA256] * 200),
        "\r\n".join([SHA256.upper()] * 200),
        f'<attachment>{SHA256}</attachment> "attachment": "{SHA256}"',
        "https://example.org/" + "a-rather-long-path/" * 50,
        "-" * 500,
        "It was said at length and in ordinary words. " * 500,
        "Content-Transfer-Encoding: base64 was written in the head of the mail",
        "data: none was given; metadata: all of it",
        "<MediaFiles><FileName>holiday.txt</FileName></MediaFiles>",
    ],
    ids=[
        *("SHA-256", "SHA-512", "SHA-512 in base64", "PhotoDNA", "a list of PhotoDNA", "a list of SHA-256"),
        *("upper case", "a hash as attachment", "a link", "a rule", "prose", "a mail's head", "the word data"),
        "names of files",
    ],
)
def test_hashes_links_and_prose_raise_no_alarm(text: str) -> None:
    assert media_in(text.encode()) == []


def test_one_value_is_looked_at_like_a_whole_text() -> None:
    assert media_in_text(base64.b64encode(beginning("PNG")).decode())
    assert media_in_text(PHOTODNA) == []


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"a,b\r\n1,2\r\n", False),
        ("ä".encode(), False),
        ("<report/>".encode("utf-16"), False),
        ("<report/>".encode("utf-16-le"), False),
        (b"a\x00b", True),
        (b"\x01\x02", True),
    ],
)
def test_text_is_told_from_binary(head: bytes, expected: bool) -> None:
    assert is_binary(head) is expected

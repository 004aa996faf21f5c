from __future__ import annotations

from dataclasses import replace

import pytest

from tearmann.casework.sealing import Sealer
from tearmann.errors import NotFound

PLAIN = b"an invented payload"


def test_what_is_sealed_opens_again():
    sealer = Sealer(b"k" * 32)
    assert sealer.open(sealer.seal(PLAIN, sha256="ab"), sha256="ab") == PLAIN


def test_the_plain_bytes_do_not_stand_in_the_sealed_ones():
    assert PLAIN not in Sealer(b"k" * 32).seal(PLAIN, sha256="ab").body


def test_the_same_bytes_are_sealed_differently_each_time():
    sealer = Sealer(b"k" * 32)
    assert sealer.seal(PLAIN, sha256="ab").body != sealer.seal(PLAIN, sha256="ab").body


def test_a_payload_exchanged_for_another_does_not_open():
    sealer = Sealer(b"k" * 32)
    with pytest.raises(NotFound, match="altered"):
        sealer.open(sealer.seal(PLAIN, sha256="ab"), sha256="cd")


def test_an_altered_payload_does_not_open():
    sealer = Sealer(b"k" * 32)
    sealed = sealer.seal(PLAIN, sha256="ab")
    with pytest.raises(NotFound, match="altered"):
        sealer.open(replace(sealed, body=sealed.body[:-1] + bytes([sealed.body[-1] ^ 1])), sha256="ab")


def test_a_payload_of_another_key_says_which_key_it_wants():
    sealed = Sealer(b"k" * 32).seal(PLAIN, sha256="ab")
    with pytest.raises(NotFound, match=sealed.key_id):
        Sealer(b"l" * 32).open(sealed, sha256="ab")

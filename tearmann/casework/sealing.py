"""Payloads are kept sealed: AES-256-GCM, with a key that lies outside the store.

The key comes from TEARMANN_PAYLOAD_KEY or a key file in the data directory; key_id names it, so that a store
can hold payloads of more than one key while keys are changed.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tearmann.errors import NotFound


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    key_id: str
    nonce: bytes
    body: bytes


class Sealer:
    """Seals and opens with one key. The payload's digest is bound in, so that rows cannot be exchanged."""

    def __init__(self, key: bytes) -> None:
        self.key_id = hashlib.sha256(b"tearmann payload key" + key).hexdigest()[:16]
        self._cipher = AESGCM(key)

    def seal(self, plain: bytes, *, sha256: str) -> Sealed:
        nonce = os.urandom(12)
        body = self._cipher.encrypt(nonce, plain, sha256.encode())
        return Sealed(key_id=self.key_id, nonce=nonce, body=body)

    def open(self, sealed: Sealed, *, sha256: str) -> bytes:
        """The plain bytes. Raises NotFound where the key is another or the row was altered."""
        if sealed.key_id != self.key_id:
            raise NotFound(
                f"payload {sha256[:12]} was sealed with key {sealed.key_id}; this installation has {self.key_id}"
            )
        try:
            return self._cipher.decrypt(sealed.nonce, sealed.body, sha256.encode())
        except InvalidTag:
            raise NotFound(f"payload {sha256[:12]} does not open: its row was altered or the key is wrong") from None

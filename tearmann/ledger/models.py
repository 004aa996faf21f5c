"""The rows of the two logs. No foreign key leaves the room: an entry outlives what it is about.

Triggers (`triggers.py`) refuse any change to an entry; `chain.py` says how an entry's hash is made.
"""

from __future__ import annotations

import hashlib
import secrets
from typing import ClassVar

from django.db import models


class Chain(models.TextChoices):
    """Which log. The law limits what the processing log may be used for, so the two never mix."""

    HISTORY = "history", "Case history"
    PROCESSING = "processing", "Processing log"


class Entry(models.Model):
    """One thing that was done. References, codes and digests, never a person's data.

    at: when it was recorded; happened_at: when it happened in the world, where that is another time. body:
    canonical JSON, kept as text, because a JSON column re-orders names and rewrites numbers and the hash covers
    every byte.
    """

    chain = models.CharField(max_length=10, choices=Chain.choices)
    seq = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    happened_at = models.DateTimeField(null=True)
    verb = models.TextField()
    actor_kind = models.TextField()
    actor_ref = models.TextField()
    subject_kind = models.TextField()
    subject_ref = models.TextField()
    body = models.TextField()
    prev = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["chain", "seq"], name="ledger_entry_once"),
            models.CheckConstraint(condition=models.Q(chain__in=Chain.values), name="ledger_entry_chain"),
            models.CheckConstraint(condition=models.Q(seq__gte=1), name="ledger_entry_from_one"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["subject_kind", "subject_ref", "chain", "seq"], name="ledger_entry_subject"),
            models.Index(fields=["actor_kind", "actor_ref", "chain", "seq"], name="ledger_entry_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.chain} {self.seq}: {self.verb}"


class Head(models.Model):
    """Where a chain ends: its last entry's number and hash. One row for each chain; locking it orders the writers."""

    chain = models.CharField(max_length=10, choices=Chain.choices, primary_key=True)
    seq = models.PositiveBigIntegerField()
    hash = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.chain} {self.seq}"


class Text(models.Model):
    """Free text that a chained entry names by its digest. Erased with its salt, it leaves the chain whole.

    reference: what the text is about, such as a case's reference; several texts may share it. digest: SHA-256
    over the 16 bytes of salt and the body in UTF-8. Without the salt a short text could be guessed from its digest.
    """

    reference = models.TextField(db_index=True)
    salt = models.BinaryField(max_length=16, null=True)
    digest = models.CharField(max_length=64, unique=True)
    body = models.TextField(null=True)  # null is erased; an empty text is a text

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(body__isnull=True, salt__isnull=True)
                | models.Q(body__isnull=False, salt__isnull=False),
                name="ledger_text_erased_with_its_salt",
            )
        ]

    def __str__(self) -> str:
        return self.digest

    @classmethod
    def write(cls, *, reference: str, body: str) -> Text:
        """Keep a text under a new salt. Chain its `digest`, and nothing else of it."""
        salt = secrets.token_bytes(16)
        return cls.objects.create(reference=reference, salt=salt, digest=text_digest(salt, body), body=body)

    @classmethod
    def erase(cls, *, reference: str) -> int:
        """Erase every text about this reference, salts and all; return how many there were to erase."""
        return cls.objects.filter(reference=reference, body__isnull=False).update(body=None, salt=None)

    def is_erased(self) -> bool:
        return self.body is None

    def is_whole(self) -> bool:
        """Say whether the text still has the digest under which it was chained. An erased one cannot be asked."""
        if self.body is None or self.salt is None:
            return True
        return text_digest(bytes(self.salt), self.body) == self.digest


def text_digest(salt: bytes, body: str) -> str:
    """Return SHA-256 over the salt and the text in UTF-8, in hexadecimal digits."""
    return hashlib.sha256(salt + body.encode()).hexdigest()

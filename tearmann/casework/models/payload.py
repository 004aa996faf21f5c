from __future__ import annotations

from typing import ClassVar

from django.db import models


class Payload(models.Model):
    """What somebody sent, per referral, sealed: for proof and re-reading, never for search.

    A quarantined payload could not be read; a refused one carried media or was not text, and only its digest
    and the reasons are kept.
    """

    class State(models.TextChoices):
        ACCEPTED = "accepted", "Accepted"
        QUARANTINED = "quarantined", "In quarantine"
        REFUSED = "refused", "Refused"

    sha256 = models.CharField(max_length=64, unique=True)  # of the plain bytes
    file_sha256 = models.CharField(max_length=64, db_index=True)
    file_name = models.TextField()
    place = models.TextField()  # "report.xml", or "march.csv, row 12"
    state = models.CharField(max_length=12, choices=State.choices)
    faults = models.JSONField(default=list)  # [{"place", "says", "remedy"}]
    key_id = models.CharField(max_length=16, blank=True)
    nonce = models.BinaryField(null=True)
    body = models.BinaryField(null=True)
    received_at = models.DateTimeField()
    received_by = models.TextField()
    unit = models.ForeignKey("people.Unit", null=True, on_delete=models.PROTECT)
    settled_at = models.DateTimeField(null=True)  # somebody dealt with it: sent again, or known to be nothing
    settled_why = models.TextField(blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["-received_at"],
                name="payload_quarantine",
                condition=models.Q(state__in=("quarantined", "refused")),
            )
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="payload_accepted_is_sealed",
                condition=~models.Q(state="accepted") | models.Q(body__isnull=False, nonce__isnull=False),
            ),
            models.CheckConstraint(
                name="payload_refused_keeps_no_bytes",
                condition=~models.Q(state="refused") | models.Q(body__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"payload {self.sha256[:12]}"

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tearmann import records
from tearmann.casework.models.case import Case
from tearmann.casework.models.payload import Payload
from tearmann.intake import product_json


class Relation(models.TextChoices):
    """How a referral belongs to its case."""

    FIRST = "first", "The report"
    FOLLOW_UP = "follow_up", "Follow-up"
    CHANGED = "changed", "Sent again, changed"
    FILE_DETAILS = "file_details", "File details"


class StoredReferral(models.Model):
    """A referral as read, in canonical product JSON. Never changed.

    case is null only while the details of a file wait for the report that they belong to.
    """

    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="referrals")
    relation = models.CharField(max_length=12, choices=Relation.choices)
    payload = models.OneToOneField(Payload, on_delete=models.PROTECT, related_name="referral")
    source = models.TextField()
    source_reference = models.TextField(null=True)
    supplements = models.TextField(null=True)
    format = models.TextField()
    received_at = models.DateTimeField()
    content = models.TextField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["source", "source_reference"], name="referral_source_reference"),
            models.Index(
                fields=["source", "supplements"], name="referral_waiting", condition=models.Q(case__isnull=True)
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="referral_only_file_details_wait",
                condition=models.Q(case__isnull=False) | models.Q(relation="file_details"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.relation} referral of {self.source}"

    def value(self) -> records.Referral:
        return product_json.load(self.content.encode())

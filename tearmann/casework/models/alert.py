from __future__ import annotations

from typing import ClassVar

from django.db import models

from tearmann.casework.models.case import Case
from tearmann.people.models import Unit


class Alert(models.Model):
    """Somebody came near a restricted case. Told to its named readers, silently; nobody else learns of it."""

    class Kind(models.TextChoices):
        LINK = "link", "A case of another unit shares an identifier"
        SEARCH = "search", "Somebody searched for something that is on it"
        OPENED = "opened", "Somebody tried to open it"
        RESENT = "resent", "Somebody sent it, or something about it, again"

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="alerts")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    at = models.DateTimeField()
    by = models.TextField()  # the actor's reference
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT)  # the unit to speak to
    near = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="+")
    seen_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["case"], name="alert_unseen", condition=models.Q(seen_at__isnull=True))
        ]

    def __str__(self) -> str:
        return f"{self.kind} near case {self.case_id}"

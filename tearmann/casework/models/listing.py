from __future__ import annotations

from typing import ClassVar

from django.db import models


class ListVersion(models.Model):
    """One loaded version of a reference list. Its entries lie in immutable segment files; this row says which."""

    name = models.TextField()
    version = models.TextField()
    segment = models.TextField(unique=True)  # the directory's name under the data directory's lists
    digests = models.JSONField(default=dict)  # kind -> SHA-256 of its file: an altered file is refused
    entries = models.PositiveIntegerField()
    loaded_at = models.DateTimeField()
    loaded_by = models.TextField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["name", "version"], name="list_version"),
            models.UniqueConstraint(
                fields=["name"], condition=models.Q(withdrawn_at__isnull=True), name="list_in_force"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.version}"

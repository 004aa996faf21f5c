from __future__ import annotations

from typing import ClassVar

from django.db import models

from tearmann.casework.models.case import Case
from tearmann.casework.models.party import CasePerson, Identifier


class Clock(models.Model):
    """A time that runs. kind is text that the profile validates; due_at is null where the profile sets no time.

    A clock's due time is fixed when it starts: a rule that is set later never back-dates.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="clocks")
    person = models.ForeignKey(CasePerson, null=True, on_delete=models.PROTECT, related_name="clocks")
    identifier = models.ForeignKey(Identifier, null=True, on_delete=models.PROTECT, related_name="clocks")
    kind = models.TextField()
    started_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["due_at"], name="clock_running", condition=models.Q(stopped_at__isnull=True))
        ]

    def __str__(self) -> str:
        return f"{self.kind} of case {self.case_id}"

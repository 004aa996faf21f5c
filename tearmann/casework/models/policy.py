from __future__ import annotations

from typing import ClassVar

from django.db import models

from tearmann.people.models import Officer, Team


class ApprovedPolicy(models.Model):
    """A version of the triage policy that this force has approved; the newest in force is the one that assesses."""

    version = models.TextField(unique=True)
    digest = models.CharField(max_length=64)
    text = models.TextField()  # the TOML as approved
    approved_at = models.DateTimeField()
    approved_by = models.TextField()

    def __str__(self) -> str:
        return f"policy {self.version}"


class TriageSwitch(models.Model):
    """The policy switched on for a team: proposed by one person, confirmed by another, with a reason.

    Until it is confirmed, and after it is switched off, the team is in shadow mode.
    """

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="switches")
    reason = models.TextField()
    proposed_by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(Officer, null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="switch_takes_two_people",
                condition=models.Q(confirmed_by__isnull=True) | ~models.Q(confirmed_by=models.F("proposed_by")),
            ),
            models.UniqueConstraint(
                fields=["team"], condition=models.Q(ended_at__isnull=True), name="switch_one_per_team"
            ),
        ]

    def __str__(self) -> str:
        return f"switch of team {self.team_id}"

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tearmann.casework.states import State
from tearmann.people.models import Officer, Team, Unit
from tearmann.records import Band


class Rank(models.IntegerChoices):
    """Where a case stands in a queue; equal ranks stand oldest first.

    A case whose team is in shadow stands level with *standard*: neither above what a policy in force calls
    urgent, nor buried below what it calls routine.
    """

    UNASSESSED = 0
    ESCALATED = 1
    IMMEDIATE = 2
    URGENT = 3
    STANDARD = 4
    ROUTINE = 5


class Case(models.Model):
    """One referral plus its follow-ups. Never merged with another.

    band, points, quality and confidence are the latest assessment's, and may be shown and may order only where
    the case's team has the policy switched on (`live`).
    """

    reference = models.CharField(max_length=11, unique=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="cases")
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="cases")
    owner = models.ForeignKey(Officer, null=True, on_delete=models.PROTECT, related_name="cases")
    state = models.CharField(max_length=12, choices=State.choices, default=State.RECEIVED)
    state_since = models.DateTimeField()
    is_open = models.BooleanField(default=True)
    restricted = models.BooleanField(default=False)

    source = models.TextField()
    incident_type = models.TextField()
    platform = models.TextField(blank=True)
    urgent = models.BooleanField(default=False)
    received_at = models.DateTimeField()

    assessed_at = models.DateTimeField(null=True)  # null: unassessed, which sorts first
    needs_assessment = models.BooleanField(default=True)  # something was learnt since the last one
    fault = models.TextField(blank=True)  # why the last assessment failed
    live = models.BooleanField(default=False)  # the policy was switched on for the team at the last assessment
    escalated = models.BooleanField(default=False)
    band = models.CharField(max_length=9, choices=[(band, band) for band in Band], blank=True)
    rank = models.SmallIntegerField(choices=Rank.choices, default=Rank.UNASSESSED)
    changed_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes: ClassVar = [
            # The queue: a unit's open cases in order.
            models.Index(
                fields=["unit", "rank", "received_at", "id"], name="case_queue", condition=models.Q(is_open=True)
            ),
            models.Index(fields=["rank", "received_at", "id"], name="case_order", condition=models.Q(is_open=True)),
            models.Index(fields=["owner", "rank", "received_at"], name="case_mine", condition=models.Q(is_open=True)),
            models.Index(fields=["id"], name="case_needs_assessment", condition=models.Q(needs_assessment=True)),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="case_unassessed_sorts_first",
                condition=models.Q(assessed_at__isnull=False) | models.Q(rank=Rank.UNASSESSED),
            ),
            models.CheckConstraint(
                name="case_shadow_does_not_order",
                condition=models.Q(live=True) | models.Q(rank__in=(Rank.UNASSESSED, Rank.ESCALATED, Rank.STANDARD)),
            ),
        ]

    def __str__(self) -> str:
        return f"case {self.reference}"


class NamedReader(models.Model):
    """An officer who may read a restricted case. To everybody else the case is nothing at all."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="named_readers")
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="may_read")
    named_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["case", "officer"], name="named_reader_once")]

    def __str__(self) -> str:
        return f"{self.officer_id} may read {self.case_id}"

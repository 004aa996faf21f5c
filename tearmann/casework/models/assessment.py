from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from tearmann import records
from tearmann.casework.models.case import Case
from tearmann.casework.models.listing import ListVersion
from tearmann.casework.models.party import Party
from tearmann.identifiers import IdentifierKind


def _reasons(given: tuple[records.Reason, ...]) -> list[dict[str, Any]]:
    # Written out: copying a flat value field by field through `asdict` is ten times slower.
    return [
        {"rule": one.rule, "says": one.says, "value": one.value, "place": one.place, "points": one.points}
        for one in given
    ]


class Assessment(models.Model):
    """What the policy made of a case at one time. The latest counts; the earlier ones stay.

    It is kept whether or not it may be shown: in shadow it orders nothing and no page shows it.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="assessments")
    at = models.DateTimeField()
    policy = models.TextField()
    band = models.CharField(max_length=9, choices=[(band, band) for band in records.Band])
    points = models.IntegerField()
    quality = models.FloatField()
    confidence = models.FloatField()
    escalations = models.JSONField(default=list)
    reasons = models.JSONField(default=list)
    missing = models.JSONField(default=list)
    latest = models.BooleanField(default=True)

    COLUMNS: ClassVar = ("policy", "band", "points", "quality", "confidence", "escalations", "reasons", "missing")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case"], condition=models.Q(latest=True), name="assessment_latest")
        ]

    def __str__(self) -> str:
        return f"assessment of case {self.case_id}"

    @classmethod
    def columns(cls, priority: records.Priority) -> tuple[Any, ...]:
        """The values of COLUMNS for a priority: the one column map."""
        return (
            priority.policy,
            priority.band.value,
            priority.points,
            priority.quality,
            priority.confidence,
            _reasons(priority.escalations),
            _reasons(priority.reasons),
            list(priority.missing),
        )

    def value(self) -> records.Priority:
        return records.Priority(
            band=records.Band(self.band),
            points=self.points,
            quality=self.quality,
            confidence=self.confidence,
            policy=self.policy,
            escalations=tuple(records.Reason(**reason) for reason in self.escalations),
            reasons=tuple(records.Reason(**reason) for reason in self.reasons),
            missing=tuple(self.missing),
        )


class Hit(models.Model):
    """One identifier of a case found on a version of a reference list."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="hits")
    list_version = models.ForeignKey(ListVersion, on_delete=models.PROTECT, related_name="hits")
    kind = models.CharField(max_length=16)
    value = models.TextField()
    code = models.TextField(blank=True)
    scheme = models.TextField(blank=True)
    distance = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "list_version", "kind", "value", "code", "scheme"], name="hit_once")
        ]

    def __str__(self) -> str:
        return f"hit of case {self.case_id}"

    def to_value(self) -> records.ListHit:
        """Needs list_version loaded."""
        return records.ListHit(
            list_name=self.list_version.name,
            list_version=self.list_version.version,
            kind=IdentifierKind(self.kind),
            value=self.value,
            code=self.code,
            scheme=self.scheme,
            distance=self.distance,
        )


class StoredLink(models.Model):
    """Two parties of two cases that share a strong identifier. `party` came later."""

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="links_back")
    other = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="links_on")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="links_back")
    other_case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="links_on")
    kind = models.CharField(max_length=16)
    value = models.TextField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["party", "other", "kind", "value"], name="link_once")]

    def __str__(self) -> str:
        return f"link of cases {self.case_id} and {self.other_case_id}"

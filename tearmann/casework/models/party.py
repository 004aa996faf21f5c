from __future__ import annotations

from typing import ClassVar

from django.db import models

from tearmann import records
from tearmann.casework.models.case import Case
from tearmann.casework.models.referral import StoredReferral
from tearmann.identifiers import IdentifierKind


class Party(models.Model):
    """One person, or account, as the sender describes them in one referral. Projected from it, never changed.

    What belongs to no person hangs on the party whose role is *unattached*.
    """

    referral = models.ForeignKey(StoredReferral, on_delete=models.PROTECT, related_name="parties")
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="parties")
    key = models.TextField()
    role = models.CharField(max_length=16, choices=[(role, role) for role in records.PartyRole])
    surname = models.TextField(blank=True)  # casefolded: the last word of the name, to search by

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["surname"], name="party_surname", opclasses=["text_pattern_ops"]),
        ]
        constraints: ClassVar = [models.UniqueConstraint(fields=["referral", "key"], name="party_key")]

    def __str__(self) -> str:
        return f"{self.key} of referral {self.referral_id}"


class Identifier(models.Model):
    """One identifier of a party. In the clear: the store lies inside the boundary."""

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="identifiers")
    kind = models.CharField(max_length=16, choices=[(kind, kind) for kind in IdentifierKind])
    value = models.TextField()
    key = models.TextField()  # what it is found and linked by: the kind's link key, or the value
    as_given = models.TextField()
    place = models.TextField()
    origin = models.CharField(max_length=12, choices=[(origin, origin) for origin in records.Origin])
    details = models.JSONField(default=list)

    class Meta:
        indexes: ClassVar = [
            # The operator class serves equality and beginnings alike, whatever the database's collation.
            models.Index(fields=["kind", "key"], name="identifier_key", opclasses=["varchar_ops", "text_pattern_ops"])
        ]

    def __str__(self) -> str:
        return f"{self.kind} of party {self.party_id}"

    def to_value(self) -> records.Identifier:
        return records.Identifier(
            kind=IdentifierKind(self.kind),
            value=self.value,
            as_given=self.as_given,
            place=self.place,
            origin=records.Origin(self.origin),
            details=tuple((name, text) for name, text in self.details),
        )


class LinkKey(models.Model):
    """How many parties hold a value by which parties may link: a value that too many hold links nobody."""

    kind = models.CharField(max_length=16)
    value = models.TextField()
    count = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["kind", "value"], name="link_key")]

    def __str__(self) -> str:
        return f"{self.kind}, held by {self.count}"


class PersonRole(models.TextChoices):
    """Our view of a person on a case: the categories of the Data Protection Act 2018, section 38, and a child."""

    CHILD = "child", "Child"
    PERSON_INVOLVED = "person_involved", "Person involved"
    SUSPECT = "suspect", "Suspect"
    CONVICTED = "convicted", "Convicted"
    WITNESS = "witness", "Witness or information-giver"


class CasePerson(models.Model):
    """Our view of a person on one case. Begun from what the sender says; changed by acts only.

    risks: codes of RiskCode, each with where it was read. Told and safe belong to a child.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="people")
    party = models.OneToOneField(Party, on_delete=models.PROTECT, related_name="person")
    role = models.CharField(max_length=16, choices=PersonRole.choices)
    age = models.PositiveSmallIntegerField(null=True)  # whole years
    age_basis = models.TextField(blank=True)  # where the age was read
    under_age_possible = models.BooleanField(default=True)
    risks = models.JSONField(default=list)  # [{"code", "place", "origin"}]
    told_at = models.DateTimeField(null=True)
    safe_at = models.DateTimeField(null=True)
    safe_says = models.TextField(blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["case", "role"], name="case_person_role")]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="case_person_safe_is_said_by_somebody",
                condition=models.Q(safe_at__isnull=True) | ~models.Q(safe_says=""),
            )
        ]

    def __str__(self) -> str:
        return f"{self.role} on case {self.case_id}"


class StoredReference(models.Model):
    """A typed reference to another system of record. The record stays there."""

    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="references")
    referral = models.ForeignKey(StoredReferral, null=True, on_delete=models.PROTECT, related_name="references")
    party = models.ForeignKey(Party, null=True, on_delete=models.PROTECT, related_name="references")
    kind = models.TextField()
    value = models.TextField()
    system = models.TextField(blank=True)
    place = models.TextField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["value", "kind"], name="reference_value")]

    def __str__(self) -> str:
        return f"{self.kind} reference of case {self.case_id}"

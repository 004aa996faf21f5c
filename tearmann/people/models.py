"""Officers, their units and teams. What they may do to a case stands in casework."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from datetime import datetime
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models


class Role(models.TextChoices):
    """What an officer is here for. One role each; nobody is above the roles."""

    DESK_OFFICER = "desk_officer", "Desk officer"
    SUPERVISOR = "supervisor", "Supervisor"
    ANALYST = "analyst", "Analyst"
    LEADER = "leader", "Leader"
    INSPECTOR = "inspector", "Inspector"
    AUDITOR = "auditor", "Auditor"
    ADMINISTRATOR = "administrator", "Administrator"
    DATA_PROTECTION = "data_protection", "Data-protection officer"


class Unit(models.Model):
    """A division or national unit of the force, as its profile names it."""

    code = models.TextField(unique=True)
    name = models.TextField()
    national = models.BooleanField(default=False)
    contact_desk = models.TextField(blank=True)  # whom another unit rings about a case that it may not read

    class Meta:
        ordering: ClassVar = ["code"]

    def __str__(self) -> str:
        return self.name


class Team(models.Model):
    """A team of a unit, to which cases are allocated."""

    code = models.TextField(unique=True)
    name = models.TextField()
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="teams")

    class Meta:
        ordering: ClassVar = ["code"]

    def __str__(self) -> str:
        return self.name


class Officers(BaseUserManager["Officer"]):
    """Makes officers and finds them by the name under which they sign in."""

    def create_officer(
        self,
        *,
        sign_in: str,
        name: str,
        role: Role,
        password: str | None = None,
        unit: Unit | None = None,
        teams: Collection[Team] = (),
        valid_until: datetime | None = None,
        **more: Any,
    ) -> Officer:
        """Make an officer. Without a password nobody can sign in as this officer. Records nothing: see `acts`."""
        officer = self.model(
            sign_in=tidy_sign_in(sign_in), name=name, role=role, unit=unit, valid_until=valid_until, **more
        )
        officer.set_password(password)
        officer.save(using=self._db)
        officer.teams.set(teams)
        return officer

    def get_by_natural_key(self, username: str | None) -> Officer:
        return self.get(sign_in=tidy_sign_in(username or ""))


class Officer(AbstractBaseUser):
    """Somebody who signs in.

    sign_in: what they type, such as a collar number, and what both logs name them by: it is never changed and
    never given to somebody else. valid_until: from then on they cannot be here; an inspector always has one.
    """

    sign_in = models.CharField(max_length=64, unique=True)
    name = models.TextField()
    role = models.CharField(max_length=15, choices=Role.choices)
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="officers")
    teams = models.ManyToManyField(Team, blank=True, related_name="officers")
    is_active = models.BooleanField(default=True)
    valid_until = models.DateTimeField(null=True, blank=True)
    must_change_password = models.BooleanField(default=False)
    failed_sign_ins = models.PositiveSmallIntegerField(default=0)  # in a row
    locked_until = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Officers] = Officers()

    USERNAME_FIELD = "sign_in"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name", "role"]

    class Meta:
        ordering: ClassVar = ["sign_in"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(role=Role.INSPECTOR) | models.Q(valid_until__isnull=False),
                name="people_inspector_is_time_boxed",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def reference(self) -> str:
        """What the logs name the officer by."""
        return self.sign_in

    def may_be_here(self, now: datetime) -> bool:
        """Say whether the account is in use at this time: active and not past its end."""
        return self.is_active and (self.valid_until is None or now < self.valid_until)

    def is_locked(self, now: datetime) -> bool:
        """Say whether too many failed sign-ins keep the officer out at this time."""
        return self.locked_until is not None and now < self.locked_until


def tidy_sign_in(typed: str) -> str:
    """Return a sign-in name as it is stored: without outer spaces, in lower case, one form for one look."""
    return unicodedata.normalize("NFKC", typed).strip().casefold()

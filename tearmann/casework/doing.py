"""Who does something, when and under which profile; and what makes a function an act."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import ParamSpec, TypeVar

from django.db import transaction

from tearmann.people.models import Officer, Role
from tearmann.profile import Force

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """An officer, the operator of a command, or the service itself; also the viewer of a query.

    reference: what the logs name. unit: the primary key of the officer's unit. A command is its operator's,
    who holds the store: role and unit are None and it sees everything.
    """

    kind: str  # officer | operator | service
    reference: str
    role: Role | None = None
    unit: int | None = None
    officer: int | None = None
    teams: frozenset[int] = field(default_factory=frozenset)

    @classmethod
    def of(cls, officer: Officer) -> Actor:
        return cls(
            kind="officer",
            reference=officer.sign_in,
            role=Role(officer.role),
            unit=officer.unit_id,
            officer=officer.pk,
            teams=frozenset(officer.teams.values_list("pk", flat=True)),
        )

    @classmethod
    def operator(cls, name: str) -> Actor:
        return cls(kind="operator", reference=name)

    @property
    def sees_everything(self) -> bool:
        return self.role is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Doing:
    """Who, when (aware, UTC), and under which force profile. Only the edge reads the clock."""

    by: Actor
    at: datetime
    force: Force


ACTS: dict[str, Callable[..., object]] = {}


def act(function: Callable[P, R]) -> Callable[P, R]:
    """Make a function an act: one durable transaction, wholly done or not done, known to the permission matrix.

    An act never calls an act: the second durable transaction raises by itself.
    """

    @functools.wraps(function)
    def whole(*args: P.args, **kwargs: P.kwargs) -> R:
        with transaction.atomic(durable=True):
            return function(*args, **kwargs)

    ACTS[function.__name__] = whole
    return whole

"""What acts need that lies outside the store: the keys, the policy in force and the open list segments."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from django.conf import settings

from tearmann import profile
from tearmann.casework.actions.assess import Instruments
from tearmann.casework.actions.lists import open_lists
from tearmann.casework.actions.policy import policy_in_force
from tearmann.casework.actions.store import Keys
from tearmann.casework.models import ApprovedPolicy, ListVersion
from tearmann.casework.sealing import Sealer
from tearmann.profile import Force


@cache
def force() -> Force:
    """The profile of the force that this installation serves."""
    return profile.load(settings.TEARMANN.profile_name())


@cache
def keys() -> Keys:
    return Keys(
        reference=settings.TEARMANN.reference_key(),
        sealer=Sealer(settings.TEARMANN.payload_key()),
    )


def lists_directory() -> Path:
    """Where list segments lie; made for its owner alone if it is missing."""
    directory: Path = settings.TEARMANN.prepare_data_dir() / "lists"
    directory.mkdir(mode=0o700, exist_ok=True)
    return directory


def instruments() -> Instruments:
    """The policy and lists in force now. Read again only when one of them has changed."""
    in_force = ListVersion.objects.filter(withdrawn_at__isnull=True).order_by("pk")
    policy = ApprovedPolicy.objects.order_by("-pk").values_list("pk", flat=True).first()
    return _instruments(str(settings.TEARMANN.data_dir), policy, tuple(in_force.values_list("pk", flat=True)))


@cache
def _instruments(data_dir: str, policy: int | None, lists: tuple[int, ...]) -> Instruments:
    """One set of instruments per state of the store; the arguments are only what tells the states apart."""
    return Instruments(policy=policy_in_force(), lists=open_lists(lists_directory()))

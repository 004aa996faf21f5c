"""What an officer needs from the sender: the fields that a policy may count towards quality.

Quality says how much of a referral was filled in. It orders nothing: a complete report of a file that everybody
knows is of high quality and low priority.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from tearmann.triage.matter import Matter


@dataclass(frozen=True, slots=True)
class Wanted:
    """A field that quality counts. words: what is missing when it is not filled."""

    words: str
    is_filled: Callable[[Matter], bool]


WANTED: Mapping[str, Wanted] = {
    "source_reference": Wanted("the sender's own reference", lambda matter: "source_reference" in matter.filled),
    "incident_type": Wanted("what kind of incident it is", lambda matter: bool(matter.incident_types)),
    "incident_time": Wanted("when it happened", lambda matter: "incident_time" in matter.filled),
    "platform": Wanted("where it happened", lambda matter: "platform" in matter.filled),
    "reported_account": Wanted(
        "an account, address, number or device of the person reported",
        lambda matter: "reported_account" in matter.filled,
    ),
    "child_account": Wanted(
        "an account, address, number or device of the child", lambda matter: "child_account" in matter.filled
    ),
    "child_age": Wanted(
        "the age of each child described",
        lambda matter: bool(matter.children) and all(child.years is not None for child in matter.children),
    ),
    "connection": Wanted(
        "an IP address with its port and its time",
        lambda matter: any(one.has_port and one.at is not None for one in matter.connections),
    ),
    "file_hash": Wanted(
        "a hash of each file", lambda matter: bool(matter.files) and all(file.has_hash for file in matter.files)
    ),
    "file_viewed": Wanted(
        "whether the sender viewed each file",
        lambda matter: bool(matter.files) and all(file.viewed is not None for file in matter.files),
    ),
}


def share_filled(matter: Matter, wants: Sequence[str]) -> tuple[float, tuple[str, ...]]:
    """Return the share of the wanted fields that are filled, 0 to 1, and the words of those that are not."""
    missing = tuple(WANTED[name].words for name in wants if not WANTED[name].is_filled(matter))
    return 1 - len(missing) / len(wants), missing

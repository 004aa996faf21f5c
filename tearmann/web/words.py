"""How a case is put in words on a page: its reference, its tags, its concern. Codes become the profile's labels."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tearmann.casework.models import Case
from tearmann.profile import Force
from tearmann.records import Band, RiskCode


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """A short label with a look. look: the last part of a class of `_priority.scss`."""

    words: str
    look: str


BANDS: dict[Band, Tag] = {
    Band.IMMEDIATE: Tag(words="Immediate", look="immediate"),
    Band.URGENT: Tag(words="Urgent", look="urgent"),
    Band.STANDARD: Tag(words="Standard", look="standard"),
    Band.ROUTINE: Tag(words="Routine", look="routine"),
}
UNASSESSED = Tag(words="Not assessed yet", look="unassessed")
SHADOW = Tag(words="Shadow mode: oldest first", look="shadow")
ESCALATED = Tag(words="Escalated", look="escalated")
RESTRICTED = Tag(words="Restricted", look="restricted")

RISKS: dict[RiskCode, str] = {
    RiskCode.DANGER_NOW: "in danger now",
    RiskCode.LIVES_WITH: "lives with the person reported",
    RiskCode.NEAR: "the person reported has contact or access",
    RiskCode.COERCION: "coercion",
    RiskCode.SEXTORTION: "sextortion",
    RiskCode.SELF_HARM: "self-harm by the child",
    RiskCode.PLANNED_CONTACT: "a meeting is planned",
    RiskCode.SADISTIC_EXPLOITATION: "sadistic exploitation",
}


def grouped(reference: str) -> str:
    """A reference in groups of three: 4T7-QK2-M9X-R5."""
    return "-".join(reference[start : start + 3] for start in range(0, len(reference), 3))


def count_words(number: int, one: str, many: str | None = None) -> str:
    """A number and its noun: "1 case", "2 cases"; "2 children" where many is given."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def priority_tag(case: Case, band: Band | None) -> Tag:
    """What a case wears as its priority. band: None where it may not be shown."""
    if case.assessed_at is None:
        return UNASSESSED
    return BANDS[band] if band is not None else ESCALATED if case.escalated else SHADOW


def source_label(force: Force, code: str, on: date) -> str:
    return force.vocabulary("sources").label(code, on)


def incident_label(force: Force, code: str, on: date) -> str:
    """The type of incident in our words; what we do not know is said to be that."""
    return "Type not known to us" if code == "other" else force.vocabulary("incident_types").label(code, on)

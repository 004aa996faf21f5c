"""The questions that a policy may ask of a referral: one small function each, in one register.

Every answer is *yes* (with a value that is a code, an age or a count, and the place where it was read), *no*, or
*cannot say*, because absent is not false. There is no question about a conviction, police contact, an
allegation, a name, a place of living, a platform or a passage, and `Matter` would not let one be written.

A question *rises* when more facts (a risk, a child, a file, a follow-up) can turn its answer into yes but never
out of it. Whatever scores must rise: the loader refuses the rest, so that no fact ever lowers a case.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from tearmann.records import RiskCode
from tearmann.triage.matter import ADULT_FROM, FileSeen, Mark, Matter, comparable


class Says(StrEnum):
    """The three answers."""

    YES = "yes"
    NO = "no"
    CANNOT_SAY = "cannot say"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a question got out of a referral. value: a code, an age or a count, never a person's data."""

    says: Says
    value: str = ""
    place: str = ""


NO = Answer(Says.NO)
CANNOT_SAY = Answer(Says.CANNOT_SAY)


def yes(value: str, place: str) -> Answer:
    return Answer(Says.YES, value, place)


class Accepts(StrEnum):
    """What a parameter takes, in the words of a fault."""

    CODES = "a code or a list of codes"
    COUNT = "a whole number of 0 or more"
    SHARE = "a number above 0 and up to 1"
    TRUE = "true (leave it out otherwise)"
    NAME = "a name"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One parameter of a question. known: the only codes it takes; empty, any code."""

    name: str
    accepts: Accepts
    needed: bool = False
    known: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question of the register: what it is called, what it takes, how it asks and how it is put in words."""

    name: str
    takes: tuple[Parameter, ...]
    ask: Callable[..., Answer]
    words: Callable[..., str]
    rises: Callable[[Mapping[str, Any]], bool]


_REGISTER: dict[str, Question] = {}
QUESTIONS: Mapping[str, Question] = _REGISTER


def _question(
    name: str,
    *takes: Parameter,
    words: Callable[..., str],
    rises: Callable[[Mapping[str, Any]], bool] = lambda given: True,
) -> Callable[[Callable[..., Answer]], Callable[..., Answer]]:
    def enter(ask: Callable[..., Answer]) -> Callable[..., Answer]:
        _REGISTER[name] = Question(name=name, takes=takes, ask=ask, words=words, rises=rises)
        return ask

    return enter


def _one_of(*known: str) -> Parameter:
    return Parameter(name="is", accepts=Accepts.CODES, needed=True, known=known)


def _or(codes: tuple[str, ...]) -> str:
    return " or ".join(codes)


RISK_WORDS: Mapping[RiskCode, str] = {
    RiskCode.DANGER_NOW: "a child is in danger now",
    RiskCode.LIVES_WITH: "a child lives with the person reported",
    RiskCode.NEAR: "the person reported has contact with or access to a child",
    RiskCode.COERCION: "a child is being coerced",
    RiskCode.SEXTORTION: "a child is being blackmailed (sextortion)",
    RiskCode.SELF_HARM: "a child may harm themselves",
    RiskCode.PLANNED_CONTACT: "contact with a child is planned",
    RiskCode.SADISTIC_EXPLOITATION: "sadistic exploitation of a child is reported",
}


@_question(
    "risk",
    _one_of(*RiskCode),
    words=lambda one_of: _or(tuple(RISK_WORDS[RiskCode(code)] for code in one_of)),
)
def risk(matter: Matter, *, one_of: tuple[str, ...]) -> Answer:
    """Nobody reports the absence of a risk, so this never answers no."""
    for code, place in matter.risks:
        if code in one_of:
            return yes(code.value, place)
    return CANNOT_SAY


@_question("urgent", words=lambda: "the sender marks the report as an emergency")
def urgent(matter: Matter) -> Answer:
    """The sender's flag counts by being there; its text is not read."""
    return yes("urgent", matter.urgent_places[0]) if matter.urgent_places else NO


@_question(
    "provider_priority",
    Parameter(name="at_most", accepts=Accepts.COUNT, needed=True),
    words=lambda at_most: f"the provider set its priority {at_most} or more pressing (1 is the most)",
)
def provider_priority(matter: Matter, *, at_most: int) -> Answer:
    """Like the emergency flag it counts by being there: most formats have no such field."""
    level, place = min(matter.provider_priorities, default=(at_most + 1, ""))
    return yes(str(level), place) if level <= at_most else NO


@_question("incident_type", _one_of(), words=lambda one_of: f"the incident is {_or(one_of)}")
def incident_type(matter: Matter, *, one_of: tuple[str, ...]) -> Answer:
    if not matter.incident_types:
        return CANNOT_SAY
    return _marked(matter.incident_types, one_of) or NO


@_question("annotation", _one_of(), words=lambda one_of: f"the sender marks the report {_or(one_of)}")
def annotation(matter: Matter, *, one_of: tuple[str, ...]) -> Answer:
    return _marked(matter.marks, one_of) or NO


def _marked(marks: list[Mark], one_of: tuple[str, ...]) -> Answer | None:
    # The value is the policy's spelling of the code: what a sender wrote there might be anything.
    for mark in marks:
        for code in one_of:
            if mark.code == comparable(code):
                return yes(code, mark.place)
    return None


@_question(
    "children",
    Parameter(name="at_least", accepts=Accepts.COUNT, needed=True),
    words=lambda at_least: "a child is described" if at_least == 1 else f"{at_least} or more children are described",
)
def children(matter: Matter, *, at_least: int) -> Answer:
    """A person described as victim or recipient is a child unless stated to be an adult."""
    if not matter.children:
        return CANNOT_SAY
    if matter.children_counted < at_least:
        return NO
    count = matter.children_counted
    return yes("1 child" if count == 1 else f"{count} children", matter.children[0].place)


@_question(
    "child_age",
    Parameter(name="at_most", accepts=Accepts.COUNT, needed=True),
    words=lambda at_most: f"a child is aged {at_most} or under",
)
def child_age(matter: Matter, *, at_most: int) -> Answer:
    """The youngest stated age decides; an unstated one is under 18 and says no more than that."""
    stated = [(child.years, child.place) for child in matter.children if child.years is not None]
    if stated:
        youngest, place = min(stated)
        if youngest <= at_most:
            return yes(f"age {youngest}", place)
    unstated = next((child for child in matter.children if child.years is None), None)
    if unstated is not None and at_most >= ADULT_FROM - 1:
        return yes("age not stated", unstated.place)
    return NO if stated and unstated is None else CANNOT_SAY


@_question("reported_child", words=lambda: "the person reported is under 18")
def reported_child(matter: Matter) -> Answer:
    under = [person for person in matter.reported if person.years is not None and person.years < ADULT_FROM]
    if under:
        return yes(f"age {under[0].years}", under[0].place)
    if matter.reported and all(person.years is not None for person in matter.reported):
        return NO
    return CANNOT_SAY


@_question(
    "hash_new",
    Parameter(name="viewed", accepts=Accepts.TRUE),
    Parameter(name="marked", accepts=Accepts.CODES),
    Parameter(name="classed", accepts=Accepts.CODES),
    Parameter(name="unless_marked", accepts=Accepts.CODES),
    words=lambda viewed=False, marked=(), classed=(), unless_marked=(): (
        "a file is on no list that was checked"
        + (", viewed by the sender" if viewed else "")
        + (f", marked {_or(marked)}" if marked else "")
        + (f", classed {_or(classed)}" if classed else "")
        + (f", not marked {_or(unless_marked)}" if unless_marked else "")
    ),
)
def hash_new(
    matter: Matter,
    *,
    viewed: bool = False,
    marked: tuple[str, ...] = (),
    classed: tuple[str, ...] = (),
    unless_marked: tuple[str, ...] = (),
) -> Answer:
    """All that is asked holds of one and the same file. A near match is not confirmed and leaves a file new."""
    if not matter.lists_checked:
        return CANNOT_SAY
    doubtful = not matter.files
    found: list[FileSeen] = []
    for file in matter.files:
        if file.lists:
            continue
        if unless_marked and _has_mark(file.marks_with_report, unless_marked):
            continue
        if marked and not _has_mark(file.marks, marked):
            continue
        if classed and not _has_class(file, classed):
            continue
        if not file.has_hash or (viewed and file.viewed is None):
            doubtful = True
        elif not viewed or file.viewed:
            found.append(file)
    if found:
        return yes(_files(len(found)), found[0].place)
    return CANNOT_SAY if doubtful else NO


@_question(
    "hash_known",
    Parameter(name="list", accepts=Accepts.NAME),
    Parameter(name="share", accepts=Accepts.SHARE),
    words=lambda list_name="", share=0.0: (
        ("every file is" if share == 1 else f"at least {share:.0%} of the files are" if share else "a file is")
        + (f" on the list {list_name}" if list_name else " on a list of known hashes")
    ),
    # One more new file can take a share below its mark.
    rises=lambda given: "share" not in given,
)
def hash_known(matter: Matter, *, list_name: str = "", share: float = 0.0) -> Answer:
    """Exact matches alone. share: of all files; those without a hash may be either."""
    if not matter.lists_checked or not matter.files:
        return CANNOT_SAY
    known = [file for file in matter.files if (list_name in file.lists if list_name else file.lists)]
    without_hash = sum(not file.has_hash for file in matter.files)
    if known and len(known) >= share * len(matter.files):
        return yes(f"{_files(len(known))}: {list_name or known[0].lists[0]}", known[0].place)
    could_be = len(known) + without_hash
    return CANNOT_SAY if without_hash and could_be >= share * len(matter.files) else NO


@_question("file_annotation", _one_of(), words=lambda one_of: f"the sender marks a file {_or(one_of)}")
def file_annotation(matter: Matter, *, one_of: tuple[str, ...]) -> Answer:
    for file in matter.files:
        for code in one_of:
            if comparable(code) in file.marks:
                return yes(code, file.place)
    return NO


@_question(
    "linked_cases",
    Parameter(name="at_least", accepts=Accepts.COUNT, needed=True),
    Parameter(name="held_by_at_most", accepts=Accepts.COUNT),
    words=lambda at_least, held_by_at_most=None: (
        ("another case shares" if at_least == 1 else f"{at_least} or more other cases share")
        + " an identifier with this one"
        + (f" that at most {held_by_at_most} people hold" if held_by_at_most is not None else "")
    ),
)
def linked_cases(matter: Matter, *, at_least: int, held_by_at_most: int | None = None) -> Answer:
    """Counts cases by links that the caller may see; which cases they are is never part of the answer."""
    cases = {link.case for link in matter.links if held_by_at_most is None or link.held_by <= held_by_at_most}
    if len(cases) < at_least or not cases:
        return NO
    return yes("1 case" if len(cases) == 1 else f"{len(cases)} cases", "links")


@_question("ip_event_with_port", words=lambda: "a connection is stated with its port and its time")
def ip_event_with_port(matter: Matter) -> Answer:
    for connection in matter.connections:
        if connection.has_port and connection.at is not None:
            return yes("port and time", connection.place)
    return NO if matter.connections else CANNOT_SAY


@_question(
    "data_expires_within_days",
    Parameter(name="of", accepts=Accepts.CODES, needed=True, known=("ip_event", "report")),
    Parameter(name="kept_days", accepts=Accepts.COUNT, needed=True),
    Parameter(name="at_most", accepts=Accepts.COUNT, needed=True),
    words=lambda of, kept_days, at_most: (
        f"what is kept for {kept_days} days from the {_or(of).replace('ip_event', 'connection')} "
        f"runs out within {at_most} days"
    ),
)
def data_expires_within_days(matter: Matter, *, of: tuple[str, ...], kept_days: int, at_most: int) -> Answer:
    """The soonest that has not run out yet decides; what is gone presses nobody."""
    moments: list[tuple[datetime, str]] = []
    if "ip_event" in of:
        moments += [(one.at, one.place) for one in matter.connections if one.at is not None]
    if "report" in of:
        moments += matter.received
    left = [(kept_days - (matter.now - at).days, place) for at, place in moments]
    if not left:
        return CANNOT_SAY
    soon = min(((days, place) for days, place in left if 0 <= days <= at_most), default=None)
    if soon is None:
        return NO
    days, place = soon
    return yes("1 day" if days == 1 else f"{days} days", place)


def _has_mark(marks: frozenset[str], wanted: tuple[str, ...]) -> bool:
    return bool(marks) and any(comparable(code) in marks for code in wanted)


def _has_class(file: FileSeen, wanted: tuple[str, ...]) -> bool:
    """wanted: "scheme:code", each scheme's own code; schemes are never translated into one another."""
    for one in wanted:
        scheme, _, code = one.rpartition(":")
        if (comparable(scheme), comparable(code)) in file.classes:
            return True
    return False


def _files(count: int) -> str:
    return "1 file" if count == 1 else f"{count} files"

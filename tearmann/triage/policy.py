"""A triage policy: versioned data that says what is urgent, and why. Read from TOML, checked whole.

A policy adds and never subtracts. The hard escalations are its floor: a policy that would leave a child in
danger now, living with or near the person reported, coerced, blackmailed, at risk of self-harm or about to be
met, or a sender's emergency flag, without its escalation is refused.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any

from tearmann.errors import PolicyError
from tearmann.records import Band, RiskCode
from tearmann.triage.conditions import Asked, Compiler, Condition
from tearmann.triage.matter import Matter
from tearmann.triage.quality import WANTED
from tearmann.triage.questions import RISK_WORDS, Answer, Says

SHIPPED = Path(__file__).with_name("policy.toml")
NAME = re.compile(r"[a-z][a-z0-9_]*")
MOST_POINTS = 1000
FLOOR = (
    RiskCode.DANGER_NOW,
    RiskCode.LIVES_WITH,
    RiskCode.NEAR,
    RiskCode.COERCION,
    RiskCode.SEXTORTION,
    RiskCode.SELF_HARM,
    RiskCode.PLANNED_CONTACT,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalation:
    """Goes straight to immediate and needs no score."""

    name: str
    when: Condition
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Adds its points. A rule of 0 points only explains."""

    name: str
    when: Condition
    points: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """One version of the rules.

    bands: each band with the points it begins at, most pressing first, ending with routine at 0. quality: the
    names of the fields that quality counts. questions: the distinct questions that the conditions look up by
    number; asks, open_words: the same, compiled and in words. by_weight: the conditions, heaviest first, with the
    numbers of their questions. digest: SHA-256 of the file's bytes, hexadecimal; text: the file.
    """

    version: str
    note: str
    source: str
    escalations: tuple[Escalation, ...]
    rules: tuple[Rule, ...]
    bands: tuple[tuple[Band, int], ...]
    quality: tuple[str, ...]
    questions: tuple[Asked, ...]
    digest: str
    text: str
    asks: tuple[Callable[[Matter], Answer], ...] = field(init=False, repr=False, compare=False)
    open_words: tuple[str, ...] = field(init=False, repr=False, compare=False)
    by_weight: tuple[tuple[Condition, tuple[int, ...]], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # What every referral would otherwise have worked out again.
        object.__setattr__(self, "asks", tuple(asked.compiled() for asked in self.questions))
        object.__setattr__(self, "open_words", tuple(f"whether {asked.words()}" for asked in self.questions))
        conditions = [one.when for one in self.escalations]
        conditions += [rule.when for rule in sorted(self.rules, key=lambda rule: -rule.points)]
        by_weight = tuple((condition, tuple(one.number for one in condition.asks())) for condition in conditions)
        object.__setattr__(self, "by_weight", by_weight)

    def band_at(self, points: int) -> Band:
        """Return the band that so many points reach without an escalation."""
        return next(band for band, begins_at in self.bands if points >= begins_at)


def load(path: Path | None = None) -> Policy:
    """Read a policy file; None reads the one shipped.

    Raises PolicyError, naming every fault of the file at once.
    """
    path = SHIPPED if path is None else path
    try:
        return read(path.read_bytes(), name=path.name)
    except OSError as error:
        raise PolicyError(f"{path.name}: the policy cannot be read ({error.strerror})") from error


def read(payload: bytes, *, name: str = "policy.toml") -> Policy:
    """Read a policy from its bytes. name: what faults call it. Raises PolicyError as `load` does."""
    try:
        text = payload.decode("utf-8")
        table = tomllib.loads(text)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise PolicyError(f"{name}: not a TOML file in UTF-8: {error}") from error
    reader = _Reader(table)
    policy = reader.policy(digest=sha256(payload).hexdigest(), text=text)
    if reader.faults or policy is None:
        raise PolicyError("\n".join(f"{name}: {fault}" for fault in reader.faults))
    return policy


class _Reader:
    """Reads one policy and collects its faults."""

    def __init__(self, table: dict[str, Any]) -> None:
        self._table = table
        self._compiler = Compiler()
        self.faults = self._compiler.faults
        self._names: set[str] = set()

    def policy(self, *, digest: str, text: str) -> Policy | None:
        allowed = {"version", "note", "source", "escalation", "rule", "bands", "quality"}
        for name in sorted(set(self._table) - allowed):
            self.faults.append(f"there is no {name!r} in a policy; take it out")
        version = self._text(self._table, "version", place="the policy")
        source = self._text(self._table, "source", place="the policy")
        note = self._text(self._table, "note", place="the policy") if "note" in self._table else ""
        escalations = tuple(filter(None, (self._escalation(n, t) for n, t in self._tables("escalation"))))
        rules = tuple(filter(None, (self._rule(n, t) for n, t in self._tables("rule"))))
        bands = self._bands()
        quality = self._quality()
        if self.faults:
            return None
        policy = Policy(
            version=version,
            note=note,
            source=source,
            escalations=escalations,
            rules=rules,
            bands=bands,
            quality=quality,
            questions=self._compiler.questions,
            digest=digest,
            text=text,
        )
        self.faults += _below_floor(policy)
        return policy

    def _tables(self, name: str) -> list[tuple[str, dict[str, Any]]]:
        """Return each [[name]] with what faults call it."""
        given = self._table.get(name)
        if not isinstance(given, list) or not given or not all(isinstance(one, dict) for one in given):
            self.faults.append(f"the policy needs [[{name}]] tables, one at least")
            return []
        return [(self._called(name, number, one), one) for number, one in enumerate(given, start=1)]

    def _called(self, kind: str, number: int, table: dict[str, Any]) -> str:
        name = table.get("name")
        if not isinstance(name, str) or not NAME.fullmatch(name):
            self.faults.append(f"{kind} {number}: 'name' must be lower-case letters, digits and _")
            return f"{kind} {number}"
        if name in self._names:
            self.faults.append(f"{kind} {number}: the name {name!r} is taken; each rule and escalation has its own")
        self._names.add(name)
        return f"{kind} {name!r}"

    def _escalation(self, place: str, table: dict[str, Any]) -> Escalation | None:
        self._only(table, ("name", "when", "reason"), place)
        reason = self._text(table, "reason", place=place)
        when = self._when(table, place, scores=True)
        return None if when is None else Escalation(name=str(table.get("name")), when=when, reason=reason)

    def _rule(self, place: str, table: dict[str, Any]) -> Rule | None:
        self._only(table, ("name", "when", "points", "reason"), place)
        reason = self._text(table, "reason", place=place)
        points = table.get("points")
        if type(points) is not int or not 0 <= points <= MOST_POINTS:
            self.faults.append(f"{place}: 'points' must be a whole number from 0 to {MOST_POINTS}; a rule never takes")
            points = 0
        when = self._when(table, place, scores=points > 0)
        return None if when is None else Rule(name=str(table.get("name")), when=when, points=points, reason=reason)

    def _when(self, table: dict[str, Any], place: str, *, scores: bool) -> Condition | None:
        if "when" not in table:
            self.faults.append(f"{place}: 'when' is missing")
            return None
        when = self._compiler.compile(table["when"], place=f"{place}, when")
        if when is not None and scores and not when.rises():
            self.faults.append(
                f"{place}, when: a further fact could turn this off and so lower a case; "
                "'not' and a share of known files are for rules of 0 points"
            )
        return when

    def _bands(self) -> tuple[tuple[Band, int], ...]:
        given = self._table.get("bands")
        if not isinstance(given, dict):
            self.faults.append("the policy needs [bands]: the points at which each band begins")
            return ()
        for name in sorted(set(given) - set(Band)):
            self.faults.append(f"bands: there is no band {name!r}; there are {', '.join(Band)}")
        begins: list[tuple[Band, int]] = []
        for band in Band:
            points = given.get(band)
            if type(points) is not int or points < 0:
                self.faults.append(f"bands: {band.value!r} must be a whole number of 0 or more")
            else:
                begins.append((band, points))
        marks = [points for _, points in begins]
        if len(begins) == len(Band) and (marks[-1] != 0 or any(a <= b for a, b in pairwise(marks))):
            self.faults.append("bands: the points must fall from immediate to routine, and routine begins at 0")
        return tuple(begins)

    def _quality(self) -> tuple[str, ...]:
        given = self._table.get("quality")
        wants = given.get("wants") if isinstance(given, dict) else None
        if not isinstance(given, dict) or not isinstance(wants, list) or not wants:
            self.faults.append("the policy needs [quality] with 'wants', a list of fields")
            return ()
        self._only(given, ("wants",), "quality")
        for name in dict.fromkeys(map(str, wants)):
            if name not in WANTED:
                self.faults.append(f"quality: there is no field {name!r}; there are {', '.join(WANTED)}")
            elif wants.count(name) > 1:
                self.faults.append(f"quality: {name!r} is there more than once")
        return tuple(str(name) for name in wants)

    def _text(self, table: dict[str, Any], key: str, *, place: str) -> str:
        value = table.get(key)
        if not isinstance(value, str) or not value.strip():
            self.faults.append(f"{place}: {key!r} must be a text that says something")
            return ""
        return value

    def _only(self, table: dict[str, Any], allowed: tuple[str, ...], place: str) -> None:
        for name in sorted(set(table) - set(allowed)):
            self.faults.append(f"{place}: there is no {name!r} here; there are {', '.join(allowed)}")


def _below_floor(policy: Policy) -> list[str]:
    """Name what the hard escalations must catch and these do not: each fact is tried alone."""
    epoch = datetime(2000, 1, 1, tzinfo=UTC)
    tried = [(RISK_WORDS[code], Matter(now=epoch, risks=[(code, "")])) for code in FLOOR]
    tried.append(("the sender marks the report as an emergency", Matter(now=epoch, urgent_places=[""])))
    faults = []
    for words, matter in tried:
        answers = [ask(matter) for ask in policy.asks]
        if not any(escalation.when.read(answers).says is Says.YES for escalation in policy.escalations):
            faults.append(f"no escalation fires when {words}; a policy may add to the hard ones, not leave one out")
    return faults

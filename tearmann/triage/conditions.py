"""The language of `when`: TOML tables over the register of questions. Nothing in it is evaluated as code.

    { fact = "child_age", at_most = 11 }     one question with its parameters
    { all = [ ..., ... ] }                   every one; no, if one is no; else cannot say, if one cannot
    { any = [ ..., ... ] }                   at least one
    { not = { ... } }                        turns yes and no round; cannot say stays

These are Kleene's three-valued connectives. A condition is compiled once, when the policy is loaded: each
distinct question gets a number, is asked once per referral, and conditions look its answer up.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from tearmann.triage.matter import Matter
from tearmann.triage.questions import CANNOT_SAY, NO, QUESTIONS, Accepts, Answer, Parameter, Says, yes

# What Python calls a parameter whose name it keeps for itself.
ARGUMENTS = {"is": "one_of", "list": "list_name"}
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_:-]*")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its parameters, as one policy asks it. given: names and values, sorted by name."""

    fact: str
    given: tuple[tuple[str, Any], ...] = ()

    def compiled(self) -> Callable[[Matter], Answer]:
        return partial(QUESTIONS[self.fact].ask, **self._arguments())

    def words(self) -> str:
        return QUESTIONS[self.fact].words(**self._arguments())

    def rises(self) -> bool:
        return QUESTIONS[self.fact].rises(dict(self.given))

    def _arguments(self) -> dict[str, Any]:
        return {ARGUMENTS.get(name, name): value for name, value in self.given}


class Condition(Protocol):
    """A node of a condition. answers: one per question of the policy, by its number."""

    def read(self, answers: Sequence[Answer]) -> Answer: ...

    def rises(self) -> bool: ...

    def words(self) -> str: ...

    def asks(self) -> Iterator[One]: ...


@dataclass(frozen=True, slots=True)
class One:
    number: int
    asked: Asked

    def read(self, answers: Sequence[Answer]) -> Answer:
        return answers[self.number]

    def rises(self) -> bool:
        return self.asked.rises()

    def words(self) -> str:
        return self.asked.words()

    def asks(self) -> Iterator[One]:
        yield self


@dataclass(frozen=True, slots=True)
class All:
    parts: tuple[Condition, ...]

    def read(self, answers: Sequence[Answer]) -> Answer:
        given = [part.read(answers) for part in self.parts]
        if any(answer.says is Says.NO for answer in given):
            return NO
        if any(answer.says is Says.CANNOT_SAY for answer in given):
            return CANNOT_SAY
        return yes(_joined(answer.value for answer in given), _joined(answer.place for answer in given))

    def rises(self) -> bool:
        return all(part.rises() for part in self.parts)

    def words(self) -> str:
        return " and ".join(_bracketed(part) for part in self.parts)

    def asks(self) -> Iterator[One]:
        for part in self.parts:
            yield from part.asks()


@dataclass(frozen=True, slots=True)
class AnyOf:
    parts: tuple[Condition, ...]

    def read(self, answers: Sequence[Answer]) -> Answer:
        says = NO
        for part in self.parts:
            answer = part.read(answers)
            if answer.says is Says.YES:
                return answer
            if answer.says is Says.CANNOT_SAY:
                says = CANNOT_SAY
        return says

    def rises(self) -> bool:
        return all(part.rises() for part in self.parts)

    def words(self) -> str:
        return " or ".join(_bracketed(part) for part in self.parts)

    def asks(self) -> Iterator[One]:
        for part in self.parts:
            yield from part.asks()


@dataclass(frozen=True, slots=True)
class Not:
    part: Condition

    def read(self, answers: Sequence[Answer]) -> Answer:
        says = self.part.read(answers).says
        if says is Says.CANNOT_SAY:
            return CANNOT_SAY
        return NO if says is Says.YES else yes("no", "")

    def rises(self) -> bool:
        return False

    def words(self) -> str:
        return f"not ({self.part.words()})"

    def asks(self) -> Iterator[One]:
        yield from self.part.asks()


def _bracketed(part: Condition) -> str:
    return f"({part.words()})" if isinstance(part, All | AnyOf) else part.words()


def _joined(texts: Iterator[str]) -> str:
    return ", ".join(dict.fromkeys(text for text in texts if text))


class Compiler:
    """Turns the tables of one policy into conditions, numbers their questions and collects every fault."""

    def __init__(self) -> None:
        self.faults: list[str] = []
        self._numbers: dict[Asked, int] = {}

    @property
    def questions(self) -> tuple[Asked, ...]:
        """The distinct questions in the order of their numbers."""
        return tuple(self._numbers)

    def compile(self, table: object, *, place: str) -> Condition | None:
        """Return the condition, or None after noting what is wrong with it. place: for the fault."""
        if not isinstance(table, dict):
            self.faults.append(f'{place}: a condition is a table such as {{ fact = "urgent" }}')
            return None
        heads = [head for head in ("fact", "all", "any", "not") if head in table]
        if len(heads) != 1:
            self.faults.append(f"{place}: a condition has exactly one of fact, all, any, not")
            return None
        head = heads[0]
        if head == "fact":
            return self._question(table, place)
        for extra in sorted(set(table) - {head}):
            self.faults.append(f"{place}: {head!r} stands alone; take {extra!r} out")
        if head == "not":
            part = self.compile(table["not"], place=f"{place}, not")
            return None if part is None else Not(part)
        return self._connective(head, table[head], place)

    def _connective(self, head: str, given: object, place: str) -> Condition | None:
        if not isinstance(given, list) or not given:
            self.faults.append(f"{place}: {head!r} takes a list of conditions, one at least")
            return None
        parts = [self.compile(part, place=f"{place}, {head} {n}") for n, part in enumerate(given, start=1)]
        whole = tuple(part for part in parts if part is not None)
        if len(whole) < len(parts):
            return None
        return All(whole) if head == "all" else AnyOf(whole)

    def _question(self, table: dict[str, Any], place: str) -> Condition | None:
        fact = table["fact"]
        if not isinstance(fact, str) or fact not in QUESTIONS:
            self.faults.append(f"{place}: there is no question {fact!r}; there are {', '.join(sorted(QUESTIONS))}")
            return None
        takes = {parameter.name: parameter for parameter in QUESTIONS[fact].takes}
        before = len(self.faults)
        for name in sorted(set(table) - {"fact"} - set(takes)):
            known = ", ".join(takes) or "nothing"
            self.faults.append(f"{place}: the question {fact!r} takes no {name!r}; it takes {known}")
        given: list[tuple[str, Any]] = []
        for name, parameter in sorted(takes.items()):
            if name in table:
                given.append((name, self._value(table[name], parameter, f"{place}: {name!r} of {fact!r}")))
            elif parameter.needed:
                self.faults.append(f"{place}: the question {fact!r} needs {name!r}, {parameter.accepts}")
        if len(self.faults) > before:
            return None
        asked = Asked(fact, tuple(given))
        return One(self._numbers.setdefault(asked, len(self._numbers)), asked)

    def _value(self, value: object, parameter: Parameter, place: str) -> object:
        """Return the value as questions take it; note a fault where it is of the wrong kind."""
        match parameter.accepts:
            case Accepts.CODES:
                return self._codes(value, parameter, place)
            case Accepts.COUNT:
                fits = type(value) is int and value >= 0
            case Accepts.SHARE:
                fits = type(value) in (int, float) and isinstance(value, int | float) and 0 < value <= 1
            case Accepts.TRUE:
                fits = value is True
            case Accepts.NAME:
                fits = isinstance(value, str) and bool(value.strip())
        if not fits:
            self.faults.append(f"{place} must be {parameter.accepts}")
        return value

    def _codes(self, value: object, parameter: Parameter, place: str) -> tuple[str, ...]:
        codes = value if isinstance(value, list) else [value]
        right = [code for code in codes if isinstance(code, str) and CODE.fullmatch(code)]
        if not codes or len(right) < len(codes):
            self.faults.append(f"{place} must be {parameter.accepts} (letters, digits, _ and -)")
        unknown = [code for code in right if parameter.known and code not in parameter.known]
        if unknown:
            self.faults.append(f"{place} does not know {', '.join(unknown)}; it knows {', '.join(parameter.known)}")
        return tuple(str(code) for code in right)

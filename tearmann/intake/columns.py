"""Which column of a CSV file is what: declared in TOML, checked whole, with every fault at once.

```toml
version = "2026-1"
source = "example-partner"         # who sends these files; optional
delimiter = ";"                    # "," unless declared
time_formats = ["%d/%m/%Y %H:%M"]  # strptime, tried in turn; "iso" unless declared
date_format = "%d/%m/%Y"           # of days, such as dates of birth; "iso" unless declared
zone = "Europe/London"             # of times that state none; undeclared, they are read as UTC and said to be unsure
yes = ["yes", "y"]                 # words for true and false, in any case
no = ["no", "n"]

[columns]
"Date received" = "received"
"Child age" = "victim.age"
"Second child age" = "victim.2.age"
"Address seen" = "reported.ip"
"Port seen" = "reported.ip.port"
```

A target is one of
- a field of the referral: `received`, `platform`, `narrative` …;
- `<who>.<field>`, `<who>.<number>.<field>`: victim, reported, recipient, reporter, associated, unattached; a second
  e-mail address of the same person is `reported.email.2`, what is said beside it `reported.email.2.verified`;
- `file.<field>`, `file.<number>.<field>`; `risk.<code>`; `reference.<kind>`; `grading.<field>`; `statement.<name>`.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field, replace
from datetime import tzinfo
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from tearmann.errors import IntakeError
from tearmann.identifiers import IdentifierKind
from tearmann.records import PartyRole, RiskCode

FIELDS: dict[str, str] = {
    "source": "who sent it",
    "source_reference": "the sender's own reference",
    "supplements": "the sender's reference of the report that this adds to",
    "received": "time",
    "incident": "time",
    "incident_type": "our code, or the sender's word",
    "platform": "text",
    "urgent": "yes or no: the sender's emergency flag",
    "urgent_reason": "text",
    "provider_priority": "1, 2 or 3",
    "annotation": "a flag on the report, as a code",
    "lawful_basis": "text",
    "narrative": "free text: fact",
    "opinion": "free text: opinion",
    "statement": "a named thing that is said: statement.<name>",
    "risk": f"yes or no: risk.<code>, of {', '.join(RiskCode)}",
    "reference": "the number in another system: reference.<kind>",
}
PARTY_IDENTIFIERS: dict[str, IdentifierKind] = {
    "name": IdentifierKind.NAME,
    "email": IdentifierKind.EMAIL,
    "phone": IdentifierKind.PHONE,
    "handle": IdentifierKind.HANDLE,
    "account_id": IdentifierKind.ACCOUNT_ID,
    "ip": IdentifierKind.IP_EVENT,
    "device": IdentifierKind.DEVICE_ID,
    "url": IdentifierKind.URL,
    "date_of_birth": IdentifierKind.DATE_OF_BIRTH,
    "other": IdentifierKind.OTHER,
}
FILE_HASHES: dict[str, IdentifierKind] = {
    "md5": IdentifierKind.MD5,
    "sha1": IdentifierKind.SHA1,
    "sha256": IdentifierKind.SHA256,
    "pdq": IdentifierKind.PDQ,
    "hash": IdentifierKind.OTHER,
}
FILE_FACTS = {
    "viewed": "viewed_by_sender",
    "metadata_viewed": "metadata_viewed_by_sender",
    "public": "publicly_available",
}
GRADING = ("source", "information", "handling", "conditions")
ROLES = {role.value: role for role in PartyRole if role is not PartyRole.LAW_ENFORCEMENT}

# What may be said beside a value, in columns of its own: reported.ip.port, file.classification.scheme.
BESIDE: dict[str, frozenset[str]] = {
    "ip": frozenset({"port", "time", "event", "possible_proxy"}),
    "handle": frozenset({"platform"}),
    "account_id": frozenset({"platform"}),
    "device": frozenset({"type", "time", "event"}),
    "email": frozenset({"type", "verified"}),
    "phone": frozenset({"type", "verified"}),
    "other": frozenset({"type"}),
    "hash": frozenset({"type"}),
    "classification": frozenset({"scheme", "assigned_by", "version"}),
    "reference": frozenset({"system"}),
}
_SEVERAL = frozenset(
    {*PARTY_IDENTIFIERS, *FILE_HASHES, "narrative", "opinion", "annotation", "statement", "reference", "classification"}
)
_NAMED_BY_SENDER = frozenset({"statement", "reference"})  # what follows is a name of the sender's choosing
_PARTY_WORDS = frozenset({"age", "narrative", "opinion", "statement", "risk"})
_FILE_WORDS = frozenset({"id", "classification", "annotation", "uploaded", "narrative", "statement", "url", "name"})

_WORD = re.compile("[a-z][a-z0-9_]*")
_NUMBER = re.compile("[1-9][0-9]?")

YES = ("yes", "y", "true", "t", "1", "x")
NO = ("no", "n", "false", "f", "0")


@dataclass(frozen=True, slots=True, order=True)
class Target:
    """Where a column's values go. who: a role, "file", "grading" or "" for the referral itself."""

    who: str
    number: int
    field: str
    name: str = ""  # of a statement, a reference or a risk
    item: int = 1  # which of several
    beside: str = ""  # said beside the value, not the value itself

    def value(self) -> Target:
        """The value that this is said beside, or itself."""
        return replace(self, beside="") if self.beside else self


def target(text: str) -> Target | None:
    """Read a target as it is written in a column map; None if there is no such target."""
    words = text.split(".")
    who, number = "", 1
    if words[0] in ROLES or words[0] in ("file", "grading"):
        who = words.pop(0)
        if words and _NUMBER.fullmatch(words[0]) and who != "grading":
            number = int(words.pop(0))
    if not words:
        return None
    word, name, item = words.pop(0), "", 1
    if not _is_field(who, word):
        return None
    if word in _NAMED_BY_SENDER or word == "risk":
        if not words or not _WORD.fullmatch(words[0]) or (word == "risk" and words[0] not in list(RiskCode)):
            return None
        name = words.pop(0)
    if words and _NUMBER.fullmatch(words[0]) and word in _SEVERAL:
        item = int(words.pop(0))
    beside = words.pop(0) if words and words[0] in BESIDE.get(word, ()) else ""
    return None if words else Target(who, number, word, name, item, beside)


def _is_field(who: str, word: str) -> bool:
    if who == "file":
        return word in FILE_HASHES or word in FILE_FACTS or word in _FILE_WORDS
    if who == "grading":
        return word in GRADING
    if who:
        return word in PARTY_IDENTIFIERS or word in _PARTY_WORDS
    return word in FIELDS


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnMap:
    """The declared meaning of the columns of a CSV file.

    columns: (name in the header, target). own_names: a column that is named as a target is that target.
    """

    columns: tuple[tuple[str, str], ...]
    version: str = ""
    source: str | None = None
    delimiter: str = ","
    time_formats: tuple[str, ...] = ("iso",)
    date_format: str = "iso"
    zone: str | None = None
    yes: tuple[str, ...] = YES
    no: tuple[str, ...] = NO
    own_names: bool = False

    @classmethod
    def load(cls, path: Path) -> ColumnMap:
        """Read a column map. Raises IntakeError with every fault of the file."""
        try:
            written = tomllib.loads(path.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as broken:
            raise IntakeError(f"{path.name} is not TOML: {broken}") from None
        except OSError as missing:
            raise IntakeError(f"{path.name} cannot be opened: {missing.strerror}") from None
        checked = _Checked(written)
        made = checked.column_map(cls)
        if checked.faults:
            told = "\n".join(f"- {fault}" for fault in checked.faults)
            raise IntakeError(f"{path.name} has {len(checked.faults)} fault(s):\n{told}")
        return made

    def tzinfo(self) -> tzinfo | None:
        return ZoneInfo(self.zone) if self.zone else None

    def target_of(self, column: str) -> Target | None:
        """Return where a column goes, None if it was not declared."""
        declared = dict(self.columns).get(column)
        if declared is None and self.own_names:
            declared = column
        return target(declared) if declared is not None else None


@dataclass(slots=True)
class _Checked:
    """A column map being checked: what is written, and what is wrong with it."""

    written: dict[str, Any]
    faults: list[str] = field(default_factory=list)

    def column_map(self, made: type[ColumnMap]) -> ColumnMap:
        known = set(made.__slots__) - {"own_names"}
        for key in sorted(self.written.keys() - known):
            self.faults.append(f"'{key}' is no setting of a column map; expected one of {', '.join(sorted(known))}")
        columns = self._columns()
        delimiter = self._text("delimiter", ",")
        if delimiter not in (",", ";", "\t", "|"):
            self.faults.append("'delimiter' must be a comma, a semicolon, a tab or a |")
        yes, no = self._texts("yes", YES), self._texts("no", NO)
        if {word.lower() for word in yes} & {word.lower() for word in no}:
            self.faults.append("'yes' and 'no' share a word")
        time_formats, date_format = self._texts("time_formats", ("iso",)), self._text("date_format", "iso")
        for form in (*time_formats, date_format):
            if form != "iso" and "%" not in form:
                self.faults.append(f'\'{form}\' is no format of times or days; expected "iso" or such as "%d/%m/%Y"')
        zone = self._text("zone", "")
        try:
            ZoneInfo(zone or "UTC")
        except (KeyError, ValueError, OSError):
            self.faults.append(f"'zone' {zone} is no time zone; expected such as \"Europe/London\"")
        return made(
            columns=columns,
            version=self._text("version", ""),
            source=self._text("source", "") or None,
            delimiter=delimiter,
            time_formats=time_formats,
            date_format=date_format,
            zone=zone or None,
            yes=yes,
            no=no,
        )

    def _columns(self) -> tuple[tuple[str, str], ...]:
        columns = self.written.get("columns")
        if not isinstance(columns, dict) or not columns:
            self.faults.append("there is no table [columns] that says which column is what")
            return ()
        taken: dict[Target, str] = {}
        for name, text in columns.items():
            found = target(text) if isinstance(text, str) else None
            if found is None:
                self.faults.append(f"column '{name}': there is no target '{text}'")
            elif found in taken:
                self.faults.append(f"column '{name}': '{text}' is taken by column '{taken[found]}' already")
            else:
                taken[found] = name
        for one, name in taken.items():
            if one.value() not in taken:
                self.faults.append(f"column '{name}': '{one.beside}' stands beside a value that no column has")
        return tuple((name, text) for name, text in columns.items() if isinstance(text, str))

    def _text(self, key: str, otherwise: str) -> str:
        value = self.written.get(key, otherwise)
        if isinstance(value, str):
            return value
        self.faults.append(f"'{key}' must be text in quotation marks")
        return otherwise

    def _texts(self, key: str, otherwise: tuple[str, ...]) -> tuple[str, ...]:
        value = self.written.get(key, list(otherwise))
        if isinstance(value, list) and value and all(isinstance(one, str) for one in value):
            return tuple(value)
        self.faults.append(f"'{key}' must be a list of texts, and not empty")
        return otherwise


def _own() -> tuple[str, ...]:
    referral = ["source", "source_reference", "supplements", "received", "incident", "incident_type", "platform"]
    referral += ["urgent", "urgent_reason", "provider_priority", "lawful_basis", "narrative", "opinion"]
    risks = [f"risk.{code}" for code in RiskCode]
    victim = [f"victim.{word}" for word in ("age", "name", "date_of_birth", "email", "phone", "handle", "account_id")]
    reported = ["name", "age", "date_of_birth", "email", "phone", "handle", "account_id", "url"]
    reported += ["ip", "ip.port", "ip.time", "ip.event", "device", "device.type"]
    hashes = ["md5", "sha1", "sha256", "pdq", "classification", "classification.scheme", "viewed", "public"]
    rest = ["reporter.name", "reporter.email", "reporter.phone", "reference.crime", "reference.incident"]
    graded = [f"grading.{word}" for word in GRADING]
    return tuple(
        referral + risks + victim + [f"reported.{w}" for w in reported] + [f"file.{w}" for w in hashes] + rest + graded
    )


# The product's own header: each column is named as its target, and any other target may be added.
DEFAULT_COLUMNS = ColumnMap(columns=tuple((name, name) for name in _own()), version="1", own_names=True)

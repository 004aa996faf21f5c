"""One row of a CSV file made into a Referral. Blank cells say nothing; what no column map names is left over."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tearmann.identifiers import IdentifierKind, identify
from tearmann.intake.ages import age_in_years
from tearmann.intake.columns import FILE_FACTS, FILE_HASHES, GRADING, PARTY_IDENTIFIERS, ColumnMap, Target
from tearmann.intake.files import Fault, Known
from tearmann.intake.gradings import graded
from tearmann.intake.incident_types import incident_type
from tearmann.intake.times import day_in, moment_in
from tearmann.records import (
    Age,
    Classification,
    ExternalReference,
    FileFacts,
    Grading,
    Identifier,
    Leftover,
    Moment,
    Nature,
    Party,
    PartyRole,
    Passage,
    Referral,
    RiskCode,
    RiskFact,
    Statement,
)

UNNAMED_SOURCE = "other"  # the profile's code for a source that only the referral names

Cells = dict[Target, tuple[str, str]]  # target → (what the cell says, its place)


@dataclass(slots=True)
class _Row:
    """A row while it is read."""

    cells: Cells
    place: str
    platform: str | None = None
    faults: list[Fault] = field(default_factory=list)
    risks: list[RiskFact] = field(default_factory=list)

    def fault(self, place: str, says: str, remedy: str) -> None:
        self.faults.append(Fault(place=f"{self.place}, {place}", says=says, remedy=remedy))

    def of(self, who: str, number: int = 1) -> Cells:
        """The cells about one person, one file, or ("") the referral itself."""
        return {target: cell for target, cell in self.cells.items() if (target.who, target.number) == (who, number)}

    def numbers(self, who: str) -> list[int]:
        return sorted({target.number for target in self.cells if target.who == who})

    def beside(self, target: Target) -> dict[str, tuple[str, str]]:
        """What is said beside a value, by name."""
        return {other.beside: cell for other, cell in self.cells.items() if other.beside and other.value() == target}


class RowReader:
    """Reads the rows of one file, whose header is known."""

    def __init__(self, names: list[str], targets: list[Target | None], columns: ColumnMap, known: Known) -> None:
        self.names = names
        self.targets = targets
        self.columns = columns
        self.known = known
        self.zone = columns.tzinfo()
        self.time_formats = tuple(dict.fromkeys((*columns.time_formats, columns.date_format)))
        self.yes = frozenset(word.lower() for word in columns.yes)
        self.no = frozenset(word.lower() for word in columns.no)
        self.places = [f"column '{name}'" if name else f"column {n}" for n, name in enumerate(names, start=1)]

    def read(self, row: list[str], place: str) -> tuple[Referral | None, list[Fault]]:
        """Return the referral of a row, or None, and every fault of it."""
        if len(row) != len(self.names):
            says = f"{len(row)} fields where the header has {len(self.names)}"
            remedy = f"Write a field that holds a {self.columns.delimiter!r} in quotation marks; leave no field out."
            return None, [Fault(place=place, says=says, remedy=remedy)]
        cells: Cells = {}
        remainder = []
        for target, cell, where in zip(self.targets, row, self.places, strict=True):
            text = cell.strip()
            if text and target is not None:
                cells[target] = (text, where)
            elif text:
                remainder.append(Leftover(place=where, value=text))
        read = _Row(cells=cells, place=place)
        referral = self._referral(read, remainder)
        return referral, read.faults

    def _referral(self, row: _Row, remainder: list[Leftover]) -> Referral:
        own = row.of("")
        said = {target.field: cell for target, cell in own.items() if target.item == 1 and not target.name}
        text = {name: cell[0] for name, cell in said.items()}
        row.platform = text.get("platform")
        for target, (_, where) in row.cells.items():
            if target.value() not in row.cells:
                row.fault(where, "it stands beside a value that is blank", "Fill the value in, or blank this.")
        source = self.known.source or text.get("source") or self.columns.source or UNNAMED_SOURCE
        if text.get("source") and source != text["source"]:
            remainder.append(Leftover(place=said["source"][1], value=text["source"]))
        reference = self.known.reference or text.get("source_reference")
        if text.get("source_reference") and reference != text["source_reference"]:
            remainder.append(Leftover(place=said["source_reference"][1], value=text["source_reference"]))
        parties = [party for role in PartyRole for party in self._parties(row, role)]
        given = text.get("incident_type", "")
        urgent = self._yes_or_no(row, *said["urgent"]) if "urgent" in said else None
        risks, denied = self._risks(row, own, None)
        if urgent is False:
            denied.append(Statement(name="urgent", value=text["urgent"], place=said["urgent"][1]))
        return Referral(
            format="csv",
            format_version=self.columns.version,
            source=source,
            source_reference=reference,
            supplements=text.get("supplements"),
            received=self._time(row, said.get("received")),
            incident=self._time(row, said.get("incident")),
            incident_type=incident_type(given),
            incident_type_given=given,
            platform=row.platform,
            urgent=bool(urgent) or (urgent is None and "urgent_reason" in text),
            urgent_reason=text.get("urgent_reason", ""),
            provider_priority=self._provider_priority(row, said.get("provider_priority")),
            annotations=tuple(cell[0] for target, cell in own.items() if target.field == "annotation"),
            parties=tuple(parties),
            files=tuple(self._file(row, number) for number in row.numbers("file")),
            risks=(*risks, *row.risks),
            references=tuple(
                ExternalReference(kind=target.name, value=cell[0], place=cell[1], system=_said(row, target, "system"))
                for target, cell in own.items()
                if target.field == "reference" and not target.beside
            ),
            grading=self._grading(row),
            lawful_basis=text.get("lawful_basis"),
            statements=(*_statements(own), *denied),
            passages=_passages(own),
            remainder=tuple(remainder),
        )

    def _parties(self, row: _Row, role: PartyRole) -> list[Party]:
        parties = []
        for number in row.numbers(role.value):
            key = f"{role.value}-{number}"
            cells = row.of(role.value, number)
            age = next((cell for target, cell in cells.items() if target.field == "age"), None)
            risks, denied = self._risks(row, cells, key)
            row.risks += risks
            parties.append(
                Party(
                    key=key,
                    role=role,
                    place=f"columns of {role.value} {number}",
                    age=Age(as_given=age[0], place=age[1], years=age_in_years(age[0])) if age else None,
                    identifiers=tuple(
                        self._identifier(row, target, cell, PARTY_IDENTIFIERS[target.field])
                        for target, cell in cells.items()
                        if target.field in PARTY_IDENTIFIERS and not target.beside
                    ),
                    statements=(*_statements(cells), *denied),
                    passages=_passages(cells),
                )
            )
        return parties

    def _file(self, row: _Row, number: int) -> FileFacts:
        cells = row.of("file", number)
        said = {target.field: cell for target, cell in cells.items() if target.item == 1}
        facts: dict[str, Any] = {
            FILE_FACTS[name]: self._yes_or_no(row, *cell) for name, cell in said.items() if name in FILE_FACTS
        }
        names = tuple(
            Statement(name="file_name", value=cell[0], place=cell[1])
            for target, cell in cells.items()
            if target.field == "name"
        )
        return FileFacts(
            key=f"file-{number}",
            place=f"columns of file {number}",
            file_id=said["id"][0] if "id" in said else None,
            hashes=tuple(
                self._identifier(row, target, cell, FILE_HASHES[target.field])
                for target, cell in cells.items()
                if target.field in FILE_HASHES and not target.beside
            ),
            identifiers=tuple(
                self._identifier(row, target, cell, IdentifierKind.URL)
                for target, cell in cells.items()
                if target.field == "url"
            ),
            classifications=tuple(
                Classification(
                    scheme=_said(row, target, "scheme") or "not-stated",
                    code=cell[0],
                    place=cell[1],
                    assigned_by=_said(row, target, "assigned_by"),
                    version=_said(row, target, "version"),
                )
                for target, cell in cells.items()
                if target.field == "classification" and not target.beside
            ),
            annotations=tuple(cell[0] for target, cell in cells.items() if target.field == "annotation"),
            uploaded=self._time(row, said.get("uploaded")),
            statements=names + _statements(cells),
            passages=_passages(cells),
            **facts,
        )

    def _identifier(self, row: _Row, target: Target, cell: tuple[str, str], kind: IdentifierKind) -> Identifier:
        as_given, place = cell
        beside = row.beside(target)
        details = [(name, said[0]) for name, said in beside.items()]
        platform, text, at = None, as_given, None
        if kind in (IdentifierKind.HANDLE, IdentifierKind.ACCOUNT_ID):
            platform = beside["platform"][0] if "platform" in beside else row.platform
        elif kind is IdentifierKind.DEVICE_ID and "type" in beside:
            text = f"{beside['type'][0]}:{as_given}"
        elif kind is IdentifierKind.DATE_OF_BIRTH:
            day = day_in(as_given, form=self.columns.date_format)
            text = day.isoformat() if day else as_given
        if "time" in beside:
            at = self._event_time(row, beside["time"], details)
        port = self._port(row, beside.get("port"))
        found, value = identify(kind, text, platform=platform, port=port, at=at, region=self.known.region)
        if found is IdentifierKind.OTHER:
            value = as_given
        return Identifier(kind=found, value=value, as_given=as_given, place=place, details=tuple(details))

    def _port(self, row: _Row, cell: tuple[str, str] | None) -> int | None:
        if cell is None:
            return None
        text, place = cell
        if text.isascii() and text.isdigit() and len(text) <= 5 and 1 <= int(text) <= 65535:
            return int(text)
        row.fault(place, "not a port", "Expected a whole number from 1 to 65535.")
        return None

    def _event_time(self, row: _Row, cell: tuple[str, str], details: list[tuple[str, str]]) -> datetime | None:
        """The time of an event, only where its zone is known: a guessed zone names another subscriber."""
        time = self._time(row, cell)
        if time and not time.zone_stated:
            details.append(("zone", "not stated"))
            return None
        return time.at if time else None

    def _time(self, row: _Row, cell: tuple[str, str] | None) -> Moment | None:
        if cell is None:
            return None
        found = moment_in(cell[0], formats=self.time_formats, zone=self.zone)
        if found is None:
            expected = " or ".join("YYYY-MM-DDTHH:MM" if form == "iso" else form for form in self.time_formats)
            row.fault(cell[1], "not a time", f"Expected {expected}.")
        return found

    def _yes_or_no(self, row: _Row, text: str, place: str) -> bool | None:
        word = text.lower()
        if word in self.yes or word in self.no:
            return word in self.yes
        row.fault(place, "neither yes nor no", f"Expected one of {', '.join((*self.columns.yes, *self.columns.no))}.")
        return None

    def _risks(self, row: _Row, cells: Cells, party: str | None) -> tuple[list[RiskFact], list[Statement]]:
        """Return the risks that are there, and what is said not to be: that is kept too."""
        risks, denied = [], []
        for target, cell in cells.items():
            if target.field == "risk":
                answer = self._yes_or_no(row, *cell)
                if answer:
                    risks.append(RiskFact(code=RiskCode(target.name), place=cell[1], party=party))
                elif answer is False:
                    denied.append(Statement(name=f"risk.{target.name}", value=cell[0], place=cell[1]))
        return risks, denied

    def _provider_priority(self, row: _Row, cell: tuple[str, str] | None) -> int | None:
        if cell is None:
            return None
        if cell[0] in ("1", "2", "3"):
            return int(cell[0])
        row.fault(cell[1], "not a provider's priority", "Expected 1, 2 or 3.")
        return None

    def _grading(self, row: _Row) -> Grading | None:
        said = {target.field: cell for target, cell in row.of("grading").items()}
        if not said:
            return None
        places = {name: said[name][1] if name in said else f"column 'grading.{name}'" for name in GRADING}
        grading, faults = graded({name: cell[0] for name, cell in said.items()}, places)
        for fault in faults:
            row.fault(fault.place, fault.says, fault.remedy)
        return grading


def _said(row: _Row, target: Target, name: str) -> str:
    beside = row.beside(target)
    return beside[name][0] if name in beside else ""


def _statements(cells: Cells) -> tuple[Statement, ...]:
    return tuple(
        Statement(name=target.name, value=cell[0], place=cell[1])
        for target, cell in cells.items()
        if target.field == "statement"
    )


def _passages(cells: Cells) -> tuple[Passage, ...]:
    natures = {"narrative": Nature.FACT, "opinion": Nature.OPINION}
    return tuple(
        Passage(text=cell[0], place=cell[1], nature=natures[target.field])
        for target, cell in cells.items()
        if target.field in natures
    )

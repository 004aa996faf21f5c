"""What the questions may look at: a referral, narrowed to codes, ages, counts and places.

The narrowing is the safeguard. A matter has no field for a passage, a name, a platform's name, an address or a
school, so no question can score one; a list that is not of hashes (people, stop-lists of words) is left out
here, and so is every match that is only near, because nobody has confirmed it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import lru_cache

from tearmann.identifiers import IdentifierKind
from tearmann.records import FileFacts, Identifier, Link, ListHit, Party, PartyRole, Referral, RiskCode, RiskFact

ADULT_FROM = 18  # a child is anybody under 18: UN Convention on the Rights of the Child, article 1
HASH_KINDS = frozenset({IdentifierKind.MD5, IdentifierKind.SHA1, IdentifierKind.SHA256, IdentifierKind.PDQ})
ACCOUNT_KINDS = frozenset(
    {
        IdentifierKind.EMAIL,
        IdentifierKind.PHONE,
        IdentifierKind.HANDLE,
        IdentifierKind.ACCOUNT_ID,
        IdentifierKind.DEVICE_ID,
    }
)


@dataclass(frozen=True, slots=True)
class Mark:
    """A code that somebody set, as marks are compared, and where."""

    code: str
    place: str


@dataclass(frozen=True, slots=True)
class Person:
    """A person by age alone. years: None where the sender does not say or it could not be read."""

    years: int | None
    place: str


@dataclass(frozen=True, slots=True)
class FileSeen:
    """A file by its marks. lists: the lists that hold one of its hashes exactly."""

    place: str
    has_hash: bool
    lists: tuple[str, ...]
    viewed: bool | None
    marks: frozenset[str]
    marks_with_report: frozenset[str]  # and those of the report that it came in
    classes: frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Connection:
    """A use of an address, without the address. at: aware; None where no time could be read."""

    at: datetime | None
    has_port: bool
    place: str


@dataclass(slots=True, kw_only=True)
class Matter:
    """A referral, its follow-ups, and what was found beside them, ready for the questions.

    children: victims and recipients who are not stated to be adults; where under-age is possible they count as
    under. children_counted: the most that one document describes, since a follow-up mostly tells of the same
    child again. lists_checked: False where no list was loaded, so that *new* cannot be said of any file.
    """

    now: datetime
    lists_checked: bool = True
    links: tuple[Link, ...] = ()
    risks: list[tuple[RiskCode, str]] = field(default_factory=list)
    urgent_places: list[str] = field(default_factory=list)
    provider_priorities: list[tuple[int, str]] = field(default_factory=list)
    incident_types: list[Mark] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    children: list[Person] = field(default_factory=list)
    children_counted: int = 0
    reported: list[Person] = field(default_factory=list)
    files: list[FileSeen] = field(default_factory=list)
    connections: list[Connection] = field(default_factory=list)
    received: list[tuple[datetime, str]] = field(default_factory=list)
    filled: set[str] = field(default_factory=set)  # what quality asks for that no other field shows


@lru_cache(maxsize=2048)
def comparable(code: str) -> str:
    """Write a code as codes are compared: a sender's possibleSelfProduction and possible_self_production are one."""
    return "".join(letter for letter in code.casefold() if letter.isalnum())


def gather(
    referral: Referral,
    *,
    follow_ups: Sequence[Referral],
    hits: Sequence[ListHit],
    links: Sequence[Link],
    facts: Sequence[RiskFact],
    lists: Collection[str] | None,
    now: datetime,
) -> Matter:
    """Narrow a referral and everything beside it to what the questions may look at."""
    matter = Matter(now=now, lists_checked=lists is None or bool(lists), links=tuple(links))
    held = _exact_hits(hits)
    _take(referral, matter, held, "")
    for number, follow_up in enumerate(follow_ups, start=1):
        _take(follow_up, matter, held, f"follow-up {number}: ")
    matter.risks += [(fact.code, fact.place) for fact in facts]
    return matter


def _exact_hits(hits: Iterable[ListHit]) -> dict[tuple[IdentifierKind, str], list[str]]:
    held: dict[tuple[IdentifierKind, str], list[str]] = {}
    for hit in hits:
        if hit.kind in HASH_KINDS and hit.distance == 0:
            held.setdefault((hit.kind, hit.value), []).append(hit.list_name)
    return held


def _take(referral: Referral, matter: Matter, held: dict[tuple[IdentifierKind, str], list[str]], prefix: str) -> None:
    matter.risks += [(risk.code, prefix + risk.place) for risk in referral.risks]
    if referral.urgent:
        matter.urgent_places.append(prefix + "urgent")
    if referral.provider_priority is not None:
        matter.provider_priorities.append((referral.provider_priority, prefix + "provider_priority"))
    if referral.incident_type != "other":
        matter.incident_types.append(Mark(comparable(referral.incident_type), prefix + "incident_type"))
    report_marks = frozenset(map(comparable, (*referral.annotations, *_batch_reasons(referral))))
    matter.marks += [Mark(code, prefix + "annotations") for code in sorted(report_marks)]
    if referral.received is not None and referral.received.at is not None:
        matter.received.append((referral.received.at, prefix + "received"))
    acted_on = _day_of_act(referral, matter.now)
    before = len(matter.children)
    for party in referral.parties:
        _take_party(party, matter, acted_on, prefix)
        matter.files += [
            _file_by_hash(one, held, report_marks, prefix) for one in party.identifiers if one.kind in HASH_KINDS
        ]
    matter.children_counted = max(matter.children_counted, len(matter.children) - before)
    for file in referral.files:
        _take_file(file, matter, held, report_marks, prefix)
    _note_filled(referral, matter)


def _take_party(party: Party, matter: Matter, acted_on: date, prefix: str) -> None:
    role = party.role
    for identifier in party.identifiers:
        if identifier.kind is IdentifierKind.IP_EVENT:
            matter.connections.append(_connection(identifier, prefix))
        elif identifier.kind in ACCOUNT_KINDS:
            if role in (PartyRole.REPORTED, PartyRole.ASSOCIATED):
                matter.filled.add("reported_account")
            elif role in (PartyRole.VICTIM, PartyRole.RECIPIENT):
                matter.filled.add("child_account")
    if role in (PartyRole.VICTIM, PartyRole.RECIPIENT):
        person = _person(party, acted_on, prefix)
        if person.years is None or person.years < ADULT_FROM:
            matter.children.append(person)
    elif role is PartyRole.REPORTED:
        matter.reported.append(_person(party, acted_on, prefix))


def _take_file(
    file: FileFacts,
    matter: Matter,
    held: dict[tuple[IdentifierKind, str], list[str]],
    report_marks: frozenset[str],
    prefix: str,
) -> None:
    hashes = [one for one in file.hashes if one.kind in HASH_KINDS]
    marks = frozenset(map(comparable, file.annotations))
    matter.files.append(
        FileSeen(
            place=prefix + file.place,
            has_hash=bool(hashes),
            lists=tuple(name for one in hashes for name in held.get((one.kind, one.value), ())) if held else (),
            viewed=file.viewed_by_sender,
            marks=marks,
            marks_with_report=marks | report_marks,
            classes=frozenset((comparable(one.scheme), comparable(one.code)) for one in file.classifications),
        )
    )
    for identifier in file.identifiers:
        if identifier.kind is IdentifierKind.IP_EVENT:
            matter.connections.append(_connection(identifier, prefix))


def _file_by_hash(
    identifier: Identifier,
    held: dict[tuple[IdentifierKind, str], list[str]],
    report_marks: frozenset[str],
    prefix: str,
) -> FileSeen:
    """A hash that no file of the report owns stands for a file of its own, so that no other hash hides it."""
    return FileSeen(
        place=prefix + identifier.place,
        has_hash=True,
        lists=tuple(held.get((identifier.kind, identifier.value), ())),
        viewed=None,
        marks=frozenset(),
        marks_with_report=report_marks,
        classes=frozenset(),
    )


def _batch_reasons(referral: Referral) -> Iterator[str]:
    """The code that marks a whole batch of reports, the one statement that counts as a mark."""
    for statement in referral.statements:
        if statement.name == "batched_report_reason":
            yield statement.value


def _note_filled(referral: Referral, matter: Matter) -> None:
    if referral.incident is not None and referral.incident.at is not None:
        matter.filled.add("incident_time")
    if referral.platform:
        matter.filled.add("platform")  # that it is stated, never what it is
    if referral.source_reference:
        matter.filled.add("source_reference")


def _day_of_act(referral: Referral, now: datetime) -> date:
    """The day on which an age counts: of the act, else of the report, else today."""
    for moment in (referral.incident, referral.received):
        if moment is not None and moment.at is not None:
            return moment.at.date()
    return now.date()


def _person(party: Party, acted_on: date, prefix: str) -> Person:
    # Two ages for one person: the lower counts, because where under-age is possible it is taken as so.
    ages = list(_ages(party, acted_on))
    place = party.age.place if party.age is not None else party.place
    return Person(min(ages) if ages else None, prefix + place)


def _ages(party: Party, acted_on: date) -> Iterator[int]:
    if party.age is not None and party.age.years is not None:
        yield party.age.years
    for identifier in party.identifiers:
        if identifier.kind is IdentifierKind.DATE_OF_BIRTH:
            try:
                born = date.fromisoformat(identifier.value)
            except ValueError:
                continue  # kept as given by intake; an age that cannot be read is an age not stated
            years = acted_on.year - born.year - ((acted_on.month, acted_on.day) < (born.month, born.day))
            if years >= 0:
                yield years


def _connection(identifier: Identifier, prefix: str) -> Connection:
    """Read port and time out of an IP event's canonical text, address|port|time."""
    _, port, at = (*identifier.value.split("|"), "", "")[:3]
    try:
        moment = datetime.fromisoformat(at) if at else None
    except ValueError:
        moment = None
    if moment is not None and moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return Connection(moment, port not in ("", "0"), prefix + identifier.place)

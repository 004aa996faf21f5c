"""What is sent for each sketch, and when: the report, its files, and what senders send again, late or broken."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from heapq import heappop, heappush
from random import Random

from tearmann.records import PartyRole, RiskCode
from tearmann.synthetic import hashes
from tearmann.synthetic.sketch import FileSeen, Part, Sketch, Timing
from tearmann.synthetic.variety import EXTRAS, ROW_EXTRAS, Deck

FIRST_SUPPLEMENT = 20_000_000
FIRST_MALFORMED = 30_000_000
LONGEST_LEAD = timedelta(hours=11)  # how long a file document can come before its report
HOUR = 3_600
DAY = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One thing that a sender sends. file: for file details; malformed: how many broken ones went before."""

    at: datetime
    part: Part
    sketch: Sketch
    file: FileSeen | None = None
    malformed: int = 0


def in_order(sketches: Iterable[Sketch], *, apart: bool, start: datetime, end: datetime, seed: int) -> Iterator[Sent]:
    """Yield what is sent, in order of arrival, all from `start` to before `end`.

    apart: files have documents of their own for senders that report to NCMEC. Only what is on its way is kept.
    """
    rng = Random(f"{seed} post")
    of_documents, of_rows = Deck(EXTRAS, rng), Deck(ROW_EXTRAS, rng)
    malformed = posted = 0
    under_way: list[tuple[datetime, int, Sent]] = []

    def post(part: Part, sketch: Sketch, seconds: int, file: FileSeen | None = None) -> None:
        nonlocal posted
        posted += 1
        at = max(start, sketch.arrives_at + timedelta(seconds=seconds))
        if at >= end:  # too late for the year: somewhere between its report and the year's end
            at = sketch.arrives_at + (end - sketch.arrives_at) * (rng.random() * 0.999)
        heappush(under_way, (at, posted, Sent(at=at, part=part, sketch=sketch, file=file, malformed=malformed)))

    for sketch in sketches:
        post(Part.REFERRAL, sketch, 0)
        in_documents = apart and sketch.source == "ncmec"
        for file in sketch.files if in_documents else ():
            post(Part.FILE_DETAILS, sketch, _delay(file, rng), file)
        extra = (of_documents if in_documents else of_rows).draw()
        if extra is Part.RESEND:
            post(extra, sketch, rng.randrange(HOUR, 3 * DAY))
        elif extra is Part.CHANGED_RESEND:
            post(extra, sketch, rng.randrange(DAY, 10 * DAY))
        elif extra is Part.SUPPLEMENT:
            post(extra, supplement(sketch), rng.randrange(DAY, 30 * DAY))
        elif extra is Part.FILE_DETAILS:
            post(extra, sketch, rng.randrange(DAY, 30 * DAY), another_file(sketch))
        elif extra is Part.MALFORMED:
            post(extra, sketch, rng.randrange(60, HOUR))
            malformed += 1
        while under_way and under_way[0][0] < sketch.arrives_at - LONGEST_LEAD:
            yield heappop(under_way)[2]
    while under_way:
        yield heappop(under_way)[2]


def another_file(sketch: Sketch) -> FileSeen:
    """Return a file that the sender finds later and has not sent before."""
    number = hashes.FIRST_FOUND_LATER + sketch.number
    key = len(sketch.files) + 1
    return FileSeen(
        key=key,
        number=number,
        file_id=hashes.file_id(sketch.number, key),
        hashes=hashes.of_file(number)[:2],
        timing=Timing.LATER,
    )


def supplement(sketch: Sketch) -> Sketch:
    """Return the follow-up of a sketch: a number of its own, the same people, and sometimes a new risk."""
    reported = tuple(one for one in sketch.people if one.role is PartyRole.REPORTED)
    return replace(
        sketch,
        reference=str(FIRST_SUPPLEMENT + sketch.number),
        supplements=sketch.reference,
        people=tuple(replace(one, earlier=sketch.reference, earlier_stated=True) for one in reported),
        files=(),
        risks=(RiskCode.NEAR,) if reported and sketch.number % 3 == 0 else (),
        annotations=(),
        batched=False,
        urgent=False,
        narrative=f"Invented narrative for the supplement to referral {sketch.number}.",
        reporter=True,
    )


def _delay(file: FileSeen, rng: Random) -> int:
    """Return seconds from the report to its file document; below zero: before it."""
    if file.timing is Timing.BEFORE:
        return -rng.randrange(60, 11 * HOUR)
    if file.timing is Timing.LATER:
        return rng.randrange(DAY, 21 * DAY)
    return file.key * 2

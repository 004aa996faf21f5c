"""Write an invented year of referrals, or hand it over one file at a time in order of arrival."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from tearmann.errors import TearmannError
from tearmann.synthetic import cybertip, faults, hashes, post, product, rows
from tearmann.synthetic.draw import Draw
from tearmann.synthetic.post import Sent
from tearmann.synthetic.sketch import Part
from tearmann.synthetic.truth import Truth

XML, CSV, JSON, MIXED = "cybertip-xml", "csv", "json", "mixed"
FORMATS = (XML, CSV, JSON, MIXED)
BY_SOURCE = {"ncmec": XML, "nca_drb": CSV, "iwf": JSON, "public": CSV, "partner": JSON}  # of a mixed year
ENDINGS = {XML: "xml", CSV: "csv", JSON: "jsonl"}
WEEK = timedelta(days=7)
MOST = 9_999_999  # what fits into the eight digits of a reference

README = """\
EVERYTHING HERE IS INVENTED. Nobody in these files exists, and nothing in them happened.

Mail is at example.org, .net and .com; telephone numbers are from the ranges that Ofcom keeps for drama; addresses of
the internet are from documentation ranges and from 100.64.0.0/10, which carriers share; hashes are hashes of the
words "tearmann-invented-<n>". There is no media anywhere, and no narrative describes anything.

The folder of the same name without "-truth" holds what senders sent. A report and what belongs to it bear its
number: 10000123.xml is the report, 10000123-file-1.xml a document of one of its files that came before it,
10000123_file-1.xml one that came after, 10000123_resent.xml the same bytes again, 10000123_changed.xml the same
number with other bytes. What is numbered 3… is malformed on purpose; 2… in a batch adds to the referral whose number
it names. A batch holds one invented week.

truth.jsonl says for each document, or row of a batch, what is true: who the people are ("person-17" is one person
wherever they appear), who shares a home and a device without being one person, which addresses a carrier shares,
which hashes are on the invented list, what is at risk, and what was sent again, added or broken.
invented-known.csv is the invented list of known hashes.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Invented:
    """One file as it arrives. truths: one for a document, one a row for a batch."""

    arrives_at: datetime
    name: str
    body: bytes
    format: str
    source: str
    truths: tuple[Truth, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What was written. As CyberTipline XML, files = referrals + malformed + follow_ups + duplicates.

    follow_ups: supplements and separate documents of files. duplicates: the same again, changed or not.
    """

    files: int
    referrals: int
    malformed: int
    follow_ups: int
    duplicates: int
    truth: Path


def write(
    directory: Path,
    *,
    count: int,
    seed: int,
    format: str = XML,
    until: date,
    days: int = 365,
    progress: Callable[[int], None] | None = None,
) -> Written:
    """Write `count` referrals, with what comes on top of them, and the truth; the same seed writes the same bytes.

    The directory holds nothing but what was sent, so that it can be received as it is; the truth and the
    invented list lie beside it, in `<directory>-truth`. progress: told how many referrals are written so far.

    Raises TearmannError if either directory holds something already, or if an argument is out of range.
    """
    _check(count=count, days=days, format=format)
    truth_folder = directory.with_name(directory.name + "-truth")
    for folder in (directory, truth_folder):
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise TearmannError(f"{folder} is not empty; name a folder that is new or empty")
    _write_list(truth_folder)
    (truth_folder / "README.txt").write_text(README, encoding="utf-8", newline="\n")
    parts = dict.fromkeys(Part, 0)
    files = 0
    with (truth_folder / "truth.jsonl").open("w", encoding="utf-8", newline="\n") as lines:
        for invented in invent(count=count, seed=seed, until=until, days=days, format=format):
            (directory / invented.name).write_bytes(invented.body)
            files += 1
            for truth in invented.truths:
                parts[truth.part] += 1
                lines.write(truth.line() + "\n")
            if progress:
                progress(parts[Part.REFERRAL])
    return Written(
        files=files,
        referrals=parts[Part.REFERRAL],
        malformed=parts[Part.MALFORMED],
        follow_ups=parts[Part.FILE_DETAILS] + parts[Part.SUPPLEMENT],
        duplicates=parts[Part.RESEND] + parts[Part.CHANGED_RESEND],
        truth=truth_folder / "truth.jsonl",
    )


def invent(*, count: int, seed: int, until: date, days: int = 365, format: str = MIXED) -> Iterator[Invented]:
    """Yield an invented year, file by file, in order of arrival: `days` days, the last the one before `until`.

    Mixed, NCMEC's reports come one by one as they are made, other senders' in a batch at each week's end.
    Memory grows by a few machine words a person and by what is under way. Raises TearmannError as `write` does.
    """
    _check(count=count, days=days, format=format)
    end = datetime.combine(until, time(), UTC)
    start = end - timedelta(days=days)
    sketches = Draw(seed=seed, sources=format != XML).year(count=count, until=until, days=days)
    apart = format in (XML, MIXED)
    batches: dict[tuple[str, str], list[Sent]] = {}
    week_end = start + WEEK
    for sent in post.in_order(sketches, apart=apart, start=start, end=end, seed=seed):
        while sent.at >= week_end:
            yield from _batches(batches, week_end - WEEK, week_end)
            week_end += WEEK
        one_format = BY_SOURCE[sent.sketch.source] if format == MIXED else format
        if one_format == XML:
            yield _document(sent)
        else:
            by = sent.sketch.source if format == MIXED else "referrals"
            batches.setdefault((by, one_format), []).append(sent)
    yield from _batches(batches, week_end - WEEK, min(week_end, end - timedelta(seconds=1)))


def _check(*, count: int, days: int, format: str) -> None:
    if format not in FORMATS:
        raise TearmannError(f"no format {format!r} to invent referrals in; there are {', '.join(FORMATS)}")
    if not 1 <= count <= MOST:
        raise TearmannError(f"{count} referrals cannot be invented; ask for 1 to {MOST}")
    if days < 1:
        raise TearmannError(f"{days} days cannot be filled; ask for at least one")


def _document(sent: Sent) -> Invented:
    """Return a document of CyberTipline XML."""
    sketch, file = sent.sketch, sent.file
    if sent.part is Part.MALFORMED:
        fault, body = faults.broken_report(sent.malformed)
        name = f"{post.FIRST_MALFORMED + sketch.number}.xml"
        truth = Truth(file=name, part=sent.part, format=XML, source=sketch.source, arrives_at=sent.at, fault=fault)
    elif file is not None:
        mark = "-" if sent.at < sketch.arrives_at else "_"
        name = f"{sketch.reference}{mark}file-{file.key}.xml"
        body = cybertip.file_details(sketch, file).encode()
        truth = Truth(
            file=name,
            part=sent.part,
            format=XML,
            source=sketch.source,
            arrives_at=sent.at,
            of=sketch.reference,
            shape=sketch.shape,
            files=(file,),
        )
    else:
        ending = {Part.RESEND: "_resent", Part.CHANGED_RESEND: "_changed"}.get(sent.part, "")
        name = f"{sketch.reference}{ending}.xml"
        body = cybertip.report(sketch, changed=sent.part is Part.CHANGED_RESEND).encode()
        truth = _truth(sent, name, XML, row=None)
    return Invented(arrives_at=sent.at, name=name, body=body, format=XML, source=sketch.source, truths=(truth,))


def _truth(sent: Sent, name: str, format: str, *, row: int | None, fault: str | None = None) -> Truth:
    """Return the truth of a report, or of a row or line of a batch."""
    sketch = sent.sketch
    if sent.part is Part.SUPPLEMENT:
        of = sketch.supplements
    else:
        of = sketch.reference if sent.part in (Part.RESEND, Part.CHANGED_RESEND) else None
    return Truth(
        file=name,
        part=sent.part,
        format=format,
        source=sketch.source,
        arrives_at=sent.at,
        row=row,
        reference=sketch.reference,
        of=of,
        shape=sketch.shape,
        people=sketch.people,
        # A report of CyberTipline says nothing of its files: their own documents do.
        files=() if format == XML else sketch.files,
        risks=sketch.risks,
        risks_stated=tuple(risk for risk in sketch.risks if format != XML or risk in cybertip.STATED_RISKS),
        urgent=sketch.urgent,
        fault=fault,
    )


def _batches(batches: dict[tuple[str, str], list[Sent]], first: datetime, at: datetime) -> Iterator[Invented]:
    """Yield the batches of a week that began at `first`, and empty them."""
    for (by, format), week in sorted(batches.items(), key=lambda batch: batch[0]):
        name = f"{by}-{first.date().isoformat()}.{ENDINGS[format]}"
        body = [rows.header().encode()] if format == CSV else []
        truths = []
        for sent in week:
            # As readers count: the header of a CSV file is row 1.
            written, truth = _row(sent, name, format, row=len(body) + 1)
            body.append(written)
            truths.append(truth)
        sources = {sent.sketch.source for sent in week}
        yield Invented(
            arrives_at=at,
            name=name,
            body=b"".join(body),
            format=format,
            source=sources.pop() if len(sources) == 1 else "",
            truths=tuple(truths),
        )
    batches.clear()


def _row(sent: Sent, name: str, format: str, *, row: int) -> tuple[bytes, Truth]:
    """Return a row of CSV or a line of JSON, and its truth."""
    changed = sent.part is Part.CHANGED_RESEND
    sketch = rows.narrow(sent.sketch) if format == CSV else sent.sketch
    if sent.part is Part.MALFORMED:
        sketch = replace(sketch, reference=str(post.FIRST_MALFORMED + sketch.number))
        fault, body = (faults.broken_row if format == CSV else faults.broken_line)(sketch, sent.malformed)
        truth = Truth(
            file=name,
            part=sent.part,
            format=format,
            source=sketch.source,
            arrives_at=sent.at,
            row=row,
            reference=sketch.reference,
            fault=fault,
        )
        return body, truth
    body = rows.row(sketch, changed=changed).encode() if format == CSV else product.line(sketch, changed=changed)
    return body, _truth(replace(sent, sketch=sketch), name, format, row=row)


def _write_list(folder: Path) -> None:
    with (folder / "invented-known.csv").open("w", encoding="utf-8", newline="") as written:
        lines = csv.writer(written, lineterminator="\n")
        lines.writerow(hashes.COLUMNS)
        lines.writerows(hashes.known_list())

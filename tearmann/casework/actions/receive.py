"""Receive: what somebody sent becomes cases, durably, before anything clever is tried.

Files are read outside any transaction, in batches. A first transaction stores payloads, referrals, cases and
*received* entries; a second assesses. The same bytes again write nothing, changed bytes stand beside the first,
a follow-up updates its parent. What cannot be read goes to quarantine with its reasons. A run that was killed is
finished by the next: it first assesses what was stored and left unassessed.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from django.db import DataError, IntegrityError

from tearmann import intake
from tearmann.casework.actions.assess import Instruments, assess, assess_waiting
from tearmann.casework.actions.store import BATCH, Arrival, Keys, Outcome, store
from tearmann.casework.doing import Doing
from tearmann.casework.permissions import check_other
from tearmann.casework.queries.visible import visible_to
from tearmann.casework.writer import pause_for_readers
from tearmann.intake.columns import ColumnMap
from tearmann.intake.files import Fault, File, Unreadable
from tearmann.people.models import Unit

SMALL = 2**20  # bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class HowToRead:
    """What the sender or the operator says of the files, beyond what they say of themselves."""

    format: str | None = None
    source: str | None = None
    reference: str | None = None
    columns: ColumnMap | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFault:
    file: str
    fault: Fault


@dataclass(slots=True, kw_only=True)
class Receipt:
    """What became of what was sent, as its sender may be told.

    unassessed: how many of the cases that they may read could not be assessed and stand first until they are.
    """

    counts: Counter[Outcome] = field(default_factory=Counter)
    faults: list[FileFault] = field(default_factory=list)
    unassessed: int = 0


def receive(
    files: Iterable[File],
    *,
    doing: Doing,
    unit: Unit,
    keys: Keys,
    instruments: Instruments,
    how: HowToRead | None = None,
    progress: Callable[[int], None] | None = None,
) -> Receipt:
    """Read the files and store, then assess, every referral in them. progress is told how many were settled."""
    check_other("receive", doing.by)
    receipt = Receipt()
    assess_waiting(doing=doing, instruments=instruments)
    arrivals = _arrivals(files, how or HowToRead(), region=doing.force.region)
    while batch := list(islice(arrivals, BATCH)):
        for arrival in batch:
            if isinstance(arrival.reading, Unreadable):
                receipt.faults.extend(
                    FileFault(file=arrival.file_name, fault=fault) for fault in arrival.reading.faults
                )
        _take(batch, receipt, doing=doing, unit=unit, keys=keys, instruments=instruments)
        if progress is not None:
            progress(len(batch))
    failed = visible_to(doing.by).filter(needs_assessment=True).exclude(fault="")
    receipt.unassessed = failed.count()
    return receipt


def _arrivals(files: Iterable[File], how: HowToRead, *, region: str) -> Iterator[Arrival]:
    for sent in files:
        try:
            file = _held(sent)
            file_sha256 = file.sha256()
        except OSError:  # it may not be read; the reader says so, and the others go on
            file, file_sha256 = sent, hashlib.sha256(sent.name.encode()).hexdigest()
        for reading in intake.read(
            file,
            format=how.format,
            source=how.source,
            reference=how.reference,
            columns=how.columns,
            region=region,
        ):
            # Bytes that may not be kept are known by the file and the place alone.
            kept = reading.payload
            told = kept if kept is not None else f"{file_sha256}\n{reading.place}".encode()
            yield Arrival(
                reading=reading,
                sha256=hashlib.sha256(told).hexdigest(),
                file_sha256=file_sha256,
                file_name=file.name,
            )


def _held(file: File) -> File:
    """The file with its bytes, so that a small one is read once and not for each thing that is asked of it."""
    if file.path is None or not file.path.is_file() or file.path.stat().st_size > SMALL:
        return file
    return File(name=file.name, body=file.path.read_bytes())


def _take(
    batch: list[Arrival], receipt: Receipt, *, doing: Doing, unit: Unit, keys: Keys, instruments: Instruments
) -> None:
    """Store a batch and assess it; one that the store refuses is tried again referral by referral."""
    try:
        stored = store(batch, doing=doing, unit=unit, keys=keys)
    except (IntegrityError, DataError) as refusal:
        if len(batch) > 1:
            for arrival in batch:
                _take([arrival], receipt, doing=doing, unit=unit, keys=keys, instruments=instruments)
            return
        fault = Fault(
            place=batch[0].reading.place,
            says=f"the store refused it ({type(refusal).__name__})",
            remedy="it is kept in quarantine; tell whoever runs this installation",
        )
        receipt.faults.append(FileFault(file=batch[0].file_name, fault=fault))
        stored = store([batch[0].refused_by_store(fault)], doing=doing, unit=unit, keys=keys)
    receipt.counts.update(stored.outcomes)
    pause_for_readers()
    assess(stored.cases, doing=doing, instruments=instruments, values=stored.values)
    pause_for_readers()

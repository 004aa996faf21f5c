"""Records entries in the two logs, and proves that nothing in them was changed.

How an entry's hash is made, so that a script of somebody else's can check it: take these twelve lines, put a line
feed between them and none at the end, and take SHA-256 of their UTF-8, in lower-case hexadecimal digits.

    tearmann ledger 1
    chain           history or processing
    seq             in decimal: 1, 2, 3 ... without a gap
    prev            the hash of the entry before; of the first, 64 zeros
    at              2026-11-02T12:00:00.000000Z: UTC, always with six decimals
    happened_at     the same, or an empty line
    verb
    actor_kind
    actor_ref
    subject_kind
    subject_ref
    body            the JSON text as stored: names sorted, no spaces, no floats, UTF-8 unescaped

None of the fields may hold a control character, so the lines cannot be read in two ways.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any

from django.db import connections, transaction

from tearmann.errors import IntakeError, LedgerBroken
from tearmann.ledger.bulk import insert_rows
from tearmann.ledger.models import Chain, Entry, Head

__all__ = ["PROCESSING_VERBS", "Anchor", "Chain", "Draft", "Verification", "anchor", "record", "verify"]

Scalar = str | int | bool | None

RECIPE = "tearmann ledger 1"
GENESIS = "0" * 64
# The six of the Data Protection Act 2018, section 62, and what an auditor asks for beside them.
PROCESSING_VERBS = frozenset(
    {
        "collection",
        "alteration",
        "consultation",
        "disclosure",
        "combination",
        "erasure",
        "sign_in",
        "sign_in_failed",
        "export",
        "rule_change",
    }
)
PAGE = 5_000  # entries held in memory while a chain is verified
VERB = re.compile(r"[a-z][a-z0-9_-]*")
CONTROL = re.compile(r"[\x00-\x1f\x7f]")
CANONICAL = json.JSONEncoder(ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))
HASH = re.compile(r"[0-9a-f]{64}")
COLUMNS = (
    "chain",
    "seq",
    "at",
    "happened_at",
    "verb",
    "actor_kind",
    "actor_ref",
    "subject_kind",
    "subject_ref",
    "body",
    "prev",
    "hash",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An entry that an act wants recorded. References, codes and digests only, never a person's data.

    verb: a code (lower case); in the processing log, one of PROCESSING_VERBS. at: when it is recorded, aware;
    happened_at: when it happened, where that is another time. body: no floats (their text is not unique) and
    no tables within tables.
    """

    chain: Chain
    verb: str
    actor_kind: str
    actor_ref: str
    subject_kind: str
    subject_ref: str
    at: datetime
    happened_at: datetime | None = None
    body: Mapping[str, Scalar | Sequence[Scalar]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """Where a chain ended at some time, to be kept elsewhere. at: when its last entry was recorded.

    Against it a cut tail and a wholesale rewrite are found, which the chain alone cannot show.
    """

    chain: Chain
    seq: int
    hash: str
    at: datetime | None

    def to_json(self) -> str:
        """Return the anchor as one line of JSON, for a file or a sheet of paper."""
        at = _moment(self.at)[1] or None
        return json.dumps({"anchor": RECIPE, "chain": self.chain.value, "seq": self.seq, "hash": self.hash, "at": at})

    @classmethod
    def from_json(cls, text: str) -> Anchor:
        """Read an anchor. Raises IntakeError if it is not one."""
        try:
            given = json.loads(text)
            at = None if given["at"] is None else datetime.fromisoformat(given["at"])
            anchor = cls(chain=Chain(given["chain"]), seq=given["seq"], hash=given["hash"], at=at)
            if given["anchor"] != RECIPE or type(anchor.seq) is not int or not HASH.fullmatch(anchor.hash):
                raise ValueError
        except (ValueError, KeyError, TypeError) as fault:
            raise IntakeError("this is not an anchor of a log; give a file as the anchor was exported") from fault
        return anchor


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What verifying a chain found. entries: how many are whole, from the first; head: the hash of the last of them.

    first_bad: the number of the first entry that is not as it was recorded, or is missing; why: in words.
    """

    chain: Chain
    entries: int
    ok: bool
    head: str
    first_bad: int | None = None
    why: str = ""


def record(drafts: Iterable[Draft]) -> None:
    """Append entries in the caller's transaction, in their order. Call it once, last.

    It locks the heads of the chains, history before processing, and so makes other writers wait until the
    transaction ends: whoever takes another lock afterwards, or calls it twice, can deadlock.

    Raises TransactionManagementError outside a transaction, ValueError or TypeError for a draft that no log
    takes, LedgerBroken where a chain has lost its head.
    """
    drafts = list(drafts)
    if not connections["default"].in_atomic_block:
        raise transaction.TransactionManagementError(
            "an entry is recorded in the transaction of its act, or not at all"
        )
    for draft in drafts:
        _check(draft)
    if not drafts:
        return
    rows = []
    moment = cache(_moment)  # an act's entries mostly share their times
    heads = _locked_heads({draft.chain for draft in drafts})
    for draft in drafts:
        head = heads[draft.chain]
        seq, prev = head.seq + 1, head.hash
        chain, at, happened_at = draft.chain.value, moment(draft.at), moment(draft.happened_at)
        what = (
            draft.verb,
            draft.actor_kind,
            draft.actor_ref,
            draft.subject_kind,
            draft.subject_ref,
            CANONICAL.encode(dict(draft.body)),
        )
        said = "\n".join((RECIPE, chain, str(seq), prev, at[1], happened_at[1], *what))
        head.seq, head.hash = seq, hashlib.sha256(said.encode()).hexdigest()
        rows.append((chain, seq, at[0], happened_at[0], *what, prev, head.hash))
    insert_rows(Entry, COLUMNS, rows)
    for head in heads.values():
        Head.objects.filter(chain=head.chain).update(seq=head.seq, hash=head.hash)


def anchor(chain: Chain, *, using: str = "default") -> Anchor:
    """Return where the chain ends now, to be kept where nobody who can write the store can write."""
    head = Head.objects.using(using).filter(chain=chain).first()
    if head is None or head.seq == 0:
        return Anchor(chain=chain, seq=0, hash=GENESIS, at=None)
    last = Entry.objects.using(using).filter(chain=chain, seq=head.seq).first()
    return Anchor(chain=chain, seq=head.seq, hash=head.hash, at=None if last is None else last.at)


def verify(chain: Chain, *, using: str = "default", anchor: Anchor | None = None) -> Verification:
    """Prove a chain from its first entry to its head, and against an anchor if one is given.

    Reads a page at a time, so memory stays flat; entries that are recorded meanwhile are verified too. Without an
    anchor, a tail cut together with its head, or a chain written anew from end to end, cannot be told.
    """
    if anchor is not None and anchor.chain != chain:
        raise ValueError(f"the anchor is of the chain {anchor.chain}, not {chain}")
    last, last_hash = 0, GENESIS

    def broken(seq: int, why: str) -> Verification:
        return Verification(chain=chain, entries=last, ok=False, head=last_hash, first_bad=seq, why=why)

    lowest = -(2**63)
    while True:
        page = _page(chain, after=last or lowest, using=using)
        for seq, prev, hash_, said in page:
            why = _what_is_wrong(seq, prev, hash_, said, after=last, after_hash=last_hash)
            if why:
                return broken(min(seq, last + 1) if isinstance(seq, int) else last + 1, why)
            last, last_hash = seq, hash_.decode()
            if anchor is not None and anchor.seq == last and anchor.hash != last_hash:
                return broken(last, f"entry {last} is not the one of the anchor: it or one before it was written anew")
        # The head is read after the entries: it can be ahead of them because somebody recorded, never behind.
        head = Head.objects.using(using).filter(chain=chain).first()
        head_seq, head_hash = (head.seq, head.hash) if head else (0, GENESIS)
        if not page or head_seq <= last:
            break
    if head is None and last:
        return broken(last, "the chain has lost its head, so nobody can say that this entry is the last")
    if head_seq > last:
        return broken(last + 1, f"the chain ends before its head: entry {last + 1} is missing")
    if head_seq < last:
        return broken(head_seq + 1, f"entry {head_seq + 1} stands behind the head of the chain")
    if head_hash != last_hash:
        return broken(last, f"entry {last} is not the one that the head of the chain names")
    if anchor is not None and anchor.seq > last:
        return broken(last + 1, f"the chain ends before the anchor: entry {last + 1} is missing")
    return Verification(chain=chain, entries=last, ok=True, head=last_hash)


def _check(draft: Draft) -> None:
    """Refuse what would make an entry unreadable or its hash ambiguous. Never quotes what it refuses."""
    if not VERB.fullmatch(draft.verb):
        raise ValueError("the verb of an entry must be a code in lower case, such as sign_in")
    if draft.chain is Chain.PROCESSING and draft.verb not in PROCESSING_VERBS:
        raise ValueError(f"the processing log takes no '{draft.verb}'; it takes {', '.join(sorted(PROCESSING_VERBS))}")
    if CONTROL.search(draft.actor_kind + draft.actor_ref + draft.subject_kind + draft.subject_ref):
        raise ValueError(f"entry '{draft.verb}': the actor or the subject holds a control character")
    if draft.at.tzinfo is None or (draft.happened_at is not None and draft.happened_at.tzinfo is None):
        raise ValueError(f"entry '{draft.verb}': a time without its zone; give it in UTC")
    for name, value in draft.body.items():
        if not isinstance(name, str) or not _is_plain(value):
            raise TypeError(
                f"entry '{draft.verb}': '{name}' is a {type(value).__name__}; text, whole numbers, true, false, null "
                "and lists of these can be chained"
            )


def _is_plain(value: object) -> bool:
    if value is None or isinstance(value, str | int):
        return True
    return isinstance(value, list | tuple) and all(map(_is_plain, value))


def _moment(at: datetime | None) -> tuple[datetime | None, str]:
    """Return a time in UTC, and as the recipe writes it."""
    if at is None:
        return None, ""
    at = at.astimezone(UTC)
    return at, at.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def _locked_heads(chains: set[Chain]) -> dict[str, Head]:
    """Return the heads of these chains, locked for this transaction, history before processing."""
    heads = _lock(chains)
    if len(heads) < len(chains):
        there = set(Head.objects.values_list("chain", flat=True))
        missing = [Head(chain=chain, seq=0, hash=GENESIS) for chain in Chain if chain not in there]
        # Both at once, so that nobody ever holds the second while waiting to make the first.
        Head.objects.bulk_create(missing, ignore_conflicts=True)
        heads = _lock(chains)
    for head in heads.values():
        if head.seq == 0 and Entry.objects.filter(chain=head.chain).exists():
            raise LedgerBroken(f"the {head.chain} log has entries and no head; run tearmann ledger verify")
    return heads


def _lock(chains: set[Chain]) -> dict[str, Head]:
    rows = Head.objects.select_for_update().filter(chain__in=sorted(chains)).order_by("chain")
    return {head.chain: head for head in rows}


def _what_is_wrong(seq: Any, prev: bytes, hash_: bytes, said: bytes | None, *, after: int, after_hash: str) -> str:
    """Say what is wrong with the entry that follows number `after`, or nothing."""
    expected = after + 1
    if seq != expected:
        if isinstance(seq, int) and seq > expected:
            return f"entry {expected} is missing"
        return f"an entry with a number that was never given stands where entry {expected} should"
    if prev != after_hash.encode():
        return f"entry {seq} does not follow entry {after} as it is now"
    if said is None or hashlib.sha256(said).hexdigest().encode() != hash_:
        return f"entry {seq} is not as it was recorded"
    return ""


# The store itself writes the twelve lines, as bytes: what an altered row holds may be no time, no number and no
# text that a driver could read.
_LINES = " || chr(10) || ".join(
    (
        f"'{RECIPE}'",
        "chain",
        "seq",
        "prev",
        "{at}",
        "{happened_at}",
        "verb",
        "actor_kind",
        "actor_ref",
        "subject_kind",
        "subject_ref",
        "body",
    )
)
_ON_POSTGRESQL = "to_char({0} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"
_ON_SQLITE = "replace({0}, ' ', 'T') || CASE length({0}) WHEN 19 THEN '.000000Z' ELSE 'Z' END"


def _page(chain: Chain, *, after: int, using: str) -> list[tuple[Any, bytes, bytes, bytes | None]]:
    """Return the next entries' number, prev and hash, and the text that the hash should be of."""
    connection = connections[using]
    if connection.vendor == "sqlite":
        moment, newline, as_bytes = _ON_SQLITE, "char(10)", "CAST({0} AS BLOB)"
    else:
        moment, newline, as_bytes = _ON_POSTGRESQL, "chr(10)", "convert_to({0}, 'UTF8')"
    lines = _LINES.format(at=moment.format('"at"'), happened_at=f"coalesce({moment.format('happened_at')}, '')")
    columns = ", ".join(as_bytes.format(text) for text in ("prev", "hash", lines.replace("chr(10)", newline)))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT seq, {columns} FROM ledger_entry WHERE chain = %s AND seq > %s ORDER BY seq LIMIT {PAGE}",
            [chain.value, after],
        )
        return list(cursor.fetchall())

"""Check an exported log with nothing but Python: python verify_chain.py history.jsonl [anchors.jsonl]"""

import hashlib
import json
import sys
from pathlib import Path

FIELDS = ("at", "happened_at", "verb", "actor_kind", "actor_ref", "subject_kind", "subject_ref", "body")


def judge(log: str, anchors: dict[tuple[str, int], str]) -> str:
    seq, prev, chain = 0, "0" * 64, ""
    for seq, entry in enumerate(map(json.loads, filter(None, log.split("\n"))), start=1):
        chain = entry["chain"]
        lines = ["tearmann ledger 1", chain, str(seq), prev, *(entry[name] for name in FIELDS)]
        if hashlib.sha256("\n".join(lines).encode()).hexdigest() != entry["hash"] or entry["seq"] != seq:
            return f"{chain}: BROKEN at entry {seq}"
        prev = entry["hash"]
        if anchors.get((chain, seq), prev) != prev:
            return f"{chain}: BROKEN, entry {seq} is not the one of the anchor"
    ends = [number for name, number in anchors if name == chain and number > seq]
    return f"{chain}: BROKEN, it ends before the anchor" if ends else f"{chain}: whole, {seq} entries, head {prev}"


log, *kept = [Path(path).read_text(encoding="utf-8") for path in sys.argv[1:3]]
ends = [json.loads(line) for text in kept for line in filter(None, text.split("\n"))]
verdict = judge(log, {(end["chain"], end["seq"]): end["hash"] for end in ends if end["seq"]})
print(verdict)
sys.exit("BROKEN" in verdict)

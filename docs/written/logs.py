"""logs.md: what the two logs hold, how their hashes are made, and a program that checks them without ours."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import tearmann
from docs.written.markdown import code, codes, fenced, page, table
from tearmann.ledger import chain
from tearmann.web.history_in_words import VERBS

VERIFIER = Path(__file__).resolve().parents[1] / "reference" / "verify_chain.py"
# What writes an entry of the history, by the name of the function that makes it.
DRAFTING = frozenset({"history", "event", "_draft"})


def logs() -> str:
    """Return the page of the two logs."""
    return page(
        "The two logs",
        "Both are append-only and hash-chained by the same code, and never mixed. Entries hold references, codes and "
        "salted digests, never a person's data, so that erasure leaves both chains whole. A reason in words is kept "
        "beside them, under its digest, and can be erased with its salt. "
        "[How to verify them](../how-to/verify-the-logs.md).",
        "## The case history",
        "Acts, with who did them and when; what the timeline of a case shows.",
        table(["verb", "what was done"], ([code(verb), _words(verb)] for verb in _history_verbs())),
        "## The processing log",
        "Collection, alteration, consultation, disclosure, combination and erasure, as section 62 of the Data "
        "Protection Act 2018 lists them, and what an auditor asks for beside them. The law limits its use to "
        "lawfulness, self-monitoring, integrity and criminal proceedings, so nothing else reads it: no page shows "
        "staff who else looked. One entry stands for one page or command and names every case of which it showed "
        "anything, lists and searches included.",
        f"Its verbs: {codes(sorted(chain.PROCESSING_VERBS))}.",
        "## How an entry's hash is made",
        _recipe(),
        "`tearmann ledger export history` prints a log so, one JSON object a line, with `seq` a number and the other "
        "fields as the text that was hashed.",
        "## An anchor",
        "`tearmann ledger anchor` prints, for each log, a line of JSON with `anchor` (the name of the recipe), "
        "`chain`, `seq`, `hash` and `at`: the last entry there is. Kept elsewhere, it finds what a chain alone cannot "
        "show: a cut tail, and a chain that was written anew from end to end.",
        "## A program that checks a log without ours",
        f"[{VERIFIER.name}]({VERIFIER.name}) needs Python and nothing else. It ends with 0 where the log is whole.",
        fenced(VERIFIER.read_text(encoding="utf-8"), "python"),
    )


def _recipe() -> str:
    """Return the recipe as the docstring of the chain gives it."""
    said = (chain.__doc__ or "").split("\n\n")
    begins = next(number for number, part in enumerate(said) if part.startswith("How an entry's hash is made"))
    words, lines, after = said[begins : begins + 3]
    plain = "\n".join(line.removeprefix("    ") for line in lines.splitlines())
    how = words.split(": ", 1)[1]
    return "\n\n".join([how[0].upper() + how[1:], fenced(plain), after])


def _history_verbs() -> list[str]:
    return sorted({*VERBS, *_written_in_code()})


def _written_in_code() -> Iterator[str]:
    """Find the verbs that stand as text where an entry of the history is drafted."""
    for path in sorted(Path(tearmann.__file__).parent.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in DRAFTING:
                yield from _texts(node.args[:1])
            elif isinstance(node, ast.Assign) and isinstance(node.value, ast.IfExp) and _is_verb(node.targets):
                yield from _texts([node.value.body, node.value.orelse])


def _is_verb(targets: list[ast.expr]) -> bool:
    return [getattr(target, "id", "") for target in targets] == ["verb"]


def _texts(nodes: list[ast.expr]) -> Iterator[str]:
    return (node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str))


def _words(verb: str) -> str:
    return VERBS.get(verb, verb.replace("_", " ").capitalize())

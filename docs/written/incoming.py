"""identifiers.md, formats.md: what comes in, and where each part of it goes."""

from __future__ import annotations

import dataclasses
import inspect
import re
import typing
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from docs.written.markdown import code, codes, fenced, page, sentences, table
from tearmann import records
from tearmann.identifiers import KINDS, Example, IdentifierKind, Kind, is_strong, link_key
from tearmann.intake import columns, cybertip_mapping
from tearmann.intake.files import DOCUMENT_LIMIT, ROW_LIMIT
from tearmann.intake.incident_types import INCIDENT_TYPES
from tearmann.intake.product_json import NAME, VERSION

VALUES = (
    records.Referral,
    records.Party,
    records.Identifier,
    records.Age,
    records.RiskFact,
    records.FileFacts,
    records.Classification,
    records.Moment,
    records.ExternalReference,
    records.Grading,
    records.Statement,
    records.Passage,
    records.Leftover,
)
EVERY_ACCOUNT = "every account"
CODES = (records.PartyRole, records.RiskCode, records.Part, records.Origin, records.Nature, IdentifierKind)


# -- identifiers


def identifiers() -> str:
    """Return the page of the kinds of identifier, with the examples that are also their tests."""
    parts = [
        "Each kind is in one place, which cleans, validates, compares and explains it. Cleaning a clean value changes "
        "nothing. Text that its kind does not allow is kept as given under *other*: nothing is lost.",
        "What *links* can tie two cases. What is *strong* is enough to take two parties for one person. A bare "
        "address, a name, a date of birth and a hash never are.",
    ]
    for kind, entry in KINDS.items():
        parts += [f"## {entry.label}", f"Code `{kind}`. {entry.rule}", _good(kind, entry), _bad(entry)]
    return page("Kinds of identifier", *parts)


def _good(kind: IdentifierKind, entry: Kind) -> str:
    rows = [
        [
            _as_code(one.given),
            _beside(one),
            _as_code(one.result),
            _ties(kind, one.result),
            "; ".join(entry.notes(one.result)),
        ]
        for one in entry.good
    ]
    return table(["as given", "said beside it", "clean", "ties", "to know before relying on it"], rows)


def _bad(entry: Kind) -> str:
    if not entry.bad:
        return ""
    return table(["refused", "said beside it", "why"], ([_as_code(o.given), _beside(o), o.result] for o in entry.bad))


def _ties(kind: IdentifierKind, value: str) -> str:
    if is_strong(kind, value):
        return "links, strong"
    return "links" if link_key(kind, value) is not None else "nothing"


def _beside(one: Example) -> str:
    usual = type(one.said)()
    said = {name: value for name, value in one.said._asdict().items() if value != getattr(usual, name)}
    return ", ".join(f"{name} {_as_code(str(value))}" for name, value in said.items())


def _as_code(text: str) -> str:
    return code("".join(letter if letter.isprintable() else f"\\x{ord(letter):02x}" for letter in text))


# -- formats


def formats() -> str:
    """Return the page of the formats: CyberTipline XML, CSV, the product's own JSON."""
    return page(
        "Formats",
        "A file is told by its content: markup is CyberTipline XML, an object or a list is JSON, anything else is CSV; "
        "`--format` says otherwise. Nothing is dropped: what no field takes is kept word for word as the *remainder* "
        "and counted on the case page. Every fault of a file is told at once, and a file or row that cannot be read "
        "goes to quarantine with its reasons. A payload with media in it is refused, and its bytes are not kept.",
        f"A document may be up to {DOCUMENT_LIMIT // 2**20} MiB, a row of CSV up to {ROW_LIMIT // 2**20} MiB; a list "
        "of many referrals (CSV, JSON Lines) any size.",
        f"Types of incident, whatever the sender calls them: {codes(INCIDENT_TYPES)}. The sender's own word is kept "
        "beside ours.",
        *_cybertip(),
        *_csv(),
        *_json(),
        "## Typed at the desk",
        "The desk form of the pages asks for the same things in the order in which they are heard, and is received "
        "like any file.",
    )


def _cybertip() -> Iterator[str]:
    yield "## cybertip-xml"
    yield (
        f"NCMEC's reporting schema of {cybertip_mapping.MAPPING_VERSION}. The sender's reference is `--reference`, "
        "else what the report names, else the leading digits of the file's name. Elements are known by their names in "
        "any case and any namespace, and children stand in any order. An element or attribute that is not named below "
        "goes to the remainder. A flag counts by being there. Entities, document types and the network are off."
    )
    account = {id(rule) for rule in cybertip_mapping.ACCOUNT.values()}
    titles = {
        id(cybertip_mapping.PERSON): "a person",
        id(_inner(cybertip_mapping.ADDRESS)): "an address",
        id(cybertip_mapping.ACCOUNT): EVERY_ACCOUNT,
    }
    waiting: list[tuple[str, Mapping[str, Any]]] = [("report", cybertip_mapping.REPORT)]
    met = {id(cybertip_mapping.REPORT)}
    while waiting:
        title, rules = waiting.pop(0)
        is_account = title != EVERY_ACCOUNT and account <= {id(rule) for rule in rules.values()}
        below = []
        rows = []
        for name, rule in _spelt(rules).items():
            if is_account and id(rule) in account:
                continue
            inner = _inner(rule)
            if inner:
                below.append((titles.setdefault(id(inner), name), inner))
            rows.append([code(name), _becomes(rule, see=titles[id(inner)] if inner else "")])
        if is_account:
            below.append((EVERY_ACCOUNT, cybertip_mapping.ACCOUNT))
            rows.append(["", f"and what *{EVERY_ACCOUNT}* has, below"])
        waiting += [(called, inner) for called, inner in below if id(inner) not in met]
        met |= {id(inner) for _, inner in below}
        yield f"### cybertip-xml: {title}"
        yield table(["element", "becomes"], rows)


def _spelt(rules: Mapping[str, Any]) -> dict[str, Any]:
    """Return the rules under their names as the schema spells them: a table holds each in lower case too."""
    spelt = {name.lower(): name for name in rules}
    return {spelt[name]: rules[spelt[name]] for name in dict.fromkeys(name.lower() for name in rules)}


def _inner(rule: Callable[..., Any]) -> Mapping[str, Any] | None:
    """Return the table by which the children are read, if there is one."""
    held = _held(rule)
    if "read_children" in held:
        held = _held(held["read_children"])
    found: Mapping[str, Any] | None = held.get("rules")
    return found or None


def _held(rule: Callable[..., Any]) -> Mapping[str, Any]:
    return inspect.getclosurevars(rule).nonlocals


def _becomes(rule: Callable[..., Any], *, see: str) -> str:
    """Put a verb of the mapping in words; a new one has to be put in words here. see: where its children are told."""
    held = dict(_held(rule))
    verb = rule.__qualname__.split(".")[0]
    if verb == "party":
        held["attributes"] = _held(held["read_children"])["attributes"]
    words: dict[str, Callable[[], str]] = {
        "statement": lambda: f"the statement {code(held['name'])}",
        "within": lambda: f"the statement {code(held['named'])}, and its children" if held["named"] else "its children",
        "passage": lambda: "free text",
        "identifier": lambda: f"an identifier, {code(held['kind'])}",
        "phone": lambda: f"an identifier, {code('phone')}",
        "compound": lambda: f"an identifier, {code(held['kind'])}, from its child {code(held['value'])}",
        "file_hash": lambda: "a hash of the kind that the sender names",
        "name_and_value": lambda: "a hash where the pair is named as one, else a statement under the sender's name",
        "name_part": lambda: f"the statement {code(held['said'])}, and part of the name",
        "age": lambda: "the age",
        "text_field": lambda: f"the field {code(held['name'])}",
        "time_field": lambda: f"the time {code(held['name'])}",
        "three_valued": lambda: f"{code(held['name'])}: true, false, or not stated",
        "type_of_incident": lambda: "the type of incident: our code, and the sender's word",
        "urgent": lambda: "the emergency flag, by being there, and its reason",
        "flag": lambda: (
            f"the flag {code(held['code'])}" + (f", and the risk {code(held['risk'])}" if held["risk"] else "")
        ),
        "stated_flag": lambda: f"the flag {code(held['code'])} where true, and a statement",
        "classed": lambda: f"a classification of the scheme {code(held['scheme'])}",
        "reference": lambda: f"an external reference, {code(held['kind'])}",
        "party": lambda: (
            f"a party, {code(held['role'])}" + (", tied to the one it stands in" if held["belongs"] else "")
        ),
        "file_facts": lambda: "what is known of a file",
    }
    said = words[verb]() + (f" (see *{see}*)" if see else "")
    for name, goes in held.get("parts", {}).items():
        said += f"; child {code(name)} its {code(goes)}"
    for name, goes in held.get("attributes", {}).items():
        said += f"; attribute {code('@' + name)} as {code(goes)}"
    return said


def _csv() -> Iterator[str]:
    yield "## csv"
    yield (
        "With a *column map* in TOML (`--columns`), which says what each column of the sender's header is; without "
        "one, the product's own header. A row is a referral. "
        "[A worked example](../how-to/receive-referrals.md#a-csv-file-with-its-own-columns)."
    )
    docstring = columns.__doc__ or ""
    yield docstring[docstring.index("```toml") : docstring.index("```", docstring.index("```toml") + 3) + 3]
    yield "### csv: targets"
    yield docstring[docstring.index("A target is one of") :]
    yield table(["field of the referral", "what it takes"], ([code(n), says] for n, says in columns.FIELDS.items()))
    roles = codes(sorted(columns.ROLES))
    yield f"Who may stand before a field of a person: {roles}."
    yield table(
        ["field of a person", "identifier", "may stand beside it"],
        ([code(n), code(kind), _may_stand_beside(n)] for n, kind in columns.PARTY_IDENTIFIERS.items()),
    )
    yield "Also `age`, `narrative`, `opinion`, `statement.<name>` and `risk.<code>`."
    yield table(
        ["field of a file", "is", "may stand beside it"],
        [
            *([code(n), code(kind), _may_stand_beside(n)] for n, kind in columns.FILE_HASHES.items()),
            *([code(n), f"{code(fact)}: yes or no", ""] for n, fact in columns.FILE_FACTS.items()),
            [code("classification"), "a code of somebody's scheme", _may_stand_beside("classification")],
        ],
    )
    yield "Also `id`, `name`, `url`, `annotation`, `uploaded`, `narrative` and `statement.<name>`."
    yield f"Of the grading: {codes(f'grading.{word}' for word in columns.GRADING)}."
    yield "### csv: the product's own header"
    yield "Each column is named as its target; any may be left out, any other target added."
    yield fenced(",".join(name for name, _ in columns.DEFAULT_COLUMNS.columns))


def _may_stand_beside(name: str) -> str:
    return codes(sorted(columns.BESIDE.get(name, ())))


def _json() -> Iterator[str]:
    yield "## json"
    yield (
        f'The product\'s own, version {VERSION}: one object, `{{"referrals": [...]}}` of them, or JSON Lines, one '
        "a line. A field left out has its default. A version newer than this one is refused by name."
    )
    yield fenced(
        f'{{"format": "{NAME}", "version": {VERSION}, "referral": {{"format": "json", "source": "partner"}}}}', "json"
    )
    for value in VALUES:
        hints = typing.get_type_hints(value)
        yield f"### json: {value.__name__}"
        yield sentences(value.__doc__)
        yield table(
            ["field", "takes", "left out"],
            ([code(f.name), _type(hints[f.name]), _default(f)] for f in dataclasses.fields(value)),
        )
    yield "### json: codes"
    yield table(["type", "codes"], ([one.__name__, codes(member.value for member in one)] for one in CODES))


def _type(hint: Any) -> str:
    text = hint.__name__ if isinstance(hint, type) and not typing.get_args(hint) else str(hint)
    text = re.sub(r"[\w.]+\.(\w+)", r"\1", text)
    several = re.fullmatch(r"tuple\[(.+), \.\.\.\]", text)
    if several:
        return f"a list of {_plain(several[1])}"
    return _plain(text.removesuffix(" | None")) + (" or null" if text.endswith(" | None") else "")


def _plain(text: str) -> str:
    words = {"str": "text", "bool": "true or false", "int": "a whole number", "datetime": "a time with its zone"}
    return "pairs of text" if text == "tuple[str, str]" else words.get(text, text)


def _default(one: dataclasses.Field[Any]) -> str:
    if one.default is dataclasses.MISSING:
        return "must be there"
    empty = {"": "empty", (): "empty", None: "null", False: "false", True: "true"}
    shown = empty.get(one.default) if not isinstance(one.default, int) or isinstance(one.default, bool) else None
    return shown or code(str(one.default))

"""commands.md, settings.md, errors.md: how an installation is run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import typer

from docs.written.markdown import code, codes, fenced, page, sentences, table
from tearmann import errors, settings
from tearmann.cli.root import app

# A setting, and a value that it refuses, so that the page can say what it takes in the reader's own words.
REFUSED = {
    "TEARMANN_SETTINGS_FILE": "/nowhere.toml",
    "TEARMANN_DATABASE_URL": "mysql://db",
    "TEARMANN_DATA_DIR": "data",
    "TEARMANN_HOSTS": "*",
    "TEARMANN_PROFILE": "no/where",
    "TEARMANN_DEMO": "perhaps",
    "TEARMANN_DEBUG": "yes",
    "TEARMANN_HTTPS": "perhaps",
    "TEARMANN_SECRET_KEY": "short",
    "TEARMANN_PAYLOAD_KEY": "short",
    "TEARMANN_REFERENCE_KEY": "short",
}


def commands() -> str:
    """Return the page of the commands: what each does, takes and answers."""
    parts = [
        "`tearmann --help` prints the same. With `--json` a command prints one JSON object on standard output and "
        "nothing else there; faults and progress go to standard error. [Exit codes](errors.md) say how it ended.",
        "A command is its operator's, who holds the store: it sees all units and restricted cases, and what it reads "
        "or discloses is logged like any other act.",
        table(["command", "what it does"], ([code(f"tearmann {name}"), _first(one)] for name, one in _commands())),
    ]
    for name, command in _commands():
        context = typer.Context(command, info_name=name)
        arguments = [one for one in command.params if one.param_type_name == "argument"]
        options = [one for one in command.params if one.param_type_name == "option"]
        parts += [f"## {name}", fenced(_usage(name, arguments)), sentences(command.help)]
        if arguments or options:
            rows = [[_names(one), _takes(one, context), _what(one)] for one in (*arguments, *options)]
            parts.append(table(["argument or option", "takes", "what for"], rows))
    return page("Commands", *parts)


def _commands(group: Any = None, before: str = "") -> Iterator[tuple[str, Any]]:
    group = group or typer.main.get_command(app)
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from _commands(command, f"{before}{name} ")
        else:
            yield f"{before}{name}", command


def _first(command: Any) -> str:
    return sentences(command.help).split(". ")[0].rstrip(".") + "."


def _usage(name: str, arguments: list[Any]) -> str:
    words = (f"{one.name.upper()}{'...' if one.nargs == -1 else ''}" for one in arguments)
    return " ".join(["tearmann", name, *words, "[OPTIONS]"])


def _names(one: Any) -> str:
    if one.param_type_name == "argument":
        return code(one.name.upper())
    return ", ".join(map(code, (*one.opts, *one.secondary_opts)))


def _takes(one: Any, context: Any) -> str:
    if getattr(one, "is_flag", False):
        return ""
    words = {"str": "text", "int": "a whole number", "int range": "a whole number", "path": "a path"}
    words |= {"list[str]": "text", "list[Path]": "paths"}
    kind = str(one.display_type_rich(ctx=context)).strip().removeprefix("<").split(">")[0]
    return words.get(kind, f"one of {codes(kind.split('|'))}")


def _what(one: Any) -> str:
    says = one.help or ""
    if one.required and one.param_type_name == "option":
        says = f"Required. {says}"
    shown = one.default not in (None, False, (), []) and not getattr(one, "is_flag", False)
    return f"{says} Unless given: {code(str(one.default))}." if shown else says


def described_settings() -> dict[str, str]:
    """Return what the settings' own docstring says of each, by name."""
    described: dict[str, str] = {}
    name = ""
    for line in (settings.__doc__ or "").splitlines():
        begins = re.match(r"(TEARMANN_\w+)\s+(.*)", line)
        if begins:
            name = begins[1]
            described[name] = begins[2]
        elif name and line.startswith(" "):
            described[name] += f" {line.strip()}"
        else:
            name = ""
    return described


def settings_page() -> str:
    """Return the page of the settings, with what the readers refuse in their own words."""
    rows = [[code(name), *_split(says), _refusal(name)] for name, says in described_settings().items()]
    return page(
        "Settings",
        "Read from the environment, or from one TOML file that `TEARMANN_SETTINGS_FILE` names: the same names in lower "
        "case without the prefix. The environment wins. What is nonsense is refused at the start of any command, with "
        "every fault at once and exit code 4; nothing falls back to a guess.",
        table(["setting", "meaning", "unset", "refused, for instance, with"], rows),
        "The keys are as precious as the store: see [how to install](../how-to/install.md).",
    )


def _split(says: str) -> tuple[str, str]:
    meaning, _, unset = says.partition("; unset:")
    return meaning.strip(), unset.strip()


def _refusal(name: str) -> str:
    try:
        settings.read({name: REFUSED[name]})
    except errors.SettingError as refusal:
        return str(refusal)
    raise AssertionError(f"{name} takes {REFUSED[name]}; give the page a value that it refuses")


def errors_page() -> str:
    """Return the page of the exit codes: the errors that are raised on purpose."""
    docstring = errors.__doc__ or ""
    said = dict(re.findall(r"(?m)^[│├└─\s]*(\w+)\s+\d+[ \t]*(.*)$", docstring))
    rows = [
        [str(one.exit_code), code(one.__name__), said[one.__name__]]
        for one in _classes(errors.TearmannError)
        if said[one.__name__]
    ]
    rows.sort(key=lambda row: int(row[0]))
    return page(
        "Exit codes",
        "A command that ends well ends with 0. A message on standard error says what was found, where, and what would "
        "do; it never quotes a person's data.",
        table(
            ["code", "error", "what it means"],
            [
                ["0", "", "done"],
                ["1", code("TearmannError"), "something else that was foreseen; the message says what"],
                ["2", "", "the command was typed wrongly: an unknown command or option, or a value it does not take"],
                *rows,
            ],
        ),
        "`receive` and `triage assess` end with 3 when any file or row had a fault, though everything else was taken; "
        "`ledger verify` ends with 9 when either log is broken, after printing what it found.",
    )


def _classes(one: type[errors.TearmannError]) -> Iterator[type[errors.TearmannError]]:
    yield one
    for below in one.__subclasses__():
        yield from _classes(below)

"""Write the reference pages from the code: `python -m docs.generate`; `--check` that they are what it would write."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

REFERENCE = Path(__file__).resolve().parent / "reference"


def pages() -> dict[str, str]:
    """Return every page of the reference by its file's name. The same code gives the same bytes."""
    _load_django()
    from docs.written import forces, incoming, installation, logs, markdown, work

    written = {
        "commands.md": installation.commands(),
        "settings.md": installation.settings_page(),
        "errors.md": installation.errors_page(),
        "identifiers.md": incoming.identifiers(),
        "formats.md": incoming.formats(),
        "states.md": work.states(),
        "permissions.md": work.permissions(),
        "policy.md": work.policy_page(),
        "clocks-and-profile.md": forces.profiles(),
        "logs.md": logs.logs(),
    }
    titles = {name: text.split("\n# ", 1)[1].split("\n", 1)[0] for name, text in sorted(written.items())}
    listed = "\n".join(f"- [{title}]({name})" for name, title in titles.items())
    return written | {"README.md": markdown.page("Reference", "Written from the code, and so never behind it.", listed)}


def _load_django() -> None:
    """Load Django under the settings of nobody: no store is opened, and the machine's settings decide no page."""
    from django.apps import apps

    if not apps.ready:
        for name in [name for name in os.environ if name.startswith("TEARMANN_")]:
            del os.environ[name]
        os.environ["DJANGO_SETTINGS_MODULE"] = "tearmann.settings"
        import django

        django.setup()


MEASURED = "benchmarks.md"  # written by whoever measured


def stale() -> list[str]:
    """Return the names of the pages that are missing, differ from the code, or are nobody's any more."""
    wanted = pages()
    there = {path.name: path.read_text(encoding="utf-8") for path in REFERENCE.glob("*.md") if path.name != MEASURED}
    return sorted(name for name in wanted.keys() | there.keys() if wanted.get(name) != there.get(name))


def main(arguments: Sequence[str]) -> int:
    if list(arguments) not in ([], ["--check"]):
        print("usage: python -m docs.generate [--check]", file=sys.stderr)
        return 2
    behind = stale()
    if arguments:
        for name in behind:
            print(f"docs/reference/{name} is not what the code says; run: python -m docs.generate", file=sys.stderr)
        return int(bool(behind))
    written = pages()
    for name in behind:
        if name in written:
            (REFERENCE / name).write_text(written[name], encoding="utf-8", newline="\n")
        else:
            (REFERENCE / name).unlink()
        print(f"docs/reference/{name}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

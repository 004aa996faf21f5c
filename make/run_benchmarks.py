"""Run each script of bench/, one after another. Run as `make bench`; ARGS name some of them, such as ARGS=receive."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main(names: Sequence[str]) -> int:
    scripts = {script.stem: script for script in sorted((ROOT / "bench").glob("*.py")) if script.stem[0] != "_"}
    unknown = [name for name in names if name not in scripts]
    if unknown:
        print(f"bench/ has no {', '.join(unknown)}; it has {', '.join(scripts) or 'nothing yet'}", file=sys.stderr)
        return 2
    failed = []
    for name in names or scripts:
        print(f"== {name} ==", flush=True)
        if subprocess.run([sys.executable, str(scripts[name])], cwd=ROOT).returncode != 0:
            failed.append(name)
    if failed:
        print(f"Failed: {', '.join(failed)}", file=sys.stderr)
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

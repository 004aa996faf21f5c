"""Commands as somebody types them, run in this process: the real entry point, its output and its exit code."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from tearmann.cli import main


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What a command left: its exit code, and what it wrote to standard output and standard error."""

    code: int
    out: str
    err: str

    def object(self) -> dict[str, Any]:
        """The one JSON object on standard output, and nothing else there."""
        line = self.out.removesuffix("\n")
        assert "\n" not in line
        answer: dict[str, Any] = json.loads(line)
        return answer


Run = Callable[..., Done]


def runner(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return what runs a command: its words as typed, and what is typed into it."""

    def run(*words: object, typed: str = "") -> Done:
        monkeypatch.setattr(sys, "argv", ["tearmann", *map(str, words)])
        monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capsys.readouterr()
        code = ended.value.code
        assert isinstance(code, int)
        return Done(code=code, out=out, err=err)

    return run

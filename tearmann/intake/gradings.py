"""The 3x5x2 grading as people write it, checked."""

from __future__ import annotations

from collections.abc import Mapping

from tearmann.intake.files import Fault
from tearmann.records import Grading

_LETTERS: dict[str, str] = {"source": "123", "information": "ABCDE", "handling": "PC"}


def graded(said: Mapping[str, str], places: Mapping[str, str]) -> tuple[Grading | None, list[Fault]]:
    """Return the grading and every fault of it.

    said: source, information, handling and conditions, as written; places: where each of them stands or belongs.
    """
    faults = []
    letters = {name: said.get(name, "").strip().upper() for name in _LETTERS}
    for name, allowed in _LETTERS.items():
        if len(letters[name]) != 1 or letters[name] not in allowed:
            says = f"not a grading of {name}" if letters[name] else f"a grading without its {name}"
            faults.append(Fault(place=places[name], says=says, remedy=f"Expected one of {', '.join(allowed)}."))
    if faults:
        return None, faults
    return Grading(**letters, conditions=said.get("conditions", "")), []

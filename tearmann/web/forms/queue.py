from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django import forms

from tearmann.casework.states import OPEN, State
from tearmann.profile import Force
from tearmann.web.forms.boxes import tick

_ANY = ("", "Any")


class QueueForm(forms.Form):
    """What of the queue somebody wants to see. What makes no sense is not asked for."""

    stage = forms.ChoiceField(label="Stage", required=False)
    source = forms.ChoiceField(label="Source", required=False)
    unit = forms.ChoiceField(label="Unit", required=False)
    unassessed = tick("Not assessed yet")
    escalated = tick("Escalated")

    def __init__(self, data: object, *, force: Force, on: date, units: Sequence[tuple[str, str]]) -> None:
        """units: code and name of the units to choose from; none where the viewer reads only one."""
        super().__init__(data)  # type: ignore[arg-type]
        self._words: dict[str, Sequence[tuple[str, str]]] = {}
        self._choices("stage", [(state.value, state.label) for state in State if state in OPEN])
        self._choices("source", force.vocabulary("sources").choices(on))
        if units:
            self._choices("unit", units)
        else:
            del self.fields["unit"]

    def _choices(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [_ANY, *choices]
        self._words[name] = choices

    def asked(self) -> dict[str, str]:
        """What was asked for and can be: name and value."""
        self.is_valid()
        return {name: str(value) for name, value in self.cleaned_data.items() if value}

    def in_words(self, asked: dict[str, str]) -> list[tuple[str, str]]:
        """What was asked for, for the chips that take it away: name and words."""
        chips = []
        for name, value in asked.items():
            field = self.fields[name]
            label = str(field.label)
            words = dict(self._words.get(name, ())).get(value)
            chips.append((name, f"{label}: {words}" if words else label))
        return chips

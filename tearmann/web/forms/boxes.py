"""The boxes that several forms ask with."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms


def one_line(label: str, *, longest: int = 200, **more: Any) -> forms.CharField:
    """A line of text. longest: characters. Nothing typed here is offered to the next officer by the browser."""
    more.setdefault("required", False)
    box = forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})
    return forms.CharField(label=label, max_length=longest, widget=box, **more)


def reason(label: str, *, hint: str = "", missing: str = "Say why") -> forms.CharField:
    """A reason in words, which an act keeps. Always asked for."""
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
        error_messages={"required": missing},
    )


def select(label: str, choices: Iterable[tuple[str, str]], **more: Any) -> forms.ChoiceField:
    """One of a list."""
    more.setdefault("required", False)
    return forms.ChoiceField(label=label, choices=list(choices), **more)


def day(label: str, *, missing: str = "", wrong: str = "This is not a date", **more: Any) -> forms.DateField:
    """A day."""
    more.setdefault("required", False)
    box = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=box, error_messages={"required": missing, "invalid": wrong}, **more)


class SmallRadios(forms.RadioSelect):
    small = True


class SmallTicks(forms.CheckboxSelectMultiple):
    small = True


class SmallTick(forms.CheckboxInput):
    small = True


def tick(label: str, **more: Any) -> forms.BooleanField:
    """One box to tick."""
    return forms.BooleanField(label=label, required=False, widget=SmallTick, **more)

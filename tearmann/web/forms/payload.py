"""Opening a sealed payload."""

from __future__ import annotations

from django import forms

from tearmann.web.forms.boxes import reason


class OpenForm(forms.Form):
    reason = reason(
        "Why it has to be opened",
        hint="The reason stands in the history of the case, with your name.",
        missing="Say why it has to be opened",
    )

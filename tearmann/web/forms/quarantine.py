"""What became of a payload in quarantine."""

from __future__ import annotations

from django import forms

from tearmann.web.forms.boxes import reason


class SettleForm(forms.Form):
    reason = reason(
        "What became of it",
        hint="Sent again, typed in at the desk, or why it is nothing.",
        missing="Say what became of it: sent again, typed in, or why it is nothing",
    )

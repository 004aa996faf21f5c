"""Switching the triage policy on for a team, and off again."""

from __future__ import annotations

from django import forms

from tearmann.web.forms.boxes import reason


class ProposeForm(forms.Form):
    reason = reason(
        "Why the policy may order this team’s work",
        hint="The local evidence, or the recorded decision to go without it.",
        missing="Say on what evidence or decision",
    )


class EndForm(forms.Form):
    reason = reason("Why the team goes back to shadow mode", missing="Say why it goes back to shadow mode")

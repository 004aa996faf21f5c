"""Restricting a case to named readers, naming one more, and lifting the restriction."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from tearmann.people.models import Officer, tidy_sign_in
from tearmann.web.forms.boxes import SmallTicks, one_line, reason


class RestrictForm(forms.Form):
    """officers: those of the case's unit who may be ticked."""

    readers = forms.MultipleChoiceField(label="Who else may read it", required=False, widget=SmallTicks)
    elsewhere = one_line(
        "Readers of other units", longest=1000, help_text="Their sign-in names, with commas between them."
    )
    reason = reason("Why it is restricted", missing="Say why it is restricted")

    def __init__(self, *args: Any, officers: Iterable[Officer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._by_sign_in = {officer.sign_in: officer for officer in officers}
        readers = self.fields["readers"]
        assert isinstance(readers, forms.MultipleChoiceField)
        readers.choices = [
            (one.sign_in, f"{one.name}, {one.get_role_display().lower()}") for one in self._by_sign_in.values()
        ]

    def clean_elsewhere(self) -> list[Officer]:
        return [_officer(typed) for typed in self.cleaned_data["elsewhere"].split(",") if typed.strip()]

    def chosen(self) -> list[Officer]:
        """Everybody who was ticked or written."""
        ticked = [self._by_sign_in[sign_in] for sign_in in self.cleaned_data["readers"]]
        return [*ticked, *self.cleaned_data["elsewhere"]]


class NameReaderForm(forms.Form):
    sign_in = one_line("Sign-in name", required=True, error_messages={"required": "Write the reader’s sign-in name"})
    reason = reason("Why they have to read it", missing="Say why they have to read it")

    def clean_sign_in(self) -> Officer:
        return _officer(self.cleaned_data["sign_in"])


class LiftForm(forms.Form):
    reason = reason("Why the restriction is lifted", missing="Say why the restriction is lifted")


def _officer(typed: str) -> Officer:
    officer = Officer.objects.filter(sign_in=tidy_sign_in(typed), is_active=True).first()
    if officer is None:
        raise forms.ValidationError("Nobody with an account in use has that sign-in name")
    return officer

from __future__ import annotations

from datetime import date

from django import forms

from tearmann.profile import Force


class ReferenceForm(forms.Form):
    """The number under which another system of record holds a case."""

    kind = forms.ChoiceField(
        label="Kind of reference", error_messages={"required": "Say which system the number is from"}
    )
    value = forms.CharField(
        label="Number",
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": "Enter the number as the other system writes it"},
    )

    def __init__(self, data: object = None, *, force: Force, on: date) -> None:
        super().__init__(data, auto_id="id_reference_%s")  # type: ignore[arg-type]
        kind = self.fields["kind"]
        assert isinstance(kind, forms.ChoiceField)
        kind.choices = [("", "Choose"), *force.vocabulary("reference_kinds").choices(on)]


class SearchForm(forms.Form):
    """What somebody looks for. One box: what was typed says by itself what kind of thing it is."""

    q = forms.CharField(
        label="Look for",
        help_text=(
            "Any reference, e-mail address, telephone number, user name, IP address, device, web address, hash, date "
            "of birth, name or beginning of a surname. Narrative is never searched."
        ),
        max_length=500,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}),
        error_messages={"required": "Enter what you are looking for"},
    )

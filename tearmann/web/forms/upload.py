"""Files that somebody sent, and what the officer knows of them that they may not say themselves."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from tearmann.casework.actions.receive import HowToRead
from tearmann.profile import Force
from tearmann.web.forms.boxes import one_line, select

MOST_FILES = 100
LIMIT = 200 * 2**20  # bytes of one upload; what is more goes in by the command `tearmann receive`

FORMAT_LABELS = {
    "cybertip-xml": "CyberTipline report (XML)",
    "csv": "Table (CSV)",
    "json": "Tearmann's own (JSON)",
}


class SeveralFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class Files(forms.FileField):
    """One file or many; each is checked, and all are returned."""

    widget = SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        given = list(data) if isinstance(data, list | tuple) else [data]
        return [super(Files, self).clean(one, initial) for one in given or [None]]


class UploadForm(forms.Form):
    sent = Files(
        label="Files",
        allow_empty_file=True,  # intake says of an empty file what to do about it
        help_text=f"Words and hashes only: no images. At most {MOST_FILES} files and {LIMIT >> 20} MB at a time.",
        error_messages={"required": "Choose the files", "missing": "Choose the files"},
    )
    format = select(
        "Format",
        [("", "Find out from the file"), *FORMAT_LABELS.items()],
        help_text="Choose one if the file is misread.",
    )
    source = select("Who sent them", [])
    reference = one_line("Their reference", help_text="For one file that does not name it.")

    def __init__(self, *args: Any, force: Force, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = force.vocabulary("sources").choices(today)
        source = self.fields["source"]
        assert isinstance(source, forms.ChoiceField)
        source.choices = [("", "As the files say"), *choices]

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or {}
        if typed.get("reference") and len(typed.get("sent") or ()) > 1:
            self.add_error("reference", "A reference belongs to one file: send that file by itself")
        return typed

    def how(self) -> HowToRead:
        """What the officer says of the files."""
        typed = self.cleaned_data
        return HowToRead(
            format=typed["format"] or None, source=typed["source"] or None, reference=typed["reference"] or None
        )

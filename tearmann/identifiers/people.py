"""Names and dates of birth: what many people share; and what is of no kind we know."""

from __future__ import annotations

import re
from datetime import date

from tearmann.identifiers.kinds import Example, IdentifierKind, Kind, Said, folded, has_controls


class Name(Kind):
    kind = IdentifierKind.NAME
    label = "Name"
    rule = "Composed (NFC), spaces and case folded; the order of the names is the sender's."
    good = (Example("  Ann   EXAMPLE ", "ann example"), Example("Zoe\u0308 Example", "zo\u00eb example"))
    bad = (Example("Ann\x00Example", "control characters"),)

    def clean(self, given: str, said: Said) -> str:
        name = folded(given)
        return name if not has_controls(name) else self.refuse("control characters")

    def links(self, value: str) -> bool:
        return False

    def notes(self, value: str) -> tuple[str, ...]:
        return ("many people share a name: it links nothing by itself",)

    def typed(self, text: str) -> str | None:
        return text if not any(letter.isdigit() or letter in "@:/" for letter in text) else None


class DateOfBirth(Kind):
    kind = IdentifierKind.DATE_OF_BIRTH
    label = "Date of birth"
    rule = "YYYY-MM-DD. Slashes, dots and dashes are read day first; a year of two digits is refused."
    good = (
        Example("2010-01-02", "2010-01-02"),
        Example("2010-01-02Z", "2010-01-02"),
        Example("02/01/2010", "2010-01-02"),
        Example("2.1.2010", "2010-01-02"),
    )
    bad = (
        Example("02/01/10", "two digits do not say which century"),
        Example("2010-02-30", "no such day"),
        Example("02/13/2010", "no such day"),
        Example("spring 2010", "expected YYYY-MM-DD"),
        Example("0001-01-01", "before 1850"),
    )
    # An XML date may carry a zone, which says nothing about a birthday.
    _ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:Z|[+-][0-9]{2}:[0-9]{2})?")
    _DAY_FIRST = re.compile(r"([0-9]{1,2})([/.-])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})")

    def clean(self, given: str, said: Said) -> str:
        text = given.strip()
        if iso := self._ISO.fullmatch(text):
            year, month, day = iso[1], iso[2], iso[3]
        elif british := self._DAY_FIRST.fullmatch(text):
            year, month, day = british[4], british[3], british[1]
        else:
            self.refuse("expected YYYY-MM-DD or DD/MM/YYYY")
        if len(year) == 2:
            self.refuse("two digits do not say which century, expected YYYY-MM-DD")
        try:
            born = date(int(year), int(month), int(day))
        except ValueError:
            self.refuse("no such day, expected YYYY-MM-DD or DD/MM/YYYY")
        return born.isoformat() if born.year >= 1850 else self.refuse("before 1850: nobody alive was born then")

    def links(self, value: str) -> bool:
        return False

    def notes(self, value: str) -> tuple[str, ...]:
        return ("many people share a birthday: it links nothing by itself",)

    def mask(self, value: str) -> str:
        return f"{value[:4]}-…"


class Other(Kind):
    kind = IdentifierKind.OTHER
    label = "Other identifier"
    rule = "Kept as given, whatever it is."
    good = (Example(" Anything: at all ", " Anything: at all "),)

    def clean(self, given: str, said: Said) -> str:
        return given

    def links(self, value: str) -> bool:
        return False

    def notes(self, value: str) -> tuple[str, ...]:
        return ("kept as given: it links nothing by itself",)

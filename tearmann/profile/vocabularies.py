"""Vocabularies: the words an officer can choose from, with the term that the law or the sender uses beside ours.

A word is retired by its last day, never deleted, so that an old case still reads as it was written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations

from tearmann.errors import ProfileError
from tearmann.profile.rows import ProfileFile, Row, holds_on, overlap, read_sound

REQUIRED_VOCABULARIES = (
    "sources",
    "reference_kinds",
    "incident_types",
    "outcomes",
    "closing_reasons",
    "channels",
    "person_roles",
    "grading_source",
    "grading_information",
    "grading_handling",
    "protective_markings",
    "classification_schemes",
    "lawful_bases",
    "crime_codes",
)
"""The vocabularies that the product asks for. A profile may leave any of them without terms, but not out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One word. label: what pages show; legal_term: the statute's or the sender's own, "" where it has none."""

    code: str
    label: str
    source: str
    legal_term: str = ""
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """A list of terms. complete: there are no other codes; else the list is known, or may be, a part.

    Without terms it is unset: nothing published was found, and the force has not set any.
    """

    name: str
    terms: tuple[Term, ...]
    complete: bool
    note: str
    source: str

    @property
    def is_set(self) -> bool:
        return bool(self.terms)

    def term(self, code: str, on: date) -> Term | None:
        """Return the term in force on a day, or None."""
        return next((term for term in self._rows(code) if holds_on(on, term.valid_from, term.valid_to)), None)

    def codes(self, on: date) -> tuple[str, ...]:
        """Return the codes that can be chosen on a day, in the profile's order."""
        return tuple(term.code for term in self.terms if holds_on(on, term.valid_from, term.valid_to))

    def choices(self, on: date) -> tuple[tuple[str, str], ...]:
        """Return code and label of what can be chosen on a day, as a form wants them."""
        return tuple((term.code, term.label) for term in self.terms if holds_on(on, term.valid_from, term.valid_to))

    def label(self, code: str, on: date) -> str:
        """Return the label to show: of that day, else of the code's last row, else the code itself.

        A page of an old case must read even when its word has been retired since. It refuses nothing: `check` does.
        """
        rows = self._rows(code)
        held = self.term(code, on)
        return held.label if held else rows[-1].label if rows else code

    def check(self, code: str, on: date) -> str:
        """Return the code, or raise ProfileError if it cannot be chosen on that day."""
        if self.term(code, on) is None:
            allowed = ", ".join(self.codes(on)) or "none: the profile leaves it unset"
            raise ProfileError(f"vocabulary '{self.name}' has no such code on {on}; expected one of {allowed}")
        return code

    def _rows(self, code: str) -> tuple[Term, ...]:
        return tuple(term for term in self.terms if term.code == code)


def read_vocabularies(file: ProfileFile, product: Mapping[str, Vocabulary]) -> dict[str, Vocabulary]:
    """Read [vocabulary.<name>] with its terms, over the product's lists that the file adopts.

    A list both adopted and defined is the product's, with the force's terms in place of those of the same code.
    """
    found: dict[str, Vocabulary] = {}
    for name in file.texts("adopt"):
        if name in product:
            found[name] = product[name]
        else:
            file.fault(f"adopts '{name}', which the product has no list of; it has {', '.join(product)}")
    for name, row in file.tables_under("vocabulary"):
        own = _read_vocabulary(name, row)
        row.finish()
        found[name] = _laid_over(found[name], own) if name in found else own
        for one, other in combinations(own.terms, 2):
            if one.code == other.code and overlap((one.valid_from, one.valid_to), (other.valid_from, other.valid_to)):
                file.fault(f"two terms '{one.code}' of '{name}' hold on the same day; end the earlier with 'valid_to'")
    return found


def check_all_there(file: ProfileFile, vocabularies: Mapping[str, Vocabulary]) -> None:
    """Note each vocabulary that the product asks for and the profile neither adopts nor defines."""
    for name in REQUIRED_VOCABULARIES:
        if file.is_there and name not in vocabularies:
            file.fault(f"has no vocabulary '{name}'; adopt the product's, or define it, without terms if it is unset")


def _read_vocabulary(name: str, row: Row) -> Vocabulary:
    terms = tuple(read_sound(row.inner_rows("terms"), _read_term))
    return Vocabulary(
        name=name,
        terms=terms,
        complete=row.flag("complete"),
        note=row.text("note"),
        source=row.source(for_a_value=bool(terms)),
    )


def _read_term(row: Row) -> Term:
    valid_from, valid_to = row.days_in_force()
    return Term(
        code=row.code("code"),
        label=row.text("label"),
        source=row.source(),
        legal_term=row.optional_text("legal_term"),
        valid_from=valid_from,
        valid_to=valid_to,
    )


def _laid_over(product: Vocabulary, own: Vocabulary) -> Vocabulary:
    own_codes = {term.code for term in own.terms}
    product_codes = {term.code for term in product.terms}
    merged: list[Term] = []
    for term in product.terms:
        if term.code not in own_codes:
            merged.append(term)
        elif not any(one.code == term.code for one in merged):
            merged.extend(one for one in own.terms if one.code == term.code)
    merged.extend(term for term in own.terms if term.code not in product_codes)
    return replace(own, terms=tuple(merged), source=f"{own.source}; {product.source}")

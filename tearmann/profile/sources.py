"""Where a profile's values come from."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from tearmann.profile.rows import Row


class Standing(StrEnum):
    """What kind of source it is, and so how far it can be leant on."""

    OFFICIAL = "official"
    PRESS = "press"  # press, blog or summary
    COPY = "copy"  # a third party's copy of a document, or public code
    WEAK = "weak"  # verify before use
    FORCE = "force"  # the force's own order or decision
    PRODUCT = "product"  # this product's own words: not a claim about any force
    INVENTED = "invented"
    NONE = "none"  # looked for and not found: only an unset row may cite it


_IN_WORDS = {
    Standing.OFFICIAL: "official",
    Standing.PRESS: "press or summary",
    Standing.COPY: "a third party's copy",
    Standing.WEAK: "weak: verify before use",
    Standing.FORCE: "the force's own",
    Standing.PRODUCT: "this product's own words",
    Standing.INVENTED: "invented",
    Standing.NONE: "no source",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One source. key: how rows name it. address: where it can be read, "" where it has none."""

    key: str
    title: str
    address: str
    standing: Standing

    @property
    def citation(self) -> str:
        where = f"{self.address}, " if self.address else ""
        return f"{self.title} ({where}{_IN_WORDS[self.standing]})"

    @property
    def supports_a_value(self) -> bool:
        return self.standing is not Standing.NONE


def read_source(row: Row) -> Source:
    source = Source(
        key=row.code("key"),
        title=row.text("title"),
        address=row.optional_text("address"),
        standing=row.choice("standing", Standing),
    )
    if source.standing in (Standing.OFFICIAL, Standing.PRESS, Standing.COPY, Standing.WEAK) and not source.address:
        row.fault(f"'{source.key}' is a published source without an 'address'; say where it can be read")
    return source

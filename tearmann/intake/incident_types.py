"""Our codes for the type of an incident, and the sender's words that we know for them."""

from __future__ import annotations

import re

INCIDENT_TYPES: tuple[str, ...] = (
    "csam",
    "trafficking",
    "sex_tourism",
    "contact_abuse",
    "misleading_domain",
    "misleading_words",
    "enticement",
    "unsolicited_obscene",
    "other",
)

# The beginnings, in letters only, of the words that NCMEC's schema uses. Beginnings, because senders vary the rest.
_BEGINNINGS: tuple[tuple[str, str], ...] = (
    ("childpornography", "csam"),
    ("childsextrafficking", "trafficking"),
    ("childsextourism", "sex_tourism"),
    ("childsexualmolestation", "contact_abuse"),
    ("misleadingdomainname", "misleading_domain"),
    ("misleadingwords", "misleading_words"),
    ("onlineenticement", "enticement"),
    ("unsolicitedobscene", "unsolicited_obscene"),
)


def incident_type(given: str) -> str:
    """Return our code for the sender's word, or "other"."""
    if given in INCIDENT_TYPES:
        return given
    letters = re.sub("[^a-z]", "", given.lower())
    for beginning, code in _BEGINNINGS:
        if letters.startswith(beginning):
            return code
    return "other"

"""Referrals that tests send: small, invented, through the same doors as real ones."""

from __future__ import annotations

from dataclasses import replace
from hashlib import md5
from typing import Any

from tearmann.identifiers import IdentifierKind
from tearmann.intake import product_json
from tearmann.intake.files import File
from tearmann.records import Age, FileFacts, Identifier, Party, PartyRole, Referral, RiskCode, RiskFact

# The digest of an invented word, which the list of the tests holds.
LISTED = md5(b"tearmann-invented-listed", usedforsecurity=False).hexdigest()


def email(address: str, *, place: str = "row 1, email") -> Identifier:
    return Identifier(kind=IdentifierKind.EMAIL, value=address, as_given=address, place=place)


def a_referral(number: int = 1, **changes: Any) -> Referral:
    """A report about one person, with one child, under the sender's reference of that number."""
    reported = Party(
        key="reported-1",
        role=PartyRole.REPORTED,
        place="reported",
        identifiers=(email(f"person-{number}@example.org"),),
    )
    child = Party(
        key="victim-1",
        role=PartyRole.VICTIM,
        place="victim",
        age=Age(as_given="12", place="victim, age", years=12),
    )
    plain = Referral(
        format="json",
        source="ncmec",
        source_reference=str(number),
        incident_type="csam",
        parties=(reported, child),
    )
    return replace(plain, **changes)


def at_risk(referral: Referral, code: RiskCode = RiskCode.SELF_HARM) -> Referral:
    return replace(referral, risks=(RiskFact(code=code, place="victim, risk", party="victim-1"),))


def sharing(referral: Referral, address: str) -> Referral:
    """The referral with another address for the person reported."""
    reported, *others = referral.parties
    return replace(referral, parties=(replace(reported, identifiers=(email(address),)), *others))


def as_file(referral: Referral, name: str | None = None) -> File:
    return File(name=name or f"{referral.source_reference}.json", body=product_json.dump(referral))


def with_file(referral: Referral, digest: str = LISTED) -> Referral:
    """The referral with a file of that MD5."""
    one = Identifier(kind=IdentifierKind.MD5, value=digest, as_given=digest, place="file, hash")
    return replace(referral, files=(FileFacts(key="file-1", place="file", hashes=(one,)),))

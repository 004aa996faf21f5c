"""What a referral says, leaf by leaf, and the names under which it says it: for tests that ask where a leaf went."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from tearmann.records import FileFacts, Identifier, Party, Referral


def placed(value: Any) -> Iterator[tuple[str, str]]:
    """Every text in a value that has a place, with the place."""
    if isinstance(value, tuple):
        for one in value:
            yield from placed(one)
    elif is_dataclass(value):
        place = getattr(value, "place", None)
        for one in fields(value):
            inner = getattr(value, one.name)
            if isinstance(inner, str) and place is not None:
                yield place, inner
            elif one.name == "details":
                yield from ((place or "", text) for _, text in inner)
            else:
                yield from placed(inner)


def unplaced(referral: Referral) -> Iterator[str]:
    """The texts that fields of the record itself hold, which have no place."""
    records: tuple[Referral | FileFacts, ...] = (referral, *referral.files)
    for one in records:
        for declared in fields(one):
            inner = getattr(one, declared.name)
            if isinstance(inner, str):
                yield inner
            elif declared.name == "annotations":
                yield from inner
            elif hasattr(inner, "as_given"):
                yield inner.as_given


def named(referral: Referral) -> Iterator[tuple[str, str]]:
    """Every named thing of a referral: (name, what it says)."""
    for declared in fields(referral):
        inner = getattr(referral, declared.name)
        if isinstance(inner, str | bool):
            yield declared.name, str(inner)
        elif hasattr(inner, "as_given"):
            yield declared.name, inner.as_given
    yield from (("annotation", code) for code in referral.annotations)
    yield from (("risk", risk.code.value) for risk in referral.risks)
    yield from ((f"statement.{one.name}", one.value) for one in referral.statements)
    yield from (("passage", one.text) for one in referral.passages)
    for reference in referral.references:
        yield f"{reference.party or 'report'}.reference.{reference.kind}", reference.value
    for party in referral.parties:
        yield from ((f"{party.key}.{name}", said) for name, said in _of_party(party))
    for file in referral.files:
        yield from ((f"{file.key}.{name}", said) for name, said in _of_file(file))


def _of_party(party: Party) -> Iterator[tuple[str, str]]:
    if party.age:
        yield "age", party.age.as_given
    if party.belongs_to:
        yield "belongs_to", party.belongs_to
    yield from _of_either(party)


def _of_file(file: FileFacts) -> Iterator[tuple[str, str]]:
    for declared in fields(file):
        inner = getattr(file, declared.name)
        if isinstance(inner, str | bool):
            yield declared.name, str(inner)
    if file.uploaded:
        yield "uploaded", file.uploaded.as_given
    yield from (("annotation", code) for code in file.annotations)
    yield from ((f"classification.{one.scheme}", one.code) for one in file.classifications)
    for one in file.hashes:
        yield from _of_identifier(one)
    yield from _of_either(file)


def _of_either(one: Party | FileFacts) -> Iterator[tuple[str, str]]:
    for identifier in one.identifiers:
        yield from _of_identifier(identifier)
    yield from ((f"statement.{said.name}", said.value) for said in one.statements)
    yield from (("passage", said.text) for said in one.passages)


def _of_identifier(one: Identifier) -> Iterator[tuple[str, str]]:
    yield one.kind.value, one.as_given
    yield from ((f"{one.kind.value}.{name}", text) for name, text in one.details)

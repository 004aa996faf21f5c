"""Generated values for property tests. Nothing in them looks like a person: invented and shapeless by design."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import strategies as st

from tearmann.identifiers import HASH_KINDS, KINDS, IdentifierKind, identify
from tearmann.intake.incident_types import INCIDENT_TYPES
from tearmann.records import (
    Age,
    Classification,
    ExternalReference,
    FileFacts,
    Grading,
    Identifier,
    Leftover,
    Moment,
    Nature,
    Origin,
    Part,
    Party,
    PartyRole,
    Passage,
    Referral,
    RiskCode,
    RiskFact,
    Statement,
)

# What intake lets through: no control characters but tab and line breaks, no halves of characters.
_LETTERS = st.characters(exclude_categories=["Cs", "Cc"], include_characters="\t\n\r")


def texts(*, min_size: int = 0) -> st.SearchStrategy[str]:
    return st.text(_LETTERS, min_size=min_size, max_size=20)


def codes() -> st.SearchStrategy[str]:
    return st.sampled_from(["alpha", "beta", "gamma_delta", "viral", "generative_ai"])


def places() -> st.SearchStrategy[str]:
    return st.sampled_from(["/report/victim[1]", "column 'received'", "desk form, facts", "/referral/parties/0", "ü"])


def times() -> st.SearchStrategy[datetime]:
    return st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))


def moments() -> st.SearchStrategy[Moment]:
    return st.builds(Moment, as_given=texts(), at=st.none() | times(), zone_stated=st.booleans())


def details() -> st.SearchStrategy[tuple[tuple[str, str], ...]]:
    return st.lists(st.tuples(codes(), texts()), max_size=3).map(tuple)


@st.composite
def identifiers(draw: st.DrawFn, kinds: tuple[IdentifierKind, ...] = tuple(IdentifierKind)) -> Identifier:
    """An identifier of any kind, its value canonical: from the examples of its kind, or text of no kind."""
    kind = draw(st.sampled_from(kinds))
    as_given = draw(st.sampled_from([example.given for example in KINDS[kind].good]) | texts())
    port, at = None, None
    if kind is IdentifierKind.IP_EVENT:
        as_given = f"192.0.2.{draw(st.integers(0, 255))}"
        port, at = draw(st.none() | st.integers(1, 65535)), draw(st.none() | times())
    found, value = identify(kind, as_given, port=port, at=at)
    return Identifier(
        kind=found,
        value=value,
        as_given=as_given,
        place=draw(places()),
        origin=draw(st.sampled_from(Origin)),
        details=draw(details()),
    )


def statements() -> st.SearchStrategy[tuple[Statement, ...]]:
    one = st.builds(
        Statement,
        name=codes(),
        value=texts(),
        place=places(),
        nature=st.sampled_from(Nature),
        origin=st.sampled_from(Origin),
    )
    return st.lists(one, max_size=2).map(tuple)


def passages() -> st.SearchStrategy[tuple[Passage, ...]]:
    one = st.builds(
        Passage, text=texts(), place=places(), nature=st.sampled_from(Nature), origin=st.sampled_from(Origin)
    )
    return st.lists(one, max_size=2).map(tuple)


def ages() -> st.SearchStrategy[Age]:
    return st.builds(Age, as_given=texts(), place=places(), years=st.none() | st.integers(0, 150))


@st.composite
def parties(draw: st.DrawFn) -> tuple[Party, ...]:
    made: list[Party] = []
    for number in range(draw(st.integers(0, 3))):
        role = draw(st.sampled_from(PartyRole))
        made.append(
            Party(
                key=f"{role.value}-{number + 1}",
                role=role,
                place=draw(places()),
                belongs_to=draw(st.none() | st.sampled_from([one.key for one in made])) if made else None,
                age=draw(st.none() | ages()),
                identifiers=draw(st.lists(identifiers(), max_size=3).map(tuple)),
                statements=draw(statements()),
                passages=draw(passages()),
            )
        )
    return tuple(made)


@st.composite
def files(draw: st.DrawFn) -> tuple[FileFacts, ...]:
    three_valued = st.none() | st.booleans()
    hash_kinds = tuple(sorted(HASH_KINDS))
    return tuple(
        FileFacts(
            key=f"file-{number + 1}",
            place=draw(places()),
            file_id=draw(st.none() | texts()),
            hashes=draw(st.lists(identifiers(hash_kinds), max_size=2).map(tuple)),
            identifiers=draw(st.lists(identifiers(), max_size=1).map(tuple)),
            classifications=draw(
                st.lists(
                    st.builds(
                        Classification,
                        scheme=codes(),
                        code=texts(),
                        place=places(),
                        assigned_by=texts(),
                        version=texts(),
                    ),
                    max_size=2,
                ).map(tuple)
            ),
            viewed_by_sender=draw(three_valued),
            metadata_viewed_by_sender=draw(three_valued),
            publicly_available=draw(three_valued),
            annotations=draw(st.lists(codes(), max_size=2, unique=True).map(tuple)),
            uploaded=draw(st.none() | moments()),
            statements=draw(statements()),
            passages=draw(passages()),
        )
        for number in range(draw(st.integers(0, 2)))
    )


def gradings() -> st.SearchStrategy[Grading]:
    return st.builds(
        Grading,
        source=st.sampled_from("123"),
        information=st.sampled_from("ABCDE"),
        handling=st.sampled_from("PC"),
        conditions=texts(),
    )


@st.composite
def referrals(draw: st.DrawFn) -> Referral:
    """Any referral that intake may make, all fields of it, with keys that agree with each other."""
    people = draw(parties())
    one_of_them = st.none() | st.sampled_from([one.key for one in people]) if people else st.none()
    risks = st.builds(
        RiskFact,
        code=st.sampled_from(RiskCode),
        place=places(),
        party=one_of_them,
        origin=st.sampled_from(Origin),
    )
    references = st.builds(
        ExternalReference, kind=codes(), value=texts(), place=places(), system=texts(), party=one_of_them
    )
    return Referral(
        format=draw(st.sampled_from(["cybertip-xml", "csv", "json", "desk"])),
        source=draw(st.sampled_from(["ncmec", "partner", "phone", "other"])),
        part=draw(st.sampled_from(Part)),
        format_version=draw(texts()),
        source_reference=draw(st.none() | texts(min_size=1)),
        supplements=draw(st.none() | texts(min_size=1)),
        received=draw(st.none() | moments()),
        incident=draw(st.none() | moments()),
        incident_type=draw(st.sampled_from(INCIDENT_TYPES)),
        incident_type_given=draw(texts()),
        platform=draw(st.none() | texts()),
        urgent=draw(st.booleans()),
        urgent_reason=draw(texts()),
        provider_priority=draw(st.none() | st.integers(1, 3)),
        annotations=draw(st.lists(codes(), max_size=2, unique=True).map(tuple)),
        parties=people,
        files=draw(files()),
        risks=draw(st.lists(risks, max_size=2).map(tuple)),
        references=draw(st.lists(references, max_size=2).map(tuple)),
        grading=draw(st.none() | gradings()),
        lawful_basis=draw(st.none() | texts()),
        statements=draw(statements()),
        passages=draw(passages()),
        remainder=draw(st.lists(st.builds(Leftover, place=places(), value=texts()), max_size=2).map(tuple)),
    )

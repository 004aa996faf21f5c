"""Search finds references, exact identifiers and the beginnings of surnames, and never narrative."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tearmann.casework.doing import Actor
from tearmann.casework.models import Case
from tearmann.casework.queries import search as searching
from tearmann.casework.queries.search import search
from tearmann.identifiers import IdentifierKind, identify
from tearmann.intake.files import File
from tearmann.records import ExternalReference, Identifier, Passage
from tests.casework.conftest import the_case
from tests.sent import LISTED, a_referral, with_file

pytestmark = pytest.mark.django_db


def about(*identifiers: Identifier, number: int = 1):
    """A report in which the person reported has these identifiers."""
    plain = a_referral(number)
    reported, *others = plain.parties
    return replace(plain, parties=(replace(reported, identifiers=identifiers), *others))


def given(kind: IdentifierKind, as_given: str, **more) -> Identifier:
    found, value = identify(kind, as_given, **more)
    return Identifier(kind=found, value=value, as_given=as_given, place="reported")


@pytest.fixture
def look(operator):
    """A function: the cases that a text finds, and by what."""

    def find(typed: str, *, viewer: Actor = operator.by) -> list[tuple[Case, str]]:
        return [(one.case, one.by) for one in search(viewer, typed, region="GB").found]

    return find


@pytest.mark.parametrize("spoken", [False, True])
def test_a_case_is_found_by_its_reference_however_it_is_typed(received, look, spoken):
    received(a_referral(1), a_referral(2))
    reference = the_case(1).reference
    typed = f" {reference[:4]}-{reference[4:7]} {reference[7:]} ".lower() if spoken else reference
    assert look(typed) == [(the_case(1), "reference")]


def test_a_reference_with_a_wrong_letter_finds_nothing(received, look):
    received(a_referral())
    reference = the_case().reference
    assert look(("1" if reference[0] == "0" else "0") + reference[1:]) == []


def test_a_case_is_found_by_another_systems_number(received, look):
    received(a_referral(references=(ExternalReference(kind="crime", value="INVENTED-1", place="row 1"),)))
    assert look("INVENTED-1") == [(the_case(), "crime reference")]


def test_a_case_is_found_by_the_senders_number(received, look):
    received(a_referral(10000123))
    assert look("10000123") == [(the_case(10000123), "sender's reference")]


@pytest.mark.parametrize(
    ("identifier", "typed"),
    [
        (given(IdentifierKind.EMAIL, "Ann.Invented@example.org"), "ann.invented@EXAMPLE.org"),
        (given(IdentifierKind.PHONE, "+447700900123"), "07700 900123"),
        (given(IdentifierKind.IP_EVENT, "192.0.2.10", port=50123), "192.0.2.10"),
        (given(IdentifierKind.HANDLE, "invented_one", platform="Example Chat"), "invented_one"),
        (given(IdentifierKind.OTHER, "Left as it was"), "Left as it was"),
    ],
    ids=["email", "phone", "address", "handle", "other"],
)
def test_a_case_is_found_by_an_identifier_as_an_officer_would_type_it(received, look, identifier, typed):
    received(about(identifier), a_referral(2))
    assert [case for case, _ in look(typed)] == [the_case(1)]


def test_a_case_is_found_by_the_hash_of_a_file(received, look):
    received(with_file(a_referral(1)), a_referral(2))
    assert [case for case, _ in look(LISTED.upper())] == [the_case(1)]


@pytest.mark.parametrize("typed", ["ann@example.org", "nn.invented@example.org", "invented@example", "192.0.2.1"])
def test_part_of_an_identifier_finds_nothing(received, look, typed):
    received(
        about(given(IdentifierKind.EMAIL, "ann.invented@example.org"), given(IdentifierKind.IP_EVENT, "192.0.2.10"))
    )
    assert look(typed) == []


@pytest.mark.parametrize("typed", ["inv", "Invent", "INVENTED"])
def test_a_case_is_found_by_the_beginning_of_a_surname(received, look, typed):
    received(about(given(IdentifierKind.NAME, "Ann Invented")), a_referral(2))
    assert look(typed) == [(the_case(1), "surname")]


@pytest.mark.parametrize("typed", ["in", "ann", "nvented", "inv%", "inv_", "in*"])
def test_two_letters_first_names_middles_and_wildcards_find_nothing(received, look, typed):
    received(about(given(IdentifierKind.NAME, "Ann Invented")))
    assert look(typed) == []


def test_what_is_told_in_free_text_is_never_found(received, look):
    received(a_referral(passages=(Passage(text="The word is heron", place="narrative"),)))
    assert look("heron") == look("The word is heron") == []


@pytest.mark.parametrize("typed", ["", "   "])
def test_nothing_typed_finds_nothing(received, look, typed):
    received(a_referral())
    assert look(typed) == []


def test_what_a_row_of_a_list_names_is_found_too(received, look):
    received(File(name="rows.csv", body=b"source,source_reference,reported.email\npartner,Q-1,row@example.org\n"))
    assert [case for case, _ in look("row@example.org")] == [the_case("Q-1")]


def test_another_units_case_is_found_as_a_stub(received, ann, ben):
    received(a_referral())
    told = {
        who.sign_in: [one.may_read for one in search(Actor.of(who), "person-1@example.org", region="GB").found]
        for who in (ann, ben)
    }
    assert told == {"ann": [True], "ben": [False]}


def test_open_cases_come_before_closed_ones(received, look):
    received(*(about(given(IdentifierKind.EMAIL, "one@example.org"), number=number) for number in (1, 2)))
    Case.objects.filter(pk=the_case(1).pk).update(is_open=False, state="closed")
    assert [case for case, _ in look("one@example.org")] == [the_case(2), the_case(1)]


def test_a_search_that_finds_too_much_says_that_there_is_more(received, operator, monkeypatch):
    monkeypatch.setattr(searching, "SHOWN_AT_MOST", 2)
    received(*(about(given(IdentifierKind.EMAIL, "one@example.org"), number=number) for number in range(3)))
    result = search(operator.by, "one@example.org", region="GB")
    assert (len(result.found), result.more) == (2, True)

"""What exists for whom: the store's answers held against the pure table of permissions."""

from __future__ import annotations

import itertools

import pytest

from tearmann.casework.doing import Actor
from tearmann.casework.models import Case
from tearmann.casework.permissions import Sight, Standing, sight
from tearmann.casework.queries.visible import case_for, visible_to
from tearmann.errors import NotFound
from tearmann.people.models import Officer, Role
from tests.casework.conftest import an_officer, the_case
from tests.sent import a_referral

pytestmark = pytest.mark.django_db
STANDINGS = [
    Standing(own_unit=own, restricted=restricted, named=named)
    for own, restricted, named in itertools.product((True, False), repeat=3)
]


@pytest.fixture
def one_of_each(received, north, south):
    """A function: for an officer of the north, one case of each standing."""

    def stand(officer: Officer) -> dict[str, Standing]:
        received(*(a_referral(number) for number in range(len(STANDINGS))))
        of = {}
        for number, standing in enumerate(STANDINGS):
            case = the_case(number)
            case.unit, case.restricted = (north if standing.own_unit else south), standing.restricted
            case.save(update_fields=["unit", "restricted"])
            if standing.named:
                case.named_readers.create(officer=officer, named_at=case.received_at)
            of[case.reference] = standing
        return of

    return stand


@pytest.mark.parametrize("at_least", [Sight.STUB, Sight.READ])
@pytest.mark.parametrize("role", Role)
def test_the_store_shows_each_role_what_the_table_says(one_of_each, north, role, at_least):
    officer = an_officer(role, north)
    cases = one_of_each(officer)
    expected = {reference for reference, standing in cases.items() if sight(role, standing) >= at_least}
    found = visible_to(Actor.of(officer), at_least=at_least).values_list("reference", flat=True)
    assert sorted(found) == sorted(expected)


def test_the_operator_of_a_command_sees_every_case(one_of_each, ann, operator):
    cases = one_of_each(ann)
    assert visible_to(operator.by).count() == len(cases)


@pytest.mark.parametrize("role", [Role.DESK_OFFICER, Role.SUPERVISOR, Role.ANALYST, Role.LEADER])
def test_an_officer_of_no_unit_reads_no_case(received, role):
    received(a_referral())
    assert not visible_to(Actor.of(an_officer(role, None))).exists()


def test_one_officers_name_opens_the_case_to_no_other(received, ann, ben):
    received(a_referral())
    case = the_case()
    Case.objects.update(restricted=True)
    case.named_readers.create(officer=ben, named_at=case.received_at)
    assert case_for(Actor.of(ben), case.reference) == case
    with pytest.raises(NotFound):
        case_for(Actor.of(ann), case.reference)


def test_another_units_case_is_there_as_a_stub_only(received, ben):
    received(a_referral())
    reference = the_case().reference
    assert case_for(Actor.of(ben), reference, at_least=Sight.STUB) == the_case()
    with pytest.raises(NotFound):
        case_for(Actor.of(ben), reference)


def test_a_restricted_case_and_one_that_never_was_are_told_alike(received, ann):
    received(a_referral())
    Case.objects.update(restricted=True)
    said = []
    for reference in (the_case().reference, "0000000000X"):
        with pytest.raises(NotFound) as refused:
            case_for(Actor.of(ann), reference, at_least=Sight.STUB)
        said.append(str(refused.value))
    assert said[0] == said[1]

"""An invented person's contact points are their own, and canonical as `identifiers` cleans them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tearmann.identifiers import IdentifierKind, clean, platform_slug
from tearmann.synthetic import people

numbers = st.integers(0, 200_000)


@settings(max_examples=50)
@given(numbers, numbers)
def test_two_people_share_no_contact_point(one, other):
    for contact in (people.email, people.handle, people.own_device):
        assert (contact(one) == contact(other)) is (one == other)


def test_telephone_numbers_are_dealt_out_once_until_there_are_none():
    numbers = [number for number in map(people.phone, range(60_000)) if number]
    assert len(numbers) == len(set(numbers)) == 1_000 * len(people.DRAMA_PREFIXES)


@settings(max_examples=50)
@given(numbers)
def test_contact_points_are_canonical(one):
    assert clean(IdentifierKind.EMAIL, people.email(one)) == people.email(one)
    assert clean(IdentifierKind.IP_EVENT, people.home_ip(one)) == f"{people.home_ip(one)}||"
    if number := people.phone(one):
        assert clean(IdentifierKind.PHONE, number) == number
        assert clean(IdentifierKind.PHONE, people.national(number)) == number


@settings(max_examples=50)
@given(numbers)
def test_a_person_has_two_platforms(one):
    usual, other = people.platforms(one)
    assert usual != other
    assert {usual, other} <= set(people.PLATFORMS)


@pytest.mark.parametrize("platform", people.PLATFORMS)
def test_platforms_are_named_as_identifiers_name_them(platform):
    assert people.slug(platform) == platform_slug(platform)


@settings(max_examples=50)
@given(st.integers(0, people.CARRIER_EXITS - 1))
def test_carriers_have_addresses_that_no_home_has(exit):
    assert people.carrier_exit(exit) not in {people.home_ip(home) for home in range(600)}

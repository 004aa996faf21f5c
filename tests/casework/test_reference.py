from __future__ import annotations

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from tearmann.casework import reference

KEY = b"k" * 32
references = st.integers(0, 10**9).map(
    lambda number: reference.make(KEY, hashlib.sha256(str(number).encode()).hexdigest(), "a file")
)


def test_the_same_payload_at_the_same_place_has_the_same_reference():
    assert reference.make(KEY, "ab", "a.xml") == reference.make(KEY, "ab", "a.xml")


def test_another_key_place_or_attempt_gives_another_reference():
    made = {
        reference.make(KEY, "ab", "a.xml"),
        reference.make(b"l" * 32, "ab", "a.xml"),
        reference.make(KEY, "ab", "b.xml"),
        reference.make(KEY, "ab", "a.xml", attempt=1),
    }
    assert len(made) == 4


@given(references)
def test_a_reference_is_read_back_however_it_is_typed(made):
    typed = f" {made[:3]}-{made[3:6]} {made[6:]} ".lower().replace("0", "o").replace("1", "l")
    assert reference.parse(typed) == made


@given(references, st.integers(0, 10), st.sampled_from(reference.ALPHABET))
def test_one_wrong_character_is_always_found(made, place, letter):
    wrong = made[:place] + letter + made[place + 1 :]
    assert reference.parse(wrong) == (made if wrong == made else None)


@given(references, st.integers(0, 10), st.integers(0, 10))
def test_two_characters_that_changed_places_are_always_found(made, one, other):
    letters = list(made)
    letters[one], letters[other] = letters[other], letters[one]
    swapped = "".join(letters)
    assert reference.parse(swapped) == (made if swapped == made else None)


def test_what_is_no_reference_is_not_taken_for_one():
    assert [reference.parse(text) for text in ("", "ABC", "U" * 11, "person@example.org")] == [None] * 4

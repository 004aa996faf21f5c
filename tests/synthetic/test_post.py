"""What comes on top of a referral: files, resends, additions; in order, and in time."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tearmann.records import PartyRole
from tearmann.synthetic import post
from tearmann.synthetic.draw import Draw
from tearmann.synthetic.sketch import Part
from tests.synthetic.written import UNTIL

START = datetime(2025, 11, 2, tzinfo=UTC)
END = datetime(2026, 11, 2, tzinfo=UTC)


def sent(*, seed=1, count=300, apart=True, sources=True):
    sketches = Draw(seed=seed, sources=sources).year(count=count, until=UNTIL, days=365)
    return list(post.in_order(sketches, apart=apart, start=START, end=END, seed=seed))


@settings(max_examples=20)
@given(st.integers(0, 1_000), st.integers(1, 200), st.booleans())
def test_everything_is_in_order_and_within_the_year(seed, count, apart):
    found = sent(seed=seed, count=count, apart=apart)
    assert all(one.at <= other.at for one, other in pairwise(found))
    assert all(START <= one.at < END for one in found)


def test_every_file_of_a_report_has_one_document():
    found = sent(sources=False)
    reports = [one.sketch for one in found if one.part is Part.REFERRAL]
    documents = [(one.sketch.number, one.file.key) for one in found if one.part is Part.FILE_DETAILS]
    assert len(documents) == len(set(documents))
    assert {(sketch.number, file.key) for sketch in reports for file in sketch.files} <= set(documents)


def test_files_stay_inside_where_documents_are_not_apart():
    assert not [one for one in sent(apart=False) if one.part is Part.FILE_DETAILS]


@pytest.mark.parametrize("part", [Part.RESEND, Part.CHANGED_RESEND, Part.SUPPLEMENT])
def test_what_follows_a_referral_comes_after_it(part):
    found = [one for one in sent(apart=False) if one.part is part]
    assert found
    assert all(one.at > one.sketch.arrives_at for one in found)


def test_a_supplement_is_about_the_person_reported_and_adds_no_file():
    sketch = next(one.sketch for one in sent() if one.sketch.shape == "sextortion")
    added = post.supplement(sketch)
    assert added.supplements == sketch.reference != added.reference
    assert [one.role for one in added.people] == [PartyRole.REPORTED]
    assert added.files == ()

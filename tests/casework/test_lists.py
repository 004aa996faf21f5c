"""Reference lists: an operator's, one version of each in force, and nothing matched but on the record."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from tearmann.casework import installation
from tearmann.casework.actions.assess import current_lists
from tearmann.casework.actions.lists import load_list, match_hashes, open_lists, withdraw_list
from tearmann.casework.models import Hit, ListVersion
from tearmann.errors import ListError, NotFound, NotPermitted, WrongState
from tearmann.identifiers import IdentifierKind
from tearmann.ledger.models import Entry, Text
from tearmann.lists import ListRow, SegmentInfo, build
from tearmann.people.models import Role
from tests.casework.conftest import an_officer
from tests.conftest import NOON
from tests.sent import LISTED, a_referral, with_file

pytestmark = pytest.mark.django_db
REASON = "An invented reason"
Built = Callable[..., SegmentInfo]


@pytest.fixture
def built(tmp_path: Path) -> Built:
    """A function: the segments of a version of a list that holds the digest of the tests."""

    def build_it(name: str = "known", version: str = "1", *, within: Path = tmp_path) -> SegmentInfo:
        rows = [
            ListRow(kind=IdentifierKind.MD5, value=LISTED, code="A1", scheme="industry"),
            ListRow(kind=IdentifierKind.SHA256, value="ab" * 32),
        ]
        return build(rows, within, name=name, version=version)

    return build_it


def in_force() -> list[tuple[str, str]]:
    return [(one.name, one.version) for one in current_lists()]


def test_a_loaded_list_is_in_force_with_the_digest_of_each_of_its_files(built, operator):
    info = built()
    loaded = load_list(info, doing=operator)
    assert in_force() == [("known", "1")]
    assert loaded.entries == 2
    assert loaded.digests == {file.kind.value: file.sha256 for file in info.files}


def test_the_next_version_takes_the_place_of_the_one_before(built, operator):
    load_list(built(), doing=operator)
    load_list(built(version="2"), doing=operator)
    assert in_force() == [("known", "2")]
    assert ListVersion.objects.get(version="1").withdrawn_at == NOON


def test_lists_of_other_names_stay_in_force(built, operator):
    load_list(built(), doing=operator)
    load_list(built("other"), doing=operator)
    assert in_force() == [("known", "1"), ("other", "1")]


def test_the_store_refuses_two_versions_in_force_at_once(built, operator):
    load_list(built(), doing=operator)
    load_list(built(version="2"), doing=operator)
    with pytest.raises(IntegrityError), transaction.atomic():
        ListVersion.objects.update(withdrawn_at=None)


def test_a_version_is_loaded_once_and_one_that_is_refused_withdraws_nothing(built, operator, tmp_path):
    load_list(built(), doing=operator)
    again = built(within=tmp_path / "again")
    with pytest.raises(WrongState, match="another version"):
        load_list(again, doing=operator)
    assert in_force() == [("known", "1")]


def test_a_withdrawn_list_is_in_force_no_longer_and_keeps_its_row(built, operator):
    load_list(built(), doing=operator)
    withdraw_list("known", doing=operator, reason=REASON)
    assert in_force() == []
    assert ListVersion.objects.get().withdrawn_at == NOON


def test_hits_of_a_withdrawn_list_stay_and_say_which_version_found_them(received, listed, operator):
    received(with_file(a_referral()), using=listed)
    withdraw_list("known", doing=operator, reason=REASON)
    assert Hit.objects.get().list_version.version == "1"


def test_a_list_that_is_not_in_force_cannot_be_withdrawn(built, operator):
    load_list(built(), doing=operator)
    withdraw_list("known", doing=operator, reason=REASON)
    with pytest.raises(NotFound, match="no list 'known' is in force"):
        withdraw_list("known", doing=operator, reason=REASON)


def test_loading_and_withdrawing_stand_in_both_logs(built, operator):
    load_list(built(), doing=operator)
    withdraw_list("known", doing=operator, reason=REASON)
    for chain, verbs in {
        "history": ["list_loaded", "list_withdrawn"],
        "processing": ["rule_change", "rule_change"],
    }.items():
        assert list(Entry.objects.filter(chain=chain).order_by("seq").values_list("verb", flat=True)) == verbs
    digest = json.loads(Entry.objects.get(verb="list_withdrawn").body)["why"]
    assert Text.objects.get(digest=digest).body == REASON


def test_a_match_of_ones_own_hashes_is_logged_by_number_and_not_by_hash(operator):
    match_hashes(asked=3, found=1, doing=operator)
    entry = Entry.objects.get()
    assert (entry.chain, entry.verb, json.loads(entry.body)) == (
        "processing",
        "consultation",
        {"hashes": 3, "found": 1},
    )


@pytest.mark.parametrize("role", Role)
def test_lists_are_no_officers(built, operator, doing_as, north, role):
    load_list(built(), doing=operator)
    doing = doing_as(an_officer(role, north))
    with pytest.raises(NotPermitted):
        load_list(built(version="2"), doing=doing)
    with pytest.raises(NotPermitted):
        withdraw_list("known", doing=doing, reason=REASON)
    with pytest.raises(NotPermitted):
        match_hashes(asked=1, found=0, doing=doing)
    assert in_force() == [("known", "1")]


def test_only_lists_in_force_are_opened(built, operator, tmp_path):
    load_list(built(), doing=operator)
    load_list(built("other"), doing=operator)
    withdraw_list("other", doing=operator, reason=REASON)
    opened = open_lists(tmp_path)
    assert list(opened) == [ListVersion.objects.get(name="known").pk]
    assert {segment.kind for segment in next(iter(opened.values()))} == {IdentifierKind.MD5, IdentifierKind.SHA256}


def test_a_segment_other_than_the_one_loaded_is_refused(built, operator, tmp_path):
    info = built()
    load_list(info, doing=operator)
    rows = [ListRow(kind=IdentifierKind.MD5, value="00" * 15 + "01")]
    other = build(rows, tmp_path / "elsewhere", name="known", version="1")
    info.files[0].path.write_bytes(other.files[0].path.read_bytes())
    with pytest.raises(ListError):
        open_lists(tmp_path)


def test_what_is_loaded_or_withdrawn_is_known_to_the_next_that_assesses(built, operator):
    def names() -> list[str]:
        found = installation.instruments().lists.values()
        return sorted({segment.name for segments in found for segment in segments})

    within = installation.lists_directory()
    load_list(built("tests-own", within=within), doing=operator)
    assert names() == ["tests-own"]
    withdraw_list("tests-own", doing=operator, reason=REASON)
    assert names() == []

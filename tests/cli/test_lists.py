from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from tearmann.casework.models import Case, ListVersion
from tearmann.identifiers import VOID_VALUES, IdentifierKind
from tearmann.ledger.models import Entry
from tearmann.records import FileFacts, Identifier
from tests.casework.conftest import the_case
from tests.cli.commanding import Run
from tests.cli.conftest import put
from tests.sent import a_referral

KNOWN = hashlib.sha256(b"invented 1").hexdigest()
UNKNOWN = hashlib.sha256(b"invented 2").hexdigest()
VOID = next(value for value in sorted(VOID_VALUES) if len(value) == 64)


def a_list(folder: Path, *values: str, code: str = "B2") -> Path:
    path = folder / "list.csv"
    rows = "".join(f"sha256,{value},{code},industry\n" for value in values)
    path.write_text(f"kind,value,code,scheme\n{rows}", encoding="utf-8")
    return path


def hashes(folder: Path, *values: str) -> Path:
    path = folder / "asked.csv"
    path.write_text("kind,value\n" + "".join(f"sha256,{value}\n" for value in values), encoding="utf-8")
    return path


@pytest.fixture
def loaded(desk: Run, tmp_path: Path) -> Run:
    desk("lists", "load", "invented", a_list(tmp_path, KNOWN))
    return desk


def test_a_list_is_loaded_and_says_what_is_in_force(desk: Run, tmp_path: Path) -> None:
    done = desk("lists", "load", "invented", a_list(tmp_path, KNOWN, VOID), "--version", "7", "--json")
    assert done.code == 0
    assert done.object() == {"list": "invented", "version": "7", "entries": 1, "void": 1}


def test_a_version_that_is_not_named_is_the_time_of_loading(loaded: Run) -> None:
    assert ListVersion.objects.get().version == "20261102T120000Z"


def test_a_newer_version_withdraws_the_one_before(loaded: Run, tmp_path: Path) -> None:
    loaded("lists", "load", "invented", a_list(tmp_path, KNOWN, UNKNOWN), "--version", "8")
    shown = loaded("lists", "show", "--json").object()["lists"]
    assert [(one["entries"], one["withdrawn_at"] is None) for one in shown] == [(1, False), (2, True)]


def test_no_list_is_said_to_be_none(desk: Run) -> None:
    assert desk("lists", "show").out == "No list was loaded.\n"


def test_a_list_with_faults_is_told_line_by_line_and_not_loaded(desk: Run, tmp_path: Path) -> None:
    done = desk("lists", "load", "invented", a_list(tmp_path, KNOWN, "12", "34"))
    assert done.code == 4
    assert "line 3" in done.err
    assert "line 4" in done.err
    assert not ListVersion.objects.exists()


@pytest.mark.parametrize("command", [("lists", "load", "invented"), ("lists", "match")])
def test_a_file_that_is_not_there_is_said_by_its_name(desk: Run, tmp_path: Path, command: tuple[str, ...]) -> None:
    done = desk(*command, tmp_path / "nothing.csv")
    assert done.code == 4
    assert "nothing.csv: there is no such file" in done.err


def test_a_file_whose_name_does_not_tell_its_format_is_read_in_the_one_named(desk: Run, tmp_path: Path) -> None:
    path = a_list(tmp_path, KNOWN).rename(tmp_path / "list.dat")
    assert desk("lists", "load", "invented", path).code == 4
    assert desk("lists", "load", "invented", path, "--format", "csv").code == 0


def test_hashes_are_matched_against_the_lists_in_force(loaded: Run, tmp_path: Path) -> None:
    answer = loaded("lists", "match", hashes(tmp_path, KNOWN, UNKNOWN), "--json").object()
    assert answer["asked"] == 2
    assert [(hit["value"], hit["list"], hit["code"], hit["match"]) for hit in answer["hits"]] == [
        (KNOWN, "invented", "B2", "exact")
    ]


def test_no_hit_is_said_to_be_none(loaded: Run, tmp_path: Path) -> None:
    assert loaded("lists", "match", hashes(tmp_path, UNKNOWN)).out == "No hit.\n"


def test_matching_is_logged_with_counts_and_without_a_hash(loaded: Run, tmp_path: Path) -> None:
    loaded("lists", "match", hashes(tmp_path, KNOWN, UNKNOWN))
    entry = Entry.objects.filter(chain="processing").latest("seq")
    assert (entry.verb, entry.subject_ref, entry.body) == ("consultation", "lists match", '{"found":1,"hashes":2}')


def test_a_withdrawn_list_matches_nothing(loaded: Run, tmp_path: Path) -> None:
    assert loaded("lists", "withdraw", "invented", "--reason", "A test.").code == 0
    assert loaded("lists", "match", hashes(tmp_path, KNOWN), "--json").object()["hits"] == []


def test_a_list_that_is_not_in_force_cannot_be_withdrawn(desk: Run) -> None:
    done = desk("lists", "withdraw", "invented", "--reason", "A test.")
    assert done.code == 5
    assert "tearmann lists show" in done.err


def test_the_reason_for_a_withdrawal_is_chained_as_a_digest_only(loaded: Run) -> None:
    loaded("lists", "withdraw", "invented", "--reason", "Invented words of a reason.")
    assert "Invented words" not in Entry.objects.get(verb="list_withdrawn").body


def test_a_case_shows_a_hit_as_a_code(loaded: Run, inbox: Path) -> None:
    held = Identifier(kind=IdentifierKind.SHA256, value=KNOWN, as_given=KNOWN, place="file 1, hash")
    file = FileFacts(key="file-1", place="file 1", hashes=(held,))
    loaded("receive", put(inbox, a_referral(files=(file,))))
    (hit,) = loaded("case", the_case().reference, "--json").object()["hits"]
    assert (hit["list"], hit["kind"], hit["code"], hit["match"]) == ("invented", "sha256", "B2", "exact")
    assert Case.objects.count() == 1

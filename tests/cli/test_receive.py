from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tearmann.casework.models import Case, Payload
from tearmann.casework.models.case import Rank
from tests.cli.commanding import Run
from tests.cli.conftest import put
from tests.sent import a_referral

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
NOTHING = {"files": 1, "received": 0, "resent": 0, "updated": 0, "quarantined": 0, "unassessed": 0, "faults": []}


@pytest.mark.parametrize(
    ("name", "received"),
    [
        ("cybertip-xml/7654321-full.xml", 1),
        ("csv/own-header.csv", 1),
        ("json/referral.json", 1),
        ("json/referrals.jsonl", 2),
    ],
)
def test_every_format_is_told_by_its_content(desk: Run, name: str, received: int) -> None:
    done = desk("receive", EXAMPLES / name, "--json")
    assert done.code == 0
    assert done.object() == NOTHING | {"received": received}


def test_a_csv_file_is_read_by_the_columns_that_are_declared(desk: Run) -> None:
    done = desk("receive", EXAMPLES / "csv/partner.csv", "--columns", EXAMPLES / "csv/columns.toml", "--json")
    assert (done.code, done.object()["received"]) == (0, 2)


def test_what_is_received_is_said_to_a_person_in_one_line(desk: Run, inbox: Path) -> None:
    done = desk("receive", put(inbox, a_referral()))
    assert done.out == "1 files: 1 received, 0 sent before, 0 added to a case, 0 in quarantine\n"
    assert done.err == ""


def test_a_folder_is_taken_whole_but_for_what_is_hidden(desk: Run, inbox: Path) -> None:
    hidden = inbox / ".later"
    below = inbox / "monday"
    for folder in (hidden, below):
        folder.mkdir()
    put(inbox, a_referral(1))
    put(below, a_referral(2))
    put(hidden, a_referral(3))
    (inbox / ".listing").write_text("not a referral")
    assert desk("receive", inbox, "--json").object()["received"] == 2


def test_the_same_folder_again_writes_nothing_and_says_so(desk: Run, inbox: Path) -> None:
    put(inbox, a_referral())
    desk("receive", inbox)
    assert desk("receive", inbox, "--json").object() == NOTHING | {"resent": 1}


def test_changed_bytes_are_added_to_the_case(desk: Run, inbox: Path) -> None:
    desk("receive", put(inbox, a_referral()))
    assert desk("receive", put(inbox, a_referral(platform="Example Chat")), "--json").object()["updated"] == 1


def test_every_fault_of_a_file_stands_on_standard_error(desk: Run) -> None:
    done = desk("receive", EXAMPLES / "json/bad/ten-faults.json", "--json")
    told = done.object()["faults"]
    assert done.code == 3
    assert len(told) == 10
    for fault in told:
        assert f"{fault['file']}: {fault['place']}: {fault['says']}; {fault['remedy']}" in done.err


def test_a_bad_row_does_not_keep_the_good_rows_of_its_file_out(desk: Run) -> None:
    done = desk("receive", EXAMPLES / "csv/bad/rows.csv", "--json")
    counts = done.object()
    assert done.code == 3
    assert (counts["received"], counts["quarantined"], len(counts["faults"])) == (2, 3, 4)


def test_media_is_refused_and_the_rest_of_the_folder_received(desk: Run, inbox: Path) -> None:
    put(inbox, a_referral())
    (inbox / "aa.xml").write_bytes(b"\x89PNG\r\n\x1a\n" + b"\x00" * 40)
    done = desk("receive", inbox, "--json")
    assert (done.code, done.object()["received"], done.object()["quarantined"]) == (3, 1, 1)


@pytest.mark.parametrize("source", ["iwf", "Internet Watch Foundation", " internet watch foundation "])
def test_a_source_is_named_by_its_code_or_its_label(desk: Run, inbox: Path, source: str) -> None:
    desk("receive", put(inbox, a_referral()), "--source", source)
    assert Case.objects.get().source == "iwf"


def test_a_source_that_the_profile_does_not_have_is_refused(desk: Run, inbox: Path) -> None:
    done = desk("receive", put(inbox, a_referral()), "--source", "nobody")
    assert done.code == 4
    assert "expected one of ncmec, " in done.err
    assert not Payload.objects.exists()


def test_the_profiles_default_unit_receives(desk: Run, inbox: Path) -> None:
    desk("receive", put(inbox, a_referral()))
    assert Case.objects.get().unit.code == "IID"


def test_another_unit_receives_where_it_is_named(desk: Run, inbox: Path) -> None:
    desk("receive", put(inbox, a_referral()), "--unit", "NORTH")
    assert Case.objects.get().unit.code == "NORTH"


def test_a_unit_that_is_not_there_is_refused(desk: Run, inbox: Path) -> None:
    done = desk("receive", put(inbox, a_referral()), "--unit", "NOWHERE")
    assert done.code == 4
    assert "there is no unit 'NOWHERE'" in done.err


def test_the_senders_reference_is_given_for_a_file_that_names_none(desk: Run) -> None:
    desk("receive", EXAMPLES / "cybertip-xml/sparse.xml", "--reference", "7000001")
    assert Case.objects.get().referrals.get().source_reference == "7000001"


def test_one_reference_is_not_given_to_several_files(desk: Run, inbox: Path) -> None:
    put(inbox, a_referral(1))
    put(inbox, a_referral(2))
    done = desk("receive", inbox, "--reference", "7000001")
    assert done.code == 3
    assert "receive them one by one" in done.err
    assert not Payload.objects.exists()


def test_a_path_that_is_not_there_is_said_before_anything_is_stored(desk: Run, inbox: Path) -> None:
    done = desk("receive", put(inbox, a_referral()), inbox / "nothing.xml")
    assert done.code == 3
    assert done.out == ""
    assert f"{inbox / 'nothing.xml'}: there is no such file or folder" in done.err
    assert not Payload.objects.exists()


def test_an_empty_folder_is_no_fault(desk: Run, inbox: Path) -> None:
    assert desk("receive", inbox, "--json").object() == NOTHING | {"files": 0}


def test_a_misspelt_format_is_refused_before_a_file_is_opened(desk: Run, inbox: Path) -> None:
    done = desk("receive", put(inbox, a_referral()), "--format", "xml")
    assert done.code == 2
    assert not Payload.objects.exists()


def test_a_column_map_that_is_wrong_tells_each_of_its_faults(desk: Run, tmp_path: Path) -> None:
    columns = tmp_path / "columns.toml"
    columns.write_text('delimiter = "x"\n[columns]\n"Age" = "victim.height"\n')
    done = desk("receive", EXAMPLES / "csv/partner.csv", "--columns", columns)
    assert done.code == 3
    assert "'delimiter' must be" in done.err
    assert "there is no target 'victim.height'" in done.err


def test_a_case_that_an_earlier_run_left_unassessed_is_assessed_first(desk: Run, inbox: Path) -> None:
    put(inbox, a_referral())
    desk("receive", inbox)
    Case.objects.update(needs_assessment=True, assessed_at=None, rank=Rank.UNASSESSED)
    shutil.rmtree(inbox)
    inbox.mkdir()
    desk("receive", inbox)
    assert Case.objects.get().assessed_at is not None

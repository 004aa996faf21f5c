from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.db import connection

from tearmann.ledger import triggers
from tearmann.ledger.models import Entry, Head
from tests.cli.commanding import Run
from tests.cli.conftest import put
from tests.sent import a_referral


@pytest.fixture
def worked(desk: Run, inbox: Path) -> Run:
    """Commands in a store whose logs hold something, and whose triggers somebody has dropped."""
    desk("receive", put(inbox, a_referral()))
    desk("queue")
    triggers.drop(connection)
    return desk


@pytest.fixture
def anchored(worked: Run, tmp_path: Path) -> Path:
    path = tmp_path / "anchors.jsonl"
    path.write_text(worked("ledger", "anchor").out, encoding="utf-8")
    return path


def chains(answer: dict[str, object]) -> dict[str, dict[str, object]]:
    found = answer["chains"]
    assert isinstance(found, list)
    return {one["chain"]: one for one in found}


def test_two_whole_logs_are_said_to_be_whole(worked: Run) -> None:
    done = worked("ledger", "verify", "--json")
    answer = done.object()
    assert (done.code, answer["ok"]) == (0, True)
    assert chains(answer)["history"]["entries"] == Entry.objects.filter(chain="history").count()
    assert chains(answer)["processing"]["first_bad"] is None


def test_without_an_anchor_it_says_what_cannot_be_seen(worked: Run) -> None:
    assert "Without an anchor kept elsewhere" in worked("ledger", "verify").out


def test_the_first_bad_entry_is_named_and_the_other_log_is_whole(worked: Run) -> None:
    Entry.objects.filter(chain="history", seq=2).update(verb="forged")
    done = worked("ledger", "verify", "--json")
    answer = done.object()
    assert (done.code, answer["ok"]) == (9, False)
    assert chains(answer)["history"]["first_bad"] == 2
    assert chains(answer)["processing"]["ok"] is True


def test_a_broken_log_is_said_to_a_person_too(worked: Run) -> None:
    Entry.objects.filter(chain="processing", seq=1).delete()
    done = worked("ledger", "verify")
    assert done.code == 9
    assert "Processing log: BROKEN at entry 1" in done.out


def cut_the_tail() -> int:
    """Cut the last entry of the history and put its head back, as one who owns the store can."""
    *_, before, last = Entry.objects.filter(chain="history").order_by("seq")
    last.delete()
    Head.objects.filter(chain="history").update(seq=before.seq, hash=before.hash)
    return last.seq


def test_a_cut_tail_is_not_found_without_an_anchor(worked: Run) -> None:
    cut_the_tail()
    assert worked("ledger", "verify").code == 0


def test_a_cut_tail_is_found_against_an_anchor(worked: Run, anchored: Path) -> None:
    lost = cut_the_tail()
    done = worked("ledger", "verify", "--anchor", anchored, "--json")
    answer = done.object()
    assert (done.code, answer["anchored"]) == (9, ["history", "processing"])
    assert chains(answer)["history"]["first_bad"] == lost


def test_entries_after_the_anchor_are_no_fault(worked: Run, anchored: Path) -> None:
    worked("queue")
    assert worked("ledger", "verify", "--anchor", anchored).code == 0


@pytest.mark.parametrize("written", ["not an anchor", '{"anchor": "another recipe"}', "[]"])
def test_a_file_that_is_no_anchor_is_refused(worked: Run, tmp_path: Path, written: str) -> None:
    path = tmp_path / "anchors.jsonl"
    path.write_text(written)
    assert worked("ledger", "verify", "--anchor", path).code == 3


def test_an_anchor_that_is_not_there_is_refused(worked: Run, tmp_path: Path) -> None:
    done = worked("ledger", "verify", "--anchor", tmp_path / "nothing")
    assert done.code == 3
    assert str(tmp_path / "nothing") in done.err


def test_an_anchor_is_a_line_of_json_for_each_log(worked: Run) -> None:
    lines = [json.loads(line) for line in worked("ledger", "anchor").out.splitlines()]
    assert [line["chain"] for line in lines] == ["history", "processing"]
    assert [line["hash"] for line in lines] == list(Head.objects.order_by("chain").values_list("hash", flat=True))


def test_an_exported_log_has_a_line_for_every_entry_in_order(worked: Run) -> None:
    lines = [json.loads(line) for line in worked("ledger", "export", "history").out.splitlines()]
    assert [line["seq"] for line in lines] == list(range(1, Entry.objects.filter(chain="history").count() + 1))


def test_an_exported_time_is_written_as_it_was_hashed(worked: Run) -> None:
    last = json.loads(worked("ledger", "export", "processing").out.splitlines()[-1])
    assert (last["at"], last["happened_at"]) == ("2026-11-02T12:00:00.000000Z", "")


def test_that_a_log_was_exported_stands_in_the_export_itself(worked: Run) -> None:
    last = json.loads(worked("ledger", "export", "processing").out.splitlines()[-1])
    assert (last["verb"], last["body"]) == ("export", '{"log":"processing"}')


def test_a_log_that_does_not_exist_cannot_be_exported(worked: Run) -> None:
    done = worked("ledger", "export", "diary")
    assert (done.code, done.out) == (5, "")
    assert "history, processing" in done.err

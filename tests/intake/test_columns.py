"""A column map says which column is what, and tells every fault of itself at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tearmann.errors import IntakeError
from tearmann.intake.columns import DEFAULT_COLUMNS, ColumnMap, Target, target

GOOD = Path(__file__).resolve().parents[1] / "examples" / "csv" / "columns.toml"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("received", Target("", 1, "received")),
        ("narrative.2", Target("", 1, "narrative", item=2)),
        ("risk.self_harm", Target("", 1, "risk", "self_harm")),
        ("victim.age", Target("victim", 1, "age")),
        ("victim.2.age", Target("victim", 2, "age")),
        ("victim.2.risk.self_harm", Target("victim", 2, "risk", "self_harm")),
        ("reported.email.2", Target("reported", 1, "email", item=2)),
        ("reported.ip.port", Target("reported", 1, "ip", beside="port")),
        ("reported.2.ip.3.time", Target("reported", 2, "ip", item=3, beside="time")),
        ("reporter.statement.school", Target("reporter", 1, "statement", "school")),
        ("file.2.sha256", Target("file", 2, "sha256")),
        ("file.classification.scheme", Target("file", 1, "classification", beside="scheme")),
        ("reference.crime.system", Target("", 1, "reference", "crime", beside="system")),
        ("grading.handling", Target("grading", 1, "handling")),
    ],
)
def test_a_target_is_read_as_it_is_written(text: str, expected: Target) -> None:
    assert target(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "victim",
            "victim.2",
            "victim.shoe_size",
            "victim.0.age",
            "victim.age.2",
            "received.2",
            "risk",
            "risk.luck",
        ),
        *("reported.ip.colour", "grading.2.source", "grading.luck", "statement", "reference", "law_enforcement.name"),
        *("file.3", "file.viewed.2", "victim.age.years.more", "Victim.age"),
    ],
)
def test_there_is_no_such_target(text: str) -> None:
    assert target(text) is None


def test_every_column_of_our_own_header_has_a_target_of_its_own() -> None:
    targets = [DEFAULT_COLUMNS.target_of(name) for name, _ in DEFAULT_COLUMNS.columns]
    assert None not in targets
    assert len(set(targets)) == len(targets)


def test_our_own_header_takes_any_target_by_its_name() -> None:
    assert DEFAULT_COLUMNS.target_of("victim.3.age") == Target("victim", 3, "age")


def test_a_declared_map_takes_no_other_names() -> None:
    columns = ColumnMap(columns=(("Child", "victim.age"),))
    assert columns.target_of("victim.2.age") is None


def test_a_map_is_loaded_as_it_is_declared() -> None:
    columns = ColumnMap.load(GOOD)
    assert (columns.delimiter, columns.zone, columns.source) == (";", "Europe/London", "partner")
    assert columns.target_of("Port seen") == Target("reported", 1, "ip", beside="port")


def test_every_fault_of_a_map_is_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "columns.toml"
    path.write_text(
        """
        delimiter = "and"
        time_formats = ["day first"]
        date_format = 7
        zone = "Nowhere/At All"
        yes = ["ja"]
        no = ["JA"]
        colour = "blue"
        version = 3
        [columns]
        "A" = "victim.age"
        "B" = "victim.1.age"
        "C" = "victim.shoe_size"
        "D" = 4
        "E" = "reported.ip.port"
        """,
        encoding="utf-8",
    )
    with pytest.raises(IntakeError) as told:
        ColumnMap.load(path)
    said = str(told.value)
    for part in (
        *("'delimiter' must be", "'day first' is no format", "'date_format' must be text", "is no time zone"),
        *("'yes' and 'no' share a word", "'colour' is no setting", "'version' must be text"),
        *("column 'B': 'victim.1.age' is taken by column 'A'", "column 'C': there is no target"),
        *("column 'D': there is no target", "column 'E': 'port' stands beside a value"),
    ):
        assert part in said
    assert "11 fault(s)" in said


@pytest.mark.parametrize(
    ("written", "says"),
    [
        (b"[columns", "is not TOML"),
        (b"\xff", "is not TOML"),
        (b"", "there is no table [columns]"),
        (b"columns = 1", "there is no table [columns]"),
        (b"yes = []\n[columns]\nA = 'received'", "'yes' must be a list of texts, and not empty"),
    ],
)
def test_a_map_that_is_none_is_told(tmp_path: Path, written: bytes, says: str) -> None:
    path = tmp_path / "columns.toml"
    path.write_bytes(written)
    with pytest.raises(IntakeError, match=r"columns\.toml") as told:
        ColumnMap.load(path)
    assert says in str(told.value)


def test_a_map_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(IntakeError, match=r"absent\.toml cannot be opened"):
        ColumnMap.load(tmp_path / "absent.toml")

from __future__ import annotations

import tomllib

import pytest

from tearmann.profile import Described, Force, Standing, describe
from tearmann.profile.loading import SHIPPED


@pytest.mark.parametrize("force", ["demo", "scotland"])
def test_every_value_is_shown_with_its_source_or_as_unset(request: pytest.FixtureRequest, force: str) -> None:
    rows = describe(request.getfixturevalue(force))
    assert [row.name for row in rows if row.is_set and not row.source] == []
    assert [row.name for row in rows if row.is_set == row.value.startswith("unset")] == []


@pytest.mark.parametrize(
    ("table", "name"),
    [
        ("units", "divisions"),
        ("units", "IIU: contact desk"),
        ("units", "IIU: population"),
        ("teams", "teams"),
        ("calendar", "working week"),
        ("calendar", "working hours"),
        ("clocks", "Act on the case (urgent)"),
        ("clocks", "Suspect's welfare after police contact"),
        ("vocabularies", "crime codes"),
    ],
)
def test_what_scotland_leaves_unset_is_shown_as_unset(scotland: Force, table: str, name: str) -> None:
    assert found(describe(scotland), table, name).value == "unset"


def test_an_unset_clock_shows_what_was_found_instead(scotland: Force) -> None:
    row = found(describe(scotland), "clocks", "Suspect's welfare after police contact")
    assert "none was found for Scotland" in row.note


def test_every_row_of_scotland_names_its_source() -> None:
    bare = []
    for path in sorted((SHIPPED / "scotland").glob("*.toml")):
        for table, values in tomllib.loads(path.read_text(encoding="utf-8")).items():
            rows = values if isinstance(values, list) else [values]
            tables = [row for row in rows if isinstance(row, dict)]
            if table == "vocabulary":
                tables = list(tables[0].values())
            bare += [f"{path.name} {table}" for row in tables if "source" not in row and "standing" not in row]
    assert bare == []


def test_every_source_of_scotland_is_public_or_says_that_none_was_found(scotland: Force) -> None:
    private = {Standing.FORCE, Standing.PRODUCT, Standing.INVENTED}
    assert [source.key for source in scotland.sources if source.standing in private] == []


def test_every_source_of_scotland_is_cited(scotland: Force) -> None:
    files = [path for path in (SHIPPED / "scotland").glob("*.toml") if path.name != "sources.toml"]
    text = "".join(path.read_text(encoding="utf-8") for path in files)
    assert [source.key for source in scotland.sources if f'"{source.key}"' not in text] == []


def test_the_products_words_in_scotland_say_whose_they_are(scotland: Force) -> None:
    row = found(describe(scotland), "vocabularies", "closing reasons: worked_to_outcome")
    assert "this product's own words" in row.source


def test_every_file_of_the_demonstration_says_that_it_is_invented() -> None:
    files = sorted((SHIPPED / "demo").glob("*.toml"))
    honest = [path for path in files if tomllib.loads(path.read_text(encoding="utf-8")).get("invented") is True]
    assert honest == files


def test_every_value_of_the_demonstration_is_marked_invented(demo: Force) -> None:
    assert [row.name for row in describe(demo) if not row.invented] == []


def test_what_the_demonstration_does_not_adopt_has_an_invented_source(demo: Force) -> None:
    rows = [row for row in describe(demo) if row.table != "vocabularies" and row.is_set and row.name != "version"]
    assert [row.name for row in rows if "true of no force" not in row.source] == []


def test_nothing_of_scotland_is_marked_invented(scotland: Force) -> None:
    assert [row.name for row in describe(scotland) if row.invented] == []


def found(rows: list[Described], table: str, name: str) -> Described:
    return next(row for row in rows if (row.table, row.name) == (table, name))

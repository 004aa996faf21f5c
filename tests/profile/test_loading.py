from __future__ import annotations

from pathlib import Path

import pytest

from tearmann.errors import ProfileError
from tearmann.profile import load, shipped
from tests.profile.conftest import Copy


def test_two_forces_come_with_the_product() -> None:
    assert shipped() == ("demo", "scotland")


def test_a_profile_loads_from_a_directory_as_from_its_name(demo_copy: Copy) -> None:
    assert demo_copy.load() == load("demo")


def test_a_profile_that_is_nowhere_is_told_with_those_that_are() -> None:
    with pytest.raises(ProfileError, match="no profile 'atlantis'; expected demo, scotland"):
        load("atlantis")


def test_the_products_lists_are_no_force() -> None:
    with pytest.raises(ProfileError, match="no profile 'product'"):
        load("product")


# file, what is there, what is put in its place, what is said
DEMO_FAULTS = [
    ("clocks.toml", "amount = 4\n", "", "[[clock]] row 1: has only one of 'amount' and 'unit'"),
    ("clocks.toml", "amount = 4\n", "amount = 0\n", "row 1: 'amount' must be a whole number of at least 1"),
    ("clocks.toml", "amount = 4\n", "amount = true\n", "row 1: 'amount' must be a whole number of at least 1; leave"),
    ("clocks.toml", "= 2020-01-01\n", "= 2020-01-01T00:00:00\n", "row 1: 'valid_from' must be a date written YYYY"),
    ("clocks.toml", "amount = 4\n", "amout = 4\n", "'amout' is not a key of this table (did you mean 'amount'?)"),
    ("clocks.toml", '"child_at_risk"', '"child_at_rsk"', "'starts_on' is not one of child_at_risk, "),
    ("clocks.toml", 'per = "child"', 'per = "person"', "'per' is not one of case, child, event, referral"),
    ("clocks.toml", 'kind = "review"', 'kind = "weed"', "has no [[clock]] of kind 'review'; add it, without"),
    ("clocks.toml", 'priority = "immediate"', 'priority = "routine"', "has no row for priority immediate"),
    ("clocks.toml", 'priority = "immediate"\n', "", "rows with a priority and rows without"),
    ("clocks.toml", "valid_to = 2026-03-31", "valid_to = 2026-04-01", "'act_by' (urgent) hold on the same day"),
    ("clocks.toml", "valid_from = 2020-01-01\n", "", "row 1: is set without 'valid_from'; say from which day"),
    ("clocks.toml", "valid_from = 2020-01-01\n", 'valid_from = "2020-01-01"\n', "'valid_from' must be a date"),
    ("clocks.toml", 'per = "child"', 'per = "child"\nonly_from = ["moon"]', "only_from 'moon' is not a code"),
    ("clocks.toml", 'amount = 4\nunit = "hours"\nvalid_from = 2020-01-01\nnote = "Invented."', "", "without a 'note'"),
    ("calendar.toml", '["monday", ', '["mondy", ', "weekday 'mondy' is not one of monday, "),
    ("calendar.toml", "to = 17:00:00", "to = 08:00:00", "'to' 08:00:00 is not after 'from' 09:00:00"),
    ("calendar.toml", "to = 17:00:00\n", "", "has only one of 'from' and 'to'"),
    ("calendar.toml", 'country = "GB"', 'country = "UKK"', "country 'UKK' is not one whose bank holidays are known"),
    ("calendar.toml", '"SCT"', '"ABC"', "subdivision 'ABC' is not one of ENG, NIR, SCT, WLS"),
    ("calendar.toml", "date = 2026-02-10\n", "", "[[addition]] row 1: 'date' is missing"),
    ("calendar.toml", "[bank_holidays]", "[bank_holiday]", "has no table [bank_holidays]"),
    (
        "calendar.toml",
        "[[removal]]",
        "[[removals]]",
        "'removals' is not a table of this file (did you mean 'removal'?)",
    ),
    ("ages.toml", "years = 12\n", "", "[[age]] row 1: has no 'years'; leave the whole row out"),
    (
        "ages.toml",
        'kind = "child"',
        'kind = "criminal_responsibility"',
        "'criminal_responsibility' hold on the same day",
    ),
    ("units.toml", 'code = "SOUTH"', 'code = "NORTH"', "two rows [[unit]] have the code 'NORTH'"),
    ("units.toml", 'unit = "SOUTH"', 'unit = "SOUTHH"', "team 'SOUTH-1' belongs to unit 'SOUTHH'"),
    ("units.toml", "population_as_at = 2025-06-30\n", "", "has only one of 'population' and 'population_as_at'"),
    ("units.toml", 'code = "NORTH"', 'code = "NORTH 1"', "'code' must be a code of letters"),
    ("vocabularies.toml", '"lawful_bases",\n', "", "has no vocabulary 'lawful_bases'; adopt the product's"),
    ("vocabularies.toml", '"channels"', '"chanels"', "adopts 'chanels', which the product has no list of"),
    ("vocabularies.toml", 'code = "X02"', 'code = "X01"', "two terms 'X01' of 'crime_codes' hold on the same day"),
    (
        "vocabularies.toml",
        ', label = "Invented crime one"',
        "",
        "[vocabulary.crime_codes], terms row 1: 'label' is missing",
    ),
    ("force.toml", "Europe/London", "Europe/Lundin", "'time_zone' is not a time zone"),
    ("force.toml", 'region = "GB"', 'region = "uk"', "'region' must be a country code"),
    ("force.toml", 'default_unit = "IID"', 'default_unit = "XYZ"', "default_unit 'XYZ' has no sound row in units.toml"),
    ("force.toml", 'default_source = "INVENTED"', 'default_source = "INVENTD"', "(did you mean 'INVENTED'?)"),
    ("force.toml", 'default_source = "INVENTED"\n', "", "[force]: has no 'source'; name a key of sources.toml"),
    ("ages.toml", "invented = true\n", "", "ages.toml: does not say that it is invented, but the force is"),
    ("ages.toml", "[[age]]", "[[age", "ages.toml: is not TOML: "),
]


@pytest.mark.parametrize(("file", "old", "new", "said"), DEMO_FAULTS, ids=[said for *_, said in DEMO_FAULTS])
def test_a_fault_is_told_with_its_place_and_remedy(demo_copy: Copy, file: str, old: str, new: str, said: str) -> None:
    demo_copy.change(file, old, new)
    with pytest.raises(ProfileError) as refused:
        demo_copy.load()
    assert said in str(refused.value)
    assert file in str(refused.value)


REAL_FORCE_FAULTS = [
    ("clocks.toml", 'note = "Only periods', 'invented = true\nnote = "Only periods', "says that it is invented, but"),
    (
        "clocks.toml",
        'words = "without delay"',
        'amount = 4\nunit = "working_hours"\nvalid_from = 2027-01-01',
        "counts working hours, but calendar.toml leaves the working week unset",
    ),
    (
        "clocks.toml",
        'note = "No published time was found."',
        'amount = 4\nunit = "hours"\nvalid_from = 2027-01-01',
        "states a value, but its source says that none was found",
    ),
    ("units.toml", 'source = ["HMICS20", "SPA23-UND"]\n', "", "[[unit]] row 1: has no 'source'"),
    ("sources.toml", 'standing = "official"', 'standing = "invented"', "source 'HMICS20' is invented, but the force"),
    (
        "sources.toml",
        'address = "https://www.hmics',
        'titel = "https://www.hmics',
        "a published source without an 'address'",
    ),
]


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    REAL_FORCE_FAULTS,
    ids=[said for *_, said in REAL_FORCE_FAULTS],
)
def test_a_real_force_takes_no_value_without_a_source(
    scotland_copy: Copy, file: str, old: str, new: str, said: str
) -> None:
    scotland_copy.change(file, old, new)
    with pytest.raises(ProfileError) as refused:
        scotland_copy.load()
    assert said in str(refused.value)


def test_every_fault_of_every_file_is_told_at_once(demo_copy: Copy) -> None:
    demo_copy.change("clocks.toml", "amount = 4\n", "amount = -4\n")
    demo_copy.change("clocks.toml", "amount = 2\n", 'amount = "2"\n')
    demo_copy.change("ages.toml", "years = 12\n", "years = 12.5\n")
    demo_copy.change("force.toml", "Europe/London", "Europe/Lundin")
    demo_copy.change("units.toml", 'kind = "division"', 'kind = "province"')
    with pytest.raises(ProfileError) as refused:
        demo_copy.load()
    places = [
        "clocks.toml, [[clock]] row 1: ",
        "clocks.toml, [[clock]] row 2: ",
        "ages.toml, [[age]] row 1: ",
        "force.toml, [force]: ",
        "units.toml, [[unit]] row 1: ",
    ]
    assert [place for place in places if place not in str(refused.value)] == []


def test_a_missing_file_is_told_by_name(demo_copy: Copy) -> None:
    (demo_copy.directory / "ages.toml").unlink()
    with pytest.raises(ProfileError, match=r"ages.toml: there is no such file"):
        demo_copy.load()


def test_a_file_that_nothing_reads_is_told(demo_copy: Copy) -> None:
    (demo_copy.directory / "clock.toml").write_text("", encoding="utf-8")
    with pytest.raises(ProfileError, match=r"clock.toml: is not read by anything"):
        demo_copy.load()


def test_an_empty_directory_is_no_profile(tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match=r"force.toml: there is no such file"):
        load(tmp_path)

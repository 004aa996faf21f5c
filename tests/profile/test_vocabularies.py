from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tearmann.errors import ProfileError
from tearmann.profile import Force, Source, Standing, Term, Vocabulary
from tearmann.profile.rows import Faults, ProfileFile
from tearmann.profile.vocabularies import read_vocabularies

ON = date(2026, 7, 6)
RETIRED = Vocabulary(
    name="invented",
    terms=(
        Term(code="a", label="Old word", source="invented", valid_to=date(2025, 12, 31)),
        Term(code="a", label="New word", source="invented", valid_from=date(2026, 1, 1)),
        Term(code="b", label="Retired word", source="invented", valid_to=date(2025, 12, 31)),
    ),
    complete=True,
    note="invented",
    source="invented",
)


@pytest.mark.parametrize(
    ("code", "on", "label"),
    [
        ("a", date(2025, 12, 31), "Old word"),
        ("a", date(2026, 1, 1), "New word"),
        ("b", ON, "Retired word"),  # an old case still reads
        ("c", ON, "c"),  # what is not known is shown as given
    ],
)
def test_a_code_is_labelled_as_of_the_day(code: str, on: date, label: str) -> None:
    assert RETIRED.label(code, on) == label


def test_a_retired_word_cannot_be_chosen() -> None:
    assert RETIRED.codes(ON) == ("a",)


def test_choosing_a_retired_word_is_refused_with_what_can_be_chosen() -> None:
    with pytest.raises(ProfileError, match="expected one of a"):
        RETIRED.check("b", ON)


GRADING = [
    ("grading_source", ("1", "2", "3")),
    ("grading_information", ("A", "B", "C", "D", "E")),
    ("grading_handling", ("P", "C")),
]


@pytest.mark.parametrize(("name", "codes"), GRADING)
@pytest.mark.parametrize("force", ["demo", "scotland"])
def test_the_grading_has_these_codes_and_no_others(
    request: pytest.FixtureRequest, force: str, name: str, codes: tuple[str, ...]
) -> None:
    vocabulary = request.getfixturevalue(force).vocabulary(name)
    assert (vocabulary.codes(ON), vocabulary.complete) == (codes, True)


CODES_IN_USE = [
    ("sources", ("ncmec", "nca_drb", "iwf", "public", "force", "partner", "phone", "walk_in", "other")),
    (
        "incident_types",
        (
            "csam",
            "trafficking",
            "sex_tourism",
            "contact_abuse",
            "misleading_domain",
            "misleading_words",
            "enticement",
            "unsolicited_obscene",
            "other",
        ),
    ),
    ("channels", ("phone", "walk_in", "letter", "email", "partner")),
    ("person_roles", ("child", "person_involved", "suspect", "convicted", "witness")),
    (
        "reference_kinds",
        (
            "incident",
            "crime",
            "concern_report",
            "intelligence_log",
            "offender_management",
            "partner_package",
            "prosecution_report",
            "interagency_discussion",
            "comms_data_enquiry",
            "cybertip",
        ),
    ),
]


@pytest.mark.parametrize(("name", "codes"), CODES_IN_USE, ids=[name for name, _ in CODES_IN_USE])
@pytest.mark.parametrize("force", ["demo", "scotland"])
def test_the_codes_that_the_product_writes_can_be_chosen(
    request: pytest.FixtureRequest, force: str, name: str, codes: tuple[str, ...]
) -> None:
    assert set(codes) <= set(request.getfixturevalue(force).vocabulary(name).codes(ON))


@pytest.mark.parametrize("force", ["demo", "scotland"])
@pytest.mark.parametrize("name", ["outcomes", "closing_reasons", "channels", "person_roles", "reference_kinds"])
def test_no_list_has_a_catch_all(request: pytest.FixtureRequest, force: str, name: str) -> None:
    codes = set(request.getfixturevalue(force).vocabulary(name).codes(ON))
    assert not codes & {"other", "none", "na", "n_a", "not_applicable", "misc", "unknown", "no_concern"}


def test_the_senders_term_stands_beside_the_respectful_one(demo: Force) -> None:
    term = demo.vocabulary("incident_types").term("csam", ON)
    assert term is not None
    assert term.label == "Child sexual abuse material"
    assert term.legal_term == "Child Pornography (possession, manufacture, and distribution)"


def test_a_forces_word_is_laid_over_the_products_in_its_place(scotland: Force) -> None:
    kinds = scotland.vocabulary("reference_kinds")
    assert kinds.label("partner_package", ON) == "NOCAP package"
    assert kinds.codes(ON)[:2] == ("incident", "crime")


def test_a_forces_word_replaces_every_dated_row_of_the_products(tmp_path: Path) -> None:
    (tmp_path / "vocabularies.toml").write_text(
        """
        note = "invented"
        adopt = ["invented"]
        [vocabulary.invented]
        note = "invented"
        source = "KEY"
        terms = [{ code = "a", label = "The force's word" }]
        """,
        encoding="utf-8",
    )
    key = Source(key="KEY", title="Invented", address="", standing=Standing.INVENTED)
    file = ProfileFile(tmp_path / "vocabularies.toml", faults=Faults(), sources={"KEY": key})
    laid_over = read_vocabularies(file, {"invented": RETIRED})["invented"]
    assert [term.label for term in laid_over.terms] == ["The force's word", "Retired word"]


def test_a_forces_further_word_comes_after_the_products(scotland: Force) -> None:
    assert scotland.vocabulary("outcomes").codes(ON)[-2:] == ("childrens_reporter", "joint_report")


def test_a_vocabulary_without_terms_is_unset_and_there(scotland: Force) -> None:
    assert not scotland.vocabulary("crime_codes").is_set


def test_a_code_of_an_unset_vocabulary_is_refused_as_unset(scotland: Force) -> None:
    with pytest.raises(ProfileError, match="the profile leaves it unset"):
        scotland.vocabulary("crime_codes").check("X01", ON)


def test_an_absent_vocabulary_is_told(demo: Force) -> None:
    with pytest.raises(ProfileError, match="no vocabulary 'weather'"):
        demo.vocabulary("weather")


@pytest.mark.parametrize("named", ["ncmec", " NCMEC ", "NCMEC CyberTipline"])
def test_a_source_is_known_by_its_code_or_its_label(demo: Force, named: str) -> None:
    assert demo.sources_code(named, ON) == "ncmec"


def test_a_source_that_is_none_is_refused_without_repeating_it(demo: Force) -> None:
    with pytest.raises(ProfileError, match="expected one of ncmec") as refused:
        demo.sources_code("ann@example.org", ON)
    assert "ann@example.org" not in str(refused.value)

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from tearmann.errors import PolicyError
from tearmann.records import Band
from tearmann.triage.policy import SHIPPED, load, read

TEXT = SHIPPED.read_text(encoding="utf-8")


def faults_of(text: str) -> list[str]:
    with pytest.raises(PolicyError) as caught:
        read(text.encode())
    return str(caught.value).splitlines()


def with_rule(when: str, *, points: str = "1", name: str = '"extra"', rest: str = "") -> str:
    """The shipped policy and one more rule."""
    rule = f'[[rule]]\nname = {name}\nwhen = {when}\npoints = {points}\nreason = "A test"\n{rest}\n'
    return TEXT.replace("[bands]", rule + "\n[bands]")


def test_the_shipped_policy_loads_and_says_that_it_is_not_validated():
    policy = load()
    assert policy.source == "product default; no public rule; not validated"
    assert policy.bands == ((Band.IMMEDIATE, 100), (Band.URGENT, 50), (Band.STANDARD, 20), (Band.ROUTINE, 0))


def test_the_digest_is_of_the_bytes_of_the_file():
    policy = load()
    assert policy.digest == sha256(SHIPPED.read_bytes()).hexdigest()
    assert policy.text.encode() == SHIPPED.read_bytes()


def test_a_policy_kept_as_text_reads_back_the_same():
    assert read(load().text.encode()) == load()


def test_a_force_loads_its_own_file(tmp_path: Path):
    own = tmp_path / "own.toml"
    own.write_text(TEXT.replace('version = "2026-1"', 'version = "ours-3"'), encoding="utf-8")
    assert load(own).version == "ours-3"


def test_the_same_question_is_asked_once():
    policy = load()
    assert len(set(policy.questions)) == len(policy.questions)


def test_a_file_that_is_not_there_is_named(tmp_path: Path):
    with pytest.raises(PolicyError, match=r"absent\.toml: the policy cannot be read"):
        load(tmp_path / "absent.toml")


@pytest.mark.parametrize("payload", [b"version = ", b'version = "\xff"'], ids=["not TOML", "not UTF-8"])
def test_what_is_no_toml_is_refused(payload: bytes):
    with pytest.raises(PolicyError, match="not a TOML file in UTF-8"):
        read(payload)


@pytest.mark.parametrize("name", ["kirat", "trist"])
def test_no_licensed_instrument_is_named(name: str):
    assert name not in TEXT.casefold()


# --- one fault each ------------------------------------------------------------------------------------------------

BAD_RULES = {
    "an unknown question": ('{ fact = "conviction" }', "there is no question 'conviction'"),
    "a question that is no text": ("{ fact = 3 }", "there is no question 3"),
    "a parameter the question does not take": ('{ fact = "urgent", is = "x" }', "'urgent' takes no 'is'"),
    "a missing parameter": ('{ fact = "child_age" }', "'child_age' needs 'at_most'"),
    "a number as text": ('{ fact = "child_age", at_most = "11" }', "must be a whole number of 0 or more"),
    "a truth for a number": ('{ fact = "child_age", at_most = true }', "must be a whole number of 0 or more"),
    "a number below 0": ('{ fact = "children", at_least = -1 }', "must be a whole number of 0 or more"),
    "a code that is a number": ('{ fact = "incident_type", is = 4 }', "must be a code or a list of codes"),
    "a code that is a sentence": ('{ fact = "annotation", is = "a b" }', "must be a code or a list of codes"),
    "no code at all": ('{ fact = "annotation", is = [] }', "must be a code or a list of codes"),
    "a risk that there is not": ('{ fact = "risk", is = "boredom" }', "does not know boredom"),
    "false where only true is meant": ('{ fact = "hash_new", viewed = false }', "must be true"),
    "a list without a name": ('{ fact = "hash_known", list = " " }', "must be a name"),
    "no head": ('{ is = "x" }', "exactly one of fact, all, any, not"),
    "two heads": ('{ fact = "urgent", not = { fact = "urgent" } }', "exactly one of fact, all, any, not"),
    "an empty list": ("{ any = [] }", "'any' takes a list of conditions"),
    "no list": ('{ all = { fact = "urgent" } }', "'all' takes a list of conditions"),
    "something beside a list": ('{ any = [{ fact = "urgent" }], is = "x" }', "'any' stands alone"),
    "no table": ('"urgent"', "a condition is a table"),
    "not, in what scores": ('{ not = { fact = "urgent" } }', "could turn this off"),
    "not, deep in what scores": (
        '{ any = [{ fact = "urgent" }, { all = [{ not = { fact = "urgent" } }] }] }',
        "could turn this off",
    ),
    "a share of known files in what scores": ('{ fact = "hash_known", share = 0.5 }', "could turn this off"),
}


@pytest.mark.parametrize(("when", "message"), BAD_RULES.values(), ids=BAD_RULES.keys())
def test_a_bad_condition_is_refused_with_its_place(when: str, message: str):
    [fault] = faults_of(with_rule(when))
    assert fault.startswith("policy.toml: rule 'extra', when")
    assert message in fault


@pytest.mark.parametrize("share", ["0", "1.5", "true", '"half"'])
def test_a_share_that_is_none_is_refused(share: str):
    [fault] = faults_of(with_rule(f'{{ fact = "hash_known", share = {share} }}', points="0"))
    assert "must be a number above 0 and up to 1" in fault


def test_what_may_not_score_may_explain():
    text = with_rule('{ not = { fact = "hash_known", share = 0.5 } }', points="0")
    assert read(text.encode()).rules[-1].name == "extra"


@pytest.mark.parametrize("points", ['"5"', "5.0", "true", "-1", "1001"])
def test_points_are_a_whole_number_that_never_takes(points: str):
    [fault] = faults_of(with_rule('{ fact = "urgent" }', points=points))
    assert "rule 'extra': 'points' must be a whole number from 0 to 1000" in fault


@pytest.mark.parametrize("name", ['"New file"', "3", '""'])
def test_a_name_is_a_word(name: str):
    [fault] = faults_of(with_rule('{ fact = "urgent" }', name=name))
    assert "'name' must be lower-case letters" in fault


@pytest.mark.parametrize("name", ["new_file", "danger_now"], ids=["of a rule", "of an escalation"])
def test_a_name_is_taken_once(name: str):
    [fault] = faults_of(with_rule('{ fact = "urgent" }', name=f'"{name}"'))
    assert f"the name {name!r} is taken" in fault


def test_a_key_that_a_rule_does_not_have_is_refused():
    [fault] = faults_of(with_rule('{ fact = "urgent" }', rest="weight = 2"))
    assert "rule 'extra': there is no 'weight' here" in fault


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('version = "2026-1"', "", "'version' must be a text"),
        ('version = "2026-1"', "version = 3", "'version' must be a text"),
        ('source = "product default; no public rule; not validated"', "", "'source' must be a text"),
        ("[bands]", "[bands]\ncritical = 200", "there is no band 'critical'"),
        ("urgent = 50", "", "'urgent' must be a whole number"),
        ("urgent = 50", 'urgent = "50"', "'urgent' must be a whole number"),
        ("urgent = 50", "urgent = 20", "must fall from immediate to routine"),
        ("routine = 0", "routine = 1", "routine begins at 0"),
        ("[bands]", "[other]\n[bands]", "there is no 'other' in a policy"),
        ('    "platform",', '    "shoe_size",', "there is no field 'shoe_size'"),
        ('    "platform",', '    "incident_type",', "'incident_type' is there more than once"),
        ("wants = [", "extra = 1\nwants = [", "quality: there is no 'extra' here"),
        ("[quality]\nwants", "[quality]\nlacks", "the policy needs [quality]"),
        ('reason = "A child is under 12"', "", "rule 'young_child': 'reason' must be a text"),
        ('reason = "A child is under 12"', 'reason = " "', "rule 'young_child': 'reason' must be a text"),
        ('when = { fact = "provider_priority", at_most = 1 }\n', "", "rule 'provider_priority_1': 'when' is missing"),
        ('note = "', 'note = 1 # "', "'note' must be a text"),
    ],
)
def test_a_fault_of_the_file_is_told_alone(old: str, new: str, message: str):
    assert old in TEXT
    [fault] = faults_of(TEXT.replace(old, new, 1))
    assert message in fault


@pytest.mark.parametrize("table", ["escalation", "rule"])
def test_a_policy_without_tables_is_refused(table: str):
    text = TEXT.replace(f"[[{table}]]", "[[other]]")
    assert f"policy.toml: the policy needs [[{table}]] tables, one at least" in faults_of(text)


def test_a_policy_without_bands_is_refused():
    text = TEXT.replace("[bands]\nimmediate = 100\nurgent = 50\nstandard = 20\nroutine = 0\n", "")
    assert faults_of(text) == ["policy.toml: the policy needs [bands]: the points at which each band begins"]


def test_every_fault_is_told_at_once():
    text = with_rule('{ fact = "conviction" }', points='"many"', name='"new_file"').replace('version = "2026-1"', "")
    text = text.replace("urgent = 50", "urgent = true").replace('    "platform",', '    "shoe_size",')
    told = faults_of(text)
    expected = ("'version'", "'new_file' is taken", "'points'", "'conviction'", "'urgent'", "'shoe_size'")
    assert len(told) == len(expected)
    assert all(any(part in fault for fault in told) for part in expected)


# --- the floor -----------------------------------------------------------------------------------------------------

HARD = ("danger_now", "lives_with", "near", "coercion", "sextortion", "self_harm", "planned_contact", "urgent")


@pytest.mark.parametrize("fact", HARD)
def test_a_policy_cannot_leave_out_a_hard_escalation(fact: str):
    read_by_it = 'fact = "urgent"' if fact == "urgent" else f'fact = "risk", is = "{fact}"'
    if fact == "coercion":
        text = TEXT.replace('is = ["coercion", "sadistic_exploitation"]', 'is = "sadistic_exploitation"')
    else:
        text = TEXT.replace(read_by_it, 'fact = "annotation", is = "spam"')
    [fault] = faults_of(text)
    assert fault.startswith("policy.toml: no escalation fires when")


def test_an_escalation_that_asks_for_more_than_its_fact_is_below_the_floor():
    narrowed = 'when = { all = [{ fact = "urgent" }, { fact = "children", at_least = 1 }] }'
    [fault] = faults_of(TEXT.replace('when = { fact = "urgent" }', narrowed))
    assert "when the sender marks the report as an emergency" in fault

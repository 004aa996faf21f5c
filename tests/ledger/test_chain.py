"""Recording entries, and the proof that a chain is whole."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tearmann.errors import IntakeError, LedgerBroken
from tearmann.ledger import triggers
from tearmann.ledger.chain import PROCESSING_VERBS, Anchor, Chain, Draft, anchor, record, verify
from tearmann.ledger.models import Entry, Head
from tests.conftest import NOON
from tests.ledger.drafting import draft, recorded

pytestmark = pytest.mark.django_db


def test_an_entry_has_the_hash_that_a_shell_makes_of_its_lines() -> None:
    # printf 'tearmann ledger 1\nhistory\n1\n000…\n2026-11-02T12:00:00.000000Z\n…' | sha256sum
    recorded(
        [
            draft(
                verb="allocated",
                happened_at=NOON - timedelta(minutes=29, seconds=59, milliseconds=750),
                body={"to": ["Örkney", 2, True, None], "team": "north-desk"},
            )
        ]
    )
    assert Entry.objects.get().hash == "0345a745407351f4425257c4136f64512165d2c01fdabc30435988e5169aa514"


def test_an_entry_comes_back_as_it_was_drafted() -> None:
    recorded([draft(verb="allocated", happened_at=NOON - timedelta(hours=1), body={"team": "north-desk"})])
    entry = Entry.objects.get()
    assert (entry.chain, entry.seq, entry.at, entry.happened_at) == ("history", 1, NOON, NOON - timedelta(hours=1))
    assert (entry.verb, entry.actor_kind, entry.actor_ref) == ("allocated", "officer", "ann")
    assert (entry.subject_kind, entry.subject_ref, entry.body) == ("case", "7K3M9Q2XVTB", '{"team":"north-desk"}')


def test_the_two_chains_are_numbered_apart_and_in_the_order_given() -> None:
    recorded([draft(Chain.PROCESSING), draft(verb="received"), draft(Chain.PROCESSING, verb="export")])
    numbered = Entry.objects.order_by("chain", "seq").values_list("chain", "seq", "verb")
    assert list(numbered) == [
        ("history", 1, "received"),
        ("processing", 1, "consultation"),
        ("processing", 2, "export"),
    ]


def test_the_head_of_a_chain_names_its_last_entry() -> None:
    recorded([draft(), draft(verb="closed")])
    head = Head.objects.get(chain="history")
    assert (head.seq, head.hash) == (2, Entry.objects.get(verb="closed").hash)


def test_the_same_moment_in_another_zone_makes_the_same_hash() -> None:
    elsewhere = NOON.astimezone(timezone(timedelta(hours=5, minutes=30)))
    with transaction.atomic():
        record([draft(at=elsewhere)])
        there = Entry.objects.get().hash
        transaction.set_rollback(True)
    recorded([draft()])
    assert Entry.objects.get().hash == there


def test_recording_nothing_writes_nothing() -> None:
    before = set(Head.objects.values_list("chain", "seq"))
    recorded([])
    assert set(Head.objects.values_list("chain", "seq")) == before


def test_an_act_that_fails_leaves_no_entry() -> None:
    def act() -> None:
        with transaction.atomic():
            record([draft()])
            raise ConnectionError

    with pytest.raises(ConnectionError):
        act()
    assert verify(Chain.HISTORY).entries == 0


@pytest.mark.django_db(transaction=True)
def test_recording_outside_a_transaction_is_refused() -> None:
    with pytest.raises(transaction.TransactionManagementError, match="transaction of its act"):
        record([draft()])


def test_the_processing_log_refuses_other_verbs() -> None:
    with pytest.raises(ValueError, match="the processing log takes no 'allocated'"):
        recorded([draft(Chain.PROCESSING, verb="allocated")])


@pytest.mark.parametrize("verb", sorted(PROCESSING_VERBS))
def test_the_processing_log_takes_each_of_its_verbs(verb: str) -> None:
    recorded([draft(Chain.PROCESSING, verb=verb)])
    assert verify(Chain.PROCESSING).entries == 1


@pytest.mark.parametrize("verb", ["", "Sign in", "closed\n", "1st"])
def test_a_verb_that_is_no_code_is_refused(verb: str) -> None:
    with pytest.raises(ValueError, match="must be a code"):
        recorded([draft(verb=verb)])


@pytest.mark.parametrize("value", [0.5, {"a": 1}, [1, [2.0]], b"bytes", NOON], ids=repr)
def test_a_body_that_has_no_one_text_is_refused_without_quoting_it(value: object) -> None:
    with pytest.raises(TypeError, match="'why' is a") as refusal:
        recorded([draft(body={"why": value})])
    assert repr(value) not in str(refusal.value)


@pytest.mark.parametrize("name", ["actor_kind", "actor_ref", "subject_kind", "subject_ref"])
def test_a_line_feed_that_would_blur_two_fields_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="control character"):
        recorded([draft(**{name: "case\nanother"})])


@pytest.mark.parametrize("name", ["at", "happened_at"])
def test_a_time_without_its_zone_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="without its zone"):
        recorded([draft(**{name: datetime(2026, 11, 2, 12)})])


def test_a_chain_that_lost_its_head_takes_no_entry(transactional_db: None) -> None:
    from django.db import connection

    recorded([draft()])
    triggers.drop(connection)
    Head.objects.all().delete()
    with pytest.raises(LedgerBroken, match="tearmann ledger verify"):
        recorded([draft()])


def test_an_anchor_survives_its_file() -> None:
    recorded([draft(), draft()])
    exported = anchor(Chain.HISTORY)
    assert Anchor.from_json(exported.to_json()) == exported


def test_the_anchor_of_an_empty_chain_survives_its_file() -> None:
    exported = anchor(Chain.PROCESSING)
    assert (exported.seq, Anchor.from_json(exported.to_json())) == (0, exported)


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"anchor": "tearmann ledger 1", "chain": "x", "seq": 1, "hash": ""}']
)
def test_what_is_no_anchor_is_refused(text: str) -> None:
    with pytest.raises(IntakeError, match="not an anchor"):
        Anchor.from_json(text)


def test_an_anchor_of_the_other_chain_is_refused() -> None:
    with pytest.raises(ValueError, match="of the chain processing, not history"):
        verify(Chain.HISTORY, anchor=anchor(Chain.PROCESSING))


def test_a_chain_that_grew_since_holds_against_its_anchor() -> None:
    recorded([draft(), draft()])
    exported = anchor(Chain.HISTORY)
    recorded([draft()])
    assert verify(Chain.HISTORY, anchor=exported).ok


text = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=12)
plain = st.one_of(st.none(), st.booleans(), st.integers(), text)
reference = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=12)
drafts = st.builds(
    Draft,
    chain=st.sampled_from(Chain),
    verb=st.sampled_from(sorted(PROCESSING_VERBS)),
    actor_kind=reference,
    actor_ref=reference,
    subject_kind=reference,
    subject_ref=reference,
    at=st.datetimes(timezones=st.timezones(), min_value=datetime(1990, 1, 1), max_value=datetime(2100, 1, 1)),
    happened_at=st.none()
    | st.datetimes(timezones=st.timezones(), min_value=datetime(1900, 1, 1)).filter(lambda at: at.year < 9999),
    body=st.dictionaries(text, plain | st.lists(plain, max_size=3), max_size=4),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(st.lists(drafts, max_size=4), max_size=4))
def test_a_chain_is_whole_after_whatever_was_recorded(acts: list[list[Draft]]) -> None:
    # One store for all examples: each goes on where the last one ended.
    before = {chain: verify(chain).entries for chain in Chain}
    for act in acts:
        recorded(act)
    for chain in Chain:
        after = verify(chain)
        assert after.ok, after.why
        assert after.entries - before[chain] == sum(draft.chain is chain for act in acts for draft in act)

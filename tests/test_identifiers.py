"""Kinds of identifier: every example of the register, what holds for all kinds, and what each is careful about."""

from __future__ import annotations

import re
import traceback
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tearmann.errors import IdentifierError
from tearmann.identifiers import (
    HASH_KINDS,
    KINDS,
    VOID_VALUES,
    Example,
    IdentifierKind,
    clean,
    explain,
    identify,
    is_strong,
    link_key,
    mask,
    platform_slug,
    same,
    search_candidates,
    search_prefix,
)

GOOD = [(kind, row) for kind, entry in KINDS.items() for row in entry.good]
BAD = [(kind, row) for kind, entry in KINDS.items() for row in entry.bad]
WITHOUT_BAD = {IdentifierKind.OTHER}  # it refuses nothing
COMPLETE_EVENT = "192.0.2.10|50123|2026-01-02T17:59:00Z"

kinds = st.sampled_from(list(IdentifierKind))
# Plain noise seldom comes near a valid value, so it is mixed with pieces of the examples.
odd_letters = {"@", ":", "|", "/", ".", " ", "İ", "ß", "\u017f"}
pieces = st.sampled_from(sorted({row.given for _, row in [*GOOD, *BAD]} | odd_letters))
texts = st.one_of(st.text(max_size=40), st.lists(st.one_of(pieces, st.text(max_size=3)), max_size=4).map("".join))
besides = st.fixed_dictionaries(
    {},
    optional={
        "platform": st.one_of(st.none(), st.text(max_size=12), st.just("Example Chat")),
        "port": st.one_of(st.none(), st.integers(-1, 70_000), st.text(max_size=3)),
        "at": st.one_of(st.none(), st.datetimes(timezones=st.just(UTC)), st.text(max_size=12)),
    },
)


def _name(row: object) -> str:
    # With what was said beside it: the same text is given with and without a platform, a port or a time.
    return f"{row.given!r} {row.said!r}" if isinstance(row, Example) else str(row)


def test_every_kind_is_in_the_register():
    assert set(KINDS) == set(IdentifierKind)


@pytest.mark.parametrize("kind", list(IdentifierKind))
def test_every_kind_says_its_rule_and_gives_examples(kind):
    entry = KINDS[kind]
    assert entry.label
    assert entry.rule
    assert entry.good
    assert entry.bad or kind in WITHOUT_BAD


@pytest.mark.parametrize(("kind", "row"), GOOD, ids=_name)
def test_a_good_example_becomes_its_canonical_value(kind, row):
    assert clean(kind, row.given, **row.said._asdict()) == row.result


@pytest.mark.parametrize(("kind", "row"), BAD, ids=_name)
def test_a_bad_example_is_refused_with_its_reason(kind, row):
    with pytest.raises(IdentifierError, match=re.escape(row.result)):
        clean(kind, row.given, **row.said._asdict())


@pytest.mark.parametrize(("kind", "row"), [(kind, row) for kind, row in BAD if row.given != "@"], ids=_name)
def test_a_refusal_never_quotes_the_value(kind, row):
    with pytest.raises(IdentifierError) as refusal:
        clean(kind, row.given, **row.said._asdict())
    assert row.given not in "".join(traceback.format_exception_only(refusal.value))
    assert refusal.value.__suppress_context__


@pytest.mark.parametrize("kind", sorted(set(IdentifierKind) - {IdentifierKind.OTHER}))
@pytest.mark.parametrize("text", ["", "  \n", "a" * 5000])
def test_nothing_and_too_much_are_refused(kind, text):
    with pytest.raises(IdentifierError):
        clean(kind, text)


@settings(max_examples=50)
@given(kinds, texts, besides)
@example(IdentifierKind.PHONE, "+440000000000", {})
@example(IdentifierKind.DEVICE_ID, "ab: cdef01020304", {})
@example(IdentifierKind.HANDLE, "@ann@@example-chat", {"platform": "Example Chat"})
@example(IdentifierKind.ACCOUNT_ID, "example-chat: example-chat:1", {})
@example(IdentifierKind.EMAIL, "mailto:mailto:ann@example.org", {})
def test_cleaning_again_changes_nothing(kind, text, beside):
    found, value = identify(kind, text, **beside)
    assert identify(found, value) == (found, value)


@settings(max_examples=50)
@given(kinds, texts, besides)
def test_identify_loses_nothing(kind, text, beside):
    found, value = identify(kind, text, **beside)
    assert found is kind or (found, value) == (IdentifierKind.OTHER, text)


@settings(max_examples=50)
@given(kinds, st.lists(texts, min_size=3, max_size=3))
def test_same_is_an_equivalence(kind, three):
    a, b, c = three
    assert same(kind, a, a)
    assert same(kind, a, b) == same(kind, b, a)
    assert not (same(kind, a, b) and same(kind, b, c)) or same(kind, a, c)


@settings(max_examples=50)
@given(kinds, texts, besides)
def test_what_is_strong_links_and_everything_can_be_explained_and_masked(kind, text, beside):
    found, value = identify(kind, text, **beside)
    assert link_key(found, value) is not None or not is_strong(found, value)
    assert explain(found, value).startswith(KINDS[found].label)
    assert mask(found, value)


@settings(max_examples=50)
@given(texts)
def test_a_search_finds_canonical_values_only(text):
    for kind, value in search_candidates(text, region="GB"):
        assert kind is IdentifierKind.OTHER or clean(kind, value) == value


@pytest.mark.parametrize(("kind", "row"), GOOD, ids=_name)
def test_a_mask_does_not_give_the_value_away(kind, row):
    assert row.result not in mask(kind, row.result)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (IdentifierKind.NAME, "ann example"),
        (IdentifierKind.DATE_OF_BIRTH, "2010-01-02"),
        (IdentifierKind.OTHER, "anything"),
        (IdentifierKind.HANDLE, "ann"),
        (IdentifierKind.ACCOUNT_ID, "123"),
        (IdentifierKind.IP_EVENT, "192.0.2.10||"),
        (IdentifierKind.IP_EVENT, "192.0.2.10|50123|"),
        (IdentifierKind.IP_EVENT, "192.0.2.10||2026-01-02T17:59:00Z"),
        (IdentifierKind.IP_EVENT, "100.64.0.1|50123|2026-01-02T17:59:00Z"),
        (IdentifierKind.IP_EVENT, "192.168.1.2|50123|2026-01-02T17:59:00Z"),
        (IdentifierKind.IP_EVENT, "fe80::1|50123|2026-01-02T17:59:00Z"),
        (IdentifierKind.URL, "https://example.org/"),
        (IdentifierKind.DEVICE_ID, "SSID:Example network"),
        (IdentifierKind.DEVICE_ID, "IDFA:00000000-0000-0000-0000-000000000000"),
        (IdentifierKind.DEVICE_ID, "EXAMPLE ID:2"),
    ],
)
def test_what_many_share_never_links(kind, value):
    assert link_key(kind, value) is None


@pytest.mark.parametrize("value", sorted(VOID_VALUES))
def test_a_void_value_never_links(value):
    assert all(link_key(kind, value) is None for kind in HASH_KINDS)
    assert link_key(IdentifierKind.DEVICE_ID, f"IDFV:{value}") is None


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (IdentifierKind.EMAIL, "ann@example.org"),
        (IdentifierKind.PHONE, "+447700900123"),
        (IdentifierKind.HANDLE, "ann@example-chat"),
        (IdentifierKind.ACCOUNT_ID, "example-chat:AbC123"),
        (IdentifierKind.IP_EVENT, COMPLETE_EVENT),
        (IdentifierKind.DEVICE_ID, "IMEI:001015000000015"),
    ],
)
def test_what_is_one_persons_is_strong(kind, value):
    assert is_strong(kind, value)


@pytest.mark.parametrize("kind", sorted(HASH_KINDS))
def test_a_hash_links_files_but_is_not_strong(kind):
    value = KINDS[kind].good[0].result
    assert link_key(kind, value) == value
    assert not is_strong(kind, value)


def test_a_page_links_but_is_not_strong():
    assert link_key(IdentifierKind.URL, "https://example.org/ann") == "example.org/ann"
    assert not is_strong(IdentifierKind.URL, "https://example.org/ann")


def test_an_ip_event_explains_why_its_port_and_time_are_needed():
    assert explain(IdentifierKind.IP_EVENT, COMPLETE_EVENT) == (
        "IP address 192.0.2.10, port 50123, at 2026-01-02 17:59:00 UTC "
        "(carrier addresses are shared: the port and the time are needed)"
    )


def test_an_ip_event_says_what_is_not_stated():
    assert "port not stated, time not stated" in explain(IdentifierKind.IP_EVENT, "192.0.2.10||")


@pytest.mark.parametrize(
    ("ip", "says"),
    [
        ("100.64.0.1", "inside a carrier's network"),
        ("100.127.255.255", "inside a carrier's network"),
        ("10.0.0.1", "a private address"),
        ("172.31.0.1", "a private address"),
        ("fd00::1", "a private address"),
        ("127.0.0.1", "a machine's own address"),
        ("100.128.0.0", "carrier addresses are shared"),
        ("2001:db8::1", "carrier addresses are shared"),
    ],
)
def test_an_address_of_a_closed_network_says_so(ip, says):
    assert says in explain(IdentifierKind.IP_EVENT, f"{ip}||")


def test_one_moment_in_two_zones_is_one_event():
    summer = timezone(timedelta(hours=1))
    there = clean(IdentifierKind.IP_EVENT, "192.0.2.10", port=50123, at=datetime(2026, 1, 2, 18, 59, tzinfo=summer))
    assert there == COMPLETE_EVENT


def test_a_time_without_zone_is_refused_and_not_guessed():
    with pytest.raises(IdentifierError, match="no zone"):
        clean(IdentifierKind.IP_EVENT, "192.0.2.10", at=datetime(2026, 1, 2))


def test_a_port_of_nought_states_none():
    assert clean(IdentifierKind.IP_EVENT, "192.0.2.10", port=0) == "192.0.2.10||"


def test_a_time_at_the_end_of_the_calendar_is_refused_quietly():
    west = timezone(timedelta(hours=-5))
    with pytest.raises(IdentifierError, match="time cannot be read"):
        clean(IdentifierKind.IP_EVENT, "192.0.2.10", at=datetime(9999, 12, 31, 23, tzinfo=west))


def test_the_event_an_explanation_prints_can_be_read_back():
    assert clean(IdentifierKind.IP_EVENT, "192.0.2.10", port=50123, at="2026-01-02 17:59:00 UTC") == COMPLETE_EVENT


@pytest.mark.parametrize("number", ["+447700900000", "+441632960001", "+442079460000", "+448081570000"])
def test_a_number_kept_for_drama_is_accepted(number):
    assert clean(IdentifierKind.PHONE, number) == number


def test_a_national_number_is_read_in_the_region_given():
    assert clean(IdentifierKind.PHONE, "(202) 555-0123", region="US") == "+12025550123"


def test_an_extension_tells_two_people_at_one_switchboard_apart():
    assert not same(IdentifierKind.PHONE, "01632 960001 x5", "01632 960001 x6")


def test_a_dot_in_a_mailbox_is_not_guessed_away():
    assert not same(IdentifierKind.EMAIL, "a.nn@example.org", "ann@example.org")


def test_a_platform_has_one_name_however_it_is_written():
    assert platform_slug(" Example  CHAT!") == platform_slug("example-chat") == "example-chat"


def test_a_wrong_check_digit_is_kept_and_said_and_not_strong():
    value = clean(IdentifierKind.DEVICE_ID, "IMEI:001015000000010")
    assert "check digit does not fit" in explain(IdentifierKind.DEVICE_ID, value)
    assert not is_strong(IdentifierKind.DEVICE_ID, value)


def test_an_imei_is_one_device_with_and_without_its_last_digits():
    assert same(IdentifierKind.DEVICE_ID, "IMEI:00101500000001", "IMEI:0010150000000199")
    assert link_key(IdentifierKind.DEVICE_ID, "IMEI:001015000000015") == "IMEI:00101500000001"


def test_a_web_address_is_the_same_with_and_without_its_scheme():
    assert same(IdentifierKind.URL, "http://example.org/ann", "example.org/ann")


def test_the_user_part_of_a_web_address_is_masked():
    assert mask(IdentifierKind.URL, "https://ann@example.org/ann") == "example.org/…"


@pytest.mark.parametrize(
    ("typed", "kind", "value"),
    [
        ("Ann@Example.org", IdentifierKind.EMAIL, "ann@example.org"),
        ("07700 900123", IdentifierKind.PHONE, "+447700900123"),
        ("192.0.2.10", IdentifierKind.IP_EVENT, "192.0.2.10||"),
        ("2001:DB8::1", IdentifierKind.IP_EVENT, "2001:db8::1||"),
        ("1A79A4D60DE6718E8E5B326E338AE533", IdentifierKind.MD5, "1a79a4d60de6718e8e5b326e338ae533"),
        ("w0mcJylzCn+AfvuGdqkty2+KP48=", IdentifierKind.SHA1, "c3499c2729730a7f807efb8676a92dcb6f8a3f8f"),
        ("F0" * 32, IdentifierKind.SHA256, "f0" * 32),
        ("F0" * 32, IdentifierKind.PDQ, "f0" * 32),
        ("ann@example-chat", IdentifierKind.HANDLE, "ann@example-chat"),
        ("@Ann", IdentifierKind.HANDLE, "ann"),
        ("example-chat:AbC", IdentifierKind.ACCOUNT_ID, "example-chat:AbC"),
        ("00 101500 000001 5", IdentifierKind.DEVICE_ID, "IMEI:001015000000015"),
        ("https://example.org/Ann", IdentifierKind.URL, "https://example.org/Ann"),
        ("02/01/2010", IdentifierKind.DATE_OF_BIRTH, "2010-01-02"),
        ("Ann Example", IdentifierKind.NAME, "ann example"),
        (" §odd§ ", IdentifierKind.OTHER, "§odd§"),
    ],
)
def test_an_exact_search_looks_for_what_was_typed(typed, kind, value):
    assert (kind, value) in search_candidates(typed, region="GB")


@pytest.mark.parametrize("typed", ["192.0.2.10", "02/01/2010", "2026-01-02"])
def test_an_address_or_a_date_is_not_searched_as_a_telephone_number(typed):
    assert IdentifierKind.PHONE not in dict(search_candidates(typed, region="GB"))


def test_nothing_typed_searches_for_nothing():
    assert search_candidates("  ", region="GB") == []


@pytest.mark.parametrize(
    ("kind", "value", "prefix"),
    [
        (IdentifierKind.IP_EVENT, "192.0.2.10||", "192.0.2.10|"),
        (IdentifierKind.IP_EVENT, "192.0.2.10|50123|", "192.0.2.10|50123|"),
        (IdentifierKind.IP_EVENT, COMPLETE_EVENT, None),
        (IdentifierKind.HANDLE, "ann", "ann@"),
        (IdentifierKind.HANDLE, "ann@example-chat", None),
        (IdentifierKind.EMAIL, "ann@example.org", None),
    ],
)
def test_a_value_typed_in_part_finds_the_fuller_ones(kind, value, prefix):
    assert search_prefix(kind, value) == prefix

"""Everything invented is obviously invented, and there is no media and no description in it."""

from __future__ import annotations

import ipaddress
import re

import pytest

from tearmann.intake.words_only import media_in
from tearmann.synthetic import people

DOCUMENTED = [
    ipaddress.ip_network(network)
    for network in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32", "100.64.0.0/10")
]
# Source: Ofcom, telephone numbers for use in TV and radio drama programmes.
DRAMA = re.compile(
    r"(?:\+44|0)(?:7700900|1632960|3069990|2079460|1914980|2896496|2920180|"
    r"1134960|1144960|1154960|1164960|1174960|1184960|1214960|1314960|1414960|1514960|1614960)\d{3}"
)


@pytest.fixture(scope="session")
def texts(year):
    """Every byte that was written, as text."""
    return [path.read_bytes().decode("utf-8", "replace") for path in year.directory.rglob("*") if path.is_file()]


def found(pattern, texts):
    return {match for text in texts for match in re.findall(pattern, text)}


def test_mail_is_at_example_domains(texts):
    domains = found(r"@([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)", texts)
    assert domains == {"example.org", "example.net", "example.com"}


def test_web_addresses_are_at_example_domains(texts):
    hosts = found(r"https?://([^/\"<\s]+)", texts)
    assert all(host.endswith((".example.org", ".example.net", ".example.com")) for host in hosts)


def test_addresses_of_the_internet_are_documentation_or_carriers(texts):
    addresses = found(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])", texts)
    addresses |= found(r"(?<![\w:])[0-9a-f]{4}:[0-9a-f]{1,4}:[0-9a-f:]+", texts)
    assert len(addresses) > 50
    for address in addresses:
        assert any(ipaddress.ip_address(address) in network for network in DOCUMENTED), address


def test_telephone_numbers_are_for_drama(texts):
    numbers = found(r"(?<![\w-])(?:\+44|0)\d{10}(?!\w)", texts)
    assert len(numbers) > 10
    assert all(DRAMA.fullmatch(number) for number in numbers)


@pytest.mark.parametrize("prefix", people.DRAMA_PREFIXES)
def test_prefixes_leave_three_digits_within_the_range_for_drama(prefix):
    assert len(prefix) == len("+447700900")
    assert DRAMA.fullmatch(f"{prefix}000")
    assert DRAMA.fullmatch(f"{prefix}999")


def test_no_file_carries_media(year):
    for path in year.directory.rglob("*"):
        if path.is_file():
            assert media_in(path.read_bytes()) == []


def test_names_are_not_names(texts):
    names = found(r"<firstName>([^<]*)</firstName>", texts) | found(r"<lastName>([^<]*)</lastName>", texts)
    assert all(re.fullmatch(r"Example|Reporter|Person \d+", name) for name in names)


def test_a_narrative_says_that_it_is_invented_and_nothing_else(texts):
    narratives = found(r"Invented (?:narrative|opinion)[^<\"]*", texts)
    assert narratives
    shape = (
        r"Invented (?:narrative|opinion) for (?:the supplement to )?referral \d+\.(?: Sent again with this sentence\.)?"
    )
    assert all(re.match(shape, narrative) for narrative in narratives)


def test_free_text_of_documents_is_a_placeholder(documents):
    said = found(r"<additionalInfo>([^<]*)</additionalInfo>", [path.read_text("latin-1") for path in documents.files()])
    placeholder = re.compile(
        r"Invented\.?\x01?\.?|ExÃ?.mple\.|(?:Invented (?:narrative for referral \d+|risk code: [a-z_]+)\. ?)*"
        r"(?:Sent again with this sentence\.)?"
    )
    assert all(placeholder.fullmatch(text) for text in said)


def test_files_have_no_names_of_media(texts):
    assert all(name.endswith(".dat") for name in found(r"<originalFileName>([^<]*)<", texts))

"""Free text hangs on a chain by its digest, and can be erased without breaking it."""

from __future__ import annotations

import hashlib

import pytest

from tearmann.ledger import triggers
from tearmann.ledger.chain import Chain, verify
from tearmann.ledger.models import Text
from tests.ledger.drafting import draft, recorded

pytestmark = pytest.mark.django_db


def test_the_digest_is_of_the_salt_and_the_body() -> None:
    text = Text.objects.get(pk=Text.write(reference="7K3M9Q2XVTB", body="näher").pk)
    assert text.salt is not None
    assert text.digest == hashlib.sha256(bytes(text.salt) + "näher".encode()).hexdigest()


def test_the_same_words_twice_have_two_digests() -> None:
    first, second = (Text.write(reference="7K3M9Q2XVTB", body="no further action") for _ in range(2))
    assert first.digest != second.digest


def test_erasing_takes_body_and_salt_of_every_text_about_the_reference() -> None:
    Text.write(reference="7K3M9Q2XVTB", body="one")
    Text.write(reference="7K3M9Q2XVTB", body="")
    kept = Text.write(reference="ANOTHERCASE", body="three")
    assert Text.erase(reference="7K3M9Q2XVTB") == 2
    assert set(Text.objects.values_list("reference", "body")) == {("7K3M9Q2XVTB", None), ("ANOTHERCASE", "three")}
    assert list(Text.objects.filter(salt__isnull=False)) == [kept]


def test_erasing_again_finds_nothing_to_erase() -> None:
    Text.write(reference="7K3M9Q2XVTB", body="one")
    Text.erase(reference="7K3M9Q2XVTB")
    assert Text.erase(reference="7K3M9Q2XVTB") == 0


def test_erasing_leaves_the_chain_whole() -> None:
    text = Text.write(reference="7K3M9Q2XVTB", body="one")
    recorded([draft(verb="closed", body={"why": text.digest})])
    Text.erase(reference="7K3M9Q2XVTB")
    assert verify(Chain.HISTORY).ok


def test_a_text_that_was_altered_is_not_whole() -> None:
    from django.db import connection

    text = Text.write(reference="7K3M9Q2XVTB", body="one")
    assert Text.objects.get().is_whole()
    triggers.drop(connection)
    Text.objects.filter(pk=text.pk).update(body="other")
    assert not Text.objects.get().is_whole()


def test_an_erased_text_says_so() -> None:
    Text.write(reference="7K3M9Q2XVTB", body="one")
    Text.erase(reference="7K3M9Q2XVTB")
    assert Text.objects.get().is_erased()

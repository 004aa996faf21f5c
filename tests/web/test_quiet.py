"""No line of a log, and no address, carries what is on a case."""

from __future__ import annotations

import json
import logging
from dataclasses import replace

import pytest
from django.urls import reverse

from tearmann.ledger.models import Entry
from tearmann.records import Passage
from tearmann.settings import LogLine
from tearmann.web.views import case as case_views
from tests.sent import a_referral, email
from tests.web.signed_in import received, signed_in, the_case

pytestmark = pytest.mark.django_db

CANARIES = ("canary@example.org", "canary words", "canary-number")


@pytest.fixture
def held(north):
    reported = replace(a_referral(1).parties[0], identifiers=(email(CANARIES[0]),))
    words = (Passage(text=CANARIES[1], place="narrative"),)
    received(a_referral(1, parties=(reported,), passages=words), unit=north)
    return the_case(1)


def a_journey(ann, ben, held):
    """Everything that an officer, and somebody of another unit, does with the pages of a case."""
    officer, other = signed_in(ann), signed_in(ben)
    for client in (officer, other):
        client.get(reverse("queue"))
        client.post(reverse("search"), {"q": CANARIES[0]}, follow=True)
        client.get(reverse("case", args=[held.reference]))
        client.get(reverse("sheet", args=[held.reference]))
        client.post(reverse("add-reference", args=[held.reference]), {"kind": "crime", "value": CANARIES[2]})
        client.post(reverse("add-reference", args=[held.reference]), {"kind": "nonsense", "value": CANARIES[2]})


def test_no_log_line_of_a_journey_carries_what_is_on_the_case(held, ann, ben, caplog):
    with caplog.at_level(logging.INFO):
        a_journey(ann, ben, held)
    lines = [LogLine().format(record) for record in caplog.records]
    assert lines  # what was refused is logged, by its path
    assert not [line for line in lines for canary in CANARIES if canary in line]


def test_no_entry_of_either_log_carries_what_is_on_the_case(held, ann, ben):
    a_journey(ann, ben, held)
    assert not [body for body in Entry.objects.values_list("body", flat=True) for canary in CANARIES if canary in body]


def test_a_fault_of_ours_is_logged_without_what_it_says_and_shown_as_a_plain_page(held, ann, caplog, monkeypatch):
    def break_down(*_, **__):
        raise KeyError(CANARIES[0])

    monkeypatch.setattr(case_views, "case_page", break_down)
    client = signed_in(ann)
    client.raise_request_exception = False
    answer = client.get(reverse("case", args=[held.reference]))
    assert answer.status_code == 500
    assert b"Something went wrong" in answer.content
    assert CANARIES[0].encode() not in answer.content
    logged = [json.loads(LogLine().format(record)) for record in caplog.records]
    assert [line["fault"] for line in logged if "fault" in line] == ["KeyError"]
    assert CANARIES[0] not in json.dumps(logged)

from __future__ import annotations

import json
import re

import pytest
from django.urls import reverse

from tearmann.casework.actions.restriction import restrict
from tearmann.casework.doing import Actor, Doing
from tearmann.casework.models import Alert
from tearmann.ledger.models import Entry, Text
from tests.conftest import NOON
from tests.sent import a_referral, sharing
from tests.web.signed_in import received, signed_in, the_case

pytestmark = pytest.mark.django_db

CANARY = "canary@example.org"


@pytest.fixture
def held(north):
    received(sharing(a_referral(1), CANARY), unit=north)
    return the_case(1)


@pytest.fixture
def restricted(held, supervisor_north, force):
    doing = Doing(by=Actor.of(supervisor_north), at=NOON, force=force)
    restrict(held, readers=[], doing=doing, reason="An invented reason")
    return held


def look_for(officer, typed):
    return signed_in(officer).post(reverse("search"), {"q": typed}, follow=True)


def found(answer):
    return [(one.case.reference, one.by, one.may_read) for one in answer.context["result"].found]


def test_an_identifier_is_found_however_it_is_typed(held, ann):
    assert found(look_for(ann, " Canary@EXAMPLE.org ")) == [(held.reference, "E-mail address", True)]


def test_a_case_is_found_by_its_reference_as_it_is_read_aloud(held, ann):
    typed = "-".join(held.reference[i : i + 3] for i in range(0, 11, 3)).lower()
    assert found(look_for(ann, typed)) == [(held.reference, "reference", True)]


def test_a_case_is_found_by_the_senders_reference(held, ann):
    assert (held.reference, "sender's reference", True) in found(look_for(ann, "1"))


def test_another_units_case_is_found_as_a_stub(held, ben):
    answer = look_for(ben, CANARY)
    assert found(answer) == [(held.reference, "E-mail address", False)]
    shown = answer.content.decode()
    assert "North desk" in shown
    assert reverse("case", args=[held.reference]) not in shown


def test_a_restricted_case_is_not_found_and_its_readers_are_told(restricted, ann):
    assert found(look_for(ann, CANARY)) == []
    assert list(Alert.objects.values_list("kind", "by")) == [(Alert.Kind.SEARCH, "ann")]


def test_what_is_restricted_is_answered_like_what_is_nowhere(restricted, ann):
    pages = set()
    for typed in (CANARY, "absent@example.org"):
        page = look_for(ann, typed).content.decode().replace(typed, "")
        pages.add(re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", page))
    assert len(pages) == 1


def test_a_named_reader_finds_the_restricted_case(restricted, supervisor_north):
    assert found(look_for(supervisor_north, CANARY)) == [(restricted.reference, "E-mail address", True)]


def test_who_keeps_accounts_finds_nothing(held, administrator):
    assert found(look_for(administrator, CANARY)) == []


def test_nothing_found_says_what_would_help(held, ann):
    assert "Nothing was found" in look_for(ann, "absent@example.org").content.decode()


def test_searching_for_nothing_is_refused(ann):
    assert look_for(ann, "  ").status_code == 422


def test_a_search_is_recorded_by_a_digest_and_what_it_showed(held, ann):
    look_for(ann, CANARY)
    entry = Entry.objects.filter(chain="processing", subject_ref="search").get()
    assert json.loads(entry.body)["cases"] == [held.reference]
    assert CANARY not in entry.body
    assert Text.objects.get(digest=json.loads(entry.body)["searched"]).body == CANARY


def test_what_is_searched_for_is_never_taken_from_an_address(held, ann):
    answer = signed_in(ann).get(reverse("search"), {"q": CANARY})
    assert CANARY not in answer.content.decode()
    assert not Entry.objects.filter(chain="processing", subject_ref="search").exists()


def test_the_address_of_the_results_says_nothing_of_what_was_typed(held, ann):
    [(address, _)] = look_for(ann, CANARY).redirect_chain
    assert "canary" not in address.casefold()


def test_the_results_can_be_gone_back_to_and_each_look_is_recorded(held, ann):
    client = signed_in(ann)
    address = client.post(reverse("search"), {"q": CANARY})["Location"]
    assert found(client.get(address)) == found(client.get(address))
    looks = Entry.objects.filter(chain="processing", subject_ref="search results").values_list("body", flat=True)
    assert [json.loads(look)["cases"] for look in looks] == [[held.reference], [held.reference]]


def test_the_session_holds_nothing_of_what_was_typed(held, ann):
    client = signed_in(ann)
    client.post(reverse("search"), {"q": CANARY})
    assert "canary" not in json.dumps(dict(client.session))


def test_a_search_is_open_to_whoever_made_it_alone(held, ann, supervisor_north):
    address = signed_in(ann).post(reverse("search"), {"q": CANARY})["Location"]
    assert signed_in(supervisor_north).get(address).status_code == 404


def test_a_search_whose_text_was_erased_is_gone(held, ann):
    client = signed_in(ann)
    address = client.post(reverse("search"), {"q": CANARY})["Location"]
    Text.erase(reference="search")
    assert client.get(address).status_code == 404

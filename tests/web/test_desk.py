from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from tearmann.casework.actions.restriction import restrict
from tearmann.casework.doing import Actor, Doing
from tearmann.casework.models import Case, Identifier, PersonRole, StoredReferral
from tearmann.identifiers import IdentifierKind
from tearmann.people.models import Role
from tearmann.records import Grading, Nature, Origin, RiskCode
from tearmann.web import guard
from tests.conftest import NOON
from tests.sent import a_referral
from tests.web.signed_in import an_officer, received, signed_in, the_case, verbs

pytestmark = pytest.mark.django_db

URL = reverse("desk")


@pytest.fixture(autouse=True)
def noon(monkeypatch):
    monkeypatch.setattr(guard, "now", lambda: NOON)


def typed(**changes):
    """A form filled in as after a short call."""
    return {
        "token": "0" * 32,
        "danger_now": "not_known",
        "channel": "phone",
        "received_day": "2026-11-02",
        "received_time": "11:30",
        "facts": "The caller worries about Cal.",
    } | changes


def sent(client, **changes):
    return client.post(URL, typed(**changes))


def the_referral():
    return StoredReferral.objects.get().value()


def test_the_form_opens_for_a_desk_officer_with_the_time_of_the_call_filled_in(ann):
    page = signed_in(ann).get(URL)
    assert page.status_code == 200
    assert 'value="2026-11-02"' in page.text
    assert 'value="12:00"' in page.text


@pytest.mark.parametrize(
    "role", [Role.ANALYST, Role.LEADER, Role.INSPECTOR, Role.AUDITOR, Role.ADMINISTRATOR, Role.DATA_PROTECTION]
)
def test_nobody_but_the_desk_types_a_referral(north, role):
    client = signed_in(an_officer("somebody", role, north))
    assert client.get(URL).status_code == 403
    assert sent(client).status_code == 403
    assert not Case.objects.exists()


def test_an_officer_without_a_unit_is_told_so(db):
    page = signed_in(an_officer("nowhere", Role.DESK_OFFICER)).get(URL)
    assert page.status_code == 403
    assert "no unit" in page.text


def test_what_was_typed_becomes_a_case_of_the_officers_unit(ann, north):
    answer = sent(signed_in(ann))
    case = Case.objects.get()
    assert answer.status_code == 302
    assert (case.unit, case.source, case.received_at) == (north, "phone", NOON - timedelta(minutes=30))


def test_the_answer_shows_the_reference_and_leads_to_the_case(ann):
    client = signed_in(ann)
    page = client.get(sent(client)["Location"])
    case = Case.objects.get()
    assert reverse("case", args=[case.reference]) in page.text
    assert "consultation" in verbs("processing", actor_ref="ann")


def test_the_answer_is_its_senders_alone(ann, supervisor_north):
    answer = sent(signed_in(ann))
    assert signed_in(supervisor_north).get(answer["Location"]).status_code == 404


def test_a_double_click_makes_no_second_case(ann):
    client = signed_in(ann)
    first, second = sent(client), sent(client)
    assert first["Location"] == second["Location"]
    assert Case.objects.count() == 1


def test_two_forms_that_say_the_same_are_two_cases(ann):
    client = signed_in(ann)
    sent(client, token="1" * 32)
    sent(client, token="2" * 32)
    assert Case.objects.count() == 2


def test_every_opened_form_has_a_token_of_its_own(ann):
    client = signed_in(ann)
    tokens = {client.get(URL).context["form"]["token"].value() for _ in range(2)}
    assert len(tokens) == 2


def test_two_children_and_what_is_said_of_each(ann):
    sent(
        signed_in(ann),
        child_1_name="Ann Example",
        child_1_age="12",
        child_1_self_harm="yes",
        child_1_lives_with="no",
        child_2_age_not_known="on",
        child_2_planned_contact="yes",
    )
    people = list(Case.objects.get().people.filter(role=PersonRole.CHILD).order_by("pk"))
    assert [person.age for person in people] == [12, None]
    assert [[risk["code"] for risk in person.risks] for person in people] == [["self_harm"], ["planned_contact"]]
    first = the_referral().parties[0]
    assert [(one.name, one.value) for one in first.statements] == [("risk.lives_with", "no")]


def test_danger_now_counts_for_every_child_and_makes_one_where_none_is_told(ann):
    client = signed_in(ann)
    sent(client, danger_now="yes")
    assert [(risk.code, risk.party) for risk in the_referral().risks] == [(RiskCode.DANGER_NOW, "victim-1")]
    assert Case.objects.get().escalated


def test_a_reason_why_it_cannot_wait_is_the_emergency_flag(ann):
    sent(signed_in(ann), urgent_reason="A meeting tonight")
    case = Case.objects.get()
    assert case.urgent
    assert case.escalated


def test_a_row_goes_to_the_person_whose_it_is_said_to_be(ann):
    sent(
        signed_in(ann),
        person_1_name="Ben Example",
        identifier_1_kind="email",
        identifier_1_text="ben@example.org",
        identifier_1_whose="person-1",
        identifier_6_kind="other",
        identifier_6_text="a scrap of paper",
    )
    email = Identifier.objects.get(kind=IdentifierKind.EMAIL)
    other = Identifier.objects.get(kind=IdentifierKind.OTHER)
    assert (email.party.key, email.value) == ("reported-1", "ben@example.org")
    assert (other.party.role, other.as_given) == ("unattached", "a scrap of paper")


def test_fact_and_opinion_are_kept_apart(ann):
    sent(signed_in(ann), facts="Cal said so.\r\nTwice.", opinion="I believe Cal.")
    passages = {(one.nature, one.origin): one.text for one in the_referral().passages}
    assert passages == {
        (Nature.FACT, Origin.SENDER): "Cal said so.\nTwice.",
        (Nature.OPINION, Origin.OFFICER): "I believe Cal.",
    }


def test_references_grading_and_lawful_basis_are_kept(ann):
    sent(
        signed_in(ann),
        reference_1_kind="incident",
        reference_1_value="INC-1",
        grading_source="2",
        grading_information="C",
        grading_handling="P",
        lawful_basis="task",
    )
    referral = the_referral()
    assert [(one.kind, one.value) for one in referral.references] == [("incident", "INC-1")]
    assert referral.grading == Grading(source="2", information="C", handling="P")
    assert referral.lawful_basis == "task"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"danger_now": ""}, "danger_now"),
        ({"channel": ""}, "channel"),
        ({"received_day": ""}, "received_day"),
        ({"received_time": "12:01"}, "received_time"),
        ({"child_1_age": "twelve"}, "child_1_age"),
        ({"child_2_age": "151"}, "child_2_age"),
        ({"child_1_age": "0", "child_1_age_not_known": "on"}, "child_1_age"),
        ({"identifier_2_text": "someone"}, "identifier_2_kind"),
        ({"identifier_2_kind": "email"}, "identifier_2_text"),
        ({"reference_1_kind": "incident"}, "reference_1_value"),
        ({"grading_source": "1"}, "grading_information"),
        ({"anonymous": "on", "reporter_name": "Ann Example"}, "anonymous"),
        ({"facts": ""}, "facts"),
        ({"facts": "data:image/png;base64,AAAA"}, "facts"),
        ({"token": "nonsense"}, "token"),
    ],
)
def test_a_fault_is_told_beside_its_field_and_in_the_summary(ann, changes, field):
    page = sent(signed_in(ann), **changes)
    assert page.status_code == 422
    assert field in page.context["form"].errors
    assert "There is a problem" in page.text
    assert not Case.objects.exists()


def test_media_that_was_pasted_in_is_refused_and_nothing_of_it_kept(ann):
    page = sent(signed_in(ann), child_1_name="data:image/png;base64,AAAA")
    assert page.status_code == 422
    assert "media" in str(page.context["form"].errors)
    assert not StoredReferral.objects.exists()


def test_nothing_that_was_typed_is_lost_when_something_is_wrong(ann):
    page = sent(
        signed_in(ann), danger_now="", child_3_name="Cal Example", identifier_5_text="kept", received_time="10:15"
    )
    assert 'value="Cal Example"' in page.text
    assert 'value="kept"' in page.text
    assert 'value="10:15"' in page.text
    assert "The caller worries about Cal." in page.text
    assert f'value="{"0" * 32}"' in page.text


def test_a_folded_block_with_something_in_it_comes_back_open(ann):
    page = sent(signed_in(ann), danger_now="", child_2_name="Cal Example")
    form = page.context["form"]
    assert [child["written"] for child in form.children()] == [False, True, False]


def test_the_time_that_was_typed_is_the_forces_own(ann):
    # Summer time: 11:30 in the force's zone is 10:30 in UTC.
    sent(signed_in(ann), received_day="2026-07-01", received_time="11:30")
    assert Case.objects.get().received_at.isoformat() == "2026-07-01T10:30:00+00:00"


def test_a_vocabulary_that_the_profile_leaves_unset_says_so(ann, force, monkeypatch):
    from dataclasses import replace

    unset = replace(force.vocabulary("grading_source"), terms=())
    bare = replace(force, vocabularies=force.vocabularies | {"grading_source": unset})
    monkeypatch.setattr(guard, "force", lambda: bare)
    assert "Unset in the force profile" in signed_in(ann).get(URL).text


def test_a_form_without_its_csrf_token_is_refused(ann):
    client = signed_in(ann, checks_csrf=True)
    assert sent(client).status_code == 403
    assert not Case.objects.exists()


@pytest.mark.parametrize("is_restricted", [True, False])
def test_what_joins_a_case_that_is_not_ours_to_read_is_answered_alike(ann, south, ben, is_restricted):
    received(a_referral(1, source="partner"), unit=south)
    if is_restricted:
        doing = Doing(by=Actor.operator("operator"), at=NOON, force=guard.force())
        restrict(the_case(1), readers=[ben], doing=doing, reason="An invented reason")
    client = signed_in(ann)
    page = client.get(sent(client, channel="partner", source_reference="1")["Location"])
    assert page.status_code == 200
    assert "It was added to what the force holds already" in page.text
    assert the_case(1).reference not in page.text

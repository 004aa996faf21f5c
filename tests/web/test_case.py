from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tearmann import profile
from tearmann.casework import installation
from tearmann.casework.actions import policy
from tearmann.casework.actions.assess import assess_waiting
from tearmann.casework.actions.moves import decide
from tearmann.casework.actions.restriction import restrict
from tearmann.casework.doing import Actor, Doing
from tearmann.casework.models import Alert, Case, CasePerson, Clock, Hit, ListVersion, StoredReference
from tearmann.ledger.models import Entry
from tearmann.people.models import Role, Team
from tearmann.records import (
    Age,
    Classification,
    FileFacts,
    Leftover,
    Moment,
    Nature,
    Party,
    PartyRole,
    Passage,
    RiskCode,
    RiskFact,
    Statement,
)
from tests.conftest import NOON
from tests.sent import LISTED, a_referral, at_risk, email, sharing, with_file
from tests.web.signed_in import an_officer, received, signed_in, the_case, verbs

pytestmark = pytest.mark.django_db


@pytest.fixture
def doing_as(force):
    return lambda officer: Doing(by=Actor.of(officer), at=NOON, force=force)


def page(officer, number=1, name="case"):
    return signed_in(officer).get(reverse(name, args=[the_case(number).reference]))


def body(officer, number=1, name="case"):
    return " ".join(page(officer, number, name).content.decode().split())


def switch_on(north, supervisor, doing_as):
    team = Team.objects.create(code="NORTH-1", name="North team", unit=north)
    other = an_officer("other-supervisor", Role.SUPERVISOR, north)
    policy.propose_switch(team, officer=supervisor, doing=doing_as(supervisor), reason="An invented reason")
    policy.confirm_switch(team, officer=other, doing=doing_as(other))
    return team


# ------------------------------------------------------------------------------------------------ what comes first


def test_children_come_first_then_people_then_reasons_and_the_narrative_last(north, ann):
    received(at_risk(a_referral(1, passages=(Passage(text="Invented words.", place="narrative"),))), unit=north)
    shown = body(ann)
    parts = ['id="children"', 'id="people"', 'id="why"', 'id="clocks"', 'id="links"', 'id="files"', 'id="narrative"']
    assert [shown.index(part) for part in parts] == sorted(shown.index(part) for part in parts)
    assert shown.index("Invented words.") > shown.index('id="narrative"')


def test_a_childs_risk_is_said_in_words_with_where_it_says_so(north, ann):
    received(at_risk(a_referral(1), RiskCode.LIVES_WITH), unit=north)
    shown = body(ann)
    assert "<strong>Lives with the person reported</strong>" in shown
    assert "the sender, victim, risk" in shown


def test_a_risk_of_no_child_in_particular_is_shown_first_of_all(north, ann):
    received(a_referral(1, risks=(RiskFact(code=RiskCode.COERCION, place="report, flags"),)), unit=north)
    shown = body(ann)
    assert shown.index("Stated, of no child in particular") < shown.index("Child 1")


def test_what_is_not_known_of_a_child_is_said_to_be_unknown(north, ann):
    child = Party(key="victim-1", role=PartyRole.VICTIM, place="victim")
    received(a_referral(1, parties=(child,)), unit=north)
    shown = body(ann)
    assert "Child 1, age not stated" in shown
    assert "no risk is stated of this child" in shown
    assert shown.count("not recorded") == 2  # a partner told, and safe


def test_that_a_child_is_safe_is_said_with_who_says_so(north, ann):
    received(a_referral(1), unit=north)
    CasePerson.objects.filter(case=the_case(1), role="child").update(
        told_at=NOON, safe_at=NOON + timedelta(hours=1), safe_says="the social work team"
    )
    shown = body(ann)
    assert "2 November 2026, 12:00" in shown
    assert "2 November 2026, 13:00, says the social work team" in shown


def test_a_case_that_describes_no_child_does_not_say_that_there_is_none(north, ann):
    received(a_referral(1, parties=a_referral(1).parties[:1]), unit=north)
    assert "That does not mean that there is none." in body(ann)


# ------------------------------------------------------------------------------------------------ people


def test_a_person_has_our_role_and_the_senders(north, ann):
    received(a_referral(1), unit=north)
    shown = body(ann)
    assert "Person 1: person involved" in shown
    assert "person or account reported" in shown


def test_somebody_whose_age_is_unknown_may_be_a_child(north, ann):
    received(a_referral(1), unit=north)
    assert "May be under 18: treat as a child until it is known." in body(ann)


def test_a_person_below_the_age_of_responsibility_cannot_be_a_suspect(north, ann):
    reported = replace(a_referral(1).parties[0], age=Age(as_given="11", place="reported, age", years=11))
    received(a_referral(1, parties=(reported,)), unit=north)
    assert "the age of criminal responsibility: cannot be recorded as a suspect." in body(ann)


def test_who_tells_of_it_comes_after_who_is_reported(north, ann):
    reporter = Party(key="reporter-1", role=PartyRole.REPORTER, place="reporter", identifiers=(email("a@example.net"),))
    received(a_referral(1, parties=(reporter, *a_referral(1).parties)), unit=north)
    shown = body(ann)
    assert "Person 1: person involved" in shown
    assert "Person 2: witness or information-giver" in shown


def test_an_identifier_is_shown_with_its_kind_and_where_it_says_so(north, ann):
    received(a_referral(1), unit=north)
    assert "person-1@example.org" in body(ann)
    assert "row 1, email" in body(ann)


def test_what_belongs_to_no_person_is_shown_too(north, ann):
    loose = Party(key="loose", role=PartyRole.UNATTACHED, place="report", identifiers=(email("loose@example.net"),))
    received(a_referral(1, parties=(*a_referral(1).parties, loose)), unit=north)
    assert body(ann).index("What belongs to no person of the case") < body(ann).index("loose@example.net")


def test_fact_stands_apart_from_opinion(north, ann):
    said = (
        Statement(name="occupation", value="invented", place="row 1"),
        Statement(name="character", value="also invented", place="row 2", nature=Nature.OPINION),
    )
    reported = replace(a_referral(1).parties[0], statements=said)
    received(a_referral(1, parties=(reported,)), unit=north)
    shown = body(ann)
    assert shown.index("Stated as fact (1)") < shown.index("occupation") < shown.index("Stated as opinion (1)")
    assert shown.index("Stated as opinion (1)") < shown.index("also invented")


# ------------------------------------------------------------------------------------------------ why here


def test_in_shadow_no_number_is_shown_and_the_escalations_are(north, ann):
    received(at_risk(a_referral(1), RiskCode.DANGER_NOW), unit=north)
    shown = body(ann)
    assert "shadow mode" in shown
    assert "A child is said to be in danger now" in shown
    assert not [word for word in ("points", "Confidence", "Quality", "Worth finding") if word in shown]


def test_what_was_worked_out_in_shadow_is_not_told_by_the_timeline_either(north, ann):
    received(a_referral(1, incident_type="enticement"), unit=north)
    entry = Entry.objects.get(chain="history", verb="assessed")
    band = json.loads(entry.body)["band"]
    timeline = body(ann).partition('id="timeline"')[2].partition("</section>")[0]
    assert "Assessed" in timeline
    assert band not in timeline


def test_switched_on_three_numbers_stand_apart_with_what_they_mean(north, ann, supervisor_north, doing_as):
    switch_on(north, supervisor_north, doing_as)
    received(a_referral(1, incident_type="enticement"), unit=north)
    shown = body(ann)
    for name in ("<dt>Priority</dt>", "<dt>Confidence</dt>", "<dt>Quality</dt>"):
        assert name in shown
    assert "What is reported is contact with a child, not material alone" in shown
    assert "Policy 2026-1" in shown
    assert "Worth finding" in shown


def test_an_unassessed_case_says_that_it_is(north, ann):
    received(a_referral(1), unit=north)
    Case.objects.update(assessed_at=None, rank=0, fault="KeyError")
    assert "The assessment failed, so the case stands first" in body(ann)


# ------------------------------------------------------------------------------------------------ links, lists, files


def linked(north, south):
    received(sharing(a_referral(1), "shared@example.org"), unit=north)
    received(sharing(a_referral(2), "shared@example.org"), unit=south)


def test_a_link_names_what_is_shared_and_leads_to_the_other_case(north, ann):
    linked(north, north)
    shown = body(ann)
    assert "E-mail address shared@example.org" in shown
    assert f'href="{reverse("case", args=[the_case(2).reference])}"' in shown


def test_a_link_to_another_units_case_is_a_stub_with_its_desk(north, south, ann):
    linked(north, south)
    shown = body(ann)
    assert "Another unit's case: ask South desk" in shown
    assert f'href="{reverse("case", args=[the_case(2).reference])}"' not in shown


def test_a_link_to_a_restricted_case_is_nothing(north, ann, supervisor_north, doing_as):
    linked(north, north)
    restrict(the_case(2), readers=[], doing=doing_as(supervisor_north), reason="An invented reason")
    links = body(ann).partition('id="links"')[2].partition("</section>")[0]
    assert "No other case that exists for you" in links
    assert "Links (0)" in body(ann)


@pytest.mark.parametrize(("distance", "match"), [(0, "exact"), (17, "near")])
def test_a_hash_on_a_list_is_a_code_and_exact_or_near_and_never_how_near(north, ann, distance, match):
    received(with_file(a_referral(1)), unit=north)
    version = ListVersion.objects.create(
        name="invented-list", version="7", segment="s", entries=1, loaded_at=NOON, loaded_by="operator"
    )
    Hit.objects.create(
        case=the_case(1),
        list_version=version,
        kind="md5",
        value=LISTED,
        code="A1",
        scheme="industry",
        distance=distance,
    )
    results = body(ann).partition('id="hashes"')[2].partition("</section>")[0]
    for part in ("File 1, MD5", f">{match}<", "invented-list, version 7", "A1", "industry"):
        assert part in results
    assert "17" not in results


def test_a_file_says_what_its_sender_states_and_what_it_does_not(north, ann):
    file = FileFacts(
        key="file-1",
        place="file",
        viewed_by_sender=True,
        publicly_available=False,
        annotations=("viral",),
        classifications=(
            Classification(scheme="industry", code="B2", place="file, class", assigned_by="the platform"),
        ),
    )
    received(a_referral(1, files=(file,)), unit=north)
    files = body(ann).partition('id="files"')[2].partition("</section>")[0]
    assert "<dt>Viewed by the sender</dt><dd>yes</dd>" in files
    assert "<dt>Its metadata viewed</dt><dd>not stated</dd>" in files
    assert "<dt>Publicly available</dt><dd>no</dd>" in files
    assert "B2</span>, industry, by the platform" in files
    assert "viral" in files


# ------------------------------------------------------------------------------------------------ clocks and times


def test_a_clock_for_which_the_profile_sets_no_time_is_said_to_be_unset(north, ann):
    received(a_referral(1), unit=north)
    Clock.objects.update(due_at=None)
    assert "unset in this profile" in body(ann).partition('id="clocks"')[2].partition("</section>")[0]


def test_what_somebody_kept_until_a_past_time_is_folded_away_and_no_alarm(north, ann):
    received(a_referral(1), unit=north)
    Clock.objects.update(due_at=NOON - timedelta(days=2))
    clocks = body(ann).partition('id="clocks"')[2].partition("</section>")[0]
    assert "Data that can no longer be counted on (1)" in clocks
    assert "tm-clock--missed" not in clocks


def test_times_are_the_forces_own_with_the_whole_date(north, ann):
    at = Moment(as_given="2026-07-01T12:00:00Z", at=datetime(2026, 7, 1, 12, tzinfo=UTC))
    received(a_referral(1, incident=at), unit=north)
    assert "1 July 2026, 13:00" in body(ann)


def test_a_time_without_its_zone_says_so(north, ann):
    at = Moment(as_given="2026-07-01 12:00", at=datetime(2026, 7, 1, 12, tzinfo=UTC), zone_stated=False)
    received(a_referral(1, incident=at), unit=north)
    assert "time zone not stated: read as UTC" in body(ann)


def test_a_time_that_cannot_be_read_is_shown_as_given(north, ann):
    received(a_referral(1, incident=Moment(as_given="last Tuesday")), unit=north)
    shown = body(ann)
    assert "cannot be read as a time" in shown
    assert "last Tuesday" in shown


def test_the_timeline_is_newest_first_with_who_and_why(north, ann, doing_as):
    received(a_referral(1), unit=north)
    decide(the_case(1), doing=doing_as(ann), reason="An invented reason")
    timeline = body(ann).partition('id="timeline"')[2].partition("</section>")[0]
    assert timeline.index("Decided") < timeline.index("Received")
    assert "by Ann" in timeline
    assert "An invented reason" in timeline


def test_when_it_happened_is_told_apart_from_when_it_was_recorded(north, ann):
    earlier = replace(a_referral(1), received=Moment(as_given="x", at=NOON - timedelta(days=1)))
    received(earlier, unit=north)
    timeline = body(ann).partition('id="timeline"')[2].partition("</section>")[0]
    assert "happened" in timeline
    assert "1 November 2026, 12:00" in timeline
    assert "2 November 2026, 12:00" in timeline


# ------------------------------------------------------------------------------------------------ referrals


def test_a_report_sent_again_shows_field_by_field_what_changed(north, ann):
    received(a_referral(1, platform="Example Chat"), unit=north)
    received(a_referral(1, platform="Example Mail"), unit=north)
    referrals = body(ann).partition('id="referrals"')[2].partition("</section>")[0]
    assert "What changed against the report" in referrals
    assert ">platform</td>" in referrals
    assert ">Example Chat</td>" in referrals
    assert ">Example Mail</td>" in referrals


def test_the_senders_words_are_folded(north, ann):
    received(a_referral(1, urgent=True, urgent_reason="Invented urgency."), unit=north)
    shown = body(ann)
    before, _, after = shown.partition("Contains the sender's words. Show")
    assert "Invented urgency." not in before
    assert before.rstrip().endswith('<details class="tm-narrative"><summary>')
    assert "Invented urgency." in after


def test_the_senders_name_for_the_type_is_not_shown(north, ann):
    received(a_referral(1, incident_type_given="A foreign word"), unit=north)
    assert "A foreign word" not in body(ann)


def test_what_no_field_took_is_counted_and_folded(north, ann):
    received(a_referral(1, remainder=(Leftover(place="/report/new", value="invented"),)), unit=north)
    assert "1 part of the payload that no field took. Show" in body(ann)


# ------------------------------------------------------------------------------------------------ references


def add(officer, **typed):
    return signed_in(officer).post(reverse("add-reference", args=[the_case(1).reference]), typed)


def test_an_officer_adds_another_systems_number(north, ann):
    received(a_referral(1), unit=north)
    assert add(ann, kind="crime", value=" INV/1 ").status_code == 302
    assert StoredReference.objects.get().value == "INV/1"
    assert "INV/1" in body(ann)
    assert "reference_added" in verbs("history", subject_ref=the_case(1).reference)


@pytest.mark.parametrize("typed", [{}, {"kind": "crime"}, {"value": "INV/1"}, {"kind": "nonsense", "value": "INV/1"}])
def test_a_reference_without_its_parts_is_refused_on_the_page(north, ann, typed):
    received(a_referral(1), unit=north)
    answer = add(ann, **typed)
    assert answer.status_code == 422
    assert "There is a problem" in answer.content.decode()
    assert not StoredReference.objects.exists()


def test_who_only_checks_is_offered_no_form(north, cal):
    received(a_referral(1), unit=north)
    assert "Add a reference" not in body(cal)


# ------------------------------------------------------------------------------------------------ who sees what


def test_a_stub_says_four_things_and_nothing_else(north, ben):
    received(sharing(a_referral(1, platform="Example Chat"), "canary@example.org"), unit=north)
    answer = page(ben)
    shown = answer.content.decode()
    assert answer.status_code == 200
    for part in ("North", "received", "North desk"):
        assert part in shown
    for part in ("canary", "Example Chat", "material", "Child 1"):
        assert part not in shown


def test_a_stub_is_recorded_as_one(north, ben):
    received(a_referral(1), unit=north)
    page(ben)
    assert last_consultation().subject_ref == "case stub"


def last_consultation():
    return Entry.objects.filter(chain="processing", verb="consultation").order_by("-seq").first()


@pytest.mark.parametrize(("name", "logged"), [("case", "case"), ("sheet", "case sheet")])
def test_one_entry_names_every_case_of_which_something_was_shown(north, south, ann, name, logged):
    linked(north, south)
    before = Entry.objects.filter(chain="processing").count()
    page(ann, name=name)
    [entry] = Entry.objects.filter(chain="processing").order_by("seq")[before:]
    assert entry.subject_ref == logged
    assert json.loads(entry.body)["cases"] == [the_case(1).reference, the_case(2).reference]


def test_a_named_reader_is_shown_who_came_near_and_marks_it_as_seen(north, ann, supervisor_north, doing_as):
    received(a_referral(1), unit=north)
    restrict(the_case(1), readers=[], doing=doing_as(supervisor_north), reason="An invented reason")
    page(ann)  # knocks
    assert "somebody tried to open it" in body(supervisor_north)
    signed_in(supervisor_north).post(reverse("alerts-seen", args=[the_case(1).reference]))
    assert Alert.objects.get().seen_at == NOON
    assert "(seen)" in body(supervisor_north)


def test_a_restricted_case_that_came_near_another_is_not_named_to_its_readers(north, south, supervisor_north, doing_as):
    linked(north, south)
    restrict(the_case(1), readers=[], doing=doing_as(supervisor_north), reason="An invented reason")
    Case.objects.filter(pk=the_case(2).pk).update(restricted=True)
    Alert.objects.create(case=the_case(1), kind=Alert.Kind.LINK, at=NOON, by="ben", unit=south, near=the_case(2))
    shown = page(supervisor_north).content.decode()
    assert "Speak to South" in shown
    assert "Their case" not in shown


# ------------------------------------------------------------------------------------------------ the sheet


def test_the_sheet_says_who_printed_it_when_and_how_to_handle_it(north, ann):
    received(a_referral(1), unit=north)
    shown = body(ann, name="sheet")
    assert "Printed by Ann (ann), 2 November 2026, 12:00." in shown
    assert "Handle with care." in shown
    assert "<nav" not in shown


def test_the_sheet_leaves_the_senders_words_and_every_form_out(north, ann):
    received(a_referral(1, passages=(Passage(text="Invented words.", place="narrative"),)), unit=north)
    shown = body(ann, name="sheet")
    assert "Invented words." not in shown
    assert "<form" not in shown


# ------------------------------------------------------------------------------------------------ as a whole


def test_more_links_take_no_more_statements(north, ann):
    received(sharing(a_referral(1), "shared@example.org"), unit=north)
    received(sharing(a_referral(2), "shared@example.org"), unit=north)
    few = statements(ann)
    received(*(sharing(a_referral(number), "shared@example.org") for number in range(3, 12)), unit=north)
    assert statements(ann) == few


def statements(officer):
    client, url = signed_in(officer), reverse("case", args=[the_case(1).reference])
    with CaptureQueriesContext(connection) as captured:
        client.get(url)
    return len(captured)


@pytest.mark.parametrize("name", profile.shipped())
def test_the_pages_are_the_same_under_every_profile_that_ships(north, ann, monkeypatch, name):
    force = profile.load(name)
    monkeypatch.setattr(installation, "force", lambda: force)
    received(at_risk(with_file(a_referral(1))), unit=north)
    assess_waiting(
        doing=Doing(by=Actor.operator("operator"), at=NOON, force=force), instruments=installation.instruments()
    )
    client = signed_in(ann)
    reference = the_case(1).reference
    answers = [
        client.get(reverse("queue")),
        client.get(reverse("queue"), {"tab": "expiring"}),
        client.get(reverse("case", args=[reference])),
        client.get(reverse("sheet", args=[reference])),
        client.post(reverse("search"), {"q": "person-1@example.org"}, follow=True),
    ]
    assert [answer.status_code for answer in answers] == [200] * 5
    assert all(force.name in answer.content.decode() for answer in answers if b"<nav" in answer.content)

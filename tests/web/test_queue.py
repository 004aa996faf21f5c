from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

import tearmann.settings
from tearmann.casework import installation
from tearmann.casework.actions import policy
from tearmann.casework.actions.assess import assess_waiting
from tearmann.casework.actions.moves import allocate, decide
from tearmann.casework.actions.restriction import restrict
from tearmann.casework.doing import Actor, Doing
from tearmann.casework.models import Case, Clock
from tearmann.ledger.models import Entry
from tearmann.people.models import Role, Team
from tearmann.records import RiskCode
from tests.conftest import NOON
from tests.sent import a_referral, at_risk
from tests.web.signed_in import an_officer, received, signed_in, the_case

pytestmark = pytest.mark.django_db


@pytest.fixture
def team(north, ann, supervisor_north):
    team = Team.objects.create(code="NORTH-1", name="North team", unit=north)
    ann.teams.add(team)
    return team


@pytest.fixture
def doing_as(force):
    return lambda officer: Doing(by=Actor.of(officer), at=NOON, force=force)


def switch_on(team, supervisor, doing_as):
    other = an_officer("other-supervisor", Role.SUPERVISOR, team.unit)
    policy.propose_switch(team, officer=supervisor, doing=doing_as(supervisor), reason="An invented reason")
    policy.confirm_switch(team, officer=other, doing=doing_as(other))
    assess_waiting(doing=doing_as(supervisor), instruments=installation.instruments())


def page(officer, **asked):
    return signed_in(officer).get(reverse("queue"), asked)


def shown(answer):
    return [one.row.case.reference for one in answer.context["rows"]]


def test_my_queue_holds_what_my_team_has_and_nobody_owns(team, north, ann):
    received(a_referral(1), unit=north)
    assert shown(page(ann)) == [the_case(1).reference]


def test_my_queue_leaves_out_what_a_colleague_owns(team, north, ann, supervisor_north, doing_as):
    received(a_referral(1), unit=north)
    colleague = an_officer("colleague", Role.DESK_OFFICER, north)
    colleague.teams.add(team)
    decide(the_case(1), doing=doing_as(ann), reason="An invented reason")
    allocate(the_case(1), to=team, owner=colleague, doing=doing_as(supervisor_north), reason="An invented reason")
    assert shown(page(ann)) == []
    assert shown(page(ann, tab="unit")) == [the_case(1).reference]


def test_my_queue_of_somebody_in_no_team_says_so(north, ben):
    assert "You are in no team yet" in page(ben).content.decode()


def test_another_units_cases_are_in_no_tab(south, ann):
    received(a_referral(1), unit=south)
    assert [shown(page(ann, tab=tab)) for tab in ("mine", "unit", "expiring")] == [[], [], []]


def test_an_auditor_sees_every_units_cases_and_can_choose_one(north, south, cal):
    received(a_referral(1), unit=north)
    received(a_referral(2), unit=south)
    assert len(shown(page(cal))) == 2
    assert shown(page(cal, unit=south.code)) == [the_case(2).reference]


def test_a_restricted_case_is_neither_shown_nor_counted(team, north, ann, supervisor_north, doing_as):
    received(a_referral(1), a_referral(2), unit=north)
    restrict(the_case(2), readers=[], doing=doing_as(supervisor_north), reason="An invented reason")
    answer = page(ann, tab="unit")
    assert shown(answer) == [the_case(1).reference]
    assert [one.cases for one, _ in answer.context["stages"]] == [1]


def test_a_named_reader_sees_the_restricted_case(team, north, supervisor_north, doing_as):
    received(a_referral(1), unit=north)
    restrict(the_case(1), readers=[], doing=doing_as(supervisor_north), reason="An invented reason")
    assert shown(page(supervisor_north, tab="unit")) == [the_case(1).reference]


def test_a_row_says_in_words_what_is_reported(team, north, ann):
    received(a_referral(1, platform="Example Chat"), unit=north)
    assert (
        "Child sexual abuse material, 1 child, on Example Chat, from NCMEC CyberTipline" in page(ann).content.decode()
    )


def test_a_reference_is_grouped_to_be_read_and_plain_in_its_link(team, north, ann):
    received(a_referral(1), unit=north)
    plain = the_case(1).reference
    grouped = "-".join(plain[i : i + 3] for i in range(0, 11, 3))
    body = page(ann).content.decode()
    assert f'href="{reverse("case", args=[plain])}">{grouped}</a>' in body


def test_in_shadow_a_row_shows_no_band_and_no_reason(team, north, ann):
    received(a_referral(1), unit=north)
    [row] = page(ann).context["rows"]
    assert [tag.words for tag in row.tags] == ["Shadow mode: oldest first"]
    assert row.why == ("Oldest first",)


def test_in_shadow_a_hard_escalation_is_shown_and_stands_first(team, north, ann):
    received(a_referral(1), at_risk(a_referral(2), RiskCode.DANGER_NOW), unit=north)
    first, second = page(ann).context["rows"]
    assert first.row.case == the_case(2)
    assert [tag.words for tag in first.tags] == ["Escalated", "Shadow mode"]
    assert first.why == ("A child is said to be in danger now",)
    assert second.why == ("Oldest first",)


def test_switched_on_a_row_shows_its_band_and_its_weightiest_reasons(team, north, ann, supervisor_north, doing_as):
    received(a_referral(1, incident_type="enticement"), unit=north)
    switch_on(team, supervisor_north, doing_as)
    [row] = page(ann).context["rows"]
    assert row.tags[0].words in ("Urgent", "Standard")
    assert row.why[0] == "What is reported is contact with a child, not material alone"
    assert len(row.why) == 2


def test_an_unassessed_case_stands_first_and_says_so(team, north, ann):
    received(a_referral(1), at_risk(a_referral(2), RiskCode.DANGER_NOW), unit=north)
    Case.objects.filter(pk=the_case(1).pk).update(assessed_at=None, rank=0, needs_assessment=True)
    first = page(ann).context["rows"][0]
    assert [tag.words for tag in first.tags] == ["Not assessed yet"]
    assert first.why == ("Not assessed yet, so it stands first",)


def test_the_stages_are_counted_with_the_age_of_the_oldest(team, north, ann, doing_as):
    received(a_referral(1), a_referral(2), unit=north)
    decide(the_case(2), doing=doing_as(ann), reason="An invented reason")
    Case.objects.filter(pk=the_case(1).pk).update(state_since=NOON - timedelta(days=3))
    body = page(ann).content.decode()
    assert [(one.state, one.cases) for one, _ in page(ann).context["stages"]] == [("received", 1), ("triaged", 1)]
    assert "oldest 3 days" in body


def test_what_waits_on_others_is_counted_and_shown_only_when_its_stage_is_chosen(team, north, ann):
    received(a_referral(1), unit=north)
    Case.objects.update(state="disseminated")
    answer = page(ann)
    assert (shown(answer), [elsewhere for _, elsewhere in answer.context["stages"]]) == ([], [True])
    assert "waits on others" in answer.content.decode()
    assert shown(page(ann, stage="disseminated")) == [the_case(1).reference]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"stage": "triaged"}, [2]),
        ({"source": "iwf"}, [3]),
        ({"escalated": "on"}, [2]),
        ({"unassessed": "on"}, [1]),
        ({"stage": "nonsense"}, [1, 2, 3]),
        ({"source": "nonsense", "escalated": "on"}, [2]),
    ],
)
def test_filters_choose_and_nonsense_does_not(team, north, ann, doing_as, asked, found):
    received(a_referral(1), at_risk(a_referral(2), RiskCode.DANGER_NOW), a_referral(3, source="iwf"), unit=north)
    decide(the_case(2), doing=doing_as(ann), reason="An invented reason")
    Case.objects.filter(pk=the_case(1).pk).update(assessed_at=None, rank=0)
    assert set(shown(page(ann, **asked))) == {the_case(number).reference for number in found}


def test_a_filter_in_use_is_a_chip_that_takes_it_away(team, north, ann):
    body = page(ann, tab="unit", stage="triaged", escalated="on").content.decode()
    assert '<a class="tm-chip" href="?tab=unit&amp;escalated=on">' in body
    assert "Stage: Triaged" in body


def test_an_empty_list_says_in_words_why(team, ann):
    assert "Nothing is waiting for you." in page(ann).content.decode()
    assert "Take a filter away" in page(ann, escalated="on").content.decode()


def test_expiring_data_has_a_lane_with_the_soonest_first(team, north, ann):
    received(a_referral(1), a_referral(2), unit=north)
    for number, days in ((1, 9), (2, 2)):
        Clock.objects.filter(case=the_case(number)).update(due_at=NOON + timedelta(days=days))
    answer = page(ann, tab="expiring")
    assert shown(answer) == [the_case(2).reference, the_case(1).reference]
    assert "in 2 days" in answer.content.decode()


def test_a_long_queue_goes_on_on_the_next_page(team, north, ann):
    received(*(a_referral(number) for number in range(30)), unit=north)
    first = page(ann)
    link = first.content.decode().partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0]
    second = signed_in(ann).get(reverse("queue") + link.replace("&amp;", "&"))
    assert (len(shown(first)), len(shown(second))) == (25, 5)
    assert not set(shown(first)) & set(shown(second))


@pytest.mark.parametrize("after", ["nonsense", "1~2~3", "1~2026-11-02T12:00:00+00:00~x", "\0"])
def test_a_nonsense_cursor_is_the_first_page(team, north, ann, after):
    received(a_referral(1), unit=north)
    assert shown(page(ann, after=after)) == [the_case(1).reference]


@pytest.mark.parametrize("tab", ["mine", "unit", "expiring"])
def test_more_rows_take_no_more_statements(team, north, ann, tab):
    client = signed_in(ann)
    received(*(a_referral(number, urgent=True) for number in range(2)), unit=north)
    Clock.objects.update(due_at=NOON + timedelta(days=3))
    few = statements(client, tab)
    received(*(a_referral(number, urgent=True) for number in range(10, 30)), unit=north)
    Clock.objects.update(due_at=NOON + timedelta(days=3))
    assert statements(client, tab) == few


def statements(client, tab):
    with CaptureQueriesContext(connection) as captured:
        client.get(reverse("queue"), {"tab": tab})
    return len(captured)


def test_one_entry_names_what_the_page_showed(team, north, ann):
    received(a_referral(1), a_referral(2), unit=north)
    before = Entry.objects.filter(chain="processing").count()
    page(ann)
    [entry] = Entry.objects.filter(chain="processing").order_by("seq")[before:]
    assert (entry.verb, entry.subject_ref, entry.actor_ref) == ("consultation", "queue", "ann")
    assert json.loads(entry.body)["cases"] == sorted([the_case(1).reference, the_case(2).reference])


def test_named_readers_are_told_on_their_queue_that_somebody_came_near(team, north, ann, supervisor_north, doing_as):
    received(a_referral(1), unit=north)
    restrict(the_case(1), readers=[], doing=doing_as(supervisor_north), reason="An invented reason")
    signed_in(ann).get(reverse("case", args=[the_case(1).reference]))
    assert "Somebody came near a restricted case" in page(supervisor_north).content.decode()
    assert "came near" not in page(ann).content.decode()


def test_who_keeps_accounts_is_sent_to_the_people(administrator):
    assert page(administrator)["Location"] == reverse("people")


def test_every_page_says_whose_it_is(ann):
    assert "Invented Police Force" in page(ann).content.decode()


def test_a_demonstration_says_so_on_every_page(ann, monkeypatch):
    monkeypatch.setattr(tearmann.settings, "TEARMANN", replace(tearmann.settings.TEARMANN, demo=True))
    assert "Demonstration: everything here is invented." in page(ann).content.decode()


def test_what_is_no_demonstration_does_not_say_so(ann):
    assert "Demonstration" not in page(ann).content.decode()

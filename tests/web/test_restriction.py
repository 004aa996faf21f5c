from __future__ import annotations

import pytest
from django.urls import reverse

from tearmann.casework.models import Alert, NamedReader
from tearmann.people.models import Role
from tearmann.web import guard
from tests.conftest import NOON
from tests.sent import a_referral
from tests.web.signed_in import an_officer, received, signed_in, the_case, verbs

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon(monkeypatch):
    monkeypatch.setattr(guard, "now", lambda: NOON)


@pytest.fixture
def case(north):
    received(a_referral(1), unit=north)
    return the_case(1)


@pytest.fixture
def restricted(case, supervisor_north, ann):
    """The case, restricted to the supervisor and Ann."""
    act(signed_in(supervisor_north), case, "restrict", **{"restrict-readers": ["ann"], "restrict-reason": "Invented"})
    case.refresh_from_db()
    return case


def url(case):
    return reverse("restriction", args=[case.reference])


def act(client, case, name, **typed):
    return client.post(url(case), {"act": name} | typed)


RESTRICT = {"restrict-reason": "An invented reason"}
NAME = {"name-sign_in": "ben", "name-reason": "An invented reason"}
LIFT = {"lift-reason": "An invented reason"}


def readers(case):
    return sorted(NamedReader.objects.filter(case=case).values_list("officer__sign_in", flat=True))


def test_a_supervisor_of_the_unit_restricts_and_is_always_a_reader(case, ann, ben, supervisor_north):
    typed = {"restrict-readers": ["ann"], "restrict-elsewhere": " BEN ,", "restrict-reason": "An invented reason"}
    answer = act(signed_in(supervisor_north), case, "restrict", **typed)
    case.refresh_from_db()
    assert answer["Location"] == url(case)
    assert case.restricted
    assert readers(case) == ["ann", "ben", "supervisor-north"]
    assert "restricted" in verbs("history", subject_ref=case.reference)


OTHERS = [role for role in Role if role not in (Role.SUPERVISOR, Role.ADMINISTRATOR)]


@pytest.mark.parametrize("role", OTHERS)
def test_others_who_read_the_case_restrict_nothing(case, north, role):
    client = signed_in(an_officer("somebody", role, north))
    assert act(client, case, "restrict", **RESTRICT).status_code == 403
    case.refresh_from_db()
    assert not case.restricted


def test_those_who_may_do_nothing_here_see_no_page(case):
    client = signed_in(an_officer("somebody", Role.ANALYST, case.unit))
    assert client.get(url(case)).status_code == 403


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.DESK_OFFICER])
def test_another_unit_finds_no_case(case, south, role):
    client = signed_in(an_officer("somebody", role, south))
    assert client.get(url(case)).status_code == 404
    assert act(client, case, "restrict", **RESTRICT).status_code == 404
    case.refresh_from_db()
    assert not case.restricted


def test_an_administrator_finds_no_case(case, administrator):
    assert signed_in(administrator).get(url(case)).status_code == 404


@pytest.mark.parametrize(
    ("name", "typed"), [("name_reader", NAME), ("lift_restriction", LIFT), ("mark_alerts_seen", {})]
)
def test_a_restricted_case_is_nothing_to_a_supervisor_who_is_not_named(restricted, ben, name, typed):
    client = signed_in(an_officer("somebody", Role.SUPERVISOR, restricted.unit))
    assert client.get(url(restricted)).status_code == 404
    assert act(client, restricted, name, **typed).status_code == 404
    restricted.refresh_from_db()
    assert restricted.restricted
    assert readers(restricted) == ["ann", "supervisor-north"]


def test_asking_for_a_restricted_case_tells_its_readers(restricted, ben, supervisor_north):
    signed_in(ben).get(url(restricted))
    page = signed_in(supervisor_north).get(url(restricted))
    assert Alert.objects.get().by == "ben"
    assert "South desk" in page.text


def test_one_more_reader_is_named(restricted, ben, supervisor_north):
    act(signed_in(supervisor_north), restricted, "name_reader", **NAME)
    assert readers(restricted) == ["ann", "ben", "supervisor-north"]


def test_a_named_desk_officer_names_and_lifts_nothing(restricted, ann, ben):
    client = signed_in(ann)
    assert act(client, restricted, "name_reader", **NAME).status_code == 403
    assert act(client, restricted, "lift_restriction", **LIFT).status_code == 403
    page = client.get(url(restricted))
    assert page.status_code == 200
    assert "<textarea" not in page.text


def test_a_restriction_is_lifted(restricted, supervisor_north):
    act(signed_in(supervisor_north), restricted, "lift_restriction", **LIFT)
    restricted.refresh_from_db()
    assert not restricted.restricted
    assert readers(restricted) == []


def test_a_named_reader_marks_alerts_as_seen(restricted, ann, ben):
    signed_in(ben).get(url(restricted))
    act(signed_in(ann), restricted, "mark_alerts_seen")
    assert Alert.objects.get().seen_at == NOON


@pytest.mark.parametrize(
    ("name", "typed", "field"),
    [
        ("restrict", {}, "reason"),
        ("restrict", RESTRICT | {"restrict-elsewhere": "nobody"}, "elsewhere"),
        ("restrict", RESTRICT | {"restrict-readers": ["ben"]}, "readers"),
    ],
)
def test_what_is_wrong_with_a_restriction_is_told_beside_the_field(case, ben, supervisor_north, name, typed, field):
    page = act(signed_in(supervisor_north), case, name, **typed)
    case.refresh_from_db()
    assert page.status_code == 422
    assert field in page.context["form"].errors
    assert not case.restricted


@pytest.mark.parametrize(
    ("name", "typed", "field"),
    [
        ("name_reader", NAME | {"name-sign_in": "nobody"}, "sign_in"),
        ("name_reader", {"name-sign_in": "ben"}, "reason"),
        ("lift_restriction", {}, "reason"),
    ],
)
def test_what_is_wrong_with_a_change_is_told_beside_the_field(restricted, ben, supervisor_north, name, typed, field):
    page = act(signed_in(supervisor_north), restricted, name, **typed)
    assert page.status_code == 422
    assert field in page.context["form"].errors
    assert readers(restricted) == ["ann", "supervisor-north"]


def test_a_case_is_not_restricted_twice(restricted, supervisor_north):
    assert act(signed_in(supervisor_north), restricted, "restrict", **RESTRICT).status_code == 409


def test_a_case_that_is_not_restricted_has_nothing_to_lift(case, supervisor_north):
    assert act(signed_in(supervisor_north), case, "lift_restriction", **LIFT).status_code == 409


def test_an_unknown_act_is_not_found(case, supervisor_north):
    assert act(signed_in(supervisor_north), case, "everything").status_code == 404


def test_a_restriction_without_a_csrf_token_is_refused(case, supervisor_north):
    assert act(signed_in(supervisor_north, checks_csrf=True), case, "restrict", **RESTRICT).status_code == 403
    case.refresh_from_db()
    assert not case.restricted

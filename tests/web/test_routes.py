"""Who may call which page: every route, for every role, on an own case, another unit's and a restricted one."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from django.urls import reverse

from tearmann.casework.actions import reading
from tearmann.casework.actions.restriction import restrict
from tearmann.casework.doing import Actor, Doing
from tearmann.casework.models import Case, Payload
from tearmann.intake.files import File
from tearmann.people.models import Officer, Role
from tearmann.web.urls import urlpatterns
from tests.conftest import NOON
from tests.sent import a_referral
from tests.web.signed_in import an_officer, received, signed_in, the_case

pytestmark = pytest.mark.django_db

ROLES = (
    Role.DESK_OFFICER,
    Role.SUPERVISOR,
    Role.ANALYST,
    Role.LEADER,
    Role.INSPECTOR,
    Role.AUDITOR,
    Role.DATA_PROTECTION,
    Role.ADMINISTRATOR,
)
NOTHING = "404 404 404 404 404 404 404 404"

# Route, method -> what is at stake -> the status for each of ROLES, in their order.
#                                        desk supervisor analyst leader inspector auditor data-protection administrator
TABLE: dict[tuple[str, str], dict[str, str]] = {
    ("sign-in", "get"): {"nothing": "302 302 302 302 302 302 302 302"},
    ("sign-out", "post"): {"nothing": "302 302 302 302 302 302 302 302"},
    ("password", "get"): {"nothing": "200 200 200 200 200 200 200 200"},
    ("queue", "get"): {"nothing": "200 200 200 200 200 200 200 302"},
    ("search", "get"): {"nothing": "200 200 200 200 200 200 200 200"},
    ("search", "post"): {"nothing": "302 302 302 302 302 302 302 302"},
    ("search-results", "get"): {"somebody's search": NOTHING},  # only whoever searched
    # Another unit's case is a stub to those who read their own unit only, and read by those who check.
    ("case", "get"): {
        "own": "200 200 200 200 200 200 200 404",
        "other": "200 200 200 200 200 200 200 404",
        "restricted": NOTHING,
    },
    ("sheet", "get"): {
        "own": "200 200 200 200 200 200 200 404",
        "other": "404 404 404 404 200 200 200 404",
        "restricted": NOTHING,
    },
    ("add-reference", "post"): {
        "own": "302 302 403 403 403 403 403 404",
        "other": "404 404 404 404 403 403 403 404",
        "restricted": NOTHING,
    },
    ("alerts-seen", "post"): {
        "own": "302 302 403 403 403 403 403 404",
        "other": "404 404 404 404 403 403 403 404",
        "restricted": NOTHING,
    },
    ("restriction", "get"): {
        "own": "200 200 403 403 403 403 403 404",
        "other": "404 404 404 404 403 403 403 404",
        "restricted": NOTHING,
    },
    ("payload", "get"): {
        "own": "403 200 403 403 403 403 200 404",
        "other": "404 404 404 404 403 403 200 404",
        "restricted": NOTHING,
    },
    ("payload", "post"): {
        "own": "403 200 403 403 403 403 200 404",
        "other": "404 404 404 404 403 403 200 404",
        "restricted": NOTHING,
    },
    ("desk", "get"): {"nothing": "200 200 403 403 403 403 403 403"},
    ("desk-received", "get"): {"own": NOTHING, "other": NOTHING, "restricted": NOTHING},  # only whoever typed it
    ("upload", "get"): {"nothing": "200 200 403 403 403 403 403 403"},
    ("quarantine", "get"): {"nothing": "200 200 200 200 200 200 200 403"},
    ("quarantined", "get"): {
        "own quarantine": "200 200 200 200 200 200 200 403",
        "other quarantine": "404 404 404 404 200 200 200 403",
    },
    ("people", "get"): {"nothing": "403 403 403 403 403 403 403 200"},
    ("new-person", "get"): {"nothing": "403 403 403 403 403 403 403 200"},
    ("person", "get"): {"somebody": "403 403 403 403 403 403 403 200"},
    ("teams", "get"): {"nothing": "200 200 200 200 200 200 200 200"},
    ("profile", "get"): {"nothing": "200 200 200 200 200 200 200 200"},
    ("policy", "get"): {"nothing": "200 200 200 200 200 200 200 200"},
}
BODIES = {
    "add-reference": {"kind": "crime", "value": "invented 1"},
    "search": {"q": "person-1@example.org"},
    "payload": {"reason": "An invented reason"},
}


@dataclass
class World:
    """One officer of each role, all of the north, and something of each kind that a route can be about."""

    officers: dict[Role, Officer]
    cases: dict[str, Case]
    payloads: dict[str, str]
    search: str

    def args(self, route: str, stake: str) -> list[str]:
        if stake == "nothing":
            return []
        if stake == "somebody":
            return ["keeper"]
        if stake == "somebody's search":
            return [self.search]
        if stake in self.payloads:
            return [self.payloads[stake]]
        case = self.cases[stake]
        sha256 = case.referrals.get().payload.sha256
        return {"payload": [case.reference, sha256], "desk-received": [sha256]}.get(route, [case.reference])


@pytest.fixture
def world(north, south, force):
    officers = {role: an_officer(role.value.replace("_", "-"), role, north) for role in ROLES}
    keeper = an_officer("keeper", Role.SUPERVISOR, north)
    received(a_referral(1), unit=north)
    received(a_referral(2), unit=south)
    received(a_referral(3), unit=north)
    doing = Doing(by=Actor.of(keeper), at=NOON, force=force)
    restrict(the_case(3), readers=[keeper], doing=doing, reason="An invented reason")
    received(File(name="broken.json", body=b'{"broken": 1'), unit=north)
    received(File(name="broken.json", body=b'{"broken": 2'), unit=south)
    set_aside = Payload.objects.filter(state="quarantined").order_by("pk").values_list("sha256", flat=True)
    search = reading.searched("person-1@example.org", (), cases=(), doing=doing)
    return World(
        search=search,
        officers=officers,
        cases={"own": the_case(1), "other": the_case(2), "restricted": the_case(3)},
        payloads=dict(zip(("own quarantine", "other quarantine"), set_aside, strict=True)),
    )


SPECS = [(name, method, stake, row) for (name, method), stakes in TABLE.items() for stake, row in stakes.items()]


@pytest.mark.parametrize(("name", "method", "stake", "row"), SPECS, ids=lambda spec: spec if len(spec) < 20 else "")
def test_each_role_gets_the_answer_of_the_table(world, name, method, stake, row):
    url = reverse(name, args=world.args(name, stake))
    answers = {}
    for role in ROLES:
        client = signed_in(world.officers[role])
        answers[role] = getattr(client, method)(url, BODIES.get(name, {})).status_code
    assert answers == dict(zip(ROLES, map(int, row.split()), strict=True))


def test_every_route_stands_in_the_table():
    assert {name for name, _ in TABLE} == {pattern.name for pattern in urlpatterns}


@pytest.mark.parametrize(("name", "method"), list(TABLE))
def test_whoever_is_not_signed_in_is_sent_to_sign_in(world, client, name, method):
    if name == "sign-in":
        assert client.get(reverse(name)).status_code == 200
        return
    answer = getattr(client, method)(reverse(name, args=world.args(name, next(iter(TABLE[name, method])))))
    assert answer["Location"].startswith(reverse("sign-in"))


@pytest.mark.parametrize("name", ["sign-out", "add-reference", "alerts-seen"])
def test_what_changes_something_takes_a_post(world, name):
    args = [] if name == "sign-out" else [world.cases["own"].reference]
    assert signed_in(world.officers[Role.SUPERVISOR]).get(reverse(name, args=args)).status_code == 405


def test_what_is_restricted_answers_as_what_is_not_there(world):
    client = signed_in(world.officers[Role.SUPERVISOR])
    for name in ("case", "sheet", "restriction"):
        absent = client.get(reverse(name, args=["00000000000"]))
        hidden = client.get(reverse(name, args=[world.cases["restricted"].reference]))
        assert _same(absent) == _same(hidden)


def test_acts_on_what_is_restricted_answer_as_on_what_is_not_there(world):
    client = signed_in(world.officers[Role.SUPERVISOR])
    for name in ("add-reference", "alerts-seen"):
        absent = client.post(reverse(name, args=["00000000000"]), BODIES.get(name, {}))
        hidden = client.post(reverse(name, args=[world.cases["restricted"].reference]), BODIES.get(name, {}))
        assert _same(absent) == _same(hidden)


def _same(answer):
    """An answer without what differs between any two: the token of its forms."""
    body = re.sub(rb'name="csrfmiddlewaretoken" value="[^"]*"', b"", answer.content)
    return answer.status_code, dict(answer.headers), body

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils.html import escape

from tearmann.casework.actions.policy import approve_policy
from tearmann.casework.doing import Actor, Doing
from tearmann.people.models import Role
from tearmann.profile import describe, load
from tearmann.triage import policy as policies
from tearmann.triage.explain import describe as explain
from tearmann.web import guard
from tests.conftest import NOON
from tests.web.signed_in import an_officer, signed_in

pytestmark = pytest.mark.django_db

PROFILE, POLICY = reverse("profile"), reverse("policy")


@pytest.fixture(autouse=True)
def noon(monkeypatch):
    monkeypatch.setattr(guard, "now", lambda: NOON)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("url", [PROFILE, POLICY])
def test_everybody_who_is_signed_in_may_know_by_what_they_work(north, role, url):
    assert signed_in(an_officer("somebody", role, north)).get(url).status_code == 200


@pytest.mark.parametrize("url", [PROFILE, POLICY])
def test_nobody_who_is_not_signed_in_may(client, db, url):
    assert client.get(url)["Location"].startswith(reverse("sign-in"))


@pytest.mark.parametrize("url", [PROFILE, POLICY])
def test_neither_page_can_be_posted_to(ann, url):
    assert signed_in(ann).post(url).status_code == 405


@pytest.mark.parametrize("name", ["demo", "scotland"])
def test_every_value_of_a_profile_is_shown_with_its_source(ann, monkeypatch, name):
    force = load(name)
    monkeypatch.setattr(guard, "force", lambda: force)
    page = signed_in(ann).get(PROFILE)
    for row in describe(force):
        assert escape(row.value) in page.text
        assert escape(row.source) in page.text
    shown = [(row.name, row.source, number) for _, held in page.context["tables"] for row, number in held]
    numbers = {source: number for number, source in page.context["sources"]}
    assert [number for _, _, number in shown] == [numbers.get(source) for _, source, _ in shown]
    assert len(shown) == len(describe(force))


def test_what_is_unset_says_so(ann, monkeypatch):
    monkeypatch.setattr(guard, "force", lambda: load("scotland"))
    page = signed_in(ann).get(PROFILE)
    assert '<span class="tm-unset">unset' in page.text
    assert "23 unset" in page.text


def test_an_invented_profile_says_so_loudly_and_a_true_one_does_not(ann, monkeypatch):
    client = signed_in(ann)
    assert "All of this is invented" in client.get(PROFILE).text
    monkeypatch.setattr(guard, "force", lambda: load("scotland"))
    assert "All of this is invented" not in client.get(PROFILE).text


def test_every_escalation_and_rule_of_the_policy_in_force_is_shown(ann):
    page = signed_in(ann).get(POLICY)
    policy = policies.load()
    for row in explain(policy):
        assert escape(row.when) in page.text
        assert escape(row.reason) in page.text
    assert policy.digest in page.text
    assert policy.version in page.text


def test_the_shipped_policy_is_said_to_be_the_products_default(ann):
    assert "product’s own default" in signed_in(ann).get(POLICY).text


def test_an_approved_policy_says_who_approved_it(ann, force, tmp_path):
    text = policies.SHIPPED.read_text().replace('version = "2026-1"', 'version = "ours-1"')
    path = tmp_path / "policy.toml"
    path.write_text(text)
    approve_policy(path, doing=Doing(by=Actor.operator("operator"), at=NOON, force=force))
    page = signed_in(ann).get(POLICY)
    assert "product’s own default" not in page.text
    assert "ours-1" in page.text
    assert "2 November 2026, 12:00, by operator" in page.text

"""Every page in every state, as wide as a desk and as a phone: accessible, in reach of a keyboard, and no wider."""

from __future__ import annotations

import pytest

from tearmann.web.urls import urlpatterns
from tests.browser.conftest import HEIGHTS, NARROW, WIDE, Take, Visit
from tests.browser.looked_at import faults_of
from tests.browser.pages import STATES, Open, State
from tests.browser.served import Served

pytestmark = pytest.mark.browser


def test_every_route_is_looked_at():
    assert {pattern.name for pattern in urlpatterns} - {state.route for state in STATES} == set()


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.code)
def test_a_page_has_no_fault(state: State, visit: Visit, served: Served, take: Take):
    page = visit(state.by)
    state.opens(Open(page=page, served=served, visit=visit))
    page.get_by_text(state.says).first.wait_for(state="attached")
    faults = []
    for width in (WIDE, NARROW):
        page.set_viewport_size({"width": width, "height": HEIGHTS[width]})
        faults += [f"at {width} pixels: {fault}" for fault in faults_of(page)]
        take(page, f"{state.code}-{width}")
    assert faults == []

"""That the looking sees: a page with one fault, and what is said of it."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Visit
from tests.browser.looked_at import faults_of

pytestmark = pytest.mark.browser

WHOLE = '<!DOCTYPE html><html lang="en"><title>T</title><main><h1>A page</h1>{}</main></html>'
FAULTS = {
    "an image without words": ('<img src="data:,">', "image-alt: "),
    "faint words": ('<p style="color: #aaa">Words</p>', "color-contrast: "),
    "links too close": (
        '<ul style="line-height: 12px; font-size: 10px"><li><a href="#a">a</a><li><a href="#b">b</a></ul>',
        "target-size: ",
    ),
    "a small button": ('<button style="height: 20px; width: 90px">Go</button>', "smaller than 24 pixels "),
    "a wide page": ('<div style="width: 3000px">Words</div>', "scrolls sideways "),
    "focus that does not show": ('<a href="#a" style="outline: none">Somewhere</a>', "looks the same in focus: "),
    "focus behind something": (
        '<a href="#a">Somewhere</a><div style="position: fixed; inset: 0; background: white">Words</div>',
        "hidden behind something in focus: ",
    ),
}


@pytest.mark.parametrize("what", FAULTS)
def test_a_fault_is_seen(what: str, visit: Visit):
    page, (part, said) = visit(), FAULTS[what]
    page.set_content(WHOLE.format(part))
    assert any(fault.startswith(said) for fault in faults_of(page))


def test_a_page_without_a_fault_is_left_alone(visit: Visit):
    page = visit()
    page.set_content(WHOLE.format('<p>Words</p><a href="#a">Somewhere</a>'))
    assert list(faults_of(page)) == []


def test_what_the_policy_refuses_is_heard(visit: Visit, complaints: list[str]):
    page = visit()
    page.goto("/sign-in/")
    with page.expect_console_message(lambda message: message.text.startswith("refused by the policy: style-src")):
        page.evaluate("document.body.insertAdjacentHTML('beforeend', '<p style=\"color: red\">Words</p>')")
    assert any(complaint.startswith("console: refused by the policy") for complaint in complaints)
    complaints.clear()


def test_what_is_asked_of_another_host_is_heard(visit: Visit, complaints: list[str]):
    page = visit()
    page.route("**/*", lambda route: route.abort())
    page.set_content('<img src="http://pictures.example.org/one.png" alt="">')
    assert "asks for http://pictures.example.org/one.png" in complaints
    complaints.clear()

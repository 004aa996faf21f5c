"""One Chromium and one served store for all browser tests; a fresh browser context for each visit.

Whatever a test is about, no page it visits may write an error on the console, be refused by the content-security
policy, or ask another host for anything.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, StorageState, sync_playwright

from tests.browser.served import Served, serve
from tests.shape.tree import ROOT

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Quiet: it asks for no update, reports to nobody and looks no host up. Root cannot have its sandbox.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
WIDE, NARROW = 1440, 360
HEIGHTS = {WIDE: 900, NARROW: 740}

REFUSED = """
document.addEventListener("securitypolicyviolation", (event) => {
  console.error(`refused by the policy: ${event.violatedDirective} ${event.blockedURI}`);
});
"""
# The page itself, answered with a fault on purpose: Chromium writes that on the console too.
ANSWERED = re.compile(r"Failed to load resource: the server responded with a status of 4\d\d")

Visit = Callable[..., Page]
Take = Callable[[Page, str], None]


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    # Package-wide and no longer: while Playwright runs, Django takes this thread for an asynchronous one.
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=found, args=FLAGS)


@pytest.fixture(scope="package")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    # For the picture in the README the whole demonstration; else as much as shows everything, and is soon made.
    referrals = 2200 if os.environ.get("SCREENSHOTS") == "docs" else 120
    with serve(tmp_path_factory.mktemp("served"), referrals=referrals) as installation:
        yield installation


@pytest.fixture
def on_each_store(served: Served) -> Served:
    """The served store, for a test that is asked again on a second store (see tests/required.py)."""
    return served


@pytest.fixture(scope="package")
def sessions() -> dict[str, StorageState]:
    """Who has signed in already, by sign-in name."""
    return {}


@pytest.fixture
def complaints() -> Iterator[list[str]]:
    """What the pages of a test wrote on the console and asked of other hosts. At its end there may be none."""
    heard: list[str] = []
    yield heard
    assert heard == []


@pytest.fixture
def visit(
    browser: Browser, served: Served, sessions: dict[str, StorageState], complaints: list[str]
) -> Iterator[Visit]:
    """Open a page of a fresh browser context, as somebody who is signed in, or as nobody."""
    contexts: list[BrowserContext] = []

    def open_context(width: int, *, javascript: bool = True, state: StorageState | None = None) -> BrowserContext:
        context = browser.new_context(
            base_url=served.address,
            viewport={"width": width, "height": HEIGHTS[width]},
            java_script_enabled=javascript,
            storage_state=state,
            locale="en-GB",
            reduced_motion="reduce",
        )
        context.set_default_timeout(30_000)  # generous: a busy machine is no fault of the page
        context.add_init_script(REFUSED)
        context.on("console", lambda message: complaints.extend(_complaint(message)))
        context.on("weberror", lambda error: complaints.append(f"script: {error.error}"))
        context.on("request", lambda request: complaints.extend(_stranger(request, served)))
        contexts.append(context)
        return context

    def visit(officer: str | None = None, *, width: int = WIDE, javascript: bool = True) -> Page:
        if officer is not None and officer not in sessions:
            door = open_context(WIDE)
            sign_in(door.new_page(), officer, served.password)
            sessions[officer] = door.storage_state()
        state = sessions[officer] if officer is not None else None
        return open_context(width, javascript=javascript, state=state).new_page()

    yield visit
    for context in contexts:
        context.close()


def sign_in(page: Page, officer: str, password: str) -> None:
    page.goto("/sign-in/")
    page.get_by_label("Sign-in name").fill(officer)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Sign out").wait_for()


def _complaint(message: ConsoleMessage) -> list[str]:
    if message.type not in ("error", "warning"):
        return []
    page = message.page
    is_the_page = page is not None and message.location["url"].split("#")[0] == page.url.split("#")[0]
    return [] if is_the_page and ANSWERED.match(message.text) else [f"console: {message.text}"]


def _stranger(request: Request, served: Served) -> list[str]:
    return [] if request.url.startswith((f"{served.address}/", "data:", "blob:")) else [f"asks for {request.url}"]


@pytest.fixture(scope="package")
def take() -> Take:
    """Take a picture of a whole page, where SCREENSHOTS asks for pictures; git does not see them."""
    folder = ROOT / ".build" / "screenshots"
    asked_for = bool(os.environ.get("SCREENSHOTS"))
    if asked_for:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)

    def take(page: Page, name: str) -> None:
        if asked_for:
            page.screenshot(path=folder / f"{name}.png", full_page=True)

    return take

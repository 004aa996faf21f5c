"""The main job in a browser: what somebody sees and does, from signing in to signing out.

Each part stands by itself, on a store that others have used before it.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from tests.browser.conftest import NARROW, Take, Visit, sign_in
from tests.browser.keyboard import Keyboard
from tests.browser.pages import BROKEN, REASON
from tests.browser.served import Served

pytestmark = pytest.mark.browser

Here = Callable[..., str]


@pytest.fixture
def at(on_each_store: Served) -> Here:
    """The path of a page; of one about a case by what that case shows (see store.py)."""

    def at(route: str, case: str | None = None) -> str:
        return reverse(route, args=[on_each_store.reference(case)] if case else [])

    return at


def a_report(address: str) -> bytes:
    """A small CyberTipline report about the account of that address."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<report>
  <incidentSummary>
    <incidentType>Online Enticement of Children for Sexual Acts</incidentType>
    <platform>Example Chat</platform>
    <incidentDateTime>2026-11-02T18:00:00Z</incidentDateTime>
  </incidentSummary>
  <reporter><reportingPerson><email>safety@example.org</email></reportingPerson></reporter>
  <personOrUserReported>
    <personOrUserReportedPerson><email>{address}</email></personOrUserReportedPerson>
    <screenName>invented_{secrets.token_hex(4)}</screenName>
  </personOrUserReported>
</report>
""".encode()


def a_new_address() -> str:
    return f"invented-{secrets.token_hex(4)}@example.org"


def spoken(reference: str) -> str:
    return "-".join(reference[start : start + 3] for start in range(0, len(reference), 3))


def send(page: Page, *files: tuple[str, bytes]) -> None:
    page.goto(reverse("upload"))
    page.get_by_label("Files").set_input_files(
        [{"name": name, "mimeType": "text/xml", "buffer": body} for name, body in files]
    )
    page.get_by_role("button", name="Take them in").click()


def look_for(page: Page, typed: str) -> None:
    page.goto(reverse("search"))
    page.get_by_label("Look for").fill(typed)
    page.get_by_role("button", name="Search").click()


def test_the_queue_says_why_a_case_stands_there_and_for_how_long(visit: Visit, on_each_store: Served):
    page = visit()
    page.goto("/")
    expect(page).to_have_title("Sign in – Tearmann")
    sign_in(page, "ann", on_each_store.password)
    first = page.locator(".tm-case").first
    expect(page.get_by_role("heading", level=1)).to_have_text("My queue")
    expect(page.get_by_role("list", name="Open cases by stage")).to_contain_text("oldest")
    for row in page.locator(".tm-case").all():
        expect(row.locator(".tm-case__why li").first).to_be_visible()
        expect(row.locator(".tm-case__ages")).to_contain_text(re.compile(r"Stage \w+ for \d+ \w+|less than a minute"))
    expect(first).to_contain_text("Immediate")
    expect(first).to_contain_text("Escalated")


def test_data_that_is_soon_lost_has_a_lane_of_its_own(visit: Visit, at: Here, on_each_store: Served):
    page = visit("ann")
    page.goto(at("queue"))
    page.get_by_role("link", name="Expiring data").click()
    row = page.locator(".tm-case").filter(has_text=spoken(on_each_store.reference("full")))
    expect(row).to_contain_text("Data expires")
    expect(row).to_contain_text("Latest day that an IP event's records are kept")


def test_a_case_shows_the_child_first_and_the_narrative_folded(visit: Visit, at: Here, on_each_store: Served):
    page = visit("ann")
    page.goto(at("queue"))
    page.get_by_role("link", name=spoken(on_each_store.reference("full"))).click()
    headings = page.locator("main h2").all_inner_texts()
    child = page.locator(".tm-person--child").first
    narrative = page.get_by_text("Invented words of a sender, for a test.")
    assert headings[:3] == ["Children", "People involved", "Why here"]
    expect(child.locator(".tm-risks")).to_contain_text("Sextortion")
    expect(child.locator(".tm-risks .tm-place")).to_contain_text("victim, risk")
    expect(page.locator(".tm-reasons").first).to_contain_text("blackmailed")
    expect(page.locator(".tm-links")).to_contain_text("E-mail address")
    expect(page.get_by_role("table", name="Hashes of this case that a list holds")).to_contain_text("exact")
    expect(narrative).to_be_hidden()
    page.get_by_text("Contains the sender's words. Show").click()
    expect(narrative).to_be_visible()


def test_another_systems_number_is_kept_and_stands_on_the_sheet(visit: Visit, at: Here):
    page, number = visit("ann"), f"INC-{secrets.token_hex(3)}"
    page.goto(at("case", "full"))
    page.get_by_text("Add a reference").click()
    page.get_by_label("Kind of reference").select_option(label="Incident")
    page.get_by_label("Number").fill(number)
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("status")).to_have_text("The reference is added.")
    expect(page.get_by_role("region", name="References to other systems")).to_contain_text(number)
    page.get_by_role("link", name="Case sheet to print").click()
    page.emulate_media(media="print")
    expect(page.get_by_text("Handle with care.")).to_be_visible()
    expect(page.get_by_text("Printed by Ann (ann)")).to_be_visible()
    expect(page.get_by_text(number)).to_be_visible()
    expect(page.get_by_role("button", name="Print")).to_be_hidden()
    expect(page.get_by_text("Invented words of a sender")).to_have_count(0)


def test_on_paper_nothing_is_folded(visit: Visit, at: Here, take: Take):
    page = visit("ann")
    page.goto(at("sheet", "long"))
    folded = page.locator(".govuk-details:not(.tm-screen-only) .govuk-details__text")
    expect(folded.first).to_be_hidden()
    page.emulate_media(media="print")
    for one in folded.all():
        expect(one).to_be_visible()
    take(page, "sheet-on-paper")


def test_a_call_is_typed_at_the_desk_by_keyboard_alone(visit: Visit, at: Here):
    page, address = visit("ann"), a_new_address()
    keys = Keyboard(page)
    page.goto(at("desk"))
    keys.follow("Receive this referral")
    expect(page).to_have_title(re.compile("^Error: "))
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    keys.reach("Say whether a child is in danger now, or that it is not known")
    keys.press("Enter")
    assert keys.here() == "Yes"
    keys.press("Space")
    keys.type("Why it cannot wait", "An invented reason")
    keys.reach("Phone")
    keys.press("Space")
    keys.type("What it is about", "Online")
    keys.type("Name", "Cal Example", after="When it happened")
    keys.type("Age in years", "11")
    keys.type("Kind", "E-mail", after="How they know the child")
    keys.type("As it was given", address)
    keys.type("Whose", "Person involved 1")
    keys.type("What was said or seen", "Invented for a test; nothing happened.")
    keys.follow("Receive this referral")
    expect(page.get_by_role("heading", level=1)).to_have_text("Received")
    keys.follow("Open the case")
    expect(page.locator(".tm-person--child").first).to_contain_text("In danger now")
    expect(page.locator(".tm-person--child").first).to_contain_text("11 years")
    expect(page.get_by_role("region", name="People involved")).to_contain_text(address)
    expect(page.get_by_role("region", name="Case in view")).to_contain_text("Immediate")


def test_what_is_uploaded_is_a_case_and_what_is_broken_waits_with_its_faults(visit: Visit, at: Here):
    page, address, name = visit("ann"), a_new_address(), f"broken-{secrets.token_hex(4)}.xml"
    send(page, ("good.xml", a_report(address)), (name, BROKEN.read_bytes() + f"<!-- {name} -->".encode()))
    counts = page.get_by_role("list", name="What became of them")
    expect(counts).to_contain_text("1 received")
    expect(counts).to_contain_text("1 could not be taken in")
    page.get_by_role("link", name="quarantine", exact=True).click()
    page.get_by_role("link", name=name).click()
    faults = page.get_by_role("table")
    expect(faults).to_contain_text("An attribute has no value")
    expect(faults.get_by_role("row")).to_have_count(15)  # every fault of the file at once, under one heading
    look_for(page, address.upper())
    expect(page.get_by_role("heading", name="1 case")).to_be_visible()
    page.locator(".tm-case a").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Example Chat")
    expect(page.get_by_text(address).first).to_be_visible()


def test_another_unit_sees_that_a_case_is_there_and_whom_to_ask(visit: Visit, at: Here, on_each_store: Served):
    page = visit("ben")
    look_for(page, on_each_store.reference("full"))
    expect(page.locator(".tm-case")).to_contain_text("desk.internet@example.org")
    expect(page.locator(".tm-case a")).to_have_count(0)
    page.goto(at("case", "full"))
    expect(page.get_by_text("This is another unit's case.")).to_be_visible()
    expect(page.get_by_role("heading", name="Children")).to_have_count(0)


def test_a_restricted_case_does_not_exist_for_others_and_its_reader_is_told(visit: Visit, at: Here):
    ben, ann = visit("ben"), visit("ann")
    nothing = ben.goto(f"{at('queue')}cases/NOTHINGHERE/")
    expected = ben.locator("main").inner_text()
    answer = ben.goto(at("case", "restricted"))
    assert nothing is not None
    assert answer is not None
    assert (answer.status, ben.locator("main").inner_text()) == (nothing.status, expected) == (404, expected)
    ann.goto(at("queue"))
    ann.get_by_role("region", name="Near your restricted cases").get_by_role("link").first.click()
    expect(ann.get_by_role("region", name="Somebody came near this restricted case")).to_contain_text(
        "desk.north@example.org"
    )
    ann.get_by_role("button", name="Mark as seen").click()
    expect(ann.get_by_role("status")).to_have_text("The alerts are marked as seen.")
    ann.goto(at("queue"))
    expect(ann.get_by_role("region", name="Near your restricted cases")).to_have_count(0)


def test_an_account_is_made_and_its_owner_chooses_a_password(visit: Visit, at: Here):
    office, name = visit("administrator"), f"dee-{secrets.token_hex(4)}"
    office.goto(at("people"))
    office.get_by_role("button", name="Make an account").click()
    office.get_by_label("Sign-in name").fill(name)
    office.get_by_label("Name", exact=True).fill("Dee")
    office.get_by_label("Role").select_option(label="Desk officer")
    office.get_by_label("Unit").select_option(label="Invented Internet Desk")
    office.get_by_role("button", name="Make the account").click()
    once = office.locator("dd.tm-code").last.inner_text()
    desk = visit()
    sign_in(desk, name, once)
    expect(desk.get_by_role("heading", level=1)).to_have_text("Change your password")
    desk.get_by_label("Present password").fill(once)
    desk.get_by_label("New password", exact=True).fill("harbour lantern thistle")
    desk.get_by_label("New password again").fill("harbour lantern thistle")
    desk.get_by_role("button", name="Change password").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("My queue")


def test_one_puts_a_team_into_shadow_and_two_switch_the_policy_on(visit: Visit, at: Here):
    supervisor, leader = visit("supervisor"), visit("leader")
    team = "Invented Development Team"

    supervisor.goto(at("teams"))
    theirs = supervisor.get_by_role("region", name=team)
    theirs.locator("summary").click()
    theirs.get_by_label("Why the team goes back to shadow mode").fill(REASON)
    theirs.get_by_role("button", name="Back to shadow mode").click()
    expect(theirs).to_contain_text("Shadow mode")
    theirs.locator("summary").click()
    theirs.get_by_label("Why the policy may order this team’s work").fill(REASON)
    theirs.get_by_role("button", name="Propose").click()
    expect(theirs).to_contain_text("another supervisor or leader of the unit has to confirm it")
    expect(theirs.get_by_role("button", name="Confirm the switch")).to_have_count(0)
    leader.goto(at("teams"))
    leader.get_by_role("region", name=team).get_by_role("button", name="Confirm the switch").click()
    expect(leader.get_by_role("region", name=team)).to_contain_text("Policy orders the work")


def test_after_signing_out_no_page_is_left(visit: Visit, at: Here, on_each_store: Served):
    page = visit()
    sign_in(page, "analyst", on_each_store.password)
    page.goto(at("case", "full"))
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_title("Sign in – Tearmann")
    page.go_back()
    expect(page.get_by_role("heading", name="Children")).to_have_count(0)
    page.goto(at("case", "full"))
    expect(page).to_have_title("Sign in – Tearmann")


def test_the_work_is_done_without_a_script_and_without_a_mouse(visit: Visit, at: Here, on_each_store: Served):
    page = visit(width=NARROW, javascript=False)
    keys, address = Keyboard(page), a_new_address()
    reference = spoken(on_each_store.reference("full"))
    page.goto(at("queue"))
    keys.type("Sign-in name", "ann")
    keys.type("Password", on_each_store.password)
    keys.follow("Sign in")
    keys.follow(reference)
    expect(page.locator("main h2").first).to_have_text("Children")
    narrative = page.get_by_text("Invented words of a sender, for a test.")
    expect(narrative).to_be_hidden()
    keys.reach("Contains the sender's words. Show")
    keys.press("Enter")
    expect(narrative).to_be_visible()
    page.goto(at("desk"))
    keys.follow("Receive this referral")
    expect(page.get_by_role("alert")).to_contain_text("Say whether a child is in danger now")
    keys.reach("Yes")
    keys.press("ArrowRight")
    assert keys.here() == "No"
    keys.reach("Phone")
    keys.press("Space")
    keys.type("Kind", "E-mail", after="How they know the child")
    keys.type("As it was given", address)
    keys.follow("Receive this referral")
    page.goto(at("search"))
    keys.type("Look for", address)
    with page.expect_navigation():
        keys.press("Enter")
    expect(page.get_by_role("heading", name="1 case")).to_be_visible()
    keys.follow("Sign out")
    expect(page).to_have_title("Sign in – Tearmann")

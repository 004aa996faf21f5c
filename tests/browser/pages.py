"""Every page, in every state that looks different: who opens it, how, and what it then says."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.urls import reverse
from playwright.sync_api import Page

from tests.browser.conftest import Visit, sign_in
from tests.browser.served import Served
from tests.shape.tree import ROOT

BROKEN = ROOT / "tests" / "examples" / "cybertip-xml" / "bad" / "ten-faults.xml"
REASON = "An invented reason"


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """What opening a page may need: a page to open it in, the installation, and other visitors."""

    page: Page
    served: Served
    visit: Visit

    def at(self, route: str, *args: str, query: str = "") -> None:
        self.page.goto(reverse(route, args=args) + query)

    def case(self, route: str, case: str, *more: str, query: str = "") -> None:
        self.at(route, self.served.reference(case), *more, query=query)

    def press(self, name: str, *, exact: bool = True) -> None:
        self.page.get_by_role("button", name=name, exact=exact).click()


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A page in one state. says: what must be in sight, so that no other page is looked at in its place."""

    route: str
    name: str
    by: str | None
    opens: Callable[[Open], object]
    says: str

    @property
    def code(self) -> str:
        return f"{self.route}-{self.name}".replace(" ", "-")


# ------------------------------------------------------------------------------------------------ how some open


def _unassessed(opening: Open) -> None:
    opening.served.unassess("waiting")
    opening.case("case", "waiting")


def _queue_unassessed(opening: Open) -> None:
    opening.served.unassess("waiting")
    opening.at("queue")


def _signed_out(opening: Open) -> None:
    sign_in(opening.page, "analyst", opening.served.password)
    opening.press("Sign out")


def _wrong_password(opening: Open) -> None:
    opening.at("sign-in")
    opening.page.get_by_label("Sign-in name").fill("nobody")
    opening.page.get_by_label("Password").fill("an invented wrong one")
    opening.press("Sign in")


def _passwords_differ(opening: Open) -> None:
    opening.at("password")
    for label, typed in (
        ("Present password", "x"),
        ("New password", "one two three four"),
        ("New password again", "y"),
    ):
        opening.page.get_by_label(label, exact=True).fill(typed)
    opening.press("Change password")


def _search(opening: Open, typed: str) -> None:
    opening.at("search")
    opening.page.get_by_label("Look for").fill(typed)
    opening.press("Search")


def _no_reference(opening: Open) -> None:
    opening.case("case", "full")
    opening.page.get_by_text("Add a reference").click()
    opening.press("Add")


def _near(opening: Open) -> None:
    stranger = opening.visit("ben")
    answer = stranger.goto(reverse("case", args=[opening.served.reference("restricted")]))
    assert answer is not None
    assert answer.status == 404
    stranger.close()


def _alerted(opening: Open, route: str) -> None:
    _near(opening)
    opening.case(route, "restricted")


def _alerts_seen(opening: Open) -> None:
    _alerted(opening, "case")
    opening.press("Mark as seen")


def _restrict_without_reason(opening: Open) -> None:
    opening.case("restriction", "full")
    opening.press("Restrict the case")


def _payload(opening: Open, *, press: bool = False) -> None:
    opening.case("payload", "full", opening.served.cases["full"]["payload"])
    if press:
        opening.press("Open it")


def _desk_faults(opening: Open) -> None:
    opening.at("desk")
    opening.page.get_by_label("Age in years").first.fill("a lot")
    opening.press("Receive this referral")


def _typed(opening: Open) -> None:
    opening.at("desk")
    opening.page.get_by_role("group", name="Is a child in danger now?").get_by_label("No", exact=True).check()
    opening.page.get_by_label("Phone", exact=True).first.check()
    opening.page.get_by_label("What was said or seen").fill("Invented for a test; nothing happened.")
    opening.press("Receive this referral")


def _upload(opening: Open, name: str, body: bytes) -> None:
    opening.at("upload")
    opening.page.get_by_label("Files").set_input_files({"name": name, "mimeType": "text/xml", "buffer": body})
    opening.press("Take them in")


def _upload_broken(opening: Open) -> None:
    # Other bytes each time: what was sent before is not told of again.
    _upload(opening, "broken.xml", BROKEN.read_bytes() + f"<!-- {secrets.token_hex(4)} -->".encode())


def _quarantined(opening: Open) -> None:
    _upload_broken(opening)
    opening.at("quarantine")
    opening.page.get_by_role("link", name="broken.xml").last.click()
    opening.page.get_by_role("heading", name="broken.xml").wait_for()


def _settle_without_reason(opening: Open) -> None:
    _quarantined(opening)
    opening.press("Settle")


def _settle_twice(opening: Open) -> None:
    _quarantined(opening)
    late = opening.page.context.new_page()
    late.goto(opening.page.url)
    for page in (late, opening.page):
        page.get_by_label("What became of it").fill(REASON)
        page.get_by_role("button", name="Settle").click()
        page.wait_for_load_state()
    late.close()


def _settled(opening: Open) -> None:
    _quarantined(opening)
    opening.page.get_by_label("What became of it").fill(REASON)
    opening.press("Settle")
    opening.at("quarantine", query="?settled=1")


def _account_made(opening: Open) -> None:
    opening.at("new-person")
    opening.page.get_by_label("Sign-in name").fill(f"made-{secrets.token_hex(4)}")
    opening.page.get_by_label("Name", exact=True).fill("Dee")
    opening.page.get_by_label("Role").select_option("auditor")
    opening.press("Make the account")


def _new_person_faults(opening: Open) -> None:
    opening.at("new-person")
    opening.press("Make the account")


def _person_faults(opening: Open) -> None:
    opening.at("person", "analyst")
    opening.page.get_by_label("Role", exact=True).select_option("inspector")
    opening.press("Change role")


def _deactivated(opening: Open) -> None:
    _account_made(opening)
    opening.page.get_by_role("link", name="Back to the account").click()
    opening.press("Deactivate")


def _propose_without_reason(opening: Open) -> None:
    opening.at("teams")
    opening.page.get_by_text("Back to shadow mode").first.click()
    opening.page.get_by_role("button", name="Back to shadow mode").first.click()


def _form_expired(opening: Open) -> None:
    opening.at("search")
    opening.page.context.clear_cookies(name="tearmann-csrf")
    opening.page.get_by_label("Look for").fill("nobody@example.org")
    opening.press("Search")


def _fault_page(opening: Open, template: str) -> None:
    """The page of a fault that no visitor can bring about: drawn here, answered in the place of a page."""
    body = render_to_string(template)
    opening.page.route("**/a-fault/", lambda route: route.fulfill(body=body, content_type="text/html; charset=utf-8"))
    opening.page.goto("/a-fault/")


def _state(route: str, name: str, by: str | None, says: str, opens: Callable[[Open], object] | None = None) -> State:
    opens = opens or (lambda opening: opening.at(route))
    return State(route=route, name=name, by=by, opens=opens, says=says)


def _of(route: str, case: str, *more: str, query: str = "") -> Callable[[Open], object]:
    return lambda opening: opening.case(route, case, *more, query=query)


def _with(query: str) -> Callable[[Open], object]:
    return lambda opening: opening.at("queue", query=query)


# ------------------------------------------------------------------------------------------------ the table

STATES: tuple[State, ...] = (
    _state("sign-in", "asked", None, "Sign in"),
    _state("sign-in", "refused", None, "You are not signed in", _wrong_password),
    _state("sign-out", "done", None, "Sign in", _signed_out),
    _state("password", "asked", "ann", "Change your password"),
    _state("password", "must", "newcomer", "Choose your own before you go on", lambda opening: opening.at("queue")),
    _state("password", "faults", "ann", "The two new passwords differ", _passwords_differ),
    _state("queue", "mine", "ann", "My queue"),
    _state("queue", "unit", "ann", "Why here", _with("?tab=unit")),
    _state("queue", "filtered", "ann", "Take away the filter", _with("?tab=unit&stage=triaged&source=ncmec")),
    _state("queue", "unassessed", "ann", "Not assessed", _queue_unassessed),
    _state("queue", "expiring", "ann", "data is lost within", _with("?tab=expiring")),
    _state("queue", "empty", "quiet", "Nothing is waiting for you"),
    _state("queue", "shadow", "supervisor-north", "Shadow mode", _with("?tab=unit")),
    _state("queue", "all units", "cal", "All units"),
    _state("queue", "alerted", "ann", "came near", lambda opening: (_near(opening), opening.at("queue"))),
    _state("search", "asked", "ann", "Look for"),
    _state("search", "faults", "ann", "Enter what you are looking for", lambda opening: _search(opening, "")),
    _state(
        "search-results", "nothing", "ann", "Nothing was found", lambda opening: _search(opening, "nobody@example.org")
    ),
    _state("search-results", "stub", "ben", "Contact desk", lambda o: _search(o, o.served.reference("full"))),
    _state("search-results", "found", "ann", "Found by", lambda o: _search(o, o.served.reference("full"))),
    _state("case", "full", "ann", "Children", _of("case", "full")),
    _state("case", "long", "ann", "Referrals", _of("case", "long")),
    _state("case", "bare", "ann", "Children", _of("case", "bare")),
    _state("case", "resent", "ann", "Referrals", _of("case", "resent")),
    _state("case", "unassessed", "ann", "stands first", _unassessed),
    _state("case", "shadow", "supervisor-north", "shadow mode", _of("case", "north")),
    _state("case", "restricted", "supervisor", "Restricted", _of("case", "restricted")),
    _state("case", "alerted", "ann", "Somebody came near", lambda opening: _alerted(opening, "case")),
    _state("case", "stub", "ben", "This is another unit's case", _of("case", "full")),
    _state("case", "does not exist", "ben", "Page not found", _of("case", "restricted")),
    _state("sheet", "full", "ann", "Handle with care", _of("sheet", "full")),
    _state("sheet", "long", "ann", "Handle with care", _of("sheet", "long")),
    _state("add-reference", "faults", "ann", "Enter the number as the other system writes it", _no_reference),
    _state("alerts-seen", "done", "ann", "The alerts are marked as seen", _alerts_seen),
    _state("restriction", "open", "supervisor", "Restrict the case", _of("restriction", "full")),
    _state("restriction", "faults", "supervisor", "Say why it is restricted", _restrict_without_reason),
    _state("restriction", "held", "supervisor", "Who came near", lambda opening: _alerted(opening, "restriction")),
    _state("payload", "asked", "supervisor", "Open what was sent", _payload),
    _state("payload", "faults", "supervisor", "Say why it has to be opened", lambda o: _payload(o, press=True)),
    _state("desk", "asked", "ann", "New referral"),
    _state("desk", "faults", "ann", "Say whether a child is in danger now", _desk_faults),
    _state("desk-received", "a case", "ann", "The referral is case", _typed),
    _state("upload", "asked", "ann", "Upload referrals"),
    _state(
        "upload",
        "faults",
        "ann",
        "Choose the files",
        lambda opening: (opening.at("upload"), opening.press("Take them in")),
    ),
    _state("upload", "broken", "ann", "Some could not be taken in", _upload_broken),
    _state("quarantine", "waiting", "ann", "Waiting, oldest first"),
    _state("quarantine", "empty", "quiet", "Nothing waits in quarantine"),
    _state("quarantine", "settled", "ann", "Settled, newest first", _settled),
    _state("quarantined", "waiting", "ann", "faults", _quarantined),
    _state("quarantined", "faults", "ann", "Say what became of it", _settle_without_reason),
    _state("quarantined", "settled meanwhile", "ann", "This cannot be done now", _settle_twice),
    _state("people", "all", "administrator", "Accounts"),
    _state("people", "not theirs", "ben", "You may not do this"),
    _state("new-person", "asked", "administrator", "Make an account"),
    _state("new-person", "faults", "administrator", "There is a problem", _new_person_faults),
    _state("new-person", "made", "administrator", "The account is made", _account_made),
    _state("person", "in use", "administrator", "Reset password", lambda opening: opening.at("person", "analyst")),
    _state("person", "faults", "administrator", "needs a last day", _person_faults),
    _state("person", "deactivated", "administrator", "Reactivate", _deactivated),
    _state("teams", "own", "supervisor", "Teams"),
    _state("teams", "faults", "supervisor", "Say why it goes back to shadow mode", _propose_without_reason),
    _state("teams", "all", "administrator", "Teams"),
    _state("profile", "values", "ann", "Force profile"),
    _state("policy", "in force", "ann", "Triage policy"),
    _state("fault", "not found", None, "Page not found", lambda opening: opening.page.goto("/nothing-is-here/")),
    _state("fault", "form expired", "ann", "The form has expired", _form_expired),
    _state("fault", "400", None, "could not be read", lambda opening: _fault_page(opening, "400.html")),
    _state("fault", "500", None, "Something went wrong", lambda opening: _fault_page(opening, "500.html")),
)

"""The built assets: ours, unbranded, and complete without any other host."""

from __future__ import annotations

import re
import shutil
import xml.etree.ElementTree as ET
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Route, sync_playwright

from tests.shape.tree import PACKAGE, ROOT, committed_files

STATIC = PACKAGE / "web" / "static" / "tearmann"
PATTERNS = ROOT / "frontend" / "sheet.html"
BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@pytest.fixture(scope="module")
def stylesheet() -> str:
    return (STATIC / "tearmann.css").read_text(encoding="utf-8")


def our_classes(markup: str) -> set[str]:
    """Return the classes of ours (tm-...) that a page or template wears; not those that it only begins."""
    return set(re.findall(r"""(?<![\w-])tm-[a-z0-9_-]*[a-z0-9](?=[\s"'{]|$)(?!\{\{)""", markup))


def answer(route: Route) -> None:
    """Serve the sheet and its assets; nothing else exists, and nothing leaves the machine."""
    name = urlsplit(route.request.url).path.strip("/")
    kind = {"": "text/html; charset=utf-8", "tearmann.css": "text/css", "tearmann.js": "text/javascript"}.get(name)
    if kind is None:
        route.fulfill(status=404)
    else:
        route.fulfill(body=(STATIC / name if name else PATTERNS).read_bytes(), content_type=kind)


@pytest.mark.parametrize(
    "word", ["GDS Transport", "crown", "crest", "@font-face", "url(", "@import", ".woff", "GOV.UK"]
)
def test_the_stylesheet_carries_no_branding_and_fetches_nothing(stylesheet: str, word: str) -> None:
    assert word.lower() not in stylesheet.lower()


def test_the_stylesheet_is_a_stylesheet_and_no_error_page(stylesheet: str) -> None:
    assert ".govuk-button" in stylesheet
    assert ".tm-case" in stylesheet
    assert "Error:" not in stylesheet


def test_the_stylesheet_has_its_own_colour_at_the_top(stylesheet: str) -> None:
    bar = "".join(re.findall(r"\.tm-bar\{[^}]*\}", stylesheet))
    assert "background:#0f3338" in bar
    assert re.search(r"--govuk-brand-colour: ?#17606a", stylesheet)  # and not GOV.UK's blue


def test_the_script_is_one_file_that_loads_no_other() -> None:
    script = (STATIC / "tearmann.js").read_text(encoding="utf-8")
    assert "initAll" in script
    assert not re.search(r"^\s*(import|export)\b|\bimport\(|\bfetch\(|XMLHttpRequest|sourceMappingURL", script, re.M)


def test_the_favicon_is_a_drawing_that_refers_to_nothing() -> None:
    icon = ET.parse(STATIC / "favicon.svg").getroot()
    assert icon.tag == "{http://www.w3.org/2000/svg}svg"
    assert [name for element in icon.iter() for name in element.attrib if name.endswith("href")] == []


def test_no_font_and_no_picture_of_others_is_built() -> None:
    assert sorted(path.name for path in STATIC.iterdir()) == ["favicon.svg", "tearmann.css", "tearmann.js"]


def test_what_is_built_is_not_committed() -> None:
    assert [path for path in committed_files() if path.is_relative_to(STATIC)] == []


def test_every_class_of_ours_that_a_page_wears_has_a_style(stylesheet: str) -> None:
    pages = [path for path in committed_files() if path.suffix == ".html"]
    worn = set().union(*(our_classes(path.read_text(encoding="utf-8")) for path in pages))
    styled = set(re.findall(r"\.(tm-[a-z0-9_-]+)", stylesheet))
    assert worn
    assert worn - styled == set()


def test_the_sheet_shows_every_block_that_has_a_style(stylesheet: str) -> None:
    blocks = {name.split("__")[0].split("--")[0] for name in re.findall(r"\.(tm-[a-z0-9_-]+)", stylesheet)}
    shown = {name.split("__")[0].split("--")[0] for name in our_classes(PATTERNS.read_text(encoding="utf-8"))}
    assert blocks - shown == {"tm-screen-only", "tm-print-only"}


@pytest.mark.browser
@pytest.mark.parametrize("width", [360, 1440])
def test_the_sheet_of_patterns_has_no_fault_of_accessibility_and_fits(width: int) -> None:
    axe = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
    faults: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": width, "height": 900})
        page.on("pageerror", lambda fault: faults.append(str(fault)))
        page.route("**/*", answer)
        page.goto("http://tearmann.example.org/")
        page.evaluate(axe)
        violations = page.evaluate("axe.run()")["violations"]
        across, room = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        browser.close()
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in violations] == []
    assert faults == []
    assert across <= room

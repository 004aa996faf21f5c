"""What is looked at in every page, at whatever width: each fault is one line that says where it is."""

from __future__ import annotations

from collections.abc import Iterator

from playwright.sync_api import Page

from tests.shape.tree import ROOT

AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

RUN_AXE = """
async (tags) => {
  const found = await axe.run(document, {runOnly: {type: "tag", values: tags}, resultTypes: ["violations"]});
  return found.violations.flatMap((rule) => rule.nodes.map((node) =>
    `${rule.id}: ${node.html.slice(0, 200)} (${node.failureSummary.replaceAll(/\\s+/g, " ").slice(0, 300)})`));
}
"""

SCROLLS_SIDEWAYS = """
() => {
  const room = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= room) return [];
  const wide = [...document.querySelectorAll("body *")].filter((one) => one.getBoundingClientRect().right > room + 1);
  return [`scrolls sideways (${document.documentElement.scrollWidth} > ${room}): ` +
    wide.slice(-3).map((one) => one.outerHTML.slice(0, 120)).join(" | ")];
}
"""

# What is pressed by itself. Links within a line of text are as high as the line; axe asks whether links stand apart.
SMALL_TARGETS = """
() => [...document.querySelectorAll("button, input:not([type=hidden]), select, textarea, summary, [role=button]")]
  .map((one) => [one, one.getBoundingClientRect()])
  .filter(([one, box]) => box.width > 0 && (box.width < 24 || box.height < 24))
  .map(([one, box]) => `smaller than 24 pixels (${box.width} x ${box.height}): ${one.outerHTML.slice(0, 120)}`)
"""

# Each thing that the keyboard can reach: does it look otherwise when it is reached, and can it be seen then?
UNSEEN_FOCUS = """
() => {
  const reachable = [...document.querySelectorAll(
    "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']"
  )].filter((one) => !one.disabled && one.checkVisibility({visibilityProperty: true}));
  const look = (one) => {
    const drawn = [[one, null]];
    for (const label of one.labels ?? []) drawn.push([label, "::before"], [label, "::after"]);
    return drawn.map(([part, pseudo]) => {
      const style = getComputedStyle(part, pseudo);
      return [style.outlineStyle, style.outlineWidth, style.outlineColor, style.boxShadow, style.backgroundColor,
        style.borderColor, style.borderWidth, style.textDecorationLine].join();
    }).join("|");
  };
  const faults = [];
  for (const one of reachable) {
    document.activeElement.blur();
    const before = look(one);
    one.focus();
    if (document.activeElement !== one) continue;
    const named = one.outerHTML.slice(0, 120);
    if (look(one) === before) faults.push(`looks the same in focus: ${named}`);
    const box = one.getClientRects()[0];
    const across = [0.5, 0.1, 0.9].map((part) => box.left + box.width * part);
    const down = [0.5, 0.1, 0.9].map((part) => box.top + box.height * part);
    const seen = across.some((x) => down.some((y) => {
      const there = document.elementFromPoint(x, y);
      return there && (one.contains(there) || there.contains(one) && !there.matches("body, html, main") ||
        [...(one.labels ?? [])].some((label) => label.contains(there)));
    }));
    if (!seen) faults.push(`hidden behind something in focus: ${named}`);
  }
  document.activeElement.blur();
  window.scrollTo(0, 0);
  return faults;
}
"""


def faults_of(page: Page) -> Iterator[str]:
    """Everything that is wrong with the page as it stands."""
    yield from page.evaluate(SCROLLS_SIDEWAYS)
    yield from page.evaluate(SMALL_TARGETS)
    # By evaluation and not by a script tag, which the policy refuses, as it should.
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE)
    yield from page.evaluate(RUN_AXE, RULES)
    yield from page.evaluate(UNSEEN_FOCUS)

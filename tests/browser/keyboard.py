"""What an officer does who has a keyboard and no mouse: Tab to a thing, see where one is, type, press."""

from __future__ import annotations

from playwright.sync_api import Page

FARTHEST = 250  # presses of Tab: more than any page has stops

WHERE = """
() => {
  const here = document.activeElement;
  if (here === null || here === document.body) return "";
  const label = here.labels && here.labels.length ? here.labels[0].textContent : here.textContent;
  return (here.getAttribute("aria-label") || label || here.value || "").replaceAll(/\\s+/g, " ").trim();
}
"""


class Keyboard:
    """The keyboard of one page. Nothing here moves a mouse or sets a value."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def press(self, key: str) -> None:
        self._page.keyboard.press(key)

    def here(self) -> str:
        """The words of what has the focus, as a label or its own; nothing where nothing has it."""
        words: str = self._page.evaluate(WHERE)
        return words

    def reach(self, words: str, *, after: str | None = None) -> None:
        """Press Tab until what has these words has the focus; after: only when that was passed first."""
        passed = after is None
        for _ in range(FARTHEST):
            self.press("Tab")
            here = self.here()
            if passed and here == words:
                return
            passed = passed or here == after
        raise AssertionError(f"the keyboard does not reach “{words}”")

    def type(self, words: str, typed: str, *, after: str | None = None) -> None:
        """Reach a box, or a list to choose from, and type."""
        self.reach(words, after=after)
        self._page.keyboard.type(typed)

    def follow(self, words: str, *, after: str | None = None) -> None:
        """Reach a link or a button, press Enter, and wait for the page that it leads to."""
        self.reach(words, after=after)
        with self._page.expect_navigation():
            self.press("Enter")

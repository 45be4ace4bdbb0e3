"""A person without a mouse: Tab, Space, Enter and letters, and a focus that can always be seen."""

from __future__ import annotations

import re

import pytest

from tests.browser.conftest import Visitor

Name = str | re.Pattern[str]
MOST_STEPS = 120
# Whether what has the focus can be seen to have it: it is on the screen, and an outline, a shadow or a border says so.
SEEN = """() => {
  const focused = document.activeElement, box = focused.getBoundingClientRect();
  const drawn = [focused, focused.nextElementSibling].filter(Boolean).flatMap(
    each => [getComputedStyle(each), getComputedStyle(each, "::before")]);
  return box.width > 0 && box.bottom > 0 && box.top < innerHeight
    && drawn.some(style =>
      (style.outlineStyle !== "none" && style.outlineWidth !== "0px") || style.boxShadow !== "none");
}"""


class Keyboard:
    """Moves through a visitor's page by Tab alone."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor, self.page = visitor, visitor.page

    def reach(self, role: str, name: Name) -> None:
        """Press Tab until the focus is on this; fails when it never comes, or cannot be seen on the way."""
        wanted = self.page.get_by_role(role, name=name).first  # type: ignore[arg-type]
        for _ in range(MOST_STEPS):
            self.page.keyboard.press("Tab")
            if self.page.evaluate("document.activeElement === document.body"):
                continue
            assert self.page.evaluate(SEEN), (self.page.url, self.page.evaluate("document.activeElement.outerHTML"))
            if wanted.evaluate("wanted => wanted === document.activeElement"):
                return
        pytest.fail(f"The keyboard does not reach the {role} “{name}” on {self.page.url}.")

    def type(self, label: str, text: str) -> None:
        """Go to the box of this label and type over what is in it."""
        self.reach("textbox", label)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def tick(self, label: str) -> None:
        """Go to the group of radio buttons that begins with this one, and choose it."""
        self.reach("radio", label)
        self.page.keyboard.press("Space")

    def activate(self, role: str, name: Name, key: str = "Enter") -> None:
        """Go to a link or button and press it; waits for the page that comes."""
        self.reach(role, name)
        with self.page.expect_navigation():
            self.page.keyboard.press(key)
        self.visitor.look()

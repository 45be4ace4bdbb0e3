"""A browser, and people who walk the site with it: every page they see is checked by axe."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, Response, sync_playwright

from tests.signing_in import sign_in_strongly
from vru.accounts.models import User

AXE = (Path(__file__).parent / "axe.min.js").read_text("utf-8")
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# What makes a page another page to axe: its title, headings and components.
STATE = """() => JSON.stringify([document.title, [...new Set([...document.querySelectorAll("main *")]
    .map(each => each.tagName + each.className + (/^H[1-6]$/.test(each.tagName) ? each.textContent : "")))]])"""
SEEN: set[str] = set()
DESK = {"width": 1280, "height": 850}
PHONE, NARROWEST = 375, 320


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    # The browser's driver runs an event loop in this thread, where Django otherwise refuses to touch the database;
    # the tests' own clean-up comes after each test, so the permission lasts as long as the browser.
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        yield chromium
        chromium.close()


@dataclass
class Visitor:
    """One person in one browser window. Each step waits for the next page and looks at it."""

    page: Page
    base: str
    scripts: bool = True
    refused: list[str] = field(default_factory=list)

    def open(self, path: str) -> Response:
        answer = self.page.goto(self.base + path)
        assert answer is not None
        self.look()
        return answer

    def press(self, name: str, within: Any = None) -> None:
        button = (within or self.page).get_by_role("button", name=name, exact=True).first
        with self.page.expect_navigation():
            button.click()
        self.look()

    def follow(self, name: str | re.Pattern[str], *, exact: bool = True, within: Any = None) -> None:
        link = (within or self.page.get_by_role("main")).get_by_role("link", name=name, exact=exact).first
        with self.page.expect_navigation():
            link.click()
        self.look()

    def fill(self, answers: dict[str, str]) -> None:
        """Type answers into the boxes of these names."""
        for name, text in answers.items():
            self.page.locator(f'[name="{name}"]').fill(text)

    def type_in(self, label: str, text: str) -> None:
        """Fill the box that a person finds by its label."""
        self.page.get_by_label(label).first.fill(text)

    def type_day(self, legend: str, day: datetime.date) -> None:
        """Fill the three boxes of a date."""
        group = self.page.get_by_role("group", name=legend)
        for part, number in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
            group.get_by_label(part).fill(str(number))

    def choose(self, label: str, within: Any = None) -> None:
        (within or self.page).get_by_label(label).first.check()

    def mend(self, error: str = "") -> None:
        """Follow an error of the summary to its box, which is focused."""
        summary = self.page.locator(".govuk-error-summary")
        summary.get_by_role("link", name=re.compile(re.escape(error), re.IGNORECASE)).first.click()
        assert self.page.evaluate("document.activeElement.matches('input, textarea, select')"), self.page.url

    def look(self) -> None:
        """Axe finds nothing on this page, its heading is there and the security policy refused nothing."""
        assert self.page.locator("h1").count() == 1, self.page.url
        if self.scripts and self._is_new():
            self._look_at_each_width()
        assert self.refused == []

    def _look_at_each_width(self) -> None:
        """Axe on a desk's screen and on a telephone's; on the narrowest nothing runs off sideways."""
        own = self.page.viewport_size
        assert own is not None
        self.page.evaluate(AXE)
        for width in (DESK["width"], PHONE):
            self.page.set_viewport_size({"width": width, "height": DESK["height"]})
            found = self.page.evaluate("rules => axe.run(document, rules)", RULES)["violations"]
            wrong = [f"{rule['id']}: {node['target']}" for rule in found for node in rule["nodes"]]
            assert wrong == [], f"{self.page.url} at {width} px"
        self.page.set_viewport_size({"width": NARROWEST, "height": DESK["height"]})
        assert self.page.evaluate("document.documentElement.scrollWidth") <= NARROWEST, self.page.url
        self.page.set_viewport_size(own)

    def _is_new(self) -> bool:
        """False for a page that axe has seen in this run with the same headings, messages and components."""
        state = self.page.evaluate(STATE)
        state = re.sub(r"\d+", "0", self.page.url.removeprefix(self.base)) + state
        new = state not in SEEN
        SEEN.add(state)
        return new

    def in_another_tab(self) -> Visitor:
        """The same person, signed in as before, in a second tab."""
        return watched(self.page.context.new_page(), self.base, scripts=self.scripts)

    @property
    def text(self) -> str:
        return self.page.locator("main").inner_text()

    @property
    def heading(self) -> str:
        return self.page.locator("h1").inner_text()


def watched(page: Page, base: str, *, scripts: bool) -> Visitor:
    """A visitor who notices what the page's scripts or the security policy complain about."""
    visitor = Visitor(page, base, scripts)
    page.on("console", lambda said: visitor.refused.append(said.text) if "Security Policy" in said.text else None)
    page.on("pageerror", lambda error: visitor.refused.append(str(error)))
    return visitor


Enter = Callable[..., Visitor]


@pytest.fixture
def enter(browser: Browser, live_server: Any) -> Iterator[Enter]:
    """Opens a window: ``enter(user, width=1280, scripts=True)``; without a user nobody is signed in.

    ``strongly``: with a second factor and just now, as whoever approves or pays.
    """
    contexts = []

    def start(
        user: User | None = None, *, width: int = DESK["width"], scripts: bool = True, strongly: bool = False
    ) -> Visitor:
        viewport = {"width": width, "height": DESK["height"]}
        context = browser.new_context(viewport=viewport, java_script_enabled=scripts)
        contexts.append(context)
        if user is not None:
            client = Client()
            if strongly:
                sign_in_strongly(client, user)
            else:
                client.force_login(user)
            cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
        context.set_default_timeout(15_000)
        return watched(context.new_page(), live_server.url, scripts=scripts)

    yield start
    for context in contexts:
        context.close()


@pytest.fixture
def private_files(settings: Any, tmp_path: Path) -> Path:
    """What is uploaded goes to a folder of the test's own."""
    storage = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = settings.STORAGES | {"default": storage}
    return tmp_path

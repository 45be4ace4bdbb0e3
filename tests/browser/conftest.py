"""A browser, and people who walk the site with it: every page they see is checked by axe."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, Response, sync_playwright

from vru.accounts.models import User

AXE = (Path(__file__).parent / "axe.min.js").read_text("utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# What makes a page another page to axe: its title, headings, components and width.
STATE = """() => JSON.stringify([document.title, innerWidth, [...new Set([...document.querySelectorAll("main *")]
    .map(each => each.tagName + each.className + (/^H[1-6]$/.test(each.tagName) ? each.textContent : "")))]])"""
SEEN: set[str] = set()
DESK = {"width": 1280, "height": 850}


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

    def follow(self, name: str, *, exact: bool = True, within: Any = None) -> None:
        link = (within or self.page.get_by_role("main")).get_by_role("link", name=name, exact=exact).first
        with self.page.expect_navigation():
            link.click()
        self.look()

    def fill(self, answers: dict[str, str]) -> None:
        """Type answers into the boxes of these names."""
        for name, text in answers.items():
            self.page.locator(f'[name="{name}"]').fill(text)

    def look(self) -> None:
        """Axe finds nothing on this page, its heading is there and the security policy refused nothing."""
        assert self.page.locator("h1").count() == 1, self.page.url
        if self.scripts and self._is_new():
            self.page.evaluate(AXE)
            found = self.page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)["violations"]
            assert [f"{rule['id']}: {node['target']}" for rule in found for node in rule["nodes"]] == [], self.page.url
        assert self.refused == []

    def _is_new(self) -> bool:
        """False for a page that axe has seen in this run with the same headings, messages and width."""
        state = self.page.evaluate(STATE)
        state = re.sub(r"\d+", "0", self.page.url.removeprefix(self.base)) + state
        new = state not in SEEN
        SEEN.add(state)
        return new

    @property
    def text(self) -> str:
        return self.page.locator("main").inner_text()

    @property
    def heading(self) -> str:
        return self.page.locator("h1").inner_text()


Enter = Callable[..., Visitor]


@pytest.fixture
def enter(browser: Browser, live_server: Any) -> Iterator[Enter]:
    """Opens a window: ``enter(user, width=1280, scripts=True)``; without a user nobody is signed in."""
    contexts = []

    def start(user: User | None = None, *, width: int = DESK["width"], scripts: bool = True) -> Visitor:
        viewport = {"width": width, "height": DESK["height"]}
        context = browser.new_context(viewport=viewport, java_script_enabled=scripts)
        contexts.append(context)
        if user is not None:
            client = Client()
            client.force_login(user)
            cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
        context.set_default_timeout(15_000)
        page = context.new_page()
        visitor = Visitor(page, live_server.url, scripts)
        page.on("console", lambda said: visitor.refused.append(said.text) if "Security Policy" in said.text else None)
        page.on("pageerror", lambda error: visitor.refused.append(str(error)))
        return visitor

    yield start
    for context in contexts:
        context.close()

"""The gallery and the sign-in page in a real browser: axe, keyboard, narrow screens, no scripts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.frontend.gallery import STANDING_PAGES

AXE = (Path(__file__).parent.parent / "browser" / "axe.min.js").read_text("utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
STANDING = [f"/{name}/" for name in STANDING_PAGES]
PATHS = ["/gallery/", "/account/login/", "/account/password/reset/", "/nowhere/", *STANDING]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.urls("tests.frontend.gallery"),
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    # The browser's driver runs an event loop in this thread, where Django otherwise refuses to touch the database;
    # the tests' own clean-up comes after each test, so the permission lasts as long as the browser.
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        chromium = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu", "--disable-quic"]
        )
        yield chromium
        chromium.close()


def violations(page: Page) -> list[str]:
    page.evaluate(AXE)
    found: dict[str, Any] = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
    return [f"{rule['id']}: {node['target']}" for rule in found["violations"] for node in rule["nodes"]]


@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize("path", PATHS)
def test_axe_finds_nothing_and_nothing_runs_off_the_screen(
    browser: Browser, live_server: Any, path: str, width: int
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800})
    refused: list[str] = []
    page.on("console", lambda said: refused.append(said.text) if "Content Security Policy" in said.text else None)
    page.goto(live_server.url + path)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert refused == []
    page.close()


def test_a_form_with_errors_passes_axe_and_the_summary_leads_to_the_box(browser: Browser, live_server: Any) -> None:
    page = browser.new_page()
    page.goto(f"{live_server.url}/gallery/")
    page.fill("#id_amount", "about £40")
    page.get_by_role("button", name="Save and continue").click()
    page.wait_for_selector(".govuk-error-summary")
    assert page.title().startswith("Error: ")
    assert violations(page) == []
    page.get_by_role("link", name="Enter a number.").first.click()
    assert page.evaluate("document.activeElement.id") == "id_amount"
    assert page.input_value("#id_amount") == "about £40"
    page.close()


def test_the_keyboard_reaches_the_main_content_first(browser: Browser, live_server: Any) -> None:
    page = browser.new_page()
    page.goto(f"{live_server.url}/gallery/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent.trim()") == "Skip to main content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main-content"
    page.close()


def test_without_scripts_everything_is_there(browser: Browser, live_server: Any) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 375, "height": 800})
    page = context.new_page()
    page.goto(f"{live_server.url}/gallery/")
    assert page.get_by_role("link", name="Programmes").is_visible()
    assert page.get_by_label("Search", exact=True).is_visible()
    page.get_by_role("button", name="Save and continue").click()
    assert page.locator(".govuk-error-summary").is_visible()
    context.close()


def test_the_filter_panel_is_closed_on_a_phone_and_open_on_a_desk(browser: Browser, live_server: Any) -> None:
    for width, is_open in ((375, False), (1280, True)):
        page = browser.new_page(viewport={"width": width, "height": 800})
        page.goto(f"{live_server.url}/gallery/")
        page.wait_for_function("document.body.classList.contains('js-enabled')")
        assert page.get_by_label("Search", exact=True).is_visible() is is_open
        page.close()

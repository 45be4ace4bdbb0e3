"""The same pages with a keyboard alone, without scripts, and on the narrowest screen."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from grants.models import SectionDraft
from tests.browser.conftest import Enter
from tests.browser.submitted import send_return
from tests.cast import World
from tests.factories import DataIssueFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "three hens and a bicycle"
MOST_STEPS = 60


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the focus is there; fails when it never comes."""
    for _ in range(MOST_STEPS):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    pytest.fail(f"The keyboard does not reach {selector} on {page.url}.")


def section(world: World, letter: str) -> str:
    return f"/returns/{world.grant.ref}/{world.monitoring_return.quarter.key}/section/{letter}/"


def test_a_keyboard_signs_in_and_saves_a_section(world: World, enter: Enter) -> None:
    world.cast.grantee.set_password(PASSWORD)
    world.cast.grantee.save()
    person = enter()
    person.open("/account/login/")
    page = person.page
    tab_to(page, "[name=login]")
    page.keyboard.type(world.cast.grantee.email)
    tab_to(page, "[name=password]")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{person.base}/")
    person.look()
    tasks = section(world, "G").removesuffix("section/G/")
    for target, arrives in ((f'a[href="{tasks}"]', tasks), (f'a[href="{section(world, "G")}"]', section(world, "G"))):
        tab_to(page, target)
        page.keyboard.press("Enter")
        page.wait_for_url(f"{person.base}{arrives}")
    tab_to(page, "textarea")
    page.keyboard.type("Ten came every week.")
    tab_to(page, "button[name=finish]")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{person.base}{tasks}section/C/")
    assert "What happened: saved." in person.text
    assert SectionDraft.objects.get(section="G").is_complete


def test_nothing_runs_off_the_narrowest_screen(world: World, enter: Enter) -> None:
    DataIssueFactory(year=2020, layer="recorded", where="A" * 90, stated="1" * 60)
    world.grant.title = "Neighbourhood-and-schools-partnership-against-violence " * 2
    world.grant.save(update_fields=["title"])
    cast, grant = world.cast, f"/grants/{world.grant.ref}/"
    tasks = section(world, "G").removesuffix("section/G/")
    pages = {
        cast.grantee: ["/", grant, tasks, section(world, "C"), section(world, "D"), f"{tasks}check/", "/organisation/"],
        cast.programme_manager: ["/", "/programmes/", "/grants/", f"{tasks}review/"],
        cast.director: ["/", "/results/", "/results/logic-model/", "/figures/", "/reports/", "/data-issues/"],
    }
    for person, paths in pages.items():
        if person == cast.programme_manager:
            send_return(world)
        visitor = enter(person, width=320)
        for path in paths:
            visitor.open(path)
            assert visitor.page.evaluate("document.documentElement.scrollWidth") <= 320, path

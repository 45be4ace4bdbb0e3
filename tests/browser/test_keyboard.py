"""The keyboard alone: a section filled in, two versions decided, a review approved, and the focus always seen."""

from __future__ import annotations

import pytest
from django.test import Client

from grants.models import MonitoringReturn, SectionDraft
from tests.browser.conftest import Enter
from tests.browser.keyboard import Keyboard
from tests.browser.steps import ABOUT_NEW_PEOPLE, ask_ordinary_questions, at
from tests.browser.submitted import send_return
from tests.cast import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_whole_section_is_filled_in_and_mended(world: World, enter: Enter) -> None:
    ask_ordinary_questions(world)
    grantee = enter(world.cast.grantee)
    keys = Keyboard(grantee)
    grantee.open("/")
    keys.activate("link", "Return for 2020-21 Q2")
    keys.activate("link", "People reached")
    keys.type("New people supported", "about 40")
    keys.type("Contacts", "1,169")
    keys.tick("Yes")
    keys.activate("button", "Save and continue")
    assert grantee.page.title().startswith("Error: ")
    # The summary has the focus when the page comes; its first error leads to the box.
    keys.reach("link", "about 40")
    grantee.page.keyboard.press("Enter")
    assert grantee.page.locator(":focus").input_value() == "about 40"
    grantee.page.keyboard.press("Control+A")
    grantee.page.keyboard.type("40")
    keys.activate("button", "Save and continue", key="Space")
    assert "People reached: saved." in grantee.text
    draft = SectionDraft.objects.get(section="C")
    assert draft.is_complete
    assert draft.data == {"reach.new": "40", "reach.contacts": "1,169", "answer.overlap": "yes"}


def test_two_versions_are_decided(world: World, enter: Enter) -> None:
    grantee = enter(world.cast.grantee)
    grantee.open(at(world, "section/G/"))
    colleague = Client()
    colleague.force_login(world.cast.signatory)
    colleague.post(at(world, "section/G/"), {"answer.what-went-well": "Theirs.", "version": "0", "save": "1"})
    keys = Keyboard(grantee)
    keys.type("What went well?", "Mine.")
    keys.activate("button", "Save and come back later")
    assert grantee.heading.endswith("Somebody else saved this section")
    keys.tick("What you typed")
    keys.activate("button", "Save what I chose")
    assert SectionDraft.objects.get(section="G").data == {"answer.what-went-well": "Mine."}


def test_a_review_is_read_queried_and_approved(world: World, enter: Enter) -> None:
    send_return(world)
    manager = enter(world.cast.programme_manager)
    keys = Keyboard(manager)
    manager.open("/")
    keys.activate("link", world.grant.title)
    keys.activate("link", ABOUT_NEW_PEOPLE)
    keys.type("What do you want to say?", "See the register.")
    keys.tick("The grantee: a question to answer")
    manager.page.keyboard.press("ArrowDown")
    keys.activate("button", "Send")
    assert "Note kept." in manager.text
    keys.activate("button", "Approve this section", key="Space")
    keys.activate("button", "Approve the whole return")
    assert "approved. Its figures count from now." in manager.text
    world.monitoring_return.refresh_from_db()
    assert world.monitoring_return.status == MonitoringReturn.Status.APPROVED

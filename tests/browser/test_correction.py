"""An approved return was wrong: reopened with a reason, corrected, approved again, every step in the history."""

from __future__ import annotations

import pytest

from grants.models import MonitoringReturn
from tests.browser.conftest import PHONE, Enter, Visitor
from tests.browser.steps import at
from tests.browser.submitted import send_return
from tests.cast import World
from tests.factories import UserFactory
from vru.accounts.models import Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WHY = "The charity found a second register."


def approve(manager: Visitor, world: World) -> None:
    manager.open(at(world, "review/"))
    manager.press("Approve the whole return")
    assert "approved. Its figures count from now." in manager.text


def new_people(reader: Visitor) -> str:
    """The figure of new people of the year, as the director reads it."""
    reader.open("/figures/?text=reach.new")
    row = reader.page.get_by_role("row").filter(has_text="New people supported (gross)").first
    return row.inner_text()


def test_a_correction_counts_once_it_is_approved_and_the_history_says_it_all(world: World, enter: Enter) -> None:
    send_return(world)
    manager, director = enter(world.cast.programme_manager), enter(world.cast.director)
    approve(manager, world)
    assert "\t10" in new_people(director)
    manager.type_in("Or reopen it for the grantee to correct. Why?", WHY)
    manager.press("Reopen")
    assert "Return reopened." in manager.text

    grantee = enter(world.cast.grantee, width=PHONE)
    grantee.open("/")
    assert "To correct" in grantee.text
    grantee.follow("Return for 2020-21 Q2")
    assert WHY in grantee.text
    for letter, label, text in (("C", "New people supported", "12"), ("D", "15 to 17", "8")):
        grantee.open(at(world, f"section/{letter}/"))
        grantee.type_in(label, text)
        grantee.press("Save and come back later")
    assert "\t10" in new_people(director)
    grantee.press("Check your answers")
    grantee.press("Go on to the declaration")
    grantee.type_in("Your full name", "Grace Grantee")
    grantee.press("Declare and submit")
    assert "Return sent" in grantee.text
    assert "\t10" in new_people(director)

    approve(manager, world)
    assert "\t12" in new_people(director)
    for reader in (grantee, director):
        reader.open(at(world, "history/"))
        changed = reader.page.get_by_role("table", name="What changed from version 1 to version 2")
        row = changed.get_by_role("row").filter(has_text="New people supported")
        assert row.get_by_role("cell").all_inner_texts() == ["10", "12"]
        for told in (WHY, "Grantee sent it", "by Programme Manager"):
            assert told in reader.text
    world.monitoring_return.refresh_from_db()
    assert world.monitoring_return.status == MonitoringReturn.Status.APPROVED


def test_a_correction_typed_by_the_unit_needs_a_second_manager(world: World, enter: Enter) -> None:
    send_return(world)
    manager = enter(world.cast.programme_manager)
    approve(manager, world)
    manager.follow("type the correction for them")
    manager.press("Keep the correction")
    assert manager.page.title().startswith("Error: ")
    manager.type_in("Why are the figures corrected?", "They rang: two were counted twice.")
    manager.page.get_by_role("textbox", name="New people supported").fill("8")
    manager.page.get_by_role("textbox", name="15 to 17").fill("4")
    manager.press("Keep the correction")
    assert "It counts once another programme manager approves it." in manager.text
    changes = manager.page.get_by_role("table", name="What it changes")
    assert "8" in changes.get_by_role("row").filter(has_text="New people supported").inner_text()
    assert manager.page.get_by_role("button", name="Approve the whole return").count() == 0
    director = enter(world.cast.director)
    assert "\t10" in new_people(director)
    approve(enter(UserFactory(name="Second Manager", role=Role.PROGRAMME_MANAGER)), world)
    assert "\t8" in new_people(director)

"""A figure is queried: the grantee sees exactly what to mend, mends it and sends again; the money follows."""

from __future__ import annotations

import re

import pytest

from grants.models import MonitoringReturn, Payment
from tests.browser.conftest import PHONE, Enter, Visitor
from tests.browser.steps import ABOUT_NEW_PEOPLE, at
from tests.browser.submitted import send_return
from tests.cast import World
from tests.factories import PaymentFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
QUESTION = "Is ten the right number?"


def query_one_figure(manager: Visitor, world: World) -> None:
    """A note for the unit and a question to the grantee, both beside the number of new people."""
    manager.open("/")
    manager.follow(world.grant.title)
    assert "waits until the return is approved" in manager.text
    manager.follow(ABOUT_NEW_PEOPLE)
    manager.press("Send")
    manager.mend()
    manager.type_in("What do you want to say?", "Look at the register at the next visit.")
    manager.choose("The unit only")
    manager.press("Send")
    assert "Note kept. The grantee does not see it." in manager.text
    manager.follow(ABOUT_NEW_PEOPLE)
    manager.type_in("What do you want to say?", QUESTION)
    manager.choose("The grantee: a question to answer")
    manager.press("Send")
    assert "Query sent: the return is back with the grantee." in manager.text


def mend_and_send_again(grantee: Visitor) -> None:
    grantee.open("/")
    assert "Question to answer" in grantee.text
    grantee.follow("Return for 2020-21 Q2")
    assert QUESTION in grantee.text
    assert "next visit" not in grantee.text
    grantee.follow("Go to “", exact=False)
    grantee.page.wait_for_url(re.compile("#id_reach.new$"))
    box = grantee.page.get_by_label("New people supported")
    assert box.input_value() == "10"
    box.fill("9")
    grantee.press("Save and come back later")
    grantee.follow("Who the new people are")
    grantee.type_in("15 to 17", "5")
    grantee.press("Save and come back later")
    grantee.type_in("Your answer", "No, nine: one came twice.")
    grantee.press("Save answer")
    assert "Your answer is saved." in grantee.text
    grantee.press("Check your answers")
    grantee.press("Go on to the declaration")
    grantee.type_in("Your full name", "Grace Grantee")
    grantee.press("Declare and submit")
    assert "2020-21Q2 v2" in grantee.text


def approve_each_section(manager: Visitor, world: World) -> None:
    manager.open("/")
    manager.follow(world.grant.title)
    assert "was 10" in manager.text
    assert "No, nine: one came twice." in manager.text
    buttons = manager.page.get_by_role("button", name=re.compile("^Approve (this section|these as they are)$"))
    for left in range(buttons.count(), 0, -1):
        assert buttons.count() == left
        with manager.page.expect_navigation():
            buttons.first.click()
    manager.look()


def test_a_queried_figure_is_mended_and_its_payment_made_ready(world: World, enter: Enter) -> None:
    PaymentFactory(commitment=world.grant, number=1, waits_for=world.monitoring_return)
    send_return(world)
    manager = enter(world.cast.programme_manager)
    query_one_figure(manager, world)
    assert not Payment.objects.ready().exists()
    mend_and_send_again(enter(world.cast.grantee, width=PHONE))
    approve_each_section(manager, world)
    assert "can be made: the return is approved" in manager.text
    assert Payment.objects.ready().count() == 1
    world.monitoring_return.refresh_from_db()
    assert world.monitoring_return.status == MonitoringReturn.Status.APPROVED
    grantee = enter(world.cast.grantee)
    grantee.open(at(world, "history/"))
    for told in (QUESTION, "No, nine: one came twice.", "What changed since version 1", "Programme Manager"):
        assert told in grantee.text
    assert "next visit" not in grantee.text


def test_a_return_cannot_go_back_with_a_question_unanswered(world: World, enter: Enter) -> None:
    send_return(world)
    query_one_figure_of(enter(world.cast.programme_manager), world)
    grantee = enter(world.cast.grantee)
    grantee.open(at(world, "declaration/"))
    grantee.type_in("Your full name", "Grace Grantee")
    grantee.press("Declare and submit")
    assert "Answer each question on the return's page" in grantee.text
    world.monitoring_return.refresh_from_db()
    assert world.monitoring_return.status == MonitoringReturn.Status.QUERIED


def query_one_figure_of(manager: Visitor, world: World) -> None:
    manager.open(at(world, "review/figure/reach.new/"))
    manager.type_in("What do you want to say?", QUESTION)
    manager.press("Send")

"""A first return on a telephone: from the invitation in the post to the receipt, with a slip mended on the way."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from grants.models import MonitoringReturn
from tests.browser.conftest import PHONE, Enter, Visitor
from tests.browser.steps import ask_ordinary_questions, at, last_mail_to
from tests.cast import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MOST_SCREENS = 11
NEWCOMER = "ngozi@example.org"


def invite(world: World, enter: Enter) -> str:
    """The programme manager invites; returns the address in the mail."""
    manager = enter(world.cast.programme_manager)
    manager.open(f"/organisation/{world.grant.organisation.ref}/people/")
    manager.press("Send the invitation")
    manager.mend("Enter their full name.")
    manager.type_in("Their full name", "Ngozi O'Neill")
    manager.type_in("Their email address", NEWCOMER)
    manager.choose("Fill in and send returns")
    manager.press("Send the invitation")
    assert "Invited by" in manager.text
    manager.open("/outbox/")
    manager.page.get_by_role("row", name=NEWCOMER).get_by_role("link").click()
    manager.page.wait_for_url(re.compile(r"/outbox/\d+/"))
    manager.look()
    assert "only they see it" in manager.text
    found = re.search(r"(/invitation/\S+/)", last_mail_to(NEWCOMER).text)
    assert found
    return found[1]


def accept(newcomer: Visitor, address: str) -> None:
    newcomer.open(address)
    newcomer.type_in("Choose a password", "short")
    newcomer.press("Accept and continue")
    newcomer.mend("12 characters")
    newcomer.type_in("Choose a password", "violet tractor sunday")
    newcomer.press("Accept and continue")
    assert newcomer.heading == "Your grants"


def fill_contacts_and_delivery(person: Visitor) -> None:
    assert person.heading.endswith("Contacts and safeguarding lead")
    person.type_in("Who should we talk to about this return?", "Ngozi O'Neill")
    person.type_in("Their email address", "ngozi at the charity")
    person.type_in("Who is your safeguarding lead?", "Ama Boateng, head of delivery")
    person.press("Save and continue")
    person.mend("email address")
    person.page.keyboard.press("Control+A")
    person.page.keyboard.type(NEWCOMER)
    person.press("Save and continue")
    person.choose("Green")
    person.press("Save and continue")


def fill_reach(person: Visitor) -> None:
    assert person.heading.endswith("People reached")
    person.type_in("New people supported", "about 40")
    person.press("Save and continue")
    assert person.page.title().startswith("Error: ")
    person.mend("new people")
    assert person.page.locator(":focus").input_value() == "about 40"
    person.page.keyboard.press("Control+A")
    person.page.keyboard.type("10")
    person.press("Save and continue")


def fill_breakdowns(person: Visitor) -> None:
    """The totals are counted while somebody types; a group that misses the total is said and mended."""
    age, gender = (person.page.get_by_role("group", name=name) for name in ("Age", "Gender"))
    age.get_by_label("10 to 14").fill("4")
    expect(age).to_contain_text("Total so far: 4 of 10 new people. 6 still to place.")
    age.get_by_label("15 to 17").fill("9")
    expect(age).to_contain_text("Total so far: 13 of 10 new people. 3 too many.")
    gender.get_by_label("Girl or woman").fill("10")
    expect(gender).to_contain_text("That is everybody.")
    person.press("Save and continue")
    person.mend("Age")
    age.get_by_label("15 to 17").fill("3")
    age.get_by_label("Not known").fill("3")
    expect(age).to_contain_text("That is everybody.")
    person.press("Save and continue")


def fill_outcomes_spend_and_words(person: Visitor) -> None:
    assert person.heading.endswith("Outcomes")
    for box in person.page.get_by_role("textbox").all():
        if box.get_attribute("inputmode"):
            box.fill("4")
    person.press("Save and continue")
    assert person.heading.endswith("Spend and forecast")
    for box in person.page.get_by_role("textbox").all():
        if box.get_attribute("inputmode"):
            box.fill("£1,234.50")
    person.press("Save and continue")
    person.type_in("What went well this quarter?", "Ten young people came every week.")
    person.press("Save and continue")


def explain_and_declare(person: Visitor) -> None:
    person.press("Go on to the declaration")
    person.press("Declare and submit")
    assert person.page.title().startswith("Error: ")
    person.mend("Explain")
    for box in person.page.get_by_role("textbox").all():
        box.fill("Three families asked us not to record their ages.")
    person.type_in("If there is nothing to report, say why", "")
    person.type_in("Your full name", "Ngozi O'Neill")
    person.press("Declare and submit")


def test_from_the_invitation_to_the_receipt_on_a_telephone(world: World, enter: Enter) -> None:
    ask_ordinary_questions(world)
    newcomer = enter(width=PHONE)
    screens: set[str] = set()
    newcomer.page.on("framenavigated", lambda frame: screens.add(frame.url.partition("?")[0].partition("#")[0]))
    accept(newcomer, invite(world, enter))
    newcomer.follow("Return for 2020-21 Q2")
    assert "You have finished 0 of" in newcomer.text
    newcomer.press("Start")
    fill_contacts_and_delivery(newcomer)
    fill_reach(newcomer)
    fill_breakdowns(newcomer)
    fill_outcomes_spend_and_words(newcomer)
    assert newcomer.heading.endswith("Check your answers")
    assert "Please explain" in newcomer.text
    explain_and_declare(newcomer)
    assert "Return sent" in newcomer.text
    assert "Three families asked us not to record their ages." in newcomer.text
    assert "PDF copy" in newcomer.text
    world.monitoring_return.refresh_from_db()
    assert world.monitoring_return.status == MonitoringReturn.Status.SUBMITTED
    # From the list of the return's sections to its receipt, both counted.
    passed = {each.removeprefix(newcomer.base + at(world)) for each in screens if "/returns/" in each}
    assert {"", "section/C/", "check/", "declaration/", "sent/"} <= passed
    assert len(passed) <= MOST_SCREENS


def test_sections_that_may_stay_empty_are_reached_from_the_answers(world: World, enter: Enter) -> None:
    ask_ordinary_questions(world)
    grantee = enter(world.cast.grantee, width=PHONE)
    grantee.open(at(world, "check/"))
    assert "to put right before you submit" in grantee.text
    for title, label in (
        ("Case study", "Tell us about one person or group"),
        ("Risks and incidents", "What are the main risks"),
    ):
        grantee.open(at(world))
        grantee.follow(title)
        grantee.type_in(label, "Typed on a telephone.")
        grantee.press("Save and come back later")
        assert f"{title}: saved." in grantee.text
    grantee.open(at(world, "check/"))
    assert grantee.text.count("Typed on a telephone.") == 2

"""A quarter that has closed: the grantee asks for time, the manager grants it in one click, the return goes in."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from grants.models import MonitoringReturn, ReportingQuarter, ReturnExtension
from tests.browser.conftest import PHONE, Enter
from tests.browser.steps import at
from tests.cast import World, complete_answers

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DAY = datetime.timedelta(days=1)


def close_the_quarter(world: World) -> None:
    yesterday = timezone.localdate() - DAY
    ReportingQuarter.objects.filter(pk=world.monitoring_return.quarter_id).update(closes_on=yesterday)


def test_a_closed_quarter_opens_again_for_one_return(world: World, enter: Enter) -> None:
    close_the_quarter(world)
    grantee = enter(world.cast.grantee, width=PHONE)
    grantee.open("/")
    assert "Closed" in grantee.text
    grantee.open(at(world, "section/C/"))
    assert grantee.page.url.endswith(at(world))
    grantee.press("Ask for more time")
    grantee.type_day("Until which day do you need?", timezone.localdate() - DAY)
    grantee.press("Ask for more time")
    assert grantee.page.title().startswith("Error: ")
    grantee.type_day("Until which day do you need?", timezone.localdate() + 7 * DAY)
    grantee.type_in("Why do you need more time?", "Our manager is ill.")
    grantee.press("Ask for more time")
    assert "We have your request" in grantee.text

    manager = enter(world.cast.programme_manager)
    manager.open("/")
    assert "Our manager is ill." in manager.text
    manager.press(f"Grant more time for {world.grant.title}")
    assert ReturnExtension.objects.get().status == ReturnExtension.Status.GRANTED
    assert "Our manager is ill." not in manager.text

    grantee.open("/")
    grantee.follow("Return for 2020-21 Q2")
    for letter, answers in complete_answers(world).items():
        grantee.open(at(world, f"section/{letter}/"))
        grantee.fill(answers)
        grantee.press("Save and continue")
    grantee.press("Go on to the declaration")
    grantee.type_in("Your full name", "Grace Grantee")
    grantee.press("Declare and submit")
    assert "Return sent" in grantee.text
    grantee.follow("See its history")
    assert "Our manager is ill." in grantee.text
    world.monitoring_return.refresh_from_db()
    assert world.monitoring_return.status == MonitoringReturn.Status.SUBMITTED


def test_a_refusal_says_why_and_another_day_can_be_granted(world: World, enter: Enter) -> None:
    close_the_quarter(world)
    manager, grantee = enter(world.cast.programme_manager), enter(world.cast.grantee)
    for reason in ("We forgot.", "Our server was stolen."):
        grantee.open(at(world, "more-time/"))
        grantee.type_day("Until which day do you need?", timezone.localdate() + 20 * DAY)
        grantee.type_in("Why do you need more time?", reason)
        grantee.press("Ask for more time")
        manager.open(at(world, "more-time/"))
        if reason == "We forgot.":
            manager.press("Refuse")
            assert manager.page.title().startswith("Error: ")
            manager.type_in("Why not?", "You have had two months.")
            manager.press("Refuse")
        else:
            manager.type_day("Last day", timezone.localdate() + 3 * DAY)
            manager.press("Grant this day")
        grantee.open(at(world, "more-time/"))
    assert "You have had two months." in grantee.text
    until = timezone.localdate() + 3 * DAY
    assert f"due by the end of {until.day} {until:%B %Y}" in grantee.text

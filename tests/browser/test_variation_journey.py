"""A change to an award: asked for by the grantee, worked out by the manager, approved by somebody else, seen by all."""

from __future__ import annotations

import datetime

import pytest

from grants.models import Variation
from tests.browser.conftest import PHONE, Enter, Visitor
from tests.money.worlds import MoneyWorld, money_world

__all__ = ["money_world"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MONEY = "/grants/GR-OURS/money/"


def test_a_change_is_asked_for_proposed_approved_and_seen(money_world: MoneyWorld, enter: Enter) -> None:
    cast = money_world.cast
    grantee = enter(cast.grantee, width=PHONE)
    ask(grantee)
    propose(enter(cast.programme_manager))
    approve(enter(cast.finance_officer, strongly=True))
    money_world.grant.refresh_from_db()
    assert money_world.grant.award_pence == 80_000_00
    grantee.open(MONEY)
    grantee.follow("Variation 1")
    assert_before_and_after(grantee)
    grantee.open("/notifications/")


def ask(grantee: Visitor) -> None:
    grantee.open(MONEY)
    assert "The award stands as it was made." in grantee.text
    grantee.follow("Ask for a change to this award")
    grantee.press("Ask for this change")
    grantee.mend("what you would like to change")
    grantee.choose("The amount")
    grantee.type_in("What would you like to change?", "We could not fill one post, so £20,000 is not needed.")
    grantee.type_in("Why is it needed?", "One post was never filled.")
    grantee.press("Ask for this change")
    assert "We have your request." in grantee.text
    grantee.open("/grants/GR-OURS/variations/ask/")
    assert "You have asked for a change already" in grantee.text


def propose(manager: Visitor) -> None:
    manager.open("/money/variations/")
    manager.follow("GR-OURS", exact=False)
    manager.press("Propose a variation")
    assert "£20,000 is not needed" in manager.text
    manager.press("Work out the plan")
    manager.mend("Enter the new award.")
    manager.type_in("New award, in pounds", "80,000")
    manager.type_day("From which day does the change count?", datetime.date(2020, 10, 1))
    manager.press("Work out the plan")
    share = manager.page.locator('[name="share.E09000012"]')
    worked_out = share.input_value()
    share.fill("1")
    manager.press("Add up again")
    manager.press("Check the variation")
    assert manager.page.title().startswith("Error: ")
    manager.page.locator('[name="share.E09000012"]').fill(worked_out)
    manager.page.locator('[name="reason"]').fill("")
    manager.press("Check the variation")
    manager.mend("why")
    manager.page.locator('[name="reason"]').fill("One post was never filled.")
    manager.press("Check the variation")
    assert "£80,000.00" in manager.text
    manager.press("Change the figures")
    manager.press("Check the variation")
    manager.press("Propose this variation")
    assert "Nothing has changed yet" in manager.text
    assert not manager.page.get_by_role("button", name="Look at it and approve").count()


def approve(finance: Visitor) -> None:
    """First the page that refuses with a reason, left again; then the approval."""
    finance.open("/money/variations/")
    finance.follow("GR-OURS", exact=False)
    finance.follow("Refuse")
    finance.press("Refuse")
    finance.mend("why")
    finance.follow("Cancel")
    finance.press("Look at it and approve")
    finance.press("Approve the variation")
    assert Variation.objects.get().status == Variation.Status.APPROVED
    assert_before_and_after(finance)


def assert_before_and_after(visitor: Visitor) -> None:
    row = visitor.page.get_by_role("row", name="Award").first
    assert "£100,000.01" in row.inner_text()
    assert "£80,000.00" in row.inner_text()
    assert "One post was never filled." in visitor.text

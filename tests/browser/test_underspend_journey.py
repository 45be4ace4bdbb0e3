"""Money that will not be spent where it is: found at Q3, proposed, approved by another person, and seen everywhere."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.utils import timezone

from grants.models import Virement
from grants.money.plan import plan_of
from tests.browser.conftest import Enter, Visitor
from tests.browser.keyboard import Keyboard
from tests.factories import approved_return
from tests.money.worlds import MoneyWorld, money_world

__all__ = ["money_world"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DAY = datetime.date(2021, 1, 20)
YEAR = "?year=2020-21&layer=recorded"
REASON = "Sessions that will not be held before the year ends."


@pytest.fixture
def at_q3(money_world: MoneyWorld, monkeypatch: pytest.MonkeyPatch) -> MoneyWorld:
    """January 2021: half of three quarters' profile is spent, and £10,000 more is expected."""
    real = timezone.localdate

    def today(value: datetime.datetime | None = None, zone: Any = None) -> datetime.date:
        return DAY if value is None else real(value, zone)

    monkeypatch.setattr(timezone, "localdate", today)
    for number in (1, 2, 3):
        approved_return(
            money_world.grant, number, actual_pence=1_250_000, forecast_pence=1_000_000 if number == 3 else 3_000_000
        )
    return money_world


def held(visitor: Visitor) -> str:
    """The row of the first grant's money of the Home Office."""
    rows = visitor.page.get_by_role("row", name="GR-OURS").filter(has_text="Home Office")
    return rows.last.inner_text()


def test_an_underspend_is_found_moved_and_agrees_everywhere(at_q3: MoneyWorld, enter: Enter) -> None:
    cast = at_q3.cast
    finance = enter(cast.finance_officer)
    finance.open(f"/money/underspend/{YEAR}&quarter=3")
    assert "Can still be moved" in finance.text
    assert "31 March 2021" in finance.text
    # Two thirds of the award, less what of the spent and the expected follows it.
    assert "£35,000.01" in held(finance)
    finance.follow("Propose a virement from GR-OURS, Home Office")
    assert finance.page.get_by_label("From").input_value() == "GR-OURS"
    # As much as can be moved stands in the box; without the rest the form says what is missing, and keeps it.
    keys = Keyboard(finance)
    keys.activate("button", "Propose the virement")
    finance.mend("Say why the money moves.")
    finance.type_in("Why does the money move?", REASON)
    finance.type_in("To", "GR-NOWHERE")
    finance.type_in("Amount, in pounds", "60,000")
    finance.press("Propose the virement")
    assert "There is no award and no budget line “GR-NOWHERE”" in finance.text
    finance.type_in("To", at_q3.second.ref)
    finance.press("Propose the virement")
    assert "can be moved from GR-OURS, not £60,000.00" in finance.text
    finance.type_in("Amount, in pounds", "5,000")
    finance.press("Propose the virement")
    assert "Nothing has moved: somebody else has to approve it." in finance.text
    assert finance.page.get_by_role("button", name="Look at it and approve").count() == 0
    virement = Virement.objects.get()
    assert finance.open(f"/money/virements/{virement.ref}/refuse/").status == 403
    assert plan_of(at_q3.grant)["award"] == 10_000_001

    director = enter(cast.director, strongly=True)
    director.open(f"/money/virements/{YEAR}")
    director.follow(virement.ref)
    assert REASON in director.text
    director.press("Look at it and approve")
    director.press("Approve the virement")
    assert "The money has moved on both sides" in director.text

    for grant, award, change in (
        (at_q3.grant, "£95,000.01", "\N{MINUS SIGN}£5,000.00"),
        (at_q3.second, "£55,000.00", "£5,000.00"),
    ):
        director.open(f"/grants/{grant.ref}/variations/1/")
        assert "Approved" in director.text
        assert award in director.text
        assert change in director.text
        director.open(f"/grants/{grant.ref}/money/")
        assert award in director.text
    finance.open(f"/money/variations/{YEAR}&show=approved")
    assert finance.text.count(virement.ref) >= 1
    finance.open(f"/money/reconciliation/{YEAR}")
    assert "Everything agrees" in finance.text
    finance.open(f"/money/variance/{YEAR}&by=grant")
    assert finance.page.get_by_role("row", name="GR-OURS").count() == 1
    finance.open(f"/money/underspend/{YEAR}&quarter=3")
    # What is promised, what nobody plans to spend, and what may still leave: the last quarter's profile.
    after = held(finance)
    assert all(amount in after for amount in ("£61,666.67", "£30,833.35", "£20,000.00"))

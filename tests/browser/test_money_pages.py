"""Every page of money: checked by axe with nothing in it, with something of everything, and with what was refused."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from grants.actions.virements import propose_virement
from grants.models import LedgerImport
from tests.browser.conftest import Enter, Visitor
from tests.browser.keyboard import Keyboard
from tests.cast import Cast
from tests.factories import (
    ClaimFactory,
    ExportLayoutFactory,
    FunderAgreementFactory,
    FunderRuleFactory,
    OvercommitmentFactory,
    PaymentFactory,
    PaymentRunFactory,
    PaymentRunLineFactory,
    RecoveryDebtFactory,
    UnitFactory,
    approved_return,
)
from tests.money.worlds import MoneyWorld, money_world

__all__ = ["money_world"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DAY = datetime.date(2020, 7, 31)
YEAR = "?year=2020-21&layer=recorded"
LISTS = {
    "sources": "No money is stated for this year",
    "agreements": "No agreement is recorded",
    "budget": "No budget is set for this year",
    "rules": "No funder rule is in force this year",
    "payments": "No payment is planned yet",
    "runs": "No payment run yet",
    "debts": "No money is to come back",
    "virements": "No virements yet",
    "variations": "No variations here",
    "variance": "Nothing to add up",
    "underspend": "No money in this year",
    "ledger": "No ledger of this year yet",
    "reconciliation": "Everything agrees",
}
HEAD = "Posting date,Document number,Vendor,Narrative,Amount GBP\n"
GOOD = (
    "31/07/2020,GR-OURS-01,,First,500.00\n31/07/2020,GR-OURS-02,,Second,480.00\n31/08/2020,BANK,,Bank charges,12.00\n"
)


@pytest.fixture
def busy(money_world: MoneyWorld, private_files: Path) -> MoneyWorld:
    """Something of everything: spend, payments, a run, a debt, a virement, an agreement with a claim, a rule."""
    world = money_world
    for number in (1, 2, 3):
        approved_return(world.grant, number, actual_pence=1_250_000, forecast_pence=1_000_000)
        PaymentFactory(
            commitment=world.grant, number=number, amount_pence=500_00, status="paid", paid_on=DAY, due_on=DAY
        )
    waiting = PaymentFactory(commitment=world.second, number=1, amount_pence=700_00)
    run = PaymentRunFactory(
        ref="RUN-2020-0001", status="proposed", made_by=world.cast.finance_officer, layout=ExportLayoutFactory()
    )
    PaymentRunLineFactory(run=run, payment=waiting, amount_pence=700_00)
    RecoveryDebtFactory(commitment=world.grant, number=1, amount_pence=100_00)
    propose_virement(
        source=world.home, year=2020, amount_pence=500_000, giving=world.grant, receiving=world.second,
        reason="Sessions not held.", on=datetime.date(2021, 1, 20), by=world.cast.finance_officer,
    )  # fmt: skip
    agreement = FunderAgreementFactory(source=world.home, status="accepted", ref="AG-1")
    ClaimFactory(agreement=agreement)
    OvercommitmentFactory(source=world.home)
    FunderRuleFactory(source=world.home, kind="spent_by_year_end", title="Spend all of it", first_year=2020)
    return world


def test_pages_with_nothing_in_them_say_so(cast: Cast, enter: Enter) -> None:
    UnitFactory()
    finance = enter(cast.finance_officer)
    finance.open("/")
    for name, words in LISTS.items():
        answer = finance.open(f"/money/{name}/{YEAR}")
        assert answer.status == 200
        assert words in finance.text, name


def test_every_page_of_money_is_clean_at_every_width(busy: MoneyWorld, enter: Enter) -> None:
    finance = enter(busy.cast.finance_officer, strongly=True)
    finance.open(f"/{YEAR}")
    assert "To be paid this year" in finance.text
    paths = [f"{name}/{YEAR}" for name in LISTS] + [
        f"sources/{busy.home.slug}/{YEAR}",
        "agreements/AG-1/",
        "runs/RUN-2020-0001/",
        "debts/GR-OURS/1/",
        "virements/VIR-2020-001/",
        "virements/VIR-2020-001/approve/",
    ]
    for path in paths:
        assert finance.open(f"/money/{path}").status == 200, path
    finance.open("/grants/GR-OURS/variations/1/")
    finance.open("/grants/GR-OURS/money/")
    a_rule_by_keyboard(finance)
    a_ledger_with_errors(finance)
    # The same pages without scripts.
    plain = enter(busy.cast.finance_officer, scripts=False)
    for path in paths:
        assert plain.open(f"/money/{path}").status in {200, 302}, path


def a_rule_by_keyboard(finance: Visitor) -> None:
    """A share that names a figure that does not exist is refused with what comes near it; one that exists is kept."""
    finance.open("/money/rules/add/")
    finance.page.get_by_label("Source of money").select_option(label="Home Office")
    keys = Keyboard(finance)
    keys.type("The condition in a few words", "At most a tenth on rooms")
    finance.choose("At most a share")
    keys.type("Figure that is counted", "spend.headings heading=rooms")
    keys.type("Figure that it is compared with", "spend.total")
    keys.type("Threshold, per cent", "10")
    keys.activate("button", "Save")
    assert "Near it: spend.heading" in finance.text
    finance.type_in("Figure that is counted", "spend.heading heading=rooms")
    finance.press("Save")
    assert "The rule is saved." in finance.text


def upload(finance: Visitor, rows: str) -> None:
    finance.open(f"/money/ledger/upload/{YEAR}")
    file = {"name": "ledger.csv", "mimeType": "text/csv", "buffer": (HEAD + rows).encode()}
    finance.page.locator('input[type="file"]').set_input_files(file)
    finance.press("Read the file")


def a_ledger_with_errors(finance: Visitor) -> None:
    """One bad row and nothing is kept; the mended file is matched, and what does not match is listed."""
    upload(finance, GOOD + "31/07/2020,GL,,,twelve\n")
    assert "1 problem to mend first" in finance.text
    assert not LedgerImport.objects.exists()
    upload(finance, GOOD)
    finance.press("Take the ledger in")
    finance.open(f"/money/ledger/{YEAR}")
    for words in ("BANK", "GR-OURS-02"):
        assert words in finance.text
    finance.open(f"/money/ledger/lines/{LedgerImport.objects.get().lines.get(reference='BANK').pk}/")
    assert "Bank charges" in finance.text

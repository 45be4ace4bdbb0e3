"""Two finance officers and a director pay what is due: once, by four eyes, with one file; and money comes back."""

from __future__ import annotations

import datetime
import re
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from grants.models import Payment, PaymentRun, PaymentRunLine
from grants.money.paid import net_paid
from tests.browser.conftest import Enter, Visitor
from tests.cast import World
from tests.factories import ExportLayoutFactory, PaymentFactory, UserFactory
from vru.accounts.models import AuditEvent, Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DAY = datetime.date(2020, 8, 31)
LATER = "() => setTimeout(() => document.querySelector('button[value=make]').click(), 100)"


@pytest.fixture
def due(world: World) -> World:
    """Two payments that can leave, and one that waits for a return."""
    world.grant.organisation.supplier_reference = "SUP-1"
    world.grant.organisation.save()
    PaymentFactory(commitment=world.grant, number=1, amount_pence=100_000)
    PaymentFactory(commitment=world.grant, number=2, amount_pence=150_000)
    PaymentFactory(commitment=world.grant, number=3, amount_pence=100_000, waits_for=world.monitoring_return)
    ExportLayoutFactory(slug="main", is_default=True)
    return world


def preview(visitor: Visitor) -> None:
    visitor.open("/money/runs/make/")
    visitor.type_day("Pay what is due by which day?", DAY)
    visitor.press("Show what would be paid")
    assert "2 payments, £2,500.00 in all" in visitor.text
    assert "Waits for the 2020-21 Q2 return, open" in visitor.text


def make_at_once(first: Visitor, second: Visitor) -> None:
    """Both press in the same moment; SQLite has one writer, so there the second comes just after the first."""
    if connection.vendor == "sqlite":
        first.press("Make the run as a draft")
        second.press("Make the run as a draft")
        return
    with first.page.expect_navigation(), second.page.expect_navigation():
        for each in (first, second):
            each.page.evaluate(LATER)
    for each in (first, second):
        each.look()


def downloaded(visitor: Visitor) -> bytes:
    with visitor.page.expect_download() as waiting:
        visitor.page.get_by_role("button", name="Download the file").click()
    return Path(waiting.value.path()).read_bytes()


def test_two_officers_race_and_every_payment_leaves_once(due: World, enter: Enter) -> None:
    first = enter(due.cast.finance_officer, strongly=True)
    second = enter(UserFactory(name="Second Officer", role=Role.FINANCE_OFFICER), strongly=True)
    for officer in (first, second):
        preview(officer)
    make_at_once(first, second)
    run = PaymentRun.objects.get()
    assert sorted(run.lines.values_list("payment__number", flat=True)) == [1, 2]
    maker, other = (first, second) if "is made as a draft" in first.text else (second, first)
    assert "is made as a draft" in maker.text
    assert "There is a problem" in other.text
    assert "another run" in other.text or "in a run already" in other.text or run.ref in other.text

    maker.press("Propose for approval")
    maker.press("Propose the run")
    assert "You made it, so you cannot approve it." in maker.text
    maker.open(f"/money/runs/{run.ref}/approve/")
    maker.press("Approve the run")
    assert "somebody else must approve it" in maker.text
    run.refresh_from_db()
    assert run.status == PaymentRun.Status.PROPOSED

    director = enter(due.cast.director, strongly=True)
    director.open("/money/runs/")
    director.follow(run.ref)
    director.open(f"/money/runs/{run.ref}/approve/")
    director.press("Approve the run")
    assert "Approved." in director.text
    other.open(f"/money/runs/{run.ref}/export/")
    other.press("Make the file")
    assert downloaded(other) == downloaded(other)

    # Both have the same page open and press: every payment is recorded once, and the second is told so.
    for officer in (maker, other):
        officer.open(f"/money/runs/{run.ref}/paid/")
    maker.press("Record as paid")
    assert "2 payments are recorded as paid." in maker.text
    other.press("Record as paid")
    assert net_paid([due.grant.pk]) == {due.grant.pk: 250_000}
    assert AuditEvent.objects.filter(action="payment made").count() == 2
    assert PaymentRunLine.objects.live().count() == 2
    maker.open(f"/money/runs/{run.ref}/")
    assert "Every payment of this run is paid." in maker.text

    money_comes_back(due, maker)


def money_comes_back(due: World, officer: Visitor) -> None:
    """Too much was paid: a debt, the credit note that pays it off, and the money."""
    ref = due.grant.ref
    officer.open(f"/money/debts/{ref}/open/")
    officer.choose("Paid by mistake")
    officer.type_in("How much?", "9,999")
    officer.type_in("What happened?", "Paid at last year's rate.")
    officer.press("Open the debt")
    assert "no more than £2,500.00 can be asked for" in officer.text
    officer.type_in("How much?", "500")
    officer.press("Open the debt")
    officer.open("/money/debts/")
    assert "£500.00" in officer.text
    officer.open(f"/money/payments/{ref}/credit-note/?debt=1")
    officer.type_in("What is it for?", "Pays back debt 1.")
    officer.press("Record the credit note")
    note = Payment.objects.get(is_credit_note=True)
    assert (note.amount_pence, note.recovers.number) == (-50_000, 1)
    officer.open(f"/grants/{ref}/money/")
    officer.follow(re.compile(rf"Arrived\s*: credit note {note.number}"))
    officer.type_day("On which day did the money arrive?", timezone.localdate())
    officer.press("Record the money")
    assert net_paid([due.grant.pk]) == {due.grant.pk: 200_000}
    officer.open(f"/money/debts/{ref}/1/")
    assert "Recovered" in officer.text

"""Two people press in the same moment: one run, one approval, one payment, whatever the order."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from grants.actions import credit_notes, payment_paying, payment_runs, payments
from grants.models import Payment, PaymentRun, PaymentRunLine
from grants.money.paid import net_paid
from grants.money.payment_plan import PlannedPayment
from tests.cast import Cast
from tests.factories import CommitmentFactory, ExportLayoutFactory, OrganisationFactory, PaymentFactory, UserFactory
from tests.grants.test_extensions_at_once import at_once
from vru.accounts.models import AuditEvent, Role

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
DAY = datetime.date(2020, 8, 31)


def payable(pence: int = 2_500_000) -> Payment:
    grant = CommitmentFactory(organisation=OrganisationFactory(supplier_reference="SUP-001"))
    payment: Payment = PaymentFactory(commitment=grant, amount_pence=pence)
    return payment


def exported(cast: Cast) -> PaymentRun:
    run = payment_runs.make_run(layer="recorded", pay_on=DAY, layout=ExportLayoutFactory(), by=cast.finance_officer)
    payment_runs.propose_run(run=run, by=cast.finance_officer)
    payment_runs.approve_run(run=run, by=cast.director)
    return payment_paying.export_run(run=run, by=cast.finance_officer)[0]


def test_two_officers_make_a_run_at_once_and_each_payment_stands_in_one(cast: Cast) -> None:
    payable(), payable()
    layout, other = ExportLayoutFactory(), UserFactory(role=Role.FINANCE_OFFICER)
    refused = at_once(
        lambda: payment_runs.make_run(layer="recorded", pay_on=DAY, layout=layout, by=cast.finance_officer),
        lambda: payment_runs.make_run(layer="recorded", pay_on=DAY, layout=layout, by=other),
    )
    assert len(refused) == 1
    assert "Nothing is ready" in refused[0]
    assert PaymentRunLine.objects.live().count() == 2


def test_runs_of_different_payments_made_at_once_have_references_of_their_own(cast: Cast) -> None:
    first, second = payable(), payable()
    layout, other = ExportLayoutFactory(), UserFactory(role=Role.FINANCE_OFFICER)
    wanted = {"layer": "recorded", "pay_on": DAY, "layout": layout}
    refused = at_once(
        lambda: payment_runs.make_run(payments=[first], by=cast.finance_officer, **wanted),
        lambda: payment_runs.make_run(payments=[second], by=other, **wanted),
    )
    assert refused == []
    assert set(PaymentRun.objects.values_list("ref", flat=True)) == {"RUN-2020-0001", "RUN-2020-0002"}


def test_marked_paid_twice_at_once_is_paid_once(cast: Cast) -> None:
    payment = payable()
    run = exported(cast)
    other = UserFactory(role=Role.FINANCE_OFFICER)
    today = timezone.localdate()
    refused = at_once(
        lambda: payment_paying.mark_paid(run=run, paid_on=today, by=cast.finance_officer),
        lambda: payment_paying.mark_paid(run=run, paid_on=today, by=other),
    )
    assert refused == []
    assert AuditEvent.objects.about(payment.commitment).filter(action="payment made").count() == 1
    assert net_paid([payment.commitment_id]) == {payment.commitment_id: 2_500_000}


def test_cancelled_and_paid_at_once_is_one_of_the_two(cast: Cast) -> None:
    payment = payable()
    run = exported(cast)
    today = timezone.localdate()
    refused = at_once(
        lambda: payment_paying.mark_paid(run=run, paid_on=today, by=cast.finance_officer),
        lambda: payment_runs.cancel_run(run=run, by=cast.director, reason="Stopped at the bank."),
    )
    assert len(refused) == 1
    payment.refresh_from_db()
    run.refresh_from_db()
    assert (run.status, payment.status) in {("paid", "paid"), ("cancelled", "planned")}


def test_two_approve_at_once_and_one_approval_is_recorded(cast: Cast) -> None:
    payable()
    run = payment_runs.make_run(layer="recorded", pay_on=DAY, layout=ExportLayoutFactory(), by=cast.finance_officer)
    payment_runs.propose_run(run=run, by=cast.finance_officer)
    other = UserFactory(role=Role.DIRECTOR)
    at_once(
        lambda: payment_runs.approve_run(run=run, by=cast.director), lambda: payment_runs.approve_run(run=run, by=other)
    )
    assert AuditEvent.objects.about(run).filter(action="payment run approved").count() == 1


def test_the_last_room_of_an_award_is_planned_once(cast: Cast) -> None:
    grant = CommitmentFactory(award_pence=1_000_000)
    line = PlannedPayment(600_000, DAY)
    refused = at_once(*[lambda: payments.add_payment(commitment=grant, line=line, by=cast.finance_officer)] * 2)
    assert len(refused) == 1
    assert "too much" in refused[0]
    assert grant.payments.count() == 1


def test_money_received_twice_at_once_is_received_once(cast: Cast) -> None:
    grant = CommitmentFactory()
    paid = PaymentFactory(commitment=grant, amount_pence=500_000, status="paid", paid_on=DAY)
    note = credit_notes.record_credit_note(
        commitment=grant, amount_pence=100_000, due_on=DAY, note="Back.", by=cast.finance_officer, credits=paid
    )
    today = timezone.localdate()
    at_once(
        *[lambda: credit_notes.receive_credit_note(credit_note=note, received_on=today, by=cast.finance_officer)] * 2
    )
    assert AuditEvent.objects.about(grant).filter(action="credit note settled").count() == 1

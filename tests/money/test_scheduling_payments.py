"""Payments planned, changed and cancelled: always within what of the award is not paid."""

from __future__ import annotations

import datetime

import pytest

from grants.actions import payments, recovery
from grants.actions.schedule import plan_returns
from grants.errors import ActionRefused
from grants.models import Commitment, Payment
from grants.money.paid import above_award, net_paid, open_recovery, position_of
from grants.money.payment_plan import PlannedPayment, Timing, quarterly_plan
from tests.cast import Cast
from tests.factories import CommitmentFactory, PaymentFactory, PaymentRunLineFactory, RecoveryDebtFactory
from vru.accounts.models import AuditEvent
from vru.lib.periods import Quarter

pytestmark = pytest.mark.django_db
APRIL, MARCH = datetime.date(2020, 4, 1), datetime.date(2021, 3, 31)
DAY = datetime.date(2020, 8, 3)


def line(pence: int, due_on: datetime.date = DAY, **options: object) -> PlannedPayment:
    return PlannedPayment(pence, due_on, **options)  # type: ignore[arg-type]


def test_even_payments_in_advance_give_the_odd_pennies_to_the_first() -> None:
    plan = quarterly_plan(APRIL, MARCH, 10_000_01, timing=Timing.IN_ADVANCE)
    assert [each.amount_pence for each in plan] == [2_500_01, 2_500_00, 2_500_00, 2_500_00]
    assert [each.due_on for each in plan] == [
        datetime.date(2020, 4, 1),
        datetime.date(2020, 7, 1),
        datetime.date(2020, 10, 1),
        datetime.date(2021, 1, 4),
    ]
    assert [each.waits_for for each in plan] == [None, None, Quarter(2020, 1), Quarter(2020, 2)]


def test_payments_in_arrears_wait_for_the_return_of_their_own_quarter() -> None:
    plan = quarterly_plan(APRIL, MARCH, 400, timing=Timing.IN_ARREARS)
    assert [each.waits_for for each in plan] == [Quarter(2020, number) for number in (1, 2, 3, 4)]
    assert plan[0].due_on == datetime.date(2020, 7, 31)


def test_a_penny_is_one_payment_not_four() -> None:
    assert len(quarterly_plan(APRIL, MARCH, 1, timing=Timing.IN_ADVANCE)) == 1


def test_a_schedule_made_before_the_returns_waits_for_them_once_they_are_planned(cast: Cast) -> None:
    grant = CommitmentFactory(status=Commitment.Status.DRAFT)
    plan = quarterly_plan(APRIL, MARCH, grant.award_pence, timing=Timing.IN_ARREARS)
    payments.schedule_payments(commitment=grant, plan=plan, by=cast.programme_manager)
    assert not Payment.objects.filter(waits_for__isnull=False).exists()
    assert Payment.objects.waiting_for_returns().count() == 4
    grant.status = Commitment.Status.ACCEPTED
    grant.save()
    plan_returns(commitment=grant, by=cast.programme_manager)
    assert [payment.waits_for.quarter.number for payment in grant.payments.order_by("number")] == [1, 2, 3, 4]
    assert not Payment.objects.filter(waits_for_quarter__isnull=False).exists()


def test_the_same_schedule_again_changes_nothing(cast: Cast) -> None:
    grant = CommitmentFactory()
    plan = [line(4_000_000), line(6_000_000)]
    first = payments.schedule_payments(commitment=grant, plan=plan, by=cast.finance_officer)
    again = payments.schedule_payments(commitment=grant, plan=plan, by=cast.finance_officer)
    assert [payment.pk for payment in first] == [payment.pk for payment in again]
    assert AuditEvent.objects.about(grant).filter(action="payments scheduled").count() == 1


def test_a_new_schedule_keeps_numbers_and_cancels_what_is_left_over(cast: Cast) -> None:
    grant = CommitmentFactory()
    plan = [line(2_500_000)] * 4
    payments.schedule_payments(commitment=grant, plan=plan, by=cast.finance_officer)
    payments.schedule_payments(
        commitment=grant, plan=[line(10_000_000)], by=cast.finance_officer, reason="In one sum, as agreed."
    )
    assert list(grant.payments.values_list("number", "amount_pence", "status")) == [
        (1, 10_000_000, "planned"),
        (2, 2_500_000, "cancelled"),
        (3, 2_500_000, "cancelled"),
        (4, 2_500_000, "cancelled"),
    ]
    event = AuditEvent.objects.about(grant).filter(action="payments scheduled").first()
    assert event is not None
    assert event.reason == "In one sum, as agreed."
    assert len(event.details["before"]) == 4


def test_a_schedule_leaves_alone_what_is_paid_or_in_a_run(cast: Cast) -> None:
    grant = CommitmentFactory()
    PaymentFactory(commitment=grant, number=1, amount_pence=1_000_000, status="paid", paid_on=DAY)
    running = PaymentFactory(commitment=grant, number=2, amount_pence=2_000_000)
    PaymentRunLineFactory(payment=running)
    with pytest.raises(ActionRefused, match=r"£0\.01 too much"):
        payments.schedule_payments(commitment=grant, plan=[line(7_000_001)], by=cast.finance_officer, reason="More.")
    payments.schedule_payments(commitment=grant, plan=[line(7_000_000)], by=cast.finance_officer, reason="The rest.")
    assert list(grant.payments.values_list("number", "amount_pence")) == [
        (1, 1_000_000),
        (2, 2_000_000),
        (3, 7_000_000),
    ]


def test_open_money_to_come_back_is_no_room_for_another_payment(cast: Cast) -> None:
    grant = CommitmentFactory(award_pence=5_000_000)
    PaymentFactory(commitment=grant, amount_pence=6_000_000, status="paid", paid_on=DAY)
    RecoveryDebtFactory(commitment=grant, amount_pence=1_000_000)
    with pytest.raises(ActionRefused, match=r"£0\.00 of the award is not paid"):
        payments.add_payment(commitment=grant, line=line(1), by=cast.finance_officer)
    assert position_of(grant).still_payable == 0
    assert position_of(grant).limit == 6_000_000


@pytest.mark.parametrize("name", ["analyst", "auditor", "administrator", "grantee", "nobody"])
def test_who_may_not_plan_payments_is_told_who_may(cast: Cast, name: str) -> None:
    with pytest.raises(ActionRefused, match="Only a finance officer, a programme manager or the director"):
        payments.add_payment(commitment=CommitmentFactory(), line=line(100), by=cast.named(name))


@pytest.mark.parametrize("status", ["terminated", "reconciled"])
def test_an_ended_grant_takes_no_new_payment(cast: Cast, status: str) -> None:
    with pytest.raises(ActionRefused, match=f"This grant is {status}"):
        payments.add_payment(commitment=CommitmentFactory(status=status), line=line(100), by=cast.finance_officer)


def test_a_changed_payment_says_why_and_what_stood_before(cast: Cast) -> None:
    payment = PaymentFactory(amount_pence=2_500_000)
    with pytest.raises(ActionRefused, match="Say why the payment changes"):
        payments.change_payment(payment=payment, line=line(2_000_000), by=cast.finance_officer, reason=" ")
    payments.change_payment(payment=payment, line=line(2_000_000), by=cast.finance_officer, reason="Smaller at first.")
    event = AuditEvent.objects.about(payment.commitment).get(action="payment changed")
    assert (event.details["before"]["amount_pence"], event.details["after"]["amount_pence"]) == (2_500_000, 2_000_000)


@pytest.mark.parametrize("status", ["paid", "cancelled"])
def test_a_payment_that_is_settled_is_not_changed(cast: Cast, status: str) -> None:
    payment = PaymentFactory(status=status, paid_on=DAY if status == "paid" else None)
    with pytest.raises(ActionRefused, match=f"is {status}, so it stays as it is"):
        payments.change_payment(payment=payment, line=line(1), by=cast.finance_officer, reason="A mistake.")


def test_a_payment_in_a_run_is_neither_changed_nor_cancelled(cast: Cast) -> None:
    running = PaymentRunLineFactory().payment
    with pytest.raises(ActionRefused, match="Take it out of the run first"):
        payments.cancel_payment(payment=running, by=cast.finance_officer, reason="Not needed.")


def test_cancelling_twice_is_cancelling_once(cast: Cast) -> None:
    payment = PaymentFactory()
    for _ in range(2):
        payments.cancel_payment(payment=payment, by=cast.finance_officer, reason="Not needed.")
    assert AuditEvent.objects.about(payment.commitment).filter(action="payment cancelled").count() == 1


def test_a_payment_waits_for_a_return_of_its_own_grant_only(cast: Cast) -> None:
    grant, other = CommitmentFactory(), CommitmentFactory()
    plan_returns(commitment=other, by=cast.programme_manager)
    with pytest.raises(ActionRefused, match="its own grant"):
        payments.add_payment(commitment=grant, line=line(100, waits_for=other.returns.first()), by=cast.finance_officer)


def test_a_typed_century_is_caught(cast: Cast) -> None:
    with pytest.raises(ActionRefused, match="Check the year"):
        payments.add_payment(
            commitment=CommitmentFactory(), line=line(100, datetime.date(2120, 8, 3)), by=cast.finance_officer
        )


def test_a_debt_is_never_more_than_what_was_paid_and_not_asked_back_yet(cast: Cast) -> None:
    grant = CommitmentFactory()
    PaymentFactory(commitment=grant, amount_pence=1_000_000, status="paid", paid_on=DAY)
    ask = {"commitment": grant, "cause": "unspent", "by": cast.finance_officer, "note": "Left at the end."}
    recovery.open_debt(amount_pence=600_000, **ask)
    with pytest.raises(ActionRefused, match=r"no more than £4,000\.00"):
        recovery.open_debt(amount_pence=400_001, **ask)
    assert open_recovery([grant.pk]) == {grant.pk: 600_000}


def test_what_was_written_off_stays_in_the_limit_and_is_no_longer_to_come_back(cast: Cast) -> None:
    grant = CommitmentFactory(award_pence=800_000)
    PaymentFactory(commitment=grant, amount_pence=1_000_000, status="paid", paid_on=DAY)
    debt = recovery.open_debt(
        commitment=grant, cause="variation", amount_pence=200_000, by=cast.finance_officer, note="Reduced."
    )
    with pytest.raises(ActionRefused, match="You opened this debt"):
        recovery.write_off(debt=debt, by=cast.finance_officer, reason="The charity closed.")
    for _ in range(2):
        recovery.write_off(debt=debt, by=cast.director, reason="The charity closed.")
    assert open_recovery([grant.pk]) == {}
    assert above_award([grant.pk]) == {grant.pk: 200_000}
    assert net_paid([grant.pk])[grant.pk] == position_of(grant).limit
    assert AuditEvent.objects.about(grant).filter(action="debt written off").count() == 1


def test_money_positions_of_many_grants_cost_one_query_each(cast: Cast, django_assert_num_queries: object) -> None:
    for _ in range(3):
        grant = CommitmentFactory()
        PaymentFactory(commitment=grant, status="paid", paid_on=DAY)
        RecoveryDebtFactory(commitment=grant)
    with django_assert_num_queries(2):  # type: ignore[operator]
        assert len(net_paid()) == len(open_recovery()) == 3

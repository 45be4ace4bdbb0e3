"""Closing an award: nothing is left open, unspent money is asked back, and somebody else reconciles."""

from __future__ import annotations

import pytest

from grants.actions.closing import close_award, reconcile_award
from grants.errors import ActionRefused
from grants.models import Commitment, GrantClosing, Payment, RecoveryDebt
from grants.money.closing import closing_of
from tests.cast import Cast
from tests.factories import CommitmentFactory, MonitoringReturnFactory, PaymentFactory, approved_return, noon
from tests.factories.money import DAY
from vru.accounts.models import Role, StaffRole

PAID, SPENT = 10_000_00, 7_500_50


@pytest.fixture
def grant(cast: Cast) -> Commitment:
    made: Commitment = CommitmentFactory(award_pence=PAID)
    approved_return(made, 1, actual_pence=SPENT)
    PaymentFactory(commitment=made, number=1, amount_pence=PAID, status="paid", paid_on=DAY)
    return made


def recover(grant: Commitment, cast: Cast) -> None:
    debt = RecoveryDebt.objects.get(commitment=grant)
    PaymentFactory(
        commitment=grant,
        number=2,
        amount_pence=-debt.amount_pence,
        is_credit_note=True,
        recovers=debt,
        status="paid",
        paid_on=DAY,
    )
    debt.status, debt.closed_by, debt.closed_at = RecoveryDebt.Status.RECOVERED, cast.finance_officer, noon(DAY)
    debt.save()


def test_unspent_money_is_asked_back_to_the_penny(cast: Cast, grant: Commitment) -> None:
    closing = close_award(commitment=grant, by=cast.programme_manager, note="Ended well.")
    assert close_award(commitment=grant, by=cast.director) == closing
    assert (closing.paid_pence, closing.spent_pence, closing.unspent_pence) == (PAID, SPENT, PAID - SPENT)
    debt = RecoveryDebt.objects.get()
    assert (debt.cause, debt.amount_pence) == (RecoveryDebt.Cause.UNSPENT, PAID - SPENT)
    assert Commitment.objects.get(pk=grant.pk).status == Commitment.Status.COMPLETED


def test_an_award_with_an_open_return_or_a_payment_to_come_cannot_be_closed(cast: Cast, grant: Commitment) -> None:
    item = MonitoringReturnFactory(commitment=grant, quarter__number=2, status="submitted")
    payment = PaymentFactory(commitment=grant, number=2, amount_pence=5)
    with pytest.raises(ActionRefused, match=r"not approved yet: 2020-21 Q2.*Payments not made yet: 2, £0\.05"):
        close_award(commitment=grant, by=cast.programme_manager)
    item.delete()
    Payment.objects.filter(pk=payment.pk).update(status="cancelled")
    assert not closing_of(grant).missing


@pytest.mark.parametrize("status", [each for each in Commitment.Status if each not in ("active", "terminated")])
def test_only_an_active_or_terminated_award_is_closed(cast: Cast, status: str) -> None:
    with pytest.raises(ActionRefused, match="so it cannot be closed"):
        close_award(commitment=CommitmentFactory(status=status), by=cast.director)


def test_another_person_reconciles_once_the_money_is_back(cast: Cast, grant: Commitment) -> None:
    close_award(commitment=grant, by=cast.programme_manager)
    with pytest.raises(ActionRefused, match=r"£2,499\.50 is still to come back"):
        reconcile_award(commitment=grant, by=cast.finance_officer)
    recover(grant, cast)
    for _ in range(2):
        closing = reconcile_award(commitment=grant, by=cast.finance_officer)
    assert closing.reconciled_by == cast.finance_officer
    assert Commitment.objects.get(pk=grant.pk).status == Commitment.Status.RECONCILED


def test_who_closed_an_award_never_reconciles_it(cast: Cast, grant: Commitment) -> None:
    StaffRole.objects.create(user=cast.programme_manager, role=Role.FINANCE_OFFICER)
    close_award(commitment=grant, by=cast.programme_manager)
    recover(grant, cast)
    with pytest.raises(ActionRefused, match="You closed this award"):
        reconcile_award(commitment=grant, by=cast.programme_manager)


def test_only_a_finance_officer_reconciles_and_only_what_is_closed(cast: Cast, grant: Commitment) -> None:
    for person in ("director", "programme_manager", "analyst", "auditor", "grantee"):
        with pytest.raises(ActionRefused, match="Only a finance officer"):
            reconcile_award(commitment=grant, by=cast.named(person))
    with pytest.raises(ActionRefused, match="Close the award first"):
        reconcile_award(commitment=grant, by=cast.finance_officer)


def test_only_managers_and_the_director_close(cast: Cast, grant: Commitment) -> None:
    for person in ("finance_officer", "analyst", "auditor", "administrator", "grantee", "signatory"):
        with pytest.raises(ActionRefused, match="Only a programme manager or the director"):
            close_award(commitment=grant, by=cast.named(person))


def test_spend_corrected_after_closing_is_looked_at_before_reconciling(cast: Cast, grant: Commitment) -> None:
    close_award(commitment=grant, by=cast.programme_manager)
    recover(grant, cast)
    GrantClosing.objects.filter(commitment=grant).update(spent_pence=SPENT - 1)
    with pytest.raises(ActionRefused, match="Approved spend is"):
        reconcile_award(commitment=grant, by=cast.finance_officer)


def test_a_contract_without_returns_counts_what_was_paid_as_spent(cast: Cast) -> None:
    contract = CommitmentFactory(kind="contract", award_pence=PAID)
    PaymentFactory(commitment=contract, number=1, amount_pence=PAID, status="paid", paid_on=DAY)
    assert close_award(commitment=contract, by=cast.director).unspent_pence == 0

"""Whatever is done in whatever order: net paid stays within its limit, and no payment is made twice."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grants.actions import credit_notes, payment_paying, payment_runs, payments, recovery
from grants.errors import ActionRefused
from grants.models import Commitment, ExportLayout, Payment, PaymentRun, RecoveryDebt
from grants.money.paid import above_award, net_paid
from grants.money.payment_plan import PlannedPayment
from tests.factories import CommitmentFactory, ExportLayoutFactory, OrganisationFactory, UserFactory
from vru.accounts.models import AuditEvent, Role, User

pytestmark = pytest.mark.django_db
DAY = datetime.date(2020, 8, 31)
STEPS = (
    "plan",
    "make",
    "propose",
    "approve",
    "export",
    "pay",
    "cancel",
    "credit",
    "receive",
    "vary",
    "debt",
    "give up",
)
steps = st.lists(st.tuples(st.sampled_from(STEPS), st.integers(1, 12)), min_size=8, max_size=30)


class Unrolled(Exception):
    """Leaves each example's transaction without a trace."""


class Life:
    """One award and everything that can happen to its money."""

    def __init__(self, grant: Commitment, layout: ExportLayout, finance: User, director: User) -> None:
        self.grant, self.layout, self.finance, self.director = grant, layout, finance, director

    def act(self, step: str, size: int) -> None:
        pence = size * 100_000
        run = PaymentRun.objects.order_by("-pk").first()
        debt = RecoveryDebt.objects.open().order_by("pk").first()
        notes = Payment.objects.to_pay().filter(is_credit_note=True)
        acts: dict[str, Callable[[], Any]] = {
            "plan": lambda: payments.add_payment(
                commitment=self.grant, line=PlannedPayment(pence, DAY), by=self.finance
            ),
            "make": lambda: payment_runs.make_run(layer="recorded", pay_on=DAY, layout=self.layout, by=self.finance),
            "propose": lambda: run and payment_runs.propose_run(run=run, by=self.finance),
            "approve": lambda: run and payment_runs.approve_run(run=run, by=self.director),
            "export": lambda: run and payment_paying.export_run(run=run, by=self.finance),
            "pay": lambda: run and payment_paying.mark_paid(run=run, paid_on=timezone.localdate(), by=self.finance),
            "cancel": lambda: run and payment_runs.cancel_run(run=run, by=self.director, reason="Again."),
            "credit": lambda: self.credit(pence, debt),
            "receive": lambda: [
                credit_notes.receive_credit_note(credit_note=note, received_on=timezone.localdate(), by=self.finance)
                for note in notes[:1]
            ],
            "vary": lambda: self.vary(pence),
            "debt": lambda: recovery.open_debt(
                commitment=self.grant,
                cause=RecoveryDebt.Cause.UNSPENT,
                amount_pence=pence,
                by=self.finance,
                note="Left.",
            ),
            "give up": lambda: debt and recovery.write_off(debt=debt, by=self.director, reason="Closed."),
        }
        acts[step]()

    def credit(self, pence: int, debt: RecoveryDebt | None) -> None:
        paid = self.grant.payments.filter(status="paid", is_credit_note=False).first()
        credit_notes.record_credit_note(
            commitment=self.grant,
            amount_pence=pence,
            due_on=DAY,
            note="Back.",
            by=self.finance,
            credits=None if debt else paid,
            recovers=debt,
        )

    def vary(self, pence: int) -> None:
        """What an approved variation does to the award: the difference to what was paid becomes a debt."""
        grant = Commitment.objects.select_for_update().get(pk=self.grant.pk)
        grant.award_pence = pence
        grant.save(update_fields=["award_pence"])
        ids = [grant.pk]
        excess = net_paid(ids).get(grant.pk, 0) - pence - above_award(ids).get(grant.pk, 0)
        if excess > 0:
            recovery.open_debt(
                commitment=grant,
                cause=RecoveryDebt.Cause.VARIATION,
                amount_pence=excess,
                by=self.finance,
                note="Reduced.",
            )

    def check(self) -> None:
        ids = [self.grant.pk]
        award = Commitment.objects.get(pk=self.grant.pk).award_pence
        assert net_paid(ids).get(self.grant.pk, 0) <= award + above_award(ids).get(self.grant.pk, 0)
        assert net_paid(ids).get(self.grant.pk, 0) >= 0
        made = AuditEvent.objects.about(self.grant).filter(action__in=["payment made", "credit note settled"])
        numbers = [event.details["number"] for event in made]
        assert len(numbers) == len(set(numbers)) == self.grant.payments.filter(status="paid").count()


def live(steps: list[tuple[str, int]]) -> None:
    """One life in a transaction of its own, given up at its end."""
    with transaction.atomic():
        life = Life(
            CommitmentFactory(award_pence=1_000_000, organisation=OrganisationFactory(supplier_reference="SUP-1")),
            ExportLayoutFactory(),
            UserFactory(role=Role.FINANCE_OFFICER),
            UserFactory(role=Role.DIRECTOR),
        )
        for step, size in itertools.chain(steps, [("pay", 1), ("pay", 1)]):
            try:
                with transaction.atomic():
                    life.act(step, size)
            except ActionRefused:
                pass
            life.check()
        raise Unrolled


@pytest.mark.slow
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=steps)
def test_any_order_of_steps_keeps_net_paid_within_its_limit_and_pays_nothing_twice(
    db: None, steps: list[tuple[str, int]]
) -> None:
    with pytest.raises(Unrolled):
        live(steps)

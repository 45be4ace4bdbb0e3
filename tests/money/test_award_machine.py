"""The life of awards driven at random by everybody who handles money: it always adds up, whoever presses what.

Every step is a button, pressed by the right person or the wrong one. What the actions refuse must change nothing. After
every step the parts of each award come to the award, nobody holds more than its award and what it owes, no payment is
paid twice, every run comes to its lines, and the reconciliation finds no difference.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable
from typing import Any, ClassVar

import pytest
from django.db import transaction
from django.db.models import Count, Sum
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from evaluation.figures import Scope
from evaluation.reconciliation.run import reconcile
from grants.actions.award_plan import set_award, set_profile
from grants.actions.awards import change_status, set_area_shares, set_funding_splits
from grants.actions.credit_notes import receive_credit_note, record_credit_note
from grants.actions.payment_paying import export_run, mark_paid
from grants.actions.payment_runs import approve_run, cancel_run, make_run, propose_run, take_out
from grants.actions.payments import cancel_payment, schedule_payments
from grants.actions.recovery import write_off
from grants.actions.variations import approve_variation, propose_variation, refuse_variation, withdraw_variation
from grants.actions.virements import approve_virement, propose_virement, refuse_virement
from grants.errors import ActionRefused
from grants.models import (
    AreaShare,
    Commitment,
    ExportLayout,
    FundingSplit,
    Payment,
    PaymentRun,
    PaymentRunLine,
    ProfileLine,
    RecoveryDebt,
    Variation,
    Virement,
)
from grants.money.paid import above_award, net_paid
from grants.money.payment_plan import PlannedPayment
from grants.money.plan import plan_of, reported_quarters
from grants.money.replan import replan
from tests.factories import CommitmentFactory, ExportLayoutFactory, ReportingQuarterFactory, approved_return
from tests.money.worlds import YEAR, MoneyWorld
from vru.accounts.models import AuditEvent, User
from vru.lib.money import split_pence
from vru.lib.periods import FinancialYear
from vru.lib.state_machine import TransitionRefused

ON = datetime.date(2021, 1, 20)
SCOPE_DAY = datetime.date(2021, 3, 31)
WHY = "Agreed at the review."
TABLES = (
    Commitment, FundingSplit, AreaShare, ProfileLine, Variation, Virement, Payment, PaymentRun, PaymentRunLine,
    RecoveryDebt, AuditEvent,
)  # fmt: skip
AWARDS = st.integers(0, 3)
# Mostly people whose button it is; sometimes one who may not press it.
KEEPERS = st.sampled_from([*["finance_officer"] * 6, "analyst", "programme_manager", "grantee"])
APPROVERS = st.sampled_from([*["director"] * 5, "finance_officer", "auditor"])
PLANNERS = st.sampled_from([*["programme_manager"] * 4, "finance_officer", "director", "grantee"])
PENCE = st.one_of(st.integers(1, 12_000_000), st.sampled_from([1, 99, 100_000_000]))


class MoneyLife(RuleBasedStateMachine):
    world: ClassVar[MoneyWorld]
    layout: ClassVar[ExportLayout]
    awards: ClassVar[list[Commitment]]
    done: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.example = transaction.atomic()
        self.example.__enter__()
        self.steps = 0

    def teardown(self) -> None:
        try:
            self._check_books()
        finally:
            self._forget()

    def _forget(self) -> None:
        transaction.set_rollback(True)
        self.example.__exit__(None, None, None)

    # An award, from draft to active

    @rule(pence=PENCE, off_by=st.sampled_from([0, 0, 0, 1, -1]), who=PLANNERS)
    def fill_in_draft(self, pence: int, off_by: int, who: str) -> None:
        draft, world, by = self._award(3), self.world, self._person(who)
        if draft.status != Commitment.Status.DRAFT:
            return
        self._press("award", set_award, commitment=draft, award_pence=pence, by=by)
        parts = split_pence(max(1, pence + off_by), [1, 1])
        sources, areas = (world.home, world.core), world.areas
        self._press(
            "splits",
            set_funding_splits,
            commitment=draft,
            splits={(source, YEAR): part for source, part in zip(sources, parts, strict=True)},
            by=by,
        )
        self._press("shares", set_area_shares, commitment=draft, shares=dict(zip(areas, parts, strict=True)), by=by)
        quarter = ReportingQuarterFactory(year=YEAR, number=4)
        lines = dict(zip([(quarter, world.staff), (quarter, world.rooms)], parts, strict=True))
        self._press("profile", set_profile, commitment=draft, lines=lines, by=by)

    @rule(to=st.sampled_from([Commitment.Status.OFFERED, Commitment.Status.ACCEPTED, Commitment.Status.ACTIVE]))
    def move_draft_on(self, to: Commitment.Status) -> None:
        draft = self._award(3)
        parts = (draft.splits, draft.area_shares, draft.profile_lines)
        if all(sum(row.amount_pence for row in part.all()) == draft.award_pence for part in parts):
            self._press(f"award {to}", change_status, commitment=draft, to=to, by=self._person("director"))

    # Variations and virements

    @rule(which=AWARDS, pence=PENCE, who=PLANNERS)
    def propose_change(self, which: int, pence: int, who: str) -> None:
        award = self._award(which)
        before = plan_of(award)
        try:
            after = replan(before, reported=reported_quarters(award), award=pence, effective_on=ON)
        except ActionRefused:
            return
        self._press(
            "variation proposed",
            propose_variation,
            commitment=award,
            kind=Variation.Kind.AWARD,
            after=after,
            reason=WHY,
            effective_on=ON,
            by=self._person(who),
        )

    @rule(who=APPROVERS, oldest=st.booleans())
    def approve_change(self, who: str, oldest: bool) -> None:
        variation = self._first(Variation.objects.to_decide().filter(virement=None), oldest)
        if variation is not None:
            self._press("variation approved", approve_variation, variation=variation, by=self._person(who))

    @rule(who=APPROVERS, refuse=st.booleans())
    def close_change(self, who: str, refuse: bool) -> None:
        variation = self._first(Variation.objects.to_decide().filter(virement=None), oldest=True)
        if variation is not None:
            action = refuse_variation if refuse else withdraw_variation
            self._press("variation closed", action, variation=variation, reason=WHY, by=self._person(who))

    @rule(giving=AWARDS, receiving=AWARDS, pence=st.integers(1, 3_000_000), who=KEEPERS)
    def propose_move(self, giving: int, receiving: int, pence: int, who: str) -> None:
        self._press(
            "virement proposed",
            propose_virement,
            source=self.world.home,
            year=YEAR,
            amount_pence=pence,
            giving=self._award(giving),
            receiving=self._award(receiving),
            reason=WHY,
            on=ON,
            by=self._person(who),
        )

    @rule(who=APPROVERS, approve=st.sampled_from([True, True, False]))
    def decide_move(self, who: str, approve: bool) -> None:
        virement = self._first(Virement.objects.filter(status="proposed"), oldest=True)
        if virement is None:
            return
        by = self._person(who)
        before = self._of_source()
        if not approve:
            self._press("virement refused", refuse_virement, virement=virement, reason=WHY, by=by)
        elif self._press("virement approved", approve_virement, virement=virement, on=ON, by=by) is not None:
            assert self._of_source() == before, "A virement moves money inside its source; it makes and loses none."

    # Payments

    @rule(which=AWARDS, parts=st.lists(PENCE, min_size=1, max_size=3), whole=st.booleans(), who=KEEPERS)
    def schedule(self, which: int, parts: list[int], whole: bool, who: str) -> None:
        award = self._award(which)
        if whole:
            left = award.award_pence - net_paid([award.pk]).get(award.pk, 0)
            parts = [pence for pence in split_pence(max(0, left), [1] * len(parts)) if pence]
        self._press(
            "schedule",
            schedule_payments,
            commitment=award,
            plan=[PlannedPayment(pence, ON) for pence in parts],
            by=self._person(who),
            reason=WHY,
        )

    @rule(who=KEEPERS)
    def run_payments(self, who: str) -> None:
        self._press("run", make_run, layer="recorded", pay_on=ON, layout=self.layout, by=self._person(who))

    @rule(maker=KEEPERS, approver=APPROVERS, steps=st.integers(1, 4))
    def run_on(self, maker: str, approver: str, steps: int) -> None:
        """Press the run's buttons in their order, as far as they go."""
        run = self._first(PaymentRun.objects.exclude(status__in=["paid", "cancelled"]), oldest=True)
        if run is None:
            return
        by, second = self._person(maker), self._person(approver)
        for name, press in (
            ("propose", lambda: propose_run(run=run, by=by)),
            ("approve", lambda: approve_run(run=run, by=second)),
            ("export", lambda: export_run(run=run, by=by)),
            ("pay", lambda: mark_paid(run=run, paid_on=timezone.localdate(), by=by)),
        )[:steps]:
            self._press(name, press)

    @rule(which=st.integers(0, 2), parts=st.integers(1, 3), note=st.integers(1, 2_000_000))
    def pay_what_is_left(self, which: int, parts: int, note: int) -> None:
        """The right people in the right order, so that the life of a payment is not left to chance alone."""
        self.schedule(which, [1] * parts, True, "finance_officer")
        self.run_payments("finance_officer")
        self.run_on("finance_officer", "director", 4)
        self.credit(note, False, "finance_officer")

    @rule(pence=st.integers(5_000_000, 15_000_000))
    def award_the_draft(self, pence: int) -> None:
        self.fill_in_draft(pence, 0, "programme_manager")
        for to in (Commitment.Status.OFFERED, Commitment.Status.ACCEPTED, Commitment.Status.ACTIVE):
            self.move_draft_on(to)

    @rule(which=st.integers(0, 2), pence=st.integers(1_000, 9_000_000))
    def change_award(self, which: int, pence: int) -> None:
        self.propose_change(which, pence, "programme_manager")
        self.approve_change("director", False)

    @rule(which=st.integers(0, 2), pence=st.integers(1_000, 500_000))
    def reduce_what_was_paid(self, which: int, pence: int) -> None:
        """An award falls below what was paid; some of the debt comes back, and the rest is given up."""
        self.pay_what_is_left(which, 1, pence)
        self.change_award(which, 3_000_000)
        self.credit(pence, True, "finance_officer")
        self.receive("finance_officer", oldest=False)
        # Whose approval opened the debt does not give it up.
        self.give_up("director")
        self.give_up("finance_officer")

    @rule(which=st.integers(0, 2), pence=st.integers(1_000_000, 9_000_000))
    def approve_ones_own(self, which: int, pence: int) -> None:
        """Nobody approves what they proposed, whatever their role."""
        self.propose_change(which, pence, "director")
        self.approve_change("director", False)
        self.run_payments("finance_officer")
        self.run_on("finance_officer", "finance_officer", 2)

    @rule(who=KEEPERS, whole=st.booleans())
    def stop_run(self, who: str, whole: bool) -> None:
        run = self._first(PaymentRun.objects.exclude(status__in=["cancelled"]), oldest=False)
        if run is None:
            return
        by = self._person(who)
        line = run.lines.filter(released_at=None).first()
        if whole:
            self._press("run cancelled", cancel_run, run=run, reason=WHY, by=by)
        elif line is not None:
            self._press("line taken out", take_out, line=line, reason=WHY, by=by)

    @rule(who=KEEPERS, newest=st.booleans())
    def cancel_one(self, who: str, newest: bool) -> None:
        payment = self._first(Payment.objects.filter(status="planned"), oldest=not newest)
        if payment is not None:
            self._press("payment cancelled", cancel_payment, payment=payment, reason=WHY, by=self._person(who))

    @rule(pence=PENCE, debt=st.booleans(), who=KEEPERS)
    def credit(self, pence: int, debt: bool, who: str) -> None:
        paid = self._first(Payment.objects.filter(status="paid", is_credit_note=False), oldest=False)
        owed = self._first(RecoveryDebt.objects.open(), oldest=True)
        if paid is None or (debt and owed is None):
            return
        self._press(
            "credit note",
            record_credit_note,
            commitment=owed.commitment if debt and owed else paid.commitment,
            amount_pence=pence,
            due_on=ON,
            note=WHY,
            by=self._person(who),
            credits=None if debt else paid,
            recovers=owed if debt else None,
        )

    @rule(who=KEEPERS, oldest=st.booleans())
    def receive(self, who: str, oldest: bool) -> None:
        waiting = Payment.objects.filter(is_credit_note=True).exclude(status__in=["cancelled", "paid"])
        note = self._first(waiting, oldest)
        if note is not None:
            self._press(
                "received",
                receive_credit_note,
                credit_note=note,
                received_on=timezone.localdate(),
                by=self._person(who),
            )

    @rule(who=APPROVERS)
    def give_up(self, who: str) -> None:
        owed = self._first(RecoveryDebt.objects.open(), oldest=False)
        if owed is not None:
            self._press("written off", write_off, debt=owed, by=self._person(who), reason=WHY)

    # Returns

    @rule(which=st.integers(0, 2), number=st.integers(1, 3), pence=st.integers(0, 3_000_000))
    def approve_return(self, which: int, number: int, pence: int) -> None:
        award = self._award(which)
        if not award.returns.filter(quarter__year=YEAR, quarter__number=number).exists():
            approved_return(award, number, actual_pence=pence, forecast_pence=0)
            self.done["return"] += 1

    # What always holds

    @invariant()
    def parts_come_to_the_award(self) -> None:
        for award in Commitment.objects.exclude(status="draft"):
            splits, shares, profile = (
                rows.aggregate(total=Sum("amount_pence", default=0))["total"]
                for rows in (award.splits, award.area_shares, award.profile_lines)
            )
            assert splits == shares == profile == award.award_pence, award

    @invariant()
    def nobody_holds_more_than_its_award_and_what_it_owes(self) -> None:
        paid, over = net_paid(), above_award()
        for award in Commitment.objects.all():
            assert paid.get(award.pk, 0) <= award.award_pence + over.get(award.pk, 0), award
            assert paid.get(award.pk, 0) >= 0

    @invariant()
    def nothing_is_paid_twice(self) -> None:
        live = PaymentRunLine.objects.filter(released_at=None)
        assert not live.values("payment").annotate(times=Count("pk")).filter(times__gt=1).exists()
        for run in PaymentRun.objects.filter(status="paid"):
            lines = run.lines.filter(released_at=None)
            assert all(line.payment.status == "paid" for line in lines)
            assert sum(line.amount_pence for line in lines) == sum(line.payment.amount_pence for line in lines)

    @invariant()
    def books_agree(self) -> None:
        """Asked after every fourth step, because it adds up everything there is; and at the end."""
        self.steps += 1
        if self.steps % 4 == 0:
            self._check_books()

    def _check_books(self) -> None:
        found = reconcile(Scope.of(FinancialYear(YEAR), "recorded", SCOPE_DAY))
        assert found.as_json()["differences"] == []

    # How a button is pressed

    def _press(self, name: str, action: Callable[..., Any], **arguments: Any) -> Any:
        """Press; what is refused leaves every row as it was."""
        before = self._rows()
        try:
            with transaction.atomic():
                result = action(**arguments)
        except (ActionRefused, TransitionRefused):
            assert self._rows() == before, f"{name} was refused and yet something changed."
            self.done[f"{name} refused"] += 1
            return None
        self.done[name] += 1
        return result

    def _rows(self) -> list[list[tuple[Any, ...]]]:
        return [list(table._default_manager.order_by("pk").values_list()) for table in TABLES]

    def _award(self, which: int) -> Commitment:
        return Commitment.objects.get(pk=self.awards[which].pk)

    def _person(self, name: str) -> User:
        return self.world.cast.named(name)

    def _first(self, rows: Any, oldest: bool) -> Any:
        return rows.order_by("pk" if oldest else "-pk").first()

    def _of_source(self) -> int:
        rows = FundingSplit.objects.filter(source=self.world.home, year=YEAR)
        total: int = rows.aggregate(total=Sum("amount_pence", default=0))["total"]
        return total


HAPPENS = {"splits", "variation approved", "schedule", "run", "pay", "return"}
REFUSED = {"splits refused", "schedule refused", "approve refused", "variation approved refused"}


@pytest.fixture
def life(money_world: MoneyWorld) -> type[MoneyLife]:
    """Three active grants and a draft contract, two sources, a finance system's layout."""
    for grant in money_world.grants:
        grant.organisation.supplier_reference = f"SUP-{grant.pk}"
        grant.organisation.save()
    draft = CommitmentFactory(
        programme=money_world.programme,
        category=money_world.category,
        organisation=money_world.second.organisation,
        kind=Commitment.Kind.CONTRACT,
        status=Commitment.Status.DRAFT,
        description="An evaluation.",
        award_pence=0,
    )
    MoneyLife.world = money_world
    MoneyLife.layout = ExportLayoutFactory(is_default=True)
    MoneyLife.awards = [*money_world.grants, draft]
    MoneyLife.done.clear()
    return MoneyLife


def test_every_button_is_pressed_once_in_an_order_that_leads_somewhere(life: type[MoneyLife]) -> None:
    """From a draft to a debt written off, with each kind of refusal on the way; chance need not find it."""
    one = life()
    steps: list[Callable[[], None]] = [
        lambda: one.fill_in_draft(6_000_000, 1, "programme_manager"),
        lambda: one.award_the_draft(6_000_000),
        lambda: one.schedule(0, [100_000_000], False, "finance_officer"),
        lambda: one.approve_ones_own(1, 5_500_000),
        lambda: one.approve_return(1, 1, 100_000),
        lambda: one.propose_move(1, 2, 100_000, "finance_officer"),
        lambda: one.decide_move("director", True),
        lambda: one.reduce_what_was_paid(0, 50_000),
        lambda: one.schedule(2, [1], True, "finance_officer"),
        lambda: one.run_payments("finance_officer"),
        lambda: one.run_on("finance_officer", "finance_officer", 2),
        lambda: one.run_on("finance_officer", "director", 4),
    ]
    try:
        for step in steps:
            step()
            one.parts_come_to_the_award()
            one.nobody_holds_more_than_its_award_and_what_it_owes()
            one.nothing_is_paid_twice()
            one._check_books()
    finally:
        one._forget()
    reached = (
        HAPPENS | REFUSED | {"award active", "virement approved", "export", "credit note", "received", "written off"}
    )
    assert sorted(name for name in reached if not life.done[name]) == []


@pytest.mark.slow
def test_money_adds_up_whoever_presses_what(life: type[MoneyLife]) -> None:
    run_state_machine_as_test(
        life,
        # Not made smaller when it fails: that would press buttons for many minutes more.
        settings=settings(
            max_examples=8,
            stateful_step_count=18,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert sorted(name for name in HAPPENS if not life.done[name]) == []

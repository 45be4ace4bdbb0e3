"""A run from draft to paid: who may do which step, what stops it, and that nothing is ever paid twice."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Callable
from unittest import mock

import pytest
from auditlog.models import LogEntry
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from grants.actions import credit_notes, payment_paying, payment_runs, recovery
from grants.errors import ActionRefused
from grants.models import Commitment, Payment, PaymentRun, PaymentRunLine, RecoveryDebt
from grants.money.paid import net_paid, position_of
from tests.cast import GRANTEES, STAFF, Cast
from tests.factories import (
    CommitmentFactory,
    DueDiligenceCheckFactory,
    ExportLayoutFactory,
    OrganisationFactory,
    PaymentFactory,
    PaymentRunLineFactory,
    UserFactory,
)
from vru.accounts.models import AuditEvent, Role
from vru.jobs.models import Job

pytestmark = pytest.mark.django_db
DAY = datetime.date(2020, 8, 31)


def payable(pence: int = 2_500_000, **options: object) -> Payment:
    """A payment that nothing holds."""
    grant = options.pop("commitment", None) or CommitmentFactory(
        organisation=OrganisationFactory(supplier_reference="SUP-001")
    )
    payment: Payment = PaymentFactory(commitment=grant, amount_pence=pence, **options)
    return payment


def make(cast: Cast, **options: object) -> PaymentRun:
    layout = ExportLayoutFactory()
    fields = {"layer": "recorded", "pay_on": DAY, "layout": layout, "by": cast.finance_officer} | options
    return payment_runs.make_run(**fields)  # type: ignore[arg-type]


def approved(cast: Cast, **options: object) -> PaymentRun:
    run = make(cast, **options)
    payment_runs.propose_run(run=run, by=cast.finance_officer)
    return payment_runs.approve_run(run=run, by=cast.director)


def exported(cast: Cast, **options: object) -> PaymentRun:
    return payment_paying.export_run(run=approved(cast, **options), by=cast.finance_officer)[0]


def today() -> datetime.date:
    return timezone.localdate()


def test_a_run_goes_from_draft_to_paid_and_each_payment_is_paid_once(cast: Cast) -> None:
    payment = payable()
    run = exported(cast)
    for _ in range(3):
        payment_paying.mark_paid(run=run, paid_on=today(), by=cast.finance_officer)
    payment.refresh_from_db()
    run.refresh_from_db()
    assert (payment.status, payment.paid_on, run.status) == ("paid", today(), "paid")
    assert AuditEvent.objects.about(payment.commitment).filter(action="payment made").count() == 1
    assert Job.objects.filter(kind=payment_paying.TELL_PAID).count() == 1


HELD = {
    "suspended": "the grant is suspended",
    "agreement": "waits for the signed agreement",
    "supplier": "no supplier reference",
    "diligence": "due diligence check of the organisation has failed",
}


def hold(payment: Payment, why: str) -> None:
    grant = payment.commitment
    if why == "suspended":
        grant.status = Commitment.Status.SUSPENDED
        grant.save()
    elif why == "agreement":
        payment.needs_agreement = True
        payment.save()
    elif why == "supplier":
        grant.organisation.supplier_reference = ""
        grant.organisation.save()
    else:
        DueDiligenceCheckFactory(organisation=grant.organisation, outcome="failed", note="No accounts.", checked_on=DAY)


@pytest.mark.parametrize("why", HELD)
def test_what_is_held_is_left_out_and_refused_with_its_reason_when_chosen(cast: Cast, why: str) -> None:
    held, free = payable(), payable()
    hold(held, why)
    with pytest.raises(ActionRefused, match=HELD[why]):
        make(cast, payments=[held])
    run = make(cast)
    assert [line.payment_id for line in run.lines.all()] == [free.pk]


@pytest.mark.parametrize("why", HELD)
def test_what_is_held_after_the_run_was_made_stops_its_approval_and_its_file(cast: Cast, why: str) -> None:
    held = payable()
    payable()
    run = make(cast)
    payment_runs.propose_run(run=run, by=cast.finance_officer)
    hold(held, why)
    with pytest.raises(ActionRefused, match=HELD[why]):
        payment_runs.approve_run(run=run, by=cast.director)
    line = run.lines.get(payment=held)
    payment_runs.take_out(line=line, by=cast.finance_officer, reason="Held.")
    payment_runs.approve_run(run=run, by=cast.director)


def test_a_later_check_that_passed_frees_the_payment(cast: Cast) -> None:
    payment = payable()
    hold(payment, "diligence")
    DueDiligenceCheckFactory(organisation=payment.commitment.organisation, checked_on=DAY + datetime.timedelta(days=1))
    assert make(cast).lines.count() == 1


def test_a_payment_stands_in_one_live_run(cast: Cast) -> None:
    payment = payable()
    make(cast)
    with pytest.raises(ActionRefused, match="Nothing is ready"):
        make(cast)
    other = UserFactory(role=Role.FINANCE_OFFICER)
    with pytest.raises(ActionRefused, match="it stands in another run"):
        make(cast, payments=[payment], by=other)


def test_the_same_choice_by_the_same_person_is_the_same_run(cast: Cast) -> None:
    payment = payable()
    assert make(cast, payments=[payment]) == make(cast, payments=[payment])


def test_the_database_itself_refuses_a_payment_in_two_live_runs() -> None:
    line = PaymentRunLineFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        PaymentRunLineFactory(payment=line.payment)


def test_a_cancelled_run_releases_its_payments(cast: Cast) -> None:
    payment = payable()
    run = make(cast)
    for _ in range(2):
        payment_runs.cancel_run(run=run, by=cast.finance_officer, reason="Made too early.")
    assert make(cast).lines.get().payment == payment
    assert AuditEvent.objects.about(run).filter(action="payment run cancelled").count() == 1


def test_the_maker_never_approves_whatever_the_role(cast: Cast) -> None:
    payable()
    run = make(cast)
    payment_runs.propose_run(run=run, by=cast.finance_officer)
    with pytest.raises(ActionRefused, match="You made this run"):
        payment_runs.approve_run(run=run, by=cast.finance_officer)
    run.approved_by, run.approved_at, run.status = cast.finance_officer, timezone.now(), "approved"
    with pytest.raises(IntegrityError), transaction.atomic():
        run.save()


STEPS: dict[str, tuple[tuple[str, ...], Callable[[Cast, PaymentRun, str], object]]] = {
    "make": (("finance_officer",), lambda c, r, n: make(c, by=c.named(n))),
    "approve": (("finance_officer", "director"), lambda c, r, n: payment_runs.approve_run(run=r, by=c.named(n))),
    "send back": (
        ("finance_officer", "director"),
        lambda c, r, n: payment_runs.send_back(run=r, by=c.named(n), reason="Mend it."),
    ),
    "export": (("finance_officer",), lambda c, r, n: payment_paying.export_run(run=r, by=c.named(n))),
    "mark paid": (
        ("finance_officer",),
        lambda c, r, n: payment_paying.mark_paid(run=r, paid_on=today(), by=c.named(n)),
    ),
    "take out": (
        ("finance_officer",),
        lambda c, r, n: payment_runs.take_out(line=r.lines.get(), by=c.named(n), reason="Not now."),
    ),
    "cancel": (
        ("finance_officer", "director"),
        lambda c, r, n: payment_runs.cancel_run(run=r, by=c.named(n), reason="Not now."),
    ),
}


@pytest.mark.parametrize("name", [*STAFF, *GRANTEES])
@pytest.mark.parametrize("step", STEPS)
def test_who_may_do_which_step(cast: Cast, step: str, name: str) -> None:
    allowed, act = STEPS[step]
    payable()
    maker = UserFactory(role=Role.FINANCE_OFFICER)
    run = make(cast, by=maker)
    if step == "make":
        payable()
    else:
        payment_runs.propose_run(run=run, by=maker)
    if step in ("export", "mark paid"):
        run = payment_runs.approve_run(run=run, by=UserFactory(role=Role.DIRECTOR))
    if step == "mark paid":
        run, _ = payment_paying.export_run(run=run, by=maker)
    if name in allowed:
        act(cast, run, name)
    else:
        with pytest.raises(ActionRefused, match=r"^Only a finance officer"):
            act(cast, run, name)


def test_only_its_maker_changes_and_proposes_a_draft(cast: Cast) -> None:
    payable()
    run, other = make(cast), UserFactory(role=Role.FINANCE_OFFICER)
    for act in (
        lambda: payment_runs.propose_run(run=run, by=other),
        lambda: payment_runs.take_out(line=run.lines.get(), by=other),
    ):
        with pytest.raises(ActionRefused, match="is making this run"):
            act()


def test_an_approver_who_saw_another_total_looks_again(cast: Cast) -> None:
    payable(), payable()
    run = make(cast)
    payment_runs.propose_run(run=run, by=cast.finance_officer)
    payment_runs.take_out(line=run.lines.first(), by=cast.finance_officer, reason="Doubtful.")
    with pytest.raises(ActionRefused, match=r"The run is £25,000\.00 now"):
        payment_runs.approve_run(run=run, by=cast.director, seen_pence=5_000_000)


def test_steps_out_of_order_are_refused(cast: Cast) -> None:
    payable()
    run = make(cast)
    for act in (
        lambda: payment_runs.approve_run(run=run, by=cast.director),
        lambda: payment_paying.export_run(run=run, by=cast.finance_officer),
        lambda: payment_paying.mark_paid(run=run, paid_on=today(), by=cast.finance_officer),
    ):
        with pytest.raises(ActionRefused):
            act()
    run.refresh_from_db()
    assert run.status == "draft"


def test_the_file_is_the_same_bytes_whenever_it_is_made(cast: Cast) -> None:
    payment = payable()
    run, content = payment_paying.export_run(run=approved(cast), by=cast.finance_officer)
    organisation, layout = payment.commitment.organisation, run.layout
    organisation.name, organisation.supplier_reference = "Renamed", "SUP-999"
    organisation.save()
    layout.columns = [{"heading": "Other", "field": "run"}]
    layout.save()
    run, again = payment_paying.export_run(run=PaymentRun.objects.get(pk=run.pk), by=cast.finance_officer)
    assert again == content
    assert run.export_sha256 == hashlib.sha256(content).hexdigest()
    assert content.decode().splitlines()[1] == f"SUP-001,{payment.commitment.ref}-{payment.number:02d},25000.00"


def test_a_line_taken_out_after_the_file_was_sent_changes_no_file(cast: Cast) -> None:
    payable(), payable()
    run, content = payment_paying.export_run(run=approved(cast), by=cast.finance_officer)
    payment_runs.take_out(line=run.lines.first(), by=cast.finance_officer, reason="The bank sent it back.")
    assert payment_paying.file_of(PaymentRun.objects.get(pk=run.pk)) == content


def test_a_line_changed_outside_the_site_is_found_before_the_file_is_used(cast: Cast) -> None:
    payable()
    run = exported(cast)
    PaymentRunLine.objects.filter(run=run).update(amount_pence=9_999_999)
    with pytest.raises(ActionRefused, match="Do not use the file"):
        payment_paying.file_of(PaymentRun.objects.get(pk=run.pk))


def test_lines_are_marked_paid_one_by_one_with_their_references(cast: Cast) -> None:
    payable(), payable()
    run = exported(cast)
    first, second = run.lines.all()
    payment_paying.mark_paid(
        run=run, paid_on=today(), by=cast.finance_officer, lines=[first], references={first.pk: "GL-1"}
    )
    run.refresh_from_db()
    assert run.status == "exported"
    payment_paying.mark_paid(
        run=run, paid_on=today(), by=cast.finance_officer, lines=[second], references={second.pk: "GL-2"}
    )
    run.refresh_from_db()
    assert run.status == "paid"
    assert list(run.lines.values_list("finance_reference", flat=True)) == ["GL-1", "GL-2"]


def test_a_run_of_which_something_is_paid_is_not_cancelled(cast: Cast) -> None:
    payable(), payable()
    run = exported(cast)
    payment_paying.mark_paid(run=run, paid_on=today(), by=cast.finance_officer, lines=[run.lines.first()])
    with pytest.raises(ActionRefused, match="Some of the run is paid"):
        payment_runs.cancel_run(run=run, by=cast.finance_officer, reason="Too late.")


@pytest.mark.parametrize("days", [1, -1])
def test_a_run_is_not_paid_tomorrow_nor_before_it_was_approved(cast: Cast, days: int) -> None:
    payable()
    run = exported(cast)
    with pytest.raises(ActionRefused):
        payment_paying.mark_paid(run=run, paid_on=today() + datetime.timedelta(days=days), by=cast.finance_officer)


def test_a_process_killed_in_the_middle_leaves_everything_unpaid_and_the_next_press_pays_once(cast: Cast) -> None:
    payments = [payable(), payable(), payable()]
    run = exported(cast)
    after_the_payments = "grants.actions.payment_paying.settle"
    with mock.patch(after_the_payments, side_effect=KeyboardInterrupt), pytest.raises(KeyboardInterrupt):
        payment_paying.mark_paid(run=run, paid_on=today(), by=cast.finance_officer)
    assert not Payment.objects.filter(status="paid").exists()
    assert not Job.objects.exists()
    payment_paying.mark_paid(run=run, paid_on=today(), by=cast.finance_officer)
    for payment in payments:
        assert AuditEvent.objects.about(payment.commitment).filter(action="payment made").count() == 1


@pytest.mark.parametrize("where", ["PaymentRunLine.objects.bulk_create", "AuditEvent.record"])
def test_a_run_that_fails_while_it_is_made_leaves_no_run_and_no_line(cast: Cast, where: str) -> None:
    payable()
    layout = ExportLayoutFactory()
    with (
        mock.patch(f"grants.actions.payment_runs.{where}", side_effect=RuntimeError("gone")),
        pytest.raises(RuntimeError, match="gone"),
    ):
        make(cast, layout=layout)
    assert not PaymentRun.objects.exists()
    assert make(cast, layout=layout).ref == "RUN-2020-0001"


def test_a_second_payment_above_the_award_waits_for_another_run(cast: Cast) -> None:
    grant = CommitmentFactory(award_pence=3_000_000, organisation=OrganisationFactory(supplier_reference="SUP-1"))
    first = payable(2_000_000, commitment=grant, number=1, due_on=datetime.date(2020, 5, 1))
    payable(2_000_000, commitment=grant, number=2, due_on=datetime.date(2020, 6, 1))
    assert [line.payment for line in make(cast).lines.all()] == [first]
    with pytest.raises(ActionRefused, match="Nothing is ready"):
        make(cast)


def test_an_award_reduced_while_the_money_was_on_its_way_makes_the_difference_a_debt(cast: Cast) -> None:
    payment = payable(2_500_000)
    run = exported(cast)
    grant = payment.commitment
    grant.award_pence = 2_000_000
    grant.save()
    payment_paying.mark_paid(run=run, paid_on=today(), by=cast.finance_officer)
    debt = RecoveryDebt.objects.get()
    assert (debt.cause, debt.amount_pence) == ("overpaid", 500_000)
    assert net_paid([grant.pk])[grant.pk] == position_of(grant).limit


def test_a_credit_note_in_a_run_pays_off_the_debt_it_names(cast: Cast) -> None:
    grant = CommitmentFactory(organisation=OrganisationFactory(supplier_reference="SUP-1"), status="terminated")
    paid = PaymentFactory(commitment=grant, amount_pence=5_000_000, status="paid", paid_on=DAY)
    debt = recovery.open_debt(
        commitment=grant, cause="unspent", amount_pence=1_000_000, by=cast.finance_officer, note="Left over."
    )
    note = credit_notes.record_credit_note(
        commitment=grant,
        amount_pence=1_000_000,
        due_on=DAY,
        note="Left over.",
        by=cast.finance_officer,
        credits=paid,
        recovers=debt,
    )
    run = exported(cast)
    assert [line.payment for line in run.lines.all()] == [note]
    payment_paying.mark_paid(run=run, paid_on=today(), by=cast.finance_officer)
    debt.refresh_from_db()
    assert debt.status == "recovered"
    assert net_paid([grant.pk]) == {grant.pk: 4_000_000}


def test_a_credit_note_never_comes_to_more_than_the_payment_or_the_debt_has_left(cast: Cast) -> None:
    grant = CommitmentFactory()
    paid = PaymentFactory(commitment=grant, amount_pence=500_000, status="paid", paid_on=DAY)
    PaymentFactory(commitment=grant, amount_pence=500_000, status="paid", paid_on=DAY)
    debt = recovery.open_debt(
        commitment=grant, cause="unspent", amount_pence=100_000, by=cast.finance_officer, note="Left over."
    )
    ask = {"commitment": grant, "due_on": DAY, "note": "Back.", "by": cast.finance_officer}
    with pytest.raises(ActionRefused, match=r"£5,000\.00 is left"):
        credit_notes.record_credit_note(amount_pence=500_001, credits=paid, **ask)
    credit_notes.record_credit_note(amount_pence=60_000, recovers=debt, **ask)
    with pytest.raises(ActionRefused, match=r"£400\.00 of this debt"):
        credit_notes.record_credit_note(amount_pence=40_001, recovers=debt, **ask)
    with pytest.raises(ActionRefused, match="Choose the payment"):
        credit_notes.record_credit_note(amount_pence=1, **ask)


def test_money_that_arrives_outside_a_run_is_received_once(cast: Cast) -> None:
    grant = CommitmentFactory()
    paid = PaymentFactory(commitment=grant, amount_pence=500_000, status="paid", paid_on=DAY)
    note = credit_notes.record_credit_note(
        commitment=grant, amount_pence=100_000, due_on=DAY, note="Back.", by=cast.finance_officer, credits=paid
    )
    for _ in range(2):
        credit_notes.receive_credit_note(credit_note=note, received_on=today(), by=cast.finance_officer)
    assert net_paid([grant.pk]) == {grant.pk: 400_000}
    assert AuditEvent.objects.about(grant).filter(action="credit note settled").count() == 1
    with pytest.raises(ActionRefused, match="Only a finance officer"):
        credit_notes.receive_credit_note(credit_note=note, received_on=today(), by=cast.programme_manager)


def test_paying_many_at_once_keeps_the_history_of_each(cast: Cast) -> None:
    by_run, by_hand = payable(), payable()
    run = exported(cast, payments=[by_run])
    payment_paying.mark_paid(run=run, paid_on=today(), by=cast.finance_officer)
    by_hand.status, by_hand.paid_on = "paid", today()
    by_hand.save(update_fields=["status", "paid_on"])
    kept, single = (LogEntry.objects.get_for_object(payment).first() for payment in (by_run, by_hand))
    assert kept.changes == single.changes == {"status": ["planned", "paid"], "paid_on": ["None", today().isoformat()]}
    assert (kept.action, kept.object_repr) == (single.action, str(by_run))
    assert kept.actor == cast.finance_officer


def test_a_run_of_many_costs_no_more_queries_than_a_run_of_few(cast: Cast) -> None:
    def asked(many: int) -> int:
        for _ in range(many):
            payable()
        with CaptureQueriesContext(connection) as captured:
            payment_paying.mark_paid(run=exported(cast), paid_on=today(), by=cast.finance_officer)
        return len(captured)

    asked(1)
    assert asked(20) <= asked(2)

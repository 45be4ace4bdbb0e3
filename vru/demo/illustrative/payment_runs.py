"""Payment runs of the invented year in each state, money to come back, and credit notes that say what they correct."""

from __future__ import annotations

import datetime
import hashlib
from random import Random

from django.db.models import Count, Q

from grants.models import ExportLayout, Payment, PaymentRun, PaymentRunLine, RecoveryDebt
from grants.models.payment import PaymentQuerySet
from grants.money.payment_file import as_written, payment_file
from vru.accounts.models import User
from vru.demo.illustrative.plan import SEED, TODAY
from vru.demo.illustrative.world import at
from vru.lib.layers import Layer
from vru.lib.money import Money

Status = PaymentRun.Status
# Payments due so soon after the day on which the year is looked at are in hand now.
SOON = datetime.timedelta(days=120)
LARGEST = 8
UNSPENT = "Fewer sessions were held than planned; the money for them was not spent."
SETTLED_LATER = "The sessions that were not held."


def put_payment_runs(finance: User, director: User) -> None:
    """One run paid, one sent to the finance system, one waiting for approval and one being made; two debts."""
    chance = Random(SEED + 20)
    layout = ExportLayout.objects.filter(is_default=True).first()
    mine = Payment.objects.in_layer(Layer.ILLUSTRATIVE).select_related(
        "commitment__organisation", "commitment__programme"
    )
    _say_what_credit_notes_correct(mine)
    _put_debts(mine, chance, finance)
    if layout is None:
        return
    paid = list(mine.filter(status=Payment.Status.PAID, is_credit_note=False).order_by("-paid_on", "pk")[:1])
    if paid:
        day = paid[0].paid_on or TODAY
        same_day = mine.filter(paid_on=day, is_credit_note=False).order_by("commitment__ref", "number")
        _run(1, Status.PAID, list(same_day[:LARGEST]), day, layout, finance, director)
    clear = list(
        mine.clear().filter(is_credit_note=False, due_on__lte=TODAY + SOON).order_by("due_on", "commitment__ref")[:24]
    )
    for number, status in enumerate((Status.EXPORTED, Status.PROPOSED, Status.DRAFT), start=2):
        part = clear[(number - 2) * LARGEST : (number - 1) * LARGEST]
        if part:
            pay_on = TODAY + datetime.timedelta(days=7 * (number - 1))
            _run(number, status, part, pay_on, layout, finance, director)


def _run(
    number: int,
    status: PaymentRun.Status,
    payments: list[Payment],
    pay_on: datetime.date,
    layout: ExportLayout,
    finance: User,
    director: User,
) -> None:
    day = min(pay_on, TODAY) - datetime.timedelta(days=3)
    run = PaymentRun(
        ref=f"ILL-RUN-{number:04d}",
        layer=Layer.ILLUSTRATIVE,
        pay_on=pay_on,
        layout=layout,
        status=status,
        made_by=finance,
        made_at=at(day, 10),
    )
    if status in (Status.EXPORTED, Status.PAID):
        run.approved_by, run.approved_at = director, at(day, 15)
        run.exported_by, run.exported_at = finance, at(day + datetime.timedelta(days=1), 9)
    if status == Status.PAID:
        run.paid_by, run.paid_at = finance, at(pay_on, 16)
    run.save()
    PaymentRunLine.objects.bulk_create(_line(run, payment) for payment in payments)
    if run.exported_at is not None:
        run.exported_as = as_written(layout)
        content = payment_file(run, list(run.lines.order_by("supplier_reference", "payment_id", "pk")), run.exported_as)
        run.export_sha256 = hashlib.sha256(content).hexdigest()
        run.save(update_fields=["exported_as", "export_sha256"])


def _line(run: PaymentRun, payment: Payment) -> PaymentRunLine:
    grant = payment.commitment
    return PaymentRunLine(
        run=run,
        payment=payment,
        amount_pence=payment.amount_pence,
        supplier_reference=grant.organisation.supplier_reference,
        finance_reference=f"FIN-{payment.pk:06d}" if payment.status == Payment.Status.PAID else "",
        facts={
            "grant": grant.ref,
            "number": payment.number,
            "title": grant.title,
            "programme": grant.programme.ref,
            "organisation": grant.organisation.name,
        },
    )


def _say_what_credit_notes_correct(mine: PaymentQuerySet) -> None:
    for note in mine.filter(is_credit_note=True, credits__isnull=True):
        note.credits = note.commitment.payments.filter(number=1, is_credit_note=False).first()
        note.note = "Part of the first payment was made for the wrong quarter."
        note.save(update_fields=["credits", "note"])


def _put_debts(mine: PaymentQuerySet, chance: Random, finance: User) -> None:
    """Two grants with money left over: one where a credit note is on its way, one where nothing has come back yet."""
    paid = (
        mine.filter(status=Payment.Status.PAID, is_credit_note=False, number=1, commitment__status="active")
        .annotate(notes=Count("commitment__payments", filter=Q(commitment__payments__is_credit_note=True)))
        .filter(notes=0, amount_pence__gte=100_000)
        .order_by("commitment__ref")
    )
    for place, payment in enumerate(paid[4:6]):
        owed = payment.amount_pence // chance.randint(8, 12) // 100 * 100
        debt = RecoveryDebt.objects.create(
            commitment=payment.commitment,
            number=1,
            cause=RecoveryDebt.Cause.UNSPENT,
            amount_pence=owed,
            note=UNSPENT,
            opened_by=finance,
            opened_at=at(TODAY - datetime.timedelta(days=20 - place), 11),
        )
        if place == 0:
            last = payment.commitment.payments.order_by("-number").values_list("number", flat=True)[0]
            Payment.objects.create(
                commitment=payment.commitment,
                number=last + 1,
                amount_pence=-(Money(owed).split_equally(2)[0].pence),
                is_credit_note=True,
                due_on=TODAY + datetime.timedelta(days=14),
                credits=payment,
                recovers=debt,
                note=SETTLED_LATER,
            )

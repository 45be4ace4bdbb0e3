"""What the unit claims from its funders, and what arrives."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max, Sum

from programmes.actions.agreements import live_claims, lock_agreement
from programmes.actions.money_rules import check_amount, check_keeper, check_words
from programmes.errors import ProgrammeRefused
from programmes.models import Claim, FunderAgreement, Receipt
from vru.accounts.models import AuditEvent, User
from vru.lib.money import Money
from vru.lib.periods import FinancialYear, Period
from vru.lib.state_machine import StateMachine

Status = Claim.Status
LONGEST_REFERENCE = 100
# A claim that money arrived for is not withdrawn; it is agreed or stays sent.
CLAIM_STATES: StateMachine[Claim.Status] = StateMachine(
    "claim",
    {
        Status.DRAFT: frozenset({Status.SENT, Status.WITHDRAWN}),
        Status.SENT: frozenset({Status.AGREED, Status.WITHDRAWN}),
        Status.AGREED: frozenset(),
        Status.WITHDRAWN: frozenset(),
    },
)


def _open(agreement: FunderAgreement, by: User, what: str) -> FunderAgreement:
    check_keeper(by, what)
    locked = lock_agreement(agreement)
    if locked.status != FunderAgreement.Status.ACCEPTED:
        raise ProgrammeRefused("Accept the funder's offer first.")
    return locked


@transaction.atomic
def draft_claim(*, agreement: FunderAgreement, period: Period, amount_pence: int, note: str = "", by: User) -> Claim:
    """A claim for days of the agreement's year. All live claims together stay within the offer after its changes."""
    locked = _open(agreement, by, "claim from a funder")
    values = _checked(locked, period, amount_pence, note, others=live_claims(locked))
    number = (locked.claims.aggregate(last=Max("number"))["last"] or 0) + 1
    claim = Claim.objects.create(agreement=locked, number=number, **values)
    AuditEvent.record("claim drafted", locked, by=by, number=number, amount=amount_pence)
    return claim


@transaction.atomic
def edit_claim(*, claim: Claim, period: Period, amount_pence: int, note: str = "", by: User) -> Claim:
    """Change a claim that is not sent yet."""
    locked = _open(claim.agreement, by, "change a claim")
    row = Claim.objects.select_for_update().get(pk=claim.pk)
    if row.status != Status.DRAFT:
        raise ProgrammeRefused("This claim has been sent and stays as the funder has it. Withdraw it and make another.")
    before = row.amount_pence
    values = _checked(locked, period, amount_pence, note, others=live_claims(locked) - before)
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=list(values))
    AuditEvent.record("claim changed", locked, by=by, number=row.number, before=before, after=amount_pence)
    return row


def _checked(
    agreement: FunderAgreement, period: Period, amount_pence: int, note: str, *, others: int
) -> dict[str, Any]:
    year = FinancialYear(agreement.year)
    if period.starts_on < year.starts_on or period.ends_on > year.ends_on:
        raise ProgrammeRefused(f"The agreement is for {year}. Choose days from {year.period}.")
    check_amount(amount_pence, "A claim")
    if not amount_pence:
        raise ProgrammeRefused("Enter how much is claimed, above £0.")
    offer = agreement.offer_now()
    if others + amount_pence > offer:
        left = Money(max(offer - others, 0))
        raise ProgrammeRefused(
            f"The offer is {Money(offer)} and {Money(others)} of it is claimed, so {left} can be claimed. Claim less, "
            "or ask the funder for a change of money first."
        )
    words = check_words(note, "The note")
    return {
        "starts_on": period.starts_on, "ends_on": period.ends_on, "amount_pence": amount_pence, "note": words
    }  # fmt: skip


@transaction.atomic
def send_claim(*, claim: Claim, sent_on: datetime.date, by: User) -> Claim:
    return _move(claim, Status.SENT, by, sent_on=sent_on)


@transaction.atomic
def agree_claim(*, claim: Claim, by: User) -> Claim:
    """The funder agreed to pay it."""
    return _move(claim, Status.AGREED, by)


@transaction.atomic
def withdraw_claim(*, claim: Claim, reason: str, by: User) -> Claim:
    """Take a claim back. Raises ``ProgrammeRefused`` where money has arrived for it."""
    why = check_words(reason, "The reason", missing="Say why the claim is withdrawn.")
    return _move(claim, Status.WITHDRAWN, by, reason=why)


def _move(claim: Claim, to: Claim.Status, by: User, *, sent_on: datetime.date | None = None, reason: str = "") -> Claim:
    locked = _open(claim.agreement, by, "move a claim on")
    row = Claim.objects.select_for_update().get(pk=claim.pk)
    CLAIM_STATES.check(Status(row.status), to)
    if to == Status.WITHDRAWN and row.receipts.aggregate(total=Sum("amount_pence", default=0))["total"]:
        raise ProgrammeRefused("Money has arrived for this claim, so it cannot be withdrawn.")
    was, row.status = row.status, to
    if sent_on is not None:
        row.sent_on = sent_on
    row.save(update_fields=["status", "sent_on"])
    action = f"claim {to.value}"
    AuditEvent.record(action, locked, by=by, reason=reason, number=row.number, before=was, after=to.value)
    return row


@transaction.atomic
def record_receipt(
    *,
    agreement: FunderAgreement,
    amount_pence: int,
    received_on: datetime.date,
    reference: str,
    claim: Claim | None = None,
    by: User,
) -> Receipt:
    """Money that arrived; below nought where the unit paid some back. One reference is recorded once.

    Raises ``ProgrammeRefused`` for a reference that is recorded, a claim that was not sent, and for paying back more
    than arrived.
    """
    locked = _open(agreement, by, "record money from a funder")
    if not amount_pence:
        raise ProgrammeRefused("Enter how much arrived. Money that was paid back is written with a minus.")
    check_amount(abs(amount_pence), "A receipt")
    name = check_words(
        reference, "The reference", longest=LONGEST_REFERENCE, missing="Give the reference as the ledger writes it."
    )
    same = locked.receipts.filter(reference=name).first()
    if same is not None:
        raise ProgrammeRefused(
            f"{name} is recorded already ({Money(same.amount_pence)}). Each receipt is recorded once."
        )
    total: int = locked.receipts.aggregate(total=Sum("amount_pence", default=0))["total"]
    if total + amount_pence < 0:
        raise ProgrammeRefused(f"Only {Money(total)} has arrived, so no more than that can be paid back.")
    if claim is not None:
        row = locked.claims.filter(pk=claim.pk, status__in=[Status.SENT, Status.AGREED]).first()
        if row is None:
            raise ProgrammeRefused("Choose a claim of this agreement that has been sent.")
    receipt = Receipt.objects.create(
        agreement=locked,
        claim=claim,
        amount_pence=amount_pence,
        received_on=received_on,
        reference=name,
        recorded_by=by,
    )
    number = claim.number if claim else None
    AuditEvent.record("receipt recorded", locked, by=by, reference=name, amount=amount_pence, claim=number)
    return receipt

"""The unit as a grantee: a funder's offer, its acceptance, and the changes that the funder was asked to approve.

Once the year end is certified nothing of an agreement changes.
"""

from __future__ import annotations

import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max, Sum

from programmes.actions.money_rules import LONGEST_TEXT, check_amount, check_keeper, check_words, check_year
from programmes.errors import ProgrammeRefused
from programmes.models import AgreementChange, Claim, FunderAgreement, FundingSource
from vru.accounts.models import AuditEvent, User
from vru.accounts.permissions import can_approve_money
from vru.lib.layers import Layer
from vru.lib.money import Money
from vru.lib.periods import long_date

Status, ChangeStatus = FunderAgreement.Status, AgreementChange.Status
LONGEST_REF = 40


def lock_agreement(agreement: FunderAgreement) -> FunderAgreement:
    """The agreement's row, locked until the transaction ends. Raises ``ProgrammeRefused`` once it is certified."""
    locked = FunderAgreement.objects.select_for_update(of=("self",)).select_related("source").get(pk=agreement.pk)
    if locked.is_frozen:
        raise ProgrammeRefused("The year end of this agreement is certified, so nothing of it changes any more.")
    return locked


@transaction.atomic
def record_offer(
    *,
    ref: str,
    source: FundingSource,
    year: int,
    layer: str,
    offer_pence: int,
    offered_on: datetime.date,
    conditions: str = "",
    delivery_plan: str = "",
    by: User,
) -> FunderAgreement:
    """What a funder offers for the year that begins in ``year``. ``ref`` is the funder's own reference."""
    check_keeper(by, "record a funder's offer")
    check_year(year)
    name = check_words(ref, "The reference", longest=LONGEST_REF, missing="Give the agreement's reference.")
    if "/" in name or name.lower() == "add":
        raise ProgrammeRefused("A reference stands in addresses, so it cannot hold “/” nor be the word “add”.")
    if layer not in Layer.values:
        raise ProgrammeRefused("Choose which records the agreement belongs to.")
    if FunderAgreement.objects.filter(ref=name).exists():
        raise ProgrammeRefused(f"There is an agreement with the reference {name} already.")
    values = _offer(offer_pence, offered_on, conditions, delivery_plan)
    agreement = FunderAgreement.objects.create(ref=name, source=source, year=year, layer=layer, **values)
    AuditEvent.record("offer recorded", agreement, by=by, after=_written(values))
    return agreement


@transaction.atomic
def edit_offer(
    *,
    agreement: FunderAgreement,
    offer_pence: int,
    offered_on: datetime.date,
    conditions: str = "",
    delivery_plan: str = "",
    by: User,
) -> FunderAgreement:
    """Put right what was recorded of an offer that is not accepted yet."""
    check_keeper(by, "change a funder's offer")
    locked = lock_agreement(agreement)
    if locked.status != Status.OFFERED:
        raise ProgrammeRefused("The offer is accepted. Ask the funder for a change instead.")
    return _save(locked, "offer changed", by, **_offer(offer_pence, offered_on, conditions, delivery_plan))


def _offer(pence: int, offered_on: datetime.date, conditions: str, delivery_plan: str) -> dict[str, Any]:
    check_amount(pence, "An offer")
    return {"offer_pence": pence, "offered_on": offered_on} | _terms(conditions, delivery_plan)


def _terms(conditions: str, delivery_plan: str) -> dict[str, Any]:
    return {
        "conditions": check_words(conditions, "The text of the conditions", longest=LONGEST_TEXT),
        "delivery_plan": check_words(delivery_plan, "The delivery plan", longest=LONGEST_TEXT),
    }


def _save(agreement: FunderAgreement, action: str, by: User, reason: str = "", **after: Any) -> FunderAgreement:
    before = {name: getattr(agreement, name) for name in after}
    if before == after:
        return agreement
    for name, value in after.items():
        setattr(agreement, name, value)
    agreement.save(update_fields=list(after))
    AuditEvent.record(action, agreement, by=by, reason=reason, before=_written(before), after=_written(after))
    return agreement


def _written(values: dict[str, Any]) -> dict[str, Any]:
    return {name: str(value) if isinstance(value, datetime.date) else value for name, value in values.items()}


@transaction.atomic
def accept_offer(*, agreement: FunderAgreement, accepted_on: datetime.date, by: User) -> FunderAgreement:
    """The unit takes the offer with its conditions; claims may follow."""
    if not can_approve_money(by):
        raise ProgrammeRefused("Only a finance officer or the director can accept a funder's offer.")
    locked = lock_agreement(agreement)
    if locked.status != Status.OFFERED:
        raise ProgrammeRefused("This offer is accepted already.")
    if locked.offered_on is not None and accepted_on < locked.offered_on:
        raise ProgrammeRefused(f"The offer was made on {long_date(locked.offered_on)}. Choose that day or a later one.")
    return _save(locked, "offer accepted", by, status=Status.ACCEPTED, accepted_on=accepted_on)


@transaction.atomic
def rewrite_terms(
    *, agreement: FunderAgreement, conditions: str, delivery_plan: str, change: AgreementChange, by: User
) -> FunderAgreement:
    """Conditions and delivery plan as they read after a ``change`` that the funder approved."""
    check_keeper(by, "rewrite the terms of an agreement")
    locked = lock_agreement(agreement)
    approved = locked.changes.filter(pk=change.pk, status=ChangeStatus.APPROVED).first()
    if approved is None:
        raise ProgrammeRefused("Choose a change of this agreement that the funder has approved.")
    reason = f"Change {approved.number}: {approved.what}"
    return _save(locked, "terms rewritten", by, reason, **_terms(conditions, delivery_plan))


@transaction.atomic
def ask_change(
    *, agreement: FunderAgreement, what: str, amount_pence: int | None, asked_on: datetime.date, by: User
) -> AgreementChange:
    """Ask the funder for a change. ``amount_pence`` is the whole offer after it, None where the money stays."""
    check_keeper(by, "ask a funder for a change")
    locked = lock_agreement(agreement)
    if locked.status != Status.ACCEPTED:
        raise ProgrammeRefused("Accept the offer first. Until then it can simply be put right.")
    words = check_words(what, "The change", longest=LONGEST_TEXT, missing="Say what is to change, and why.")
    if amount_pence is not None:
        check_amount(amount_pence, "An offer")
    if locked.accepted_on is not None and asked_on < locked.accepted_on:
        raise ProgrammeRefused(f"The offer was accepted on {long_date(locked.accepted_on)}. Choose a later day.")
    change = AgreementChange.objects.create(
        agreement=locked,
        number=(locked.changes.aggregate(last=Max("number"))["last"] or 0) + 1,
        what=words,
        amount_pence=amount_pence,
        asked_on=asked_on,
        asked_by=by,
    )
    AuditEvent.record("change asked for", locked, by=by, reason=words, number=change.number, amount=amount_pence)
    return change


@transaction.atomic
def settle_change(
    *, change: AgreementChange, outcome: AgreementChange.Status, decided_on: datetime.date, note: str = "", by: User
) -> AgreementChange:
    """Record what became of a change: approved or refused by the funder (with where that is written), or withdrawn.

    Raises ``ProgrammeRefused`` for a change that is settled already, and for approved money below what is claimed.
    """
    check_keeper(by, "record what the funder decided")
    locked = lock_agreement(change.agreement)
    row = AgreementChange.objects.select_for_update().get(pk=change.pk)
    if row.status != ChangeStatus.ASKED:
        raise ProgrammeRefused(f"This change is {row.get_status_display().lower()} already.")
    if outcome == ChangeStatus.ASKED:
        raise ProgrammeRefused("Choose what became of the change: approved, refused or withdrawn.")
    if decided_on < row.asked_on:
        raise ProgrammeRefused(f"The change was asked for on {long_date(row.asked_on)}. Choose a later day.")
    by_funder = outcome != ChangeStatus.WITHDRAWN
    missing = "Say who at the funder decided, and where it is written." if by_funder else ""
    words = check_words(note, "The note", longest=LONGEST_TEXT, missing=missing)
    if outcome == ChangeStatus.APPROVED and row.amount_pence is not None:
        claimed = live_claims(locked)
        if row.amount_pence < claimed:
            raise ProgrammeRefused(
                f"Claims already come to {Money(claimed)}, which is more than the offer would be. Withdraw what is "
                "claimed too much first."
            )
    row.status, row.decided_on, row.decision_note = outcome, decided_on, words
    row.save(update_fields=["status", "decided_on", "decision_note"])
    AuditEvent.record(f"change {outcome.value}", locked, by=by, reason=words, number=row.number)
    return row


def live_claims(agreement: FunderAgreement) -> int:
    """Pence claimed and not withdrawn, drafts included."""
    live = agreement.claims.exclude(status=Claim.Status.WITHDRAWN)
    total: int = live.aggregate(total=Sum("amount_pence", default=0))["total"]
    return total

"""Leave to promise more from a source than it allocated: asked for, approved by the director, ended."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from programmes.actions.money_rules import check_amount, check_words, check_year, lock_source
from programmes.errors import ProgrammeRefused
from programmes.models import FundingSource, Overcommitment
from vru.accounts.models import AuditEvent, User
from vru.accounts.permissions import can_approve_overcommitment, can_edit_programmes, can_keep_money
from vru.lib.layers import Layer
from vru.lib.periods import FinancialYear


def can_ask(user: User) -> bool:
    """Finance officers and those who set up awards."""
    return can_keep_money(user) or can_edit_programmes(user)


@transaction.atomic
def ask_overcommitment(
    *, source: FundingSource, year: int, layer: str, amount_pence: int, reason: str, by: User
) -> Overcommitment:
    """Ask that ``amount_pence`` more than the allocation may be promised. It changes nothing until it is approved.

    Raises ``ProgrammeRefused`` for a person who may not, an amount that is not above nought, no reason, and while
    another request for the same source and year waits.
    """
    if not can_ask(by):
        raise ProgrammeRefused("Only a finance officer, a programme manager or the director can ask for this.")
    check_year(year)
    if layer not in Layer.values:
        raise ProgrammeRefused("Choose which records it belongs to.")
    if amount_pence <= 0:
        raise ProgrammeRefused("Enter how much more than the allocation may be promised, above £0.")
    check_amount(amount_pence, "What is promised above the allocation")
    why = check_words(reason, "The reason", missing="Say why more may be promised than is allocated.")
    locked = lock_source(source)
    waiting = locked.overcommitments.filter(year=year, layer=layer, approved_at=None, ended_at=None)
    if waiting.exists():
        raise ProgrammeRefused("A request for this source and year waits for the director. End it to ask for another.")
    asked = Overcommitment.objects.create(
        source=locked,
        year=year,
        layer=layer,
        amount_pence=amount_pence,
        reason=why,
        asked_by=by,
        asked_at=timezone.now(),
    )
    _record("overcommitment asked for", asked, by, why)
    return asked


@transaction.atomic
def approve_overcommitment(*, overcommitment: Overcommitment, by: User) -> Overcommitment:
    """From now on so much more may be promised. Four eyes: whoever asked cannot approve."""
    if not can_approve_overcommitment(by):
        raise ProgrammeRefused("Only the director can approve that more is promised than is allocated.")
    locked = _locked(overcommitment)
    if locked.ended_at is not None:
        raise ProgrammeRefused("This request has ended. Ask for a new one.")
    if locked.approved_at is not None:
        raise ProgrammeRefused("This request is approved already.")
    if locked.asked_by_id == by.pk:
        raise ProgrammeRefused("You asked for this, so another director must approve it.")
    locked.approved_by, locked.approved_at = by, timezone.now()
    locked.save(update_fields=["approved_by", "approved_at"])
    _record("overcommitment approved", locked, by, locked.reason)
    return locked


@transaction.atomic
def end_overcommitment(*, overcommitment: Overcommitment, by: User, reason: str) -> Overcommitment:
    """Refuse or withdraw a request, or end one in force: nothing more is promised above the allocation.

    The director may end any; a finance officer any that is needed no more; whoever asked, their own while it waits.
    """
    locked = _locked(overcommitment)
    own = locked.asked_by_id == by.pk and locked.approved_at is None and can_ask(by)
    if not (own or can_approve_overcommitment(by) or can_keep_money(by)):
        raise ProgrammeRefused("Only the director, a finance officer or whoever asked can end this.")
    if locked.ended_at is not None:
        raise ProgrammeRefused("This request has ended already.")
    why = check_words(reason, "The reason", missing="Say why it ends.")
    locked.ended_by, locked.ended_at = by, timezone.now()
    locked.save(update_fields=["ended_by", "ended_at"])
    _record("overcommitment ended", locked, by, why)
    return locked


def _locked(overcommitment: Overcommitment) -> Overcommitment:
    """The row under its source's lock, which everything that promises money of the source takes as well."""
    lock_source(overcommitment.source)
    return Overcommitment.objects.select_for_update(of=("self",)).select_related("source").get(pk=overcommitment.pk)


def _record(action: str, row: Overcommitment, by: User, reason: str) -> None:
    AuditEvent.record(
        action,
        row.source,
        by=by,
        reason=reason,
        overcommitment=row.pk,
        year=str(FinancialYear(row.year)),
        layer=row.layer,
        amount=row.amount_pence,
    )

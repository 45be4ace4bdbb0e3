"""The certified account of a funder's money at the end of its year: prepared by one person, certified by another."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils import timezone

from programmes.actions.agreements import lock_agreement
from programmes.actions.money_rules import LONGEST_TEXT, check_amount, check_keeper, check_words
from programmes.errors import ProgrammeRefused
from programmes.models import AgreementChange, Claim, FunderAgreement, YearEndStatement
from vru.accounts.models import AuditEvent, User
from vru.accounts.permissions import can_approve_money
from vru.lib.money import Money
from vru.lib.periods import FinancialYear, long_date


@transaction.atomic
def prepare_statement(
    *, agreement: FunderAgreement, spent_pence: int, returned_pence: int = 0, note: str = "", today: datetime.date,
    by: User,
) -> YearEndStatement:  # fmt: skip
    """Write the statement, or write it again while it is not certified; whoever wrote it last has prepared it.

    Raises ``ProgrammeRefused`` before the year has ended, and for more spent and returned than was offered.
    """
    check_keeper(by, "prepare a year-end statement")
    locked = lock_agreement(agreement)
    if locked.status != FunderAgreement.Status.ACCEPTED:
        raise ProgrammeRefused("Accept the funder's offer first.")
    year = FinancialYear(locked.year)
    if today <= year.ends_on:
        raise ProgrammeRefused(f"The year ends on {long_date(year.ends_on)}. Prepare the statement after that day.")
    check_amount(spent_pence, "What was spent")
    check_amount(returned_pence, "What was returned")
    offer = locked.offer_now()
    if spent_pence + returned_pence > offer:
        raise ProgrammeRefused(
            f"Spent and returned come to {Money(spent_pence + returned_pence)}, which is more than the offer of "
            f"{Money(offer)}. State what was spent of the offer; anything above it came from elsewhere."
        )
    words = check_words(note, "The note", longest=LONGEST_TEXT)
    held = YearEndStatement.objects.filter(agreement=locked).first() or YearEndStatement(agreement=locked)
    before = {"spent": held.spent_pence, "returned": held.returned_pence} if held.pk else None
    held.spent_pence, held.returned_pence, held.note = spent_pence, returned_pence, words
    held.prepared_by, held.prepared_at = by, timezone.now()
    held.save()
    after = {"spent": spent_pence, "returned": returned_pence}
    AuditEvent.record("year-end statement prepared", locked, by=by, reason=words, before=before, after=after)
    return held


def what_stops_certifying(agreement: FunderAgreement) -> str:
    """The sentence of what must be settled first; empty when nothing stands in the way."""
    if agreement.changes.filter(status=AgreementChange.Status.ASKED).exists():
        return "A change is still with the funder. Record what became of it first."
    if agreement.claims.filter(status__in=[Claim.Status.DRAFT, Claim.Status.SENT]).exists():
        return "A claim is not settled. Record that it is agreed, or withdraw it, first."
    return ""


@transaction.atomic
def certify_statement(
    *, statement: YearEndStatement, spent_pence: int, returned_pence: int, by: User
) -> YearEndStatement:
    """Certify what the person has read (``spent_pence``, ``returned_pence``); the agreement is frozen from then on."""
    if not can_approve_money(by):
        raise ProgrammeRefused("Only a finance officer or the director can certify a year-end statement.")
    locked = lock_agreement(statement.agreement)
    held = YearEndStatement.objects.select_for_update(of=("self",)).get(pk=statement.pk)
    if held.prepared_by_id == by.pk:
        raise ProgrammeRefused("You prepared this statement, so somebody else must certify it.")
    if (held.spent_pence, held.returned_pence) != (spent_pence, returned_pence):
        raise ProgrammeRefused("The statement was written again after you opened the page. Read it, then certify it.")
    stops = what_stops_certifying(locked)
    if stops:
        raise ProgrammeRefused(stops)
    held.certified_by, held.certified_at = by, timezone.now()
    held.save(update_fields=["certified_by", "certified_at"])
    locked.status = FunderAgreement.Status.CERTIFIED
    locked.save(update_fields=["status"])
    AuditEvent.record("year end certified", locked, by=by, spent=spent_pence, returned=returned_pence)
    return held

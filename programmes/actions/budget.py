"""Budget lines by programme, source, year and category. A line's amount changes with a reason; no version is lost."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from programmes.actions.money_rules import check_amount, check_keeper, check_words, check_year
from programmes.errors import ProgrammeRefused
from programmes.models import BudgetCategory, BudgetChange, BudgetLine, FundingSource, Programme
from vru.accounts.models import AuditEvent, User
from vru.lib.layers import Layer
from vru.lib.money import Money
from vru.lib.periods import FinancialYear


@transaction.atomic
def add_budget_line(
    *,
    programme: Programme,
    source: FundingSource,
    year: int,
    category: BudgetCategory,
    amount_pence: int,
    reason: str,
    by: User,
) -> BudgetLine:
    """Set money aside. One line for each programme, source, year and category: a second one is refused by name."""
    check_keeper(by, "set the budget")
    check_year(year)
    check_amount(amount_pence, "A budget line")
    why = check_words(reason, "The reason", missing="Say why the money is set aside.")
    if programme.layer == Layer.PUBLISHED:
        raise ProgrammeRefused("Published budgets are read out of documents. Choose a programme of the unit's own.")
    # The programme's row is what two people adding the same line at once both wait for.
    held = Programme.objects.select_for_update(of=("self",)).get(pk=programme.pk)
    same = BudgetLine.objects.filter(
        programme=held, source=source, year=year, category=category, layer=held.layer
    ).first()
    if same is not None:
        raise ProgrammeRefused(
            f"There is a line for this programme, source, year and category already ({same.ref}, "
            f"{Money(same.amount_pence)}). Change that one."
        )
    line = _numbered(held, source, year, category, amount_pence)
    _version(line, 0, amount_pence, why, by)
    AuditEvent.record("budget line added", line, by=by, reason=why, before=None, after=amount_pence)
    return line


def _numbered(
    programme: Programme, source: FundingSource, year: int, category: BudgetCategory, amount_pence: int
) -> BudgetLine:
    """The line under the first free number of its year, whoever else takes one meanwhile."""
    start = f"BL-{FinancialYear(year)}-"
    number = BudgetLine.objects.filter(ref__startswith=start).count()
    while True:
        number += 1
        ref = f"{start}{number:04d}"
        if BudgetLine.objects.filter(ref=ref).exists():
            continue
        try:
            with transaction.atomic():
                return BudgetLine.objects.create(
                    ref=ref,
                    layer=programme.layer,
                    year=year,
                    category=category,
                    programme=programme,
                    source=source,
                    amount_pence=amount_pence,
                )
        except IntegrityError:
            continue


@transaction.atomic
def change_budget_line(
    *, line: BudgetLine, amount_pence: int, reason: str, by: User, expected_pence: int | None = None
) -> BudgetLine:
    """A new amount for the line. ``expected_pence`` is what the person saw: another change since then is refused."""
    check_keeper(by, "change the budget")
    check_amount(amount_pence, "A budget line")
    why = check_words(reason, "The reason", missing="Say why the amount changes.")
    locked = BudgetLine.objects.select_for_update(of=("self",)).get(pk=line.pk)
    if locked.layer == Layer.PUBLISHED:
        raise ProgrammeRefused("A published budget line is what a document says, so it stays as it is.")
    before = locked.amount_pence
    if expected_pence is not None and expected_pence != before:
        raise ProgrammeRefused(f"Somebody changed this line to {Money(before)} meanwhile. Read why, then decide again.")
    if before == amount_pence:
        raise ProgrammeRefused(f"The line is {Money(before)} already, so there is nothing to change.")
    locked.amount_pence = amount_pence
    locked.save(update_fields=["amount_pence"])
    _version(locked, before, amount_pence, why, by)
    AuditEvent.record("budget line changed", locked, by=by, reason=why, before=before, after=amount_pence)
    return locked


def _version(line: BudgetLine, before: int, after: int, why: str, by: User) -> None:
    last = line.changes.aggregate(last=Max("number"))["last"] or 0
    BudgetChange.objects.create(
        line=line,
        number=last + 1,
        before_pence=before,
        after_pence=after,
        reason=why,
        made_by=by,
        made_at=timezone.now(),
    )

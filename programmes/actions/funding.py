"""Sources of the unit's money, and what each allocates by year. An allocation is restated, never edited in place."""

from __future__ import annotations

import datetime
import re
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from programmes.actions.money_rules import check_amount, check_keeper, check_words, check_year, lock_source
from programmes.errors import ProgrammeRefused
from programmes.models import Allocation, FundingSource
from vru.accounts.models import AuditEvent, User
from vru.lib.layers import Layer
from vru.lib.money import Money
from vru.lib.periods import FinancialYear

LONGEST_TITLE, LONGEST_SLUG, LONGEST_PLACE = 200, 60, 200
# Words that stand in addresses where a source's own name would stand.
RESERVED = frozenset({"add"})


@transaction.atomic
def add_source(*, title: str, funder: str, kind: str, order: int = 0, by: User) -> FundingSource:
    """A new source of money. Its short name in addresses and figures is made of the title and never changes."""
    check_keeper(by, "add a source of money")
    values = _described(title, funder, kind, order)
    slug = re.sub(r"-+$", "", slugify(values["title"])[:LONGEST_SLUG])
    if not slug or slug in RESERVED:
        raise ProgrammeRefused("Give the source a title with letters or numbers in it.")
    if FundingSource.objects.filter(slug=slug).exists():
        raise ProgrammeRefused(f"There is a source with the short name “{slug}” already. Choose another title.")
    source = FundingSource.objects.create(slug=slug, **values)
    AuditEvent.record("funding source added", source, by=by, after=values)
    return source


@transaction.atomic
def edit_source(
    *, source: FundingSource, title: str, funder: str, kind: str, order: int = 0, by: User
) -> FundingSource:
    check_keeper(by, "change a source of money")
    locked = lock_source(source)
    after = _described(title, funder, kind, order)
    before = {name: getattr(locked, name) for name in after}
    if before == after:
        return locked
    for name, value in after.items():
        setattr(locked, name, value)
    locked.save(update_fields=list(after))
    AuditEvent.record("funding source changed", locked, by=by, before=before, after=after)
    return locked


def _described(title: str, funder: str, kind: str, order: int) -> dict[str, Any]:
    if kind not in FundingSource.Kind.values:
        raise ProgrammeRefused("Choose what kind of source it is.")
    check_amount(order, "The place in lists")
    return {
        "title": check_words(title, "The title", longest=LONGEST_TITLE, missing="Give the source a title."),
        "funder": check_words(funder, "The funder's name", longest=LONGEST_TITLE, missing="Say who the funder is."),
        "kind": kind,
        "order": order,
    }


@transaction.atomic
def state_allocation(
    *,
    source: FundingSource,
    year: int,
    layer: str,
    amount_pence: int,
    by: User,
    stated_on: datetime.date,
    because: str = "",
    place: str = "",
    expected_sequence: int | None = None,
) -> Allocation:
    """Say what a source allocates for the year that begins in ``year``: the original, or a restatement with its reason.

    Nothing is edited: a restatement counts one up from what stands. ``expected_sequence`` is the last one that the
    person saw (nought: none); another restatement since then is refused, so that nobody restates what they have not
    read. An allocation below what is committed is kept, because it is the funder's to say; headroom then shows it.
    """
    check_keeper(by, "state what a source allocates")
    check_year(year)
    check_amount(amount_pence, "An allocation")
    if layer not in Layer.values:
        raise ProgrammeRefused("Choose which records the allocation belongs to.")
    locked = lock_source(source)
    last = locked.allocations.filter(year=year, layer=layer).order_by("-sequence").first()
    standing = last.sequence if last else 0
    if expected_sequence is not None and expected_sequence != standing:
        raise ProgrammeRefused("Somebody stated this allocation after you opened the page. Read it, then decide again.")
    why = check_words(because, "The reason", missing="Say why the allocation is restated." if last else "")
    if last is not None and last.amount_pence == amount_pence:
        raise ProgrammeRefused(f"The allocation is {Money(amount_pence)} already, so there is nothing to restate.")
    allocation = Allocation.objects.create(
        source=locked,
        year=year,
        layer=layer,
        sequence=standing + 1,
        amount_pence=amount_pence,
        restated_because=why if last else "",
        stated_by=by,
        stated_on=stated_on,
        place=check_words(place, "Where it is written", longest=LONGEST_PLACE),
    )
    AuditEvent.record(
        "allocation restated" if last else "allocation stated",
        locked,
        by=by,
        reason=why,
        year=str(FinancialYear(year)),
        layer=layer,
        before=last.amount_pence if last else None,
        after=amount_pence,
    )
    return allocation

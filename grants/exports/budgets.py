"""Budget lines and what stands against them, as a file."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import QuerySet

from grants.exports.register import pounds
from programmes.models import BudgetLine
from vru.lib.exports import Export, Row
from vru.lib.periods import FinancialYear
from vru.lib.sheets import SheetColumn

COLUMNS = (
    SheetColumn("Reference"),
    SheetColumn("Year"),
    SheetColumn("Category"),
    SheetColumn("Programme reference"),
    SheetColumn("Programme"),
    SheetColumn("Funding source"),
    SheetColumn("Budget (£)", "money"),
    SheetColumn("Source document"),
    SheetColumn("Place in it"),
)
CHUNK = 500


def budgets(layer: str, year: int | None) -> Export:
    """The budget lines of a layer, of one financial year (by the year it begins in) or of all."""
    lines = BudgetLine.objects.filter(layer=layer).select_related("category", "programme", "source", "source_document")
    if year is not None:
        lines = lines.filter(year=year)
    return Export("Budgets", "Budget lines", COLUMNS, lambda: _rows(lines.order_by("year", "category__order", "ref")))


def _rows(lines: QuerySet[BudgetLine]) -> Iterator[Row]:
    for line in lines.iterator(chunk_size=CHUNK):
        yield (
            line.ref,
            str(FinancialYear(line.year)),
            line.category.title,
            line.programme.ref if line.programme else None,
            line.programme.title if line.programme else None,
            line.source.title if line.source else None,
            pounds(line.amount_pence),
            line.source_document.title if line.source_document else None,
            line.place,
        )

"""The year's budget, added up by any two of programme, source and category, to the penny."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet, Sum

from programmes.models import Allocation, BudgetLine, FundingSource

# What the budget can be added up by, and where each side's name is read.
SIDES = {"programme": "programme__title", "source": "source__title", "category": "category__title"}
_KEYS = {"programme": "programme_id", "source": "source_id", "category": "category_id"}
_ORDER = {
    "programme": ("programme__title", "programme_id"),
    "source": ("source__order", "source__slug"),
    "category": ("category__order", "category__slug"),
}
NOT_STATED = "Not stated"


@dataclass(frozen=True, slots=True)
class Matrix:
    """Pence by row and column: ``rows`` are (label, cells, total), ``foot`` the sums of the columns. Each total is the
    sum of its parts, and ``total`` that of either side.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[int, ...], int], ...]
    foot: tuple[int, ...]
    total: int


def matrix(lines: QuerySet[BudgetLine], rows: str, columns: str) -> Matrix:
    """The lines added up by ``rows`` and ``columns``, two of ``SIDES``. Three queries, however many lines."""
    keys = (_KEYS[rows], _KEYS[columns])
    cells: Counter[tuple[int | None, int | None]] = Counter()
    for row, column, pence in lines.order_by().values_list(*keys).annotate(pence=Sum("amount_pence")):
        cells[row, column] += pence
    downs, acrosses = _sides(lines, rows), _sides(lines, columns)
    shown = tuple(
        (label, amounts, sum(amounts))
        for key, label in downs
        for amounts in [tuple(cells[key, across] for across, _ in acrosses)]
    )
    foot = _sums([amounts for _, amounts, _ in shown], len(acrosses))
    return Matrix(tuple(label for _, label in acrosses), shown, foot, sum(foot))


def _sides(lines: QuerySet[BudgetLine], side: str) -> list[tuple[int | None, str]]:
    found = lines.order_by(*_ORDER[side]).values_list(_KEYS[side], SIDES[side], *_ORDER[side]).distinct()
    return list({row[0]: row[1] or NOT_STATED for row in found}.items())


def _sums(rows: Sequence[Iterable[int]], width: int) -> tuple[int, ...]:
    return tuple(sum(column) for column in zip(*rows, strict=True)) if rows else (0,) * width


@dataclass(frozen=True, slots=True)
class Remainder:
    """What a source allocates for the year against what its budget lines set aside, in pence."""

    source: FundingSource
    allocated: int
    budgeted: int

    @property
    def left(self) -> int:
        return self.allocated - self.budgeted


def remainders(year: int, layer: str) -> list[Remainder]:
    """Every source with an allocation or a budget line in the year, in the order of sources. Three queries."""
    amounts = Allocation.objects.current().filter(year=year, layer=layer).order_by()
    allocated = dict(amounts.values_list("source_id").annotate(Sum("amount_pence")))
    lines = BudgetLine.objects.filter(year=year, layer=layer, source__isnull=False).order_by()
    budgeted = dict(lines.values_list("source_id").annotate(Sum("amount_pence")))
    sources = FundingSource.objects.filter(pk__in={*allocated, *budgeted})
    return [Remainder(source, allocated.get(source.pk, 0), budgeted.get(source.pk, 0)) for source in sources]

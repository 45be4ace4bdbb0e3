"""The year's spending by source, programme, category, heading, grantee, quarter, objective or award."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from grants.money.spending import Line, Spending
from programmes.models import BudgetCategory, CostHeading, FundingSource, Objective, Programme
from vru.accounts.models import Organisation
from vru.lib.periods import FinancialYear, Quarter

AHEAD = "ahead"
NOT_NAMED = "Not named"


@dataclass(slots=True)
class Total:
    """One row of a view. ``percent`` is the variance against the profile to date; None where that is nought."""

    key: str
    label: str
    profile: int = 0
    to_date: int = 0
    actual: int = 0
    forecast: int = 0
    approved: int = 0
    expected: int = 0
    commitments: set[int] = field(default_factory=set)

    @property
    def variance(self) -> int:
        return self.actual - self.to_date

    @property
    def outturn(self) -> int:
        return self.actual + self.forecast

    @property
    def percent(self) -> Decimal | None:
        """To one decimal, as shown."""
        if not self.to_date:
            return None
        share = Decimal(self.variance * 100) / self.to_date
        # Adding nought turns a rounded −0.0 into 0.0.
        return share.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP) + 0

    def add(self, line: Line) -> None:
        self.profile += line.profile
        self.to_date += line.to_date
        self.actual += line.actual
        self.forecast += line.forecast


@dataclass(frozen=True, slots=True)
class View:
    """A way of adding up: the name of its rows, the key of a line, and the rows' names in their order."""

    title: str
    key: Callable[[Line], str]
    names: Callable[[Spending], Iterable[tuple[str, str]]]


def _titles(model: Any, key: str) -> Callable[[Spending], Iterable[tuple[str, str]]]:
    return lambda spending: [(getattr(row, key), str(row)) for row in model.objects.all()]


def _programmes(spending: Spending) -> Iterable[tuple[str, str]]:
    rows = Programme.objects.in_layer(spending.layer).filter(parent=None).order_by("title", "ref")
    return rows.values_list("ref", "title")


def _grantees(spending: Spending) -> Iterable[tuple[str, str]]:
    refs = {about.grantee for about in spending.commitments.values()}
    return Organisation.objects.filter(ref__in=refs).order_by("name", "ref").values_list("ref", "name")


def _objectives(spending: Spending) -> Iterable[tuple[str, str]]:
    """The wording of the version in force at the year's end; a number that only an older version has stands alone."""
    found = {
        str(each.number): f"{each.number}. {each.title}" for each in Objective.objects.order_by("version_id", "number")
    }
    return sorted(found.items(), key=lambda pair: int(pair[0]))


def _quarters(spending: Spending) -> Iterable[tuple[str, str]]:
    numbered = [(str(number), str(Quarter(spending.year.start, number))) for number in (1, 2, 3, 4)]
    return [*numbered, (AHEAD, "Still to come, as forecast")]


def _awards(spending: Spending) -> Iterable[tuple[str, str]]:
    return [(about.ref, f"{about.ref} {about.title}") for about in spending.commitments.values()]


VIEWS: dict[str, View] = {
    "source": View("Funding source", lambda line: line.source, _titles(FundingSource, "slug")),
    "programme": View("Programme", lambda line: line.about.programme, _programmes),
    "category": View("Budget category", lambda line: line.about.category, _titles(BudgetCategory, "slug")),
    "heading": View("Cost heading", lambda line: line.heading, _titles(CostHeading, "slug")),
    "grantee": View("Grantee", lambda line: line.about.grantee, _grantees),
    "quarter": View("Quarter", lambda line: str(line.quarter), _quarters),
    "objective": View("Main objective", lambda line: line.about.objective, _objectives),
    "grant": View("Award", lambda line: line.about.ref, _awards),
}
# What a view may be narrowed to: one row of another view. A heading knows no source, nor a source its headings: both
# at once would round twice, and the parts would miss the total by pennies.
NARROWED_BY = ("source", "programme", "category", "grantee", "objective")


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of a view with at least one amount or return, and their total, which is added up apart from them."""

    view: View
    rows: list[Total]
    total: Total
    narrowed_to: str = ""


def table(
    year: FinancialYear, layer: str, by: str, *, on: datetime.date, within: tuple[str, str] | None = None
) -> Table:
    """The year added up ``by`` a key of ``VIEWS``; ``within`` is (a key of ``NARROWED_BY``, the row's key)."""
    view = VIEWS[by]
    if by == "heading" and within is not None and within[0] == "source":
        within = None
    spending = Spending(year, layer, on=on, by_heading=by == "heading")
    narrow = VIEWS[within[0]] if within else None
    with_source = by == "source" or (within is not None and within[0] == "source")
    lines = spending.lines_by_source if with_source else spending.lines
    if narrow is not None and within is not None:
        lines = [line for line in lines if narrow.key(line) == within[1]]
    names = dict(view.names(spending))
    rows = {key: Total(key, name) for key, name in names.items()}
    total = Total("", "Total")
    for line in lines:
        total.add(line)
        _add(rows, by, view, line)
    kept = within if within and within[0] != "source" else None
    _count_returns(spending, by, rows, total, lines, narrowed=within is not None, kept=kept)
    shown = [row for row in rows.values() if row.commitments]
    label = dict(narrow.names(spending)).get(within[1], within[1]) if narrow and within else ""
    return Table(view, shown, total, label)


def _row(rows: dict[str, Total], key: str) -> Total:
    if key not in rows:
        rows[key] = Total(key, key or NOT_NAMED)
    return rows[key]


def _add(rows: dict[str, Total], by: str, view: View, line: Line) -> None:
    row = _row(rows, view.key(line))
    row.commitments.add(line.about.pk)
    if by != "quarter" or not line.forecast:
        row.add(line)
        return
    # A forecast belongs to the quarters after the one that it came with.
    row.actual += line.actual
    ahead = _row(rows, AHEAD)
    ahead.forecast += line.forecast
    ahead.commitments.add(line.about.pk)


def _count_returns(
    spending: Spending,
    by: str,
    rows: dict[str, Total],
    total: Total,
    lines: list[Line],
    *,
    narrowed: bool,
    kept: tuple[str, str] | None,
) -> None:
    """From x of y returns. Under headings and sources a return counts in every row that it is in, and once in all."""
    chosen = {line.about.pk for line in lines}
    if kept is not None:
        chosen |= {about.pk for about in spending.commitments.values() if VIEWS[kept[0]].key(Line(about, 0)) == kept[1]}
    several = {"heading", "source"}
    for (commitment, quarter), (approved, expected) in spending.returns.items():
        if not expected or (narrowed and commitment not in chosen):
            continue
        total.approved, total.expected = total.approved + approved, total.expected + expected
        if by in several:
            counted = [row for row in rows.values() if commitment in row.commitments]
        else:
            counted = [_row(rows, VIEWS[by].key(Line(spending.commitments[commitment], quarter)))]
        for row in counted:
            row.approved, row.expected = row.approved + approved, row.expected + expected
            row.commitments.add(commitment)

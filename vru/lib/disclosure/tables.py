"""What is going to be published: counts, and the equations between them that any reader knows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction


class TableError(ValueError):
    """A table that contradicts itself or another one. The message says which cell or total."""


def cell_id(measure: str, **where: str) -> str:
    """The name of a count, in the form of a figure's key: "reach.new age=10-14 quarter=2020-21Q1".

    Two tables of the same measure share their totals and margins because these get the same name.
    """
    return " ".join([measure, *(f"{name}={where[name]}" for name in sorted(where))])


@dataclass(frozen=True, slots=True)
class Relation:
    """low ≤ Σ coefficient × cell ≤ high, known to any reader. None is no limit on that side. All whole
    numbers.

    A total is {total: 1, part: -1, …} with both limits 0.
    """

    coefficients: Mapping[str, int]
    low: int | None = 0
    high: int | None = 0

    @classmethod
    def total(cls, total: str, parts: Iterable[str]) -> Relation:
        return cls({total: 1} | dict.fromkeys(parts, -1))

    def holds(self, counts: Mapping[str, int]) -> bool:
        amount = sum(times * counts[cell] for cell, times in self.coefficients.items())
        return (self.low is None or amount >= self.low) and (self.high is None or amount <= self.high)


def percentage(part: str, whole: str, printed: str) -> tuple[Relation, Relation]:
    """What a printed percentage tells: "25" (per cent) means that part ÷ whole is 24.5% to 25.5%."""
    value = Decimal(printed)
    half = Decimal(1).scaleb(int(value.as_tuple().exponent)) / 2
    low, high = Fraction(value - half) / 100, Fraction(value + half) / 100
    return (
        Relation({part: low.denominator, whole: -low.numerator}, low=0, high=None),
        Relation({part: high.denominator, whole: -high.numerator}, low=None, high=0),
    )


@dataclass(frozen=True, slots=True)
class Table:
    """A table for publication: true counts by cell name, what adds up to what, and the one total kept to the
    last.

    `margins` are the other totals; inner cells are hidden before margins. Raises TableError when a count is
    not a whole number of people, or when a relation names an unknown cell. Whether relations hold is checked
    by `protect`, over all tables at once.
    """

    name: str
    counts: Mapping[str, int]
    relations: tuple[Relation, ...]
    total: str | None = None
    margins: frozenset[str] = field(default_factory=frozenset)

    def __post_init__(self) -> None:
        for cell, count in self.counts.items():
            if isinstance(count, bool) or not isinstance(count, int) or count < 0:
                raise TableError(f'"{cell}" in {self.name} is {count!r}, not a whole number of people.')
        if self.total is not None and self.total not in self.counts:
            raise TableError(f'The total "{self.total}" of {self.name} has no count.')

    def as_table(self) -> Table:
        return self


@dataclass(frozen=True, slots=True)
class OneWay:
    """A total and its categories: OneWay(120, {"10-14": 80, "15-17": 40}, "reach.new", "age")."""

    total: int
    counts: Mapping[str, int]
    measure: str = "count"
    dimension: str = "category"

    def as_table(self) -> Table:
        cells = {cell_id(self.measure, **{self.dimension: name}): count for name, count in self.counts.items()}
        total = cell_id(self.measure)
        return Table(
            name=f"{self.measure} by {self.dimension}",
            counts={total: self.total, **cells},
            relations=(Relation.total(total, cells),),
            total=total,
        )


@dataclass(frozen=True, slots=True)
class TwoWay:
    """Rows by columns with all margins, which are added up here: counts[row, column], nought where left out.

    Names of the dimensions make shared margins: TwoWay of age × quarter and TwoWay of borough × quarter of
    one measure share the quarters' totals and the headline. Raises TableError for a count outside rows and
    columns.
    """

    rows: Sequence[str]
    columns: Sequence[str]
    counts: Mapping[tuple[str, str], int]
    measure: str = "count"
    row_dimension: str = "row"
    column_dimension: str = "column"

    def inner(self, row: str, column: str) -> str:
        return cell_id(self.measure, **{self.row_dimension: row, self.column_dimension: column})

    def as_table(self) -> Table:
        name = f"{self.measure} by {self.row_dimension} and {self.column_dimension}"
        if len({*self.rows}) < len(self.rows) or len({*self.columns}) < len(self.columns):
            raise TableError(f"{name} has the same row or column twice.")
        strangers = [key for key in self.counts if key[0] not in self.rows or key[1] not in self.columns]
        if strangers:
            raise TableError(f"{name} has counts outside its rows and columns: {strangers[0]}.")
        total = cell_id(self.measure)
        counts = {self.inner(r, c): self.counts.get((r, c), 0) for r in self.rows for c in self.columns}
        lines = {
            cell_id(self.measure, **{self.row_dimension: r}): [self.inner(r, c) for c in self.columns]
            for r in self.rows
        }
        columns = {
            cell_id(self.measure, **{self.column_dimension: c}): [self.inner(r, c) for r in self.rows]
            for c in self.columns
        }
        sums = {margin: sum(counts[cell] for cell in parts) for margin, parts in (lines | columns).items()}
        relations = [Relation.total(margin, parts) for margin, parts in (lines | columns).items()]
        relations += [Relation.total(total, lines), Relation.total(total, columns)]
        headline = sum(sums[margin] for margin in lines)
        return Table(name, {total: headline, **sums, **counts}, tuple(relations), total=total, margins=frozenset(sums))


@dataclass(frozen=True, slots=True)
class Publication:
    """All that a reader sees: values (None where hidden), the relations, and the base values are rounded to."""

    values: Mapping[str, int | None]
    relations: tuple[Relation, ...]
    rounding: int | None = None

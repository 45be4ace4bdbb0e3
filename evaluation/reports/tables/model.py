"""What a table of a report is made of, before it is HTML, a sheet or a CSV file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal

from evaluation.figures.figure import Figure

Kind = Literal["text", "count", "money", "percent", "number"]
HIDDEN = "[c]"
NOT_KNOWN = "–"
ROUNDING_NOTE = "Figures may not sum because of rounding."
# Money that is all whole thousands was never known more exactly, so it prints short; otherwise in whole pounds.
_SHORT_STEP = 1000


@dataclass(frozen=True, slots=True)
class Column:
    """A heading, the kind of its numbers, and a unit printed beside the heading where numbers carry none."""

    label: str
    kind: Kind = "text"
    unit: str = ""

    def as_json(self) -> dict[str, str]:
        return {"label": self.label, "kind": self.kind, "unit": self.unit}


@dataclass(frozen=True, slots=True)
class Cell:
    """A printed text, the number behind it (None where there is none or it is hidden) and its figure's key."""

    text: str
    value: Decimal | None = None
    key: str = ""

    def as_json(self) -> dict[str, Any]:
        return {"text": self.text, "value": None if self.value is None else f"{self.value:f}", "key": self.key}


@dataclass(frozen=True, slots=True)
class Row:
    header: str
    cells: tuple[Cell, ...]
    emphasis: bool = False

    def as_json(self) -> dict[str, Any]:
        return {
            "header": self.header,
            "cells": [cell.as_json() for cell in self.cells],
            "emphasis": self.emphasis,
        }


@dataclass(frozen=True, slots=True)
class TableData:
    """Columns (the first one heads the rows), rows, notes and sources; ``empty`` says why there are no rows.

    Raises ValueError when a row does not fit the columns.
    """

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    empty: str = field(default="nothing has been recorded for it")

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row.cells) + 1 != len(self.columns):
                raise ValueError(
                    f"The row {row.header!r} has {len(row.cells)} cells for {len(self.columns) - 1} columns."
                )

    def as_json(self) -> dict[str, Any]:
        return {
            "columns": [column.as_json() for column in self.columns],
            "rows": [row.as_json() for row in self.rows],
            "notes": list(self.notes),
            "sources": list(self.sources),
            "empty": self.empty,
        }


def text_row(header: str, *texts: str) -> Row:
    return Row(header, tuple(Cell(text) for text in texts))


def figure_cell(figure: Figure | None, *, short: bool = True) -> Cell:
    """The cell of a figure; a dash where there is none, so that missing never looks like nought."""
    if figure is None:
        return Cell(NOT_KNOWN)
    if figure.display == HIDDEN:
        return Cell(HIDDEN, None, figure.key)
    if figure.unit == "GBP" and figure.value is not None and figure.precision == "exact" and not short:
        return Cell(pounds(figure.value), figure.value, figure.key)
    return Cell(figure.display, figure.value, figure.key)


def prints_short(figures: Iterable[Figure | None]) -> bool:
    """Whether a column of money may print as "£7.6m": no amount in it loses more than it should."""
    amounts = [figure.value for figure in figures if figure is not None and figure.value is not None]
    return all(amount % _SHORT_STEP == 0 for amount in amounts)


def pounds(amount: Decimal) -> str:
    """Whole pounds, halves away from nought: "£1,234,568"."""
    whole = int(amount.quantize(Decimal(1), rounding=ROUND_HALF_UP))
    return f"{'−' if whole < 0 else ''}£{abs(whole):,}"


def share(part: Decimal | None, whole: Decimal | None) -> Cell:
    """A part as a percentage of a whole, to one decimal."""
    if part is None or not whole:
        return Cell(NOT_KNOWN)
    value = (100 * part / whole).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
    return Cell(f"{value}%", value)


def rounding_shows(parts: Sequence[Figure | None], total: Figure | None, *, short: bool) -> bool:
    """Whether the printed parts miss the printed total although the exact ones do not: only then is a note due."""
    known = [part for part in parts if part is not None]
    if total is None or total.value is None or any(part.value is None for part in known):
        return False
    if sum(part.value for part in known if part.value is not None) != total.value:
        return False
    printed = [_as_printed(part, short) for part in known]
    return sum(printed) != _as_printed(total, short)


def _as_printed(figure: Figure, short: bool) -> Decimal:
    amount = figure.value or Decimal(0)
    if figure.unit != "GBP":
        return amount
    if not short or abs(amount) < 1_000_000:
        return amount.quantize(Decimal(1), rounding=ROUND_HALF_UP)
    return (amount / 100_000).quantize(Decimal(1), rounding=ROUND_HALF_UP) * 100_000

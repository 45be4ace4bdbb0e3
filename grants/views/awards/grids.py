"""A grid of boxes as one form: a row for each thing, a column for each time, and what the rows come to."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any, Generic, TypeVar

from django import forms

from vru.lib.govuk.amounts import PoundsField, pounds_text

Row = TypeVar("Row", bound=Hashable)
Column = TypeVar("Column", bound=Hashable)


class GridForm(forms.Form, Generic[Row, Column]):
    """Boxes named ``<row>-<column>`` by position. Empty boxes are left out of ``values``.

    ``rows`` and ``columns`` are (thing, what it is called); ``held`` is what stands in the boxes now.
    """

    mark_optional = False
    # Whether the boxes of a column are amounts that are added up below it.
    adds_up = True

    def __init__(
        self,
        rows: Sequence[tuple[Row, str]],
        columns: Sequence[tuple[Column, str]],
        held: Mapping[tuple[Row, Column], Any],
        data: Any = None,
    ) -> None:
        super().__init__(data)
        self.rows, self.columns, self.held = rows, columns, held
        for down, (row, row_name) in enumerate(rows):
            for across, (column, column_name) in enumerate(columns):
                box = self.box(f"{row_name}, {column_name}")
                box.initial = held.get((row, column))
                self.fields[f"{down}-{across}"] = box

    def box(self, label: str) -> forms.Field:
        return PoundsField(label=label, required=False)

    def values(self) -> dict[tuple[Row, Column], Any]:
        """What was typed, by (row, column). Call it on a valid form."""
        return {
            (row, column): value
            for down, (row, _) in enumerate(self.rows)
            for across, (column, _) in enumerate(self.columns)
            if (value := self.cleaned_data.get(f"{down}-{across}")) is not None
        }

    def lines(self) -> list[dict[str, Any]]:
        """Rows for the template: the name and its boxes."""
        return [
            {"label": name, "boxes": [self[f"{down}-{across}"] for across in range(len(self.columns))]}
            for down, (_, name) in enumerate(self.rows)
        ]

    def heads(self) -> list[str]:
        return [name for _, name in self.columns]

    def totals(self) -> list[tuple[str, str]]:
        """(column, what it comes to) as typed or as it stands; nothing for a grid that is not added up."""
        if not self.adds_up:
            return []
        amounts = self.values() if hasattr(self, "cleaned_data") else self.held
        return [
            (name, pounds_text(sum(amounts.get((row, column), 0) for row, _ in self.rows)))
            for column, name in self.columns
        ]


class NumberGrid(GridForm[Row, Column]):
    adds_up = False

    def box(self, label: str) -> forms.Field:
        return forms.IntegerField(label=label, required=False, min_value=0, max_value=1_000_000)

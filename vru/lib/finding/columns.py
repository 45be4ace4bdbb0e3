"""The columns of a list and the order its address asks for: `sort=award` or `sort=-award`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, IntegerField, Value, When
from django.db.models.expressions import Combinable, F, OrderBy


@dataclass(frozen=True, slots=True)
class Column:
    """A heading. ``order`` are the fields it sorts by, ascending; none: the list is not sorted by it."""

    key: str
    label: str
    order: tuple[str | Combinable, ...] = ()
    numeric: bool = False
    unit: str = ""


def in_order_of(field: str, values: Sequence[str]) -> Case:
    """A status by its place in life rather than by its letters."""
    places = [When(**{field: value}, then=Value(place)) for place, value in enumerate(values)]
    return Case(*places, default=Value(len(places)), output_field=IntegerField())


def ordering(columns: Sequence[Column], sort: str, *, default: str, tie: Sequence[str]) -> list[OrderBy]:
    """What to order by: the column asked for, else ``default``; ``tie`` makes the order total.

    A row without a value comes last either way: databases differ about where nothing stands.
    """
    asked = sort if is_known(columns, sort) else default
    down = asked.startswith("-")
    column = next(each for each in columns if each.key == asked.removeprefix("-"))
    made = [_one(field, down=down) for field in column.order]
    return [*made, *(F(field).asc() for field in tie)]


def is_known(columns: Sequence[Column], sort: str) -> bool:
    return any(column.order and column.key == sort.removeprefix("-") for column in columns)


def sort_choices(columns: Sequence[Column]) -> tuple[tuple[str, str], ...]:
    """Every order that an address may ask for, as (value, words)."""
    made: list[tuple[str, str]] = []
    for column in columns:
        if column.order:
            up, down = ("smallest first", "largest first") if column.numeric else ("up", "down")
            made += [(column.key, f"{column.label}, {up}"), (f"-{column.key}", f"{column.label}, {down}")]
    return tuple(made)


def _one(field: str | Combinable, *, down: bool) -> OrderBy:
    expression: Any = F(field) if isinstance(field, str) else field
    made: OrderBy = expression.desc(nulls_last=True) if down else expression.asc(nulls_last=True)
    return made

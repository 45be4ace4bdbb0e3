"""Figures as they are printed, in pence, and the same slices added up from rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from django.db.models import F, QuerySet, Sum
from django.db.models.functions import Coalesce

from evaluation.figures.family import RolledFamily
from evaluation.figures.figure import Figure
from evaluation.figures.key import FigureKey
from evaluation.reconciliation.books import Books, grouped
from evaluation.reconciliation.registry import Pair

WHOLE = "in all"


def printed(books: Books, family: RolledFamily) -> dict[str, dict[str, int]]:
    """The family's figures by the one parameter they have and its value; the headline under ``WHOLE``. Kept."""

    def compute() -> dict[str, dict[str, int]]:
        figures: dict[str, Figure] = family.compute(books.computation, None)
        found: dict[str, dict[str, int]] = defaultdict(dict)
        for text, figure in figures.items():
            key = FigureKey.parse(text)
            pence = int(figure.value.scaleb(2)) if figure.value is not None else 0
            if not key.parameters:
                found[WHOLE][WHOLE] = pence
            elif len(key.parameters) == 1:
                name, value = key.parameters[0]
                found[name][value] = pence
        return found

    return books.computation.keep(("printed", family.name), compute)


def beside(family: RolledFamily, figures: Mapping[str, int], rows: Mapping[str, int]) -> Iterator[Pair]:
    """One pair for each slice that either side has."""
    for value in sorted({*figures, *rows}):
        yield Pair(f"{family.title}, {value}", figures.get(value, 0), rows.get(value, 0))


def objective_of(prefix: str = "") -> Coalesce:
    """The number of a commitment's primary objective: a project without one takes its programme's."""
    programme = f"{prefix}programme__"
    return Coalesce(
        F(f"{programme}primary_objective__number"),
        F(f"{programme}parent__primary_objective__number"),
        F(f"{programme}parent__parent__primary_objective__number"),
    )


def summed_by(rows: QuerySet, way: object, column: str = "amount_pence") -> dict[str, int]:
    """Pence of the rows by an expression, its text as the key."""
    return grouped(rows.order_by().annotate(way=way).values_list("way").annotate(Sum(column)))


def summed(rows: QuerySet, column: str = "amount_pence") -> dict[str, int]:
    return {WHOLE: rows.order_by().aggregate(whole=Sum(column))["whole"] or 0}

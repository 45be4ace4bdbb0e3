"""The figures of a report as they are now: what a key gives, or why it gives nothing."""

from __future__ import annotations

from collections.abc import Iterable

from evaluation.figures.computation import Computation
from evaluation.figures.figure import Figure
from evaluation.figures.key import FigureError, FigureKey
from evaluation.figures.registry import computed
from evaluation.models import Report
from evaluation.reports.as_at import scope_of_report
from vru.lib.periods import PeriodError


def figures_of(computation: Computation, keys: Iterable[str]) -> tuple[dict[str, Figure], dict[str, str]]:
    """(figures by key as asked, why others cannot be given). All in one computation; one at a time where one fails."""
    asked, refused = {}, {}
    for key in dict.fromkeys(keys):
        try:
            asked[key] = str(FigureKey.parse(key))
        except (FigureError, PeriodError) as error:
            refused[key] = str(error)
    try:
        made = computed(computation, list(asked.values()))
    except FigureError:
        made = {}
        for key, canonical in asked.items():
            try:
                made |= computed(computation, [canonical])
            except FigureError as error:
                refused[key] = str(error)
    return {key: made[canonical] for key, canonical in asked.items() if canonical in made}, refused


def reasons_without_figure(report: Report, keys: Iterable[str]) -> dict[str, str]:
    """Why each of these keys gives the report no number, by key; those that give one are left out."""
    found, refused = figures_of(Computation(scope_of_report(report)), keys)
    empty = {
        key: f"It has no value for this time: {each.display}." for key, each in found.items() if not each.has_value
    }
    return refused | empty

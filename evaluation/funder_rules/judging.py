"""Which rules are judged how. A new kind of rule is one line here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from django.db.models import QuerySet

from evaluation.figures import Figure, FigureError, Scope, read_snapshot
from evaluation.figures.computation import Computation
from evaluation.figures.registry import computed
from evaluation.funder_rules import kinds
from evaluation.funder_rules.keys import Kind
from evaluation.funder_rules.verdict import Outcome, Verdict
from programmes.models import FunderRule

Judge = Callable[[FunderRule, Scope, Mapping[str, Figure]], Verdict]
JUDGES: dict[FunderRule.Kind, Judge] = {
    Kind.SPENT_BY_YEAR_END: kinds.judge_spent_by_year_end,
    Kind.NO_CARRY_OVER: kinds.judge_no_carry_over,
    Kind.MINIMUM_SHARE: kinds.judge_minimum_share,
    Kind.MAXIMUM_SHARE: kinds.judge_maximum_share,
}


def verdicts_of(scope: Scope, rules: QuerySet[FunderRule], computation: Computation | None = None) -> list[Verdict]:
    """The rules in force in the scope's year, judged as at its day, by source and then by name.

    A rule whose figures cannot be read is not judged: its verdict says which figure, and the others stand.
    A ``computation`` of the scope that is open already is used instead of another.
    """
    found = list(
        rules.filter(pk__in=FunderRule.objects.in_force_in(scope.year.start))
        .select_related("source", "source_document")
        .order_by("source__order", "source__slug", "slug")
    )
    problems: dict[int, str] = {}
    with read_snapshot():
        figures = _figures(computation or Computation(scope), found, problems)
        return [
            Verdict(rule, Outcome.UNKNOWN, problems[rule.pk])
            if rule.pk in problems
            else JUDGES[Kind(rule.kind)](rule, scope, figures)
            for rule in found
        ]


def _figures(computation: Computation, rules: Iterable[FunderRule], problems: dict[int, str]) -> Mapping[str, Figure]:
    """Every figure that the rules need, in one computation unless one of them names a figure that does not exist."""
    wanted: dict[int, list[str]] = {}
    for rule in rules:
        try:
            wanted[rule.pk] = kinds.needed(rule)
        except FigureError as error:
            problems[rule.pk] = str(error)
    keys = list(dict.fromkeys(key for each in wanted.values() for key in each))
    try:
        return computed(computation, keys) if keys else {}
    except FigureError:
        return _one_by_one(computation, wanted, problems)


def _one_by_one(
    computation: Computation, wanted: dict[int, list[str]], problems: dict[int, str]
) -> Mapping[str, Figure]:
    figures: dict[str, Figure] = {}
    for pk, keys in wanted.items():
        try:
            figures |= computed(computation, keys) if keys else {}
        except FigureError as error:
            problems[pk] = str(error)
    return figures

"""Stated numbers against what the unit's own records come to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from evaluation.figures.figure import COMPUTED, GBP, Figure
from evaluation.models import StatedValue
from evaluation.rules.arithmetic import agree, gap
from evaluation.rules.evidence import Evidence, Value
from evaluation.rules.found import ERROR, NOTE, WARNING, Found, found_among
from evaluation.rules.registry import rule
from evaluation.rules.wording import apart_text, as_stated
from vru.lib.periods import FinancialYear

Periods = StatedValue.PeriodKind
OF_NO_YEAR = (Periods.SINCE_LAUNCH, Periods.FIRST_18_MONTHS)
MOST_NAMED = 6


@rule("stated-computed-differ", title="A stated figure is not what the records come to", severities=(ERROR, WARNING))
def stated_computed_differ(evidence: Evidence) -> Iterator[Found]:
    """A document states a figure of the year that the records of the same layer compute otherwise.

    An error for money and wherever more is recorded than stated. A warning where a count is stated higher than
    recorded: the records held may be incomplete.
    """
    for value in evidence.values:
        figure = evidence.figures.get(value.figure_key) if value.figure_key else None
        if figure is None or figure.basis != COMPUTED or not figure.has_value or not states_year(value, evidence.year):
            continue
        if not agree(value.bounded, figure.bounded):
            yield _against(value, figure)


def _against(value: Value, figure: Figure) -> Found:
    apart = gap(value.bounded, figure.bounded)
    may_lack_records = figure.unit != GBP and apart is not None and apart > 0
    advice = " Not everything that was counted may be on record." if may_lack_records else ""
    return found_among(
        (value,),
        severity=WARNING if may_lack_records else ERROR,
        stated=value.printed,
        computed=figure.display,
        difference="" if apart is None else apart_text(abs(apart), value),
        explanation=f"{as_stated(value)} is stated; the records come to {figure.shown('exact').removesuffix('.00')} "
        f"({figure.key}).{advice}",
        basis=(value.name, figure.key),
    )


@rule("figure-unknown", title="A stated value names a figure that does not exist", severities=(ERROR,))
def figure_unknown(evidence: Evidence) -> Iterator[Found]:
    """A stated value is said to state a figure, and no figure has that key, so that nothing can be compared."""
    for value in evidence.values:
        problem = evidence.unknown_keys.get(value.figure_key) if value.figure_key else None
        if problem:
            yield found_among(
                (value,),
                severity=ERROR,
                stated=value.printed,
                computed="no figure",
                explanation=problem,
                basis=(value.name,),
            )


@rule("outside-every-year", title="Counted over a period that is no year", severities=(NOTE,))
def outside_every_year(evidence: Evidence) -> Iterator[Found]:
    """Values since launch, or over the first months of the unit, which enter no total of a year.

    One note for each sort of period, so that nobody adds them to a year's figures.
    """
    groups: dict[tuple[str, str], list[Value]] = defaultdict(list)
    for value in evidence.values:
        if value.period.kind in OF_NO_YEAR:
            groups[value.period.kind, value.document].append(value)
    for (kind, document), values in groups.items():
        named = ", ".join(value.name for value in values[:MOST_NAMED])
        more = f" and {len(values) - MOST_NAMED} more" if len(values) > MOST_NAMED else ""
        label = str(Periods(kind).label).lower()
        verb = "is" if len(values) == 1 else "are"
        yield found_among(
            values,
            severity=NOTE,
            stated=f"{len(values)} {'value' if len(values) == 1 else 'values'}, {label}",
            computed=f"no part of {evidence.year}",
            explanation=f'{named}{more} {verb} for the period "{label}" and {verb} in no total of a year.',
            basis=(kind, document),
        )


def states_year(value: Value, year: FinancialYear) -> bool:
    """Whether a value may be compared with the year's figure; one without dates is taken as of its document's day."""
    period = value.period
    if period.kind == Periods.FINANCIAL_YEAR:
        return period.starts_on == year.starts_on
    if period.kind not in (Periods.AS_AT, Periods.RANGE, Periods.UNSPECIFIED):
        return False
    days = [day for day in (period.starts_on, period.ends_on) if day]
    days = days or [day for day in (value.published_on,) if day]
    return bool(days) and all(year.contains(day) for day in days)

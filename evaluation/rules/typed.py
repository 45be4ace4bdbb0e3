"""Numbers typed into the sections of the year's reports that contradict a figure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from evaluation.figures.computation import Computation
from evaluation.models import NumberDecision, ReportSection
from evaluation.numbers.scanning import SectionText, find
from evaluation.numbers.state import state_of
from evaluation.rules.evidence import TypedNumber
from vru.lib.periods import FinancialYear


def sections_being_written(year: FinancialYear, layer: str) -> list[ReportSection]:
    """The sections of every report of the year, report by report, each with its report and outline."""
    return list(
        ReportSection.objects.filter(report__year=year.start, report__layer=layer)
        .select_related("report__outline")
        .order_by("report_id", "order")
    )


def contradicting(sections: Sequence[ReportSection], computation: Computation) -> Iterator[TypedNumber]:
    """Typed amounts that contradict a figure and were not decided about.

    Figures are only computed for a report in which somebody typed an amount: a finished one costs a search of its text.
    """
    reports = {section.report_id for section in sections}
    decided = set(
        NumberDecision.objects.filter(report__in=reports).order_by("pk").values_list("report_id", "fingerprint")
        if reports
        else ()
    )
    for report_id, rows in groupby(sections, key=lambda section: section.report_id):
        own = list(rows)
        amounts = (each for each in find(SectionText.of(section) for section in own) if each.is_amount)
        if any((report_id, each.fingerprint) not in decided for each in amounts):
            report = own[0].report
            for each in state_of(report, computation=computation).contradictions:
                shown = each.best.shown if each.best else ""
                where = f"{report}: {each.section_name}"
                yield TypedNumber(report_id, where, each.typed.printed, shown, each.why, each.fingerprint)

"""As at which day, and of what, the figures of a report are read."""

from __future__ import annotations

import datetime

from django.db.models import Max

from evaluation.figures.scope import Scope
from evaluation.models import Report
from evaluation.models.report import QUARTERS
from evaluation.reports.errors import NothingToReport
from evaluation.reports.forms.period import ReportPeriod
from grants.models import ReportingQuarter
from programmes.models import SourceDocument
from vru.lib.layers import Layer
from vru.lib.periods import FinancialYear, Quarter, long_date

# The data annex is a ZIP file, which cannot hold a later day; a workbook is one too.
LAST_DAY = datetime.date(2107, 12, 31)


def check_as_at(year: FinancialYear, day: datetime.date) -> datetime.date:
    """The day itself. Raises NothingToReport before the year begins, and after `LAST_DAY`."""
    if day < year.starts_on:
        raise NothingToReport(
            f"On {long_date(day)} the year {year} had not begun. Choose {long_date(year.starts_on)} or a later day."
        )
    if day > LAST_DAY:
        raise NothingToReport(f"{long_date(day)} is too far ahead. Choose {long_date(LAST_DAY)} or an earlier day.")
    return day


def scope_of_report(report: Report, as_at: datetime.date | None = None) -> Scope:
    """The year and records of a report, as at a day, or as at the one that its editions usually are."""
    year = report.financial_year
    return Scope.of(year, report.layer, as_at or default_as_at(year, report.layer, report.period))


def default_as_at(year: FinancialYear, layer: str, period: str = "") -> datetime.date:
    """The last day of the year or month. Of a quarter, the day on which its returns are closed, because they come in
    after its end. For the published layer the day of the newest document that its statements come from, if earlier.
    """
    ends_on = ReportPeriod(year, period).ends_on
    if layer != Layer.PUBLISHED:
        return _closing_day(Quarter(year.start, int(period[1]))) if period in QUARTERS else ends_on
    documents = SourceDocument.objects.filter(statements__layer=layer, published_on__lte=ends_on)
    newest = documents.aggregate(newest=Max("published_on"))["newest"]
    return newest if newest and newest >= year.starts_on else ends_on


def _closing_day(quarter: Quarter) -> datetime.date:
    """The cut-off of a quarter's returns; without one, the day they are due."""
    dated = ReportingQuarter.objects.filter(year=quarter.year, number=quarter.number).first()
    return (dated.closes_on or dated.due_on) if dated is not None else quarter.due_on()

"""Records that only forms ask for: cost headings, milestones of grants and open risks of programmes."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from evaluation.figures.scope import Scope
from evaluation.reports.forms.definition import FormDefinition
from evaluation.reports.forms.period import THIS, TO_DATE, ReportPeriod
from grants.models import Commitment, FundingSplit, Milestone, MilestoneReport, Reading, Revision
from programmes.models import CostHeading, ProgrammeRisk
from vru.lib.periods import long_date

Fields = dict[str, Any]


def form_records(
    definitions: Iterable[FormDefinition], scope: Scope, period: ReportPeriod, sources: Sequence[str]
) -> dict[str, Any]:
    """Headings, and under the name of each form of milestones or risks its rows, all as texts."""
    found: dict[str, Any] = {}
    for definition in definitions:
        limit = tuple(sources) if definition.sources_apply else ()
        if "heading" in (definition.rows.by, definition.rows.then):
            found["headings"] = tuple({"slug": h.slug, "title": h.title} for h in CostHeading.objects.all())
        elif definition.rows.by == "milestones":
            found[definition.name] = milestones(scope, period, definition.rows.due, limit)
        elif definition.rows.by == "risks":
            found[definition.name] = risks(scope, limit)
    return found


def milestones(scope: Scope, period: ReportPeriod, due: str, sources: Sequence[str]) -> tuple[Fields, ...]:
    """Milestones of awarded grants that fall due in the period (``this``), in the year by its end (``to_date``) or in
    the whole year; each with what the latest return approved by then says of it.
    """
    starts = period.starts_on if due == THIS else scope.year.starts_on
    ends = period.ends_on if due in (THIS, TO_DATE) else scope.year.ends_on
    rows = Milestone.objects.filter(
        commitment__in=_commitments(scope, sources), due_on__gte=starts, due_on__lte=ends
    ).select_related("commitment__programme")
    ordered = list(rows.order_by("due_on", "commitment__ref", "number"))
    said = _latest_reports(scope, period, [each.pk for each in ordered])
    return tuple(
        {
            "programme": each.commitment.programme.title,
            "grant": each.commitment.ref,
            "title": each.title,
            "due": long_date(each.due_on),
            "status": said[each.pk][0] if each.pk in said else "Not reported",
            "reported": said[each.pk][1] if each.pk in said else "",
        }
        for each in ordered
    )


def _latest_reports(scope: Scope, period: ReportPeriod, pks: list[int]) -> dict[int, tuple[str, str]]:
    """(status, quarter) by milestone, of its latest approved return of a quarter that had ended with the period."""
    approved = Revision.objects.approved_as_at(scope.moment)
    reports = (
        MilestoneReport.objects.filter(milestone__in=pks, revision__in=approved)
        .select_related("revision__monitoring_return__quarter")
        .order_by("revision__monitoring_return__quarter__year", "revision__monitoring_return__quarter__number", "pk")
    )
    found = {}
    for each in reports:
        quarter = each.revision.monitoring_return.quarter.period
        if quarter.ends_on <= _last_quarter_end(period):
            found[each.milestone_id] = (str(Reading.MilestoneStatus(each.status).label), str(quarter))
    return found


def _last_quarter_end(period: ReportPeriod) -> datetime.date:
    return period.quarter.ends_on if period.quarter else period.ends_on


def risks(scope: Scope, sources: Sequence[str]) -> tuple[Fields, ...]:
    """Risks of programmes that were open at the end of the day, the gravest first."""
    rows = ProgrammeRisk.objects.filter(programme__layer=scope.layer, raised_at__lte=scope.moment)
    rows = rows.exclude(closed_at__lte=scope.moment)
    if sources:
        paid = _commitments(scope, sources).filter(programme=OuterRef("programme"))
        rows = rows.filter(Exists(paid))
    listed = sorted(rows.select_related("programme"), key=lambda r: (-r.score, r.programme.title.casefold(), r.pk))
    return tuple(
        {
            "programme": each.programme.title,
            "title": each.title,
            "description": each.description,
            "likelihood": str(each.likelihood),
            "impact": str(each.impact),
            "score": str(each.score),
            "response": each.get_response_display(),
            "action": each.response_text,
            "review": long_date(each.review_on),
        }
        for each in listed
    )


def _commitments(scope: Scope, sources: Sequence[str]) -> QuerySet[Commitment]:
    """Awarded grants of the layer; with sources, those that one of them pays for in the year."""
    rows = Commitment.objects.awarded().in_layer(scope.layer)
    if not sources:
        return rows
    splits = FundingSplit.objects.filter(
        commitment=OuterRef("pk"), year=scope.year.start, source__slug__in=list(sources)
    )
    return rows.filter(Exists(splits))

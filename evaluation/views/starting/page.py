"""The page of one report: its sections, its editions, its numbers, and what is best done next."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from evaluation.actions.copying import go_over_section
from evaluation.models import Report, ReportSection
from evaluation.numbers.state import state_of
from evaluation.reports.errors import ReportRefused
from evaluation.views.report_pages import crumbs, find_report
from evaluation.writing_aid.figures import reasons_without_figure
from evaluation.writing_aid.outdated import keys_of, outdated_in
from evaluation.writing_aid.progress import progress_of
from evaluation.writing_aid.steps import next_steps, standing_of
from programmes.models import Programme
from vru.accounts.permissions import (
    can_make_reports,
    can_read_everything,
    can_sign_reports,
    can_write_reports,
    person,
    require,
)


@require(can_read_everything)
@require_safe
def report_page(request: HttpRequest, pk: int) -> HttpResponse:
    user, report = person(request), find_report(request, pk)
    progress = progress_of(report, user=user, today=timezone.localdate())
    standing = standing_of(report, [row.section for row in progress.rows])
    context = {
        **report_context(report),
        "progress": progress,
        "standing": standing,
        "steps": next_steps(report, progress, standing, user=user),
        "may_make": can_make_reports(user),
        "may_write": can_write_reports(user),
        "may_sign": can_sign_reports(user),
        "crumbs": crumbs(),
    }
    return render(request, "evaluation/report_page.html", context)


@require(can_read_everything)
@require_safe
def report_numbers_left(request: HttpRequest, pk: int) -> HttpResponse:
    """How many typed numbers wait for a decision, fetched beside the page: it reads every figure of the year."""
    left = len(state_of(find_report(request, pk)).undecided)
    said = f" ({left:,} to decide)" if left else " (all decided)"
    return HttpResponse(said, content_type="text/html; charset=utf-8")


@require(can_read_everything)
@require_safe
def report_outdated(request: HttpRequest, pk: int) -> HttpResponse:
    """What in copied sections is probably out of date, section by section."""
    user, report = person(request), find_report(request, pk)
    sections = list(report.sections.filter(carried=True).select_related("owner").order_by("order"))
    lost = reasons_without_figure(report, keys_of(sections)) if report.copied_from else {}
    may_make = can_make_reports(user)
    context = {
        **report_context(report),
        "rows": [
            {
                "section": section,
                "found": outdated_in(section, report, lost),
                "may_go_over": may_make or section.owner_id == user.pk,
            }
            for section in sections
        ],
        "may_make": may_make,
        "crumbs": crumbs(report),
    }
    return render(request, "evaluation/report_outdated.html", context)


@require(can_write_reports)
@require_POST
def section_gone_over(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    report = find_report(request, pk)
    section = get_object_or_404(ReportSection, report=report, slug=slug)
    try:
        go_over_section(section=section, by=person(request))
    except ReportRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"{section} is noted as right for {report.period_label}.")
    return redirect("evaluation:report-outdated", report.pk)


def report_context(report: Report) -> dict[str, Any]:
    """What the heading of a report's pages needs."""
    about = Programme.objects.filter(ref=report.subject, layer=report.layer).first() if report.subject else None
    return {"report": report, "layer": report.layer, "about": about}

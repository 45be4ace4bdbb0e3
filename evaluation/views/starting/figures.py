"""Figures to pick and sentences to take for a report, as pages and as parts of the editor; and putting one in."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from evaluation.actions.sections import save_section
from evaluation.figures.computation import Computation
from evaluation.models import Report, ReportSection
from evaluation.reports.as_at import scope_of_report
from evaluation.reports.errors import ReportRefused
from evaluation.views.report_pages import crumbs, find_report
from evaluation.views.starting.page import report_context
from evaluation.writing_aid.figures import figures_of
from evaluation.writing_aid.picker import find_picks, pick_of
from evaluation.writing_aid.sentences import readable_key, suggestions_for
from vru.accounts.permissions import can_read_everything, can_write_reports, person, require

PAGE_SIZE = 20
MOST_CHARACTERS = 2_000


@require(can_read_everything)
@require_safe
def report_figures(request: HttpRequest, pk: int) -> HttpResponse:
    """Figures of the report's time by words in name or key. htmx takes the list alone."""
    report = find_report(request, pk)
    words = request.GET.get("text", "").strip()[:100]
    page = Paginator(find_picks(report, words), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {**_context(request, report), "words": words, "page_obj": page}
    template = "evaluation/_figure_picks.html" if request.htmx else "evaluation/report_figures.html"  # type: ignore[attr-defined]
    return render(request, template, context)


@require(can_read_everything)
@require_safe
def report_suggestions(request: HttpRequest, pk: int) -> HttpResponse:
    """Sentences about the figure asked for, or about those of the section."""
    report = find_report(request, pk)
    context = _context(request, report)
    key = readable_key(request.GET.get("key", ""))
    about = list(figures_of(Computation(scope_of_report(report)), [key])[0].values()) if key else []
    context |= {
        "suggestions": suggestions_for(report, context["section"], [key] if about else ()),
        "about_figure": pick_of(about[0]) if about else None,
        "key_asked": request.GET.get("key", ""),
    }
    template = "evaluation/_suggestion_list.html" if request.htmx else "evaluation/report_suggestions.html"  # type: ignore[attr-defined]
    return render(request, template, context)


@require(can_write_reports)
@require_POST
def report_insert(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a text at the end of a section: what the button does where no script puts it at the cursor."""
    report = find_report(request, pk)
    section = get_object_or_404(report.sections, slug=request.POST.get("section", ""))
    text = request.POST.get("text", "").strip()
    if not text or len(text) > MOST_CHARACTERS:
        messages.error(request, "Nothing was put in: choose a figure or a sentence.")
        return redirect("evaluation:report-figures", report.pk)
    whole = f"{section.text.rstrip()}\n\n{text}\n" if section.text.strip() else f"{text}\n"
    try:
        save_section(section=section, text=whole, version=section.version, by=person(request))
    except ReportRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"Put at the end of {section}.")
    return redirect("evaluation:section", report.pk, section.slug)


def _context(request: HttpRequest, report: Report) -> dict[str, Any]:
    """The report and, where the address names one, the section that things are picked for."""
    sections = list(report.sections.order_by("order"))
    asked = request.GET.get("section", "")
    section: ReportSection | None = next((each for each in sections if each.slug == asked), None)
    return {
        **report_context(report),
        "section": section,
        "sections": sections,
        "may_write": can_write_reports(person(request)),
        "crumbs": crumbs(report),
    }

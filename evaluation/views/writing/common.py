"""What every page about a section needs: the section itself, its place in the report, who may do what."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse

from evaluation.models import Report, ReportSection
from evaluation.views.report_pages import crumbs
from vru.accounts.permissions import can_make_reports, can_write_reports, person


def find_section(request: HttpRequest, pk: int, slug: str) -> ReportSection:
    """404 for whom the report does not exist."""
    # By the report's own key: a number that no row can have is found to be none there, and breaks a foreign key.
    shown = ReportSection.objects.filter(report__in=Report.objects.visible_to(person(request)).filter(pk=pk))
    rows = shown.select_related("report__outline", "owner", "updated_by", "approved_by")
    return get_object_or_404(rows, slug=slug)


def posted_version(request: HttpRequest) -> int:
    """The version of the text that the person had before them; 0, which is never current, where none can be read."""
    typed = request.POST.get("version", "")
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 10 else 0


def section_address(section: ReportSection, name: str = "section", *more: object) -> str:
    return reverse(f"evaluation:{name}", args=[section.report_id, section.slug, *more])


def section_context(request: HttpRequest, section: ReportSection, *, title: str = "") -> dict[str, Any]:
    """Without ``title`` the page is the section's own and stands directly under the report."""
    user, report = person(request), section.report
    trail = crumbs(report)
    if title:
        trail.append({"text": str(section), "href": section_address(section)})
    return {
        "title": title or str(section),
        "section": section,
        "report": report,
        "layer": report.layer,
        "may_write": can_write_reports(user),
        "may_make": can_make_reports(user),
        "may_approve": can_make_reports(user) and section.updated_by_id != user.pk,
        "crumbs": trail,
    }

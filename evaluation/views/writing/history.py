"""What a section said before: every version, what changed in it, and how to bring it back."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from evaluation.actions.sections import bring_back
from evaluation.models import ReportSection, SectionVersion
from evaluation.reports.errors import ReportRefused
from evaluation.views.writing.common import find_section, posted_version, section_address, section_context
from evaluation.writing.differences import Line, changed_words, differences
from evaluation.writing.words import length_of
from vru.accounts.permissions import can_read_everything, can_write_reports, person, require

A_PAGE = 20


@require(can_read_everything)
@require_safe
def section_history(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    section = find_section(request, pk, slug)
    versions = section.versions.select_related("saved_by").order_by("-number")
    page = Paginator(versions, A_PAGE).get_page(request.GET.get("page"))
    listed = list(page)
    # The one before the last on the page, to say what that one changed.
    earlier = [versions.filter(number__lt=each.number).first() for each in listed[-1:]]
    rows = []
    for version, before in zip(listed, [*listed[1:], *earlier], strict=True):
        added, removed = changed_words(changes_between(before, version)) if before else (0, 0)
        rows.append({"version": version, "added": added, "removed": removed, "is_first": before is None})
    context = {**section_context(request, section, title="History"), "rows": rows, "page_obj": page}
    return render(request, "evaluation/section_history.html", context)


@require(can_read_everything)
@require_safe
def section_version(request: HttpRequest, pk: int, slug: str, number: int) -> HttpResponse:
    """One version: what it changed, or with ``against=now`` what was changed since."""
    section = find_section(request, pk, slug)
    version = get_object_or_404(section.versions.select_related("saved_by"), number=number)
    before = section.versions.filter(number__lt=number).select_related("saved_by").order_by("-number").first()
    against_now = request.GET.get("against") == "now"
    now = SectionVersion(section=section, number=section.version, text=section.text, key_points=section.key_points)
    pair = (version, now) if against_now else (before, version)
    lines = changes_between(pair[0], pair[1]) if pair[0] is not None else []
    context = {
        **section_context(request, section, title=f"Version {number}"),
        "version": version,
        "before": before,
        "against_now": against_now,
        "is_current": _says_the_same(version, section),
        "lines": lines,
        "length": length_of(version.text, version.key_points, section.word_limit),
    }
    context["crumbs"].append({"text": "History", "href": section_address(section, "section-history")})
    return render(request, "evaluation/section_version.html", context)


@require(can_write_reports)
@require_POST
def section_bring_back(request: HttpRequest, pk: int, slug: str, number: int) -> HttpResponse:
    section = find_section(request, pk, slug)
    try:
        bring_back(section=section, number=number, version=posted_version(request), by=person(request))
    except ReportRefused as refused:
        messages.error(request, str(refused))
        return redirect(section_address(section, "section-version", number))
    messages.success(request, f"Version {number} is back. What stood before it is in the history.")
    return redirect(section_address(section))


def changes_between(before: SectionVersion, after: SectionVersion) -> list[Line]:
    """Key points first, as they are read."""
    points = differences("\n".join(before.key_points), "\n".join(after.key_points))
    return [*points, *differences(before.text, after.text)]


def _says_the_same(version: SectionVersion, section: ReportSection) -> bool:
    return (version.text, version.key_points) == (section.text, section.key_points)

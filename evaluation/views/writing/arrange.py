"""The sections of a report as a list that can be changed."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evaluation.actions import arranging
from evaluation.models import Report
from evaluation.reports.errors import ReportRefused
from evaluation.views.report_pages import crumbs, find_report
from evaluation.views.writing.common import find_section, section_address, section_context
from evaluation.views.writing.forms import MoveForm, NewSectionForm, SectionForm
from vru.accounts.permissions import can_make_reports, can_read_everything, person, require
from vru.lib.govuk.posted import posted


@require(can_read_everything)
@require_safe
def section_list(request: HttpRequest, pk: int) -> HttpResponse:
    report = find_report(request, pk)
    context = {
        "report": report,
        "layer": report.layer,
        "sections": report.sections.select_related("owner").order_by("order"),
        "removed": report.removed_sections.select_related("removed_by"),
        "may_make": can_make_reports(person(request)),
        "crumbs": crumbs(report),
    }
    return render(request, "evaluation/section_list.html", context)


@require(can_make_reports)
@require_http_methods(["GET", "HEAD", "POST"])
def section_add(request: HttpRequest, pk: int) -> HttpResponse:
    report = find_report(request, pk)
    last = report.sections.order_by("-order").first()
    form = NewSectionForm(posted(request), report=report, initial={"after": last.pk if last else None})
    if request.method == "POST" and form.is_valid():
        try:
            made = arranging.add_section(report=report, by=person(request), **form.cleaned_data)
        except ReportRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"{made}: added. It is empty.")
            return redirect(section_address(made))
    context = {"title": "Add a section", "report": report, "layer": report.layer, "form": form}
    context["crumbs"] = crumbs(report, ("Arrange sections", section_list_address(report)))
    return render(request, "evaluation/section_add.html", context, status=422 if form.errors else 200)


@require(can_make_reports)
@require_http_methods(["GET", "HEAD", "POST"])
def section_change(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    section = find_section(request, pk, slug)
    names = ("number", "title", "guidance", "word_limit")
    form = SectionForm(posted(request), initial={name: getattr(section, name) for name in names})
    if request.method == "POST" and form.is_valid():
        try:
            changed = arranging.change_section(section=section, by=person(request), **form.cleaned_data)
        except ReportRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"{changed}: changed.")
            return redirect(section_address(changed))
    context = {**section_context(request, section, title="Name, guidance and limit"), "form": form}
    return render(request, "evaluation/section_change.html", context, status=422 if form.errors else 200)


@require(can_make_reports)
@require_http_methods(["GET", "HEAD", "POST"])
def section_move(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """To any place by a choice, or one place ``up`` or ``down`` by a button of the list."""
    section = find_section(request, pk, slug)
    others = list(section.report.sections.exclude(pk=section.pk).order_by("order"))
    before = [each for each in others if each.order < section.order]
    form = MoveForm(posted(request), section=section, initial={"after": before[-1].pk if before else None})
    if request.method == "POST":
        steps = {"up": len(before) - 1, "down": len(before) + 1}
        step = next((steps[name] for name in steps if name in request.POST), None)
        if step is None and not form.is_valid():
            step = len(before)
        place = min(max(step, 0), len(others)) if step is not None else None
        after = form.cleaned_data["after"] if place is None else (others[place - 1] if place else None)
        try:
            arranging.move_section(section=section, after=after, by=person(request))
        except ReportRefused as refused:
            messages.error(request, str(refused))
        return redirect(f"{section_list_address(section.report)}#section-{section.pk}")
    context = {**section_context(request, section, title="Move the section"), "form": form}
    return render(request, "evaluation/section_move.html", context)


@require(can_make_reports)
@require_http_methods(["GET", "HEAD", "POST"])
def section_remove(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    section = find_section(request, pk, slug)
    if request.method == "POST":
        try:
            arranging.remove_section(section=section, by=person(request))
        except ReportRefused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, f"{section} was taken out. It can be brought back below.")
        return redirect(section_list_address(section.report))
    context = {
        **section_context(request, section, title="Take the section out"),
        "comments": section.comments.count(),
        "versions": section.versions.count(),
    }
    return render(request, "evaluation/section_remove.html", context)


@require(can_make_reports)
@require_POST
def section_restore(request: HttpRequest, pk: int, removed: int) -> HttpResponse:
    report = find_report(request, pk)
    kept = get_object_or_404(report.removed_sections, pk=removed)
    try:
        section = arranging.restore_section(removed=kept, by=person(request))
    except ReportRefused as refused:
        messages.error(request, str(refused))
        return redirect(section_list_address(report))
    messages.success(request, f"{section} is back.")
    return redirect(f"{section_list_address(report)}#section-{section.pk}")


def section_list_address(report: Report) -> str:
    return reverse("evaluation:sections", args=[report.pk])

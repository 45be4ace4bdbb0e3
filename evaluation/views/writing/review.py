"""Who writes a section, and who says that it may be printed."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from evaluation.actions.section_review import (
    approve_section,
    assign_section,
    open_comments,
    send_back,
    send_for_review,
)
from evaluation.models import ReportSection
from evaluation.reports.errors import ReportRefused
from evaluation.views.writing.common import find_section, posted_version, section_address, section_context
from evaluation.views.writing.forms import AssignForm, ReasonForm
from evaluation.writing.words import length_of
from vru.accounts.permissions import can_make_reports, can_write_reports, person, require
from vru.accounts.strong_sign_in import strong_sign_in
from vru.lib.govuk.posted import posted


@require(can_make_reports)
@require_http_methods(["GET", "HEAD", "POST"])
def section_assign(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    section = find_section(request, pk, slug)
    form = AssignForm(posted(request), initial={"owner": section.owner_id, "due_on": section.due_on})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            assign_section(section=section, owner=data["owner"], due_on=data["due_on"], by=person(request))
        except ReportRefused as refused:
            form.add_error(None, str(refused))
        else:
            who = data["owner"].name if data["owner"] else "nobody"
            messages.success(request, f"{section}: given to {who}.")
            return redirect(section_address(section))
    context = {**section_context(request, section, title="Who writes it"), "form": form}
    return render(request, "evaluation/section_assign.html", context, status=422 if form.errors else 200)


@require(can_write_reports)
@require_POST
def section_send(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    section = find_section(request, pk, slug)
    try:
        send_for_review(section=section, by=person(request))
    except ReportRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "Sent for review. Those who may approve it have been told.")
    return redirect(section_address(section))


@require(can_make_reports)
@strong_sign_in
@require_http_methods(["GET", "HEAD", "POST"])
def section_approve(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """The section once more, above the button; the button names the version that was read."""
    section = find_section(request, pk, slug)
    if request.method == "POST":
        try:
            approve_section(section=section, version=posted_version(request), by=person(request))
        except ReportRefused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, f"{section} is approved. Whoever changes it takes the approval back.")
        return redirect(section_address(section))
    if section.status != ReportSection.Status.IN_REVIEW:
        messages.warning(request, "Only a section that was sent for review can be approved.")
        return redirect(section_address(section))
    context = {
        **section_context(request, section, title="Approve the section"),
        "waiting": open_comments(section),
        "length": length_of(section.text, section.key_points, section.word_limit),
    }
    return render(request, "evaluation/section_approve.html", context)


@require(can_make_reports)
@require_http_methods(["GET", "HEAD", "POST"])
def section_send_back(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    section = find_section(request, pk, slug)
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            send_back(section=section, reason=form.cleaned_data["reason"], by=person(request))
        except ReportRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "Sent back. Its writer has been told.")
            return redirect(section_address(section))
    context = {**section_context(request, section, title="Send the section back"), "form": form}
    return render(request, "evaluation/section_send_back.html", context, status=422 if form.errors else 200)

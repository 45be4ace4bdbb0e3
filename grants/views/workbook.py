"""The return as a workbook: download, upload, what it would change, and a yes or a no."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from grants.actions.workbook import apply_workbook, discard_workbook, read_workbook
from grants.errors import ActionRefused, StaleDraft
from grants.models import MonitoringReturn, Section, WorkbookUpload
from grants.questionnaire import boxes_for
from grants.timetable.locks import lock_of
from grants.views.return_page import address, may_fill_in, number_in, return_context, visible_return
from grants.workbook.differences import Difference, differences
from grants.workbook.findings import Finding, marks_of
from grants.workbook.make import file_name, return_workbook
from grants.workbook.saved import draft_versions, saved_texts
from grants.workbook.shape import Limits
from grants.workbook.understand import CHANGED_SINCE
from vru.accounts.permissions import person

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
UPLOADS_SHOWN = 20


class UploadForm(forms.Form):
    mark_optional = False

    file = forms.FileField(
        label="Choose the workbook you filled in",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.ods"}),
        help_text=f"An Excel Workbook (.xlsx) of up to {Limits().file_bytes // (1024 * 1024)} MB. "
        "A file saved by LibreOffice (.ods) is read too.",
        error_messages={"required": "Choose the workbook you filled in.", "empty": "The file is empty."},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def workbook(request: HttpRequest, ref: str, quarter: str) -> HttpResponse:
    """Download and upload, and what became of earlier uploads."""
    item = visible_return(request, ref, quarter)
    if not may_fill_in(person(request), item):
        return _not_theirs(request, item)
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            upload = read_workbook(monitoring_return=item, file=file, name=file.name, by=person(request))
        except ActionRefused as refused:
            form.add_error(None, str(refused))
        else:
            if upload.status == WorkbookUpload.Status.READ:
                return redirect(address(item, "workbook-upload", str(upload.pk)))
            form.add_error("file", _findings(upload)[0].message)
    context = return_context(item, request, "Fill in the return as a workbook")
    context |= {
        "form": form,
        "lock": lock_of(item, timezone.localdate()),
        "uploads": item.workbook_uploads.select_related("uploaded_by", "decided_by")[:UPLOADS_SHOWN],
    }
    return render(request, "grants/workbook_start.html", context, status=422 if form.errors else 200)


@require_safe
def workbook_download(request: HttpRequest, ref: str, quarter: str) -> HttpResponse:
    item = visible_return(request, ref, quarter)
    if not may_fill_in(person(request), item):
        return _not_theirs(request, item)
    return _as_file(return_workbook(item), file_name(item))


@require_http_methods(["GET", "HEAD", "POST"])
def workbook_upload(request: HttpRequest, ref: str, quarter: str, pk: int) -> HttpResponse:
    """What one upload says beside what is saved, what is to put right, and the decision."""
    item = visible_return(request, ref, quarter)
    if not may_fill_in(person(request), item):
        return _not_theirs(request, item)
    upload = _upload(request, item, pk)
    stale = None
    if request.method == "POST":
        try:
            return _decide(request, item, upload)
        except StaleDraft as refused:
            stale = refused
        except ActionRefused as refused:
            messages.error(request, str(refused))
            return redirect(address(item, "workbook"))
    context = return_context(item, request, "What your workbook says") | _compared(item, upload)
    context |= {"upload": upload, "stale": stale, "lock": lock_of(item, timezone.localdate())}
    return render(request, "grants/workbook_upload.html", context, status=409 if stale else 200)


@require_safe
def workbook_marked(request: HttpRequest, ref: str, quarter: str, pk: int) -> HttpResponse:
    """The upload again, on a fresh form, with what is to put right in red."""
    item = visible_return(request, ref, quarter)
    if not may_fill_in(person(request), item):
        return _not_theirs(request, item)
    upload = _upload(request, item, pk)
    if upload.status not in {WorkbookUpload.Status.READ, WorkbookUpload.Status.APPLIED}:
        return redirect(address(item, "workbook"))
    typed = {**saved_texts(item), **upload.answers}
    return _as_file(
        return_workbook(item, typed=typed, marks=marks_of(_findings(upload))), file_name(item, "-to-put-right")
    )


def _not_theirs(request: HttpRequest, item: MonitoringReturn) -> HttpResponse:
    """Staff read what was sent, never what is still being filled in."""
    if request.method == "POST":
        raise PermissionDenied
    return redirect(address(item, "tasks"))


def _upload(request: HttpRequest, item: MonitoringReturn, pk: int) -> WorkbookUpload:
    visible = WorkbookUpload.objects.visible_to(person(request)).select_related("uploaded_by", "decided_by")
    return get_object_or_404(visible, pk=pk, monitoring_return=item)


def _decide(request: HttpRequest, item: MonitoringReturn, upload: WorkbookUpload) -> HttpResponse:
    if "discard" in request.POST:
        discard_workbook(upload=upload, by=person(request))
        messages.success(request, "The workbook was not used. What is saved is as it was.")
        return redirect(address(item, "workbook"))
    # What the page compared with, so that a yes is a yes to what was shown.
    seen = {letter: number_in(request, f"seen-{letter}") for letter in Section.values}
    apply_workbook(upload=upload, by=person(request), versions=seen)
    messages.success(request, "We have saved the answers from your workbook. Check them before you send the return.")
    return redirect(address(item, "check"))


def _findings(upload: WorkbookUpload) -> list[Finding]:
    return [Finding(**stored) for stored in upload.problems]


def _compared(item: MonitoringReturn, upload: WorkbookUpload) -> dict[str, Any]:
    found = _findings(upload)
    since = frozenset(each.section for each in found if each.rule == CHANGED_SINCE)
    # Versions first: a save in between makes the yes stale, never silent.
    versions = draft_versions(item)
    rows: list[Difference] = []
    if upload.status == WorkbookUpload.Status.READ:
        rows = differences(boxes_for(item), saved_texts(item), upload.answers, since)
    return {
        "versions": versions,
        "differences": rows,
        "errors": [each for each in found if each.is_error],
        "notes": [each for each in found if not each.is_error and each.rule != CHANGED_SINCE],
        "newer": [each for each in found if each.rule == CHANGED_SINCE],
        "moved_on": upload.status == WorkbookUpload.Status.READ and versions != upload.versions,
    }


def _as_file(data: bytes, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response

"""The evidence files of a return: the list, attaching, taking away, and the download through the access check."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from grants.actions.attachments import LONGEST_DESCRIPTION, attach_file, remove_attachment, was_sent
from grants.errors import ActionRefused
from grants.models import Attachment, MonitoringReturn, Section
from grants.timetable.locks import lock_of
from grants.views.return_page import address, may_fill_in, visible_return
from vru.accounts.permissions import person
from vru.lib.files.kinds import ALLOWED
from vru.lib.files.taking import MEGABYTE


class SeveralFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class SeveralFilesField(forms.FileField):
    """Several files chosen at once; cleans to a list."""

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        chosen = data if isinstance(data, list | tuple) else [data]
        # Before any is looked at: each costs seconds, and a request can hold a hundred.
        if len(chosen) > settings.ATTACHMENT_MAX_FILES:
            raise forms.ValidationError(f"Choose at most {settings.ATTACHMENT_MAX_FILES} files at once.")
        return [super(SeveralFilesField, self).clean(each, initial) for each in chosen or [None]]


class AttachmentForm(forms.Form):
    mark_optional = False

    chosen = SeveralFilesField(
        label="Choose files",
        widget=SeveralFilesInput(attrs={"accept": ",".join(f".{kind.extension}" for kind in ALLOWED)}),
        error_messages={"required": "Choose a file to attach.", "empty": "The file is empty."},
    )
    description = forms.CharField(
        label="What do they show? (optional)",
        required=False,
        max_length=LONGEST_DESCRIPTION,
        widget=forms.TextInput,
        help_text="For example “Register of sessions, July to September”.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def attachment_list(request: HttpRequest, ref: str, quarter: str) -> HttpResponse:
    item = visible_return(request, ref, quarter)
    if Section.EVIDENCE not in item.sections:
        raise Http404("This grant is not asked for evidence files.")
    form = AttachmentForm()
    lock = lock_of(item, timezone.localdate())
    can_edit = lock is None and may_fill_in(person(request), item)
    if request.method == "POST":
        if not can_edit:
            messages.warning(request, "Files cannot be attached to this return now.")
            return redirect(address(item, "attachments"))
        form = AttachmentForm(request.POST, request.FILES)
        if form.is_valid() and _attach_all(request, item, form):
            return redirect(address(item, "attachments"))
    context = {
        "return": item,
        "grant": item.commitment,
        "title": "Evidence files",
        "layer": item.commitment.programme.layer,
        "form": form,
        "files": attachments_of(item),
        "can_edit": can_edit,
        "lock": lock,
        "most_files": settings.ATTACHMENT_MAX_FILES,
        "most_megabytes": settings.ATTACHMENT_MAX_BYTES // MEGABYTE,
        "crumbs": [
            {"text": "Home", "href": reverse("home")},
            {"text": item.commitment.title, "href": reverse("grants:detail", args=[item.commitment.ref])},
            {"text": f"Return for {item.quarter}", "href": address(item, "tasks")},
        ],
    }
    return render(request, "grants/attachment_list.html", context, status=422 if form.errors else 200)


def _attach_all(request: HttpRequest, item: MonitoringReturn, form: AttachmentForm) -> bool:
    """Keep each file by itself: one that is refused does not take the others with it."""
    kept = 0
    for upload in form.cleaned_data["chosen"]:
        # The size is known before the bytes are read, and a file too large is refused by the action unread.
        data = upload.read(settings.ATTACHMENT_MAX_BYTES + 1)
        try:
            attach_file(
                monitoring_return=item,
                name=upload.name or "file",
                data=data,
                description=form.cleaned_data["description"],
                by=person(request),
            )
        except ActionRefused as refused:
            form.add_error("chosen", str(refused))
        else:
            kept += 1
    if kept:
        messages.success(request, f"{kept} {'file is' if kept == 1 else 'files are'} attached.")
    return not form.errors


def attachments_of(item: MonitoringReturn) -> list[Attachment]:
    """The files kept with the return now, in the order they came."""
    return list(item.attachments.kept().select_related("uploaded_by"))


def _visible_attachment(request: HttpRequest, item: MonitoringReturn, pk: int) -> Attachment:
    mine = Attachment.objects.visible_to(person(request)).filter(monitoring_return=item)
    return get_object_or_404(mine.select_related("monitoring_return"), pk=pk)


@require_safe
def attachment_download(request: HttpRequest, ref: str, quarter: str, pk: int) -> FileResponse:
    """Always a download, never shown in the site's own pages. A file taken away before it was sent is gone."""
    attachment = _visible_attachment(request, visible_return(request, ref, quarter), pk)
    if attachment.removed_at is not None and not was_sent(attachment):
        raise Http404("This file was removed.")
    try:
        opened = attachment.file.open("rb")
    except FileNotFoundError as error:
        raise Http404("The file is missing from the store.") from error
    response = FileResponse(opened, as_attachment=True, filename=attachment.name)
    response["Content-Type"] = attachment.content_type
    response["Cache-Control"] = "no-store, private"
    return response


@require_POST
def attachment_remove(request: HttpRequest, ref: str, quarter: str, pk: int) -> HttpResponse:
    item = visible_return(request, ref, quarter)
    attachment = _visible_attachment(request, item, pk)
    if not may_fill_in(person(request), item):
        messages.error(request, "Only the organisation's own people can remove a file.")
        return redirect(address(item, "attachments"))
    try:
        remove_attachment(attachment=attachment, by=person(request))
    except ActionRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"“{attachment.name}” is removed.")
    return redirect(address(item, "attachments"))

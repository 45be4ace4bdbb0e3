"""The receipt: what was sent, exactly, what happens next, and its copy to keep."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.defaultfilters import linebreaksbr
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_POST, require_safe

from grants.actions.signing import lock_once_back, who_can_sign
from grants.answers.sent import by_section, files_of, lines_of, reference_of
from grants.answers.warnings import warned_of
from grants.documents.queue import job_of, retry_copy
from grants.errors import ActionRefused
from grants.models import MonitoringReturn, ReturnDocument, Revision
from grants.views.return_page import address, may_fill_in, may_sign, return_context, visible_return
from vru.accounts.permissions import person
from vru.jobs.errors import JobRefused
from vru.lib.govuk.filters import longtime


def revisions_of(item: MonitoringReturn) -> list[Revision]:
    """Newest first, each with the return in hand."""
    revisions = list(item.revisions.select_related("submitted_by", "approved_by", "signed_by").order_by("-number"))
    for revision in revisions:
        revision.monitoring_return = item
    return revisions


@require_safe
def return_receipt(request: HttpRequest, ref: str, quarter: str) -> HttpResponse:
    """The latest version, or the one asked for with ``?version=``."""
    item = visible_return(request, ref, quarter)
    revisions = revisions_of(item)
    if not revisions:
        return redirect(address(item, "tasks"))
    revision = _chosen(revisions, request.GET.get("version", ""))
    context = return_context(item, request, f"Return sent for {item.quarter}") | copy_state(revision, request)
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "grants/_return_copy_state.html", context)
    user = person(request)
    can_sign = may_sign(user, item, revision)
    can_withdraw = revision.awaits_signature and (can_sign or revision.submitted_by_id == user.pk)
    context |= {
        "revision": revision,
        "is_latest": revision == revisions[0],
        "awaits_signature": revision.awaits_signature,
        "signers": who_can_sign(revision, timezone.localdate()) if revision.awaits_signature else [],
        "can_sign": can_sign,
        "can_withdraw": can_withdraw,
        "lock_once_back": lock_once_back(revision, timezone.localdate()) if can_withdraw else None,
        "is_own": revision.submitted_by_id == user.pk,
        "can_fill_in": may_fill_in(user, item),
        "withdraw_text": "Take it back to change it" if revision.submitted_by_id == user.pk else "Send it back instead",
        "facts": _facts(revision),
        "next_words": _next_words(revision),
        "panel_html": format_html("It is with the unit now.<br>Reference {}", reference_of(revision)),
        "warnings": warned_of(revision),
        "files": files_of(revision),
        "sections": [
            {"section": section, "rows": [{"key": line.title, "value": as_typed(line.value)} for line in lines]}
            for section, lines in by_section(lines_of(revision))
        ],
    }
    return render(request, "grants/return_receipt.html", context)


def _facts(revision: Revision) -> list[dict[str, str]]:
    """What a receipt states, in London time."""
    grant = revision.monitoring_return.commitment
    rows = [
        ("Reference", reference_of(revision)),
        ("Sent", f"{longtime(revision.submitted_at)}, London time"),
        ("Sent by", revision.submitted_by.name),
        ("Sent through", revision.get_channel_display()),
        ("Declared complete and correct by", revision.declared_name),
    ]
    if revision.signed_by and revision.signed_at:
        rows.append(("Signed by a second person", f"{revision.signed_by.name}, {longtime(revision.signed_at)}"))
    elif grant.needs_signatory and grant.sole_officer_waiver:
        rows.append(("Second signature", f"Not asked for: {grant.sole_officer_waiver}"))
    if revision.approved_at:
        rows.append(("Approved", longtime(revision.approved_at)))
    if revision.superseded_at:
        rows.append(("Replaced or taken back", longtime(revision.superseded_at)))
    if revision.correction_reason:
        rows.append(("Corrects an approved return because", revision.correction_reason))
    if revision.is_nil:
        rows.append(("Nothing to report because", revision.nil_reason))
    return [{"key": key, "value": value} for key, value in rows]


def _next_words(revision: Revision) -> str:
    status = revision.monitoring_return.status
    if revision.awaits_signature:
        return "Once it is signed we check it, and either approve it or ask a question."
    if status in {MonitoringReturn.Status.APPROVED, MonitoringReturn.Status.LOCKED}:
        return "The return is approved, and its figures count. Nothing more is needed."
    if status == MonitoringReturn.Status.SUBMITTED:
        return "We check the return, and either approve it or ask a question. We will tell you which; nothing is lost."
    return "The return is with you again: the list on its page says what to do."


def _chosen(revisions: list[Revision], version: str) -> Revision:
    if not version:
        return next((each for each in revisions if each.superseded_at is None), revisions[0])
    found = [each for each in revisions if str(each.number) == version]
    if not found:
        raise Http404("This return has no such version.")
    return found[0]


def as_typed(text: str) -> str:
    """With its line ends, and in its own direction."""
    return format_html('<span dir="auto">{}</span>', linebreaksbr(text))


def copy_state(revision: Revision, request: HttpRequest) -> dict[str, Any]:
    """Where the PDF copy is: ready, on its way, failed, or never asked for."""
    document = ReturnDocument.objects.filter(revision=revision).first()
    job = None if document else job_of(revision)
    return {
        "revision": revision,
        "document": document,
        "copy_is_coming": job is not None and job.is_live,
        "copy_failed": job is not None and job.status == job.Status.FAILED,
        "copy_waits_for_signature": revision.awaits_signature,
    }


def _one_version(item: MonitoringReturn, number: int) -> Revision:
    revision = get_object_or_404(Revision.objects.filter(monitoring_return=item), number=number)
    revision.monitoring_return = item
    return revision


@require_safe
def return_copy(request: HttpRequest, ref: str, quarter: str, number: int) -> FileResponse:
    """The PDF copy as a download, to whoever may see the return."""
    item = visible_return(request, ref, quarter)
    kept = ReturnDocument.objects.visible_to(person(request)).filter(revision__monitoring_return=item)
    document = get_object_or_404(kept, revision__number=number)
    try:
        opened = document.file.open("rb")
    except FileNotFoundError as error:
        raise Http404("The copy is not where it was kept. Tell the unit.") from error
    name = f"return-{item.commitment.ref}-{item.quarter.key}-v{number}.pdf"
    return FileResponse(opened, as_attachment=True, filename=name, content_type="application/pdf")


@require_POST
def return_copy_ask(request: HttpRequest, ref: str, quarter: str, number: int) -> HttpResponse:
    """Ask for the copy again, or for that of an older version."""
    item = visible_return(request, ref, quarter)
    revision = _one_version(item, number)
    user = person(request)
    if not (user.is_staff_member or may_fill_in(user, item)):
        raise Http404("There is no such return.")
    try:
        retry_copy(revision=revision, by=user)
    except (ActionRefused, JobRefused) as refused:
        messages.error(request, str(refused))
    return redirect(f"{address(item, 'receipt')}?version={number}#copy")

"""The administrator's pages: people, organisations, background work, mail and the audit trail."""

from __future__ import annotations

import json
from collections.abc import Iterator

from auditlog.models import LogEntry
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from programmes.models import Unit
from vru.accounts.models import AuditEvent, Organisation, Role, User
from vru.accounts.permissions import person, require
from vru.jobs.models import Job, OutboxMessage
from vru.lib.exports import Export, Row, export_response
from vru.lib.sheets import SheetColumn

PAGE_SIZE = 50


def can_see_administration(user: User) -> bool:
    """Administrators run the site; auditors may look at everything."""
    return user.has_role(Role.ADMINISTRATOR, Role.AUDITOR)


_CRUMBS = [("Home", "home"), ("Administration", "administration")]


def _crumbs(depth: int) -> list[dict[str, str]]:
    return [{"text": text, "href": reverse(name)} for text, name in _CRUMBS[:depth]]


@require(can_see_administration)
@require_safe
def administration(request: HttpRequest) -> HttpResponse:
    context = {
        "people": User.objects.count(),
        "organisations": Organisation.objects.count(),
        "jobs_failed": Job.objects.filter(status=Job.Status.FAILED).count(),
        "mail_waiting": OutboxMessage.objects.filter(status=OutboxMessage.Status.QUEUED).count(),
        "crumbs": _crumbs(1),
    }
    return render(request, "administration/index.html", context)


@require(can_see_administration)
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    found = User.objects.visible_to(person(request)).prefetch_related("staff_roles", "memberships__organisation")
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "administration/people.html", {"page_obj": page, "crumbs": _crumbs(2)})


@require(can_see_administration)
@require_safe
def organisations(request: HttpRequest) -> HttpResponse:
    page = Paginator(Organisation.objects.visible_to(person(request)), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "administration/organisations.html", {"page_obj": page, "crumbs": _crumbs(2)})


@require(can_see_administration)
@require_safe
def jobs(request: HttpRequest) -> HttpResponse:
    page = Paginator(Job.objects.visible_to(person(request)).select_related("requested_by"), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    return render(request, "administration/jobs.html", {"page_obj": page, "crumbs": _crumbs(2)})


@require(can_see_administration)
@require_safe
def audit(request: HttpRequest) -> HttpResponse:
    events = AuditEvent.objects.visible_to(person(request)).select_related("actor")
    page = Paginator(events, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "administration/audit.html", {"page_obj": page, "crumbs": _crumbs(2)})


@require(can_see_administration)
@require_safe
def changes(request: HttpRequest) -> HttpResponse:
    """Field by field, what each record was before and after."""
    entries = LogEntry.objects.select_related("actor", "content_type").order_by("-timestamp", "-pk")
    page = Paginator(entries, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "administration/changes.html", {"page_obj": page, "crumbs": _crumbs(2)})


AUDIT_COLUMNS = tuple(
    SheetColumn(label)
    for label in ("When", "Who", "What was done", "Kind of record", "Record", "Record number", "Why", "Details")
)


@require(can_see_administration)
@require_safe
def audit_export(request: HttpRequest, file_format: str) -> HttpResponseBase:
    """The whole audit trail, the latest first, read and written row by row however long it is."""
    events = AuditEvent.objects.visible_to(person(request)).select_related("actor").order_by("-at", "-pk")

    def rows() -> Iterator[Row]:
        for event in events.iterator(chunk_size=500):
            yield (
                timezone.localtime(event.at).isoformat(timespec="seconds"),
                event.actor.name if event.actor else "The system",
                event.action,
                event.subject_type,
                event.subject_label,
                event.subject_id,
                event.reason,
                json.dumps(event.details, ensure_ascii=False, sort_keys=True) if event.details else "",
            )

    now, unit = timezone.localtime(), Unit.objects.first()
    export = Export("Audit trail", "Audit trail", AUDIT_COLUMNS, rows, (f"As at {now:%-d %B %Y, %H:%M}.",))
    return export_response(export, file_format, author=unit.name if unit else "", timestamp=now)

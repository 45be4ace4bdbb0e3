"""The administrator's pages: people, organisations, background work, mail and the audit trail."""

from __future__ import annotations

from auditlog.models import LogEntry
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from vru.accounts.models import AuditEvent, Organisation, Role, User
from vru.accounts.permissions import person, require
from vru.jobs.models import Job, OutboxMessage

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

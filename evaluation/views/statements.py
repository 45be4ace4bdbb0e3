"""Stated figures with their place, and the data issues found among them."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from evaluation.actions.decisions import accept_issue
from evaluation.models import DataIssue, Statement
from evaluation.views.scope import page_context, scope_of
from programmes.models import SourceDocument
from vru.accounts.models import Role, User
from vru.accounts.permissions import can_read_everything, require

PAGE_SIZE = 50


def can_settle_issues(user: User) -> bool:
    return user.has_role(Role.ANALYST, Role.DIRECTOR)


@require(can_read_everything)
@require_safe
def statement_list(request: HttpRequest) -> HttpResponse:
    scope = scope_of(request)
    statements = (
        Statement.objects.visible_to(request.user)  # type: ignore[arg-type]
        .in_layer(scope.layer)
        .select_related("source_document", "programme")
        .prefetch_related("values")
    )
    source, text = request.GET.get("source", ""), request.GET.get("text", "").strip()
    if source:
        statements = statements.filter(source_document__key=source)
    if text:
        statements = statements.filter(Q(subject__icontains=text) | Q(place__icontains=text) | Q(ref__icontains=text))
    page = Paginator(statements, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        **page_context(scope),
        "page_obj": page,
        "sources": SourceDocument.objects.all(),
        "source": source,
        "text": text,
    }
    return render(request, "evaluation/statement_list.html", context)


@require(can_read_everything)
@require_safe
def issue_list(request: HttpRequest) -> HttpResponse:
    scope = scope_of(request)
    issues = DataIssue.objects.visible_to(request.user).filter(layer=scope.layer, year=scope.year.start)  # type: ignore[arg-type]
    unresolved = [issue for issue in issues if issue.status != DataIssue.Status.GONE]
    severities = [
        {"label": label, "value": value, "issues": [issue for issue in unresolved if issue.severity == value]}
        for value, label in DataIssue.Severity.choices
    ]
    context = {
        **page_context(scope),
        "severities": [group for group in severities if group["issues"]],
        "total": len(unresolved),
        "can_settle": can_settle_issues(request.user),  # type: ignore[arg-type]
    }
    return render(request, "evaluation/issue_list.html", context)


@require(can_settle_issues)
@require_POST
def issue_accept(request: HttpRequest, pk: int) -> HttpResponse:
    issue = get_object_or_404(DataIssue.objects.visible_to(request.user), pk=pk)  # type: ignore[arg-type]
    note = request.POST.get("note", "").strip()
    if not note:
        messages.error(request, "Say why the difference is accepted: the sentence is printed in the report.")
    else:
        accept_issue(issue=issue, note=note, by=request.user)  # type: ignore[arg-type]
        messages.success(request, "Accepted. Your note will be printed with the difference.")
    return redirect("evaluation:issues")

"""Stated figures with their place, and the data issues found among them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from evaluation.actions.issues import IssueError, accept_issue, refresh_issues
from evaluation.models import DataIssue, Statement, Wording
from evaluation.rules import all_rules
from evaluation.views.scope import page_context, scope_of
from programmes.models import SourceDocument
from vru.accounts.models import Role, User
from vru.accounts.permissions import can_read_everything, person, require
from vru.lib.periods import FinancialYear

PAGE_SIZE = 50
FEW = 3


def can_settle_issues(user: User) -> bool:
    return user.has_role(Role.ANALYST, Role.DIRECTOR)


@require(can_read_everything)
@require_safe
def statement_list(request: HttpRequest) -> HttpResponse:
    scope = scope_of(request)
    statements = (
        Statement.objects.visible_to(person(request))
        .in_layer(scope.layer)
        .select_related("source_document", "programme")
        .prefetch_related("values")
    )
    wordings = (
        Wording.objects.filter(layer=scope.layer).select_related("source_document").order_by("kind", "fact", "ref")
    )
    source, text = request.GET.get("source", ""), request.GET.get("text", "").strip()
    if source:
        statements = statements.filter(source_document__key=source)
        wordings = wordings.filter(source_document__key=source)
    if text:
        near = Q(place__icontains=text) | Q(ref__icontains=text)
        statements = statements.filter(near | Q(subject__icontains=text))
        wordings = wordings.filter(near | Q(about__icontains=text) | Q(text__icontains=text))
    page = Paginator(statements, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        **page_context(scope),
        "page_obj": page,
        "wordings": list(wordings.order_by("kind", "fact", "ref")[:PAGE_SIZE]),
        "sources": SourceDocument.objects.all(),
        "source": source,
        "text": text,
    }
    return render(request, "evaluation/statement_list.html", context)


@require(can_read_everything)
@require_safe
def issue_list(request: HttpRequest) -> HttpResponse:
    scope = scope_of(request)
    found = DataIssue.objects.visible_to(person(request)).filter(layer=scope.layer, year=scope.year.start)
    unresolved = list(found.unresolved().gravest_first())
    severities: list[dict[str, Any]] = [
        {"label": label, "value": value, "issues": [issue for issue in unresolved if issue.severity == value]}
        for value, label in DataIssue.Severity.choices
    ]
    context = {
        **page_context(scope),
        "severities": [group | {"rules": _by_rule(group["issues"])} for group in severities if group["issues"]],
        "total": len(unresolved),
        "can_settle": can_settle_issues(person(request)),
    }
    return render(request, "evaluation/issue_list.html", context)


def _by_rule(issues: list[DataIssue]) -> list[dict[str, Any]]:
    """Issues in one order under the rule that found them; a rule that found many starts folded."""
    known = {rule.slug: rule for rule in all_rules()}
    groups: dict[str, list[DataIssue]] = {}
    for issue in issues:
        groups.setdefault(issue.rule, []).append(issue)
    return [
        {
            "title": known[slug].title if slug in known else slug,
            "description": known[slug].description if slug in known else "",
            "issues": found,
            "is_open": len(found) <= FEW,
        }
        for slug, found in groups.items()
    ]


@require(can_settle_issues)
@require_POST
def issue_check(request: HttpRequest) -> HttpResponse:
    """Run the rules again over the year and layer in view."""
    scope = scope_of(request)
    counts = refresh_issues(year=scope.year, layer=scope.layer, by=person(request))
    messages.success(
        request,
        f"Checked {scope.year} again: {counts['found']} found, {counts['new']} of them new; {counts['gone']} gone.",
    )
    return redirect(f"{reverse('evaluation:issues')}?{urlencode({'year': str(scope.year)})}")


@require(can_settle_issues)
@require_POST
def issue_accept(request: HttpRequest, pk: int) -> HttpResponse:
    issue = get_object_or_404(DataIssue.objects.visible_to(person(request)), pk=pk)
    try:
        accept_issue(issue=issue, note=request.POST.get("note", ""), by=person(request))
    except IssueError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "Accepted. Your note will be printed with the difference.")
    return redirect(f"{reverse('evaluation:issues')}?{urlencode({'year': str(FinancialYear(issue.year))})}")

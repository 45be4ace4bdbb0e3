"""The declaration: warnings explained, a nil return with its reason, a full name."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from grants.actions.submission import drafts_of, submit_return
from grants.errors import ActionRefused, ReturnNotAcceptable
from grants.validation import validate
from grants.views.declaration_form import DeclarationForm
from grants.views.return_page import address, return_context, visible_return
from vru.accounts.permissions import person
from vru.lib.state_machine import TransitionRefused


@require_http_methods(["GET", "HEAD", "POST"])
def return_declare(request: HttpRequest, ref: str, quarter: str) -> HttpResponse:
    item = visible_return(request, ref, quarter)
    context = return_context(item, request, "Declaration")
    if not context["can_edit"]:
        return redirect(address(item, "tasks"))
    is_nil = request.POST.get("is_nil") == "yes"
    outcome = validate(item, drafts_of(item), is_nil=is_nil)
    warnings: dict[str, list[Any]] = {}
    for problem in outcome.warnings_for_grantee():
        warnings.setdefault(problem.code, []).append(problem)
    form = DeclarationForm(request.POST or None, warnings=warnings)
    if request.method == "POST" and form.is_valid():
        try:
            submit_return(
                monitoring_return=item,
                by=person(request),
                declared_name=form.cleaned_data["declared_name"],
                explanations=form.explanations(),
                is_nil=is_nil,
                nil_reason=form.cleaned_data["nil_reason"],
            )
        except ReturnNotAcceptable:
            messages.error(request, "There are still things to put right before you submit.")
            return redirect(address(item, "check"))
        except (ActionRefused, TransitionRefused) as refused:
            form.add_error(None, str(refused))
        else:
            return redirect(address(item, "receipt"))
    status = 422 if form.errors else 200
    return render(
        request, "grants/return_declare.html", {**context, "form": form, "errors": outcome.errors}, status=status
    )

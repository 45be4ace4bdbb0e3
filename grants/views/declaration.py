"""The declaration: warnings explained, a nil return with its reason, a full name."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from grants.actions.submission import submit_return
from grants.answers.values import drafts_of
from grants.errors import ActionRefused, ReturnNotAcceptable
from grants.models import MonitoringReturn, Revision, Section
from grants.questionnaire.boxes import Box
from grants.validation import Outcome, validate
from grants.views.declaration_form import PREFIX, DeclarationForm, explanations_in
from grants.views.return_page import address, may_fill_in, place_of, return_context, visible_return
from vru.accounts.permissions import person
from vru.lib.state_machine import TransitionRefused


@require_http_methods(["GET", "HEAD", "POST"])
def return_declare(request: HttpRequest, ref: str, quarter: str) -> HttpResponse:
    item = visible_return(request, ref, quarter)
    if request.method == "POST" and may_fill_in(person(request), item):
        return _send(request, item)
    context = return_context(item, request, "Declaration")
    if not context["can_edit"]:
        return redirect(address(item, "tasks"))
    is_nil = request.GET.get("nil") == "yes"
    drafts = drafts_of(item)
    outcome = validate(item, drafts, is_nil=is_nil)
    initial = _said_before(item) | {"is_nil": "yes" if is_nil else "no"} | request.session.get(_kept_under(item), {})
    form = DeclarationForm(warnings=outcome.warnings_for_grantee(), initial=initial)
    return _show(request, item, form, outcome, drafts)


def _send(request: HttpRequest, item: MonitoringReturn) -> HttpResponse:
    is_nil = request.POST.get("is_nil") == "yes"
    by = person(request)
    try:
        submit_return(
            monitoring_return=item,
            by=by,
            declared_name=request.POST.get("declared_name", ""),
            explanations=explanations_in(request.POST),
            is_nil=is_nil,
            nil_reason=request.POST.get("nil_reason", ""),
            shown=request.POST.getlist("shown") if "shown" in request.POST else None,
        )
    except (ActionRefused, TransitionRefused) as refused:
        # Kept until it is sent: whoever goes back to mend an answer types no explanation twice.
        typed = {name: text for name, text in request.POST.items() if name in _KEPT or name.startswith(PREFIX)}
        request.session[_kept_under(item)] = typed
        return _refused(request, item, refused, is_nil=is_nil)
    request.session.pop(_kept_under(item), None)
    return redirect(address(item, "receipt"))


def _refused(request: HttpRequest, item: MonitoringReturn, refused: ValueError, *, is_nil: bool) -> HttpResponse:
    item.refresh_from_db(fields=["status"])
    if not item.is_editable:
        messages.warning(request, "Somebody sent this return before you. Nothing was sent twice.")
        return redirect(address(item, "tasks"))
    drafts = drafts_of(item)
    outcome = validate(item, drafts, is_nil=is_nil)
    form = DeclarationForm(request.POST, warnings=outcome.warnings_for_grantee())
    if form.is_valid() and not isinstance(refused, ReturnNotAcceptable):
        form.add_error(None, str(refused))
    return _show(request, item, form, outcome, drafts, status=422)


def _show(
    request: HttpRequest,
    item: MonitoringReturn,
    form: DeclarationForm,
    outcome: Outcome,
    drafts: dict[Section, dict[str, str]],
    status: int = 200,
) -> HttpResponse:
    context = return_context(item, request, "Declaration")
    context |= {
        "form": form,
        "errors": [(problem, place_of(item, problem)) for problem in outcome.errors_in_order()],
        "is_refused": status == 422,
        "about": [
            (field, [(problem, place_of(item, problem)) for problem in problems])
            for field, problems in form.explanation_fields()
        ],
        "answers": _declaration_answers(outcome.boxes, drafts.get(Section.DECLARATION, {})),
        "answers_href": address(item, "section", Section.DECLARATION.value),
    }
    return render(request, "grants/return_declare.html", context, status=status)


def _declaration_answers(boxes: list[Box], typed: dict[str, str]) -> list[dict[str, Any]]:
    """What the declaration's own questions were answered with; they are asked in a section like the others."""
    asked = [box for box in boxes if box.section is Section.DECLARATION]
    given = {name: text for name, text in typed.items() if text}
    return [{"key": box.label, "value": box.in_words(given[box.name]) if box.name in given else None} for box in asked]


_KEPT = {"nil_reason", "is_nil"}


def _kept_under(item: MonitoringReturn) -> str:
    return f"declaration {item.pk}"


def _said_before(item: MonitoringReturn) -> dict[str, str]:
    """What the last version explained, to start from when a return comes back."""
    last = Revision.objects.filter(monitoring_return=item).order_by("-number").first()
    return {f"{PREFIX}{code}": text for code, text in last.explanations.items()} if last else {}

"""A programme manager types a correction that the grantee told them; another programme manager approves it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from grants.actions.corrections import correct_return, correction_refusal
from grants.actions.texts import LONGEST_REASON
from grants.answers.values import box_values
from grants.errors import ActionRefused, ReturnNotAcceptable
from grants.models import MonitoringReturn, Revision, Section
from grants.questionnaire import boxes_for
from grants.questionnaire.boxes import Box
from grants.views.return_page import address, number_in, visible_return
from grants.views.review import review_crumbs
from vru.accounts.permissions import can_review_returns, person, require
from vru.lib.govuk.posted import posted

# Figures are corrected here; what the grantee wrote stays in its own words.
CORRECTED = (Section.REACH, Section.BREAKDOWNS, Section.INDICATORS, Section.SPEND)


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="Why are the figures corrected?",
        help_text="Who told you, and what was wrong. It is kept with the correction.",
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@require(can_review_returns)
@require_http_methods(["GET", "HEAD", "POST"])
def return_correct(request: HttpRequest, ref: str, quarter: str) -> HttpResponse:
    """Only boxes typed differently from what is approved are handed on."""
    item = visible_return(request, ref, quarter)
    user = person(request)
    refusal = correction_refusal(user, item)
    if refusal:
        messages.error(request, refusal)
        return redirect(address(item, "review"))
    approved = Revision.objects.live().filter(monitoring_return=item, approved_at__isnull=False).first()
    if approved is None:
        raise Http404("This return has no approved version to correct.")
    boxes = [box for box in boxes_for(item) if box.section in CORRECTED and (box.measure or box.version or box.heading)]
    before = box_values(boxes, approved)
    typed = {box.name: request.POST.get(box.name, before.get(box.name, "")) for box in boxes}
    form = ReasonForm(posted(request))
    errors: dict[str, str] = {}
    if request.method == "POST" and form.is_valid():
        changes = {name: text.strip() for name, text in typed.items() if text.strip() != before.get(name, "")}
        try:
            correct_return(
                monitoring_return=item,
                changes=changes,
                reason=form.cleaned_data["reason"],
                by=user,
                seen=number_in(request, "revision"),
            )
        except ReturnNotAcceptable as refused:
            errors = {problem.field: problem.message for problem in refused.outcome.errors}
            form.add_error(None, str(refused))
        except ActionRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "Correction kept. It counts once another programme manager approves it.")
            return redirect(address(item, "review"))
    context: dict[str, Any] = {
        "return": item,
        "grant": item.commitment,
        "layer": item.commitment.programme.layer,
        "title": "Correct the figures for the grantee",
        "approved": approved,
        "form": form,
        "problems": sorted(set(errors.values())),
        "sections": _sections(item, boxes, before, typed, errors),
        "crumbs": [*review_crumbs(item), {"text": f"Review of {item.quarter}", "href": address(item, "review")}],
    }
    return render(request, "grants/return_correct.html", context, status=422 if form.errors else 200)


def _sections(
    item: MonitoringReturn, boxes: list[Box], before: dict[str, str], typed: dict[str, str], errors: dict[str, str]
) -> list[dict[str, Any]]:
    """Each section with its figures: as approved, as typed, and what is wrong with it."""
    rows = [
        {
            "section": box.section,
            "name": box.name,
            "label": box.title,
            "was": before.get(box.name, ""),
            "typed": typed[box.name],
            "error": errors.get(box.name, ""),
        }
        for box in boxes
    ]
    asked = [section for section in CORRECTED if section in item.sections]
    return [{"section": section, "rows": [row for row in rows if row["section"] == section]} for section in asked]

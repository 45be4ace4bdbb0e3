"""The receipt: what was sent, exactly."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from grants.actions.submission import box_values
from grants.questionnaire import boxes_for
from grants.views.known import readable
from grants.views.return_page import address, answers_shown, return_context, sections_with_pages, visible_return


@require_safe
def return_receipt(request: HttpRequest, ref: str, quarter: str) -> HttpResponse:
    """What was sent, exactly; also the history, with what each revision changed."""
    item = visible_return(request, ref, quarter)
    revisions = list(
        item.revisions.select_related("submitted_by", "approved_by", "signed_by")
        .prefetch_related("cells", "readings", "spend_lines", "answers", "queries__answered_by")
        .order_by("-number")
    )
    if not revisions:
        return redirect(address(item, "tasks"))
    boxes = boxes_for(item)
    values = box_values(boxes, revisions[0])
    context = return_context(item, request, f"Return sent for {item.quarter}")
    context["revisions"] = revisions
    context["sections"] = [
        {"section": section, "rows": answers_shown(boxes, section, readable(boxes, values))}
        for section in sections_with_pages(item, boxes)
    ]
    return render(request, "grants/return_receipt.html", context)

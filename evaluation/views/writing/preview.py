"""The section as the report would print it, alone in a page, for the frame beside the editor."""

from __future__ import annotations

from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods

from evaluation.actions.sections import LONGEST_TEXT
from evaluation.views.writing.common import find_section
from evaluation.views.writing.forms import lines_of
from evaluation.writing.preview import preview_of
from vru.accounts.permissions import can_read_everything, require


@require_http_methods(["GET", "HEAD", "POST"])
@xframe_options_sameorigin
@csp_replace({"style-src": ["'self'", "'unsafe-inline'"], "script-src": ["'none'"], "frame-ancestors": ["'self'"]})
@require(can_read_everything)
def section_preview(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Of what is saved; of what is posted when something is. Stores nothing. The charts carry styles of their own."""
    section = find_section(request, pk, slug)
    text = points = None
    if request.method == "POST":
        text = request.POST.get("text", "").replace("\r\n", "\n")[:LONGEST_TEXT]
        points = lines_of(request.POST.get("key_points", ""))
    preview = preview_of(section, text=text, key_points=points)
    return render(request, "evaluation/section_preview.html", {"section": section, "preview": preview})

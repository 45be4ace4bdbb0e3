"""The guide for a grantee's programmer: the project's own document, read on the site."""

from __future__ import annotations

from functools import cache

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from vru.lib.narrative import to_html

GUIDE = settings.BASE_DIR / "docs" / "api.md"


@cache
def _guide() -> tuple[str, str]:
    """Title and safe HTML. The document cannot change while the process lives."""
    title, _, text = GUIDE.read_text(encoding="utf-8").partition("\n")
    return title.lstrip("# "), to_html(text, str, top_heading=1)


@login_not_required
@require_safe
def api_guide(request: HttpRequest) -> HttpResponse:
    """Public: it says how to call, and nothing about anybody's returns."""
    title, html = _guide()
    context = {"title": title, "guide": mark_safe(html)}  # noqa: S308 (cleaned by the narrative's own list of tags)
    return render(request, "pages/api_guide.html", context)

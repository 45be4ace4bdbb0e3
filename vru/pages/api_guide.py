"""The guide for a grantee's programmer: the project's own document, read on the site."""

from __future__ import annotations

import re
from functools import cache
from itertools import count

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from vru.lib.narrative import to_html

GUIDE = settings.BASE_DIR / "docs" / "api.md"


_CLASSES = {
    "<h2>": '<h2 class="govuk-heading-m">',
    "<p>": '<p class="govuk-body">',
    "<ul>": '<ul class="govuk-list govuk-list--bullet">',
    "<table>": '<table class="govuk-table">',
    '<th scope="col">': '<th scope="col" class="govuk-table__header">',
    "<td>": '<td class="govuk-table__cell">',
}
_WIDE = re.compile(r"<(pre|table)\b.*?</\1>", re.DOTALL)


def _dressed(html: str) -> str:
    """With the site's classes, and with what may be wider than a phone in a region that scrolls sideways."""
    for plain, classed in _CLASSES.items():
        html = html.replace(plain, classed)
    numbers = count(1)

    def scrolls(match: re.Match[str]) -> str:
        label = f"{'Example' if match[1] == 'pre' else 'Table'} {next(numbers)}"
        return f'<div class="app-scroll" role="region" aria-label="{label}" tabindex="0">{match[0]}</div>'

    return _WIDE.sub(scrolls, html)


@cache
def _guide() -> tuple[str, str]:
    """Title and safe HTML. The document cannot change while the process lives."""
    title, _, text = GUIDE.read_text(encoding="utf-8").partition("\n")
    return title.lstrip("# "), _dressed(to_html(text, str, top_heading=1))


@login_not_required
@require_safe
def api_guide(request: HttpRequest) -> HttpResponse:
    """Public: it says how to call, and nothing about anybody's returns."""
    title, html = _guide()
    context = {"title": title, "guide": mark_safe(html)}  # noqa: S308 (cleaned by the narrative's own list of tags)
    return render(request, "pages/api_guide.html", context)

"""Do the totals agree, whichever table they are added up from?"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from evaluation.figures.snapshot import read_snapshot
from evaluation.reconciliation import Compared, Reconciliation, reconcile
from evaluation.reconciliation.registry import Pair, Subject
from evaluation.views.scope import page_context, scope_of
from vru.accounts.permissions import can_read_everything, require

# A broken table differs in every row; the page says how many and shows the first.
SHOWN = 50


@require(can_read_everything)
@require_safe
def reconciliation(request: HttpRequest) -> HttpResponse:
    """Every check of the year and layer, run now; what differs stands first."""
    scope = scope_of(request)
    with read_snapshot():
        found = reconcile(scope)
    context = page_context(scope) | {
        "found": found,
        "differing": [_differing(each) for each in found.differing],
        "subjects": _subjects(found),
        "shown": SHOWN,
    }
    return render(request, "evaluation/reconciliation.html", context)


def _subjects(found: Reconciliation) -> list[dict[str, Any]]:
    groups = [(subject, [each for each in found.compared if each.check.subject is subject]) for subject in Subject]
    return [
        {"title": subject.value, "slug": subject.name.lower(), "compared": rows} for subject, rows in groups if rows
    ]


def _differing(compared: Compared) -> dict[str, Any]:
    rows = [{"pair": pair, "href": _href(pair)} for pair in compared.differing[:SHOWN]]
    return {"compared": compared, "rows": rows, "more": len(compared.differing) - len(rows)}


def _href(pair: Pair) -> str:
    return reverse(pair.page[0], args=[pair.page[1]]) if pair.page else ""

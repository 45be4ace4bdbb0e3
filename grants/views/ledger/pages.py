"""The year's ledger beside our payments: what agrees, what differs, what only one side has."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from grants.imports.ledger_position import (
    changes_since_earlier,
    later_payments,
    live_ledger,
    missing_payments,
    position_of,
    to_explain,
)
from grants.models import LedgerImport, LedgerLine
from grants.views.ledger.scope import ledger_crumbs, ledger_scope
from vru.accounts.permissions import can_keep_money, can_read_everything, person, require
from vru.lib.exports import Export, export_response
from vru.lib.money import Money
from vru.lib.sheets import SheetColumn

PAGE_SIZE = 50
MISSING, LATER, OPEN = "missing", "later", "open"
PARTS = {
    OPEN: "To explain",
    "different": "Different",
    "unmatched": "Not found here",
    "matched": "Matched",
    MISSING: "Ours, not in the ledger",
    LATER: "Paid after its last day",
}
CHANGED_SHOWN = 20
EXPORTED = {"open": "to explain", "different": "different", "unmatched": "not found here", "all": "all lines"}


@require(can_read_everything)
@require_safe
def ledger(request: HttpRequest) -> HttpResponse:
    scope = ledger_scope(request)
    found = live_ledger(scope["year"].start, scope["layer"])
    context: dict[str, Any] = scope | {
        "ledger": found,
        "can_keep": can_keep_money(person(request)),
        "year_text": str(scope["year"]),
        "crumbs": ledger_crumbs()[:1],
    }
    if found is not None:
        part = request.GET.get("part", OPEN)
        if part not in PARTS:
            raise Http404("There is no such part of a ledger.")
        rows = _rows(found, part)
        context |= {
            "position": position_of(found),
            "part": part,
            "parts": _tabs(request, part),
            "is_ours": part in (MISSING, LATER),
            "page_obj": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
            "missing": missing_payments(found).count(),
            "changed": changes_since_earlier(found),
            "changed_shown": CHANGED_SHOWN,
        }
    return render(request, "grants/ledger_list.html", context)


def _rows(found: LedgerImport, part: str) -> QuerySet[Any]:
    if part == MISSING:
        return missing_payments(found)
    if part == LATER:
        return later_payments(found)
    lines = to_explain(found) if part == OPEN else found.lines.filter(outcome=part)
    return lines.select_related("payment__commitment", "explained_by").order_by("row")


def _tabs(request: HttpRequest, part: str) -> list[dict[str, Any]]:
    def address(name: str) -> str:
        query = request.GET.copy()
        query["part"] = name
        query.pop("page", None)
        return f"?{query.urlencode()}"

    return [{"text": label, "href": address(name), "current": name == part} for name, label in PARTS.items()]


@require(can_read_everything)
@require_safe
def ledger_export(request: HttpRequest, file_format: str) -> HttpResponseBase:
    """The lines to explain (or those of ``part``) as CSV or Excel."""
    scope = ledger_scope(request)
    part = request.GET.get("part", OPEN)
    found = live_ledger(scope["year"].start, scope["layer"])
    if found is None or part not in EXPORTED:
        raise Http404("There is no such ledger.")
    if part == OPEN:
        lines = to_explain(found)
    else:
        lines = found.lines.all() if part == "all" else found.lines.filter(outcome=part)
    ordered = lines.select_related("payment__commitment").order_by("row")
    columns = (
        SheetColumn("Row", "count"),
        SheetColumn("Posted on", "date"),
        SheetColumn("Reference"),
        SheetColumn("Supplier"),
        SheetColumn("Description"),
        SheetColumn("Ledger", "money"),
        SheetColumn("Payment"),
        SheetColumn("Ours", "money"),
        SheetColumn("Difference", "money"),
        SheetColumn("Outcome"),
        SheetColumn("Explanation"),
    )
    export = Export(
        name=f"ledger {scope['year']} {EXPORTED[part]}",
        title=f"Ledger of {scope['year']}: {EXPORTED[part]}",
        columns=columns,
        rows=lambda: map(_export_row, ordered.iterator()),
    )
    return export_response(export, file_format, author=scope["layer"], timestamp=timezone.now())


def _export_row(line: LedgerLine) -> tuple[Any, ...]:
    ours = line.payment
    return (
        line.row,
        line.posted_on,
        line.reference,
        line.supplier_reference,
        line.description,
        Money(line.amount_pence).pounds,
        f"{ours.commitment.ref}, payment {ours.number}" if ours else "",
        Money(ours.amount_pence).pounds if ours else None,
        Money(line.difference_pence).pounds if ours else None,
        line.get_outcome_display(),
        line.explanation,
    )

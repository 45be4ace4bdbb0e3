"""What will not be spent by 31 March, by source: how much can still be moved, by when, and the awards behind it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from grants.money.movable import Movable, Position, SourcePosition, looked_at_on
from grants.views.spending.pages import quarter_shown, year_shown, years_of_work
from programmes.layers import chosen_layer, layers_in_use
from vru.accounts.permissions import can_keep_money, can_read_everything, can_review_returns, person, require
from vru.lib.periods import FinancialYear, Quarter

PAGE_SIZE = 50


@require(can_read_everything)
@require_safe
def underspend(request: HttpRequest) -> HttpResponse:
    layer, today = chosen_layer(request), timezone.localdate()
    years = years_of_work(layer)
    year = year_shown(request, years, FinancialYear.of(today))
    quarter = Quarter(year.start, quarter_shown(request))
    on = looked_at_on(layer, quarter, today)
    movable = Movable(year, layer, on=on, through=quarter.number)
    chosen = request.GET.get("source", "")
    query = {"year": str(year), "layer": layer, "quarter": str(quarter.number)}
    rows = [row for row in movable.positions if not chosen or row.source == chosen]
    sources = movable.sources
    context: dict[str, Any] = {
        "title": "Expected underspend",
        "layer": layer,
        "layers": layers_in_use(),
        "year": year,
        "years": years,
        "quarter": quarter,
        "on": on,
        "today": today,
        "is_over": movable.is_over,
        "last_day": year.ends_on,
        "tabs": [
            {
                "text": str(each),
                "href": f"?{urlencode(query | {'quarter': str(each.number)})}",
                "current": each == quarter,
            }
            for each in year.quarters()
        ],
        "sources": [
            {"row": row, "href": f"?{urlencode(query | {'source': row.source.slug})}#awards"} for row in sources
        ],
        "total": _total(sources) | {"movable": movable.movable_in_all},
        "chosen": next((row.source for row in sources if row.source.slug == chosen), None),
        "clear": f"?{urlencode(query)}",
        "names": {row.source.slug: row.source.title for row in sources},
        "page_obj": Paginator([_award(row, year, sources) for row in rows], PAGE_SIZE).get_page(
            request.GET.get("page")
        ),
        "may_propose": can_keep_money(person(request)) and not movable.is_over,
        "may_remind": can_review_returns(person(request)),
        "crumbs": [{"text": "Home", "href": reverse("home")}],
    }
    return render(request, "grants/underspend.html", context)


def _award(row: Position, year: FinancialYear, sources: list[SourcePosition]) -> dict[str, Any]:
    asked = {"source": row.source, "year": str(year), "giving": row.ref, "amount": str(row.movable)}
    return {
        "row": row,
        "source": next((each.source.title for each in sources if each.source.slug == row.source), row.source),
        "href": f"{reverse('money:virement-new')}?{urlencode(asked)}" if row.movable else "",
    }


def _total(sources: list[SourcePosition]) -> dict[str, int]:
    return {
        "allocated": sum(row.headroom.allocated for row in sources),
        "committed": sum(row.headroom.committed for row in sources),
        "spent": sum(row.spent for row in sources),
        "forecast": sum(row.forecast for row in sources),
        "underspend": sum(row.underspend for row in sources),
        "unknown": sum(row.unknown for row in sources),
        "missing": sum(row.missing for row in sources),
    }

"""Sources of the unit's money: each from allocation to spend, over the years, and one source on one page."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from evaluation.figures.registry import compute
from evaluation.figures.scope import Scope
from evaluation.figures.snapshot import read_snapshot
from evaluation.funder_rules import verdicts_of
from evaluation.views.scope import page_context, scope_of
from grants.money.headroom import Headroom, headrooms
from programmes.actions.overcommitment import can_ask
from programmes.models import Allocation, FunderAgreement, FunderRule, FundingSource, Overcommitment
from vru.accounts.models import AuditEvent
from vru.accounts.permissions import (
    can_approve_overcommitment,
    can_keep_money,
    can_read_everything,
    person,
    require,
)
from vru.lib.layers import Layer
from vru.lib.money import Money
from vru.lib.periods import FinancialYear

HISTORY = 30
NOTHING = Headroom()


def spent_by_source(scope: Scope) -> dict[str, int | None]:
    """Pence of approved spend by the source's short name; None where no return is approved: missing is not nought."""
    slugs = list(FundingSource.objects.values_list("slug", flat=True))
    with read_snapshot():
        figures = compute(scope, [f"spend.total source={slug}" for slug in slugs])
    found = {slug: figures[f"spend.total source={slug}"].value for slug in slugs}
    return {slug: _pence(value) for slug, value in found.items()}


def _pence(value: Decimal | None) -> int | None:
    return None if value is None else Money.from_pounds(value).pence


@require(can_read_everything)
@require_safe
def source_list(request: HttpRequest) -> HttpResponse:
    scope, user = scope_of(request), person(request)
    rooms = headrooms(scope.layer)
    spent = spent_by_source(scope)
    sources = list(FundingSource.objects.all())
    year = scope.year.start
    shown = [source for source in sources if (source.pk, year) in rooms or spent[source.slug]]
    rows = [_row(source, rooms.get((source.pk, year), NOTHING), spent[source.slug]) for source in shown]
    context = {
        **page_context(scope),
        "rows": rows,
        "foot": _foot(rows),
        "others": [source for source in sources if source not in shown],
        "by_year": _by_year(sources, rooms),
        "waiting": Overcommitment.objects.filter(layer=scope.layer, approved_at=None, ended_at=None).select_related(
            "source", "asked_by"
        ),
        "may_keep": can_keep_money(user),
        "may_approve": can_approve_overcommitment(user),
    }
    return render(request, "evaluation/source_list.html", context)


def _row(source: FundingSource, room: Headroom, spent: int | None) -> dict[str, Any]:
    return {"source": source, "room": room, "spent": spent}


def _foot(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Each column's sum; spend counts the sources that have any."""
    rooms = [row["room"] for row in rows]
    room = Headroom(
        sum(each.allocated for each in rooms),
        sum(each.approved_above for each in rooms),
        sum(each.committed for each in rooms),
    )
    known = [row["spent"] for row in rows if row["spent"] is not None]
    return {"room": room, "spent": sum(known) if known else None}


def _by_year(sources: list[FundingSource], rooms: dict[tuple[int, int], Headroom]) -> dict[str, Any]:
    """What is committed of every source in every year, those to come as well, with what is allocated below it."""
    years = sorted({year for _, year in rooms})
    rows = [
        {
            "source": source,
            "cells": [rooms.get((source.pk, year)) for year in years],
            "total": sum(rooms[source.pk, year].committed for year in years if (source.pk, year) in rooms),
        }
        for source in sources
        if any((source.pk, year) in rooms for year in years)
    ]
    totals = [sum(room.committed for (_, of), room in rooms.items() if of == year) for year in years]
    return {"years": [FinancialYear(year) for year in years], "rows": rows, "totals": totals, "total": sum(totals)}


@require(can_read_everything)
@require_safe
def source_detail(request: HttpRequest, slug: str) -> HttpResponse:
    source, scope, user = get_object_or_404(FundingSource, slug=slug), scope_of(request), person(request)
    rooms = headrooms(scope.layer)
    room = rooms.get((source.pk, scope.year.start), NOTHING)
    own = {"source": source, "layer": scope.layer}
    may_keep = can_keep_money(user) and scope.layer != Layer.PUBLISHED
    context = {
        **page_context(scope, ("Sources", "money-checks:sources")),
        "source": source,
        "room": room,
        "spent": spent_by_source(scope)[slug],
        "years_of_source": [
            {"year": FinancialYear(year), "room": rooms[pk, year]} for pk, year in sorted(rooms) if pk == source.pk
        ],
        "allocations": Allocation.objects.filter(**own)
        .select_related("stated_by", "source_document")
        .order_by("-year", "-sequence"),
        "agreements": FunderAgreement.objects.visible_to(user).with_money().filter(**own).order_by("-year", "ref"),
        "overcommitments": Overcommitment.objects.filter(**own)
        .select_related("asked_by", "approved_by", "ended_by")
        .order_by("-year", "-asked_at", "-pk"),
        "verdicts": verdicts_of(scope, FunderRule.objects.filter(source=source)),
        "events": _events(source),
        "may_keep": may_keep,
        "may_ask": can_ask(user) and scope.layer != Layer.PUBLISHED,
        "may_approve": can_approve_overcommitment(user),
        "next_year": _next_year(source, rooms, scope),
    }
    return render(request, "evaluation/source_detail.html", context)


def _next_year(source: FundingSource, rooms: dict[tuple[int, int], Headroom], scope: Scope) -> FinancialYear:
    """The first year after the last with an allocation: the next one to be stated."""
    stated = [year for (pk, year), room in rooms.items() if pk == source.pk and room.allocated]
    return FinancialYear(max(stated) + 1) if stated else scope.year


def _events(source: FundingSource) -> list[dict[str, Any]]:
    found = AuditEvent.objects.about(source).select_related("actor")[:HISTORY]
    return [{"title": each.action.capitalize(), "at": each.at, "by": each.actor, "text": each.reason} for each in found]


def address(source: FundingSource, year: FinancialYear, layer: str) -> str:
    return f"{reverse('money-checks:source', args=[source.slug])}?year={year}&layer={layer}"

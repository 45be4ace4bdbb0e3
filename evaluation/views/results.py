"""Results by objective, and the logic model with its live figures."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from evaluation.figures.figure import Figure
from evaluation.figures.registry import compute
from evaluation.figures.scope import Scope
from evaluation.figures.snapshot import read_snapshot
from evaluation.position import BY_OBJECTIVE, as_number, basis_of
from evaluation.views.scope import page_context, scope_of
from programmes.models import AimLink, IndicatorVersion, LogicLink, Objective
from vru.accounts.permissions import can_read_everything, require
from vru.lib.charts import LogicColumn, LogicModel, LogicNode, logic_model_svg
from vru.lib.charts import LogicLink as DrawnLink


@require(can_read_everything)
@require_safe
def results(request: HttpRequest) -> HttpResponse:
    scope = scope_of(request)
    objectives = list(scope.strategy_version.objectives.all()) if scope.strategy_version else []
    versions = IndicatorVersion.objects.filter(objective__version=scope.strategy_version).select_related("indicator")
    indicators = list(versions.order_by("objective__number", "indicator__slug", "-number"))
    keys = [f"{family} objective={item.number}" for item in objectives for family in BY_OBJECTIVE]
    keys += [f"{family} indicator={version.indicator.slug}" for version in indicators for family in INDICATOR_FAMILIES]
    with read_snapshot():
        figures = compute(scope, keys)
    context = page_context(scope)
    context["objectives"] = [_objective(item, indicators, figures, scope) for item in objectives]
    return render(request, "evaluation/results.html", context)


INDICATOR_FAMILIES = ("indicator.result", "indicator.target")


def _objective(
    item: Objective, indicators: list[IndicatorVersion], figures: dict[str, Figure], scope: Scope
) -> dict[str, Any]:
    numbers = {label: figures.get(f"{family} objective={item.number}") for family, label in BY_OBJECTIVE.items()}
    rows = []
    for version in indicators:
        if version.objective_id != item.pk:
            continue
        result = figures.get(f"indicator.result indicator={version.indicator.slug}")
        target = figures.get(f"indicator.target indicator={version.indicator.slug}")
        rows.append(
            {
                "version": version,
                "result": result.display if result and result.has_value else "–",
                "target": target.display if target and target.has_value else "–",
                "basis": basis_of(result) if result else "",
                "key": result.key if result else "",
            }
        )
    return {
        "objective": item,
        "numbers": [
            as_number(figure, scope, label)
            for label, figure in numbers.items()
            if figure is not None and figure.has_value
        ],
        "indicators": rows,
    }


@require(can_read_everything)
@require_safe
def logic_model(request: HttpRequest) -> HttpResponse:
    scope = scope_of(request)
    context = page_context(scope, ("Results", "evaluation:results"))
    version = scope.strategy_version
    if version is not None:
        model = drawn_model(scope)
        # Drawn by our own code from escaped text, so it may stand in the page as it is.
        context["svg"] = mark_safe(logic_model_svg(model))  # noqa: S308
        context["links"] = LogicLink.objects.filter(objective__version=version).select_related("objective", "outcome")
        context["aim_links"] = AimLink.objects.filter(outcome__version=version).select_related("outcome", "aim")
        context["version"] = version
    return render(request, "evaluation/logic_model.html", context)


def drawn_model(scope: Scope) -> LogicModel:
    """Programmes by objective → objectives → outcomes → aims, each objective with its award and new people."""
    version = scope.strategy_version
    assert version is not None
    objectives = list(version.objectives.prefetch_related("outcome_links__outcome"))
    families = ("programmes.count", "award.total", "reach.new")
    with read_snapshot():
        figures = compute(scope, [f"{family} objective={item.number}" for item in objectives for family in families])
    columns = [
        LogicColumn(
            "Interventions",
            tuple(
                LogicNode(f"work-{item.number}", _count(figures, item), _money(figures, item)) for item in objectives
            ),
        ),
        LogicColumn(
            "Objectives", tuple(LogicNode(f"objective-{o.number}", str(o), _people(figures, o)) for o in objectives)
        ),
    ]
    links = [DrawnLink(f"work-{item.number}", f"objective-{item.number}") for item in objectives]
    outcomes = list(version.outcomes.prefetch_related("aim_links__aim"))
    if outcomes:
        columns.append(LogicColumn("Outcomes", tuple(LogicNode(f"outcome-{o.number}", str(o)) for o in outcomes)))
        links += [
            DrawnLink(f"objective-{item.number}", f"outcome-{link.outcome.number}")
            for item in objectives
            for link in item.outcome_links.all()
        ]
        columns.append(
            LogicColumn("Aims", tuple(LogicNode(f"aim-{aim.number}", str(aim)) for aim in version.aims.all()))
        )
        links += [
            DrawnLink(f"outcome-{o.number}", f"aim-{link.aim.number}") for o in outcomes for link in o.aim_links.all()
        ]
    return LogicModel("logic", f"Logic model of {version}", tuple(columns), tuple(links))


def _count(figures: dict[str, Figure], item: Objective) -> str:
    found = figures.get(f"programmes.count objective={item.number}")
    number = found.display if found and found.has_value else "0"
    return f"{number} programme" if number == "1" else f"{number} programmes"


def _money(figures: dict[str, Figure], item: Objective) -> str:
    found = figures.get(f"award.total objective={item.number}")
    return f"{found.display} awarded" if found and found.has_value else ""


def _people(figures: dict[str, Figure], item: Objective) -> str:
    found = figures.get(f"reach.new objective={item.number}")
    return f"{found.display} new people" if found and found.has_value else ""

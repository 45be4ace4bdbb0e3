"""What an award reached and measured so far, from approved returns, beside its targets. Staff only."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from grants.models import Cell, Commitment, Measure, Reading
from programmes.models import Category, IndicatorVersion
from vru.lib.periods import FinancialYear, Quarter

# Counted at the end of a quarter, so quarters are never added up.
LATEST = {Measure.CONTINUING, Measure.ACTIVE}


def reach_rows(grant: Commitment) -> list[dict[str, Any]]:
    """By measure: what approved returns say, and the target of the quarters they are about. Two queries."""
    cells = (
        Cell.objects.filter(
            revision__monitoring_return__commitment=grant,
            revision__approved_at__isnull=False,
            revision__superseded_at__isnull=True,
            category__kind=Category.Kind.TOTAL,
        )
        .order_by()
        .values_list(
            "measure",
            "revision__monitoring_return__quarter__year",
            "revision__monitoring_return__quarter__number",
            "value",
        )
    )
    said: dict[str, dict[tuple[int, int], int]] = {}
    for measure, year, number, value in cells:
        said.setdefault(measure, {})[year, number] = value
    wanted: dict[str, dict[tuple[int, int], int]] = {}
    for target in grant.reach_targets.select_related("quarter"):
        wanted.setdefault(target.measure, {})[target.quarter.year, target.quarter.number] = target.value
    return [
        _reach_row(Measure(name), said.get(name, {}), wanted.get(name, {}))
        for name in Measure.values
        if name in said or name in wanted
    ]


def _reach_row(
    measure: Measure, said: dict[tuple[int, int], int], wanted: dict[tuple[int, int], int]
) -> dict[str, Any]:
    if measure in LATEST:
        last = max(said) if said else None
        value, target = (said[last], wanted.get(last)) if last else (None, None)
        when = f"at the end of {Quarter(*last)}" if last else ""
    else:
        value = sum(said.values()) if said else None
        target = sum(wanted[quarter] for quarter in said if quarter in wanted) if said else None
        when = f"{len(said)} approved {'return' if len(said) == 1 else 'returns'}" if said else ""
    whole = None if measure in LATEST or not wanted else sum(wanted.values())
    return {"measure": measure.label, "value": value, "target": target, "whole": whole, "when": when}


def reading_rows(grant: Commitment) -> list[dict[str, Any]]:
    """By indicator and year: baseline, target and what approved returns measured. Two queries."""
    number = "revision__monitoring_return__quarter__number"
    found: dict[tuple[int, int], list[Reading]] = {}
    approved = Reading.objects.filter(
        revision__monitoring_return__commitment=grant,
        revision__approved_at__isnull=False,
        revision__superseded_at__isnull=True,
    ).select_related("revision__monitoring_return__quarter")
    for reading in approved.order_by(number, "pk"):
        year = reading.revision.monitoring_return.quarter.year
        found.setdefault((reading.version_id, year), []).append(reading)
    rows = grant.indicators.select_related("version__indicator").order_by("version__indicator__slug", "year", "pk")
    return [
        {
            "title": row.version.indicator.title,
            "year": str(FinancialYear(row.year)),
            "unit": "%" if row.version.kind == IndicatorVersion.Kind.PERCENTAGE else row.version.unit,
            "baseline": row.baseline,
            "target": row.target,
            "value": _measured(row.version, found.get((row.version_id, row.year), [])),
        }
        for row in rows
    ]


def _measured(version: IndicatorVersion, readings: list[Reading]) -> Decimal | None:
    """A year's readings by the rule of the indicator's kind: sums, pooled ratios, or the latest; None for nothing."""
    kind = IndicatorVersion.Kind(version.kind)
    if kind in {IndicatorVersion.Kind.FLOW, IndicatorVersion.Kind.CURRENCY}:
        values = [reading.value for reading in readings if reading.value is not None]
        return sum(values, Decimal(0)) if values else None
    if kind == IndicatorVersion.Kind.STOCK:
        return readings[-1].value if readings else None
    whole = [reading for reading in readings if reading.denominator]
    bottom = sum((reading.denominator or Decimal(0) for reading in whole), Decimal(0))
    if not bottom:
        return None
    top = sum((reading.numerator or Decimal(0) for reading in whole), Decimal(0))
    return top / bottom * (100 if kind == IndicatorVersion.Kind.PERCENTAGE else 1)

"""What the programme's other grants report for the same figure in the same quarter. For staff only: it speaks of
other grantees."""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum

from grants.models import Cell, Measure, MonitoringReturn, Reading, Revision, SpendLine
from grants.questionnaire.boxes import Box, BoxKind
from programmes.models import Dimension
from vru.lib.money import Money


@dataclass(frozen=True, slots=True)
class Peers:
    """Median and range over ``grants`` approved returns; pounds for money, else people or the indicator's unit."""

    median: Decimal
    low: Decimal
    high: Decimal
    grants: int

    def middle(self, kind: BoxKind) -> str:
        return _shown(self.median, kind)

    def spread(self, kind: BoxKind) -> str:
        """ "4 to 30, 7 grants"."""
        count = f"{self.grants} {'grant' if self.grants == 1 else 'grants'}"
        return f"{_shown(self.low, kind)} to {_shown(self.high, kind)}, {count}"


def _shown(value: Decimal, kind: BoxKind) -> str:
    if kind is BoxKind.MONEY:
        return f"£{value:,.0f}"
    return f"{value:,.1f}".removesuffix(".0")


def peer_figures(item: MonitoringReturn, boxes: list[Box]) -> dict[str, Peers]:
    """By box name, for headlines, indicators and spend. Three grouped queries, whatever the number of grants.

    Only approved, not superseded versions of the same quarter count; the grant itself does not.
    """
    approved = (
        Revision.objects.live()
        .filter(
            approved_at__isnull=False,
            monitoring_return__commitment__programme=item.commitment.programme_id,
            monitoring_return__quarter=item.quarter_id,
        )
        .exclude(monitoring_return=item)
    )
    found: dict[tuple[str, object], list[Decimal]] = {}
    cells = Cell.objects.filter(revision__in=approved, category__dimension__slug=Dimension.TOTAL).order_by()
    for measure, people in cells.values_list("measure", "value"):
        found.setdefault((Measure(measure).value, ""), []).append(Decimal(people))
    spend = SpendLine.objects.filter(revision__in=approved).order_by().values("revision", "heading")
    for row in spend.annotate(actual=Sum("actual_pence"), forecast=Sum("forecast_pence"), match=Sum("match_pence")):
        for part in ("actual", "forecast", "match"):
            if row[part] is not None:
                found.setdefault((f"spend {part}", row["heading"]), []).append(Money(row[part]).pounds)
    readings = Reading.objects.filter(revision__in=approved).order_by()
    for version, value, top, bottom in readings.values_list("version", "value", "numerator", "denominator"):
        for part, number in (("value", value), ("numerator", top), ("denominator", bottom)):
            if number is not None:
                found.setdefault((f"reading {part}", version), []).append(number)
    return {box.name: _summary(found[key]) for box in boxes if (key := _key(box)) in found}


def _key(box: Box) -> tuple[str, object]:
    if box.heading is not None:
        return f"spend {box.part}", box.heading.pk
    if box.version is not None:
        return f"reading {box.part}", box.version.pk
    if box.measure is not None and box.category is None:
        return box.measure.value, ""
    return "", box.name


def _summary(values: list[Decimal]) -> Peers:
    return Peers(statistics.median(values), min(values), max(values), len(values))

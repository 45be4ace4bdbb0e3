"""Profile beside approved spend, quarter by quarter: rows for the table and a picture of them."""

from __future__ import annotations

from typing import Any

from django.db.models import Sum

from grants.models import Commitment, SpendLine
from vru.lib.charts import ChartSpec, Series
from vru.lib.charts.column_pairs import column_pairs_svg
from vru.lib.periods import Quarter

# With more, the names of quarters run into each other.
MOST_QUARTERS = 12


def spend_rows(grant: Commitment) -> list[dict[str, Any]]:
    """By quarter: planned pence, and spent pence from approved returns (None: no approved return). Two queries."""
    planned = {
        (row["quarter__year"], row["quarter__number"]): row["total"]
        for row in grant.profile_lines.order_by()
        .values("quarter__year", "quarter__number")
        .annotate(total=Sum("amount_pence"))
    }
    approved = SpendLine.objects.filter(
        revision__monitoring_return__commitment=grant,
        revision__approved_at__isnull=False,
        revision__superseded_at__isnull=True,
    ).order_by()
    year, number = "revision__monitoring_return__quarter__year", "revision__monitoring_return__quarter__number"
    spent = {
        (row[year], row[number]): row["total"]
        for row in approved.values(year, number).annotate(total=Sum("actual_pence"))
    }
    return [
        {
            "quarter": Quarter(*key),
            "year": key[0],
            "number": key[1],
            "planned": planned.get(key, 0),
            "spent": spent.get(key),
        }
        for key in sorted(planned.keys() | spent.keys())
    ]


def spend_chart(rows: list[dict[str, Any]]) -> str:
    """The latest quarters of it as an SVG; '' where there is nothing to draw."""
    shown = rows[-MOST_QUARTERS:]
    if not shown:
        return ""
    spec = ChartSpec(
        kind="grouped_bar",
        prefix="spend",
        title="Planned and approved spend by quarter",
        categories=tuple(str(row["quarter"]) for row in shown),
        series=(
            Series("Profile", tuple(row["planned"] / 100 for row in shown)),
            Series("Approved spend", tuple(None if row["spent"] is None else row["spent"] / 100 for row in shown)),
        ),
        unit="£",
    )
    return column_pairs_svg(spec)

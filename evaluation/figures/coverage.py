"""How many returns a slice rests on: approved ones, out of those that should be in by now."""

from __future__ import annotations

from django.db.models import Count, Exists, OuterRef, Q

from evaluation.figures.computation import Computation
from evaluation.figures.rollup import Part, Parts
from grants.models import MonitoringReturn, Revision


def return_counts(computation: Computation) -> list[dict]:
    """Expected, submitted, approved and nil returns by commitment and quarter. Waived returns are not expected."""
    if "returns" not in computation.kept:
        scope = computation.scope
        own = {"monitoring_return": OuterRef("pk")}
        sent = Exists(Revision.objects.filter(**own, submitted_at__lte=scope.moment))
        approved = computation.revisions.filter(**own)
        returns = MonitoringReturn.objects.in_layer(scope.layer).filter(quarter__year=scope.year.start)
        computation.kept["returns"] = list(
            computation.in_time(returns, "quarter__number")
            .exclude(status=MonitoringReturn.Status.WAIVED)
            .annotate(sent=sent, approved=Exists(approved), nil=Exists(approved.filter(is_nil=True)))
            .order_by()
            .values("commitment_id", "quarter_id")
            .annotate(
                n_expected=Count("pk", filter=Q(due_on__lte=scope.as_at) | Q(sent=True)),
                n_sent=Count("pk", filter=Q(sent=True)),
                n_approved=Count("pk", filter=Q(approved=True)),
                n_nil=Count("pk", filter=Q(nil=True)),
            )
            .order_by("commitment_id", "quarter_id")
        )
    return computation.kept["returns"]


def coverage_parts(computation: Computation) -> Parts:
    """Value: returns expected. Denominator: returns approved. ``low`` of the total: approved nil returns."""
    if "coverage" not in computation.kept:
        computation.kept["coverage"] = Parts(computation.rows_in_time(_coverage))
    return computation.kept["coverage"]


def _coverage(computation: Computation) -> list[Part]:
    def read() -> list[Part]:
        return [
            Part(
                computation.owner(row["commitment_id"]),
                computation.quarters[row["quarter_id"]],
                row["n_expected"],
                row["n_approved"],
                spread=(row["n_expected"] + row["n_nil"], row["n_expected"], False),
            )
            for row in return_counts(computation)
            if row["n_expected"]
        ]

    return computation.keep("coverage rows", read)

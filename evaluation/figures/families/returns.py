"""Returns due, sent and approved: what every other figure from returns rests on."""

from __future__ import annotations

from typing import Any

from evaluation.figures import figure as show
from evaluation.figures.computation import Computation
from evaluation.figures.coverage import return_counts
from evaluation.figures.families.slices import BY_PLAN, BY_QUARTER, QUARTERLY, WHOLE
from evaluation.figures.family import RolledFamily, Slice, counted, rolled
from evaluation.figures.rollup import Part, Parts

_SHAPE: dict[str, Any] = {
    "unit": show.COUNT,
    "parameters": (*QUARTERLY, "source"),
    "slices": (*WHOLE, *BY_PLAN, ("organisation",), ("category",), *BY_QUARTER),
    "finish": counted(show.COUNT),
    "from_returns": True,
}


def _counted(computation: Computation, column: str) -> Parts:
    return computation.keep(
        column,
        lambda: Parts(
            [
                Part(computation.owner(row["commitment_id"]), computation.quarters[row["quarter_id"]], row[column])
                for row in return_counts(computation)
                if row["n_expected"]
            ]
        ),
    )


@rolled("returns.expected", title="Returns expected", **_SHAPE)
def expected(computation: Computation, names: Slice) -> Parts:
    """Quarterly returns that should be in by the day.

    Numerator: returns of the year due on or before the day, and returns sent before they were due.
    Denominator: none.
    Exclusions: waived returns.
    Unit: returns.
    Source: the unit's schedule of returns.
    """
    return _counted(computation, "n_expected")


@rolled("returns.received", title="Returns received", **_SHAPE)
def received(computation: Computation, names: Slice) -> Parts:
    """Quarterly returns sent in by the day, approved or not.

    Numerator: returns of the year with a revision submitted by the end of the day.
    Denominator: none.
    Exclusions: waived returns; drafts that were never submitted.
    Unit: returns.
    Source: submitted revisions of quarterly returns.
    """
    return _counted(computation, "n_sent")


@rolled("returns.approved", title="Returns approved", **_SHAPE)
def approved(computation: Computation, names: Slice) -> Parts:
    """Quarterly returns with an approved revision on the day: those that figures count.

    Numerator: returns of the year with a revision approved by the end of the day and not superseded by then.
    Denominator: none.
    Exclusions: waived returns; returns sent and not yet approved.
    Unit: returns.
    Source: approved revisions of quarterly returns.
    """
    return _counted(computation, "n_approved")


FAMILIES: tuple[RolledFamily, ...] = (expected, received, approved)

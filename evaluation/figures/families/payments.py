"""Money paid out, on the day it was paid: what is known by month, which returns are not."""

from __future__ import annotations

from evaluation.figures import figure as show
from evaluation.figures.computation import Computation
from evaluation.figures.families.slices import WHO, WHOLE
from evaluation.figures.families.spend import attributed
from evaluation.figures.family import RolledFamily, Slice, money, rolled
from evaluation.figures.key import MONTH
from evaluation.figures.rollup import Part, Parts
from grants.models import Payment
from vru.lib.periods import Month


def _paid(computation: Computation) -> list[Part]:
    """One row a payment, without its source."""
    scope = computation.scope
    last = min(scope.year.ends_on, scope.as_at, scope.until or scope.as_at)
    rows = list(
        Payment.objects.filter(
            status=Payment.Status.PAID,
            commitment__programme__layer=scope.layer,
            paid_on__gte=scope.year.starts_on,
            paid_on__lte=last,
        )
        .order_by("commitment_id", "number")
        .values_list("commitment_id", "paid_on", "amount_pence")
    )
    owners = computation.owners(dict.fromkeys(row[0] for row in rows))
    return [Part(owners[pk], "", pence, extra=(Month.of(day).key,)) for pk, day, pence in rows if day]


@rolled(
    "payments.paid",
    title="Paid to grantees",
    unit=show.GBP,
    parameters=(MONTH, *WHO, "source"),
    slices=(*WHOLE, (MONTH,), ("source",), ("programme",)),
    finish=money,
    additive=True,
)
def paid(computation: Computation, names: Slice) -> Parts:
    """Money that left the unit, by the day on which it was paid. It is neither what was awarded nor what was spent.

    Numerator: payments made in the year on or before the day, less credit notes. By source, each payment follows its
        grant's funding splits in proportion, to the penny by the largest remainder.
    Denominator: none.
    Exclusions: payments that are planned or were cancelled; payments of other years.
    Unit: pounds sterling.
    Source: payments and their dates.
    """
    rows = computation.keep("paid", lambda: _paid(computation))
    if "source" not in names:
        return computation.keep("paid parts", lambda: Parts(rows, extra=(MONTH,)))
    return computation.keep("paid by source", lambda: Parts(_by_source(computation, rows), extra=(MONTH, "source")))


def _by_source(computation: Computation, rows: list[Part]) -> list[Part]:
    return [
        Part(row.owner, "", pence, extra=(*row.extra, source))
        for row in rows
        for source, pence in attributed(computation, row.owner, None, row.value)
    ]


FAMILIES: tuple[RolledFamily, ...] = (paid,)

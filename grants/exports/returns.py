"""Every return with its state, and what its approved version says in the headline counts and in money."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import IntegerField, OuterRef, QuerySet, Subquery, Sum

from grants.exports.register import pounds
from grants.models import Cell, Measure, MonitoringReturn, Revision, SpendLine
from programmes.models import Category
from vru.lib.exports import Export, Row
from vru.lib.periods import london_day
from vru.lib.sheets import SheetColumn

COUNTS = (Measure.NEW, Measure.CONTINUING, Measure.CONTACTS)
COLUMNS = (
    SheetColumn("Grant reference"),
    SheetColumn("Grant"),
    SheetColumn("Organisation"),
    SheetColumn("Programme"),
    SheetColumn("Quarter"),
    SheetColumn("Status"),
    SheetColumn("Due", "date"),
    SheetColumn("Approved version", "count"),
    SheetColumn("Sent", "date"),
    SheetColumn("Approved", "date"),
    *(SheetColumn(f"{measure.label} (approved)", "count") for measure in COUNTS),
    SheetColumn("Spent (£, approved)", "money"),
)
CHUNK = 500
# The version that figures are computed from.
_APPROVED = Revision.objects.filter(
    monitoring_return=OuterRef("pk"), superseded_at__isnull=True, approved_at__isnull=False
)


def returns(layer: str, year: int | None) -> Export:
    """The returns of a layer, of one financial year (by the year it begins in) or of all."""
    rows = MonitoringReturn.objects.in_layer(layer)
    if year is not None:
        rows = rows.filter(quarter__year=year)
    return Export("Returns", "Quarterly returns", COLUMNS, lambda: _rows(rows))


def _counted(measure: str) -> Subquery:
    cells = Cell.objects.filter(
        revision__monitoring_return=OuterRef("pk"),
        revision__superseded_at__isnull=True,
        revision__approved_at__isnull=False,
        measure=measure,
        category__kind=Category.Kind.TOTAL,
    )
    return Subquery(cells.order_by("pk").values("value")[:1], output_field=IntegerField())


def _rows(rows: QuerySet[MonitoringReturn]) -> Iterator[Row]:
    spent = (
        SpendLine.objects.filter(
            revision__monitoring_return=OuterRef("pk"),
            revision__superseded_at__isnull=True,
            revision__approved_at__isnull=False,
        )
        .order_by()
        .values("revision")
        .annotate(pence=Sum("actual_pence"))
    )
    whole = (
        rows.select_related("quarter", "commitment__organisation", "commitment__programme")
        .annotate(
            version=Subquery(_APPROVED.values("number")[:1]),
            sent=Subquery(_APPROVED.values("submitted_at")[:1]),
            approved=Subquery(_APPROVED.values("approved_at")[:1]),
            spent=Subquery(spent.values("pence")[:1]),
            **{f"count_{measure.value}": _counted(measure) for measure in COUNTS},
        )
        .order_by("quarter__year", "quarter__number", "commitment__ref", "pk")
    )
    yield from (_row(item) for item in whole.iterator(chunk_size=CHUNK))


def _row(item: MonitoringReturn) -> Row:
    said = vars(item)
    return (
        item.commitment.ref,
        item.commitment.title,
        item.commitment.organisation.name,
        item.commitment.programme.title,
        str(item.quarter),
        item.get_status_display(),
        item.due_on,
        said["version"],
        london_day(said["sent"]) if said["sent"] else None,
        london_day(said["approved"]) if said["approved"] else None,
        *(said[f"count_{measure.value}"] for measure in COUNTS),
        None if said["spent"] is None else pounds(said["spent"]),
    )

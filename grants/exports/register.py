"""The list of grants as a file: what the page shows, all pages of it, in the same order."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from django.db.models import Prefetch

from grants.filters import Commitments, last_rag
from grants.models import AreaShare, Commitment, FundingSplit
from vru.lib.exports import Export, Row
from vru.lib.periods import FinancialYear
from vru.lib.sheets import SheetColumn

COLUMNS = (
    SheetColumn("Reference"),
    SheetColumn("Title"),
    SheetColumn("Kind"),
    SheetColumn("Status"),
    SheetColumn("Organisation"),
    SheetColumn("Organisation reference"),
    SheetColumn("Organisation identifier"),
    SheetColumn("Programme reference"),
    SheetColumn("Programme"),
    SheetColumn("Theme"),
    SheetColumn("Main objective", "count"),
    SheetColumn("Category"),
    SheetColumn("Award (£)", "money"),
    SheetColumn("Awarded on", "date"),
    SheetColumn("Starts", "date"),
    SheetColumn("Ends", "date"),
    SheetColumn("Manager"),
    SheetColumn("Decision"),
    SheetColumn("Last said about delivery"),
    SheetColumn("Areas and shares (£)"),
    SheetColumn("Sources by year (£)"),
)
CHUNK = 500


def register(grants: Commitments, *, notes: tuple[str, ...] = ()) -> Export:
    """``grants`` as the page's filter leaves and orders them."""
    return Export("Grants", "Grants, contracts and unit costs", COLUMNS, lambda: _rows(grants), notes)


def _rows(grants: Commitments) -> Iterator[Row]:
    shares = AreaShare.objects.select_related("area").order_by("commitment_id", "area__order", "area_id")
    splits = FundingSplit.objects.select_related("source").order_by("commitment_id", "year", "source__order", "pk")
    whole = (
        grants.select_related(
            "organisation", "programme__theme", "programme__primary_objective", "category", "manager", "decision"
        )
        .annotate(last_rag=last_rag())
        .prefetch_related(Prefetch("area_shares", shares), Prefetch("splits", splits))
    )
    yield from (_row(grant) for grant in whole.iterator(chunk_size=CHUNK))


def _row(grant: Commitment) -> Row:
    programme, organisation = grant.programme, grant.organisation
    objective = programme.primary_objective
    return (
        grant.ref,
        grant.title,
        grant.get_kind_display(),
        grant.get_status_display(),
        organisation.name,
        organisation.ref,
        organisation.org_id,
        programme.ref,
        programme.title,
        programme.theme.title if programme.theme else None,
        objective.number if objective else None,
        grant.category.title,
        pounds(grant.award_pence),
        grant.awarded_on,
        grant.starts_on,
        grant.ends_on,
        grant.manager.name if grant.manager else None,
        grant.decision.ref if grant.decision else None,
        getattr(grant, "last_rag", None),
        "; ".join(f"{share.area.name} {pounds(share.amount_pence)}" for share in grant.area_shares.all()),
        "; ".join(
            f"{split.source.title} {FinancialYear(split.year)} {pounds(split.amount_pence)}"
            for split in grant.splits.all()
        ),
    )


def pounds(pence: int) -> Decimal:
    """Pence as pounds, exactly."""
    return Decimal(pence).scaleb(-2)

"""Allocations, agreements and budget lines of the illustrative year, set a little above what was committed.

The amounts are invented. They follow from the invented awards and are never tuned to a published total.
"""

from __future__ import annotations

import datetime
from collections import Counter

from django.db.models import Sum

from grants.models import FundingSplit
from programmes.models import Allocation, BudgetLine, FunderAgreement, FunderRule, FundingSource
from vru.demo.illustrative.plan import YEAR
from vru.demo.illustrative.world import World
from vru.lib.layers import Layer
from vru.lib.periods import FinancialYear

ROUND = 5_000_000  # allocations are whole £50,000s, budget lines whole £1,000s
LINE_ROUND = 100_000
INVENTED_SOURCES = (
    ("illus-safety-fund", "Safety fund (illustrative)", FundingSource.Kind.CENTRAL_GOVERNMENT),
    ("illus-core", "Core budget (illustrative)", FundingSource.Kind.LOCAL),
    ("illus-reserves", "Reserves (illustrative)", FundingSource.Kind.RESERVES),
)


def put_sources_if_none() -> None:
    """The unit's own sources are shared by all layers; where it has stated none, three invented ones stand in."""
    if FundingSource.objects.exists():
        return
    for order, (slug, title, kind) in enumerate(INVENTED_SOURCES, start=1):
        FundingSource.objects.create(slug=slug, title=title, funder="Invented funder", kind=kind, order=order)


def put_allocations(world: World) -> None:
    """An agreement and an allocation for each source and year that any award draws on."""
    committed = FundingSplit.objects.filter(commitment__ref__startswith="ILL-").values("source", "year")
    totals = {(row["source"], row["year"]): row["pence"] for row in committed.annotate(pence=Sum("amount_pence"))}
    by_id = {source.pk: source for source in world.sources}
    first = True
    for (source_id, year), pence in sorted(totals.items(), key=lambda each: (each[0][1], by_id[each[0][0]].slug)):
        source = by_id[source_id]
        amount = _up(pence + pence // world.chance.choice((25, 40, 60)), ROUND)
        FunderAgreement.objects.create(
            ref=f"ILL-A-{FinancialYear(year)}-{source.slug}"[:40],
            source=source,
            year=year,
            layer=Layer.ILLUSTRATIVE,
            offer_pence=amount,
            offered_on=datetime.date(year, 3, 2),
            conditions="Spend in the year of the offer; report each quarter. (Illustrative.)",
            status=FunderAgreement.Status.ACCEPTED,
        )
        # One allocation was made too low at first, and put right in the summer.
        original = amount - ROUND if first and year == YEAR else amount
        _allocate(source, year, 1, original, "")
        if original != amount:
            _allocate(source, year, 2, amount, "Raised after the first quarter's forecast (illustrative).")
        first = False


def _allocate(source: FundingSource, year: int, sequence: int, pence: int, because: str) -> None:
    Allocation.objects.create(
        source=source,
        year=year,
        layer=Layer.ILLUSTRATIVE,
        sequence=sequence,
        amount_pence=pence,
        restated_because=because,
        place="Illustrative",
    )


def put_budget_lines(world: World) -> None:
    """What was set aside by programme, source and category: what the awards need, and sometimes a little more."""
    planned: Counter[tuple[int, int, int]] = Counter()
    rows = FundingSplit.objects.filter(commitment__ref__startswith="ILL-", year=YEAR)
    for programme, source, category, pence in rows.values_list(
        "commitment__programme", "source", "commitment__category", "amount_pence"
    ):
        planned[programme, source, category] += pence
    lines = []
    for number, (key, pence) in enumerate(sorted(planned.items()), start=1):
        programme, source, category = key
        spare = world.chance.choice((0, 0, LINE_ROUND, 5 * LINE_ROUND))
        lines.append(
            BudgetLine(
                ref=f"ILL-B{number:04d}",
                layer=Layer.ILLUSTRATIVE,
                year=YEAR,
                category_id=category,
                programme_id=programme,
                source_id=source,
                amount_pence=_up(pence, LINE_ROUND) + spare,
                place="Illustrative",
            )
        )
    BudgetLine.objects.bulk_create(lines)


def put_rules(world: World) -> None:
    """One invented condition: grant money of the first source is spent in its year."""
    FunderRule.objects.get_or_create(
        source=world.sources[0],
        slug="illustrative-spent-in-year",
        defaults={
            "title": "Spent and delivered by 31 March (illustrative)",
            "kind": FunderRule.Kind.SPENT_BY_YEAR_END,
            "numerator": "spend.total",
            "denominator": "award.total",
            "first_year": YEAR,
            "last_year": YEAR,
            "place": "Illustrative",
        },
    )


def _up(pence: int, to: int) -> int:
    return -(-pence // to) * to

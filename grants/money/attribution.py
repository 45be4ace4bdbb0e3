"""Which source spend belongs to: the line's own, or the award's splits in proportion; one rule for all of us."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from django.db.models import Q

from grants.models import FundingSplit
from vru.lib.money import split_pence
from vru.lib.periods import FinancialYear

Split = Mapping[str, int]


def splits_of_year(year: FinancialYear, layer: str) -> dict[int, dict[str, int]]:
    """Pence of each commitment by source in the year; all its years together where it has none in this one.

    Of commitments that touch the year, by their id, sources in their order. One query.
    """
    in_year: dict[int, dict[str, int]] = defaultdict(dict)
    ever: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    touches = Q(year=year.start) | Q(commitment__starts_on__lte=year.ends_on, commitment__ends_on__gte=year.starts_on)
    rows = (
        FundingSplit.objects.filter(commitment__programme__layer=layer)
        .filter(touches)
        .order_by("commitment_id", "source__order", "source__slug", "year")
        .values_list("commitment_id", "source__slug", "year", "amount_pence")
    )
    for commitment, source, of, pence in rows:
        ever[commitment][source] += pence
        if of == year.start:
            in_year[commitment][source] = pence
    return {commitment: in_year.get(commitment) or dict(split) for commitment, split in ever.items()}


def attributed(pence: int, source: str | None, splits: Split, *, nowhere: str) -> list[tuple[str, int]]:
    """Pence by source: the line's own, or the splits in proportion, to the penny by the largest remainder.

    ``nowhere`` is the name of what has no splits to follow.
    """
    if source is not None:
        return [(source, pence)]
    if len(splits) == 1:
        return [(only, pence) for only in splits]
    if not any(splits.values()):
        return [(nowhere, pence)]
    return list(zip(splits, split_pence(pence, list(splits.values())), strict=True))

"""Money by area: what belongs to a commitment is divided in proportion to its area shares, to the penny."""

from __future__ import annotations

from collections import defaultdict

from evaluation.figures.computation import Computation
from evaluation.figures.rollup import NONE
from grants.models import AreaShare
from vru.lib.money import split_pence


def over_areas(computation: Computation, commitment: int, pence: int) -> list[tuple[str, int]]:
    """Pence by area code. A commitment without shares stands under "none"."""
    shares: dict[int, list[tuple[str, int]]] = computation.keep("area shares", lambda: _shares(computation))
    lines = shares.get(commitment) or [(NONE, 1)]
    weights = [weight for _, weight in lines]
    amounts = split_pence(pence, weights if any(weights) else [1] * len(weights))
    return [(code, amount) for (code, _), amount in zip(lines, amounts, strict=True)]


def _shares(computation: Computation) -> dict[int, list[tuple[str, int]]]:
    found = AreaShare.objects.filter(commitment__programme__layer=computation.scope.layer)
    shares: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for pk, code, pence in found.order_by("commitment_id", "area__order", "area__code").values_list(
        "commitment_id", "area__code", "amount_pence"
    ):
        shares[pk].append((code, pence))
    return shares

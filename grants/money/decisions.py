"""What was awarded under a decision, beside what the decision authorised. Reads only.

An award stands under its own decision; without one, under its programme's; for a project without one, under that of the
programme it is part of.
"""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import F, Sum
from django.db.models.functions import Coalesce

from grants.models import Commitment
from grants.models.commitment import CommitmentQuerySet
from programmes.models import Decision

_UNDER = Coalesce(F("decision"), F("programme__decision"), F("programme__parent__decision"))


def commitments_under(decision: Decision) -> CommitmentQuerySet:
    """Every grant, contract and unit cost of the decision's layer that stands under it, awarded or not."""
    return Commitment.objects.in_layer(decision.layer).annotate(under=_UNDER).filter(under=decision.pk)


def awarded_under(decisions: Collection[Decision]) -> dict[int, int]:
    """Pence awarded under each decision, by its key, in one query; drafts and unanswered offers are not awarded."""
    wanted = {decision.pk: decision.layer for decision in decisions}
    rows = (
        Commitment.objects.awarded()
        .annotate(under=_UNDER)
        .filter(under__in=wanted)
        .order_by()
        .values("under", "programme__layer")
        .annotate(pence=Sum("award_pence"))
    )
    found = dict.fromkeys(wanted, 0)
    for row in rows:
        if wanted[row["under"]] == row["programme__layer"]:
            found[row["under"]] += row["pence"]
    return found

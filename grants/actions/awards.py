"""Changes to an award: its status, its splits by source and year, and its shares by area."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from grants.actions.award_plan import begin_plan_change, check_parts, may_be_partial, why
from grants.actions.schedule import lock_commitment
from grants.models import COMMITMENT_STATES, AreaShare, Commitment, FundingSplit, Variation
from grants.money.headroom import SourceYear, check_headroom
from programmes.models import Area, FundingSource
from vru.accounts.models import AuditEvent, User


@transaction.atomic
def set_funding_splits(
    *,
    commitment: Commitment,
    splits: Mapping[tuple[FundingSource, int], int],
    by: User | None,
    variation: Variation | None = None,
    partial: bool = False,
) -> Commitment:
    """Replace the splits. ``splits`` maps (source, year in which the financial year begins) to pence.

    Raises ``ActionRefused`` unless they sum to the award to the penny (``partial`` keeps less, in a draft), and past
    the draft without an approved ``variation``.
    """
    locked = begin_plan_change(commitment, by, variation, part="splits")
    check_parts(splits.values(), locked.award_pence, "The splits", partial=may_be_partial(locked, partial))
    taken = _taken(locked)
    if locked.status != Commitment.Status.DRAFT:
        check_headroom(locked, splits, already=taken)
    before = {f"{source.pk}/{year}": pence for (source, year), pence in taken.items()}
    locked.splits.all().delete()
    FundingSplit.objects.bulk_create(
        FundingSplit(commitment=locked, source=source, year=year, amount_pence=pence)
        for (source, year), pence in splits.items()
        if pence
    )
    after = {f"{source.pk}/{year}": pence for (source, year), pence in splits.items()}
    AuditEvent.record("splits set", locked, by=by, reason=why(variation), before=before, after=after)
    return locked


def _taken(commitment: Commitment) -> dict[SourceYear, int]:
    rows = commitment.splits.select_related("source")
    return {(row.source, row.year): row.amount_pence for row in rows}


@transaction.atomic
def set_area_shares(
    *,
    commitment: Commitment,
    shares: Mapping[Area, int],
    by: User | None,
    variation: Variation | None = None,
) -> Commitment:
    """Replace the shares by area, in pence. Raises ``ActionRefused`` as ``set_funding_splits`` does."""
    locked = begin_plan_change(commitment, by, variation, part="area_shares")
    check_parts(shares.values(), locked.award_pence, "The area shares")
    before = {row.area.code: row.amount_pence for row in locked.area_shares.select_related("area")}
    locked.area_shares.all().delete()
    AreaShare.objects.bulk_create(
        AreaShare(commitment=locked, area=area, amount_pence=pence) for area, pence in shares.items() if pence
    )
    after = {area.code: pence for area, pence in shares.items()}
    AuditEvent.record("area shares set", locked, by=by, reason=why(variation), before=before, after=after)
    return locked


@transaction.atomic
def change_status(*, commitment: Commitment, to: Commitment.Status, by: User | None, reason: str = "") -> Commitment:
    """Move a commitment along its state table. Raises ``TransitionRefused``; accepting needs whole splits.

    Offering and accepting need room in each source (``ActionRefused``): the splits are promised from then on.
    """
    locked = lock_commitment(commitment)
    COMMITMENT_STATES.check(Commitment.Status(locked.status), to)
    taken = _taken(locked)
    if to == Commitment.Status.ACCEPTED:
        check_parts(taken.values(), locked.award_pence, "The splits")
    if to in (Commitment.Status.OFFERED, Commitment.Status.ACCEPTED):
        check_headroom(locked, taken)
    was, locked.status = locked.status, to
    locked.save(update_fields=["status"])
    AuditEvent.record(f"grant {to.label.lower()}", locked, by=by, reason=reason, before=was, after=to.value)
    return locked

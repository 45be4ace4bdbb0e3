"""Changes to an award: its status, its splits by source and year, and its shares by area."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.db import transaction

from grants.errors import ActionRefused
from grants.models import COMMITMENT_STATES, AreaShare, Commitment, FundingSplit
from programmes.models import Area, FundingSource
from vru.accounts.models import AuditEvent, User
from vru.lib.money import Money


def _locked(commitment: Commitment) -> Commitment:
    return Commitment.objects.select_for_update().get(pk=commitment.pk)


def _must_sum(parts: Collection[int], award: int, what: str) -> None:
    total = sum(parts)
    if any(part < 0 for part in parts):
        raise ActionRefused(f"{what} cannot be negative.")
    if total != award:
        gap = Money(abs(award - total))
        side = "short of" if total < award else "above"
        raise ActionRefused(f"{what} come to {Money(total)}, which is {gap} {side} the award of {Money(award)}.")


@transaction.atomic
def set_funding_splits(
    *, commitment: Commitment, splits: Mapping[tuple[FundingSource, int], int], by: User | None
) -> Commitment:
    """Replace the splits. ``splits`` maps (source, year in which the financial year begins) to pence.

    Raises ``ActionRefused`` unless they sum to the award to the penny.
    """
    locked = _locked(commitment)
    _must_sum(splits.values(), locked.award_pence, "The splits")
    before = {f"{row.source_id}/{row.year}": row.amount_pence for row in locked.splits.all()}
    locked.splits.all().delete()
    FundingSplit.objects.bulk_create(
        FundingSplit(commitment=locked, source=source, year=year, amount_pence=pence)
        for (source, year), pence in splits.items()
        if pence
    )
    after = {f"{source.pk}/{year}": pence for (source, year), pence in splits.items()}
    AuditEvent.record("splits set", locked, by=by, before=before, after=after)
    return locked


@transaction.atomic
def set_area_shares(*, commitment: Commitment, shares: Mapping[Area, int], by: User | None) -> Commitment:
    """Replace the shares by area, in pence. Raises ``ActionRefused`` unless they sum to the award to the penny."""
    locked = _locked(commitment)
    _must_sum(shares.values(), locked.award_pence, "The area shares")
    locked.area_shares.all().delete()
    AreaShare.objects.bulk_create(
        AreaShare(commitment=locked, area=area, amount_pence=pence) for area, pence in shares.items() if pence
    )
    AuditEvent.record("area shares set", locked, by=by, shares={area.code: pence for area, pence in shares.items()})
    return locked


@transaction.atomic
def change_status(*, commitment: Commitment, to: Commitment.Status, by: User, reason: str = "") -> Commitment:
    """Move a commitment along its state table. Raises ``TransitionRefused``; accepting needs whole splits."""
    locked = _locked(commitment)
    COMMITMENT_STATES.check(Commitment.Status(locked.status), to)
    if to == Commitment.Status.ACCEPTED:
        _must_sum([row.amount_pence for row in locked.splits.all()], locked.award_pence, "The splits")
    was, locked.status = locked.status, to
    locked.save(update_fields=["status"])
    AuditEvent.record(f"grant {to.label.lower()}", locked, by=by, reason=reason, before=was, after=to.value)
    return locked

"""A consortium: the partners of an award's organisation and what each receives of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from grants.actions.schedule import lock_commitment
from grants.actions.texts import check_reason, check_text
from grants.errors import ActionRefused
from grants.models import Commitment, ConsortiumPartner
from vru.accounts.history import create_with_history
from vru.accounts.models import AuditEvent, Organisation, User
from vru.accounts.permissions import PLANNERS_OF_AWARDS
from vru.lib.money import Money

LONGEST_DELIVERS = 300


@dataclass(frozen=True, slots=True)
class Partner:
    organisation: Organisation
    share_pence: int
    delivers: str = ""


@transaction.atomic
def set_partners(
    *, commitment: Commitment, partners: Sequence[Partner], by: User, reason: str = ""
) -> list[ConsortiumPartner]:
    """Make these the partners. The lead keeps what they do not get, so their shares come to the award at most.

    Past the draft a reason is needed: the agreement named others. Raises ``ActionRefused`` for the lead as its own
    partner, one named twice, one of another layer, and shares above the award.
    """
    if not by.has_role(*PLANNERS_OF_AWARDS):
        raise ActionRefused("Only a programme manager, a finance officer or the director can change the partners.")
    locked = lock_commitment(commitment)
    if locked.status != Commitment.Status.DRAFT:
        reason = check_reason(reason, "Say why the partners change: the agreement names others.")
    _check(locked, partners)
    before = {row.organisation.ref: row.share_pence for row in locked.partners.select_related("organisation")}
    after = {partner.organisation.ref: partner.share_pence for partner in partners}
    locked.partners.all().delete()
    rows = [
        ConsortiumPartner(
            commitment=locked,
            organisation=partner.organisation,
            share_pence=partner.share_pence,
            delivers=partner.delivers.strip(),
        )
        for partner in partners
    ]
    create_with_history(rows, by=by)
    if before != after:
        AuditEvent.record("partners set", locked, by=by, reason=reason, before=before, after=after)
    return rows


def _check(commitment: Commitment, partners: Sequence[Partner]) -> None:
    seen: set[int] = set()
    for partner in partners:
        organisation = partner.organisation
        if organisation.pk == commitment.organisation_id:
            raise ActionRefused(f"{organisation} leads, so it is not its own partner.")
        if organisation.pk in seen:
            raise ActionRefused(f"{organisation} is named twice. Give it one share.")
        if organisation.layer != commitment.programme.layer or organisation.merged_into_id is not None:
            raise ActionRefused(f"{organisation} cannot be a partner here. Choose another organisation.")
        if partner.share_pence < 0:
            raise ActionRefused("A partner's share cannot be negative.")
        check_text(partner.delivers, "What a partner delivers", LONGEST_DELIVERS)
        seen.add(organisation.pk)
    total = sum(partner.share_pence for partner in partners)
    if total > commitment.award_pence:
        raise ActionRefused(
            f"Partners would receive {Money(total)}, which is {Money(total - commitment.award_pence)} above the award "
            f"of {Money(commitment.award_pence)}."
        )

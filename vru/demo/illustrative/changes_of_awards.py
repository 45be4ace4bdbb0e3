"""Changes of awards in the illustrative year: asked for, proposed, refused; and money moved from where it lay."""

from __future__ import annotations

import copy
import datetime
from random import Random

from grants.actions.virements import propose_virement
from grants.errors import ActionRefused
from grants.models import Commitment, Variation, Virement
from grants.money.movable import Movable
from grants.money.plan import Plan, plan_of, reported_quarters
from grants.money.replan import replan
from programmes.models import FundingSource
from vru.accounts.models import User
from vru.demo.illustrative.plan import SEED, YEAR
from vru.demo.illustrative.world import World, at
from vru.lib.layers import Layer
from vru.lib.periods import FinancialYear

# The day on which the year's third quarter is looked at.
DAY = datetime.date(YEAR + 1, 1, 15)
VIREMENTS = 2
Kind, Status = Variation.Kind, Variation.Status


def put_changes_of_awards(world: World, staff: dict[str, User]) -> None:
    """Its own chance, so that no number made before moves."""
    chance = Random(SEED + 41)
    _complete_old_variations()
    grants = [each for each in world.commitments if each.kind == Commitment.Kind.GRANT and each.status == "active"]
    own, others = grants[:4], grants[4:]
    free = [each for each in others if not each.variations.exists()]
    chosen = chance.sample(free, 3)
    _asked(own[0], Status.ASKED)
    _proposed(chosen[0], staff["manager"], Status.PROPOSED, "")
    _proposed(
        chosen[1], staff["manager-two"], Status.REFUSED, "The programme has no money left for it.", staff["director"]
    )
    _proposed(chosen[2], staff["manager-three"], Status.WITHDRAWN, "The grantee found another hall.")
    _put_virements(staff["finance"], chosen)


def _complete_old_variations() -> None:
    """The approved ones kept their amounts only; here what stood and what stands is worked out for them."""
    rows = Variation.objects.filter(commitment__programme__layer=Layer.ILLUSTRATIVE, status=Status.APPROVED)
    for variation in rows.select_related("commitment"):
        after = plan_of(variation.commitment)
        if after["award"] == variation.after_pence:
            variation.after = after
            variation.before = replan(after, reported=(), award=variation.before_pence)
            variation.save(update_fields=["before", "after"])


def _asked(grant: Commitment, status: Variation.Status) -> None:
    member = grant.organisation.memberships.filter(role="submitter").order_by("pk").first()
    if member is None:
        return
    Variation.objects.create(
        commitment=grant,
        number=_next(grant),
        kind=Kind.REPROFILE,
        status=status,
        asked="Move what is left for rooms to staff in the last quarter: the sessions will be outdoors.",
        reason="The hall is closed until the spring.",
        before_pence=grant.award_pence,
        after_pence=grant.award_pence,
        effective_on=DAY,
        asked_by=member.user,
        asked_at=at(DAY),
    )


def _proposed(
    grant: Commitment, by: User, status: Variation.Status, because: str, closed_by: User | None = None
) -> None:
    before = plan_of(grant)
    award = before["award"] + before["award"] // 20
    after: Plan = replan(copy.deepcopy(before), reported=reported_quarters(grant), award=award, effective_on=DAY)
    closed = {} if not because else {"closed_by": closed_by or by, "closed_at": at(DAY + datetime.timedelta(days=6))}
    Variation.objects.create(
        commitment=grant,
        number=_next(grant),
        kind=Kind.AWARD,
        status=status,
        reason="More young people came than were planned for.",
        before=before,
        after=after,
        before_pence=before["award"],
        after_pence=award,
        effective_on=DAY,
        proposed_by=by,
        proposed_at=at(DAY),
        closed_because=because,
        **closed,
    )


def _put_virements(by: User, busy: list[Commitment]) -> None:
    """From the awards with most to move to others of the same source, proposed and waiting for somebody's approval."""
    movable = Movable(FinancialYear(YEAR), Layer.ILLUSTRATIVE, on=DAY, through=3)
    taken = {each.pk for each in busy}
    made = 0
    for giving in movable.positions:
        if made == VIREMENTS or giving.movable < 100_000:
            break
        if giving.pk in taken:
            continue
        receiving = next(
            (
                row
                for row in movable.positions
                if row.source == giving.source and row.pk not in {*taken, giving.pk} and (row.underspend or 0) < 0
            ),
            None,
        )
        if receiving is None:
            continue
        try:
            virement = propose_virement(
                source=FundingSource.objects.get(slug=giving.source),
                year=YEAR,
                amount_pence=giving.movable // 200_000 * 100_000 or 100_000,
                giving=Commitment.objects.get(pk=giving.pk),
                receiving=Commitment.objects.get(pk=receiving.pk),
                reason="Sessions that will not be held before 31 March; the other grant is full.",
                on=DAY,
                by=by,
            )
        except ActionRefused:
            # That award cannot give or take; the next one may.
            continue
        _date(virement)
        taken |= {giving.pk, receiving.pk}
        made += 1


def _date(virement: Virement) -> None:
    """It belongs to the invented year, not to the day on which the year is made."""
    rows: list[Virement | Variation] = [virement, *virement.variations.all()]
    for row in rows:
        row.proposed_at = at(DAY)
        row.save(update_fields=["proposed_at"])


def _next(grant: Commitment) -> int:
    return grant.variations.count() + 1

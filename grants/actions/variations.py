"""Changes to an award: asked for by the grantee, proposed by one of the unit, approved by another, applied whole."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from grants.actions.plan_rows import apply_plan, lock_sources
from grants.actions.recovery import open_debt
from grants.actions.schedule import lock_commitment
from grants.actions.texts import check_reason, check_text
from grants.errors import ActionRefused
from grants.messages import tell_variation_asked, tell_variation_decided
from grants.models import VARIATION_STATES, Commitment, RecoveryDebt, Variation, Virement
from grants.money.paid import above_award, net_paid
from grants.money.plan import Plan, fingerprint, plan_of
from grants.money.plan_rules import check_plan
from vru.accounts.models import AuditEvent, User
from vru.accounts.permissions import APPROVERS_OF_MONEY, PLANNERS_OF_AWARDS

Kind, Status = Variation.Kind, Variation.Status
VARIABLE = frozenset(
    {
        Commitment.Status.ACCEPTED,
        Commitment.Status.ACTIVE,
        Commitment.Status.SUSPENDED,
        Commitment.Status.COMPLETED,
        Commitment.Status.TERMINATED,
    }
)
LONGEST_WISH = 2_000
STALE = (
    "The award's plan has changed since this was proposed, so approving it would undo that change. Propose it again "
    "from the plan as it stands now."
)


def can_be_varied(commitment: Commitment) -> bool:
    """Once accepted and until reconciled. A draft is simply edited, and an offer is taken back to draft."""
    return commitment.status in VARIABLE


@transaction.atomic
def ask_variation(*, commitment: Commitment, kind: Variation.Kind, asked: str, reason: str, by: User) -> Variation:
    """The grantee asks for a change in its own words; the unit turns it into figures, or refuses. A double click asks
    once.

    Raises ``ActionRefused`` for anybody else, without words or a reason, and while another request of theirs waits.
    """
    if not by.acts_for(commitment.organisation_id):
        raise ActionRefused("Only the organisation's own people can ask for a change.")
    why = check_reason(reason, "Say why the change is needed.")
    words = asked.strip()
    if not words:
        raise ActionRefused("Say what you would like to change.")
    check_text(words, "What you ask for", LONGEST_WISH)
    locked = lock_commitment(commitment)
    _check_variable(locked)
    waiting = locked.variations.filter(status=Status.ASKED).first()
    if waiting is not None:
        if (waiting.kind, waiting.asked, waiting.reason) == (kind, words, why):
            return waiting
        raise ActionRefused("You have asked for a change already. We will answer that first, or you can take it back.")
    variation = Variation.objects.create(
        commitment=locked,
        number=_next_number(locked),
        kind=kind,
        status=Status.ASKED,
        asked=words,
        reason=why,
        before_pence=locked.award_pence,
        after_pence=locked.award_pence,
        effective_on=timezone.localdate(),
        asked_by=by,
        asked_at=timezone.now(),
    )
    AuditEvent.record("variation asked for", locked, by=by, reason=why, number=variation.number, kind=kind.value)
    tell_variation_asked(variation)
    return variation


@transaction.atomic
def propose_variation(
    *,
    commitment: Commitment,
    kind: Variation.Kind,
    after: Plan,
    reason: str,
    effective_on: datetime.date,
    by: User,
    answering: Variation | None = None,
    based_on: str = "",
    virement: Virement | None = None,
) -> Variation:
    """Put a whole new plan forward. ``after`` has the shape of ``plan_of``; what stands now is kept beside it.

    ``answering`` is what the grantee asked for: it becomes this proposal. ``based_on`` is the fingerprint of the plan
    that the person saw when they began; a plan that changed meanwhile is refused. The same proposal again returns the
    one that waits. ``virement`` makes it one side of a move of money. Raises ``ActionRefused`` for anything that
    ``check_plan`` does not accept.
    """
    if not by.has_role(*PLANNERS_OF_AWARDS):
        raise ActionRefused("Only a programme manager, a finance officer or the director can propose a variation.")
    why = check_reason(reason, "Say why the award changes: the reason is kept with it.")
    locked = lock_commitment(commitment)
    _check_variable(locked)
    before = plan_of(locked)
    if based_on and based_on != fingerprint(before):
        raise ActionRefused(
            "The award's plan has changed since you began. Nothing was kept: begin again from what stands."
        )
    check_plan(locked, kind, before, after, effective_on=effective_on)
    same = locked.variations.filter(
        status=Status.PROPOSED, proposed_by=by, kind=kind, reason=why, effective_on=effective_on, virement=virement
    )
    twin = next((each for each in same if each.before == before and each.after == after), None)
    if twin is not None:
        return twin
    variation = _begun(locked, answering)
    variation.kind, variation.reason, variation.effective_on = kind, why, effective_on
    variation.virement = virement
    variation.before, variation.after = before, after
    variation.before_pence, variation.after_pence = before["award"], after["award"]
    variation.status, variation.proposed_by, variation.proposed_at = Status.PROPOSED, by, timezone.now()
    variation.save()
    AuditEvent.record(
        "variation proposed", locked, by=by, reason=why, number=variation.number, before=before, after=after
    )
    return variation


@transaction.atomic
def approve_variation(*, variation: Variation, by: User) -> Variation:
    """Apply the whole plan at once, under the award's lock. The same press again changes nothing.

    Raises ``ActionRefused`` for the person who proposed it or acts for the grantee, for a plan that changed since, and
    where a source has no room. An award that falls below what was paid opens a recovery debt for the rest.
    """
    locked, commitment = _locked(variation)
    if locked.virement_id is not None:
        raise ActionRefused(f"This is one side of {locked.virement}. Approve the virement: both sides change together.")
    return approve_locked(locked, commitment, by)


def approve_locked(variation: Variation, commitment: Commitment, by: User) -> Variation:
    """The approval itself, of rows that the caller has locked: a virement approves both its sides through here."""
    if variation.status == Status.APPROVED and variation.approved_by_id == by.pk:
        return variation
    _check_decider(variation, commitment, by)
    if variation.status != Status.PROPOSED:
        raise ActionRefused(f"This variation is {variation.get_status_display().lower()}, so it cannot be approved.")
    before = plan_of(commitment)
    if before != variation.before:
        raise ActionRefused(STALE)
    check_plan(commitment, variation.kind, before, variation.after, effective_on=variation.effective_on)
    lock_sources(before, variation.after)
    variation.status, variation.approved_by, variation.approved_at = Status.APPROVED, by, timezone.now()
    variation.save(update_fields=["status", "approved_by", "approved_at"])
    apply_plan(commitment, variation, by)
    AuditEvent.record(
        "variation approved",
        commitment,
        by=by,
        reason=variation.reason,
        number=variation.number,
        before=before,
        after=variation.after,
    )
    _recover(variation, commitment, by)
    tell_variation_decided(variation)
    return variation


def _recover(variation: Variation, commitment: Commitment, by: User) -> None:
    """What stays paid above the new award, less what is to come back already, becomes a debt."""
    ids = [commitment.pk]
    excess = net_paid(ids).get(commitment.pk, 0) - variation.after_pence - above_award(ids).get(commitment.pk, 0)
    if excess > 0:
        open_debt(
            commitment=commitment,
            cause=RecoveryDebt.Cause.VARIATION,
            amount_pence=excess,
            by=by,
            variation=variation,
            note=f"Variation {variation.number}: {variation.reason}",
        )


@transaction.atomic
def refuse_variation(*, variation: Variation, reason: str, by: User) -> Variation:
    """Say no, with a reason that the grantee reads when it asked. Programme managers may refuse what was only asked."""
    locked, commitment = _locked(variation)
    _check_alone(locked)
    allowed = PLANNERS_OF_AWARDS if locked.status == Status.ASKED else APPROVERS_OF_MONEY
    if not by.has_role(*allowed):
        raise ActionRefused("Only a finance officer or the director can refuse a variation that was proposed.")
    _check_impartial(commitment, by)
    return close_locked(
        locked, Status.REFUSED, check_reason(reason, "Say why it is refused: the grantee reads it."), by
    )


@transaction.atomic
def withdraw_variation(*, variation: Variation, reason: str, by: User) -> Variation:
    """Take back what one asked for or proposed oneself; its people may take back each other's request."""
    locked, commitment = _locked(variation)
    _check_alone(locked)
    is_theirs = locked.status == Status.ASKED and by.acts_for(commitment.organisation_id)
    if not is_theirs and locked.proposed_by_id != by.pk:
        raise ActionRefused("Only the person who put this forward can take it back. Others can refuse it.")
    return close_locked(locked, Status.WITHDRAWN, check_reason(reason, "Say why it is withdrawn."), by)


def close_locked(variation: Variation, to: Variation.Status, why: str, by: User) -> Variation:
    """Refuse or withdraw a variation that the caller has locked. The same again changes nothing."""
    if variation.status == to and variation.closed_by_id == by.pk and variation.closed_because == why:
        return variation
    if not VARIATION_STATES.can(Status(variation.status), to):
        raise ActionRefused(f"This variation is {variation.get_status_display().lower()} already.")
    variation.status, variation.closed_by, variation.closed_at = to, by, timezone.now()
    variation.closed_because = why
    variation.save(update_fields=["status", "closed_by", "closed_at", "closed_because"])
    AuditEvent.record(f"variation {to.value}", variation.commitment, by=by, reason=why, number=variation.number)
    if to == Status.REFUSED:
        tell_variation_decided(variation)
    return variation


def _locked(variation: Variation) -> tuple[Variation, Commitment]:
    """The award's row is locked first, so that two who decide at once come one after the other."""
    commitment = lock_commitment(variation.commitment)
    locked = Variation.objects.select_related("virement", "commitment__organisation").get(pk=variation.pk)
    return locked, commitment


def _begun(commitment: Commitment, answering: Variation | None) -> Variation:
    """The row to fill in: what the grantee asked for, or a new one."""
    if answering is None:
        return Variation(commitment=commitment, number=_next_number(commitment))
    row = commitment.variations.filter(pk=answering.pk).first()
    if row is None or row.status != Status.ASKED:
        raise ActionRefused("What the grantee asked for has been answered already.")
    return row


def _next_number(commitment: Commitment) -> int:
    return (commitment.variations.aggregate(last=Max("number"))["last"] or 0) + 1


def _check_variable(commitment: Commitment) -> None:
    if commitment.status == Commitment.Status.DRAFT:
        raise ActionRefused(
            "This award is a draft: change it where it is set up. A variation changes what was accepted."
        )
    if commitment.status == Commitment.Status.OFFERED:
        raise ActionRefused(
            "This award is offered and not accepted yet. Take the offer back, change it and offer again."
        )
    if not can_be_varied(commitment):
        raise ActionRefused(
            f"This award is {commitment.get_status_display().lower()}, so it cannot be varied any more."
        )


def _check_decider(variation: Variation, commitment: Commitment, by: User) -> None:
    if not by.has_role(*APPROVERS_OF_MONEY):
        raise ActionRefused("Only a finance officer or the director can approve a variation.")
    if variation.proposed_by_id == by.pk:
        raise ActionRefused("You proposed this variation, so somebody else must approve it.")
    _check_impartial(commitment, by)


def _check_impartial(commitment: Commitment, by: User) -> None:
    if by.acts_for(commitment.organisation_id):
        raise ActionRefused("You act for this organisation, so somebody else must decide about its award.")


def _check_alone(variation: Variation) -> None:
    if variation.virement_id is not None:
        raise ActionRefused(f"This is one side of {variation.virement}. Decide about the virement instead.")

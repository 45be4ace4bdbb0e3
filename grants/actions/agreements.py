"""The agreement of an award: made from a template, offered to the grantee, and withdrawn."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone

from grants.actions.awards import change_status
from grants.actions.schedule import lock_commitment
from grants.actions.texts import check_reason
from grants.agreements.queue import queue_agreement
from grants.agreements.terms import resolve, terms_of
from grants.errors import ActionRefused
from grants.messages import submitters_of, tell_about_award
from grants.models import AgreementTemplate, AwardAgreement, Commitment
from grants.money.award_ready import diligence_of, lacks_of
from vru.accounts.models import AuditEvent, User
from vru.accounts.permissions import EDITORS_OF_PROGRAMMES


def check_offerer(by: User, commitment: Commitment, what: str) -> None:
    if not by.has_role(*EDITORS_OF_PROGRAMMES):
        raise ActionRefused(f"Only a programme manager or the director can {what}.")
    if by.acts_for(commitment.organisation_id):
        raise ActionRefused(f"You act for this organisation, so somebody else must {what}.")


@transaction.atomic
def make_agreement(*, commitment: Commitment, template: AgreementTemplate, by: User) -> AwardAgreement:
    """Write the agreement of a draft award as it stands now, and ask for its file. One made before is replaced.

    The same template and the same award again change nothing. Raises ``ActionRefused`` past the draft, and when a token
    of the template has nothing to say.
    """
    check_offerer(by, commitment, "make an agreement")
    locked = lock_commitment(commitment)
    if locked.status != Commitment.Status.DRAFT:
        raise ActionRefused("The award has been offered. Withdraw the offer before you make another agreement.")
    terms = terms_of(locked)
    body = resolve(template, terms)
    live = locked.agreements.filter(ended_at__isnull=True).first()
    if live is not None:
        if (live.template_id, live.terms, live.body) == (template.pk, terms, body):
            return live
        _end(live, "Replaced by a later one.")
    last = locked.agreements.aggregate(last=Max("number"))["last"] or 0
    made = AwardAgreement.objects.create(
        commitment=locked,
        number=last + 1,
        template=template,
        terms=terms,
        body=body,
        made_by=by,
        made_at=timezone.now(),
    )
    AuditEvent.record("agreement made", locked, by=by, number=made.number, template=str(template))
    queue_agreement(agreement=made, by=by)
    return made


@transaction.atomic
def offer_award(*, commitment: Commitment, by: User, despite: str = "") -> Commitment:
    """Offer a whole award to its organisation, and tell it. An award offered already stays as it is.

    Raises ``ActionRefused`` for whatever is missing, for an agreement that no longer says what the award is, and after
    a failed check of due diligence unless ``despite`` says why it is offered all the same.
    """
    check_offerer(by, commitment, "offer an award")
    locked = lock_commitment(commitment)
    if locked.status == Commitment.Status.OFFERED:
        return locked
    missing = [lack.text for lack in lacks_of(locked) if not lack.advice]
    if missing:
        raise ActionRefused(f"This award is not whole yet. {' '.join(missing)}")
    _check_diligence(locked, despite)
    agreement = _standing(locked)
    offered = change_status(commitment=locked, to=Commitment.Status.OFFERED, by=by, reason=despite.strip())
    if agreement is not None:
        agreement.offered_by, agreement.offered_at = by, timezone.now()
        agreement.save(update_fields=["offered_by", "offered_at"])
        tell_about_award(
            submitters_of(offered),
            offered,
            key=f"offer of agreement {agreement.pk}",
            title="You are offered an award",
            text=f"{offered.title}. Read the agreement, and accept it or say why not.",
            template="award_offered",
            href=reverse("grants:agreement", args=[offered.ref, agreement.number]),
            action="Read the agreement",
        )
    return offered


@transaction.atomic
def withdraw_offer(*, commitment: Commitment, by: User, reason: str) -> Commitment:
    """Take an offer back that nobody has accepted: the award is a draft again, and its agreement ended."""
    check_offerer(by, commitment, "withdraw an offer")
    why = check_reason(reason, "Say why the offer is withdrawn: the organisation reads it.")
    locked = lock_commitment(commitment)
    if locked.status != Commitment.Status.OFFERED:
        raise ActionRefused("There is no offer to withdraw.")
    return back_to_draft(locked, by, f"Withdrawn: {why}")


def back_to_draft(commitment: Commitment, by: User, why: str) -> Commitment:
    """End the offer's agreement and make the award a draft again. The caller checked who asks, and holds the lock."""
    live = commitment.agreements.filter(ended_at__isnull=True).first()
    draft = change_status(commitment=commitment, to=Commitment.Status.DRAFT, by=by, reason=why)
    if live is not None:
        _end(live, why)
        tell_about_award(
            submitters_of(draft),
            draft,
            key=f"end of agreement {live.pk}",
            title="The offer of an award has ended",
            text=f"{draft.title}. {why}",
            template="award_ended",
            href=reverse("home"),
            action="Open your grants",
            reason=why,
        )
    return draft


def _check_diligence(commitment: Commitment, despite: str) -> None:
    failed = diligence_of(commitment.organisation, timezone.localdate()).failed
    if failed and not despite.strip():
        raise ActionRefused(
            f"A check of {commitment.organisation} has failed: {', '.join(failed).lower()}. Say why the award is "
            "offered all the same, or settle the check first."
        )
    if despite.strip():
        check_reason(despite, "Say why.")


def _standing(commitment: Commitment) -> AwardAgreement | None:
    """The agreement to be offered, if it still says what the award is."""
    live = commitment.agreements.select_related("template").filter(ended_at__isnull=True).first()
    if live is not None and live.terms != terms_of(commitment):
        raise ActionRefused("The award has changed since its agreement was made. Make the agreement again.")
    return live


def _end(agreement: AwardAgreement, why: str) -> None:
    agreement.ended_at, agreement.ended_because = timezone.now(), why
    agreement.save(update_fields=["ended_at", "ended_because"])

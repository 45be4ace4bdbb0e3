"""The second person: who may sign, signing, sending back instead, and the waiver where there is no second person."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils import timezone

from grants.actions.completion import complete
from grants.actions.drafts import lock_return, move
from grants.actions.texts import LONGEST_REASON, check_text
from grants.errors import ActionRefused
from grants.messages import tell_sent_back, tell_signed
from grants.models import Commitment, MonitoringReturn, ReturnQuery, Revision
from grants.timetable.locks import Lock, closed_quarter_lock
from vru.accounts.models import AuditEvent, Delegation, Membership, Role, User


def signs_for(
    user: User, organisation_id: int, today: datetime.date, *, submitted_by: int | None = None
) -> User | None:
    """In whose name ``user`` signs: their own, or the signatory's who delegated; None: nobody's.

    ``submitted_by`` is the key of who submitted: nobody signs in that person's name, or one would be both.
    """
    here = Membership.objects.current().filter(organisation=organisation_id)
    signatories = here.filter(role=Membership.Role.SIGNATORY)
    if signatories.filter(user=user).exists():
        return user
    if not here.filter(user=user).exists():
        return None
    given = (
        Delegation.objects.in_force_on(today)
        .filter(organisation=organisation_id, delegate=user, signatory__in=signatories.values("user"))
        .exclude(signatory=submitted_by)
        .select_related("signatory")
        .first()
    )
    return given.signatory if given else None


def who_can_sign(revision: Revision, today: datetime.date) -> list[User]:
    """Everybody who could sign this version today, by name."""
    grant, sender = revision.monitoring_return.commitment, revision.submitted_by_id
    able = User.objects.signing_for(grant.organisation_id, today, submitted_by=sender)
    if not grant.sole_officer_waiver:
        able = able.exclude(pk=sender)
    return list(able.order_by("name", "pk"))


def why_not_sign(revision: Revision, user: User, today: datetime.date) -> str:
    """The sentence that stops this person from signing this version; '' when nothing does."""
    item = revision.monitoring_return
    if item.status != MonitoringReturn.Status.SUBMITTED or not revision.is_pending:
        return "Only the version waiting for the unit can be signed."
    if revision.signed_at:
        return "This version has been signed already."
    grant = item.commitment
    in_name_of = signs_for(user, grant.organisation_id, today, submitted_by=revision.submitted_by_id)
    if in_name_of is None and signs_for(user, grant.organisation_id, today) is not None:
        return "You sign for the person who submitted, who cannot also sign. Ask another signatory."
    if in_name_of is None:
        return "Only a signatory of the organisation, or somebody a signatory has delegated to, can sign."
    if revision.submitted_by_id == user.pk and not (grant.sole_officer_waiver and in_name_of == user):
        return "The person who submitted cannot also sign. Ask the other signatory."
    return ""


@transaction.atomic
def sign_revision(*, revision: Revision, by: User) -> Revision:
    """A second person signs one revision, and the submission is complete.

    Raises ``ActionRefused`` for anybody else, for the submitter without a recorded sole-officer waiver, and for a
    version that was replaced or signed.
    """
    item = lock_return(revision.monitoring_return)
    locked = Revision.objects.get(pk=revision.pk)
    locked.monitoring_return = item
    today = timezone.localdate()
    if refusal := why_not_sign(locked, by, today):
        raise ActionRefused(refusal)
    in_name_of = signs_for(by, item.commitment.organisation_id, today, submitted_by=locked.submitted_by_id)
    locked.signed_by, locked.signed_at = by, timezone.now()
    locked.save(update_fields=["signed_by", "signed_at"])
    details = {"for": in_name_of.name} if in_name_of and in_name_of != by else {}
    AuditEvent.record("return signed", item, by=by, revision=locked.number, **details)
    tell_signed(locked)
    complete(locked, by)
    return locked


@transaction.atomic
def withdraw_revision(*, revision: Revision, by: User, reason: str = "") -> MonitoringReturn:
    """Take an unsigned version back so that it can be changed; it stays in the history.

    The submitter takes it back; a signatory (or delegate) sends it back and must say why. Raises ``ActionRefused``
    once it is signed, queried, approved or replaced: from then on it is the unit's.
    """
    item = lock_return(revision.monitoring_return)
    locked = Revision.objects.get(pk=revision.pk)
    locked.monitoring_return = item
    if not locked.awaits_signature:
        raise ActionRefused(
            "This version no longer waits for a signature, so it cannot be taken back. "
            "If something is wrong, tell your programme manager."
        )
    is_own = locked.submitted_by_id == by.pk
    if not is_own and signs_for(by, item.commitment.organisation_id, timezone.localdate()) is None:
        raise ActionRefused("Only the person who sent it, or a signatory, can take a return back.")
    if not is_own and not reason.strip():
        raise ActionRefused("Say what should be mended, so that the person who sent it knows.")
    check_text(reason.strip(), "The reason", LONGEST_REASON)
    locked.superseded_at = timezone.now()
    locked.save(update_fields=["superseded_at"])
    move(item, _status_before(item))
    action = "return taken back" if is_own else "return sent back unsigned"
    AuditEvent.record(action, item, by=by, reason=reason.strip(), revision=locked.number)
    if not is_own:
        tell_sent_back(locked)
    return item


def lock_once_back(revision: Revision, today: datetime.date) -> Lock | None:
    """What would stop the grantee from changing this version if it were taken or sent back on ``today``."""
    item = revision.monitoring_return
    lock = closed_quarter_lock(item, today)
    return lock if lock and _status_before(item) == MonitoringReturn.Status.DRAFT else None


def _status_before(item: MonitoringReturn) -> MonitoringReturn.Status:
    """A correction is a correction still; what the unit asked for again stays asked for."""
    if Revision.objects.live().filter(monitoring_return=item, approved_at__isnull=False).exists():
        return MonitoringReturn.Status.REOPENED
    if ReturnQuery.objects.filter(revision__monitoring_return=item).exists():
        return MonitoringReturn.Status.QUERIED
    return MonitoringReturn.Status.DRAFT


@transaction.atomic
def record_sole_officer_waiver(*, commitment: Commitment, by: User, reason: str) -> Commitment:
    """Let one person both submit and sign for this grant, because the organisation has no second officer.

    An empty ``reason`` ends the waiver. Raises ``ActionRefused`` for anybody but a programme manager, for somebody who
    acts for the organisation, and for a grant that asks for no signature.
    """
    grant = Commitment.objects.select_for_update(of=("self",)).get(pk=commitment.pk)
    if not by.has_role(Role.PROGRAMME_MANAGER):
        raise ActionRefused("Only a programme manager can record a waiver of the second signature.")
    if by.acts_for(grant.organisation_id):
        raise ActionRefused("You act for this organisation, so somebody else must record the waiver.")
    if not grant.needs_signatory:
        raise ActionRefused("This grant asks for no second signature, so there is nothing to waive.")
    check_text(reason.strip(), "The reason", LONGEST_REASON)
    before, grant.sole_officer_waiver = grant.sole_officer_waiver, reason.strip()
    if before == grant.sole_officer_waiver:
        return grant
    grant.save(update_fields=["sole_officer_waiver"])
    action = "second signature waived" if grant.sole_officer_waiver else "waiver of second signature ended"
    AuditEvent.record(action, grant, by=by, reason=reason.strip(), before=before)
    return grant

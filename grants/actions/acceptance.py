"""What becomes of an offer, and of the award after it: accepted, declined, started, suspended, resumed, terminated.

Accepting needs no second factor from a grantee: it moves no money, binds only the person's own organisation, is told to
the unit at once, and small charities would be shut out by a telephone they do not have. Who has set one up is asked for
it when signing in, as always.
"""

from __future__ import annotations

import datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from grants.actions.agreements import back_to_draft, check_offerer
from grants.actions.awards import change_status
from grants.actions.drafts import move
from grants.actions.payments import cancel_payment
from grants.actions.schedule import lock_commitment, plan_returns
from grants.actions.texts import check_reason, check_text
from grants.errors import ActionRefused
from grants.messages import managers_of, tell_about_award
from grants.models import AwardAgreement, Commitment, MonitoringReturn, Payment
from vru.accounts.models import AuditEvent, Membership, User
from vru.lib.layers import Layer
from vru.lib.periods import LONDON, long_date

LONGEST_NAME = 200
Status = Commitment.Status


def may_accept(user: User, commitment: Commitment) -> bool:
    """A signatory of the organisation, or the only person who acts for it."""
    members = Membership.objects.current().filter(organisation=commitment.organisation_id, user__is_active=True)
    roles = list(members.values_list("user_id", "role"))
    mine = {role for person, role in roles if person == user.pk}
    return Membership.Role.SIGNATORY in mine or (bool(mine) and len({person for person, _ in roles}) == 1)


@transaction.atomic
def accept_award(*, agreement: AwardAgreement, name: str, by: User) -> AwardAgreement:
    """The organisation accepts on the site. A second press changes nothing; its returns are planned at once.

    Raises ``ActionRefused`` for somebody who may not accept for it, without a name, and for an offer that has ended.
    """
    grant = lock_commitment(agreement.commitment)
    if not may_accept(by, grant):
        raise ActionRefused(
            f"A signatory of {grant.organisation} accepts an award. Ask one of yours, or ask us to name you."
        )
    row, is_new = _open_offer(agreement)
    if not is_new:
        return row
    return _accept(row, grant, name=name, by=by, moment=timezone.now(), is_on_paper=False)


@transaction.atomic
def record_paper_acceptance(
    *, agreement: AwardAgreement, name: str, signed_on: datetime.date, by: User
) -> AwardAgreement:
    """Staff record an agreement that came back signed on paper. Raises ``ActionRefused`` for a day that cannot be."""
    grant = lock_commitment(agreement.commitment)
    check_offerer(by, grant, "record an acceptance")
    row, is_new = _open_offer(agreement)
    if not is_new:
        return row
    assert row.offered_at is not None
    if not timezone.localdate(row.offered_at) <= signed_on <= timezone.localdate():
        raise ActionRefused(
            f"It was offered on {long_date(timezone.localdate(row.offered_at))}. Choose that day or a later one, not "
            "after today."
        )
    moment = max(row.offered_at, datetime.datetime.combine(signed_on, datetime.time(12), tzinfo=LONDON))
    return _accept(row, grant, name=name, by=by, moment=moment, is_on_paper=True)


def _open_offer(agreement: AwardAgreement) -> tuple[AwardAgreement, bool]:
    row = AwardAgreement.objects.select_for_update(of=("self",)).get(pk=agreement.pk)
    if row.ended_at is not None:
        raise ActionRefused(f"This offer has ended. {row.ended_because}")
    if row.offered_at is None:
        raise ActionRefused("This agreement has not been offered yet.")
    return row, row.accepted_at is None


def _accept(
    row: AwardAgreement, grant: Commitment, *, name: str, by: User, moment: datetime.datetime, is_on_paper: bool
) -> AwardAgreement:
    typed = " ".join(name.split())
    if not typed:
        raise ActionRefused("Type the full name of the person who accepts.")
    check_text(typed, "The name", LONGEST_NAME)
    accepted = change_status(commitment=grant, to=Status.ACCEPTED, by=by)
    row.accepted_name, row.accepted_by, row.accepted_at, row.is_on_paper = typed, by, moment, is_on_paper
    row.save(update_fields=["accepted_name", "accepted_by", "accepted_at", "is_on_paper"])
    if accepted.awarded_on is None:
        accepted.awarded_on = timezone.localdate(moment)
        accepted.save(update_fields=["awarded_on"])
    AuditEvent.record("agreement accepted", accepted, by=by, number=row.number, name=typed, on_paper=is_on_paper)
    plan_returns(commitment=accepted, by=by)
    if not is_on_paper:
        _tell_unit(accepted, row, "accepts its award", "The returns are planned.")
    return row


@transaction.atomic
def decline_award(*, agreement: AwardAgreement, reason: str, by: User) -> Commitment:
    """The organisation says no, with a reason: the award is a draft again, for the unit to change or to end."""
    grant = lock_commitment(agreement.commitment)
    if not may_accept(by, grant):
        raise ActionRefused(f"A signatory of {grant.organisation} declines an award. Ask one of yours.")
    row, is_new = _open_offer(agreement)
    if not is_new:
        raise ActionRefused("The award has been accepted. Tell your programme manager what has changed.")
    why = check_reason(reason, "Say why you decline: we read it.")
    draft = back_to_draft(grant, by, f"Declined: {why}")
    _tell_unit(draft, row, "declines its award", why)
    return draft


@transaction.atomic
def accept_internally(*, commitment: Commitment, by: User, reason: str) -> Commitment:
    """Contracts and unit costs have no agreement here: staff record that they stand, with where that is written."""
    check_offerer(by, commitment, "record an acceptance")
    why = check_reason(reason, "Say where the contract or the approval is kept.")
    locked = lock_commitment(commitment)
    if locked.kind == Commitment.Kind.GRANT:
        raise ActionRefused("A grant is accepted by its organisation, on the site or on paper.")
    accepted = change_status(commitment=locked, to=Status.ACCEPTED, by=by, reason=why)
    if accepted.awarded_on is None:
        accepted.awarded_on = timezone.localdate()
        accepted.save(update_fields=["awarded_on"])
    return accepted


@transaction.atomic
def start_award(*, commitment: Commitment, by: User | None, today: datetime.date) -> Commitment:
    """An accepted award becomes active from its first day on. One that is active stays as it is."""
    locked = lock_commitment(commitment)
    if by is not None:
        check_offerer(by, locked, "start an award")
    if locked.status == Status.ACTIVE:
        return locked
    if today < locked.starts_on:
        raise ActionRefused(f"The award starts on {long_date(locked.starts_on)}.")
    return change_status(commitment=locked, to=Status.ACTIVE, by=by)


def start_due(*, today: datetime.date) -> int:
    """Start each accepted award whose first day has come; how many. Only the unit's own records move by themselves."""
    accepted = Commitment.objects.in_layer(Layer.RECORDED).filter(status=Status.ACCEPTED, starts_on__lte=today)
    due = list(accepted.order_by("pk"))
    for commitment in due:
        start_award(commitment=commitment, by=None, today=today)
    return len(due)


@transaction.atomic
def suspend_award(*, commitment: Commitment, by: User, reason: str) -> Commitment:
    """Stop for now: no payment is made while a question is open. The returns go on."""
    check_offerer(by, commitment, "suspend an award")
    why = check_reason(reason, "Say why the award is suspended: the reason is kept with it.")
    return change_status(commitment=commitment, to=Status.SUSPENDED, by=by, reason=why)


@transaction.atomic
def resume_award(*, commitment: Commitment, by: User, reason: str) -> Commitment:
    check_offerer(by, commitment, "resume an award")
    why = check_reason(reason, "Say why the award goes on: the reason is kept with it.")
    locked = lock_commitment(commitment)
    if locked.status != Status.SUSPENDED:
        raise ActionRefused("Only a suspended award can be resumed.")
    return change_status(commitment=locked, to=Status.ACTIVE, by=by, reason=why)


@transaction.atomic
def terminate_award(*, commitment: Commitment, by: User, reason: str) -> Commitment:
    """End an award for good. Payments not made are cancelled, returns not opened yet are waived; the rest is closed.

    Raises ``ActionRefused`` while a payment stands in a run.
    """
    check_offerer(by, commitment, "terminate an award")
    why = check_reason(reason, "Say why the award is terminated: the reason is kept with it.")
    locked = lock_commitment(commitment)
    waiting = locked.payments.filter(is_credit_note=False, status=Payment.Status.PLANNED)
    for payment in waiting.order_by("number"):
        cancel_payment(payment=payment, by=by, reason=f"Award terminated: {why}"[:300])
    ended = change_status(commitment=locked, to=Status.TERMINATED, by=by, reason=why)
    scheduled = MonitoringReturn.objects.select_for_update(of=("self",)).filter(
        commitment=ended, status=MonitoringReturn.Status.SCHEDULED
    )
    for item in scheduled.order_by("pk"):
        move(item, MonitoringReturn.Status.WAIVED, waived_because=f"Award terminated: {why}"[:300])
        AuditEvent.record("return waived", item, by=by, reason=why)
    live = ended.agreements.filter(ended_at__isnull=True, accepted_at__isnull=True).first()
    if live is not None:
        live.ended_at, live.ended_because = timezone.now(), f"Award terminated: {why}"
        live.save(update_fields=["ended_at", "ended_because"])
    return ended


def _tell_unit(grant: Commitment, agreement: AwardAgreement, what: str, text: str) -> None:
    tell_about_award(
        managers_of(grant),
        grant,
        key=f"{what} {agreement.pk}",
        title=f"{grant.organisation} {what}",
        text=f"{grant.title}. {text}",
        template="award_answered",
        href=reverse("grants:detail", args=[grant.ref]),
        for_staff=True,
        what=what,
        said=text,
    )

"""A signatory lets a colleague sign for a while, and takes it back."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils import timezone

from vru.accounts.models import AuditEvent, Delegation, Membership, Organisation, User

LONGEST = datetime.timedelta(days=366)
LONGEST_REASON = 300


class DelegationRefused(ValueError):
    """It is against a rule; the message says which and what to do instead."""


@transaction.atomic
def make_delegation(
    *,
    organisation: Organisation,
    delegate: User,
    starts_on: datetime.date,
    ends_on: datetime.date,
    reason: str,
    by: User,
) -> Delegation:
    """Let ``delegate`` sign in the name of ``by``, both days included. A second click gives what the first made.

    Raises ``DelegationRefused`` unless ``by`` is a signatory of the organisation and ``delegate`` acts for it too, and
    for days that are past, the wrong way round, or more than a year.
    """
    locked = Organisation.objects.select_for_update().get(pk=organisation.pk)
    here = Membership.objects.current().filter(organisation=locked)
    if not here.filter(user=by, role=Membership.Role.SIGNATORY).exists():
        raise DelegationRefused("Only a signatory of the organisation can let somebody else sign.")
    if delegate == by:
        raise DelegationRefused("Choose somebody else: you can sign already.")
    if not here.filter(user=delegate).exists():
        raise DelegationRefused("Choose somebody who acts for the organisation here. Invite them first.")
    _check_days(starts_on, ends_on)
    if not reason.strip():
        raise DelegationRefused("Say why, for example “On leave”: the reason is kept.")
    if len(reason.strip()) > LONGEST_REASON:
        raise DelegationRefused(f"The reason is longer than {LONGEST_REASON} characters. Shorten it.")
    same = Delegation.objects.filter(
        organisation=locked,
        signatory=by,
        delegate=delegate,
        starts_on=starts_on,
        ends_on=ends_on,
        ended_at__isnull=True,
    ).first()
    if same is not None:
        return same
    made = Delegation.objects.create(
        organisation=locked,
        signatory=by,
        delegate=delegate,
        starts_on=starts_on,
        ends_on=ends_on,
        reason=reason.strip(),
        made_at=timezone.now(),
    )
    AuditEvent.record(
        "signature delegated",
        locked,
        by=by,
        reason=made.reason,
        delegate=delegate.name,
        starts_on=starts_on.isoformat(),
        ends_on=ends_on.isoformat(),
    )
    return made


def _check_days(starts_on: datetime.date, ends_on: datetime.date) -> None:
    if ends_on < starts_on:
        raise DelegationRefused("The last day is before the first. Change one of them.")
    if ends_on < timezone.localdate():
        raise DelegationRefused("The last day is past. Choose today or a later day.")
    if ends_on - starts_on > LONGEST:
        raise DelegationRefused("A delegation lasts a year at most. Choose an earlier last day.")


@transaction.atomic
def end_delegation(*, delegation: Delegation, by: User) -> Delegation:
    """Take it back before its last day. Any signatory of the organisation may; a second click changes nothing.

    Raises ``DelegationRefused`` for anybody else.
    """
    locked = Delegation.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=delegation.pk)
    signatories = Membership.objects.current().filter(
        organisation=locked.organisation_id, role=Membership.Role.SIGNATORY
    )
    if not signatories.filter(user=by).exists():
        raise DelegationRefused("Only a signatory of the organisation can end a delegation.")
    if locked.ended_at is not None:
        return locked
    locked.ended_at = timezone.now()
    locked.save(update_fields=["ended_at"])
    AuditEvent.record("delegation ended", locked.organisation, by=by, delegation=locked.pk)
    return locked

"""How people come to act for an organisation, and how they stop: invited, accepted, removed, each of it recorded.

The secret in an invitation's address is returned once, to be mailed; what is kept is its SHA-256.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from vru.accounts.models import ApiToken, AuditEvent, Invitation, Membership, Organisation, Role, User

VALID_FOR = timedelta(days=14)
# For one organisation; more is a mistake, or somebody who makes the site write to strangers.
MAILS_A_DAY = 30
MANAGERS_OF_PEOPLE = (Role.PROGRAMME_MANAGER, Role.ADMINISTRATOR)


class InvitationRefused(ValueError):
    """It is against a rule; the message says which and what to do instead."""


class LastOfRole(InvitationRefused):
    """Nobody else would be left to do this for the organisation; the person may confirm that it is meant."""


def can_manage_people(user: User, organisation: Organisation) -> bool:
    """Programme managers and administrators for every organisation, a signatory for their own."""
    if user.has_role(*MANAGERS_OF_PEOPLE):
        return True
    mine = Membership.objects.current().filter(user=user, organisation=organisation, role=Membership.Role.SIGNATORY)
    return mine.exists()


def hash_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def invite(*, organisation: Organisation, email: str, name: str, role: str, by: User) -> tuple[Invitation, str]:
    """Make an invitation; returns it with its secret, which is kept nowhere.

    Raises ``InvitationRefused`` for somebody who has the role already, who is invited already, or who is on the
    unit's staff. Two clicks make one invitation.
    """
    locked = _lock(organisation, by)
    address = email.strip().lower()
    _check_newcomer(locked, address, role)
    _check_mails(locked)
    secret, now = secrets.token_urlsafe(32), timezone.now()
    invitation = Invitation.objects.create(
        organisation=locked,
        email=address,
        name=" ".join(name.split()),
        role=role,
        secret_hash=hash_of(secret),
        invited_by=by,
        invited_at=now,
        expires_at=now + VALID_FOR,
    )
    AuditEvent.record("person invited", locked, by=by, invitation=invitation.pk, role=role)
    return invitation, secret


@transaction.atomic
def renew_invitation(*, invitation: Invitation, by: User) -> tuple[Invitation, str]:
    """A new secret and a new fortnight for an invitation that waits or has run out; the old link dies."""
    _lock(invitation.organisation, by)
    locked = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if locked.accepted_at or locked.withdrawn_at:
        done = "accepted" if locked.accepted_at else "withdrawn"
        raise InvitationRefused(f"This invitation was {done}, so it cannot be sent again.")
    _check_mails(locked.organisation)
    secret, now = secrets.token_urlsafe(32), timezone.now()
    locked.secret_hash, locked.invited_by = hash_of(secret), by
    locked.invited_at, locked.expires_at = now, now + VALID_FOR
    locked.save(update_fields=["secret_hash", "invited_by", "invited_at", "expires_at"])
    AuditEvent.record("person invited again", locked.organisation, by=by, invitation=locked.pk)
    return locked, secret


@transaction.atomic
def withdraw_invitation(*, invitation: Invitation, by: User) -> Invitation:
    """The link stops working. Withdrawing twice changes nothing; what was accepted is ended by removing the person."""
    _lock(invitation.organisation, by)
    locked = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if locked.accepted_at:
        raise InvitationRefused("This invitation was accepted. Remove the person from the organisation instead.")
    if locked.withdrawn_at is None:
        locked.withdrawn_at = timezone.now()
        locked.save(update_fields=["withdrawn_at"])
        AuditEvent.record("invitation withdrawn", locked.organisation, by=by, invitation=locked.pk)
    return locked


def invitation_with(secret: str) -> Invitation | None:
    """The invitation a link belongs to, whatever became of it."""
    found = Invitation.objects.select_related("organisation", "invited_by", "accepted_by")
    return found.filter(secret_hash=hash_of(secret)).first()


def why_closed(invitation: Invitation, now: datetime) -> str:
    """ "used", "withdrawn" or "expired"; empty while it can be accepted."""
    if invitation.accepted_at:
        return "used"
    if invitation.withdrawn_at:
        return "withdrawn"
    return "" if now < invitation.expires_at else "expired"


@transaction.atomic
def accept_as_newcomer(*, invitation: Invitation, name: str, password: str) -> User:
    """Make the account and the membership. The password has been validated. Raises ``InvitationRefused``."""
    locked = _lock_open(invitation)
    taken = InvitationRefused("There is an account with this address already. Sign in with it to accept.")
    if User.objects.filter(email__iexact=locked.email).exists():
        raise taken
    try:
        with transaction.atomic():
            user = User.objects.create_user(locked.email, password, name=" ".join(name.split()))
    except IntegrityError as error:
        # Another organisation's invitation to the same address, accepted in the same moment.
        raise taken from error
    _join(locked, user)
    return user


@transaction.atomic
def accept_as_member(*, invitation: Invitation, by: User) -> User:
    """Somebody who has an account accepts for it. The invitation is for its address and nobody else's."""
    locked = _lock_open(invitation)
    if by.email.lower() != locked.email.lower():
        raise InvitationRefused(f"This invitation is for {locked.email}. Sign in with that address to accept it.")
    _join(locked, by)
    return by


@transaction.atomic
def remove_member(*, membership: Membership, by: User, although_last: bool = False) -> Membership:
    """The person no longer does this for the organisation; what they did stays. Removing twice changes nothing.

    Raises ``LastOfRole`` when nobody else could do it, unless ``although_last`` says that this is meant.
    """
    organisation = _lock(membership.organisation, by)
    locked = Membership.objects.select_related("user").get(pk=membership.pk)
    if locked.ended_at is not None:
        return locked
    others = (
        Membership.objects.current()
        .filter(organisation=organisation, role=locked.role, user__is_active=True)
        .exclude(pk=locked.pk)
    )
    if not although_last and not others.exists():
        what = locked.get_role_display().lower()
        raise LastOfRole(f"{locked.user.name} is the last person at {organisation.name} who {what}.")
    locked.ended_at = timezone.now()
    locked.save(update_fields=["ended_at"])
    AuditEvent.record("person removed", organisation, by=by, person=locked.user_id, role=locked.role)
    if not can_manage_people(locked.user, organisation):
        _withdraw_those_of(locked.user, organisation, by)
    if not Membership.objects.current().filter(user=locked.user_id, organisation=organisation).exists():
        _revoke_keys_of(locked.user, organisation, by)
    return locked


def _revoke_keys_of(leaver: User, organisation: Organisation, by: User) -> None:
    """Their keys open nothing already; revoked, they do not wake when the person is invited back."""
    keys = ApiToken.objects.select_for_update(of=("self",)).filter(
        user=leaver, organisation=organisation, revoked_at__isnull=True
    )
    for key in keys.order_by("pk"):
        key.revoked_at, key.revoked_by = timezone.now(), by
        key.save(update_fields=["revoked_at", "revoked_by"])
        AuditEvent.record("key revoked", key, by=by, organisation=organisation.ref)


def _withdraw_those_of(leaver: User, organisation: Organisation, by: User) -> None:
    """Whoever may invite nobody any more must not come back by a link they sent to an address of their own."""
    waiting = Invitation.objects.open_at(timezone.now()).filter(organisation=organisation, invited_by=leaver)
    for invitation in waiting.order_by("pk"):
        invitation.withdrawn_at = timezone.now()
        invitation.save(update_fields=["withdrawn_at"])
        AuditEvent.record("invitation withdrawn", organisation, by=by, invitation=invitation.pk)


def _lock(organisation: Organisation, by: User) -> Organisation:
    """Whatever happens to an organisation's people happens one after the other."""
    locked = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if not can_manage_people(by, locked):
        raise InvitationRefused("Only a signatory of the organisation or a programme manager can do this.")
    return locked


def _check_newcomer(organisation: Organisation, address: str, role: str) -> None:
    who = User.objects.filter(email__iexact=address).first()
    if who is not None and who.is_staff_member:
        raise InvitationRefused("This address belongs to somebody on the unit's staff, who cannot act for a grantee.")
    if who is not None and not who.is_active:
        raise InvitationRefused("The account with this address is closed. Ask the unit's administrator to open it.")
    label = Membership.Role(role).label.lower()
    if Membership.objects.current().filter(user=who, organisation=organisation, role=role).exists():
        raise InvitationRefused(f"{address} belongs to somebody who already {label} for {organisation.name}.")
    waiting = Invitation.objects.open_at(timezone.now()).filter(
        organisation=organisation, email__iexact=address, role=role
    )
    if waiting.exists():
        raise InvitationRefused(f"{address} has been invited already. You can send that invitation again below.")


def _check_mails(organisation: Organisation) -> None:
    sent = AuditEvent.objects.about(organisation).filter(
        action__in=["person invited", "person invited again"], at__gt=timezone.now() - timedelta(days=1)
    )
    if sent.count() >= MAILS_A_DAY:
        raise InvitationRefused(f"{MAILS_A_DAY} invitations went out today for this organisation. Try again tomorrow.")


def _lock_open(invitation: Invitation) -> Invitation:
    locked = Invitation.objects.select_for_update().get(pk=invitation.pk)
    closed = why_closed(locked, timezone.now())
    if closed:
        raise InvitationRefused(f"This invitation is {closed}.")
    return locked


def _join(invitation: Invitation, user: User) -> None:
    if not user.is_active:
        raise InvitationRefused("Your account is closed. Ask the unit if you think it should not be.")
    if user.is_staff_member:
        raise InvitationRefused("You are on the unit's staff now, so you cannot act for a grantee.")
    Membership.objects.get_or_create(
        user=user, organisation=invitation.organisation, role=invitation.role, ended_at=None
    )
    invitation.accepted_by, invitation.accepted_at = user, timezone.now()
    invitation.save(update_fields=["accepted_by", "accepted_at"])
    AuditEvent.record("invitation accepted", invitation.organisation, by=user, invitation=invitation.pk)

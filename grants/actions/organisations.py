"""Merging an organisation into another: awards, people and contacts move, what was known about it stays with it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from grants.actions.impartial import check_impartial
from grants.actions.texts import check_reason
from grants.errors import ActionRefused
from grants.models import Commitment, ConsortiumPartner, PaymentRun
from vru.accounts.actions.organisations import keep_former_name
from vru.accounts.models import (
    ApiToken,
    AuditEvent,
    Contact,
    Delegation,
    DueDiligenceCheck,
    Invitation,
    Membership,
    Organisation,
    User,
)
from vru.accounts.permissions import can_edit_organisations

WHY = "Say why the two are one organisation: the reason is kept with both."
# Runs that may still pay under the supplier reference of the organisation that goes.
_OPEN_RUNS = [
    PaymentRun.Status.DRAFT,
    PaymentRun.Status.PROPOSED,
    PaymentRun.Status.APPROVED,
    PaymentRun.Status.EXPORTED,
]


@dataclass(frozen=True, slots=True)
class Moving:
    """What a merger takes along, for the page that asks whether it is meant."""

    commitments: list[Commitment]
    partnerships: list[ConsortiumPartner]
    memberships: list[Membership]
    contacts: list[Contact]
    invitations: list[Invitation]
    names: list[str]
    keys: list[ApiToken]


def moving(goes: Organisation) -> Moving:
    """What would move, in a fixed order. Keys do not move: they end."""
    now = timezone.now()
    people = Membership.objects.current().filter(organisation=goes).select_related("user")
    return Moving(
        list(Commitment.objects.filter(organisation=goes).select_related("programme").order_by("ref")),
        list(ConsortiumPartner.objects.filter(organisation=goes).select_related("commitment").order_by("pk")),
        list(people.order_by("user__name", "pk")),
        list(Contact.objects.current().filter(organisation=goes)),
        list(Invitation.objects.filter(organisation=goes, accepted_at=None, withdrawn_at=None).order_by("pk")),
        [goes.name, *goes.former_names.values_list("name", flat=True)],
        list(ApiToken.objects.usable_at(now).filter(organisation=goes)),
    )


def why_not(stays: Organisation, goes: Organisation) -> str:
    """Why the two cannot be merged, as a sentence; '' when they can."""
    if stays.pk == goes.pk:
        return "Choose another organisation: one cannot be merged into itself."
    for each in (stays, goes):
        if each.merged_into_id is not None:
            return f"{each.name} was merged into another organisation already."
    if stays.layer != goes.layer:
        return "One of the two is real and the other is not: records of different layers are never mixed."
    both = ConsortiumPartner.objects.filter(organisation=goes).filter(commitment__organisation=stays)
    both |= ConsortiumPartner.objects.filter(organisation=stays).filter(commitment__organisation=goes)
    both |= ConsortiumPartner.objects.filter(organisation=goes).filter(commitment__partners__organisation=stays)
    row = both.select_related("commitment").order_by("pk").first()
    if row is not None:
        return f"Both take part in {row.commitment}. Change the partners of that grant first."
    run = PaymentRun.objects.filter(
        status__in=_OPEN_RUNS, lines__released_at__isnull=True, lines__payment__commitment__organisation=goes
    ).first()
    if run is not None:
        return f"Payment run {run.ref} pays {goes.name} and is not finished. Finish or cancel it first."
    failed = DueDiligenceCheck.objects.last_of_each().filter(outcome=DueDiligenceCheck.Outcome.FAILED)
    if failed.filter(organisation=goes).exists() and not failed.filter(organisation=stays).exists():
        # Its checks stay with it, so its awards would be free to be paid under the other's clean name.
        return f"A due diligence check of {goes.name} has failed and holds its payments. Settle the check first."
    return ""


@transaction.atomic
def merge_organisations(
    *, stays: Organisation, goes: Organisation, by: User, reason: str, on: datetime.date
) -> Organisation:
    """Move what ``goes`` has to ``stays``; returns ``stays``. There is no way back.

    The row of ``goes`` is kept with its numbers, checks and policies, pointing to ``stays``; its names become former
    names of ``stays``. Drafts and returns follow their grants, and the people who write and sign them come along, so
    that work in progress goes on. Raises ``ActionRefused``.
    """
    if not can_edit_organisations(by):
        raise ActionRefused("Only programme managers, finance officers and administrators merge organisations.")
    why = check_reason(reason, WHY)
    pair = Organisation.objects.select_for_update().filter(pk__in=[stays.pk, goes.pk]).order_by("pk")
    rows = {row.pk: row for row in pair}
    stays, goes = rows[stays.pk], rows[goes.pk]
    # Nobody brings a rival's awards under an organisation of their own.
    check_impartial(by, {stays.pk, goes.pk}, "merge it")
    # Locked before the look at runs: one that is being made now is seen, and none is made meanwhile.
    list(Commitment.objects.select_for_update().filter(organisation=goes).order_by("pk"))
    refusal = why_not(stays, goes)
    if refusal:
        raise ActionRefused(refusal)
    awards = _move_awards(stays, goes, by)
    people = _move_people(stays, goes)
    _move_names(stays, goes, on)
    for earlier in goes.merged_organisations.select_for_update().order_by("pk"):
        earlier.merged_into = stays
        earlier.save(update_fields=["merged_into"])
    goes.merged_into, goes.merged_on = stays, on
    goes.save(update_fields=["merged_into", "merged_on"])
    AuditEvent.record("merged into another organisation", goes, by=by, reason=why, into=stays.ref)
    AuditEvent.record("took over another organisation", stays, by=by, reason=why, of=goes.ref, awards=awards, **people)
    return stays


def _move_awards(stays: Organisation, goes: Organisation, by: User) -> list[str]:
    refs = []
    for commitment in Commitment.objects.select_for_update().filter(organisation=goes).order_by("pk"):
        commitment.organisation = stays
        commitment.save(update_fields=["organisation"])
        AuditEvent.record("organisation merged", commitment, by=by, before=goes.ref, after=stays.ref)
        refs.append(commitment.ref)
    for partner in ConsortiumPartner.objects.filter(organisation=goes).order_by("pk"):
        partner.organisation = stays
        partner.save(update_fields=["organisation"])
    return refs


def _move_people(stays: Organisation, goes: Organisation) -> dict[str, int]:
    """Memberships, delegations, open invitations and contacts move; keys end, for they were given for one name."""
    now = timezone.now()
    held = set(Membership.objects.current().filter(organisation=stays).values_list("user_id", "role"))
    memberships = list(Membership.objects.current().filter(organisation=goes).order_by("pk"))
    for membership in memberships:
        if (membership.user_id, membership.role) in held:
            membership.ended_at = now
            membership.save(update_fields=["ended_at"])
        else:
            membership.organisation = stays
            membership.save(update_fields=["organisation"])
    Delegation.objects.filter(organisation=goes).update(organisation=stays)
    _move_invitations(stays, goes)
    contacts = list(Contact.objects.current().filter(organisation=goes))
    for contact in contacts:
        contact.organisation = stays
        contact.save(update_fields=["organisation"])
    keys = ApiToken.objects.filter(organisation=goes, revoked_at__isnull=True).update(revoked_at=now)
    return {"people": len(memberships), "contacts": len(contacts), "keys": keys}


def _move_invitations(stays: Organisation, goes: Organisation) -> None:
    """An open invitation moves, unless the same person is invited by the one that stays: then it is withdrawn."""
    waiting = Invitation.objects.filter(accepted_at=None, withdrawn_at=None)
    invited = {email.casefold() for email in waiting.filter(organisation=stays).values_list("email", flat=True)}
    for invitation in waiting.filter(organisation=goes).order_by("pk"):
        if invitation.email.casefold() in invited:
            invitation.withdrawn_at = timezone.now()
            invitation.save(update_fields=["withdrawn_at"])
        else:
            invitation.organisation = stays
            invitation.save(update_fields=["organisation"])


def _move_names(stays: Organisation, goes: Organisation, on: datetime.date) -> None:
    for name in [goes.name, *goes.former_names.order_by("pk").values_list("name", flat=True)]:
        if name.casefold() != stays.name.casefold():
            keep_former_name(stays, name, on)

"""What is known about an organisation: people to call, dates of its policies, and checks before it is given money."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from vru.accounts.actions.organisations import OrganisationRefused, lock_standing
from vru.accounts.models import (
    AuditEvent,
    Contact,
    DueDiligenceCheck,
    Membership,
    Organisation,
    OrganisationPolicy,
    User,
)
from vru.accounts.permissions import can_edit_organisations
from vru.lib.typed_text import TypedProblem, tidy

_LONGEST = {"name": 200, "job_title": 200, "email": 254, "phone": 50}
LONGEST_NOTE = 2_000


def can_keep_details(user: User, organisation: Organisation) -> bool:
    """Contacts and policy dates: the unit's editors, and whoever acts for the organisation now."""
    if can_edit_organisations(user):
        return True
    return Membership.objects.current().filter(user=user, organisation=organisation).exists()


@transaction.atomic
def save_contact(
    *,
    organisation: Organisation,
    kind: str,
    name: str,
    by: User,
    job_title: str = "",
    email: str = "",
    phone: str = "",
    contact: Contact | None = None,
) -> Contact:
    """Add a contact, or change one that has not ended. Raises OrganisationRefused with the box it is about."""
    locked = _begin(organisation, by)
    if kind not in Contact.Kind.values:
        raise OrganisationRefused("Choose what this person is contacted about.", field="kind")
    typed = {"name": name, "job_title": job_title, "email": email, "phone": phone}
    values = {field: _line(text, field) for field, text in typed.items()} | {"kind": kind}
    if not values["name"]:
        raise OrganisationRefused("Enter the contact's name.", field="name")
    if not values["email"] and not values["phone"]:
        raise OrganisationRefused("Give an email address or a telephone number.", field="email")
    if values["email"]:
        _check_email(values["email"])
    row = Contact(organisation=locked) if contact is None else _current(locked, contact)
    before = {field: getattr(row, field) for field in values} if contact is not None else None
    if before == values:
        return row
    for field, value in values.items():
        setattr(row, field, value)
    row.save()
    AuditEvent.record("contact changed" if before else "contact added", locked, by=by, contact=row.pk, kind=kind)
    return row


@transaction.atomic
def end_contact(*, contact: Contact, on: datetime.date, by: User) -> Contact:
    """The person is no longer to be called. A second click changes nothing."""
    locked = _begin(contact.organisation, by)
    row = Contact.objects.get(pk=contact.pk, organisation=locked)
    if row.ended_on is not None:
        return row
    row.ended_on = on
    row.save(update_fields=["ended_on"])
    AuditEvent.record("contact ended", locked, by=by, contact=row.pk, kind=row.kind)
    return row


@transaction.atomic
def set_policy(
    *,
    organisation: Organisation,
    kind: str,
    approved_on: datetime.date,
    review_on: datetime.date | None,
    today: datetime.date,
    by: User,
) -> OrganisationPolicy:
    """When a policy was last approved, and when it is to be looked at again."""
    locked = _begin(organisation, by)
    if kind not in OrganisationPolicy.Kind.values:
        raise OrganisationRefused("There is no such policy.")
    if approved_on > today:
        raise OrganisationRefused(
            "A policy that is not approved yet cannot be recorded. Enter the day it was.", field="approved_on"
        )
    if review_on is not None and review_on < approved_on:
        raise OrganisationRefused("The review cannot come before the approval.", field="review_on")
    row = locked.policies.filter(kind=kind).first() or OrganisationPolicy(organisation=locked, kind=kind)
    if row.pk and (row.approved_on, row.review_on) == (approved_on, review_on):
        return row
    before = [str(row.approved_on), str(row.review_on)] if row.pk else None
    row.approved_on, row.review_on = approved_on, review_on
    row.save()
    after = [str(approved_on), str(review_on)]
    AuditEvent.record("policy dates set", locked, by=by, kind=kind, before=before, after=after)
    return row


@transaction.atomic
def record_check(
    *,
    organisation: Organisation,
    kind: str,
    outcome: str,
    checked_on: datetime.date,
    expires_on: datetime.date | None,
    note: str,
    today: datetime.date,
    by: User,
) -> DueDiligenceCheck:
    """One more check: what was found before stays as it was. Raises OrganisationRefused."""
    if not can_edit_organisations(by):
        raise OrganisationRefused("Only the unit's own staff record checks of an organisation.")
    locked = lock_standing(organisation)
    if kind not in DueDiligenceCheck.Kind.values:
        raise OrganisationRefused("Choose what was checked.", field="kind")
    if outcome not in DueDiligenceCheck.Outcome.values:
        raise OrganisationRefused("Choose what the check found.", field="outcome")
    if checked_on > today:
        raise OrganisationRefused("A check cannot lie in the future. Enter the day it was made.", field="checked_on")
    if expires_on is not None and expires_on < checked_on:
        raise OrganisationRefused("A check cannot run out before it was made.", field="expires_on")
    text = note.strip()
    if outcome != DueDiligenceCheck.Outcome.PASSED and not text:
        raise OrganisationRefused("Say in the note why the check was not simply passed.", field="note")
    if len(text) > LONGEST_NOTE or "\0" in text:
        raise OrganisationRefused(f"Write the note in at most {LONGEST_NOTE:,} plain characters.", field="note")
    check = DueDiligenceCheck.objects.create(
        organisation=locked,
        kind=kind,
        outcome=outcome,
        note=text,
        checked_by=by,
        checked_on=checked_on,
        expires_on=expires_on,
    )
    AuditEvent.record("due diligence checked", locked, by=by, kind=kind, outcome=outcome)
    return check


def _begin(organisation: Organisation, by: User) -> Organisation:
    if not can_keep_details(by, organisation):
        raise OrganisationRefused("Only people who act for this organisation, and the unit's staff, change this.")
    return lock_standing(organisation)


def _current(organisation: Organisation, contact: Contact) -> Contact:
    row = Contact.objects.get(pk=contact.pk, organisation=organisation)
    if row.ended_on is not None:
        raise OrganisationRefused("This contact has ended. Add the person again instead.")
    return row


def _line(text: str, field: str) -> str:
    try:
        plain = tidy(text)
    except TypedProblem as problem:
        raise OrganisationRefused(problem.message, field=field) from problem
    if len(plain) > _LONGEST[field]:
        raise OrganisationRefused(f"This is longer than {_LONGEST[field]} characters. Shorten it.", field=field)
    return plain


def _check_email(text: str) -> None:
    try:
        validate_email(text)
    except ValidationError as error:
        raise OrganisationRefused(
            f"“{text[:40]}” is not an email address. Write it like name@example.org.", field="email"
        ) from error

"""What the unit does with a submitted return: query, approve, lock, reopen, waive."""

from __future__ import annotations

import datetime
from collections.abc import Collection

from django.db import transaction
from django.utils import timezone

from grants.actions.drafts import lock_return, move
from grants.actions.texts import LONGEST_REASON, check_reason, check_text
from grants.errors import ActionRefused
from grants.messages import tell_approved, tell_queried, tell_reopened
from grants.models import MonitoringReturn, Payment, ReturnQuery, Revision, Section, SectionReview
from vru.accounts.models import AuditEvent, Role, User
from vru.lib.periods import long_date


def pending_revision(item: MonitoringReturn) -> Revision:
    """The revision waiting for a decision. Raises ``ActionRefused`` when there is none."""
    revision = Revision.objects.filter(
        monitoring_return=item, superseded_at__isnull=True, approved_at__isnull=True
    ).first()
    if revision is None or item.status not in {MonitoringReturn.Status.SUBMITTED, MonitoringReturn.Status.QUERIED}:
        raise ActionRefused(f"There is nothing to review: this return is {item.get_status_display().lower()}.")
    revision.monitoring_return = item
    return revision


def review_refusal(user: User, revision: Revision) -> str:
    """Why this person may not review this version, as a sentence; empty when they may."""
    if not user.has_role(Role.PROGRAMME_MANAGER):
        return "Only a programme manager can review returns."
    if revision.submitted_by_id == user.pk:
        return "The person who submitted a return cannot review it."
    organisation = revision.monitoring_return.commitment.organisation_id
    if user.acts_for(organisation):
        return "You act for this organisation, so somebody else must review its return."
    return ""


def check_reviewer(user: User, revision: Revision) -> None:
    refusal = review_refusal(user, revision)
    if refusal:
        raise ActionRefused(refusal)


def late_because(item: MonitoringReturn, today: datetime.date) -> str:
    """Why an approval on ``today`` is late, as a sentence; empty while it is not. At most one query."""
    cut_off = item.quarter.closes_on
    if cut_off is not None and today > cut_off:
        return f"{item.quarter} closed on {long_date(cut_off)}."
    paid = Payment.objects.filter(waits_for=item, status=Payment.Status.PAID).order_by("paid_on", "number").first()
    if paid is not None and paid.paid_on is not None:
        return f"Payment {paid.number}, which waited for this return, was paid on {long_date(paid.paid_on)}."
    return ""


@transaction.atomic
def raise_query(
    *, monitoring_return: MonitoringReturn, section: Section, text: str, by: User, field: str = ""
) -> ReturnQuery:
    """Ask the grantee about a section or one box of it; the return goes back to them."""
    item = lock_return(monitoring_return)
    revision = pending_revision(item)
    check_reviewer(by, revision)
    if not text.strip():
        raise ActionRefused("Write what you want the grantee to explain or mend.")
    check_text(text, "The query")
    if section not in item.sections:
        raise ActionRefused(f"This grant does not answer section {section}.")
    now = timezone.now()
    SectionReview.objects.update_or_create(
        revision=revision,
        section=section,
        defaults={"decision": SectionReview.Decision.QUERIED, "reviewed_by": by, "reviewed_at": now},
    )
    query = ReturnQuery.objects.create(
        revision=revision, section=section, field=field, text=text.strip(), raised_by=by, raised_at=now
    )
    if item.status == MonitoringReturn.Status.SUBMITTED:
        move(item, MonitoringReturn.Status.QUERIED)
    AuditEvent.record("return queried", item, by=by, reason=text.strip(), section=section, field=field)
    tell_queried(query)
    return query


@transaction.atomic
def answer_query(*, query: ReturnQuery, text: str, by: User) -> ReturnQuery:
    """The grantee's answer, kept beside the question."""
    item = lock_return(query.revision.monitoring_return)
    if item.status != MonitoringReturn.Status.QUERIED:
        raise ActionRefused("This query is closed: the return is no longer with you.")
    if query.revision.superseded_at is not None:
        raise ActionRefused("This query is about an earlier version. Answer the ones about the latest version.")
    if not text.strip():
        raise ActionRefused("Write your answer.")
    check_text(text, "The answer")
    before, query.answer, query.answered_by, query.answered_at = query.answer, text.strip(), by, timezone.now()
    query.save(update_fields=["answer", "answered_by", "answered_at"])
    AuditEvent.record("query answered", item, by=by, section=query.section, query=query.pk, before=before)
    return query


@transaction.atomic
def approve_sections(
    *, monitoring_return: MonitoringReturn, sections: Collection[Section], by: User, note: str = "", seen: int = 0
) -> MonitoringReturn:
    """Approve these sections; when every section the grant answers is approved, the return is.

    ``note`` and ``seen`` as in ``approve_return``.
    """
    item = lock_return(monitoring_return)
    revision = _pending_as_seen(item, seen)
    check_reviewer(by, revision)
    for section in sections:
        if section not in item.sections:
            raise ActionRefused(f"This grant does not answer section {section}.")
    _approve_sections(revision, sections, by)
    approved = set(revision.reviews.filter(decision=SectionReview.Decision.APPROVED).values_list("section", flat=True))
    if approved >= {asked.value for asked in item.sections} and item.status == MonitoringReturn.Status.SUBMITTED:
        _approve(item, revision, by, note)
    return item


@transaction.atomic
def approve_return(*, monitoring_return: MonitoringReturn, by: User, note: str = "", seen: int = 0) -> MonitoringReturn:
    """Approve every section at once; its numbers count from this moment and the return is locked.

    ``seen`` is the number of the version the person looked at (0: not said). A newer one is refused, and so is a
    late approval without ``note``.
    """
    item = lock_return(monitoring_return)
    revision = _pending_as_seen(item, seen)
    check_reviewer(by, revision)
    if item.status != MonitoringReturn.Status.SUBMITTED:
        raise ActionRefused("This return is with the grantee. It can be approved once they have sent it back.")
    _approve_sections(revision, item.sections, by)
    _approve(item, revision, by, note)
    return item


def _pending_as_seen(item: MonitoringReturn, seen: int) -> Revision:
    revision = pending_revision(item)
    if seen and revision.number != seen:
        raise ActionRefused("A newer version came in after you opened this page. Look at it before you decide.")
    return revision


def _approve_sections(revision: Revision, sections: Collection[Section], by: User) -> None:
    now = timezone.now()
    revision.reviews.filter(section__in=sections).delete()
    SectionReview.objects.bulk_create(
        SectionReview(
            revision=revision,
            section=section,
            decision=SectionReview.Decision.APPROVED,
            reviewed_by=by,
            reviewed_at=now,
        )
        for section in sections
    )


def _approve(item: MonitoringReturn, revision: Revision, by: User, note: str) -> None:
    if revision.lacks_signature:
        raise ActionRefused("This grant asks for a second person's signature, which is still missing.")
    late, note = late_because(item, timezone.localdate()), note.strip()
    if late and not note:
        raise ActionRefused(f"{late} Say why you approve the return now: the reason is kept with it.")
    check_text(note, "The reason", LONGEST_REASON)
    now = timezone.now()
    Revision.objects.filter(monitoring_return=item, superseded_at__isnull=True, approved_at__isnull=False).update(
        superseded_at=now
    )
    revision.approved_by, revision.approved_at, revision.approval_note = by, now, note
    revision.save(update_fields=["approved_by", "approved_at", "approval_note"])
    move(item, MonitoringReturn.Status.APPROVED)
    AuditEvent.record("return approved", item, by=by, reason=note, revision=revision.number, late=late)
    tell_approved(revision)


@transaction.atomic
def lock_approved(*, monitoring_return: MonitoringReturn, by: User | None) -> MonitoringReturn:
    item = lock_return(monitoring_return)
    move(item, MonitoringReturn.Status.LOCKED)
    AuditEvent.record("return locked", item, by=by)
    return item


@transaction.atomic
def reopen_return(*, monitoring_return: MonitoringReturn, by: User, reason: str) -> MonitoringReturn:
    """Let the grantee correct an approved return. Its approved revision counts until the correction is approved."""
    item = lock_return(monitoring_return)
    if not by.has_role(Role.PROGRAMME_MANAGER, Role.DIRECTOR):
        raise ActionRefused("Only a programme manager or the director can reopen a return.")
    why = check_reason(reason, "Say why the return is reopened: the reason is kept with the correction.")
    move(item, MonitoringReturn.Status.REOPENED, reopened_because=why)
    AuditEvent.record("return reopened", item, by=by, reason=why)
    tell_reopened(item)
    return item


@transaction.atomic
def waive_return(*, monitoring_return: MonitoringReturn, by: User, reason: str) -> MonitoringReturn:
    """No return is expected for this quarter; it leaves "expected" and is never counted as missing."""
    item = lock_return(monitoring_return)
    if not by.has_role(Role.PROGRAMME_MANAGER):
        raise ActionRefused("Only a programme manager can waive a return.")
    if by.acts_for(item.commitment.organisation_id):
        raise ActionRefused("You act for this organisation, so somebody else must waive its return.")
    why = check_reason(reason, "Say why the return is waived.")
    move(item, MonitoringReturn.Status.WAIVED, waived_because=why)
    AuditEvent.record("return waived", item, by=by, reason=why)
    return item

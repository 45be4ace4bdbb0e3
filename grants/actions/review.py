"""What the unit does with a submitted return: query, approve, lock, reopen, waive."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from grants.actions.drafts import lock_return, move
from grants.actions.texts import check_text
from grants.errors import ActionRefused
from grants.models import MonitoringReturn, ReturnQuery, Revision, Section, SectionReview
from vru.accounts.models import AuditEvent, Membership, Role, User

LONGEST_REASON = 300


def pending_revision(item: MonitoringReturn) -> Revision:
    """The revision waiting for a decision. Raises ``ActionRefused`` when there is none."""
    revision = Revision.objects.filter(
        monitoring_return=item, superseded_at__isnull=True, approved_at__isnull=True
    ).first()
    if revision is None or item.status not in {MonitoringReturn.Status.SUBMITTED, MonitoringReturn.Status.QUERIED}:
        raise ActionRefused(f"There is nothing to review: this return is {item.get_status_display().lower()}.")
    return revision


def can_review(user: User, revision: Revision) -> bool:
    """A programme manager may, unless they submitted the return themselves or act for the organisation."""
    return (
        user.has_role(Role.PROGRAMME_MANAGER)
        and revision.submitted_by_id != user.pk
        and not _acts_for_the_grantee(user, revision)
    )


def _acts_for_the_grantee(user: User, revision: Revision) -> bool:
    organisation = revision.monitoring_return.commitment.organisation_id
    return Membership.objects.current().filter(user=user, organisation=organisation).exists()


def _check_reviewer(user: User, revision: Revision) -> None:
    if not user.has_role(Role.PROGRAMME_MANAGER):
        raise ActionRefused("Only a programme manager can review returns.")
    if revision.submitted_by_id == user.pk:
        raise ActionRefused("The person who submitted a return cannot review it.")
    if _acts_for_the_grantee(user, revision):
        raise ActionRefused("You act for this organisation, so somebody else must review its return.")


@transaction.atomic
def raise_query(
    *, monitoring_return: MonitoringReturn, section: Section, text: str, by: User, field: str = ""
) -> ReturnQuery:
    """Ask the grantee about a section or one box of it; the return goes back to them."""
    item = lock_return(monitoring_return)
    revision = pending_revision(item)
    _check_reviewer(by, revision)
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
def approve_section(*, monitoring_return: MonitoringReturn, section: Section, by: User) -> MonitoringReturn:
    """Approve one section. When every section the grant answers is approved, the return is."""
    item = lock_return(monitoring_return)
    revision = pending_revision(item)
    _check_reviewer(by, revision)
    if section not in item.sections:
        raise ActionRefused(f"This grant does not answer section {section}.")
    SectionReview.objects.update_or_create(
        revision=revision,
        section=section,
        defaults={"decision": SectionReview.Decision.APPROVED, "reviewed_by": by, "reviewed_at": timezone.now()},
    )
    approved = set(revision.reviews.filter(decision=SectionReview.Decision.APPROVED).values_list("section", flat=True))
    if approved >= {asked.value for asked in item.sections} and item.status == MonitoringReturn.Status.SUBMITTED:
        _approve(item, revision, by)
    return item


@transaction.atomic
def approve_return(*, monitoring_return: MonitoringReturn, by: User) -> MonitoringReturn:
    """Approve every section at once; its numbers count from this moment and the return is locked."""
    item = lock_return(monitoring_return)
    revision = pending_revision(item)
    _check_reviewer(by, revision)
    if item.status != MonitoringReturn.Status.SUBMITTED:
        raise ActionRefused("This return is with the grantee. It can be approved once they have sent it back.")
    now = timezone.now()
    for section in item.sections:
        SectionReview.objects.update_or_create(
            revision=revision,
            section=section,
            defaults={"decision": SectionReview.Decision.APPROVED, "reviewed_by": by, "reviewed_at": now},
        )
    _approve(item, revision, by)
    return item


def _approve(item: MonitoringReturn, revision: Revision, by: User) -> None:
    if item.commitment.needs_signatory and revision.signed_at is None and not item.commitment.sole_officer_waiver:
        raise ActionRefused("This grant asks for a second person's signature, which is still missing.")
    now = timezone.now()
    Revision.objects.filter(monitoring_return=item, superseded_at__isnull=True, approved_at__isnull=False).update(
        superseded_at=now
    )
    revision.approved_by, revision.approved_at = by, now
    revision.save(update_fields=["approved_by", "approved_at"])
    move(item, MonitoringReturn.Status.APPROVED)
    AuditEvent.record("return approved", item, by=by, revision=revision.number)


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
    if not reason.strip():
        raise ActionRefused("Say why the return is reopened: the reason is kept with the correction.")
    check_text(reason.strip(), "The reason", LONGEST_REASON)
    move(item, MonitoringReturn.Status.REOPENED, reopened_because=reason.strip())
    AuditEvent.record("return reopened", item, by=by, reason=reason.strip())
    return item


@transaction.atomic
def waive_return(*, monitoring_return: MonitoringReturn, by: User, reason: str) -> MonitoringReturn:
    """No return is expected for this quarter; it leaves "expected" and is never counted as missing."""
    item = lock_return(monitoring_return)
    if not by.has_role(Role.PROGRAMME_MANAGER):
        raise ActionRefused("Only a programme manager can waive a return.")
    if not reason.strip():
        raise ActionRefused("Say why the return is waived.")
    check_text(reason.strip(), "The reason", LONGEST_REASON)
    move(item, MonitoringReturn.Status.WAIVED, waived_because=reason.strip())
    AuditEvent.record("return waived", item, by=by, reason=reason.strip())
    return item

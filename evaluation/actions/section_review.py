"""Who writes a section until when, and who says that it may be printed."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils import timezone

from evaluation.actions.sections import lock_section, mark_version, work_on
from evaluation.models import SECTION_STATES, ReportSection, SectionComment
from evaluation.reports.errors import ReportRefused, StaleSection
from evaluation.writing.messages import tell_assigned, tell_review_wanted, tell_section_approved, tell_sent_back
from vru.accounts.models import AuditEvent, User
from vru.accounts.permissions import can_make_reports, can_write_reports
from vru.lib.state_machine import TransitionRefused

LONGEST_REASON = 2000
Status = ReportSection.Status


@transaction.atomic
def assign_section(
    *, section: ReportSection, owner: User | None, due_on: datetime.date | None, by: User
) -> ReportSection:
    """Give a section to somebody who may write, until a day; or to nobody. Tells the new owner.

    Raises ReportRefused for whoever may not arrange a report, for an owner who may not write, a day without an owner.
    """
    _require_maker(by)
    item = lock_section(section)
    if owner is not None and not can_write_reports(owner):
        raise ReportRefused(f"{owner.name} may not write reports. Choose somebody else.")
    if owner is None and due_on is not None:
        raise ReportRefused("Say who writes the section as well as until when.")
    if (item.owner, item.due_on) == (owner, due_on):
        return item
    is_new_owner = owner is not None and item.owner != owner
    item.owner, item.due_on = owner, due_on
    item.save(update_fields=["owner", "due_on"])
    work_on(item.report)
    AuditEvent.record(
        "section.assigned", item, by=by, owner=str(owner or ""), due_on=due_on.isoformat() if due_on else ""
    )
    if is_new_owner:
        tell_assigned(item, by=by)
    return item


@transaction.atomic
def send_for_review(*, section: ReportSection, by: User) -> ReportSection:
    """Say that a section is ready to be read. Tells those who may approve it; it counts as gone over.

    Raises ReportRefused for whoever may not write, and for a section that is in review or approved.
    """
    if not can_write_reports(by):
        raise ReportRefused("You may read this report but not send its sections for review.")
    item = lock_section(section)
    _check_state(item, Status.IN_REVIEW)
    item.status, item.carried = Status.IN_REVIEW, False
    item.save(update_fields=["status", "carried"])
    mark_version(item, "Sent for review")
    work_on(item.report)
    AuditEvent.record("section.sent for review", item, by=by, version=item.version)
    tell_review_wanted(item, by=by)
    return item


@transaction.atomic
def approve_section(*, section: ReportSection, version: int, by: User) -> ReportSection:
    """Approve what was read: ``version`` is the version that the person read.

    Raises ReportRefused for whoever wrote last or may not approve, for a section not in review or with open comments;
    StaleSection when it was changed since it was read.
    """
    _require_maker(by)
    item = lock_section(section)
    _check_state(item, Status.APPROVED)
    if item.version != version:
        raise StaleSection(item)
    if item.updated_by_id == by.pk:
        raise ReportRefused("You wrote in this section last, so somebody else approves it.")
    waiting = open_comments(item)
    if waiting:
        what = "1 comment is" if waiting == 1 else f"{waiting} comments are"
        raise ReportRefused(f"{what} still open. Settle them first, or send the section back.")
    item.status, item.approved_by, item.approved_at = Status.APPROVED, by, timezone.now()
    item.save(update_fields=["status", "approved_by", "approved_at"])
    mark_version(item, "Approved")
    AuditEvent.record("section.approved", item, by=by, version=item.version)
    tell_section_approved(item, by=by)
    return item


@transaction.atomic
def send_back(*, section: ReportSection, reason: str, by: User) -> ReportSection:
    """Back to its writer with a reason, which stands among the comments; an approval is taken back.

    Raises ReportRefused for whoever may not approve, without a reason, and for a section that is being written.
    """
    _require_maker(by)
    item = lock_section(section)
    _check_state(item, Status.WRITING)
    said = reason.strip()
    if not said:
        raise ReportRefused("Say what should be changed.")
    if len(said) > LONGEST_REASON:
        raise ReportRefused(f"The reason takes at most {LONGEST_REASON:,} characters. Shorten it.")
    item.status, item.approved_by, item.approved_at = Status.WRITING, None, None
    item.save(update_fields=["status", "approved_by", "approved_at"])
    mark_version(item, "Sent back")
    SectionComment.objects.create(section=item, text=said, written_by=by, written_at=timezone.now())
    AuditEvent.record("section.sent back", item, by=by, reason=said, version=item.version)
    tell_sent_back(item, by=by)
    return item


def open_comments(section: ReportSection) -> int:
    """How many remarks nobody has settled; answers are part of what they answer."""
    return section.comments.filter(answers__isnull=True, resolved_at__isnull=True).count()


def _require_maker(by: User) -> None:
    if not can_make_reports(by):
        raise ReportRefused("Sections are given to people and approved by the director and by analysts.")


def _check_state(item: ReportSection, to: ReportSection.Status) -> None:
    try:
        SECTION_STATES.check(Status(item.status), to)
    except TransitionRefused as refused:
        raise ReportRefused(str(refused)) from refused

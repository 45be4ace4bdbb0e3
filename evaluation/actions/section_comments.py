"""What people say to each other about a section."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from evaluation.actions.sections import lock_section, work_on
from evaluation.models import ReportSection, SectionComment
from evaluation.reports.errors import ReportRefused
from evaluation.writing.messages import tell_commented
from vru.accounts.models import AuditEvent, User
from vru.accounts.permissions import can_write_reports

LONGEST_COMMENT, LONGEST_QUOTE = 2000, 300


@transaction.atomic
def comment_on_section(
    *, section: ReportSection, text: str, by: User, quote: str = "", answers: SectionComment | None = None
) -> SectionComment:
    """A remark, on some words of the section or on all of it; or the answer to a remark, which opens that again.

    Tells the section's owner and everybody in the discussion. Raises ReportRefused for whoever may not write, an empty
    or too long text, and an answer to what is not a remark on this section.
    """
    _require_writer(by)
    item = lock_section(section)
    said, quoted = text.strip(), " ".join(quote.split())[:LONGEST_QUOTE]
    if not said:
        raise ReportRefused("Write the comment.")
    if len(said) > LONGEST_COMMENT or "\0" in said or "\0" in quoted:
        raise ReportRefused(f"A comment takes at most {LONGEST_COMMENT:,} plain characters. Shorten it.")
    if answers is not None and (answers.section_id != item.pk or answers.answers_id is not None):
        raise ReportRefused("Only a remark on this section can be answered.")
    made = SectionComment.objects.create(
        section=item, answers=answers, quote=quoted, text=said, written_by=by, written_at=timezone.now()
    )
    if answers is not None and answers.resolved_at is not None:
        _settle(answers, None)
    work_on(item.report)
    AuditEvent.record("section.comment", item, by=by, comment=made.pk)
    tell_commented(made)
    return made


@transaction.atomic
def resolve_comment(*, comment: SectionComment, by: User) -> SectionComment:
    """Settle a remark, with its answers. One that is settled stays so. Raises ReportRefused as `comment_on_section`."""
    item = _remark(comment, by)
    if item.resolved_at is None:
        _settle(item, by)
        AuditEvent.record("section.comment settled", item.section, by=by, comment=item.pk)
    return item


@transaction.atomic
def reopen_comment(*, comment: SectionComment, by: User) -> SectionComment:
    """A settled remark is open again. Raises ReportRefused as `comment_on_section`."""
    item = _remark(comment, by)
    if item.resolved_at is not None:
        _settle(item, None)
        AuditEvent.record("section.comment opened again", item.section, by=by, comment=item.pk)
    return item


def _remark(comment: SectionComment, by: User) -> SectionComment:
    _require_writer(by)
    lock_section(comment.section)
    item = SectionComment.objects.select_related("section").get(pk=comment.pk)
    if item.answers_id is not None:
        raise ReportRefused("An answer is settled with the remark that it answers.")
    return item


def _settle(item: SectionComment, by: User | None) -> None:
    item.resolved_by, item.resolved_at = by, timezone.now() if by else None
    item.save(update_fields=["resolved_by", "resolved_at"])


def _require_writer(by: User) -> None:
    if not can_write_reports(by):
        raise ReportRefused("You may read this report but not comment on it.")

"""Saving what people write in a section: versions, so that two never overwrite each other, and a history."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from evaluation.models import Report, ReportSection, SectionVersion
from evaluation.reports.errors import ReportRefused, StaleSection
from vru.accounts.models import AuditEvent, User
from vru.accounts.permissions import can_write_reports
from vru.lib.autosave import is_later_save

LONGEST_TEXT = 200_000
MOST_POINTS, LONGEST_POINT, LONGEST_NOTE = 20, 1000, 200
# Saves of one person within this time are one version; a page saves itself every few seconds.
ONE_VERSION = datetime.timedelta(minutes=10)
Status = ReportSection.Status


def lock_report(report: Report) -> Report:
    """The report's row, locked until the transaction ends: every change to its sections starts here."""
    return Report.objects.select_for_update(of=("self",)).select_related("outline").get(pk=report.pk)


def lock_section(section: ReportSection) -> ReportSection:
    """The section as it stands, its report locked. Raises ReportRefused when it was taken out of the report."""
    lock_report(section.report)
    found = ReportSection.objects.select_related("report", "updated_by", "owner").filter(pk=section.pk).first()
    if found is None:
        raise ReportRefused(
            "This section was taken out of the report. It can be brought back under “Arrange sections”."
        )
    return found


def work_on(report: Report) -> None:
    """From now on the report's sections are its own: a changed outline changes them no more."""
    if report.own_since is None:
        report.own_since = timezone.now()
        report.save(update_fields=["own_since"])


@transaction.atomic
def save_section(
    *,
    section: ReportSection,
    text: str,
    version: int,
    by: User,
    key_points: Sequence[str] | None = None,
    note: str = "",
    page: str = "",
) -> ReportSection:
    """Save a section as typed; without ``key_points`` those stay. What changes an approved section takes its approval.

    ``version`` is the version that the person read. ``page`` names the open page and counts its saves ("k3f9:4"): when
    the answer to a save is lost on the way, the next save of the same page is no conflict with it. ``note`` says where
    the words come from when nobody typed them. A text that stands already is not saved again.
    Raises StaleSection when somebody else saved since, ReportRefused for whoever may not write and what cannot be kept.
    """
    if not can_write_reports(by):
        raise ReportRefused("You may read this report but not write in it.")
    item = lock_section(section)
    text = text.replace("\r\n", "\n")
    points = item.key_points if key_points is None else [" ".join(each.split()) for each in key_points if each.strip()]
    _check(text, points)
    if text == item.text and points == item.key_points:
        return item
    if item.version != version and not is_later_save(page, item.saved_from):
        raise StaleSection(item)
    _keep_what_stood(item)
    was_approved = item.status == Status.APPROVED
    item.text, item.key_points, item.version = text, points, item.version + 1
    item.updated_by, item.updated_at, item.saved_from = by, timezone.now(), page
    item.save(update_fields=["text", "key_points", "version", "updated_by", "updated_at", "saved_from"])
    take_approval(item, by)
    _keep_version(item, note, is_new=was_approved)
    work_on(item.report)
    return item


def bring_back(*, section: ReportSection, number: int, version: int, by: User) -> ReportSection:
    """An earlier version as the newest one; nothing in between is lost. Raises as `save_section`."""
    earlier = section.versions.filter(number=number).first()
    if earlier is None:
        raise ReportRefused("There is no such version of this section.")
    day = timezone.localtime(earlier.saved_at)
    return save_section(
        section=section,
        text=earlier.text,
        key_points=earlier.key_points,
        version=version,
        by=by,
        note=f"Brought back from {day:%-d %B %Y at %H:%M}",
    )


def take_approval(item: ReportSection, by: User) -> None:
    """What was approved is no longer what stands; a section that is not approved stays as it is."""
    if item.status != Status.APPROVED:
        return
    item.status, item.approved_by, item.approved_at = Status.WRITING, None, None
    item.save(update_fields=["status", "approved_by", "approved_at"])
    AuditEvent.record("section.approval taken", item, by=by, version=item.version)


def mark_version(item: ReportSection, note: str) -> None:
    """Say in the history what happened to the section as it stands; what is written next is a version of its own."""
    _keep_what_stood(item)
    kept = item.versions.get(number=item.version)
    kept.note = f"{kept.note}; {note.lower()}" if kept.note else note
    kept.note = kept.note[-LONGEST_NOTE:]
    kept.save(update_fields=["note"])


def _check(text: str, points: Sequence[str]) -> None:
    if len(text) > LONGEST_TEXT:
        raise ReportRefused(f"A section takes at most {LONGEST_TEXT:,} characters. Move some into another section.")
    if len(points) > MOST_POINTS:
        raise ReportRefused(f"A section takes at most {MOST_POINTS} key points, and there are {len(points)}.")
    if any(len(point) > LONGEST_POINT for point in points):
        raise ReportRefused(f"A key point takes at most {LONGEST_POINT:,} characters. Shorten the longest.")
    if "\0" in text or any("\0" in point for point in points):
        raise ReportRefused("There is a hidden character in the text. Clear the place and retype it.")


def _keep_what_stood(item: ReportSection) -> None:
    """A section that was made without a history gets its first version before it changes."""
    SectionVersion.objects.get_or_create(
        section=item,
        number=item.version,
        defaults={
            "key_points": item.key_points,
            "text": item.text,
            "saved_by": item.updated_by,
            "saved_at": item.updated_at or timezone.now(),
        },
    )


def _keep_version(item: ReportSection, note: str, *, is_new: bool) -> None:
    last = item.versions.filter(number=item.version - 1).first()
    if last is not None and not is_new and not note and _is_same_sitting(last, item):
        last.number, last.text, last.key_points = item.version, item.text, item.key_points
        last.save(update_fields=["number", "text", "key_points"])
        return
    SectionVersion.objects.create(
        section=item,
        number=item.version,
        key_points=item.key_points,
        text=item.text,
        note=note[:LONGEST_NOTE],
        saved_by=item.updated_by,
        saved_at=item.updated_at or timezone.now(),
    )
    AuditEvent.record("section.written", item, by=item.updated_by, reason=note, version=item.version)


def _is_same_sitting(last: SectionVersion, item: ReportSection) -> bool:
    """Whether a save goes on with what the same person began to write a few minutes ago."""
    return (
        not last.note
        and last.saved_by_id == item.updated_by_id
        and item.updated_at is not None
        and item.updated_at - last.saved_at < ONE_VERSION
    )

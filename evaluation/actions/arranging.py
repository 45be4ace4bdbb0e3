"""The sections of a report as a list: added, renamed, moved, taken out and brought back."""

from __future__ import annotations

import json
from collections.abc import Sequence

from django.core import serializers
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.text import slugify

from evaluation.actions.sections import lock_report, lock_section, take_approval, work_on
from evaluation.models import NumberDecision, RemovedSection, Report, ReportSection, SectionComment, SectionVersion
from evaluation.reports.errors import ReportRefused
from vru.accounts.models import AuditEvent, User
from vru.accounts.permissions import can_make_reports

MOST_SECTIONS = 200
LONGEST_SLUG = 50
SNAPSHOT = "snapshot"


@transaction.atomic
def add_section(
    *,
    report: Report,
    title: str,
    by: User,
    number: str = "",
    after: ReportSection | None = None,
    guidance: str = "",
    word_limit: int | None = None,
) -> ReportSection:
    """An empty section behind another one; without ``after``, the first. Raises ReportRefused for whoever may not."""
    _require_maker(by)
    locked = lock_report(report)
    listed = list(locked.sections.order_by("order", "pk"))
    if len(listed) >= MOST_SECTIONS:
        raise ReportRefused(f"A report takes at most {MOST_SECTIONS} sections.")
    made = ReportSection.objects.create(
        report=locked,
        order=max((each.order for each in listed), default=0) + 1,
        number=number,
        slug=_free_slug(locked, title),
        title=title,
        guidance=guidance,
        word_limit=word_limit,
    )
    _put_after(listed, made, after)
    work_on(locked)
    AuditEvent.record("section.added", made, by=by)
    return made


@transaction.atomic
def change_section(
    *, section: ReportSection, title: str, number: str, guidance: str, word_limit: int | None, by: User
) -> ReportSection:
    """Another name, number, guidance or word limit. A new name or number takes an approval: both are printed.

    The address of the section stays. Raises ReportRefused for whoever may not.
    """
    _require_maker(by)
    item = lock_section(section)
    before = {"title": item.title, "number": item.number, "guidance": item.guidance, "word_limit": item.word_limit}
    after = {"title": title, "number": number, "guidance": guidance, "word_limit": word_limit}
    if before == after:
        return item
    for name, value in after.items():
        setattr(item, name, value)
    item.save(update_fields=list(after))
    if (before["title"], before["number"]) != (title, number):
        take_approval(item, by)
    work_on(item.report)
    changed = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    AuditEvent.record("section.changed", item, by=by, changed=changed)
    return item


@transaction.atomic
def move_section(*, section: ReportSection, after: ReportSection | None, by: User) -> ReportSection:
    """Put a section behind another one; without ``after``, first. Raises ReportRefused for whoever may not."""
    _require_maker(by)
    item = lock_section(section)
    if after is not None and (after.report_id != item.report_id or after.pk == item.pk):
        raise ReportRefused("Choose another section of this report to put it behind.")
    rest = [each for each in item.report.sections.order_by("order", "pk") if each.pk != item.pk]
    was = item.order
    _put_after(rest, item, after)
    item.refresh_from_db(fields=["order"])
    if item.order != was:
        work_on(item.report)
        AuditEvent.record("section.moved", item, by=by, before=was, now=item.order)
    return item


@transaction.atomic
def remove_section(*, section: ReportSection, by: User) -> RemovedSection:
    """Take a section out with its history, comments and decisions. All of it is kept, to be brought back.

    Raises ReportRefused for whoever may not, and for the last section of a report.
    """
    _require_maker(by)
    item = lock_section(section)
    if item.report.sections.count() == 1:
        raise ReportRefused("A report needs at least one section, and this is the last.")
    comments = item.comments.order_by("answers_id", "pk")
    parts = [item, *item.versions.order_by("pk"), *sorted(comments, key=lambda each: (bool(each.answers_id), each.pk))]
    parts += item.number_decisions.order_by("pk")
    removed = RemovedSection.objects.create(
        report=item.report,
        order=item.order,
        number=item.number,
        slug=item.slug,
        title=item.title,
        rows=json.loads(serializers.serialize("json", parts)),
        removed_by=by,
        removed_at=timezone.now(),
    )
    AuditEvent.record("section.removed", item, by=by, removed=removed.pk)
    work_on(item.report)
    item.delete()
    return removed


@transaction.atomic
def restore_section(*, removed: RemovedSection, by: User) -> ReportSection:
    """A section that was taken out, as it was and where it stood. A section of the same address keeps that address.

    Raises ReportRefused for whoever may not, and when what it rests on has gone since.
    """
    _require_maker(by)
    report = lock_report(removed.report)
    kept = RemovedSection.objects.filter(pk=removed.pk).first()
    if kept is None:
        raise ReportRefused("This section is back already.")
    if not kept.rows:
        raise ReportRefused("Nothing was kept of this section, so it cannot come back. Add it anew.")
    listed = list(report.sections.order_by("order", "pk"))
    rows = [dict(row) for row in kept.rows]
    fields = rows[0]["fields"] = dict(rows[0]["fields"])
    fields["order"] = max((each.order for each in listed), default=0) + 1
    if any(each.slug == fields["slug"] for each in listed):
        fields["slug"] = _free_slug(report, fields["title"])
    try:
        with transaction.atomic():
            for row in serializers.deserialize("json", json.dumps(rows)):
                row.save()
            connection.check_constraints(
                [model._meta.db_table for model in (ReportSection, SectionVersion, SectionComment, NumberDecision)]
            )
    except (serializers.base.DeserializationError, IntegrityError) as error:
        raise ReportRefused("This section cannot come back: something that it rests on was removed since.") from error
    section = ReportSection.objects.select_related("report").get(pk=rows[0]["pk"])
    before = [each for each in listed if each.order < kept.order]
    _put_after(listed, section, before[-1] if before else None)
    kept.delete()
    AuditEvent.record("section.restored", section, by=by)
    return section


def _put_after(listed: Sequence[ReportSection], item: ReportSection, after: ReportSection | None) -> None:
    """Number ``listed`` with ``item`` behind ``after`` from 1 on. No two have the same place at any moment."""
    wanted = list(listed)
    place = next((n for n, each in enumerate(wanted, start=1) if after is not None and each.pk == after.pk), 0)
    wanted.insert(place, item)
    moved = [(each, order) for order, each in enumerate(wanted, start=1) if each.order != order]
    used = {each.order for each in wanted} | set(range(1, len(wanted) + 1))
    free = (order for order in range(1, 32_768) if order not in used)
    for each, _order in moved:
        ReportSection.objects.filter(pk=each.pk).update(order=next(free))
    for each, order in moved:
        ReportSection.objects.filter(pk=each.pk).update(order=order)
        each.order = order


def _free_slug(report: Report, title: str) -> str:
    """An address for a section: its title in small letters, with a number where another has it."""
    taken = set(report.sections.values_list("slug", flat=True)) | {SNAPSHOT}
    first = slugify(title)[:LONGEST_SLUG].strip("-") or "section"
    return next(slug for slug in (first, *(f"{first}-{n}" for n in range(2, 500))) if slug not in taken)


def _require_maker(by: User) -> None:
    if not can_make_reports(by):
        raise ReportRefused("Sections are added, moved and taken out by the director and by analysts.")

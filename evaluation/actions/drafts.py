"""Drafts that come and go by themselves: those made on a schedule, and old ones that nobody needs any more."""

from __future__ import annotations

import datetime

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from evaluation.actions.building import remove_all_files
from evaluation.actions.reports import edition_of
from evaluation.models import Edition, Report, ReportSchedule
from evaluation.reports.errors import ReportRefused
from vru.accounts.models import AuditEvent, User
from vru.accounts.permissions import REPORT_MAKERS
from vru.jobs.models import Job
from vru.lib.periods import next_working_day

log = structlog.get_logger(__name__)


@transaction.atomic
def set_schedule(*, report: Report, every: str, first_on: datetime.date, by: User) -> ReportSchedule:
    """Have a draft made again and again, from a day on. Raises ReportRefused for a day that is past."""
    Report.objects.select_for_update().get(pk=report.pk)
    if not by.has_role(*REPORT_MAKERS):
        raise ReportRefused("Only a director or an analyst can have drafts made.")
    if first_on < timezone.localdate():
        raise ReportRefused("The first draft cannot be made in the past. Choose today or a later day.")
    schedule, _ = ReportSchedule.objects.update_or_create(
        report=report, defaults={"every": every, "next_on": first_on, "is_active": True, "set_by": by}
    )
    AuditEvent.record("report.scheduled", report, by=by, every=every, first_on=first_on.isoformat())
    return schedule


@transaction.atomic
def stop_schedule(*, report: Report, by: User) -> None:
    """No further drafts by themselves. A report without a schedule is left as it is."""
    if not by.has_role(*REPORT_MAKERS):
        raise ReportRefused("Only a director or an analyst can stop drafts from being made.")
    schedule = ReportSchedule.objects.select_for_update().filter(report=report, is_active=True).first()
    if schedule is not None:
        schedule.is_active = False
        schedule.save(update_fields=["is_active"])
        AuditEvent.record("report.schedule_stopped", report, by=by)


def make_due_drafts(*, today: datetime.date) -> int:
    """Ask for the drafts whose day has come. Returns how many. Safe to repeat: the day moves on with the asking.

    A worker that was away makes one draft, not one for each day missed. A schedule whose owner may make no reports any
    more stops.
    """
    made = 0
    for pk in ReportSchedule.objects.filter(is_active=True, next_on__lte=today).values_list("pk", flat=True):
        made += _make_due(pk, today)
    return made


@transaction.atomic
def _make_due(pk: int, today: datetime.date) -> bool:
    schedules = ReportSchedule.objects.select_for_update(of=("self",)).select_related("report__outline", "set_by")
    schedule = schedules.filter(pk=pk, is_active=True, next_on__lte=today).first()
    if schedule is None:
        return False
    owner = schedule.set_by
    if not owner.is_active or not owner.has_role(*REPORT_MAKERS):
        schedule.is_active = False
        schedule.save(update_fields=["is_active"])
        AuditEvent.record("report.schedule_stopped", schedule.report, by=owner, because="owner")
        return False
    edition_of(report=schedule.report, by=owner)
    schedule.next_on = next_day(schedule.every, schedule.next_on, today)
    schedule.save(update_fields=["next_on"])
    return True


def next_day(every: str, last: datetime.date, today: datetime.date) -> datetime.date:
    """The first planned day after today, counted from the last planned one."""
    if every == ReportSchedule.Every.DAY:
        return next_working_day(today + datetime.timedelta(days=1))
    if every == ReportSchedule.Every.WEEK:
        weeks = (today - last).days // 7 + 1
        return last + datetime.timedelta(weeks=weeks)
    year, month, day = today.year, today.month, last.day
    while True:
        # The 31st of a month that has none is its last day.
        first_of_next = datetime.date(year + month // 12, month % 12 + 1, 1)
        planned = min(
            datetime.date(year, month, 1) + datetime.timedelta(days=day - 1), first_of_next - datetime.timedelta(days=1)
        )
        if planned > today:
            return planned
        year, month = first_of_next.year, first_of_next.month


def prune_drafts(*, now: datetime.datetime) -> int:
    """Remove old drafts with their files, and editions that were never made. Returns how many went.

    Of each report the newest drafts stay, and every one younger than the days that settings name. What is in review,
    signed, sent or superseded after signing stays for ever.
    """
    before = now - datetime.timedelta(days=settings.DRAFTS_KEPT_DAYS)
    removed = 0
    for report in Report.objects.filter(editions__status=Edition.Status.DRAFT).distinct().order_by("pk"):
        drafts = report.editions.filter(status=Edition.Status.DRAFT).order_by("-number")
        newest = list(drafts.built().values_list("pk", flat=True)[: settings.DRAFTS_KEPT])
        old = drafts.filter(created_at__lt=before).exclude(pk__in=newest)
        for pk in old.exclude(job__in=Job.objects.live()).values_list("pk", flat=True):
            removed += _remove_draft(pk)
    return removed


@transaction.atomic
def _remove_draft(pk: int) -> bool:
    edition = Edition.objects.select_for_update().filter(Q(pk=pk) & Q(status=Edition.Status.DRAFT)).first()
    if edition is None:
        return False
    log.info("draft_pruned", edition=pk, number=edition.number)
    AuditEvent.record("edition.pruned", edition, by=None, number=edition.number, snapshot=edition.snapshot_hash)
    edition.delete()
    transaction.on_commit(lambda: remove_all_files(pk))
    return True

"""A report begun from an earlier one of its kind: its sections and words, with the times inside tokens moved."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from evaluation.actions.reports import begin_report
from evaluation.models import Report, ReportSection, SectionVersion
from evaluation.reports.errors import ReportRefused
from evaluation.writing_aid.moving import Move
from vru.accounts.models import AuditEvent, User
from vru.accounts.permissions import can_make_reports
from vru.lib.periods import FinancialYear


@transaction.atomic
def copy_report(
    *, source: Report, year: FinancialYear, by: User, period: str = "", subject: str | None = None
) -> Report:
    """The report of another time with the sections of ``source``, each marked as copied until somebody goes over it.

    Owners stay, days they were due do not; comments, approvals and decisions about numbers belong to the old report.
    ``subject`` is that of the source unless given. Raises ReportRefused where the new report is worked on already, and
    NothingToReport as `begin_report`.
    """
    if not can_make_reports(by):
        raise ReportRefused("Only a director or an analyst begins a report.")
    about = source.subject if subject is None else subject
    if (source.year, source.period, source.subject) == (year.start, period, about):
        raise ReportRefused("A report cannot be copied to its own time. Choose another year or another part of it.")
    report = begin_report(kind=source.outline.kind, year=year, layer=source.layer, by=by, period=period, subject=about)
    report = Report.objects.select_for_update().get(pk=report.pk)
    if report.own_since is not None or report.sections.filter(updated_by__isnull=False).exists():
        raise ReportRefused(f"The report of {report.period_label} is being written already. Open it and go on there.")
    if report.editions.exists():
        raise ReportRefused(f"Editions of {report.period_label} were made already, so its sections cannot be replaced.")
    _put_copies(source, report, Move.between(source, year, period))
    report.copied_from, report.own_since = source, timezone.now()
    report.save(update_fields=["copied_from", "own_since"])
    AuditEvent.record("report.copied", report, by=by, source=source.pk, period=source.period_label)
    return report


@transaction.atomic
def go_over_section(*, section: ReportSection, by: User) -> ReportSection:
    """Somebody read a copied section and found it right for its report's time. Raises ReportRefused for others."""
    if not can_make_reports(by) and by != section.owner:
        raise ReportRefused("The section's owner, an analyst or the director says that a copied section is right.")
    Report.objects.select_for_update().get(pk=section.report_id)
    section = ReportSection.objects.get(pk=section.pk)
    if section.carried:
        section.carried = False
        section.save(update_fields=["carried"])
        AuditEvent.record("report.section_gone_over", section, by=by, version=section.version)
    return section


def _put_copies(source: Report, report: Report, move: Move) -> None:
    report.sections.all().delete()
    now = timezone.now()
    sections = [_copy(section, report, move) for section in source.sections.select_related("owner").order_by("order")]
    ReportSection.objects.bulk_create(sections)
    SectionVersion.objects.bulk_create(
        SectionVersion(
            section=section,
            number=section.version,
            key_points=section.key_points,
            text=section.text,
            note=f"Copied from {source.period_label}",
            saved_at=now,
        )
        for section in sections
    )


def _copy(section: ReportSection, report: Report, move: Move) -> ReportSection:
    owner = section.owner if section.owner is not None and section.owner.is_active else None
    return ReportSection(
        report=report,
        order=section.order,
        number=section.number,
        slug=section.slug,
        title=section.title,
        guidance=section.guidance,
        word_limit=section.word_limit,
        key_points=[move.text(point) for point in section.key_points],
        text=move.text(section.text),
        carried=True,
        owner=owner,
    )

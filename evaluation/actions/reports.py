"""Reports and their editions: beginning one, asking for an edition of it.

Building is another module: pages ask, only a worker loads what draws and prints.
"""

from __future__ import annotations

import datetime

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from evaluation.models import Edition, Report, ReportOutline, ReportSection, SectionVersion
from evaluation.models.report import MONTHS, QUARTERS
from evaluation.reports.as_at import check_as_at, default_as_at
from evaluation.reports.content import section_texts
from evaluation.reports.errors import NothingToReport
from evaluation.reports.outlines import find_outline
from programmes.models import Programme
from vru.accounts.models import AuditEvent, User
from vru.jobs.actions import enqueue
from vru.jobs.models import Job
from vru.lib.layers import Layer
from vru.lib.periods import FinancialYear

JOB_KIND = "report.build"
_PERIODS = {
    ReportOutline.Every.YEAR: ("",),
    ReportOutline.Every.QUARTER: QUARTERS,
    ReportOutline.Every.MONTH: MONTHS,
}


@transaction.atomic
def begin_report(
    *, kind: str, year: FinancialYear, layer: str, by: User, period: str = "", subject: str = ""
) -> Report:
    """The report of a kind, time, layer and subject, with the sections of its outline. One that exists is returned;
    while nobody works on it, its sections follow the outline.

    Raises NothingToReport for a kind, layer, period or programme that does not exist.
    """
    check_layer(layer)
    outline = ReportOutline.objects.select_for_update().get(pk=find_outline(kind).pk)
    check_time_and_subject(outline, layer, period, subject)
    report, is_new = Report.objects.get_or_create(
        outline=outline, year=year.start, period=period, layer=layer, subject=subject, defaults={"made_by": by}
    )
    is_own = report.own_since is not None or report.sections.filter(updated_by__isnull=False).exists()
    if is_new or not is_own:
        _put_sections(report, outline)
    if is_new:
        AuditEvent.record("report.begun", report, by=by)
    return report


def check_time_and_subject(outline: ReportOutline, layer: str, period: str, subject: str) -> None:
    """Raises NothingToReport for a period or programme that is not one of the kind's."""
    allowed = _PERIODS[ReportOutline.Every(outline.every)]
    if period not in allowed:
        what = ", ".join(allowed) if allowed != ("",) else "none: it is for a whole year"
        raise NothingToReport(f'"{period}" is not a period of the report "{outline.kind}". Its periods are {what}.')
    if outline.about == ReportOutline.Subject.UNIT and subject:
        raise NothingToReport(f'The report "{outline.kind}" is about the whole unit, so it takes no programme.')
    if (
        outline.about == ReportOutline.Subject.PROGRAMME
        and not Programme.objects.filter(ref=subject, layer=layer).exists()
    ):
        raise NothingToReport(
            f'The report "{outline.kind}" is about one programme. There is no {layer} programme "{subject}".'
        )


def _put_sections(report: Report, outline: ReportOutline) -> None:
    """The outline's sections as the report's own. Sections that already say the same are left as they are."""
    stored = {section.slug: section for section in report.sections.all()}
    wanted = list(outline.sections.order_by("order"))
    if [each.slug for each in report.sections.order_by("order")] != [each.slug for each in wanted]:
        report.sections.all().delete()
        stored = {}
    for order, each in enumerate(wanted, start=1):
        points, text = section_texts(each, report)
        values = {
            "order": order,
            "number": each.number,
            "title": each.title,
            "guidance": each.guidance,
            "word_limit": each.word_limit,
            "key_points": points,
            "text": text,
        }
        known = stored.get(each.slug)
        if known is not None and all(getattr(known, name) == value for name, value in values.items()):
            continue
        section, _ = ReportSection.objects.update_or_create(report=report, slug=each.slug, defaults=values)
        SectionVersion.objects.update_or_create(
            section=section,
            number=section.version,
            defaults={"key_points": points, "text": text, "note": "From the outline", "saved_at": timezone.now()},
        )


@transaction.atomic
def request_edition(
    *,
    kind: str,
    year: FinancialYear,
    layer: str,
    by: User,
    as_at: datetime.date | None = None,
    period: str = "",
    subject: str = "",
) -> Edition:
    """A new edition of a report, and the job that builds it (``edition.job``). The report is begun where need be.

    Asking again while the same one is still being made returns that one. Raises NothingToReport as `begin_report`.
    """
    report = begin_report(kind=kind, year=year, layer=layer, by=by, period=period, subject=subject)
    return edition_of(report=report, as_at=as_at, by=by)


@transaction.atomic
def edition_of(*, report: Report, by: User, as_at: datetime.date | None = None) -> Edition:
    """As `request_edition`, of a report in hand. Raises NothingToReport for a day on which it cannot be made."""
    report = Report.objects.select_for_update().get(pk=report.pk)
    year = report.financial_year
    day = check_as_at(year, as_at or default_as_at(year, report.layer, report.period))
    same = Edition.objects.filter(report=report)
    waiting = same.filter(as_at=day, built_at__isnull=True, job__in=Job.objects.live()).order_by("number").first()
    if waiting is not None:
        return waiting
    number = (same.aggregate(last=Max("number"))["last"] or 0) + 1
    edition = Edition.objects.create(report=report, number=number, as_at=day, requested_by=by)
    edition.job = enqueue(kind=JOB_KIND, payload={"edition": edition.pk}, by=by, lock_key=f"{JOB_KIND}:{edition.pk}")
    edition.save(update_fields=["job"])
    AuditEvent.record("edition.requested", edition, by=by, as_at=day.isoformat())
    return edition


def check_layer(layer: str) -> None:
    if layer not in Layer.values:
        raise NothingToReport(f'"{layer}" is not a layer. Use one of: {", ".join(Layer.values)}.')

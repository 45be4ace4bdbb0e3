"""Asking for an edition. Building it is another module: pages ask, only a worker loads what draws and prints."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.db.models import Max

from evaluation.models import Edition, ReportOutline
from evaluation.reports.errors import NothingToReport
from evaluation.reports.outlines import find_outline
from programmes.models import SourceDocument
from vru.accounts.models import AuditEvent, User
from vru.jobs.actions import enqueue
from vru.jobs.models import Job
from vru.lib.layers import Layer
from vru.lib.periods import FinancialYear

JOB_KIND = "report.build"


def default_as_at(year: FinancialYear, layer: str) -> datetime.date:
    """The year's last day; for the published layer the day of the newest document that its statements come from, if
    that is earlier.
    """
    if layer != Layer.PUBLISHED:
        return year.ends_on
    documents = SourceDocument.objects.filter(statements__layer=layer, published_on__lte=year.ends_on)
    newest = documents.aggregate(newest=Max("published_on"))["newest"]
    return newest if newest and newest >= year.starts_on else year.ends_on


@transaction.atomic
def request_edition(
    *, kind: str, year: FinancialYear, layer: str, by: User, as_at: datetime.date | None = None
) -> Edition:
    """A new edition of a report, and the job that builds it (``edition.job``).

    Asking again while the same one is still being made returns that one. Raises NothingToReport for a kind or layer
    that does not exist.
    """
    check_layer(layer)
    outline = ReportOutline.objects.select_for_update().get(pk=find_outline(kind).pk)
    day = as_at or default_as_at(year, layer)
    same = Edition.objects.filter(outline=outline, year=year.start, layer=layer)
    waiting = same.filter(as_at=day, built_at__isnull=True, job__in=Job.objects.live()).order_by("number").first()
    if waiting is not None:
        return waiting
    number = (same.aggregate(last=Max("number"))["last"] or 0) + 1
    edition = Edition.objects.create(
        outline=outline, year=year.start, layer=layer, number=number, as_at=day, requested_by=by
    )
    edition.job = enqueue(kind=JOB_KIND, payload={"edition": edition.pk}, by=by, lock_key=f"{JOB_KIND}:{edition.pk}")
    edition.save(update_fields=["job"])
    AuditEvent.record("edition.requested", edition, by=by, as_at=day.isoformat())
    return edition


def check_layer(layer: str) -> None:
    if layer not in Layer.values:
        raise NothingToReport(f'"{layer}" is not a layer. Use one of: {", ".join(Layer.values)}.')

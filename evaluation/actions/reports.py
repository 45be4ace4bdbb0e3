"""Making editions: asking for one, building it, and keeping its files."""

from __future__ import annotations

import datetime
import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from evaluation.models import Edition, EditionFile, ReportOutline
from evaluation.reports.build import Built, Progress, build_files
from evaluation.reports.errors import NothingToReport
from evaluation.reports.facts import Request, find_outline
from grants.models import Revision
from programmes.models import SourceDocument
from vru.accounts.models import AuditEvent, User
from vru.jobs.actions import enqueue
from vru.jobs.models import Job
from vru.lib.layers import Layer
from vru.lib.periods import FinancialYear, due_at

JOB_KIND = "report.build"
Hold = Callable[[], AbstractContextManager[None]]


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


def build_edition(
    *, edition: Edition, by: User, progress: Progress | None = None, hold: Hold = transaction.atomic
) -> Edition:
    """Build and keep an edition's files. One that is built already is returned as it is.

    ``hold`` opens the transaction in which everything is recorded; a worker passes one that fails when the job is no
    longer its own. Files of an earlier attempt are removed first, and those of this one if it cannot be recorded.
    """
    if edition.built_at is not None:
        return edition
    remove_partial_files(edition)
    request = Request(
        kind=edition.outline.kind,
        year=edition.financial_year,
        layer=edition.layer,
        as_at=edition.as_at,
        edition_number=edition.number,
        status=edition.status,
    )
    with tempfile.TemporaryDirectory(prefix="edition-") as folder:
        built = build_files(request, Path(folder), progress)
        try:
            names = _store_files(edition, built)
            with hold():
                _record(edition, built, names, by)
        except BaseException:
            remove_partial_files(edition)
            raise
    return edition


def remove_partial_files(edition: Edition) -> None:
    """Delete what lies in the edition's folder of the file store without a row that says it belongs there."""
    kept = set(edition.files.values_list("file", flat=True))
    _remove_from(f"editions/{edition.pk}", kept)


def _remove_from(folder: str, kept: set[str]) -> None:
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in sorted(files):
        if f"{folder}/{name}" not in kept:
            default_storage.delete(f"{folder}/{name}")
    for name in sorted(folders):
        _remove_from(f"{folder}/{name}", kept)
    if not any(each.startswith(f"{folder}/") for each in kept):
        default_storage.delete(folder)


def _store_files(edition: Edition, built: Built) -> dict[str, str]:
    # A folder of its own for each attempt: two workers on one edition never write the same name.
    folder = f"editions/{edition.pk}/{uuid4().hex[:12]}"
    return {
        file.kind: default_storage.save(f"{folder}/{file.path.name}", ContentFile(file.path.read_bytes()))
        for file in built.files
    }


def _record(edition: Edition, built: Built, names: dict[str, str], by: User) -> None:
    EditionFile.objects.bulk_create(
        EditionFile(edition=edition, kind=file.kind, file=names[file.kind], sha256=file.sha256, size=file.size)
        for file in built.files
    )
    used = Revision.objects.approved_as_at(due_at(edition.as_at)).filter(
        monitoring_return__quarter__year=edition.year, monitoring_return__commitment__programme__layer=edition.layer
    )
    edition.revisions.set(used)
    edition.snapshot_hash = built.facts.sha256
    edition.built_at = timezone.now()
    edition.save(update_fields=["snapshot_hash", "built_at"])
    AuditEvent.record(
        "edition.built", edition, by=by, snapshot=edition.snapshot_hash, pages=built.pages, missing=built.missing
    )

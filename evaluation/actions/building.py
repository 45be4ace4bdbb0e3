"""Building an edition and keeping its files: all of them or none."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from evaluation.messages import tell_ready
from evaluation.models import Edition, EditionFile
from evaluation.reports.build import Built, BuiltFile, Progress, build_files
from evaluation.reports.facts import Request
from evaluation.reports.imprint import Imprint
from evaluation.reports.workbench import Workbench
from grants.models import Revision
from vru.accounts.models import AuditEvent, User
from vru.jobs.errors import LeaseLost
from vru.lib.periods import due_at

Hold = Callable[[], AbstractContextManager[None]]


def build_edition(
    *, edition: Edition, by: User, progress: Progress | None = None, hold: Hold = transaction.atomic
) -> Edition:
    """Build and keep an edition's files. One that is built already is returned as it is.

    ``hold`` opens the transaction in which everything is recorded; a worker passes one that fails when the job is no
    longer its own. What a killed worker had finished is taken up; what somebody may mend first (a refusal, a
    cancellation) is forgotten, so that the next attempt reads everything again.
    """
    if edition.built_at is not None:
        return edition
    imprint = Imprint(number=edition.number, status=edition.status)
    bench = workbench_of(edition)
    try:
        with tempfile.TemporaryDirectory(prefix="edition-") as folder:
            built = build_files(request_of(edition), Path(folder), progress, imprint, bench)
            with storing(edition, built) as names, hold():
                _record(edition, built, names, by)
    except LeaseLost:
        raise
    except BaseException:
        bench.clear()
        raise
    remove_partial_files(edition)
    return edition


def workbench_of(edition: Edition) -> Workbench:
    return Workbench(f"editions/{edition.pk}/unfinished")


@contextmanager
def storing(edition: Edition, built: Built) -> Iterator[dict[str, str]]:
    """The files in the file store, {kind: name}; taken back when what follows fails."""
    # A folder of its own for each attempt: two workers on one edition never write the same name.
    folder = f"editions/{edition.pk}/{uuid4().hex[:12]}"
    try:
        yield {
            file.kind: default_storage.save(f"{folder}/{file.path.name}", ContentFile(file.path.read_bytes()))
            for file in built.files
        }
    except BaseException:
        _remove_from(folder, set())
        raise


def request_of(edition: Edition) -> Request:
    """What an edition asks of the facts."""
    report = edition.report
    return Request(
        kind=report.outline.kind,
        year=report.financial_year,
        layer=report.layer,
        as_at=edition.as_at,
        period=report.period,
        subject=report.subject,
    )


def remove_partial_files(edition: Edition) -> None:
    """Delete what lies in the edition's folder of the file store without a row that says it belongs there."""
    kept = set(edition.files.values_list("file", flat=True))
    _remove_from(f"editions/{edition.pk}", kept)


def remove_all_files(edition_pk: int) -> None:
    """Delete everything in the file store of an edition that is gone."""
    _remove_from(f"editions/{edition_pk}", set())


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


def stored_file(edition: Edition, file: BuiltFile, names: Mapping[str, str], *, is_final: bool = False) -> EditionFile:
    """The row of a file that ``storing`` stored."""
    return EditionFile(
        edition=edition,
        kind=file.kind,
        file=names[file.kind],
        sha256=file.sha256,
        size=file.size,
        made_from=file.made_from,
        is_final=is_final,
    )


def _record(edition: Edition, built: Built, names: dict[str, str], by: User) -> None:
    EditionFile.objects.bulk_create(stored_file(edition, file, names) for file in built.files)
    used = Revision.objects.approved_as_at(due_at(edition.as_at)).filter(
        monitoring_return__quarter__year=edition.year, monitoring_return__commitment__programme__layer=edition.layer
    )
    edition.revisions.set(used)
    edition.snapshot_hash = built.facts.sha256
    edition.narrative_hash = built.facts.data["narrative_sha256"]
    edition.built_at = timezone.now()
    edition.save(update_fields=["snapshot_hash", "narrative_hash", "built_at"])
    if edition.requested_by is not None:
        tell_ready(edition, edition.requested_by)
    AuditEvent.record(
        "edition.built", edition, by=by, snapshot=edition.snapshot_hash, pages=built.pages, missing=built.missing
    )

"""Making the final files of a signed edition, from the kept facts and the imprint alone."""

from __future__ import annotations

import tempfile
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from evaluation.actions.building import Hold, remove_partial_files, stored_file, storing, workbench_of
from evaluation.models import Edition, EditionFile
from evaluation.reports.build import Built, Progress, build_from
from evaluation.reports.errors import ReportRefused
from evaluation.reports.verify import read_imprint
from evaluation.signing.evidence import stored_facts
from evaluation.signing.messages import tell_finished
from vru.accounts.models import AuditEvent, User
from vru.jobs.errors import LeaseLost


def finish_edition(
    *, edition: Edition, by: User, progress: Progress | None = None, hold: Hold = transaction.atomic
) -> Edition:
    """Make and keep the final files, all or none. An edition that has them is returned as it is, so that it is safe to
    repeat: the same snapshot and imprint give the same bytes.

    ``hold`` is as in ``build_edition``. Raises ReportRefused for an edition that is not signed, CorruptSnapshot when
    facts or imprint are not what was signed, and as ``build_from``.
    """
    if edition.finished_at is not None:
        return edition
    if edition.signed_at is None:
        raise ReportRefused("Final files are made of a signed edition only.")
    facts, imprint = stored_facts(edition), read_imprint(edition)
    bench = workbench_of(edition)
    try:
        with tempfile.TemporaryDirectory(prefix="edition-") as folder:
            built = build_from(facts, imprint, Path(folder), progress, bench)
            with storing(edition, built) as names, hold():
                _record(edition, built, names, by)
    except LeaseLost:
        raise
    except BaseException:
        bench.clear()
        raise
    remove_partial_files(edition)
    return edition


def _record(edition: Edition, built: Built, names: dict[str, str], by: User) -> None:
    stored = Edition.objects.select_for_update().get(pk=edition.pk)
    if stored.finished_at is not None:
        raise LeaseLost(f"The final files of {edition} were stored by another worker meanwhile.")
    EditionFile.objects.bulk_create(stored_file(edition, file, names, is_final=True) for file in built.files)
    edition.finished_at = timezone.now()
    edition.save(update_fields=["finished_at"])
    AuditEvent.record(
        "edition.finished",
        edition,
        by=by,
        snapshot=edition.snapshot_hash,
        imprint=edition.imprint_hash,
        pages=built.pages,
        files={file.kind: file.sha256 for file in built.files},
    )
    tell_finished(edition)

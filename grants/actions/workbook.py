"""Taking in a filled-in workbook: read apart, kept with what it says, and used only after a yes."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models.fields.files import FieldFile
from django.utils import timezone

from grants.actions.drafts import lock_return, save_sections
from grants.answers.values import drafts_of
from grants.errors import ActionRefused
from grants.models import MonitoringReturn, Section, WorkbookUpload
from grants.questionnaire import boxes_for
from grants.timetable.locks import lock_of
from grants.workbook.differences import changes_by_section, differences, merged
from grants.workbook.findings import Finding, refused
from grants.workbook.reading import read_file
from grants.workbook.refusals import FileRefused
from grants.workbook.shape import Limits
from grants.workbook.understand import Understood, understand
from vru.accounts.models import AuditEvent, Membership, User
from vru.lib.files.scanning import ScannerUnavailable, Verdict, scan
from vru.lib.files.storing import undone_on_failure

LONGEST_NAME = 200
UPLOADS_WAITING = 20  # Of one return; more is a mistake, or somebody filling the disk.


def read_workbook(
    *,
    monitoring_return: MonitoringReturn,
    file: UploadedFile,
    name: str,
    by: User,
    limits: Limits | None = None,
) -> WorkbookUpload:
    """Read an uploaded workbook and keep what it says, waiting for a yes. Nothing of the return changes.

    A file that cannot be used gives an upload that is ``refused``, with the reason; its bytes are not kept. Raises
    ``ActionRefused`` when ``by`` may not fill in the return, when it cannot be changed now, or while too many uploads
    wait.
    """
    limits = limits or Limits()
    _check_may_upload(monitoring_return, by)
    # Everything slow happens before the return's row is locked.
    data = b"" if (file.size or 0) > limits.file_bytes else file.read()
    try:
        if (file.size or 0) > limits.file_bytes:
            raise FileRefused("F102", most=limits.file_bytes // (1024 * 1024))
        _check_clean(data)
        understood = understand(monitoring_return, read_file(data, limits))
    except FileRefused as refusal:
        return _keep(monitoring_return, name, data, by, None, [refused(refusal)], [])
    with undone_on_failure() as stored:
        return _keep(monitoring_return, name, data, by, understood, understood.findings, stored)


def _check_may_upload(item: MonitoringReturn, by: User) -> None:
    theirs = Membership.objects.current().filter(user=by, organisation=item.commitment.organisation_id)
    if not theirs.exists():
        raise ActionRefused("Only people of the grant’s own organisation can upload its workbook.")
    lock = lock_of(item, timezone.localdate())
    if lock is not None:
        raise ActionRefused(f"{lock.reason} {lock.next_step}")


def _check_clean(data: bytes) -> None:
    try:
        verdict = scan(data, settings.CLAMAV_ADDRESS)
    except ScannerUnavailable as error:
        raise FileRefused("F119") from error
    if verdict is Verdict.INFECTED:
        raise FileRefused("F120")


@transaction.atomic
def _keep(
    monitoring_return: MonitoringReturn,
    name: str,
    data: bytes,
    by: User,
    understood: Understood | None,
    found: list[Finding],
    stored: list[FieldFile],
) -> WorkbookUpload:
    item = lock_return(monitoring_return)
    waiting = WorkbookUpload.objects.filter(monitoring_return=item, status=WorkbookUpload.Status.READ)
    if understood is not None and waiting.count() >= UPLOADS_WAITING:
        raise ActionRefused(f"{UPLOADS_WAITING} uploads are waiting for a yes or a no. Decide on one of them first.")
    upload = WorkbookUpload(
        monitoring_return=item,
        name=_shown_name(name),
        sha256=hashlib.sha256(data).hexdigest(),
        status=WorkbookUpload.Status.READ if understood else WorkbookUpload.Status.REFUSED,
        answers=understood.texts if understood else {},
        problems=[finding.as_stored() for finding in found],
        versions=understood.versions if understood else {},
        uploaded_by=by,
        uploaded_at=timezone.now(),
    )
    if understood is not None:
        upload.file.save(f"{upload.sha256[:16]}.bin", ContentFile(data), save=False)
        stored.append(upload.file)
    upload.save()
    AuditEvent.record("workbook uploaded", item, by=by, upload=upload.pk, status=upload.status, sha256=upload.sha256)
    return upload


@transaction.atomic
def apply_workbook(*, upload: WorkbookUpload, by: User, versions: Mapping[str, int] | None = None) -> WorkbookUpload:
    """Save what an upload says as drafts, all of it or nothing; text that is wrong is kept as typed, to be mended.

    ``versions`` are those of the drafts that the person compared with; without them, those at the reading. Raises
    ``StaleDraft`` when somebody saved one of the sections since, ``ActionRefused`` when it was decided already, when
    ``by`` may not fill in the return, or when it cannot be changed now.
    """
    item = lock_return(upload.monitoring_return)
    _check_may_upload(item, by)
    locked = _undecided(upload)
    compared = locked.versions if versions is None else versions
    seen = {Section(letter): number for letter, number in compared.items()}
    _, sections = _changes(item, locked.answers)
    save_sections(monitoring_return=item, sections=sections, versions=seen, by=by)
    return _decide(locked, WorkbookUpload.Status.APPLIED, by)


@transaction.atomic
def import_workbook(*, monitoring_return: MonitoringReturn, understood: Understood, by: User | None) -> int:
    """Save what a workbook says, for a command: all of it, and only when it has no errors. Returns how many answers
    changed. ``by`` is None for the system itself.

    Raises ``ActionRefused`` with errors, for a closed return, and when somebody saved since it was read.
    """
    if understood.errors:
        raise ActionRefused("Nothing was saved: put right what is listed first.")
    item = lock_return(monitoring_return)
    rows, sections = _changes(item, understood.texts)
    save_sections(
        monitoring_return=item,
        sections=sections,
        versions={Section(letter): number for letter, number in understood.versions.items()},
        by=by,
    )
    AuditEvent.record("workbook imported", item, by=by, answers=rows)
    return rows


def _changes(item: MonitoringReturn, texts: Mapping[str, str]) -> tuple[int, dict[Section, dict[str, str]]]:
    """How many answers would change, and the whole new text of each section that they are in."""
    boxes, drafts = boxes_for(item), drafts_of(item)
    saved = {name: text for section in drafts.values() for name, text in section.items()}
    rows = differences(boxes, saved, texts)
    changes = changes_by_section(rows).items()
    return len(rows), {section: merged(drafts.get(section, {}), new) for section, new in changes}


@transaction.atomic
def discard_workbook(*, upload: WorkbookUpload, by: User) -> WorkbookUpload:
    """Decide not to use an upload. Its file and what was read from it go; the row says that it was here."""
    item = lock_return(upload.monitoring_return)
    if not by.acts_for(item.commitment.organisation_id):
        raise ActionRefused("Only people of the grant’s own organisation can decide on its workbook.")
    locked = _undecided(upload)
    storage, stored = locked.file.storage, locked.file.name or ""
    locked.file, locked.answers, locked.problems = "", {}, []
    locked.save(update_fields=["file", "answers", "problems"])
    if stored:
        transaction.on_commit(lambda: storage.delete(stored))
    return _decide(locked, WorkbookUpload.Status.DISCARDED, by)


def _undecided(upload: WorkbookUpload) -> WorkbookUpload:
    locked = WorkbookUpload.objects.select_for_update(of=("self",)).get(pk=upload.pk)
    if locked.status != WorkbookUpload.Status.READ:
        raise ActionRefused(f"This upload has been decided on already: {locked.get_status_display().lower()}.")
    return locked


def _decide(upload: WorkbookUpload, status: WorkbookUpload.Status, by: User) -> WorkbookUpload:
    upload.status, upload.decided_by, upload.decided_at = status, by, timezone.now()
    upload.save(update_fields=["status", "decided_by", "decided_at"])
    AuditEvent.record(f"workbook {status.value}", upload.monitoring_return, by=by, upload=upload.pk)
    return upload


def _shown_name(name: str) -> str:
    """The person's own name of the file, for showing only: the stored name is ours."""
    base = os.path.basename(name.replace("\\", "/"))
    kept = "".join(letter for letter in base if letter.isprintable()).strip()
    return kept[-LONGEST_NAME:] or "workbook"

"""Files that support a return: taken in, kept privately, and taken away again before the return is sent."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.db.models.fields.files import FieldFile
from django.utils import timezone

from grants.actions.drafts import lock_return, move
from grants.actions.texts import check_text
from grants.errors import ActionRefused
from grants.models import Attachment, MonitoringReturn, Revision, Section
from grants.timetable.locks import lock_of
from vru.accounts.models import AuditEvent, User
from vru.lib.files.storing import undone_on_failure
from vru.lib.files.taking import FileNotTaken, ScannerSilent, TakenFile, take_in

LONGEST_DESCRIPTION = 300


def attach_file(
    *, monitoring_return: MonitoringReturn, name: str, data: bytes, description: str, by: User
) -> Attachment:
    """Check, clean and keep one file. The same bytes twice are kept once.

    Raises ``ActionRefused`` with a sentence for a file that is too large, of a kind not allowed, damaged or infected,
    and when the return cannot be changed.
    """
    # Everything slow happens before the return's row is locked.
    check_text(description, "The description", LONGEST_DESCRIPTION)
    try:
        taken = take_in(name, data, most_bytes=settings.ATTACHMENT_MAX_BYTES, scanner=settings.CLAMAV_ADDRESS)
    except ScannerSilent as silent:
        raise ActionRefused(f"{silent} You can go on with the rest of the return.") from silent
    except FileNotTaken as refused:
        raise ActionRefused(str(refused)) from refused
    with undone_on_failure() as stored:
        return _keep(monitoring_return, taken, description.strip(), by, stored)


@transaction.atomic
def _keep(
    monitoring_return: MonitoringReturn, taken: TakenFile, description: str, by: User, stored: list[FieldFile]
) -> Attachment:
    item = lock_return(monitoring_return)
    _check_open(item)
    kept = item.attachments.kept()
    same = kept.filter(sha256=taken.sha256).first()
    if same is not None:
        return same  # A double click, or the same file chosen twice.
    if kept.count() >= settings.ATTACHMENT_MAX_FILES:
        raise ActionRefused(
            f"A return can have {settings.ATTACHMENT_MAX_FILES} files. Remove one that is no longer needed first."
        )
    attachment = Attachment(
        monitoring_return=item,
        description=description,
        uploaded_by=by,
        uploaded_at=timezone.now(),
        **taken.columns,
    )
    taken.store(attachment.file, stored)
    attachment.save()
    if item.status == MonitoringReturn.Status.OPEN:
        move(item, MonitoringReturn.Status.DRAFT)
    AuditEvent.record("file attached", item, by=by, name=taken.name, sha256=taken.sha256)
    return attachment


@transaction.atomic
def remove_attachment(*, attachment: Attachment, by: User) -> Attachment:
    """Take a file away. One that was part of a version sent stays with that version; any other is deleted."""
    item = lock_return(attachment.monitoring_return)
    _check_open(item)
    locked = Attachment.objects.get(pk=attachment.pk)
    if locked.removed_at is not None:
        return locked
    locked.removed_at, locked.removed_by = timezone.now(), by
    locked.save(update_fields=["removed_at", "removed_by"])
    if not was_sent(locked):
        transaction.on_commit(lambda: _forget(locked))
    AuditEvent.record("file removed", item, by=by, name=locked.name, sha256=locked.sha256)
    return locked


def _forget(attachment: Attachment) -> None:
    """Take the bytes out of the store; the row stays, to say that there was a file and who took it away."""
    if attachment.file.name:
        attachment.file.storage.delete(attachment.file.name)


def was_sent(attachment: Attachment) -> bool:
    """Whether some version of the return was sent while the file belonged to it."""
    sent = Revision.objects.filter(
        monitoring_return=attachment.monitoring_return_id, submitted_at__gte=attachment.uploaded_at
    )
    if attachment.removed_at is not None:
        sent = sent.filter(submitted_at__lt=attachment.removed_at)
    return sent.exists()


def _check_open(item: MonitoringReturn) -> None:
    lock = lock_of(item, timezone.localdate())
    if lock is not None:
        raise ActionRefused(f"{lock.reason} {lock.next_step}")
    if Section.EVIDENCE not in item.sections:
        raise ActionRefused("This grant is not asked for evidence files.")

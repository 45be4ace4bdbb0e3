"""Papers kept with a programme: taken in, stored privately, and taken out of sight again."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.db.models.fields.files import FieldFile
from django.utils import timezone

from programmes.actions.checks import check_editor, cleaned
from programmes.errors import ProgrammeRefused
from programmes.models import Programme, ProgrammeDocument
from vru.accounts.models import AuditEvent, User
from vru.lib.files.storing import undone_on_failure
from vru.lib.files.taking import FileNotTaken, TakenFile, take_in

MOST_DOCUMENTS = 100


def add_document(
    *, programme: Programme, title: str, kind: ProgrammeDocument.Kind, name: str, data: bytes, by: User
) -> ProgrammeDocument:
    """Check, clean and keep one file. The same bytes twice are kept once. Raises ``ProgrammeRefused``."""
    # Who may not has the file neither read nor scanned; everything slow happens before the row is locked.
    check_editor(by)
    called = cleaned(title, "The title", longest=200, required=True)
    try:
        taken = take_in(name, data, most_bytes=settings.ATTACHMENT_MAX_BYTES, scanner=settings.CLAMAV_ADDRESS)
    except FileNotTaken as refused:
        raise ProgrammeRefused(str(refused)) from refused
    with undone_on_failure() as stored:
        return _keep(programme, called, kind, taken, by, stored)


@transaction.atomic
def _keep(
    programme: Programme,
    title: str,
    kind: ProgrammeDocument.Kind,
    taken: TakenFile,
    by: User,
    stored: list[FieldFile],
) -> ProgrammeDocument:
    locked = Programme.objects.select_for_update(of=("self",)).get(pk=programme.pk)
    kept = locked.documents.filter(removed_at__isnull=True)
    same = kept.filter(sha256=taken.sha256).first()
    if same is not None:
        return same  # A double click, or the same paper chosen twice.
    if kept.count() >= MOST_DOCUMENTS:
        raise ProgrammeRefused(f"A programme keeps {MOST_DOCUMENTS} documents. Remove one that is no longer needed.")
    document = ProgrammeDocument(
        programme=locked, title=title, kind=kind, uploaded_by=by, uploaded_at=timezone.now(), **taken.columns
    )
    taken.store(document.file, stored)
    document.save()
    AuditEvent.record("document added", locked, by=by, title=title, name=taken.name, sha256=taken.sha256)
    return document


@transaction.atomic
def remove_document(*, document: ProgrammeDocument, by: User) -> ProgrammeDocument:
    """Take a document out of sight. Its row, hash and bytes stay: what was decided on it can still be shown."""
    check_editor(by)
    programme = Programme.objects.select_for_update(of=("self",)).get(pk=document.programme_id)
    current = ProgrammeDocument.objects.get(pk=document.pk)
    if current.removed_at is not None:
        return current
    current.removed_at, current.removed_by = timezone.now(), by
    current.save(update_fields=["removed_at", "removed_by"])
    AuditEvent.record("document removed", programme, by=by, title=current.title, sha256=current.sha256)
    return current

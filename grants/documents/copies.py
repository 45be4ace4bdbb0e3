"""Making and keeping the PDF copy of a version: work for a worker, never for a process that answers pages."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from grants.documents.render import render_copy
from grants.models import ReturnDocument, Revision
from vru.accounts.models import AuditEvent, User

Hold = Callable[[], AbstractContextManager[None]]


def make_copy(*, revision: Revision, by: User | None, hold: Hold = transaction.atomic) -> ReturnDocument:
    """Make and keep the copy. One that is there already is returned as it is.

    ``hold`` opens the transaction in which it is recorded; a worker passes one that fails when the job is no longer its
    own. A file that could not be recorded is removed again.
    """
    kept = ReturnDocument.objects.filter(revision=revision).first()
    if kept is not None:
        return kept
    with tempfile.TemporaryDirectory(prefix="return-") as folder:
        output = Path(folder) / "return.pdf"
        render_copy(revision, output)
        content = output.read_bytes()
    # A name of its own for each attempt: two workers on one version never write the same file.
    name = default_storage.save(f"returns/{revision.pk}/{uuid4().hex[:12]}.pdf", ContentFile(content))
    try:
        with hold():
            document, made = ReturnDocument.objects.get_or_create(
                revision=revision,
                defaults={
                    "file": name,
                    "sha256": hashlib.sha256(content).hexdigest(),
                    "size": len(content),
                    "made_at": timezone.now(),
                },
            )
            if made:
                AuditEvent.record(
                    "return copied", revision.monitoring_return, by=by, revision=revision.number, sha256=document.sha256
                )
    except BaseException:
        default_storage.delete(name)
        raise
    if not made:
        default_storage.delete(name)
    return document

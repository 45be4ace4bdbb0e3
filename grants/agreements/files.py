"""Making and keeping an agreement's PDF: work for a worker, never for a process that answers pages."""

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

from grants.agreements.render import render_agreement
from grants.models import AwardAgreement
from vru.accounts.models import AuditEvent, User

Hold = Callable[[], AbstractContextManager[None]]


def make_file(*, agreement: AwardAgreement, by: User | None, hold: Hold = transaction.atomic) -> AwardAgreement:
    """Make and keep the file, once: a second call finds it. ``hold`` as for copies of returns."""
    if agreement.file:
        return agreement
    with tempfile.TemporaryDirectory(prefix="agreement-") as folder:
        output = Path(folder) / "agreement.pdf"
        render_agreement(agreement, output)
        content = output.read_bytes()
    # A name of its own for each attempt: two workers on one agreement never write the same file.
    name = default_storage.save(f"agreements/{agreement.pk}/{uuid4().hex[:12]}.pdf", ContentFile(content))
    made = False
    try:
        with hold():
            locked = AwardAgreement.objects.select_for_update(of=("self",)).get(pk=agreement.pk)
            if not locked.file:
                locked.file.name, locked.size = name, len(content)
                locked.sha256 = hashlib.sha256(content).hexdigest()
                locked.save(update_fields=["file", "size", "sha256"])
                AuditEvent.record(
                    "agreement file made", agreement.commitment, by=by, number=locked.number, sha256=locked.sha256
                )
                made = True
    except BaseException:
        default_storage.delete(name)
        raise
    if not made:
        default_storage.delete(name)
    return locked

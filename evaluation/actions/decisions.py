"""What a person decides about a data issue."""

from __future__ import annotations

from django.db import transaction

from evaluation.models import DataIssue
from vru.accounts.models import AuditEvent, User


@transaction.atomic
def accept_issue(*, issue: DataIssue, note: str, by: User) -> DataIssue:
    """Accept a difference with the sentence that is printed beside it. Raises ValueError without a sentence."""
    if not note.strip():
        raise ValueError("Say why the difference is accepted.")
    locked = DataIssue.objects.select_for_update().get(pk=issue.pk)
    locked.status, locked.note = DataIssue.Status.ACCEPTED, note.strip()
    locked.save(update_fields=["status", "note"])
    AuditEvent.record("data issue accepted", locked, by=by, reason=note.strip())
    return locked

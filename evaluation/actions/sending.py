"""Noting that a signed edition went to its funder."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from evaluation.actions.signing import lock_edition, move_edition
from evaluation.models import Edition
from evaluation.reports.errors import ReportRefused
from evaluation.signing.messages import tell_sent
from vru.accounts.models import AuditEvent, User
from vru.accounts.permissions import can_sign_reports

LONGEST_NAME = 200


@transaction.atomic
def send_edition(*, edition: Edition, to: str, by: User) -> Edition:
    """Write down to whom the final files went. The same again changes nothing.

    Raises ReportRefused for anybody but a director, without a name, and before the final files are there.
    """
    if not can_sign_reports(by):
        raise ReportRefused("Only a director can send a report.")
    name = " ".join(to.split())
    if not name or len(name) > LONGEST_NAME or "\0" in name:
        raise ReportRefused(f"Say in at most {LONGEST_NAME} characters to whom it goes.")
    locked = lock_edition(edition)
    if locked.status == Edition.Status.SENT and locked.sent_to == name:
        return locked
    if locked.signed_at is not None and locked.finished_at is None:
        raise ReportRefused("The final files are still being made. Wait for them: what is sent is what was signed.")
    move_edition(locked, Edition.Status.SENT)
    locked.sent_by, locked.sent_at, locked.sent_to = by, timezone.now(), name
    locked.save(update_fields=["status", "sent_by", "sent_at", "sent_to"])
    AuditEvent.record("edition.sent", locked, by=by, sent_to=name, snapshot=locked.snapshot_hash)
    tell_sent(locked)
    return locked

"""Outgoing mail: queue it in the transaction that causes it, send it afterwards, each message once."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256

import structlog
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from vru.jobs.models import OutboxMessage
from vru.jobs.wake import SEND_TASK, wake_on_commit

MAX_ATTEMPTS = 6
SENDING_LEASE = timedelta(minutes=10)
log = structlog.get_logger(__name__)


@transaction.atomic
def queue_message(*, key: str, to: str, subject: str, text: str, html: str = "", sender: str = "") -> OutboxMessage:
    """Queue one message, from ``sender``'s name at the site's address.

    A key that is already there returns the message queued first, unchanged.
    """
    now = timezone.now()
    fields = {
        "to": to,
        "sender": sender[:200],
        "subject": subject[:200],
        "text": text,
        "html": html,
        "created_at": now,
        "next_attempt_at": now,
    }
    message, created = OutboxMessage.objects.get_or_create(key=key, defaults=fields)
    if created:
        wake_on_commit(SEND_TASK)
    return message


def send_queued(*, now: datetime, limit: int = 100) -> int:
    """Send what is due, oldest first; returns how many went out.

    Each message is claimed by pushing its next attempt into the future, so two senders never both send it. A
    message whose sender dies between the mail server's yes and our record of it goes out again after the lease,
    under the same Message-ID.
    """
    sent = 0
    for message in OutboxMessage.objects.due(now)[:limit]:
        mine = OutboxMessage.objects.due(now).order_by().filter(pk=message.pk)
        if mine.update(next_attempt_at=now + SENDING_LEASE, attempts=F("attempts") + 1):
            message.refresh_from_db()
            sent += _send(message)
    return sent


def _send(message: OutboxMessage) -> bool:
    mail = EmailMultiAlternatives(
        subject=message.subject,
        body=message.text,
        to=[message.to],
        headers={"Message-ID": f"<{sha256(message.key.encode()).hexdigest()[:32]}@outbox>"},
    )
    if message.html:
        mail.attach_alternative(message.html, "text/html")
    try:
        mail.send()
    except Exception as error:  # whatever a mail backend raises, the message must be kept and tried again
        _record_failure(message, error)
        return False
    message.status, message.sent_at, message.error = OutboxMessage.Status.SENT, timezone.now(), ""
    message.save(update_fields=["status", "sent_at", "error"])
    return True


def _record_failure(message: OutboxMessage, error: Exception) -> None:
    log.warning("mail_not_sent", key=message.key, attempt=message.attempts, error=str(error))
    message.error = f"The mail server did not take it ({type(error).__name__}: {error})."
    if message.attempts >= MAX_ATTEMPTS:
        message.status = OutboxMessage.Status.FAILED
    # One, two, four … minutes: long enough for a mail server to come back, short enough for a deadline's eve.
    message.next_attempt_at = timezone.now() + timedelta(minutes=2 ** (message.attempts - 1))
    message.save(update_fields=["status", "error", "next_attempt_at"])

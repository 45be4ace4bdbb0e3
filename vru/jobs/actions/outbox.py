"""Outgoing mail: queue it in the transaction that causes it, send it afterwards, each message once."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.utils import formataddr, parseaddr
from hashlib import sha256
from smtplib import SMTPRecipientsRefused

import structlog
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from vru.accounts.models import AuditEvent, User
from vru.jobs.errors import JobRefused
from vru.jobs.models import OutboxMessage
from vru.jobs.wake import SEND_TASK, wake_on_commit

MAX_ATTEMPTS = 6
SENDING_LEASE = timedelta(minutes=10)
TEXT_REMOVED = "The text held a link for its reader alone, and was removed once the message was sent."
log = structlog.get_logger(__name__)


@transaction.atomic
def queue_message(
    *, key: str, to: str, subject: str, text: str, html: str = "", sender: str = "", holds_secret: bool = False
) -> OutboxMessage:
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
        "holds_secret": holds_secret,
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
        from_email=_sender(message),
        to=[message.to],
        headers={"Message-ID": f"<{sha256(message.key.encode()).hexdigest()[:32]}@outbox>"},
    )
    if message.html:
        mail.attach_alternative(message.html, "text/html")
    try:
        mail.send()
    except SMTPRecipientsRefused as error:
        _record_failure(message, error, refused_for_good=_is_permanent(error))
        return False
    except Exception as error:  # whatever a mail backend raises, the message must be kept and tried again
        _record_failure(message, error)
        return False
    message.status, message.sent_at, message.error = OutboxMessage.Status.SENT, timezone.now(), ""
    fields = ["status", "sent_at", "error"]
    if message.holds_secret and not settings.DEMO:
        # A demonstration has no mailbox to open, so there its outbox page is where links are read.
        message.text, message.html = TEXT_REMOVED, ""
        fields += ["text", "html"]
    message.save(update_fields=fields)
    return True


def _sender(message: OutboxMessage) -> str:
    """The unit's name before the site's address; the name may hold any sign, so it is quoted as mail asks."""
    address = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    return formataddr((message.sender, address)) if message.sender else settings.DEFAULT_FROM_EMAIL


def _is_permanent(error: SMTPRecipientsRefused) -> bool:
    """Whether every receiver was refused for good (5xx): nobody is there, and asking again will not change that."""
    return all(code >= 500 for code, _ in error.recipients.values())


def _record_failure(message: OutboxMessage, error: Exception, *, refused_for_good: bool = False) -> None:
    log.warning("mail_not_sent", key=message.key, attempt=message.attempts, error=str(error))
    message.error = f"The mail server did not take it ({type(error).__name__}: {error})."
    if refused_for_good:
        message.status = OutboxMessage.Status.BOUNCED
    elif message.attempts >= MAX_ATTEMPTS:
        message.status = OutboxMessage.Status.FAILED
    # One, two, four … minutes: long enough for a mail server to come back, short enough for a deadline's eve.
    message.next_attempt_at = timezone.now() + timedelta(minutes=2 ** (message.attempts - 1))
    message.save(update_fields=["status", "error", "next_attempt_at"])


@transaction.atomic
def send_again(*, message: OutboxMessage, by: User) -> OutboxMessage:
    """Queue a message that failed or was refused once more, with all its attempts.

    Raises ``JobRefused`` for one that waits or has gone out: a double click sends it once.
    """
    locked = OutboxMessage.objects.select_for_update().get(pk=message.pk)
    if not locked.can_be_sent_again:
        raise JobRefused(f"This message is not to be sent again: {locked.get_status_display().lower()}.")
    was = locked.error
    locked.status, locked.attempts, locked.error = OutboxMessage.Status.QUEUED, 0, ""
    locked.next_attempt_at = timezone.now()
    locked.save(update_fields=["status", "attempts", "error", "next_attempt_at"])
    AuditEvent.record("mail sent again", locked, by=by, reason=was)
    wake_on_commit(SEND_TASK)
    return locked

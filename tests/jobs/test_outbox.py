"""Outgoing mail: kept with its cause, sent once, tried again when the server says no."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.utils import timezone

from vru.jobs.actions import queue_message, send_queued
from vru.jobs.actions.outbox import MAX_ATTEMPTS
from vru.jobs.models import OutboxMessage

pytestmark = pytest.mark.django_db


def message(key: str = "reminder Q3 G1", **changes: str) -> OutboxMessage:
    fields = {"to": "grantee@example.org", "subject": "Your return is due", "text": "It is due on Friday."}
    return queue_message(key=key, **{**fields, **changes})


def send_again(times: int = 1) -> None:
    """Come back after the longest wait between attempts, ``times`` times."""
    for number in range(1, times + 1):
        send_queued(now=timezone.now() + timedelta(hours=2 * number))


@pytest.fixture
def refusing_server(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> int:
        raise ConnectionRefusedError("connection refused")

    monkeypatch.setattr(EmailMessage, "send", refuse)


def test_message_goes_out_with_both_bodies(mailoutbox: list[Any]) -> None:
    message(html="<p>It is due on Friday.</p>")
    assert send_queued(now=timezone.now()) == 1
    (mail,) = mailoutbox
    assert (mail.to, mail.subject, mail.body) == (["grantee@example.org"], "Your return is due", "It is due on Friday.")
    assert mail.alternatives[0].mimetype == "text/html"
    assert OutboxMessage.objects.get().status == OutboxMessage.Status.SENT


def test_one_occasion_is_mailed_once(mailoutbox: list[Any]) -> None:
    first, second = message(), message(text="Other words.")
    assert (first.pk, second.text) == (second.pk, "It is due on Friday.")
    send_queued(now=timezone.now())
    message()
    send_again()
    assert len(mailoutbox) == 1


def test_message_another_sender_has_taken_is_left_to_it(mailoutbox: list[Any]) -> None:
    OutboxMessage.objects.filter(pk=message().pk).update(next_attempt_at=timezone.now() + timedelta(minutes=10))
    assert send_queued(now=timezone.now()) == 0
    assert mailoutbox == []


@pytest.mark.usefixtures("refusing_server")
def test_refused_message_waits_and_says_why() -> None:
    message()
    assert send_queued(now=timezone.now()) == 0
    kept = OutboxMessage.objects.get()
    assert (kept.status, kept.attempts) == (OutboxMessage.Status.QUEUED, 1)
    assert "connection refused" in kept.error
    assert kept.next_attempt_at > timezone.now()


@pytest.mark.usefixtures("refusing_server")
def test_message_is_given_up_after_the_last_attempt() -> None:
    message()
    send_again(MAX_ATTEMPTS + 2)
    kept = OutboxMessage.objects.get()
    assert (kept.status, kept.attempts) == (OutboxMessage.Status.FAILED, MAX_ATTEMPTS)


def test_one_refused_message_does_not_hold_up_the_next(mailoutbox: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    real = EmailMessage.send

    def picky(self: EmailMessage, *arguments: Any, **options: Any) -> int:
        if self.to == ["broken@example.org"]:
            raise OSError("mailbox unavailable")
        return real(self, *arguments, **options)

    monkeypatch.setattr(EmailMessage, "send", picky)
    message("one", to="broken@example.org")
    message("two")
    assert send_queued(now=timezone.now()) == 1
    assert [mail.to for mail in mailoutbox] == [["grantee@example.org"]]


def test_mail_servers_can_recognise_a_repeat(mailoutbox: list[Any]) -> None:
    message("one")
    message("two")
    send_queued(now=timezone.now())
    first, second = (mail.extra_headers["Message-ID"] for mail in mailoutbox)
    assert first != second
    assert first.startswith("<")

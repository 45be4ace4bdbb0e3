"""Outgoing mail: kept with its cause, sent once, tried again when the server says no."""

from __future__ import annotations

from datetime import timedelta
from email.utils import parseaddr
from smtplib import SMTPRecipientsRefused
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.utils import timezone

from vru.accounts.models import User
from vru.jobs.actions import queue_message, send_again, send_queued
from vru.jobs.actions.outbox import MAX_ATTEMPTS
from vru.jobs.errors import JobRefused
from vru.jobs.models import OutboxMessage

pytestmark = pytest.mark.django_db


def message(key: str = "reminder Q3 G1", **changes: str) -> OutboxMessage:
    fields = {"to": "grantee@example.org", "subject": "Your return is due", "text": "It is due on Friday."}
    return queue_message(key=key, **{**fields, **changes})


def send_again_later(times: int = 1) -> None:
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
    send_again_later()
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
    send_again_later(MAX_ATTEMPTS + 2)
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


def refuse_with(monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    def refuse(self: EmailMessage, *_: Any, **__: Any) -> int:
        raise SMTPRecipientsRefused(dict.fromkeys(self.to, (code, b"no such mailbox")))

    monkeypatch.setattr(EmailMessage, "send", refuse)


def test_address_the_receiver_does_not_know_bounces_and_is_not_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    refuse_with(monkeypatch, 550)
    message()
    send_again_later(3)
    kept = OutboxMessage.objects.get()
    assert (kept.status, kept.attempts) == (OutboxMessage.Status.BOUNCED, 1)
    assert "no such mailbox" in kept.error


def test_mailbox_that_is_busy_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    refuse_with(monkeypatch, 450)
    message()
    send_queued(now=timezone.now())
    assert OutboxMessage.objects.get().status == OutboxMessage.Status.QUEUED


def test_mail_comes_from_the_units_name_at_the_sites_address(mailoutbox: list[Any], settings: Any) -> None:
    settings.DEFAULT_FROM_EMAIL = "Returns <returns@unit.example>"
    message("one", sender='Unit, "London"')
    message("two")
    send_queued(now=timezone.now())
    assert parseaddr(mailoutbox[0].from_email) == ('Unit, "London"', "returns@unit.example")
    assert mailoutbox[1].from_email == "Returns <returns@unit.example>"


def test_link_that_lets_its_reader_in_is_forgotten_once_sent(mailoutbox: list[Any]) -> None:
    queue_message(key="i", to="a@example.org", subject="Join", text="the link", html="<a>", holds_secret=True)
    send_queued(now=timezone.now())
    assert mailoutbox[0].body == "the link"
    kept = OutboxMessage.objects.get()
    assert "the link" not in kept.text + kept.html


def test_demonstration_keeps_the_link_because_it_has_no_mailbox(settings: Any) -> None:
    settings.DEMO = True
    queue_message(key="i", to="a@example.org", subject="Join", text="the link", holds_secret=True)
    send_queued(now=timezone.now())
    assert OutboxMessage.objects.get().text == "the link"


def test_message_sent_again_has_all_its_attempts(director: User, mailoutbox: list[Any]) -> None:
    kept = message()
    OutboxMessage.objects.update(status="failed", attempts=MAX_ATTEMPTS, error="The server was away.")
    send_again(message=kept, by=director)
    assert send_queued(now=timezone.now()) == 1
    assert len(mailoutbox) == 1


def test_message_that_has_gone_out_is_not_sent_again(director: User) -> None:
    kept = message()
    send_queued(now=timezone.now())
    with pytest.raises(JobRefused, match="sent"):
        send_again(message=kept, by=director)

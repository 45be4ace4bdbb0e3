"""Staff see what mail was sent, came back or waits, and send again what failed."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.cast import Cast
from tests.factories import OutboxMessageFactory, UnitFactory
from vru.accounts.models import AuditEvent, User
from vru.jobs.models import OutboxMessage

pytestmark = pytest.mark.django_db


def client_of(user: User) -> Client:
    UnitFactory()
    client = Client()
    client.force_login(user)
    return client


def bounced(**changes: Any) -> OutboxMessage:
    message: OutboxMessage = OutboxMessageFactory(
        **{"status": "bounced", "error": "Nobody is there (550).", "attempts": 1, **changes}
    )
    return message


def test_list_says_what_became_of_each_message(cast: Cast) -> None:
    OutboxMessageFactory(to="waits@example.org")
    OutboxMessageFactory(to="got@example.org", status="sent", sent_at=timezone.now())
    bounced(to="gone@example.org")
    text = client_of(cast.programme_manager).get("/outbox/").content.decode()
    for words in ("waits@example.org", "got@example.org", "gone@example.org", "Refused by the receiver", "(550)"):
        assert words in text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("status=bounced", {"gone@example.org"}),
        ("words=GOT%40", {"got@example.org"}),
        ("words=overdue", {"got@example.org"}),
        ("status=queued&words=gone", set()),
        ("status=nonsense", {"gone@example.org", "got@example.org"}),
    ],
)
def test_list_is_filtered_by_status_and_words(cast: Cast, query: str, found: set[str]) -> None:
    bounced(to="gone@example.org")
    OutboxMessageFactory(to="got@example.org", subject="It is overdue", status="sent", sent_at=timezone.now())
    text = client_of(cast.programme_manager).get(f"/outbox/?{query}").content.decode()
    assert {address for address in ("gone@example.org", "got@example.org") if address in text} == found


def test_filter_without_a_match_says_so(cast: Cast) -> None:
    assert "No message is like that" in client_of(cast.administrator).get("/outbox/?words=zzz").content.decode()


def test_message_page_shows_its_text_as_text(cast: Cast) -> None:
    message = OutboxMessageFactory(text="Due on Friday. <script>alert(1)</script>")
    text = client_of(cast.programme_manager).get(f"/outbox/{message.pk}/").content.decode()
    assert "Due on Friday." in text
    assert "<script>alert" not in text


def test_text_with_a_secret_link_is_not_shown(cast: Cast, settings: Any) -> None:
    message = OutboxMessageFactory(text="http://localhost:8000/invitation/secret/", holds_secret=True)
    client = client_of(cast.administrator)
    assert "invitation/secret" not in client.get(f"/outbox/{message.pk}/").content.decode()
    settings.DEMO = True
    assert "invitation/secret" in client.get(f"/outbox/{message.pk}/").content.decode()


@pytest.mark.parametrize("person", ["programme_manager", "administrator"])
def test_sending_again_queues_the_message_and_is_recorded(cast: Cast, person: str) -> None:
    message = bounced()
    client = client_of(cast.named(person))
    assert "Send again" in client.get(f"/outbox/{message.pk}/").content.decode()
    client.post(f"/outbox/{message.pk}/send/")
    message.refresh_from_db()
    assert (message.status, message.attempts, message.error) == ("queued", 0, "")
    event = AuditEvent.objects.about(message).get()
    assert (event.actor, event.reason) == (cast.named(person), "Nobody is there (550).")


def test_second_click_on_send_again_is_refused_with_a_sentence(cast: Cast) -> None:
    message, client = bounced(), client_of(cast.programme_manager)
    client.post(f"/outbox/{message.pk}/send/")
    response = client.post(f"/outbox/{message.pk}/send/", follow=True)
    assert "not to be sent again" in response.content.decode()
    assert AuditEvent.objects.about(message).count() == 1


def test_auditor_sees_no_button(cast: Cast) -> None:
    message = bounced()
    assert "Send again" not in client_of(cast.auditor).get(f"/outbox/{message.pk}/").content.decode()


def test_message_that_does_not_exist_is_not_found(cast: Cast) -> None:
    assert client_of(cast.administrator).get("/outbox/999999/").status_code == 404

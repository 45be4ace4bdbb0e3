"""The bell, the list behind it and what also comes by email."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from tests.cast import Cast
from tests.factories import NotificationFactory, UnitFactory
from vru.accounts.models import User
from vru.jobs.actions.notify import wants_email
from vru.jobs.models import MessagePreference, Notification, Topic

pytestmark = pytest.mark.django_db


def client_of(user: User) -> Client:
    UnitFactory()
    client = Client()
    client.force_login(user)
    return client


def page(client: Client, path: str = "/notifications/") -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_bell_counts_what_is_unread(cast: Cast) -> None:
    client = client_of(cast.grantee)
    NotificationFactory.create_batch(2, user=cast.grantee)
    NotificationFactory(user=cast.grantee, read_at=timezone.now())
    NotificationFactory(user=cast.signatory)
    assert '(2<span class="govuk-visually-hidden"> new</span>)' in page(client)


def test_bell_without_news_has_no_number(cast: Cast) -> None:
    assert "app-masthead__count" not in page(client_of(cast.grantee))


def test_unread_stand_before_read_and_newer_before_older(cast: Cast) -> None:
    for name, read_at in (("old", None), ("read", timezone.now()), ("new", None)):
        NotificationFactory(user=cast.grantee, title=f"The {name} one", read_at=read_at)
    text = page(client_of(cast.grantee))
    assert text.index("The new one") < text.index("The old one") < text.index("The read one")


def test_somebody_elses_notification_is_not_listed(cast: Cast) -> None:
    NotificationFactory(user=cast.signatory, title="Not for you")
    assert "Not for you" not in page(client_of(cast.grantee))


def test_empty_list_says_what_will_be_there(cast: Cast) -> None:
    assert "Nothing yet" in page(client_of(cast.nobody))


def test_opening_one_marks_it_read_and_leads_to_its_page(cast: Cast) -> None:
    item = NotificationFactory(user=cast.grantee, href="/help/")
    response = client_of(cast.grantee).post(f"/notifications/{item.pk}/open/")
    assert (response.status_code, response["Location"]) == (302, "/help/")
    item.refresh_from_db()
    assert item.read_at is not None


def test_looking_at_the_list_marks_nothing_read(cast: Cast) -> None:
    NotificationFactory(user=cast.grantee)
    page(client_of(cast.grantee))
    assert Notification.objects.unread().count() == 1


def test_marking_one_read_leaves_the_rest(cast: Cast) -> None:
    first, second = NotificationFactory.create_batch(2, user=cast.grantee)
    client_of(cast.grantee).post(f"/notifications/{first.pk}/read/")
    assert list(Notification.objects.unread()) == [second]


def test_marking_all_read_leaves_other_peoples_alone(cast: Cast) -> None:
    NotificationFactory.create_batch(3, user=cast.grantee)
    other = NotificationFactory(user=cast.signatory)
    client_of(cast.grantee).post("/notifications/read/")
    assert list(Notification.objects.unread()) == [other]


def test_many_come_in_pages(cast: Cast) -> None:
    NotificationFactory.create_batch(30, user=cast.grantee)
    client = client_of(cast.grantee)
    first, second = page(client), page(client, "/notifications/?page=2")
    assert (first.count('<li class="app-card'), second.count('<li class="app-card')) == (25, 5)


def test_grantee_chooses_what_comes_by_email(cast: Cast) -> None:
    client = client_of(cast.grantee)
    assert "Nothing moves until you have seen them" in page(client, "/notifications/preferences/")
    client.post("/notifications/preferences/", {"by_email": ["reminder"]})
    assert [wants_email(cast.grantee, topic) for topic in (Topic.REMINDER, Topic.RETURN_OPENED)] == [True, False]
    assert wants_email(cast.grantee, Topic.SIGNATURE)
    client.post("/notifications/preferences/", {"by_email": ["reminder", "return_opened"]})
    assert wants_email(cast.grantee, Topic.RETURN_OPENED)


def test_choice_is_shown_again(cast: Cast) -> None:
    MessagePreference.objects.create(user=cast.grantee, topic=Topic.REMINDER, by_email=False)
    text = page(client_of(cast.grantee), "/notifications/preferences/")
    ticked = {line for line in text.split("<input") if "checked" in line}
    assert not any('value="reminder"' in line for line in ticked)
    assert any('value="return_opened"' in line for line in ticked)


def test_topic_that_always_comes_cannot_be_switched_off_by_hand(cast: Cast) -> None:
    response = client_of(cast.grantee).post("/notifications/preferences/", {"by_email": ["signature"]})
    assert response.status_code == 422
    assert not MessagePreference.objects.exists()


def test_programme_manager_chooses_among_what_managers_are_told(cast: Cast) -> None:
    text = page(client_of(cast.programme_manager), "/notifications/preferences/")
    assert 'value="return_received"' in text
    assert 'value="return_opened"' not in text

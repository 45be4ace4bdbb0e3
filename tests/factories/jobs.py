"""Background work and mail."""

from __future__ import annotations

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from tests.factories.accounts import UserFactory
from vru.jobs.models import Job, MessagePreference, Notification, OutboxMessage, Topic


class JobFactory(DjangoModelFactory):
    class Meta:
        model = Job

    kind = "test.job"
    requested_by = factory.SubFactory(UserFactory)
    created_at = factory.LazyFunction(timezone.now)


class OutboxMessageFactory(DjangoModelFactory):
    class Meta:
        model = OutboxMessage

    key = factory.Sequence(lambda n: f"occasion {n}")
    to = factory.Sequence(lambda n: f"reader{n}@example.org")
    subject = "A return is due"
    text = "The return of your grant is due."
    created_at = factory.LazyFunction(timezone.now)
    next_attempt_at = factory.LazyFunction(timezone.now)


class NotificationFactory(DjangoModelFactory):
    class Meta:
        model = Notification

    user = factory.SubFactory(UserFactory)
    key = factory.Sequence(lambda n: f"occasion {n} of somebody")
    topic = Topic.REMINDER
    title = "A return is due"
    created_at = factory.LazyFunction(timezone.now)


class MessagePreferenceFactory(DjangoModelFactory):
    class Meta:
        model = MessagePreference

    user = factory.SubFactory(UserFactory)
    topic = Topic.REMINDER
    by_email = False

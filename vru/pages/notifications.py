"""What a person was told, and by which way they want to be told what."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vru.accounts.models import User
from vru.accounts.permissions import person
from vru.jobs.actions.notify import ALWAYS_BY_EMAIL
from vru.jobs.models import MessagePreference, Notification, Topic
from vru.lib.govuk.posted import posted

PAGE_SIZE = 25
# What each kind of person is ever told about.
GRANTEE_TOPICS = (
    Topic.RETURN_OPENED,
    Topic.REMINDER,
    Topic.RETURN_DECIDED,
    Topic.SIGNATURE,
    Topic.EXTENSION,
    Topic.AWARD,
)
STAFF_TOPICS = (Topic.RETURN_RECEIVED, Topic.EXTENSION, Topic.SIGNATURE, Topic.AWARD)


def topics_of(user: User) -> tuple[Topic, ...]:
    return STAFF_TOPICS if user.is_staff_member else GRANTEE_TOPICS


class PreferencesForm(forms.Form):
    by_email = forms.MultipleChoiceField(
        label="Also send me an email when",
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages={"invalid_choice": "Choose from the list."},
    )
    mark_optional = False

    def __init__(self, *args: Any, topics: list[Topic], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["by_email"].choices = [(topic.value, topic.label) for topic in topics]  # type: ignore[attr-defined]


@require_safe
def notification_list(request: HttpRequest) -> HttpResponse:
    mine = Notification.objects.visible_to(person(request)).alias(is_read=Q(read_at__isnull=False))
    page = Paginator(mine.order_by("is_read", "-created_at", "-pk"), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"page_obj": page, "crumbs": [{"text": "Home", "href": reverse("home")}]}
    return render(request, "notifications/notification_list.html", context)


@require_POST
def notification_open(request: HttpRequest, notification_id: int) -> HttpResponse:
    """Mark one as read and go to the page it is about."""
    item = _read(request, notification_id)
    return redirect(item.href or "notifications")


@require_POST
def notification_read(request: HttpRequest, notification_id: int) -> HttpResponse:
    _read(request, notification_id)
    return redirect("notifications")


@require_POST
def notifications_read(request: HttpRequest) -> HttpResponse:
    Notification.objects.visible_to(person(request)).unread().update(read_at=timezone.now())
    messages.success(request, "All your notifications are marked as read.")
    return redirect("notifications")


def _read(request: HttpRequest, notification_id: int) -> Notification:
    item = get_object_or_404(Notification.objects.visible_to(person(request)), pk=notification_id)
    if item.read_at is None:
        item.read_at = timezone.now()
        item.save(update_fields=["read_at"])
    return item


@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    user = person(request)
    topics = topics_of(user)
    optional = [topic for topic in topics if topic not in ALWAYS_BY_EMAIL]
    refused = set(MessagePreference.objects.filter(user=user, by_email=False).values_list("topic", flat=True))
    form = PreferencesForm(
        posted(request),
        topics=optional,
        initial={"by_email": [topic.value for topic in optional if topic not in refused]},
    )
    if request.method == "POST" and form.is_valid():
        _save_preferences(user, optional, set(form.cleaned_data["by_email"]))
        messages.success(request, "Your choice is saved.")
        return redirect("notification-preferences")
    context = {
        "form": form,
        "always": [topic.label for topic in topics if topic in ALWAYS_BY_EMAIL],
        "crumbs": [
            {"text": "Home", "href": reverse("home")},
            {"text": "Notifications", "href": reverse("notifications")},
        ],
    }
    return render(request, "notifications/preferences.html", context, status=422 if form.errors else 200)


@transaction.atomic
def _save_preferences(user: User, topics: list[Topic], wanted: set[str]) -> None:
    for topic in topics:
        MessagePreference.objects.update_or_create(user=user, topic=topic, defaults={"by_email": topic.value in wanted})

"""What mail went out, came back or waits, for the staff who are asked "did you get it?"."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from vru.accounts.models import Role, User
from vru.accounts.permissions import person, require
from vru.jobs.actions import send_again
from vru.jobs.errors import JobRefused
from vru.jobs.models import OutboxMessage

PAGE_SIZE = 50


def can_see_outbox(user: User) -> bool:
    """Those who chase returns or run the site; auditors may look at everything."""
    return user.has_role(Role.PROGRAMME_MANAGER, Role.ADMINISTRATOR, Role.AUDITOR)


def can_send_again(user: User) -> bool:
    return user.has_role(Role.PROGRAMME_MANAGER, Role.ADMINISTRATOR)


class OutboxFilter(forms.Form):
    status = forms.ChoiceField(label="Status", choices=[("", "All"), *OutboxMessage.Status.choices], required=False)
    words = forms.CharField(label="Address or subject", max_length=200, required=False)
    mark_optional = False


@require(can_see_outbox)
@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    form = OutboxFilter(request.GET)
    found = OutboxMessage.objects.order_by("-created_at", "-pk")
    chosen = form.cleaned_data if form.is_valid() else {}
    if chosen.get("status"):
        found = found.filter(status=chosen["status"])
    if chosen.get("words"):
        found = found.about(chosen["words"])
    page = Paginator(found.defer("text", "html"), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "form": form,
        "is_filtered": any(chosen.values()),
        "crumbs": [{"text": "Home", "href": reverse("home")}],
    }
    return render(request, "outbox/message_list.html", context)


@require(can_see_outbox)
@require_safe
def message(request: HttpRequest, message_id: int) -> HttpResponse:
    found = get_object_or_404(OutboxMessage, pk=message_id)
    context = {
        "item": found,
        # Whoever reads a link that lets somebody in could use it; a demonstration has no other place to read it.
        "shows_text": settings.DEMO or not found.holds_secret,
        "can_send_again": found.can_be_sent_again and can_send_again(person(request)),
        "crumbs": [
            {"text": "Home", "href": reverse("home")},
            {"text": "Outgoing mail", "href": reverse("outbox")},
        ],
    }
    return render(request, "outbox/message_detail.html", context)


@require(can_send_again)
@require_POST
def message_send(request: HttpRequest, message_id: int) -> HttpResponse:
    found = get_object_or_404(OutboxMessage, pk=message_id)
    try:
        send_again(message=found, by=person(request))
    except JobRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"The message to {found.to} is waiting to be sent again.")
    return redirect("outbox-message", message_id)

"""Who acts for an organisation: inviting, withdrawing, removing; and the page an invited person lands on."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from django import forms
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from programmes.models import Unit
from vru.accounts.actions.invitations import (
    InvitationRefused,
    LastOfRole,
    accept_as_member,
    accept_as_newcomer,
    can_manage_people,
    invitation_with,
    invite,
    remove_member,
    renew_invitation,
    why_closed,
    withdraw_invitation,
)
from vru.accounts.models import Invitation, Membership, Organisation, User
from vru.accounts.permissions import person
from vru.jobs.actions import queue_message
from vru.jobs.actions.notify import letter, one_line
from vru.lib.govuk.posted import posted
from vru.lib.layers import Layer
from vru.lib.rate_limit import seconds_to_wait

ATTEMPTS_A_MINUTE = 10
# The roles as what a person is asked to do.
DUTIES = {
    Membership.Role.SUBMITTER.value: "Fill in and send returns",
    Membership.Role.SIGNATORY.value: "Check what was spent and sign returns",
}


class InvitationForm(forms.Form):
    name = forms.CharField(
        label="Their full name", max_length=200, error_messages={"required": "Enter their full name."}
    )
    email = forms.EmailField(
        label="Their email address",
        help_text="We send them a link that works once, for 14 days.",
        max_length=254,
        error_messages={
            "required": "Enter their email address.",
            "invalid": "Enter an email address like name@example.org.",
        },
    )
    role = forms.ChoiceField(
        label="What will they do?",
        choices=list(DUTIES.items()),
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what they will do."},
    )
    mark_optional = False


class AcceptForm(forms.Form):
    name = forms.CharField(label="Your full name", max_length=200, error_messages={"required": "Enter your full name."})
    password = forms.CharField(
        label="Choose a password",
        help_text="At least 12 characters. Three words that do not belong together are strong and easy to remember.",
        widget=forms.PasswordInput,
        max_length=200,
        strip=False,
        error_messages={"required": "Choose a password."},
    )
    mark_optional = False

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if "password" in cleaned:
            try:
                validate_password(cleaned["password"], User(email=self.email, name=cleaned.get("name", "")))
            except ValidationError as error:
                self.add_error("password", error)
        return cleaned


def _managed(request: HttpRequest, ref: str) -> Organisation:
    """The organisation, for somebody who may change who acts for it: 404 for outsiders, 403 for the rest."""
    user = person(request)
    organisation = get_object_or_404(Organisation.objects.visible_to(user), ref=ref)
    if not can_manage_people(user, organisation):
        raise PermissionDenied
    return organisation


@require_http_methods(["GET", "HEAD", "POST"])
def people(request: HttpRequest, ref: str) -> HttpResponse:
    """Everybody who may see the organisation sees who acts for it; who may manage them invites."""
    user = person(request)
    organisation = get_object_or_404(Organisation.objects.visible_to(user), ref=ref)
    can_manage = can_manage_people(user, organisation)
    form = InvitationForm(posted(request))
    if request.method == "POST":
        if not can_manage:
            raise PermissionDenied
        if form.is_valid() and _invited(request, organisation, form):
            return redirect("organisation-people", ref)
    now = timezone.now()
    waiting = Invitation.objects.filter(organisation=organisation, accepted_at=None, withdrawn_at=None)
    context = {
        "organisation": organisation,
        "form": form,
        "can_manage": can_manage,
        "people": Membership.objects.current()
        .filter(organisation=organisation)
        .select_related("user")
        .order_by("user__name", "user_id", "role"),
        "invitations": [
            {"item": item, "duty": DUTIES[item.role], "expired": item.expires_at <= now}
            for item in (waiting.select_related("invited_by") if can_manage else [])
        ],
        "crumbs": _crumbs(user),
    }
    return render(request, "invitations/people.html", context, status=422 if form.errors else 200)


def _invited(request: HttpRequest, organisation: Organisation, form: InvitationForm) -> bool:
    given = form.cleaned_data
    try:
        with transaction.atomic():
            invitation, secret = invite(
                organisation=organisation,
                email=given["email"],
                name=given["name"],
                role=given["role"],
                by=person(request),
            )
            _mail(invitation, secret)
    except InvitationRefused as refusal:
        form.add_error("email", str(refusal))
        return False
    messages.success(request, f"We have sent an invitation to {invitation.email}.")
    return True


@require_POST
def invitation_send(request: HttpRequest, ref: str, invitation_id: int) -> HttpResponse:
    found = get_object_or_404(Invitation, organisation=_managed(request, ref), pk=invitation_id)
    try:
        with transaction.atomic():
            invitation, secret = renew_invitation(invitation=found, by=person(request))
            _mail(invitation, secret)
    except InvitationRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"We have sent a new link to {invitation.email}. The old one no longer works.")
    return redirect("organisation-people", ref)


@require_POST
def invitation_withdraw(request: HttpRequest, ref: str, invitation_id: int) -> HttpResponse:
    found = get_object_or_404(Invitation, organisation=_managed(request, ref), pk=invitation_id)
    try:
        withdraw_invitation(invitation=found, by=person(request))
    except InvitationRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"The invitation to {found.email} is withdrawn. Its link no longer works.")
    return redirect("organisation-people", ref)


@require_http_methods(["GET", "HEAD", "POST"])
def member_remove(request: HttpRequest, ref: str, membership_id: int) -> HttpResponse:
    """Asks first; when nobody else could do it, says what that means and asks for a second yes."""
    organisation = _managed(request, ref)
    found = get_object_or_404(
        Membership.objects.current().select_related("user", "organisation"), organisation=organisation, pk=membership_id
    )
    warning = ""
    if request.method == "POST":
        try:
            remove_member(membership=found, by=person(request), although_last="although_last" in request.POST)
        except LastOfRole as last:
            warning = str(last)
        else:
            messages.success(request, f"{found.user.name} no longer acts for {organisation.name} in this way.")
            return redirect(_after_removal(person(request), organisation))
    context = {
        "organisation": organisation,
        "membership": found,
        "duty": DUTIES[found.role],
        "warning": warning,
        "crumbs": [
            *_crumbs(person(request)),
            {"text": organisation.name, "href": reverse("organisation-people", args=[ref])},
        ],
    }
    return render(request, "invitations/member_remove.html", context, status=422 if warning else 200)


def _after_removal(user: User, organisation: Organisation) -> str:
    """Who has removed themselves may not see the list any more."""
    if Organisation.objects.visible_to(user).filter(pk=organisation.pk).exists():
        return reverse("organisation-people", args=[organisation.ref])
    return reverse("home")


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """Where the link leads. Opening it changes nothing: mail scanners open links before people do."""
    found = invitation_with(secret)
    if request.method == "POST" or found is None:
        who = get_adapter().get_client_ip(request)
        if seconds_to_wait("invitation", who, ATTEMPTS_A_MINUTE):
            return render(request, "429.html", status=429)
    if found is None:
        return render(request, "invitations/closed.html", {"why": "unknown"}, status=404)
    closed = why_closed(found, timezone.now())
    if closed:
        return render(request, "invitations/closed.html", {"why": closed, "invitation": found}, status=410)
    user = request.user if isinstance(request.user, User) else None
    known = User.objects.filter(email__iexact=found.email).exists()
    if user is not None or known:
        return _accept_known(request, found, user)
    return _accept_new(request, found)


def _accept_known(request: HttpRequest, found: Invitation, user: User | None) -> HttpResponse:
    """There is an account: its owner signs in and says yes. Nobody else can."""
    is_theirs = user is not None and user.email.lower() == found.email.lower()
    refusal = ""
    if request.method == "POST" and user is not None and is_theirs:
        try:
            accept_as_member(invitation=found, by=user)
        except InvitationRefused as refused:
            refusal = str(refused)
        else:
            messages.success(request, f"You now act for {found.organisation.name}.")
            return redirect("home")
    context = {
        "invitation": found,
        "duty": DUTIES[found.role],
        "is_theirs": is_theirs,
        "refusal": refusal,
    }
    status = 403 if request.method == "POST" else 200
    return render(request, "invitations/accept_known.html", context, status=status)


@sensitive_variables("form")
def _accept_new(request: HttpRequest, found: Invitation) -> HttpResponse:
    form = AcceptForm(posted(request), email=found.email, initial={"name": found.name})
    if request.method == "POST" and form.is_valid():
        try:
            user = accept_as_newcomer(
                invitation=found, name=form.cleaned_data["name"], password=form.cleaned_data["password"]
            )
        except InvitationRefused:
            # Somebody was a moment quicker with the same link: the page now says what became of it.
            return redirect(request.path)
        login(request, user, backend="allauth.account.auth_backends.AuthenticationBackend")
        messages.success(request, f"Welcome. You now act for {found.organisation.name}.")
        return redirect("home")
    context = {"invitation": found, "duty": DUTIES[found.role], "form": form}
    return render(request, "invitations/accept_new.html", context, status=422 if form.errors else 200)


def _mail(invitation: Invitation, secret: str) -> None:
    """The letter with the link. Its key names the secret's hash, so that a renewed invitation is mailed again."""
    unit = Unit.objects.first()
    unit_name = unit.name if unit else "Violence reduction unit"
    title = one_line(f"You are invited to act for {invitation.organisation}")
    inviter = invitation.invited_by
    text, html = letter(
        template="invitation",
        title=title,
        href=reverse("invitation", args=[secret]),
        context={
            "unit_name": unit_name,
            "organisation": str(invitation.organisation),
            "inviter": inviter.name,
            "until": timezone.localdate(invitation.expires_at),
            "facts": [
                ("Organisation", str(invitation.organisation)),
                ("What you will do", DUTIES[invitation.role]),
            ],
            "action": "Accept the invitation",
            "ask": f"Questions? Ask {inviter.name}: {inviter.email}.",
            "why": f"You get this because {inviter.name} typed your address.",
            "is_illustrative": invitation.organisation.layer == Layer.ILLUSTRATIVE,
        },
    )
    queue_message(
        key=f"invitation {invitation.pk} {invitation.secret_hash[:20]}",
        to=invitation.email,
        subject=title,
        text=text,
        html=html,
        sender=unit_name,
        holds_secret=True,
    )


def _crumbs(user: User) -> list[dict[str, str]]:
    home = {"text": "Home", "href": reverse("home")}
    if user.is_staff_member:
        return [home]
    return [home, {"text": "Your organisation", "href": reverse("accounts:organisation")}]

"""Who signs for whom: the page on which a signatory lets a colleague sign for a while."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from vru.accounts.actions.delegations import LONGEST_REASON, DelegationRefused, end_delegation, make_delegation
from vru.accounts.models import Delegation, Membership, User
from vru.accounts.permissions import person
from vru.lib.govuk.dates import DatePartsField


class DelegationForm(forms.Form):
    mark_optional = False

    colleague = forms.ChoiceField(label="Who may sign?", error_messages={"required": "Choose who may sign."})
    starts_on = DatePartsField(label="From")
    ends_on = DatePartsField(label="To", help_text="The last day on which they may sign.")
    reason = forms.CharField(
        label="Why?", max_length=LONGEST_REASON, widget=forms.TextInput, help_text="For example “On leave”."
    )

    def __init__(self, data: Any = None, *, colleagues: dict[str, Membership], **options: Any) -> None:
        super().__init__(data, **options)
        several = len({each.organisation_id for each in colleagues.values()}) > 1
        choices = [
            (key, f"{each.user.name}, {each.organisation.name}" if several else each.user.name)
            for key, each in colleagues.items()
        ]
        field = self.fields["colleague"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", "Choose a person"), *choices]


def _colleagues(user: User) -> dict[str, Membership]:
    """Everybody who acts with the person where they are a signatory: once each, whatever their roles."""
    current = Membership.objects.current()
    mine = current.filter(user=user, role=Membership.Role.SIGNATORY).values("organisation")
    others = current.filter(organisation__in=mine, user__is_active=True).exclude(user=user)
    rows = others.select_related("user", "organisation").order_by("organisation__name", "user__name", "pk")
    return {f"{each.organisation_id}-{each.user_id}": each for each in rows}


@require_http_methods(["GET", "HEAD", "POST"])
def delegation_list(request: HttpRequest) -> HttpResponse:
    user = person(request)
    memberships = Membership.objects.current().filter(user=user)
    if not memberships.exists():
        raise Http404("You do not act for an organisation.")
    is_signatory = memberships.filter(role=Membership.Role.SIGNATORY).exists()
    colleagues = _colleagues(user) if is_signatory else {}
    form = DelegationForm(colleagues=colleagues, initial={"starts_on": timezone.localdate()})
    if request.method == "POST":
        form = DelegationForm(request.POST, colleagues=colleagues)
        if not is_signatory:
            messages.error(request, "Only a signatory of the organisation can let somebody else sign.")
            return redirect("accounts:delegations")
        if form.is_valid() and _make(request, form, colleagues):
            return redirect("accounts:delegations")
    mine = Delegation.objects.filter(organisation__in=memberships.values("organisation"))
    context = {
        "form": form,
        "is_signatory": is_signatory,
        "colleagues": colleagues,
        "rows": [_row(each) for each in mine.select_related("organisation", "signatory", "delegate")],
        "crumbs": [
            {"text": "Home", "href": reverse("home")},
            {"text": "Your organisation", "href": reverse("accounts:organisation")},
        ],
    }
    return render(request, "accounts/delegations.html", context, status=422 if form.errors else 200)


def _row(delegation: Delegation) -> dict[str, Any]:
    today = timezone.localdate()
    if delegation.ended_at or delegation.ends_on < today:
        status, label = "closed", "Ended"
    elif delegation.starts_on > today:
        status, label = "scheduled", "Not yet"
    else:
        status, label = "active", "In force"
    return {"delegation": delegation, "status": status, "label": label, "is_over": status == "closed"}


def _make(request: HttpRequest, form: DelegationForm, colleagues: dict[str, Membership]) -> bool:
    chosen = colleagues[form.cleaned_data["colleague"]]
    try:
        made = make_delegation(
            organisation=chosen.organisation,
            delegate=chosen.user,
            starts_on=form.cleaned_data["starts_on"],
            ends_on=form.cleaned_data["ends_on"],
            reason=form.cleaned_data["reason"],
            by=person(request),
        )
    except DelegationRefused as refused:
        form.add_error(None, str(refused))
        return False
    messages.success(request, f"{made.delegate.name} may sign in your name until {made.ends_on:%-d %B %Y}.")
    return True


@require_POST
def delegation_end(request: HttpRequest, pk: int) -> HttpResponse:
    user = person(request)
    mine = Membership.objects.current().filter(user=user).values("organisation")
    delegation = get_object_or_404(Delegation.objects.filter(organisation__in=mine), pk=pk)
    try:
        end_delegation(delegation=delegation, by=user)
    except DelegationRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "The delegation has ended.")
    return redirect("accounts:delegations")

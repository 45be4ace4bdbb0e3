"""Changing what is kept about an organisation: small forms on one template, each with its action."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from grants.views.organisations.forms import (
    CheckForm,
    ContactForm,
    FormerNameForm,
    OrganisationForm,
    PolicyForm,
    SupplierForm,
    add_refusal,
    initial_of,
    usual_expiry,
)
from grants.views.organisations.page import crumbs_of, page_of, standing_organisation
from programmes.layers import chosen_layer
from vru.accounts.actions import organisation_details, organisations
from vru.accounts.actions.organisations import LooksLikeAnother, OrganisationRefused, Saved
from vru.accounts.models import Contact, DueDiligenceCheck, Organisation, OrganisationPolicy
from vru.accounts.permissions import can_edit_organisations, can_keep_money, person, require
from vru.lib.govuk.posted import posted
from vru.lib.layers import Layer

FORM_METHODS = ["GET", "HEAD", "POST"]
FIELDS = (*organisations.PLAIN, *organisations.REGISTERS)


@require(can_edit_organisations)
@require_http_methods(FORM_METHODS)
def organisation_add(request: HttpRequest) -> HttpResponse:
    layer = chosen_layer(request)
    form = OrganisationForm(posted(request))
    if request.method == "POST" and form.is_valid():
        saved, existing = _saved(
            form,
            lambda: organisations.add_organisation(
                details=form.details(), layer=layer, by=person(request), confirmed=form.cleaned_data["confirmed"]
            ),
        )
        if saved is not None:
            _say(request, saved, "The organisation is added.")
            return redirect("organisations:detail", saved.organisation.ref)
        return _organisation_page(request, form, "Add an organisation", layer, None, existing)
    return _organisation_page(request, form, "Add an organisation", layer, None, None)


@require(can_edit_organisations)
@require_http_methods(FORM_METHODS)
def organisation_edit(request: HttpRequest, ref: str) -> HttpResponse:
    organisation = standing_organisation(request, ref)
    form = OrganisationForm(posted(request), initial=initial_of(organisation, FIELDS))
    existing = None
    if request.method == "POST" and form.is_valid():
        saved, existing = _saved(
            form,
            lambda: organisations.edit_organisation(
                organisation=organisation,
                details=form.details(),
                by=person(request),
                today=timezone.localdate(),
                confirmed=form.cleaned_data["confirmed"],
            ),
        )
        if saved is not None:
            _say(request, saved, "Saved.")
            return redirect("organisations:detail", ref)
    return _organisation_page(request, form, "Change the organisation", organisation.layer, organisation, existing)


def _saved(form: OrganisationForm, act: Callable[[], Saved]) -> tuple[Saved | None, Organisation | None]:
    """What was saved, or the organisation in the way."""
    try:
        return act(), None
    except LooksLikeAnother as refused:
        form.ask_whether_meant()
        add_refusal(form, refused)
        return None, refused.existing
    except OrganisationRefused as refused:
        add_refusal(form, refused)
        return None, refused.existing


def _say(request: HttpRequest, saved: Saved, done: str) -> None:
    messages.success(request, " ".join([done, *saved.notes]))


def _organisation_page(
    request: HttpRequest,
    form: OrganisationForm,
    title: str,
    layer: str,
    organisation: Organisation | None,
    existing: Organisation | None,
) -> HttpResponse:
    lead = "A name that is given up is kept as a former name." if organisation else ""
    note = "" if layer == Layer.RECORDED else "It is added to the layer that you are looking at."
    context = {"existing": existing, "lead": lead or note, "layer": layer}
    back = page_of(request, organisation) if organisation else reverse("organisations:list")
    return _form_page(request, form, title, organisation, back, **context)


@require(can_keep_money)
@require_http_methods(FORM_METHODS)
def supplier_reference(request: HttpRequest, ref: str) -> HttpResponse:
    organisation = standing_organisation(request, ref)
    form = SupplierForm(posted(request), initial={"supplier_reference": organisation.supplier_reference})
    return _act(
        request,
        form,
        "Supplier reference",
        organisation,
        lambda said: organisations.set_supplier_reference(
            organisation=organisation, reference=said["supplier_reference"], by=person(request)
        ),
    )


@require(can_edit_organisations)
@require_http_methods(FORM_METHODS)
def former_name_add(request: HttpRequest, ref: str) -> HttpResponse:
    organisation = standing_organisation(request, ref)
    return _act(
        request,
        FormerNameForm(posted(request)),
        "Add a former name",
        organisation,
        lambda said: organisations.add_former_name(
            organisation=organisation, name=said["name"], until=said["until"], by=person(request)
        ),
    )


def _kept_by(request: HttpRequest, ref: str) -> Organisation:
    """The organisation, for whoever may keep its contacts and policies: 404 for outsiders, 403 for other staff."""
    organisation = standing_organisation(request, ref)
    if not organisation_details.can_keep_details(person(request), organisation):
        raise PermissionDenied
    return organisation


@require_http_methods(FORM_METHODS)
def contact_add(request: HttpRequest, ref: str) -> HttpResponse:
    return _contact(request, _kept_by(request, ref), None)


@require_http_methods(FORM_METHODS)
def contact_edit(request: HttpRequest, ref: str, pk: int) -> HttpResponse:
    organisation = _kept_by(request, ref)
    return _contact(request, organisation, get_object_or_404(organisation.contacts.current(), pk=pk))


def _contact(request: HttpRequest, organisation: Organisation, contact: Contact | None) -> HttpResponse:
    names = ("kind", "name", "job_title", "email", "phone")
    form = ContactForm(posted(request), initial=initial_of(contact, names) if contact else None)
    return _act(
        request,
        form,
        f"Change the contact {contact.name}" if contact else "Add a contact",
        organisation,
        lambda said: organisation_details.save_contact(
            organisation=organisation, contact=contact, by=person(request), **said
        ),
        end_href=reverse("organisations:contact-end", args=[organisation.ref, contact.pk]) if contact else "",
    )


@require_POST
def contact_end(request: HttpRequest, ref: str, pk: int) -> HttpResponse:
    organisation = _kept_by(request, ref)
    contact = get_object_or_404(Contact, organisation=organisation, pk=pk)
    try:
        organisation_details.end_contact(contact=contact, on=timezone.localdate(), by=person(request))
    except OrganisationRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"{contact.name} is no longer a contact.")
    return redirect(page_of(request, organisation))


@require_http_methods(FORM_METHODS)
def policy_edit(request: HttpRequest, ref: str, kind: str) -> HttpResponse:
    organisation = _kept_by(request, ref)
    label = dict(OrganisationPolicy.Kind.choices).get(kind)
    if label is None:
        raise Http404("There is no such policy.")
    held = organisation.policies.filter(kind=kind).first()
    form = PolicyForm(posted(request), initial=initial_of(held, ("approved_on", "review_on")) if held else None)
    return _act(
        request,
        form,
        f"{label} policy",
        organisation,
        lambda said: organisation_details.set_policy(
            organisation=organisation, kind=kind, today=timezone.localdate(), by=person(request), **said
        ),
    )


@require(can_edit_organisations)
@require_http_methods(FORM_METHODS)
def check_record(request: HttpRequest, ref: str, kind: str) -> HttpResponse:
    organisation, today = standing_organisation(request, ref), timezone.localdate()
    label = dict(DueDiligenceCheck.Kind.choices).get(kind)
    if label is None:
        raise Http404("There is no such check.")
    form = CheckForm(posted(request), initial={"checked_on": today, "expires_on": usual_expiry(today)})
    return _act(
        request,
        form,
        f"Record a check: {label[:1].lower()}{label[1:]}",
        organisation,
        lambda said: organisation_details.record_check(
            organisation=organisation, kind=kind, today=today, by=person(request), **said
        ),
        lead="This is a new row. What was found before stays as it was.",
    )


def _act(
    request: HttpRequest,
    form: forms.Form,
    title: str,
    organisation: Organisation,
    act: Callable[[dict[str, Any]], object],
    **more: Any,
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            act(form.cleaned_data)
        except OrganisationRefused as refused:
            add_refusal(form, refused)
            more["existing"] = refused.existing
        else:
            messages.success(request, f"{title}: saved.")
            return redirect(page_of(request, organisation))
    return _form_page(request, form, title, organisation, page_of(request, organisation), **more)


def _form_page(
    request: HttpRequest, form: forms.Form, title: str, organisation: Organisation | None, back: str, **more: Any
) -> HttpResponse:
    context = {
        "title": title,
        "form": form,
        "organisation": organisation,
        "layer": organisation.layer if organisation else None,
        "back": back,
        "crumbs": crumbs_of(request, organisation),
        **more,
    }
    return render(request, "grants/organisation_form.html", context, status=422 if form.errors else 200)

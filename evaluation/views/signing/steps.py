"""The steps of an edition: to be signed, back to draft, signed, finished, sent."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from evaluation.actions.finishing import request_final_files
from evaluation.actions.sending import LONGEST_NAME, send_edition
from evaluation.actions.signing import LONGEST_REASON, back_to_draft, send_to_review, sign_edition, signing_refusal
from evaluation.models import Edition
from evaluation.reports.errors import CorruptSnapshot, ReportRefused
from evaluation.signing.comparing import compared_with_signed, imprint_to_sign
from evaluation.signing.evidence import stored_facts
from evaluation.signing.run import check_before_signing
from evaluation.views.report_pages import find_edition
from evaluation.views.signing.checks import effects_of
from evaluation.views.signing.common import page_of
from vru.accounts.permissions import can_make_reports, can_sign_reports, person, require
from vru.accounts.strong_sign_in import strong_sign_in
from vru.lib.govuk.posted import posted


@require(can_make_reports)
@require_POST
def edition_review(request: HttpRequest, pk: int) -> HttpResponse:
    edition = find_edition(request, pk)
    try:
        send_to_review(edition=edition, by=person(request))
    except ReportRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "Sent to be signed. The directors have been told.")
    return redirect("evaluation:sign-off", edition.pk)


class BackForm(forms.Form):
    mark_optional = False

    reason = forms.CharField(
        label="Why does it go back?",
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Those who wrote it read this.",
        error_messages={"required": "Say why it goes back."},
    )


@require(can_make_reports)
@require_http_methods(["GET", "HEAD", "POST"])
def edition_back(request: HttpRequest, pk: int) -> HttpResponse:
    edition = find_edition(request, pk)
    form = BackForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            back_to_draft(edition=edition, reason=form.cleaned_data["reason"], by=person(request))
        except ReportRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "Back to draft. Those who wrote it have been told.")
            return redirect("evaluation:report", edition.pk)
    if request.method != "POST" and edition.status != Edition.Status.IN_REVIEW:
        return redirect("evaluation:report", edition.pk)
    context = page_of(edition, "Send it back to draft", form=form)
    return render(request, "evaluation/edition_back.html", context, status=422 if form.errors else 200)


class SignForm(forms.Form):
    mark_optional = False

    seen = forms.CharField(widget=forms.HiddenInput)
    agreed = forms.BooleanField(
        label="I have read this edition and sign it",
        error_messages={"required": "Tick the box to sign."},
    )


@require(can_sign_reports)
@strong_sign_in
@require_http_methods(["GET", "HEAD", "POST"])
def edition_sign(request: HttpRequest, pk: int) -> HttpResponse:
    """Once more what is signed and what it does, above the button."""
    edition = find_edition(request, pk)
    form = SignForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            sign_edition(edition=edition, by=person(request), seen=form.cleaned_data["seen"])
        except ReportRefused as refused:
            messages.error(request, str(refused))
            return redirect("evaluation:sign-off", edition.pk)
        messages.success(request, "Signed. The final files are being made; you will be told when they are ready.")
        return redirect("evaluation:report", edition.pk)
    found = check_before_signing(edition)
    if signing_refusal(person(request), edition) or not found.is_clear:
        return redirect("evaluation:sign-off", edition.pk)
    try:
        shown = imprint_to_sign(edition, found, compared_with_signed(edition, stored_facts(edition)))
    except CorruptSnapshot:
        return redirect("evaluation:sign-off", edition.pk)
    if request.method != "POST":
        form = SignForm(initial={"seen": shown.sha256})
    context: dict[str, Any] = page_of(edition, "Sign this edition", form=form, imprint=shown, **effects_of(edition))
    return render(request, "evaluation/edition_sign.html", context, status=422 if form.errors else 200)


@require(can_sign_reports)
@require_POST
def edition_finish(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the final files again, after the job failed."""
    edition = find_edition(request, pk)
    try:
        request_final_files(edition=edition, by=person(request))
    except ReportRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "The final files are being made.")
    return redirect("evaluation:report", edition.pk)


class SendForm(forms.Form):
    mark_optional = False

    to = forms.CharField(
        label="To whom did it go?",
        max_length=LONGEST_NAME,
        help_text="The person or team, and how it was sent: “Serious Violence Unit, Home Office, by email”.",
        error_messages={"required": "Say to whom it went."},
    )


@require(can_sign_reports)
@strong_sign_in
@require_http_methods(["GET", "HEAD", "POST"])
def edition_send(request: HttpRequest, pk: int) -> HttpResponse:
    edition = find_edition(request, pk)
    form = SendForm(posted(request), initial={"to": edition.report.outline.funder})
    if request.method == "POST" and form.is_valid():
        try:
            send_edition(edition=edition, to=form.cleaned_data["to"], by=person(request))
        except ReportRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "Noted as sent. Those who wrote it have been told.")
            return redirect("evaluation:report", edition.pk)
    if request.method != "POST" and edition.status != Edition.Status.SIGNED_OFF:
        return redirect("evaluation:report", edition.pk)
    context = page_of(edition, "Note that it was sent", form=form, files=edition.files.filter(is_final=True))
    return render(request, "evaluation/edition_send.html", context, status=422 if form.errors else 200)

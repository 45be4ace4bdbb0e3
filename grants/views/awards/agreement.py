"""One agreement of an award: read by both sides, accepted or declined by the organisation, downloaded as PDF."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_POST, require_safe

from grants.actions.acceptance import accept_award, decline_award, may_accept, record_paper_acceptance
from grants.agreements.queue import job_of, retry_agreement
from grants.agreements.words import body_html, reference_of
from grants.errors import ActionRefused
from grants.models import AwardAgreement, Commitment
from grants.views.awards.grant_page import page_context, visible_grant
from vru.accounts.permissions import can_edit_programmes, can_read_everything, person, require
from vru.jobs.errors import JobRefused
from vru.lib.govuk.dates import DatePartsField
from vru.lib.state_machine import TransitionRefused

NAME_NEEDED = {"required": "Type the full name of the person who accepts."}


class AcceptForm(forms.Form):
    name = forms.CharField(
        label="Your full name",
        help_text="Typing it signs the agreement for your organisation.",
        max_length=200,
        error_messages=NAME_NEEDED,
    )


class DeclineForm(forms.Form):
    reason = forms.CharField(
        label="Why do you decline?",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=250,
        error_messages={"required": "Say why you decline: we read it."},
    )


class PaperForm(forms.Form):
    name = forms.CharField(label="Who signed?", max_length=200, error_messages=NAME_NEEDED)
    signed_on = DatePartsField(label="On which day?")

    def clean_signed_on(self) -> Any:
        day = self.cleaned_data["signed_on"]
        if day > timezone.localdate():
            raise forms.ValidationError("Choose a day that is not after today.")
        return day


def _agreement(request: HttpRequest, ref: str, number: int) -> tuple[Commitment, AwardAgreement]:
    """Outsiders get 404. One whose award is a draft again stays readable to the staff alone."""
    grant = visible_grant(request, ref)
    visible = AwardAgreement.objects.visible_to(person(request)).select_related("template", "offered_by", "accepted_by")
    agreement = get_object_or_404(visible, commitment=grant, number=number)
    agreement.commitment = grant
    return grant, agreement


@require_safe
def agreement_detail(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    _, agreement = _agreement(request, ref, number)
    return _page(request, agreement)


def _page(request: HttpRequest, agreement: AwardAgreement, *, status: int = 200, **bound: forms.Form) -> HttpResponse:
    grant, user = agreement.commitment, person(request)
    is_open = agreement.offered_at is not None and agreement.accepted_at is None and agreement.ended_at is None
    theirs = is_open and may_accept(user, grant)
    staff = is_open and can_edit_programmes(user)
    job = None if agreement.file else job_of(agreement)
    context = page_context(
        request,
        grant,
        "documents",
        agreement=agreement,
        reference=reference_of(agreement),
        # Cleaned by the narrative's own allow-list of tags.
        body=mark_safe(body_html(agreement, top_heading=3)),  # noqa: S308
        accept_form=bound.get("accept", AcceptForm()) if theirs else None,
        decline_form=bound.get("decline", DeclineForm()) if theirs else None,
        paper_form=bound.get("paper", PaperForm()) if staff else None,
        form=next(iter(bound.values()), None),
        waits_for_signatory=is_open and not theirs and not user.is_staff_member,
        file_is_coming=job is not None and job.is_live,
        file_failed=job is not None and job.status == job.Status.FAILED,
    )
    return render(request, "grants/agreement_detail.html", context, status=status)


@require_POST
def agreement_accept(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    grant, agreement = _agreement(request, ref, number)
    form = AcceptForm(request.POST)
    if form.is_valid():
        try:
            accept_award(agreement=agreement, name=form.cleaned_data["name"], by=person(request))
        except (ActionRefused, TransitionRefused) as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "You have accepted the award. What is due, and when, is on its pages.")
            return redirect("grants:detail", grant.ref)
    return _page(request, agreement, status=422, accept=form)


@require_POST
def agreement_decline(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    _, agreement = _agreement(request, ref, number)
    form = DeclineForm(request.POST)
    if form.is_valid():
        try:
            decline_award(agreement=agreement, reason=form.cleaned_data["reason"], by=person(request))
        except (ActionRefused, TransitionRefused) as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "You have declined the award. We have been told why.")
            return redirect("home")
    return _page(request, agreement, status=422, decline=form)


@require(can_edit_programmes)
@require_POST
def agreement_paper(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    grant, agreement = _agreement(request, ref, number)
    form = PaperForm(request.POST)
    if form.is_valid():
        name, day = form.cleaned_data["name"], form.cleaned_data["signed_on"]
        try:
            record_paper_acceptance(agreement=agreement, name=name, signed_on=day, by=person(request))
        except (ActionRefused, TransitionRefused) as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "The acceptance on paper is recorded, and the returns are planned.")
            return redirect("grants:detail", grant.ref)
    return _page(request, agreement, status=422, paper=form)


@require_safe
def agreement_file(request: HttpRequest, ref: str, number: int) -> FileResponse:
    """The PDF as a download, to whoever may see the agreement."""
    grant, agreement = _agreement(request, ref, number)
    if not agreement.file:
        raise Http404("The file is not made yet.")
    try:
        opened = agreement.file.open("rb")
    except FileNotFoundError as error:
        raise Http404("The agreement is not where it was kept. Tell the unit.") from error
    name = f"agreement-{grant.ref}-{number}.pdf"
    return FileResponse(opened, as_attachment=True, filename=name, content_type="application/pdf")


@require(can_read_everything)
@require_POST
def agreement_file_ask(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """Ask for the file again after a failure, or for that of an agreement that never had one."""
    grant, agreement = _agreement(request, ref, number)
    try:
        retry_agreement(agreement=agreement, by=person(request))
    except JobRefused as refused:
        messages.error(request, str(refused))
    return redirect("grants:agreement", grant.ref, number)

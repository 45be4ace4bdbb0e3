"""Case studies: those that are kept, those told in returns, taking one with its consent, withdrawing one."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from evaluation.actions.case_studies import take_case_study, withdraw_case_study
from evaluation.models import CaseStudy
from evaluation.reports.errors import ReportRefused
from evaluation.views.report_pages import crumbs
from evaluation.writing_aid.stories import told_in, told_on, untaken
from grants.models import Revision
from programmes.layers import chosen_layer, layers_in_use
from vru.accounts.permissions import can_read_everything, can_write_reports, person, require
from vru.lib.govuk.dates import DatePartsField
from vru.lib.govuk.posted import posted

PAGE_SIZE = 30
SHOWN = {"kept": "Kept", "told": "Told in returns, not taken yet"}


class TakeForm(forms.Form):
    mark_optional = False

    title = forms.CharField(label="Title", max_length=200)
    text = forms.CharField(
        label="What happened",
        widget=forms.Textarea(attrs={"rows": 10}),
        max_length=5_000,
        help_text="Take out names, places and anything else that would tell who it is about.",
    )
    scope = forms.ChoiceField(
        label="How far may it be told?", choices=CaseStudy.Scope.choices, widget=forms.RadioSelect
    )
    consent_on = DatePartsField(label="When was consent given?")
    consent_note = forms.CharField(
        label="How was it given, and who holds it?",
        max_length=300,
        help_text="Such as: on paper, held by the grantee’s manager.",
    )

    def clean_consent_on(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["consent_on"]
        if day > timezone.localdate():
            raise forms.ValidationError("Consent cannot be given on a day to come.")
        return day


class WithdrawForm(forms.Form):
    mark_optional = False

    reason = forms.CharField(
        label="Who withdrew the consent, and how?", widget=forms.Textarea(attrs={"rows": 3}), max_length=1_000
    )


@require(can_read_everything)
@require_safe
def case_study_list(request: HttpRequest) -> HttpResponse:
    user, layer = person(request), chosen_layer(request)
    shown = request.GET.get("show", "")
    shown = shown if shown in SHOWN else "kept"
    asked = request.GET.get("page")
    rows: list[dict[str, Any]]
    page: Page[Any]
    if shown == "kept":
        kept = CaseStudy.objects.visible_to(user).in_layer(layer).select_related("commitment__organisation")
        page = Paginator(kept.order_by("ref"), PAGE_SIZE).get_page(asked)
        told = told_on(list(page))
        rows = [{"study": each, "sections": told[each.ref]} for each in page]
    else:
        page = Paginator(untaken(layer), PAGE_SIZE).get_page(asked)
        rows = [{"revision": each, "story": told_in(each)} for each in page]
    context = {
        "layer": layer,
        "layers": layers_in_use(),
        "shown": shown,
        "rows": rows,
        "page_obj": page,
        "choices": [
            {"text": text, "href": f"?show={key}&layer={layer}", "current": key == shown} for key, text in SHOWN.items()
        ],
        "may_keep": can_write_reports(user),
        "crumbs": crumbs(),
    }
    return render(request, "evaluation/case_study_list.html", context)


@require(can_write_reports)
@require_http_methods(["GET", "HEAD", "POST"])
def case_study_take(request: HttpRequest, revision: int) -> HttpResponse:
    """The words of the return are there to be shortened; the return itself stays as it was sent."""
    returns = Revision.objects.visible_to(person(request)).select_related("monitoring_return__commitment__programme")
    found = get_object_or_404(returns.prefetch_related("answers__question"), pk=revision)
    story = told_in(found)
    form = TakeForm(posted(request), initial={"text": story.text if story else ""})
    if request.method == "POST" and form.is_valid():
        try:
            study = take_case_study(revision=found, by=person(request), **form.cleaned_data)
        except ReportRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"Taken. In a section it stands as :::case_study {study.ref}")
            return redirect("evaluation:case-study", study.ref)
    context = {
        "revision": found,
        "layer": found.monitoring_return.commitment.programme.layer,
        "story": story,
        "form": form,
        "crumbs": _crumbs(),
    }
    return render(request, "evaluation/case_study_take.html", context, status=422 if form.errors else 200)


@require(can_read_everything)
@require_safe
def case_study(request: HttpRequest, ref: str) -> HttpResponse:
    study = _find(request, ref)
    context = {
        "study": study,
        "layer": study.commitment.programme.layer,
        "sections": told_on([study])[study.ref],
        "may_keep": can_write_reports(person(request)),
        "crumbs": _crumbs(),
    }
    return render(request, "evaluation/case_study_detail.html", context)


@require(can_write_reports)
@require_http_methods(["GET", "HEAD", "POST"])
def case_study_withdraw(request: HttpRequest, ref: str) -> HttpResponse:
    study = _find(request, ref)
    form = WithdrawForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            withdraw_case_study(study=study, reason=form.cleaned_data["reason"], by=person(request))
        except ReportRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "Withdrawn. No report will print it from now on.")
            return redirect("evaluation:case-study", study.ref)
    context = {
        "study": study,
        "layer": study.commitment.programme.layer,
        "sections": told_on([study])[study.ref],
        "form": form,
        "crumbs": [*_crumbs(), {"text": study.title, "href": reverse("evaluation:case-study", args=[ref])}],
    }
    return render(request, "evaluation/case_study_withdraw.html", context, status=422 if form.errors else 200)


def _find(request: HttpRequest, ref: str) -> CaseStudy:
    shown = CaseStudy.objects.visible_to(person(request)).select_related(
        "commitment__organisation", "commitment__programme", "revision__monitoring_return__quarter", "kept_by",
        "withdrawn_by",
    )  # fmt: skip
    return get_object_or_404(shown, ref=ref)


def _crumbs() -> list[dict[str, str]]:
    return crumbs(None, ("Case studies", reverse("evaluation:case-studies")))

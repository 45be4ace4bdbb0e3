"""The director's buttons: publish an edition, take it back."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from evaluation.actions.publishing import LONGEST_REASON, publish_edition, publishing_refusal, unpublish_edition
from evaluation.reports.errors import ReportRefused
from evaluation.views.report_pages import edition_crumbs, find_edition
from vru.accounts.permissions import can_sign_reports, person, require
from vru.accounts.strong_sign_in import strong_sign_in
from vru.lib.govuk.posted import posted


class WhyForm(forms.Form):
    mark_optional = False

    reason = forms.CharField(
        label="Why is it taken back?",
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Kept in the audit log. The public sees only that it is gone.",
        error_messages={"required": "Say why: the reason is kept with the edition."},
    )


@require(can_sign_reports)
@strong_sign_in
@require_http_methods(["GET", "HEAD", "POST"])
def edition_publish(request: HttpRequest, pk: int) -> HttpResponse:
    """What will be open to everybody, above the button that opens it."""
    edition = find_edition(request, pk)
    if request.method == "POST":
        try:
            publish_edition(edition=edition, by=person(request))
        except ReportRefused as refused:
            messages.error(request, str(refused))
            return redirect("evaluation:report", edition.pk)
        messages.success(request, "Published. Anybody can read it now, without signing in.")
        return redirect("evaluation:published-edition", edition.pk)
    context = {
        "edition": edition,
        "layer": edition.layer,
        "refusal": publishing_refusal(person(request), edition),
        "address": request.build_absolute_uri(reverse("evaluation:published-edition", args=[edition.pk])),
        "crumbs": edition_crumbs(edition),
    }
    return render(request, "evaluation/edition_publish.html", context)


@require(can_sign_reports)
@strong_sign_in
@require_http_methods(["GET", "HEAD", "POST"])
def edition_unpublish(request: HttpRequest, pk: int) -> HttpResponse:
    edition = find_edition(request, pk)
    form = WhyForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            unpublish_edition(edition=edition, reason=form.cleaned_data["reason"], by=person(request))
        except ReportRefused as refused:
            form.add_error("reason", str(refused))
        else:
            messages.success(request, "Taken back. Only the unit can read it now.")
            return redirect("evaluation:report", edition.pk)
    context = {"edition": edition, "layer": edition.layer, "form": form, "crumbs": edition_crumbs(edition)}
    return render(request, "evaluation/edition_unpublish.html", context, status=422 if form.errors else 200)

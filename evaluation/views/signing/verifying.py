"""Whether an edition is still what was signed: for staff by edition, for anybody by hash or file."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from evaluation.models import Edition
from evaluation.reports.errors import CorruptSnapshot
from evaluation.reports.imprint import Imprint
from evaluation.reports.verify import check_edition, read_imprint
from evaluation.signing.finding_editions import NoHash, editions_with, hash_of, read_hash
from evaluation.views.report_pages import find_edition
from evaluation.views.signing.common import page_of
from programmes.models import Unit
from vru.accounts.permissions import can_read_everything, require
from vru.lib.govuk.posted import posted
from vru.lib.rate_limit import seconds_to_wait

ATTEMPTS_A_MINUTE = 30


@require(can_read_everything)
@require_safe
def edition_verify(request: HttpRequest, pk: int) -> HttpResponse:
    """Every stored file is hashed again now, and the imprint is read."""
    edition = find_edition(request, pk)
    checked = check_edition(edition)
    context = page_of(
        edition,
        "Is it what was signed?" if edition.signed_at else "Is it what was made?",
        final=[each for each in checked if each.is_final],
        drafts=[each for each in checked if not each.is_final],
        problems=[each.problem for each in checked if each.problem],
        imprint=_imprint(edition),
    )
    return render(request, "evaluation/edition_verify.html", context)


def _imprint(edition: Edition) -> Imprint | None:
    if edition.signed_at is None:
        return None
    try:
        return read_imprint(edition)
    except CorruptSnapshot:
        return None


class VerifyForm(forms.Form):
    """A hash or a file: one of the two."""

    mark_optional = False

    sha256 = forms.CharField(
        label="The hash printed in the report",
        required=False,
        max_length=200,
        help_text="64 letters and digits, on the page “About this edition”.",
        widget=forms.TextInput(attrs={"spellcheck": "false", "autocomplete": "off"}),
    )
    file = forms.FileField(
        label="Or the file itself",
        required=False,
        help_text="The PDF, the web page or a data annex. It is not kept.",
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("sha256") and not data.get("file") and not self.errors:
            self.add_error("sha256", "Type a hash, or choose a file.")
        elif data.get("sha256") and data.get("file"):
            self.add_error("file", "Give the hash or the file, not both.")
        elif data.get("sha256"):
            try:
                data["hash"] = read_hash(data["sha256"])
            except NoHash as error:
                self.add_error("sha256", str(error))
        elif data.get("file"):
            data["hash"] = hash_of(data["file"].chunks())
        return data


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Anybody who holds a file or a hash learns which signed edition it is. Nothing is kept."""
    if request.method == "POST":
        who = get_adapter().get_client_ip(request)
        if seconds_to_wait("verify", who, ATTEMPTS_A_MINUTE):
            return render(request, "429.html", status=429)
    form = VerifyForm(posted(request), request.FILES or None)
    context: dict[str, Any] = {"form": form, "unit": Unit.objects.first(), "asked": ""}
    if request.method == "POST" and form.is_valid():
        context["asked"] = form.cleaned_data["hash"]
        context["matches"] = editions_with(form.cleaned_data["hash"])
        context["statuses"] = Edition.Status
    return render(request, "evaluation/verify.html", context, status=422 if form.errors else 200)

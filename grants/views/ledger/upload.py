"""Bringing a ledger file in: choose it, say what its columns mean, see what would happen, take it in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from grants.errors import ActionRefused
from grants.imports.ledger import DryRun, dry_run, import_ledger, take_file
from grants.imports.ledger_reading import LABELS, NEEDED, first_problems
from grants.models import LedgerLine
from grants.views.ledger.scope import ledger_crumbs, ledger_scope
from vru.accounts.permissions import can_keep_money, person, require
from vru.lib.govuk.posted import posted
from vru.lib.periods import FinancialYear
from vru.lib.tables import ReadingLimits

WAITING = "ledger waiting"
MOST_BYTES = ReadingLimits().file_bytes
PROBLEMS_SHOWN, LINES_SHOWN = 50, 20


class UploadForm(forms.Form):
    mark_optional = False
    chosen = forms.FileField(
        label="Choose the file",
        help_text="CSV, Excel (.xlsx) or OpenDocument (.ods), up to 10 MB. One row for each posting.",
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.ods"}),
        error_messages={"required": "Choose a file.", "empty": "The file is empty."},
    )


def mapping_form(found: DryRun, data: Any = None) -> forms.Form:
    """One choice a field, among the file's headings."""
    headings = [heading for heading in dict.fromkeys(found.rows.headings) if heading]
    form = forms.Form(data)
    for name, label in LABELS.items():
        form.fields[name] = forms.ChoiceField(
            label=label,
            required=name in NEEDED,
            initial=found.rows.columns.get(name, ""),
            choices=[("", "Not in the file"), *((heading, heading) for heading in headings)],
            error_messages={"required": f"Choose the column with the {label.lower()}."},
        )
    return form


@require(can_keep_money)
@require_http_methods(["GET", "HEAD", "POST"])
def ledger_upload(request: HttpRequest) -> HttpResponse:
    """Keeps the file aside until its rows were looked at; nothing counts before."""
    scope = ledger_scope(request)
    form = UploadForm(posted(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["chosen"]
        try:
            if upload.size > MOST_BYTES:
                raise ActionRefused(f"The file is larger than {MOST_BYTES // (1024 * 1024)} MB. Split it by quarter.")
            taken = take_file(upload.name or "ledger.csv", upload.read(MOST_BYTES + 1))
            dry_run(data=taken.data, name=taken.name, year=scope["year"].start, layer=scope["layer"])
        except ActionRefused as refused:
            form.add_error("chosen", str(refused))
        else:
            _forget(request)
            kept = default_storage.save(f"ledger/waiting/{taken.sha256[:16]}", ContentFile(taken.data))
            request.session[WAITING] = {
                "file": kept, "name": taken.name, "year": str(scope["year"]), "layer": scope["layer"], "columns": None,
            }  # fmt: skip
            return redirect("money:ledger-check")
    context = scope | {"form": form, "crumbs": ledger_crumbs()}
    return render(request, "grants/ledger_upload.html", context, status=422 if form.errors else 200)


@require(can_keep_money)
@require_http_methods(["GET", "HEAD", "POST"])
def ledger_check(request: HttpRequest) -> HttpResponse:
    """What the file would do, with every row that cannot be read; then take it in whole."""
    waiting = request.session.get(WAITING)
    data = _waiting_bytes(waiting)
    if waiting is None or data is None:
        messages.info(request, "No file is waiting. Choose one.")
        return redirect("money:ledger-upload")
    year = FinancialYear.parse(waiting["year"])
    options: dict[str, Any] = {"data": data, "name": waiting["name"], "year": year.start, "layer": waiting["layer"]}
    found = dry_run(**options, columns=waiting["columns"])
    form = mapping_form(found, request.POST if request.POST.get("what") == "columns" else None)
    what = request.POST.get("what", "")
    if what == "forget":
        _forget(request)
        return redirect(_ledger_address(waiting))
    if what == "columns" and form.is_valid():
        request.session[WAITING] = waiting | {"columns": {key: text for key, text in form.cleaned_data.items() if text}}
        return redirect("money:ledger-check")
    if what == "take":
        try:
            taken = import_ledger(**options, columns=found.rows.columns, by=person(request))
        except ActionRefused as refused:
            messages.error(request, str(refused))
            return redirect("money:ledger-check")
        _forget(request)
        messages.success(request, f"The ledger of {year} is taken in: {taken.lines.count():,} lines.")
        return redirect(_ledger_address(waiting))
    context = _check_context(found, waiting, year) | {"form": form}
    return render(request, "grants/ledger_check.html", context, status=422 if form.errors else 200)


def _check_context(found: DryRun, waiting: dict[str, Any], year: FinancialYear) -> dict[str, Any]:
    outcomes = [
        {"label": outcome.label, "lines": found.count(outcome.value), "pence": found.pence(outcome.value)}
        for outcome in LedgerLine.Outcome
    ]
    return {
        "found": found,
        "name": waiting["name"],
        "year": year,
        "layer": waiting["layer"],
        "outcomes": outcomes,
        "problems": first_problems(found.rows.problems, PROBLEMS_SHOWN),
        "more_problems": max(0, len(found.rows.problems) - PROBLEMS_SHOWN),
        "sample": found.matches[:LINES_SHOWN],
        "crumbs": ledger_crumbs(),
    }


def _ledger_address(waiting: dict[str, Any]) -> str:
    return f"{reverse('money:ledger')}?year={waiting['year']}&layer={waiting['layer']}"


def _waiting_bytes(waiting: dict[str, Any] | None) -> bytes | None:
    if waiting is None or not default_storage.exists(waiting["file"]):
        return None
    with default_storage.open(waiting["file"]) as file:
        data: bytes = file.read()
    return data


def _forget(request: HttpRequest) -> None:
    """Take the waiting file away: it was taken in, replaced or given up."""
    waiting = request.session.pop(WAITING, None)
    if waiting is not None:
        default_storage.delete(waiting["file"])

"""Importing a register: upload it, say what its columns are, look at what it would do, and say yes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from grants.errors import ActionRefused
from grants.imports.register_columns import BY_FIELD, COLUMNS
from grants.imports.register_template import template_csv, template_workbook
from grants.imports.register_uploads import (
    apply_upload,
    check_upload,
    discard_upload,
    headings_of,
    name_columns,
    table_of,
    upload_register,
)
from grants.models import RegisterImport
from programmes.layers import chosen_layer
from programmes.models import Unit
from vru.accounts.permissions import can_edit_programmes, person, require
from vru.lib.govuk.posted import posted

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
UPLOADS_SHOWN, LINES_SHOWN, EXAMPLES = 20, 200, 3
_KINDS = (("programme", "Programme"), ("organisation", "Organisation"), ("grant", "Grant"))
OPEN = (RegisterImport.Status.UPLOADED, RegisterImport.Status.CHECKED)


class UploadForm(forms.Form):
    mark_optional = False
    file = forms.FileField(
        label="The register",
        help_text="CSV, Excel (.xlsx) or OpenDocument (.ods), at most 10 MB.",
        error_messages={"required": "Choose a file.", "empty": "The file is empty."},
    )


class ColumnsForm(forms.Form):
    """One box for each column of the file: what it holds."""

    mark_optional = False

    def __init__(self, headings: tuple[str, ...], examples: list[str], chosen: dict[str, str], data: Any) -> None:
        super().__init__(data)
        self.headings = headings
        fields = {heading: field for field, heading in chosen.items()}
        offered: list[Any] = [("", "Not used")]
        for kind, label in _KINDS:
            offered.append((label, [(each.field, each.heading) for each in COLUMNS if each.kind == kind]))
        for at, heading in enumerate(headings):
            if heading.strip():
                self.fields[f"column-{at}"] = forms.ChoiceField(
                    label=heading,
                    help_text=examples[at],
                    choices=offered,
                    required=False,
                    initial=fields.get(heading, ""),
                )

    def clean(self) -> dict[str, Any]:
        seen: dict[str, str] = {}
        for name, field in list(self.cleaned_data.items()):
            if field and field in seen:
                self.add_error(name, f"“{seen[field]}” is {BY_FIELD[field].heading} already. Choose one of the two.")
            elif field:
                seen[field] = str(self.fields[name].label or "")
        return self.cleaned_data

    def columns(self) -> dict[str, str]:
        return {field: self.headings[int(name.split("-")[1])] for name, field in self.cleaned_data.items() if field}


def _visible(request: HttpRequest) -> QuerySet[RegisterImport]:
    return RegisterImport.objects.visible_to(person(request))


def _crumbs(*, deeper: bool = False) -> list[dict[str, str]]:
    crumbs = [
        {"text": "Home", "href": reverse("home")},
        {"text": "Organisations", "href": reverse("organisations:list")},
    ]
    if deeper:
        crumbs.append({"text": "Import a register", "href": reverse("organisations:import")})
    return crumbs


@require(can_edit_programmes)
@require_http_methods(["GET", "HEAD", "POST"])
def register_start(request: HttpRequest) -> HttpResponse:
    layer = chosen_layer(request)
    form = UploadForm(posted(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            item = upload_register(name=file.name, data=file.read(), layer=layer, by=person(request))
        except ActionRefused as refused:
            form.add_error("file", str(refused))
        else:
            checked = item.status == RegisterImport.Status.CHECKED
            return redirect("organisations:import-check" if checked else "organisations:import-columns", item.pk)
    context = {
        "form": form,
        "layer": layer,
        "uploads": _visible(request).filter(layer=layer).select_related("uploaded_by")[:UPLOADS_SHOWN],
        "crumbs": _crumbs(),
    }
    return render(request, "grants/register_start.html", context, status=422 if form.errors else 200)


@require(can_edit_programmes)
@require_safe
def register_template(request: HttpRequest, kind: str) -> HttpResponse:
    """The blank register: ``kind`` is csv or xlsx."""
    if kind == "csv":
        response = HttpResponse(template_csv(), content_type="text/csv; charset=utf-8")
    else:
        unit = Unit.objects.first()
        book = template_workbook(unit=str(unit or "Violence reduction unit"), timestamp=timezone.now())
        response = HttpResponse(book, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="register.{"csv" if kind == "csv" else "xlsx"}"'
    return response


@require(can_edit_programmes)
@require_http_methods(["GET", "HEAD", "POST"])
def register_columns(request: HttpRequest, pk: int) -> HttpResponse:
    item = get_object_or_404(_visible(request), pk=pk)
    if item.status not in OPEN:
        return redirect("organisations:import-check", pk)
    headings, rows, _ = headings_of(table_of(item))
    examples = [_examples([row.cell(at) for row in rows[:EXAMPLES]]) for at in range(len(headings.cells))]
    form = ColumnsForm(headings.cells, examples, item.columns, posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            name_columns(item=item, columns=form.columns(), by=person(request))
        except ActionRefused as refused:
            form.add_error(None, str(refused))
        else:
            return redirect("organisations:import-check", pk)
    context = {"form": form, "item": item, "layer": item.layer, "rows": len(rows), "crumbs": _crumbs(deeper=True)}
    return render(request, "grants/register_columns.html", context, status=422 if form.errors else 200)


def _examples(cells: list[str]) -> str:
    said = [" ".join(cell.split())[:30] for cell in cells if cell.strip()]
    return f"For example {', '.join(said)}" if said else "Empty in the first rows"


@require(can_edit_programmes)
@require_safe
def register_check(request: HttpRequest, pk: int) -> HttpResponse:
    """What the file would do, and what is in the way."""
    item = get_object_or_404(_visible(request).select_related("uploaded_by", "decided_by"), pk=pk)
    if item.status == RegisterImport.Status.UPLOADED:
        return redirect("organisations:import-columns", pk)
    summary = item.summary
    counts = summary.get("counts", {})
    changes = summary.get("changes", [])
    context = {
        "item": item,
        "layer": item.layer,
        "counts": [{"label": kind, **counts[kind]} for kind in counts],
        "writes": any(each["new"] or each["changed"] for each in counts.values()),
        "rows": summary.get("rows", 0),
        "problems": item.problems[:LINES_SHOWN],
        "more_problems": max(len(item.problems) - LINES_SHOWN, 0),
        "changes": changes[:LINES_SHOWN],
        "more_changes": max(len(changes) - LINES_SHOWN, 0),
        "notes": summary.get("notes", [])[:LINES_SHOWN],
        "waits": item.status == RegisterImport.Status.CHECKED,
        "crumbs": _crumbs(deeper=True),
    }
    return render(request, "grants/register_check.html", context)


@require(can_edit_programmes)
@require_POST
def register_decide(request: HttpRequest, pk: int, decision: str) -> HttpResponse:
    """``decision`` is apply, check (again) or discard."""
    item, user = get_object_or_404(_visible(request), pk=pk), person(request)
    try:
        if decision == "apply":
            apply_upload(item=item, by=user, today=timezone.localdate())
            messages.success(request, "The register is taken over.")
        elif decision == "check":
            check_upload(item=item, by=user)
        else:
            discard_upload(item=item, by=user)
            messages.success(request, "The file is put aside. Nothing was written.")
            return redirect("organisations:import")
    except ActionRefused as refused:
        messages.error(request, str(refused))
    return redirect("organisations:import-check", pk)

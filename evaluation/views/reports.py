"""Reports: start one, watch it being made, read it, download its files."""

from __future__ import annotations

from csp.decorators import csp_replace
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from evaluation.models import Edition, EditionFile
from vru.accounts.permissions import can_read_everything, person, require

CONTENT_TYPES = {
    EditionFile.Kind.PDF: "application/pdf",
    EditionFile.Kind.WEB: "text/html; charset=utf-8",
    EditionFile.Kind.ANNEX_XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    EditionFile.Kind.ANNEX_ZIP: "application/zip",
    EditionFile.Kind.SNAPSHOT: "application/json",
}
NAMES = {"pdf": "pdf", "html": "html", "annex_xlsx": "xlsx", "annex_zip": "zip", "snapshot": "json"}


@require(can_read_everything)
@require_safe
def report_detail(request: HttpRequest, pk: int) -> HttpResponse:
    editions = (
        Edition.objects.visible_to(person(request))
        .built()
        .select_related("report__outline", "signed_by", "requested_by")
    )
    edition = get_object_or_404(editions, pk=pk)
    context = {
        "edition": edition,
        "layer": edition.layer,
        "files": edition.files.all(),
        "revisions": edition.revisions.count(),
        "crumbs": [
            {"text": "Home", "href": reverse("home")},
            {"text": "Reports", "href": reverse("evaluation:reports")},
        ],
    }
    return render(request, "evaluation/report_detail.html", context)


@require_safe
@xframe_options_sameorigin
@csp_replace({"style-src": ["'self'", "'unsafe-inline'"], "font-src": ["'self'", "data:"], "script-src": ["'none'"]})
@require(can_read_everything)
def report_file(request: HttpRequest, pk: int, kind: str) -> FileResponse:
    """One file of an edition, to whoever may see the edition. The web page opens; the others download."""
    editions = Edition.objects.visible_to(person(request)).built()
    stored = (
        EditionFile.objects.filter(edition__in=editions, edition_id=pk, kind=kind)
        .select_related("edition__report__outline")
        .first()
    )
    if stored is None:
        raise Http404("There is no such file.")
    edition = stored.edition
    name = f"{edition.outline.kind}-{edition.financial_year}-{edition.layer}-{edition.number}.{NAMES[kind]}"
    inline = kind in {EditionFile.Kind.WEB, EditionFile.Kind.PDF}
    response = FileResponse(stored.file.open("rb"), as_attachment=not inline, filename=name)
    response["Content-Type"] = CONTENT_TYPES[EditionFile.Kind(kind)]
    return response

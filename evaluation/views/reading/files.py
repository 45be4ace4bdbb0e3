"""The files of an edition, for staff and, once published, for everybody."""

from __future__ import annotations

from csp.decorators import csp_replace
from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from evaluation.models import Edition, EditionFile
from evaluation.models.edition import EditionQuerySet
from vru.accounts.permissions import can_read_everything, person, require

# Of each kind: what a browser is told, and how the name ends.
_TYPES = {
    EditionFile.Kind.PDF: ("application/pdf", "pdf"),
    EditionFile.Kind.WEB: ("text/html; charset=utf-8", "html"),
    EditionFile.Kind.ANNEX_XLSX: ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
    EditionFile.Kind.ANNEX_ZIP: ("application/zip", "zip"),
    EditionFile.Kind.SNAPSHOT: ("application/json", "json"),
}
_OPENED = frozenset({EditionFile.Kind.WEB, EditionFile.Kind.PDF})
# The web edition carries its own styles and typefaces, and no script.
_SELF_CONTAINED = {
    "style-src": ["'self'", "'unsafe-inline'"],
    "font-src": ["'self'", "data:"],
    "script-src": ["'none'"],
}


@require_safe
@xframe_options_sameorigin
@csp_replace(_SELF_CONTAINED)
@require(can_read_everything)
def report_file(request: HttpRequest, pk: int, kind: str) -> FileResponse:
    """One file of an edition, the final one once there is one, to whoever may see the edition."""
    return _response(Edition.objects.visible_to(person(request)).built(), pk, kind)


@login_not_required
@require_safe
@xframe_options_sameorigin
@csp_replace(_SELF_CONTAINED)  # type: ignore[arg-type]  # typed for views without arguments
def published_file(request: HttpRequest, pk: int, kind: str) -> FileResponse:
    """One final file of a published edition, to anybody."""
    return _response(Edition.objects.published(), pk, kind, is_final=True)


def _response(editions: EditionQuerySet, pk: int, kind: str, **only: bool) -> FileResponse:
    """The web page and the PDF open; the others download. 404 where there is no such file."""
    rows = EditionFile.objects.filter(edition__in=editions.filter(pk=pk), kind=kind, **only)
    stored = rows.select_related("edition__report__outline").order_by("-is_final").first()
    if stored is None:
        raise Http404("There is no such file.")
    edition = stored.edition
    media_type, ending = _TYPES[EditionFile.Kind(kind)]
    name = f"{edition.outline.kind}-{edition.financial_year}-{edition.layer}-{edition.number}.{ending}"
    response = FileResponse(stored.file.open("rb"), as_attachment=kind not in _OPENED, filename=name)
    response["Content-Type"] = media_type
    return response

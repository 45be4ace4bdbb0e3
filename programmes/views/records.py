"""A programme's risks and documents: what is kept, and the small pages that change it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from programmes.actions import risks as risk_actions
from programmes.actions.checks import LONGEST_REASON
from programmes.actions.documents import add_document, remove_document
from programmes.errors import ProgrammeRefused
from programmes.models import Programme, ProgrammeDocument, ProgrammeRisk
from programmes.views.editing import FORM
from programmes.views.programme_forms import staff_members, text_box
from programmes.views.programme_page import Crumbs, crumbs, form_page, page_context, visible_programme
from vru.accounts.models import User
from vru.accounts.permissions import can_edit_programmes, can_read_everything, person, require
from vru.lib.files.kinds import ALLOWED
from vru.lib.files.taking import MEGABYTE
from vru.lib.govuk.dates import DatePartsField
from vru.lib.govuk.posted import posted

PAGE_SIZE = 25
LIKELIHOODS = ((1, "1, rare"), (2, "2, unlikely"), (3, "3, possible"), (4, "4, likely"), (5, "5, almost certain"))
IMPACTS = ((1, "1, slight"), (2, "2, minor"), (3, "3, moderate"), (4, "4, major"), (5, "5, severe"))


class RiskForm(forms.Form):
    title = forms.CharField(label="What could go wrong?", max_length=200)
    description = text_box("What would it mean?", rows=3, required=False)
    owner = forms.ModelChoiceField(label="Owner", queryset=User.objects.none(), empty_label="Choose one")
    likelihood = forms.TypedChoiceField(label="Likelihood", choices=LIKELIHOODS, coerce=int, widget=forms.RadioSelect)
    impact = forms.TypedChoiceField(label="Impact", choices=IMPACTS, coerce=int, widget=forms.RadioSelect)
    response = forms.ChoiceField(label="Response", choices=ProgrammeRisk.Response.choices, widget=forms.RadioSelect)
    response_text = text_box("What is done about it?", rows=3, required=False)
    review_on = DatePartsField(label="When is it looked at again?")

    def __init__(self, data: Any = None, *, risk: ProgrammeRisk | None = None, owner: User | None = None) -> None:
        names = risk_actions.RiskDetails.__dataclass_fields__
        start = {name: getattr(risk, name) for name in names} if risk is not None else {"owner": owner}
        super().__init__(data, initial=start)
        field = self.fields["owner"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = staff_members()

    def details(self) -> risk_actions.RiskDetails:
        data = self.cleaned_data | {"response": ProgrammeRisk.Response(self.cleaned_data["response"])}
        return risk_actions.RiskDetails(**data)


class CloseRiskForm(forms.Form):
    reason = text_box(
        "Why is it closed?", max_length=LONGEST_REASON, error_messages={"required": "Say why the risk is closed."}
    )


class DocumentForm(forms.Form):
    chosen = forms.FileField(
        label="Choose a file",
        widget=forms.ClearableFileInput(attrs={"accept": ",".join(f".{kind.extension}" for kind in ALLOWED)}),
        error_messages={"required": "Choose a file.", "empty": "The file is empty."},
    )
    title = forms.CharField(label="Title", max_length=200, help_text="For example “Business case, signed”.")
    kind = forms.ChoiceField(label="Kind", choices=ProgrammeDocument.Kind.choices, widget=forms.RadioSelect)


@require(can_read_everything)
@require_safe
def programme_records(request: HttpRequest, ref: str) -> HttpResponse:
    """Open risks by score, closed ones below, and the documents a page at a time."""
    programme = visible_programme(request, ref)
    risks = programme.risks.select_related("owner", "closed_by").alias(points=F("likelihood") * F("impact"))
    documents = programme.documents.filter(removed_at__isnull=True).select_related("uploaded_by")
    context = page_context(
        request,
        programme,
        "programmes:records",
        open_risks=risks.filter(closed_at__isnull=True).order_by("-points", "review_on", "pk"),
        closed_risks=risks.filter(closed_at__isnull=False).order_by("-closed_at", "-pk"),
        page_obj=Paginator(documents.order_by("-uploaded_at", "-pk"), PAGE_SIZE).get_page(request.GET.get("page")),
        today=timezone.localdate(),
    )
    return render(request, "programmes/programme_records.html", context)


def _back(programme: Programme) -> str:
    return reverse("programmes:records", args=[programme.ref])


def _crumbs(programme: Programme) -> Crumbs:
    return [*crumbs(programme), {"text": "Risks and documents", "href": _back(programme)}]


@require(can_edit_programmes)
@require_http_methods(FORM)
def risk_add(request: HttpRequest, ref: str) -> HttpResponse:
    programme, user = visible_programme(request, ref), person(request)
    form = RiskForm(posted(request), owner=user)
    return form_page(
        request,
        form,
        lambda: risk_actions.raise_risk(
            programme=programme, details=form.details(), by=user, today=timezone.localdate()
        ),
        title="Add a risk",
        caption=programme.title,
        done="The risk is added.",
        back=_back(programme),
        crumbs=_crumbs(programme),
        layer=programme.layer,
    )


def _risk(request: HttpRequest, ref: str, pk: int) -> tuple[Programme, ProgrammeRisk]:
    programme = visible_programme(request, ref)
    return programme, get_object_or_404(programme.risks.select_related("programme", "owner"), pk=pk)


@require(can_edit_programmes)
@require_http_methods(FORM)
def risk_review(request: HttpRequest, ref: str, pk: int) -> HttpResponse:
    programme, risk = _risk(request, ref, pk)
    form = RiskForm(posted(request), risk=risk)
    return form_page(
        request,
        form,
        lambda: risk_actions.review_risk(
            risk=risk, details=form.details(), by=person(request), today=timezone.localdate()
        ),
        title="Review the risk",
        caption=programme.title,
        lead=f"Score now: {risk.score} of 25. Write down how it stands, and when it is looked at again.",
        done="The review is saved.",
        back=_back(programme),
        crumbs=_crumbs(programme),
        layer=programme.layer,
    )


@require(can_edit_programmes)
@require_http_methods(FORM)
def risk_close(request: HttpRequest, ref: str, pk: int) -> HttpResponse:
    programme, risk = _risk(request, ref, pk)
    form = CloseRiskForm(posted(request))
    return form_page(
        request,
        form,
        lambda: risk_actions.close_risk(risk=risk, reason=form.cleaned_data["reason"], by=person(request)),
        title="Close the risk",
        caption=risk.title,
        submit="Close the risk",
        done="The risk is closed.",
        back=_back(programme),
        crumbs=_crumbs(programme),
        layer=programme.layer,
    )


@require(can_edit_programmes)
@require_http_methods(FORM)
def document_add(request: HttpRequest, ref: str) -> HttpResponse:
    programme = visible_programme(request, ref)
    form = DocumentForm(posted(request), request.FILES or None)
    most = settings.ATTACHMENT_MAX_BYTES

    def save() -> ProgrammeDocument:
        upload = form.cleaned_data["chosen"]
        return add_document(
            programme=programme,
            title=form.cleaned_data["title"],
            kind=ProgrammeDocument.Kind(form.cleaned_data["kind"]),
            name=upload.name or "file",
            # A file too large is refused by the action without being read whole.
            data=upload.read(most + 1),
            by=person(request),
        )

    return form_page(
        request,
        form,
        save,
        title="Add a document",
        caption=programme.title,
        lead=f"A PDF, JPEG, PNG, Word, Excel or OpenDocument file of up to {most // MEGABYTE} MB. "
        "Keep nothing here that names a young person.",
        submit="Add the document",
        done="The document is added.",
        back=_back(programme),
        crumbs=_crumbs(programme),
        layer=programme.layer,
    )


@require(can_read_everything)
@require_safe
def document_download(request: HttpRequest, ref: str, pk: int) -> FileResponse:
    """Always a download, never shown in the site's own pages. A document that was removed is gone from here."""
    programme = visible_programme(request, ref)
    document = get_object_or_404(programme.documents.filter(removed_at__isnull=True), pk=pk)
    try:
        opened = document.file.open("rb")
    except FileNotFoundError as error:
        raise Http404("The file is missing from the store.") from error
    response = FileResponse(opened, as_attachment=True, filename=document.name)
    response["Content-Type"] = document.content_type
    response["Cache-Control"] = "no-store, private"
    return response


@require(can_edit_programmes)
@require_POST
def document_remove(request: HttpRequest, ref: str, pk: int) -> HttpResponse:
    programme = visible_programme(request, ref)
    document = get_object_or_404(programme.documents, pk=pk)
    try:
        remove_document(document=document, by=person(request))
    except ProgrammeRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"“{document.title}” is removed.")
    return redirect(_back(programme))

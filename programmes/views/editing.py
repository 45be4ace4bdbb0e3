"""Adding a programme, copying last year's, and changing one part of it at a time."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from programmes.actions import objectives as objective_actions
from programmes.actions import programmes as actions
from programmes.actions.copying import copy_programme
from programmes.errors import ProgrammeRefused
from programmes.layers import default_layer
from programmes.models import IndicatorTarget, NamedWard, Programme
from programmes.views import programme_forms as forms
from programmes.views.programme_page import crumbs, form_page, visible_programme
from vru.accounts.permissions import can_edit_programmes, person, require
from vru.lib.govuk.posted import posted
from vru.lib.periods import FinancialYear

FORM = ["GET", "HEAD", "POST"]


def _page_of(programme: Programme) -> str:
    return reverse("programme", args=[programme.ref])


@require(can_edit_programmes)
@require_http_methods(FORM)
def programme_add(request: HttpRequest) -> HttpResponse:
    user, layer = person(request), default_layer()
    form = forms.AddForm(layer, None, posted(request), manager=user)
    return form_page(
        request,
        form,
        lambda: actions.create_programme(ref=form.cleaned_data["ref"], layer=layer, basics=form.basics(), by=user),
        title="Add a programme",
        lead="It begins as a draft. Objectives, places and targets come next.",
        submit="Add the programme",
        done="The programme is added as a draft.",
        back=_page_of,
        cancel=reverse("programmes:list"),
        crumbs=crumbs(),
        layer=layer,
    )


@require(can_edit_programmes)
@require_http_methods(FORM)
def programme_edit(request: HttpRequest, ref: str) -> HttpResponse:
    programme = visible_programme(request, ref)
    form = forms.BasicsForm(programme.layer, programme, posted(request))
    return form_page(
        request,
        form,
        lambda: actions.edit_programme(programme=programme, basics=form.basics(), by=person(request)),
        title="Edit the programme",
        caption=programme.title,
        done="The programme is saved.",
        back=_page_of(programme),
        crumbs=crumbs(programme),
        layer=programme.layer,
    )


@require(can_edit_programmes)
@require_http_methods(FORM)
def programme_audience(request: HttpRequest, ref: str) -> HttpResponse:
    programme = visible_programme(request, ref)
    form = forms.AudienceForm(programme, posted(request))
    return form_page(
        request,
        form,
        lambda: actions.set_audience(programme=programme, audience=form.audience(), by=person(request)),
        title="Whom it is for, and why",
        caption=programme.title,
        done="Saved.",
        back=_page_of(programme),
        crumbs=crumbs(programme),
        layer=programme.layer,
    )


@require(can_edit_programmes)
@require_http_methods(FORM)
def programme_objectives(request: HttpRequest, ref: str) -> HttpResponse:
    programme = visible_programme(request, ref)
    form = forms.ObjectivesForm(programme, posted(request))
    return form_page(
        request,
        form,
        lambda: objective_actions.set_objectives(
            programme=programme,
            weights=form.weights(),
            primary=form.cleaned_data["primary"],
            by=person(request),
        ),
        title="Objectives and their weights",
        caption=programme.title,
        lead="How much of the programme's effort serves each objective. The weights add up to 100.",
        done="The objectives are saved.",
        back=_page_of(programme),
        crumbs=crumbs(programme),
        layer=programme.layer,
    )


@require(can_edit_programmes)
@require_http_methods(FORM)
def programme_areas(request: HttpRequest, ref: str) -> HttpResponse:
    programme = visible_programme(request, ref)
    form = forms.PlacesForm(programme, posted(request))
    return form_page(
        request,
        form,
        lambda: objective_actions.set_places(
            programme=programme,
            level=Programme.Level(form.cleaned_data["level"]),
            areas=list(form.cleaned_data["areas"]),
            by=person(request),
        ),
        title="Where it works",
        caption=programme.title,
        done="The areas are saved.",
        back=_page_of(programme),
        crumbs=crumbs(programme),
        layer=programme.layer,
    )


@require(can_edit_programmes)
@require_http_methods(FORM)
def ward_add(request: HttpRequest, ref: str) -> HttpResponse:
    programme = visible_programme(request, ref)
    form = forms.WardForm(programme, posted(request))
    return form_page(
        request,
        form,
        lambda: objective_actions.add_ward(
            programme=programme,
            area=form.cleaned_data["area"],
            name=form.cleaned_data["name"],
            code=form.cleaned_data["code"],
            vintage=form.cleaned_data["vintage"],
            by=person(request),
        ),
        title="Name a ward",
        caption=programme.title,
        lead="" if programme.areas.exists() else "Choose the programme's areas first: a ward lies in one of them.",
        done="The ward is named.",
        back=_page_of(programme),
        crumbs=crumbs(programme),
        layer=programme.layer,
    )


@require(can_edit_programmes)
@require_POST
def ward_remove(request: HttpRequest, ref: str, pk: int) -> HttpResponse:
    programme = visible_programme(request, ref)
    ward = NamedWard.objects.filter(programme=programme, pk=pk).select_related("programme", "area").first()
    if ward is not None:  # A second click finds nothing left to take out.
        try:
            objective_actions.remove_ward(ward=ward, by=person(request))
        except ProgrammeRefused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, f"{ward} is taken out.")
    return redirect(_page_of(programme))


@require(can_edit_programmes)
@require_http_methods(FORM)
def target_add(request: HttpRequest, ref: str) -> HttpResponse:
    programme = visible_programme(request, ref)
    form = forms.TargetForm(programme, posted(request), row=None, today=timezone.localdate())
    return form_page(
        request,
        form,
        lambda: objective_actions.set_target(programme=programme, by=person(request), **form.cleaned_data),
        title="Add a target",
        caption=programme.title,
        done="The target is saved.",
        back=_page_of(programme),
        crumbs=crumbs(programme),
        layer=programme.layer,
    )


@require(can_edit_programmes)
@require_http_methods(FORM)
def target_edit(request: HttpRequest, ref: str, pk: int) -> HttpResponse:
    programme = visible_programme(request, ref)
    targets = IndicatorTarget.objects.filter(programme=programme).select_related("version__indicator")
    row = get_object_or_404(targets, pk=pk)
    form = forms.TargetForm(programme, posted(request), row=row, today=timezone.localdate())
    return form_page(
        request,
        form,
        lambda: objective_actions.set_target(
            programme=programme, version=row.version, year=row.year, by=person(request), **form.cleaned_data
        ),
        title=row.version.indicator.title,
        caption=f"{programme.title}, {FinancialYear(row.year)}",
        done="The target is saved.",
        back=_page_of(programme),
        crumbs=crumbs(programme),
        layer=programme.layer,
    )


@require(can_edit_programmes)
@require_http_methods(FORM)
def programme_copy(request: HttpRequest, ref: str) -> HttpResponse:
    programme = visible_programme(request, ref)
    form = forms.CopyForm(programme, timezone.localdate(), posted(request))
    return form_page(
        request,
        form,
        lambda: copy_programme(
            programme=programme,
            ref=form.cleaned_data["ref"],
            title=form.cleaned_data["title"],
            year=FinancialYear(form.cleaned_data["year"]),
            by=person(request),
        ),
        title="Copy for another year",
        caption=programme.title,
        lead="Objectives, areas, wards, need, indicators and open risks come over. Targets wait to be set. "
        "Decision, grants, budget and documents stay with the year they belong to.",
        submit="Make the copy",
        done="The copy is made, as a draft.",
        back=_page_of,
        cancel=_page_of(programme),
        crumbs=crumbs(programme),
        layer=programme.layer,
    )

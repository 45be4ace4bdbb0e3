"""What the strategy promised and the workplan set out, by objective: who answers it, by when, and how far it is."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from programmes.actions.checks import LONGEST_REASON
from programmes.actions.strategy import Progress, Promise, record_progress
from programmes.layers import chosen_layer, layers_in_use
from programmes.models import Objective, Programme, StrategyCommitment, StrategyVersion, WorkplanAction
from programmes.models.strategy import PromiseStatus
from programmes.views.editing import FORM
from programmes.views.programme_page import form_page
from vru.accounts.permissions import can_edit_programmes, can_read_everything, person, require
from vru.lib.govuk.dates import DatePartsField
from vru.lib.govuk.posted import posted

UNDONE = (PromiseStatus.PLANNED, PromiseStatus.UNDER_WAY)
KINDS = (("commitment", "Commitments of the strategy"), ("action", "Actions of the workplan"))
OVERDUE = "overdue"


class StrategyFilter(forms.Form):
    mark_optional = False

    objective = forms.ModelChoiceField(
        label="Objective",
        queryset=Objective.objects.none(),
        to_field_name="number",
        required=False,
        empty_label="Any objective",
    )
    kind = forms.ChoiceField(label="What", choices=[("", "Both"), *KINDS], required=False)
    status = forms.ChoiceField(
        label="Status", choices=[("", "Any status"), (OVERDUE, "Overdue"), *PromiseStatus.choices], required=False
    )
    text = forms.CharField(label="Words", required=False, max_length=100)

    def __init__(self, version: StrategyVersion | None, data: Any) -> None:
        super().__init__(data)
        field = self.fields["objective"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Objective.objects.filter(version=version)

    def narrowed(self, promises: Any, today: datetime.date) -> Any:
        """The promises that the filter leaves; a filter that cannot be read leaves them all."""
        if not self.is_valid():
            return promises
        chosen = self.cleaned_data
        if chosen["objective"] is not None:
            promises = promises.filter(objective=chosen["objective"])
        if chosen["status"] == OVERDUE:
            promises = promises.filter(due_on__lt=today, status__in=UNDONE)
        elif chosen["status"]:
            promises = promises.filter(status=chosen["status"])
        if chosen["text"]:
            words = chosen["text"]
            promises = promises.filter(Q(text__icontains=words) | Q(ref__icontains=words) | Q(owner__icontains=words))
        return promises

    @property
    def kind_chosen(self) -> str:
        return str(self.cleaned_data.get("kind", "")) if self.is_valid() else ""


@require(can_read_everything)
@require_safe
def strategy(request: HttpRequest) -> HttpResponse:
    version, today, layer = StrategyVersion.objects.last(), timezone.localdate(), chosen_layer(request)
    form = StrategyFilter(version, request.GET or None)
    kinds = [("commitment", StrategyCommitment), ("action", WorkplanAction)]
    found: list[dict[str, Any]] = []
    for kind, model in kinds:
        if form.kind_chosen not in ("", kind):
            continue
        # A layer's own programmes only: a promise answered in another layer is not answered in this one.
        promises = model._default_manager.filter(version=version).select_related("objective")
        rows = form.narrowed(promises, today).order_by("objective__number", "ref", "pk")
        answers = _answers(model, version, layer)
        found += [_row(kind, promise, answers.get(promise.pk, []), today) for promise in rows]
    context = {
        "version": version,
        "groups": _by_objective(found),
        "count": len(found),
        "overdue": sum(row["overdue"] for row in found),
        "filter_form": form,
        "may_edit": can_edit_programmes(person(request)),
        "layer": layer,
        "layers": layers_in_use(),
        "crumbs": [{"text": "Home", "href": reverse("home")}],
    }
    return render(request, "programmes/strategy_progress.html", context)


def _answers(model: Any, version: StrategyVersion | None, layer: str) -> dict[int, list[Programme]]:
    """The programmes that answer each promise, by the promise's key, in one query."""
    through = model.programmes.through
    field = f"{model._meta.model_name}"
    links = through.objects.filter(**{f"{field}__version": version}, programme__layer=layer)
    found: dict[int, list[Programme]] = {}
    for link in links.select_related("programme").order_by("programme__title", "programme_id"):
        found.setdefault(getattr(link, f"{field}_id"), []).append(link.programme)
    return found


def _row(kind: str, promise: Promise, programmes: list[Programme], today: datetime.date) -> dict[str, Any]:
    late = promise.due_on is not None and promise.due_on < today and promise.status in UNDONE
    return {"kind": kind, "promise": promise, "programmes": programmes, "overdue": late}


def _by_objective(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Groups in the order of the objectives; what names no objective comes last."""
    groups: dict[int | None, dict[str, Any]] = {}
    for row in rows:
        objective = row["promise"].objective
        key = objective.number if objective is not None else None
        groups.setdefault(key, {"objective": objective, "rows": []})["rows"].append(row)
    return [groups[key] for key in sorted(groups, key=lambda number: (number is None, number or 0))]


class ProgressForm(forms.Form):
    mark_optional = False

    owner = forms.CharField(label="Owner", required=False, max_length=200, help_text="A post rather than a name.")
    due_on = DatePartsField(label="Due", required=False)
    status = forms.ChoiceField(label="Status", choices=PromiseStatus.choices, widget=forms.RadioSelect)
    programmes = forms.ModelMultipleChoiceField(
        label="Programmes that answer it",
        queryset=Programme.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    reason = forms.CharField(
        label="Why does this change?",
        required=False,
        max_length=LONGEST_REASON,
        help_text="Needed when it is stopped, or when its due date moves.",
    )

    def __init__(self, promise: Promise, layer: str, data: Any = None) -> None:
        answering = list(promise.programmes.values_list("pk", flat=True))
        start = {"owner": promise.owner, "due_on": promise.due_on, "status": promise.status, "programmes": answering}
        super().__init__(data, initial=start)
        field = self.fields["programmes"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = Programme.objects.in_layer(layer).top_level()
        # Those of other layers are not shown, and stay as they are.
        shown = Q(layer=layer, parent__isnull=True)
        self.kept = list(promise.programmes.exclude(shown))

    def progress(self) -> Progress:
        data = self.cleaned_data
        return Progress(
            owner=data["owner"],
            due_on=data["due_on"],
            status=PromiseStatus(data["status"]),
            programmes=[*data["programmes"], *self.kept],
        )


@require(can_edit_programmes)
@require_http_methods(FORM)
def commitment_progress(request: HttpRequest, pk: int) -> HttpResponse:
    return _progress(request, get_object_or_404(StrategyCommitment, pk=pk), "Commitment")


@require(can_edit_programmes)
@require_http_methods(FORM)
def action_progress(request: HttpRequest, pk: int) -> HttpResponse:
    return _progress(request, get_object_or_404(WorkplanAction, pk=pk), "Action")


def _progress(request: HttpRequest, promise: Promise, kind: str) -> HttpResponse:
    form = ProgressForm(promise, chosen_layer(request), posted(request))
    back = reverse("strategy:progress")
    return form_page(
        request,
        form,
        lambda: record_progress(
            promise=promise, progress=form.progress(), by=person(request), reason=form.cleaned_data["reason"]
        ),
        title=f"{kind} {promise.ref}",
        lead=promise.text,
        done=f"{kind} {promise.ref} is saved.",
        back=back,
        crumbs=[{"text": "Home", "href": reverse("home")}, {"text": "Strategy", "href": back}],
    )

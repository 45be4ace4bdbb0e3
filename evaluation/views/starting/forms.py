"""What is typed to begin a report, to copy one and to make an edition of it."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from evaluation.models import Report, ReportOutline
from evaluation.models.report import MONTHS, QUARTERS
from evaluation.reports.as_at import check_as_at
from evaluation.reports.errors import NothingToReport
from evaluation.views.scope import years_in
from programmes.layers import layers_in_use
from programmes.models import Programme
from vru.lib.govuk.dates import DatePartsField
from vru.lib.layers import Layer
from vru.lib.periods import FinancialYear

MOST_SOURCES = 12
FROM_OUTLINE = "outline"
QUARTER_NAMES = ("April to June", "July to September", "October to December", "January to March")
MONTH_NAMES = (
    *("April", "May", "June", "July", "August", "September"),
    *("October", "November", "December", "January", "February", "March"),
)


def period_choices(outline: ReportOutline) -> list[tuple[str, str]]:
    """The parts of a year that a kind of report is for; none for a yearly one."""
    if outline.every == ReportOutline.Every.QUARTER:
        return [(key, f"{key} ({name})") for key, name in zip(QUARTERS, QUARTER_NAMES, strict=True)]
    if outline.every == ReportOutline.Every.MONTH:
        return list(zip(MONTHS, MONTH_NAMES, strict=True))
    return []


def year_choices(layers: list[str]) -> list[tuple[str, str]]:
    """Years with money or returns, and the one that comes after the newest, newest first."""
    years = {year for layer in layers for year in years_in(layer)} or {FinancialYear.of(timezone.localdate())}
    years.add(max(years, key=lambda year: year.start).next())
    ordered = sorted(years, key=lambda year: -year.start)
    return [(str(year), str(year)) for year in ordered]


class TimeForm(forms.Form):
    """A year, and the part of it where the kind of report is for a part."""

    mark_optional = False

    year = forms.ChoiceField(label="Financial year")
    period = forms.ChoiceField(label="Which part of the year?")

    def __init__(self, data: Any = None, *, outline: ReportOutline, layers: list[str], initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        self.outline = outline
        self.fields["year"].choices = year_choices(layers)  # type: ignore[attr-defined]
        periods = period_choices(outline)
        if periods:
            self.fields["period"].choices = periods  # type: ignore[attr-defined]
            self.fields["period"].label = "Which month?" if len(periods) > len(QUARTERS) else "Which quarter?"
        else:
            del self.fields["period"]

    @property
    def time(self) -> tuple[FinancialYear, str]:
        return FinancialYear.parse(self.cleaned_data["year"]), self.cleaned_data.get("period", "")


class BeginForm(TimeForm):
    """Time, records or programme, and whether to take the words of an earlier report."""

    layer = forms.ChoiceField(label="Which records?", widget=forms.RadioSelect)
    programme = forms.ModelChoiceField(
        queryset=Programme.objects.none(), label="Which programme?", empty_label="Choose a programme"
    )
    start = forms.ChoiceField(label="What do you start from?", widget=forms.RadioSelect, initial=FROM_OUTLINE)

    def __init__(self, data: Any = None, *, outline: ReportOutline, initial: Any = None) -> None:
        layers = layers_in_use()
        super().__init__(data, outline=outline, layers=layers, initial=initial)
        if outline.about == ReportOutline.Subject.PROGRAMME:
            del self.fields["layer"]
            shown = Programme.objects.filter(layer__in=layers, parent=None).order_by("layer", "title", "ref")
            self.fields["programme"].queryset = shown  # type: ignore[attr-defined]
            self.fields["programme"].label_from_instance = _with_layer  # type: ignore[attr-defined]
        else:
            del self.fields["programme"]
            self.fields["layer"].choices = [(layer, Layer(layer).label) for layer in layers]  # type: ignore[attr-defined]
        self.sources = {str(report.pk): report for report in _sources(outline)}
        if self.sources:
            from_outline = (FROM_OUTLINE, "The outline, with its guidance and standing words")
            copies = [
                (key, f"A copy of {report}, {Layer(report.layer).label.lower()}")
                for key, report in self.sources.items()
            ]
            self.fields["start"].choices = [from_outline, *copies]  # type: ignore[attr-defined]
        else:
            del self.fields["start"]

    @property
    def source(self) -> Report | None:
        return self.sources.get(self.cleaned_data.get("start", ""))

    @property
    def subject(self) -> str:
        programme = self.cleaned_data.get("programme")
        return programme.ref if programme else ""

    @property
    def layer_chosen(self) -> str:
        programme = self.cleaned_data.get("programme")
        return programme.layer if programme else self.cleaned_data["layer"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and self.source is not None and self.source.layer != self.layer_chosen:
            said = "A copy is about the same records as the report it is taken from. Choose another to start from."
            raise ValidationError({"start": said})
        return data


class EditionForm(forms.Form):
    mark_optional = False

    as_at = DatePartsField(
        label="As at", help_text="Returns approved by the end of this day count, and money recorded by then."
    )

    def __init__(self, year: FinancialYear, data: Any = None, **more: Any) -> None:
        super().__init__(data, **more)
        self.year = year

    def clean_as_at(self) -> datetime.date:
        try:
            return check_as_at(self.year, self.cleaned_data["as_at"])
        except NothingToReport as error:
            raise ValidationError(str(error)) from error


def _sources(outline: ReportOutline) -> list[Report]:
    """Reports of the kind that have sections to copy, the newest first."""
    found = Report.objects.filter(outline=outline, sections__isnull=False).distinct()
    return list(found.select_related("outline").order_by("-year", "-period", "layer", "subject", "pk")[:MOST_SOURCES])


def _with_layer(programme: Programme) -> str:
    return f"{programme.title} ({programme.ref}, {Layer(programme.layer).label.lower()})"

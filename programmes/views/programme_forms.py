"""Short forms about a programme, one for each thing that is changed by itself."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef

from programmes.actions.checks import LONGEST_REASON
from programmes.actions.objectives import WHOLE
from programmes.actions.programmes import OLDEST, Audience, Basics
from programmes.models import (
    Area,
    Decision,
    IndicatorTarget,
    IndicatorVersion,
    Objective,
    Programme,
    SourceDocument,
    StrategyVersion,
    Theme,
)
from vru.accounts.models import Role, StaffRole, User
from vru.accounts.models.user import UserQuerySet
from vru.lib.govuk.dates import DatePartsField
from vru.lib.periods import FinancialYear

MOST_YEARS = 6


def staff_members(*roles: str) -> UserQuerySet:
    """Active staff; with any of the roles, when some are given."""
    held = StaffRole.objects.filter(user=OuterRef("pk"))
    return User.objects.get_queryset().filter(Exists(held.filter(role__in=roles) if roles else held), is_active=True)


def text_box(label: str, rows: int = 4, **options: Any) -> forms.CharField:
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": rows}), **options)


def version_of(programme: Programme | None) -> StrategyVersion | None:
    """The strategy version whose objectives and themes a programme chooses from: its own, else the latest."""
    if programme is not None and programme.primary_objective is not None:
        return programme.primary_objective.version
    return StrategyVersion.objects.last()


class BasicsForm(forms.Form):
    """Title, dates and people. The reference is asked once, when the programme is added."""

    title = forms.CharField(label="Title", max_length=300)
    summary = text_box("What is done, in a few sentences", required=False)
    parent = forms.ModelChoiceField(
        label="Part of which programme?",
        help_text="Leave empty for a programme that stands by itself.",
        queryset=Programme.objects.none(),
        required=False,
        empty_label="None: it stands by itself",
    )
    theme = forms.ModelChoiceField(
        label="Theme", queryset=Theme.objects.none(), required=False, empty_label="Not chosen yet"
    )
    starts_on = DatePartsField(label="First day", required=False)
    ends_on = DatePartsField(label="Last day", required=False)
    manager = forms.ModelChoiceField(
        label="Programme manager", queryset=User.objects.none(), required=False, empty_label="Nobody yet"
    )
    decision = forms.ModelChoiceField(
        label="Decision that authorised it", queryset=Decision.objects.none(), required=False, empty_label="None yet"
    )

    def __init__(self, layer: str, programme: Programme | None, data: Any = None, manager: User | None = None) -> None:
        start = {"manager": manager}
        if programme is not None:
            start = {name: getattr(programme, name) for name in Basics.__dataclass_fields__}
        super().__init__(data, initial=start)
        parents = Programme.objects.top_level().in_layer(layer)
        self._offer("parent", parents.exclude(pk__in=[programme.pk] if programme is not None else []))
        theme = programme.theme if programme is not None else None
        version = theme.version if theme is not None else version_of(programme)
        self._offer("theme", Theme.objects.filter(version=version))
        roles = (Role.PROGRAMME_MANAGER, Role.DIRECTOR)
        # Whoever manages it now stays on offer, also after leaving the role.
        now = [programme.manager_id] if programme is not None and programme.manager_id is not None else []
        self._offer("manager", staff_members(*roles) | User.objects.get_queryset().filter(pk__in=now))
        self._offer("decision", Decision.objects.in_layer(layer))

    def _offer(self, name: str, queryset: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = queryset

    def basics(self) -> Basics:
        return Basics(**{name: self.cleaned_data[name] for name in Basics.__dataclass_fields__})


class AddForm(BasicsForm):
    ref = forms.CharField(
        label="Reference",
        max_length=40,
        help_text="Letters and a number without spaces, for example YW-2021. It cannot be changed later.",
    )
    field_order = ("ref",)


class AudienceForm(forms.Form):
    target_group = text_box("Whom is it for?", required=False, help_text="In words: who they are, and how they come.")
    youngest_age = forms.IntegerField(label="Youngest age", required=False, min_value=0, max_value=OLDEST)
    oldest_age = forms.IntegerField(label="Oldest age", required=False, min_value=0, max_value=OLDEST)
    need = text_box("Which need does it answer?", required=False)
    need_source = forms.ModelChoiceField(
        label="Document that shows the need",
        queryset=SourceDocument.objects.all(),
        required=False,
        empty_label="None",
    )
    need_place = forms.CharField(
        label="Where in the document?", required=False, max_length=200, help_text="For example “Page 12, table 3”."
    )

    def __init__(self, programme: Programme, data: Any = None) -> None:
        start = {name: getattr(programme, name) for name in Audience.__dataclass_fields__}
        super().__init__(data, initial=start)

    def audience(self) -> Audience:
        return Audience(**{name: self.cleaned_data[name] for name in Audience.__dataclass_fields__})


class ObjectivesForm(forms.Form):
    """One box for each objective's weight; an empty one is not served."""

    mark_optional = False

    def __init__(self, programme: Programme, data: Any = None) -> None:
        super().__init__(data)
        version = version_of(programme)
        self.objectives = list(Objective.objects.filter(version=version))
        weights = dict(programme.objective_weights.values_list("objective_id", "percent"))
        if not weights and programme.primary_objective_id and not programme.secondary_objectives.exists():
            weights = {programme.primary_objective_id: WHOLE}
        self.fields["primary"] = forms.ModelChoiceField(
            label="Main objective",
            help_text="Totals by objective count the programme here, and nowhere else.",
            queryset=Objective.objects.filter(version=version),
            initial=programme.primary_objective_id,
            empty_label="Choose one",
            error_messages={"required": "Choose the main objective."},
        )
        for objective in self.objectives:
            self.fields[f"weight_{objective.number}"] = forms.IntegerField(
                label=f"{objective}: weight in percent",
                required=False,
                min_value=0,
                max_value=WHOLE,
                initial=weights.get(objective.pk),
            )

    def weights(self) -> dict[Objective, int]:
        typed = {each: self.cleaned_data[f"weight_{each.number}"] for each in self.objectives}
        return {objective: weight for objective, weight in typed.items() if weight}


class PlacesForm(forms.Form):
    mark_optional = False

    level = forms.ChoiceField(label="Level", choices=Programme.Level.choices, widget=forms.RadioSelect)
    areas = forms.ModelMultipleChoiceField(
        label="Areas",
        help_text="Choose none for the whole area.",
        queryset=Area.objects.places(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, programme: Programme, data: Any = None) -> None:
        areas = list(programme.areas.values_list("pk", flat=True))
        super().__init__(data, initial={"level": programme.level, "areas": areas})


class WardForm(forms.Form):
    area = forms.ModelChoiceField(label="Area", queryset=Area.objects.none(), empty_label="Choose one")
    name = forms.CharField(label="Name of the ward", max_length=100)
    code = forms.CharField(label="ONS code", required=False, max_length=20, help_text="For example E05013657.")
    vintage = forms.IntegerField(
        label="Year of the boundaries",
        required=False,
        help_text="Wards change at reviews, so a code needs its year, for example 2022.",
    )

    def __init__(self, programme: Programme, data: Any = None) -> None:
        super().__init__(data)
        field = self.fields["area"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = programme.areas.all()


class TargetForm(forms.Form):
    """A figure for an indicator and year; for one that exists, only the figures and the reason."""

    version = forms.ModelChoiceField(
        label="Indicator",
        queryset=IndicatorVersion.objects.select_related("indicator"),
        empty_label="Choose one",
    )
    year = forms.TypedChoiceField(label="Year", coerce=int)
    baseline = forms.DecimalField(label="Baseline", required=False, max_digits=14, decimal_places=4)
    target = forms.DecimalField(
        label="Target", required=False, max_digits=14, decimal_places=4, help_text="Leave empty: to be set."
    )
    reason = forms.CharField(
        label="Why does the target change?",
        required=False,
        max_length=LONGEST_REASON,
        help_text="Needed when a target that was set becomes another.",
    )

    def __init__(
        self, programme: Programme, data: Any = None, *, row: IndicatorTarget | None, today: datetime.date
    ) -> None:
        start = {"baseline": row.baseline, "target": row.target} if row is not None else {}
        super().__init__(data, initial=start)
        if row is not None:
            del self.fields["version"], self.fields["year"]
        else:
            del self.fields["reason"]
            years = self.fields["year"]
            assert isinstance(years, forms.TypedChoiceField)
            years.choices = [(year.start, str(year)) for year in _years(programme, today)]


def _years(programme: Programme, today: datetime.date) -> list[FinancialYear]:
    """The years that the programme runs in; without dates, this one and the next."""
    first = FinancialYear.of(programme.starts_on or today).start
    last = FinancialYear.of(programme.ends_on).start if programme.ends_on else first + 1
    return [FinancialYear(year) for year in range(first, min(last, first + MOST_YEARS) + 1)]


class CopyForm(forms.Form):
    ref = forms.CharField(
        label="Reference of the new programme",
        max_length=40,
        help_text="Letters and a number without spaces, for example YW-2021.",
    )
    title = forms.CharField(label="Title", max_length=300)
    year = forms.TypedChoiceField(label="For which year?", coerce=int)

    def __init__(self, programme: Programme, today: datetime.date, data: Any = None) -> None:
        start = FinancialYear.of(programme.starts_on or today).start + 1
        super().__init__(data, initial={"title": programme.title, "year": start})
        years = self.fields["year"]
        assert isinstance(years, forms.TypedChoiceField)
        years.choices = [(year, str(FinancialYear(year))) for year in range(start, start + 3)]

"""The form of one section: a text box for every question, so that whatever is typed survives."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from grants.questionnaire import Box, BoxKind
from grants.validation import Problem


@dataclass(frozen=True, slots=True)
class Known:
    """What is already known about a box: last quarter's text, the year before this quarter, the target or the plan."""

    last: str = ""
    year_before: str = ""
    target: str = ""
    plan: str = ""

    def sentence(self) -> str:
        parts = []
        if self.target:
            parts.append(f"Target: {self.target}.")
        if self.plan:
            parts.append(f"Planned: {self.plan}.")
        if self.last:
            parts.append(f"Last quarter: {self.last}.")
        if self.year_before:
            parts.append(f"This year before this quarter: {self.year_before}.")
        return " ".join(parts)


def build_section_form(boxes: Iterable[Box], known: Mapping[str, Known]) -> type[forms.Form]:
    """A form class with one optional text field for each box. Reading the text is the validator's job."""
    fields = {box.name: _field(box, known.get(box.name, Known())) for box in boxes}
    fields["version"] = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    form = type("SectionForm", (SectionFormBase,), fields)
    form.boxes = list(boxes)  # type: ignore[attr-defined]
    form.money = {box.name for box in boxes if box.kind is BoxKind.MONEY}  # type: ignore[attr-defined]
    return form


class SectionFormBase(forms.Form):
    boxes: list[Box]
    money: set[str]
    mark_optional = False

    def groups(self) -> list[dict[str, Any]]:
        """Fields under their group headings, each group with the running total of its numbers where they add up."""
        groups: list[dict[str, Any]] = []
        for box in self.boxes:
            if not groups or groups[-1]["title"] != box.group:
                groups.append({"title": box.group, "fields": [], "adds_up": box.category is not None})
            groups[-1]["fields"].append(self[box.name])
        return groups

    def typed(self) -> dict[str, str]:
        """What was typed, exactly, without empty boxes."""
        values = {box.name: self.data.get(box.name, "") for box in self.boxes}
        return {name: text for name, text in values.items() if text.strip()}

    def show_problems(self, problems: Iterable[Problem]) -> None:
        """Put the validator's findings on their boxes; one without a box goes to the top."""
        for problem in problems:
            self.add_error(problem.field if problem.field in self.fields else None, problem.message)


def _field(box: Box, known: Known) -> forms.Field:
    hint = " ".join(part for part in (box.hint, known.sentence()) if part)
    if box.kind is BoxKind.CHOICE:
        return forms.ChoiceField(
            label=box.label, help_text=hint, required=False, choices=list(box.choices), widget=forms.RadioSelect
        )
    if box.kind is BoxKind.LONG:
        return forms.CharField(
            label=box.label, help_text=hint, required=False, widget=forms.Textarea(attrs={"rows": 6})
        )
    widget = forms.TextInput(attrs=_number_attributes(box))
    return forms.CharField(label=box.label, help_text=hint, required=False, widget=widget, strip=False)


def _number_attributes(box: Box) -> dict[str, str]:
    if box.kind.number is None:
        return {}
    return {
        "inputmode": "numeric" if box.kind is BoxKind.PEOPLE else "decimal",
        "class": "govuk-input--width-5" if box.kind is BoxKind.PEOPLE else "govuk-input--width-10",
        "spellcheck": "false",
        "autocomplete": "off",
    }


def bound(form: forms.Form, name: str) -> BoundField:
    return form[name]


def whole(number: Decimal | int | None) -> str:
    return "" if number is None else f"{number:,.0f}"

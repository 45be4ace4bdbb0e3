"""The form of one section: a text box for every question, so that whatever is typed survives."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst

from grants.answers.known import Known
from grants.answers.values import shown_number
from grants.questionnaire.boxes import Box, BoxKind
from grants.validation import Problem
from vru.lib.govuk.components import component
from vru.lib.numbers import NumberKind, NumberProblem, read_number

NOTHING_KNOWN = Known()
NEEDED = mark_safe(' <span class="app-needed">needed</span>')


@dataclass(slots=True)
class CountBox:
    """One count of a breakdown, drawn by a template of its own: a component for each of eighty boxes would be slow."""

    name: str
    label: str
    value: str
    before: str
    messages: list[str]
    is_hidden: bool = False

    @property
    def error_target(self) -> str:
        return f"id_{self.name}"


class SectionForm(forms.Form):
    """``boxes`` of one section with what is ``known`` about each. Reading the text is the validator's job.

    ``new_people`` is the text that each breakdown must add up to. The counts of breakdowns are no fields of the form,
    but are typed, kept and complained about as if they were.
    """

    mark_optional = False

    def __init__(
        self,
        boxes: list[Box],
        *,
        known: Mapping[str, Known],
        data: Any = None,
        initial: Mapping[str, Any] | None = None,
        new_people: str = "",
    ) -> None:
        super().__init__(data, initial=dict(initial or {}))
        self.boxes, self.known, self.new_people = boxes, known, new_people
        for box in boxes:
            if box.category is None:
                self.fields[box.name] = _field(box)
        self.page = f"{secrets.token_hex(6)}:0"

    def text_of(self, name: str) -> str:
        """What stands in a box now, exactly."""
        return str(self.data.get(name, "") if self.is_bound else self.initial.get(name, ""))

    def typed(self) -> dict[str, str]:
        """What was typed, exactly, without empty boxes."""
        values = {box.name: self.data.get(box.name, "") for box in self.boxes}
        return {name: text for name, text in values.items() if text.strip()}

    def show_problems(self, problems: Iterable[Problem]) -> None:
        """Put the validator's findings on their boxes; one without a box goes to the top."""
        names = {box.name for box in self.boxes}
        for problem in problems:
            if problem.field in names:
                self.errors.setdefault(problem.field, self.error_class()).append(problem.message)
            else:
                self.add_error(None, problem.message)

    def __iter__(self) -> Iterator[Any]:
        """Fields and counts in the order asked: what the error summary goes through."""
        return iter([self._count(box) if box.category else self[box.name] for box in self.boxes])

    def needed(self) -> int:
        return sum(box.required for box in self.boxes)

    def needed_left(self) -> int:
        return sum(box.required and not self.text_of(box.name).strip() for box in self.boxes)

    def copyable(self) -> int:
        """How many empty boxes have an answer of last quarter that seldom changes."""
        repeating = [box for box in self.boxes if box.question and box.question.can_repeat]
        known = [box for box in repeating if self.known.get(box.name, NOTHING_KNOWN).stored]
        return sum(not self.text_of(box.name).strip() for box in known)

    def groups(self) -> list[dict[str, Any]]:
        """What to draw under each heading: ``counts`` of a breakdown, or ``fields`` drawn one by one."""
        groups: list[dict[str, Any]] = []
        for box in self.boxes:
            if not groups or groups[-1]["title"] != box.group:
                groups.append({"title": box.group, "fields": [], "counts": [], "key": f"group-{len(groups) + 1}"})
            if box.category:
                groups[-1]["counts"].append(self._count(box))
            else:
                groups[-1]["fields"].append(self._drawn(box))
        for group in groups:
            if group["counts"]:
                group["total"] = running_total([count.value for count in group["counts"]], self.new_people)
        return groups

    def _count(self, box: Box) -> CountBox:
        known = self.known.get(box.name, NOTHING_KNOWN)
        before = [f"last quarter {known.last}"] if known.last not in {"", "0"} else []
        if known.before:
            before.append(f"this year {shown_number(box, known.before)}")
        return CountBox(
            name=box.name,
            label=box.label,
            value=self.text_of(box.name),
            before=capfirst(", ".join(before)),
            messages=[str(message) for message in self.errors.get(box.name, [])],
        )

    def _drawn(self, box: Box) -> SafeString:
        known = self.known.get(box.name, NOTHING_KNOWN)
        beside = beside_the_box(box, known, self.text_of(box.name))
        options: dict[str, Any] = {}
        if box.kind is BoxKind.MONEY:
            options["prefix__text"] = "£"
        if beside:
            options["hint__html"] = format_html("{} {}", box.hint, beside) if box.hint else beside
        if box.required and box.kind is BoxKind.CHOICE:
            options["fieldset__legend__html"] = format_html("{}{}", box.label, NEEDED)
            options["fieldset__legend__classes"] = "govuk-fieldset__legend--s"
        elif box.required:
            options["label__html"] = format_html("{}{}", box.label, NEEDED)
        bound: Any = self[box.name]
        return format_html("{}{}", bound.govuk(**options), said_before(known))


def _field(box: Box) -> forms.Field:
    if box.kind is BoxKind.CHOICE:
        widget: forms.Widget = forms.RadioSelect(choices=box.choices)
    elif box.kind is BoxKind.LONG:
        widget = forms.Textarea(attrs={"rows": 5})
    else:
        widget = forms.TextInput(attrs=_ATTRIBUTES.get(box.kind, {}))
    return forms.CharField(label=box.label, help_text=box.hint, required=False, widget=widget, strip=False)


_NUMBER = {"spellcheck": "false", "autocomplete": "off"}
# Email and telephone stay text boxes: a browser empties what it does not take for an address.
_ATTRIBUTES = {
    BoxKind.PEOPLE: {"inputmode": "numeric", "class": "govuk-input--width-5", **_NUMBER},
    BoxKind.MONEY: {"inputmode": "decimal", "class": "govuk-input--width-10", **_NUMBER},
    BoxKind.DECIMAL: {"class": "govuk-input--width-10", **_NUMBER},
    BoxKind.PERCENT: {"inputmode": "decimal", "class": "govuk-input--width-5", **_NUMBER},
    BoxKind.EMAIL: {"inputmode": "email", "autocomplete": "email", "spellcheck": "false", "autocapitalize": "none"},
    BoxKind.PHONE: {"inputmode": "tel", "autocomplete": "tel", "class": "govuk-input--width-20"},
}


def number_typed(box: Box, text: str) -> Decimal | None:
    """The number in a box, or None while it is empty or cannot be read."""
    if box.kind.number is None or not text.strip():
        return None
    try:
        return read_number(text, kind=box.kind.number).value
    except NumberProblem:
        return None


def beside_the_box(box: Box, known: Known, text: str) -> SafeString:
    """Target, plan, last quarter and the year with what is typed now, as a line of facts; '' when none is known."""
    if box.part == "match" and not known.before:
        return mark_safe("")  # Most grants have none, quarter after quarter.
    facts = [("Target", known.target), ("Planned", known.plan), ("Last quarter", known.last)]
    said = format_html_join(" ", '<span class="app-fact">{} <b>{}</b></span>', ((n, v) for n, v in facts if v))
    if known.before is not None:
        typed = number_typed(box, text)
        label = "This year so far" if typed is None else "This year with this quarter"
        year = format_html(
            '<span class="app-fact" data-year-before="{}"{}><span>{}</span> <b>{}</b></span>',
            f"{known.before:f}",
            mark_safe(' data-money=""') if box.kind is BoxKind.MONEY else "",
            label,
            shown_number(box, known.before + (typed or 0)),
        )
        said = format_html("{} {}", said, year) if said else year
    return format_html('<span class="app-facts">{}</span>', said) if said else mark_safe("")


def said_before(known: Known) -> SafeString:
    """Last quarter's answer, folded away under the box."""
    if not known.said:
        return mark_safe("")
    asked = format_html('<p class="app-muted">We asked then: {}</p>', known.said_to) if known.said_to else ""
    answer = format_html('{}<p class="app-typed">{}</p>', asked, known.said)
    return component("details", {"summary_text": "What you said last quarter", "html": answer})


def running_total(texts: list[str], new_people: str) -> str:
    """How far a breakdown has come, in words: "5 of 10 new people, 5 still to place"; '' while nothing is typed."""
    numbers = []
    for text in texts:
        if not text.strip():
            continue
        try:
            numbers.append(read_number(text, kind=NumberKind.PEOPLE).value)
        except NumberProblem:
            return "Some of these are not whole numbers yet."
    if not numbers:
        return ""
    total = sum(number for number in numbers if number is not None)
    try:
        whole = read_number(new_people, kind=NumberKind.PEOPLE).value or Decimal(0)
    except NumberProblem:
        return f"Total so far: {total:,f}"
    gap = whole - total
    rest = "That is everybody." if gap == 0 else f"{gap:,f} still to place." if gap > 0 else f"{-gap:,f} too many."
    return f"Total so far: {total:,f} of {whole:,f} new people. {rest}"

"""A box of the return, and how each thing that is asked becomes one: label, hint, kind and name."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from grants.models import Measure, Milestone, Question, Reading, Section
from programmes.models import Category, CostHeading, IndicatorVersion
from vru.lib.numbers import NumberKind


class BoxKind(StrEnum):
    PEOPLE = "people"
    MONEY = "money"
    DECIMAL = "decimal"
    PERCENT = "percent"
    TEXT = "text"
    EMAIL = "email"
    PHONE = "phone"
    LONG = "long"
    CHOICE = "choice"

    @property
    def number(self) -> NumberKind | None:
        """How its text is read as a number; None for text and choices."""
        return _NUMBERS.get(self)


_NUMBERS = {
    BoxKind.PEOPLE: NumberKind.PEOPLE,
    BoxKind.MONEY: NumberKind.MONEY,
    BoxKind.DECIMAL: NumberKind.DECIMAL,
    BoxKind.PERCENT: NumberKind.PERCENT,
}


@dataclass(frozen=True, slots=True)
class Box:
    """One box. ``name`` is unique in the return and is the key of the typed text; at most one target is set.

    A box without a target is asked only to check the others, and stays with the draft.
    """

    name: str
    section: Section
    label: str
    kind: BoxKind
    group: str = ""
    hint: str = ""
    required: bool = False
    choices: tuple[tuple[str, str], ...] = ()
    measure: Measure | None = None
    category: Category | None = None
    version: IndicatorVersion | None = None
    part: str = ""
    heading: CostHeading | None = None
    question: Question | None = None
    milestone: Milestone | None = None

    @property
    def title(self) -> str:
        """The label with what it belongs to: "Salaries: Spent this quarter". Unlike the label it stands by itself."""
        return f"{self.group}: {self.label}" if self.group else self.label

    def in_words(self, text: str) -> str:
        """What was chosen, as the page offers it; any other text as it is."""
        return dict(self.choices).get(text, text)


REACH_HINTS = {
    Measure.NEW: "People you supported directly for the first time under this grant. Count each person once.",
    Measure.CARRIED_IN: "People you were already supporting on 1 April. Fill this in for the first quarter only.",
    Measure.CONTINUING: "People you supported this quarter and before.",
    Measure.ACTIVE: "People you are supporting on the last day of the quarter.",
    Measure.CONTACTS: "Sessions or attendances. These are events, not people.",
    Measure.INDIRECT: "For example an audience, or families reached through staff you trained. Say how you counted.",
    Measure.TRAINED: "Professionals or volunteers who completed training.",
    Measure.REFERRED: "Include people who came by themselves.",
    Measure.STARTED: "Of the people referred, those who began.",
    Measure.COMPLETED: "Of the people who began, those who finished as planned.",
}
SPEND_PARTS = {
    "actual": "Spent this quarter",
    "forecast": "Expected spend from now to 31 March",
    "match": "Match funding spent",
}
_RATIOS = {IndicatorVersion.Kind.PERCENTAGE, IndicatorVersion.Kind.UNIT_COST, IndicatorVersion.Kind.DISTANCE}
_QUESTION_KINDS = {
    "text": BoxKind.TEXT,
    "long": BoxKind.LONG,
    "email": BoxKind.EMAIL,
    "phone": BoxKind.PHONE,
}
_QUESTION_CHOICES = {
    "rag": (("green", "Green: on track"), ("amber", "Amber: some concern"), ("red", "Red: off track")),
    "yes_no": (("yes", "Yes"), ("no", "No")),
}
_MILESTONE_CHOICES = tuple((value, str(label)) for value, label in Reading.MilestoneStatus.choices)


def reach_box(measure: Measure) -> Box:
    return Box(
        name=f"reach.{measure.value}",
        section=Section.REACH,
        label=str(measure.label),
        kind=BoxKind.PEOPLE,
        hint=REACH_HINTS[measure],
        required=measure == Measure.NEW,
        measure=measure,
    )


def category_box(category: Category, measure: Measure = Measure.NEW) -> Box:
    """One count of a breakdown. A breakdown of anything but new people has the measure in its name and group."""
    prefix, group = category.dimension.slug, category.dimension.title
    if measure != Measure.NEW:
        prefix, group = f"{prefix}.{measure.value}", f"{group}: {measure.label.lower()}"
    return Box(
        name=f"{prefix}.{category.slug}",
        section=Section.BREAKDOWNS,
        label=category.label,
        kind=BoxKind.PEOPLE,
        group=group,
        measure=measure,
        category=category,
    )


def indicator_boxes(version: IndicatorVersion) -> list[Box]:
    """One box for a count or an amount, two for what is a ratio, one choice for a milestone."""
    group, prefix = version.indicator.title, f"indicator.{version.indicator.slug}"

    def box(part: str, label: str, kind: BoxKind, choices: tuple[tuple[str, str], ...] = ()) -> Box:
        # Said once for each indicator, at its first box.
        hint = "" if part == "denominator" else version.definition
        name = f"{prefix}.{part}"
        return Box(name, Section.INDICATORS, label, kind, group, hint, choices=choices, version=version, part=part)

    if version.kind == IndicatorVersion.Kind.MILESTONE:
        return [box("status", "Where is this milestone?", BoxKind.CHOICE, _MILESTONE_CHOICES)]
    if version.kind in _RATIOS:
        money = version.kind == IndicatorVersion.Kind.UNIT_COST
        distance = version.kind == IndicatorVersion.Kind.DISTANCE
        top = BoxKind.MONEY if money else BoxKind.DECIMAL if distance else BoxKind.PEOPLE
        numerator = version.numerator or ("Pounds spent" if money else "Everybody's change, added up")
        denominator = version.denominator or ("Number" if money else "People measured at the start and at the end")
        return [box("numerator", numerator, top), box("denominator", denominator, BoxKind.PEOPLE)]
    return [box("value", *_label_of_value(version))]


def _label_of_value(version: IndicatorVersion) -> tuple[str, BoxKind]:
    if version.kind == IndicatorVersion.Kind.CURRENCY:
        return "Amount this quarter", BoxKind.MONEY
    number = f"Number ({version.unit})" if version.unit else "Number"
    stock = version.kind == IndicatorVersion.Kind.STOCK
    return f"{number} {'on the last day of the quarter' if stock else 'this quarter'}", BoxKind.PEOPLE


def spend_box(heading: CostHeading, part: str) -> Box:
    return Box(
        name=f"spend.{heading.slug}.{part}",
        section=Section.SPEND,
        label=SPEND_PARTS[part],
        kind=BoxKind.MONEY,
        group=heading.title,
        required=part == "actual",
        heading=heading,
        part=part,
    )


def milestone_box(milestone: Milestone) -> Box:
    return Box(
        name=f"milestone.{milestone.number}",
        section=Section.DELIVERY,
        label=milestone.title,
        kind=BoxKind.CHOICE,
        group="Milestones",
        hint=f"Due by {milestone.due_on:%-d %B %Y}.",
        choices=_MILESTONE_CHOICES,
        milestone=milestone,
    )


def question_box(question: Question) -> Box:
    return Box(
        name=f"answer.{question.slug}",
        section=Section(question.section),
        label=question.text,
        kind=_QUESTION_KINDS.get(question.kind, BoxKind.CHOICE),
        hint=question.hint,
        required=question.is_required,
        choices=_QUESTION_CHOICES.get(question.kind, ()),
        question=question,
    )

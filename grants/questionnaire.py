"""What one return asks: the boxes of every section, built from the grant's own indicators, headings and breakdowns.

The web form, the validator and (later) the workbook all read this list, so they cannot ask different things.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from grants.models import (
    CommitmentIndicator,
    FundingSplit,
    Measure,
    Milestone,
    MonitoringReturn,
    Question,
    Reading,
    Section,
)
from grants.models.question import QuestionQuerySet
from programmes.models import Category, CostHeading, Dimension, FunderRule, IndicatorVersion
from vru.lib.numbers import NumberKind


class BoxKind(StrEnum):
    PEOPLE = "people"
    MONEY = "money"
    DECIMAL = "decimal"
    PERCENT = "percent"
    TEXT = "text"
    EMAIL = "email"
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
    """One box. ``name`` is unique in the return and is the key of the typed text; exactly one target is set."""

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
# Checked against what was approved and kept with the draft only: the year to date that counts is always computed.
YEAR_TO_DATE_BOX = Box(
    name="ytd.new",
    section=Section.REACH,
    label="Total new people since 1 April, by your own records",
    kind=BoxKind.PEOPLE,
    hint="You may leave this empty. We compare it with your returns, so that a slip is found early.",
)
ACCRUALS_BOX = Box(
    name="spend.accruals",
    section=Section.SPEND,
    label="Of what you spent this quarter, how much is for delivery after 31 March?",
    kind=BoxKind.MONEY,
    hint="Leave this empty if there is none. Part of your grant is money that must be spent and delivered by 31 March.",
)
_SPEND_PARTS = (
    ("actual", "Spent this quarter"),
    ("forecast", "Expected spend from now to 31 March"),
    ("match", "Match funding spent"),
)
_RATIO_PARTS = {
    IndicatorVersion.Kind.PERCENTAGE: ("numerator", "denominator"),
    IndicatorVersion.Kind.UNIT_COST: ("numerator", "denominator"),
    IndicatorVersion.Kind.DISTANCE: ("numerator", "denominator"),
}
_QUESTION_KINDS = {"text": BoxKind.TEXT, "long": BoxKind.LONG, "email": BoxKind.EMAIL, "phone": BoxKind.TEXT}
_QUESTION_CHOICES = {
    "rag": (("green", "Green: on track"), ("amber", "Amber: some concern"), ("red", "Red: off track")),
    "yes_no": (("yes", "Yes"), ("no", "No")),
}


def boxes_for(monitoring_return: MonitoringReturn) -> list[Box]:
    """Every box of the return, in the order asked, without the sections the grant does not answer."""
    asked = set(monitoring_return.sections)
    boxes = [
        *_milestone_boxes(monitoring_return),
        *_reach_boxes(monitoring_return),
        *_breakdown_boxes(monitoring_return),
        *_indicator_boxes(monitoring_return),
        *_spend_boxes(monitoring_return),
        *_question_boxes(monitoring_return),
    ]
    order = list(Section)
    return sorted((box for box in boxes if box.section in asked), key=lambda box: order.index(box.section))


def _milestone_boxes(monitoring_return: MonitoringReturn) -> list[Box]:
    choices = tuple((value, str(label)) for value, label in Reading.MilestoneStatus.choices)
    return [
        Box(
            name=f"milestone.{milestone.number}",
            section=Section.DELIVERY,
            label=milestone.title,
            kind=BoxKind.CHOICE,
            group="Milestones",
            hint=f"Due by {milestone.due_on:%-d %B %Y}.",
            choices=choices,
            milestone=milestone,
        )
        for milestone in Milestone.objects.filter(commitment=monitoring_return.commitment_id)
    ]


def _reach_boxes(monitoring_return: MonitoringReturn) -> list[Box]:
    first_quarter = monitoring_return.quarter.number == 1
    measures = [measure for measure in Measure if measure != Measure.CARRIED_IN or first_quarter]
    return [
        Box(
            name=f"reach.{measure.value}",
            section=Section.REACH,
            label=str(measure.label),
            kind=BoxKind.PEOPLE,
            hint=REACH_HINTS[measure],
            required=measure == Measure.NEW,
            measure=measure,
        )
        for measure in measures
    ] + [YEAR_TO_DATE_BOX]


def _breakdown_boxes(monitoring_return: MonitoringReturn) -> list[Box]:
    start = monitoring_return.quarter.period.starts_on
    asked = Dimension.objects.exclude(slug=Dimension.TOTAL)
    own = asked.filter(commitments=monitoring_return.commitment_id)
    asked = own if own.exists() else asked.filter(is_standard=True)
    categories = (
        Category.objects.in_force_on(start).filter(dimension__in=asked.values("pk")).select_related("dimension", "area")
    )
    return [
        Box(
            name=f"{category.dimension.slug}.{category.slug}",
            section=Section.BREAKDOWNS,
            label=category.label,
            kind=BoxKind.PEOPLE,
            group=category.dimension.title,
            measure=Measure.NEW,
            category=category,
        )
        for category in categories
    ]


def _indicator_boxes(monitoring_return: MonitoringReturn) -> list[Box]:
    rows = CommitmentIndicator.objects.filter(
        commitment=monitoring_return.commitment_id, year=monitoring_return.quarter.year
    ).select_related("version__indicator")
    return [box for row in rows for box in _boxes_of_indicator(row.version)]


def _boxes_of_indicator(version: IndicatorVersion) -> list[Box]:
    group, prefix = version.indicator.title, f"indicator.{version.indicator.slug}"

    def box(part: str, label: str, kind: BoxKind, choices: tuple[tuple[str, str], ...] = ()) -> Box:
        # Said once for each indicator, at its first box.
        hint = "" if part == "denominator" else version.definition
        name = f"{prefix}.{part}"
        return Box(name, Section.INDICATORS, label, kind, group, hint, choices=choices, version=version, part=part)

    if version.kind == IndicatorVersion.Kind.MILESTONE:
        choices = tuple((value, str(label)) for value, label in Reading.MilestoneStatus.choices)
        return [box("status", "Where is this milestone?", BoxKind.CHOICE, choices)]
    if version.kind in _RATIO_PARTS:
        money = version.kind == IndicatorVersion.Kind.UNIT_COST
        distance = version.kind == IndicatorVersion.Kind.DISTANCE
        top = BoxKind.MONEY if money else BoxKind.DECIMAL if distance else BoxKind.PEOPLE
        numerator = version.numerator or ("Pounds spent" if money else "Everybody's change, added up")
        denominator = version.denominator or ("Number" if money else "People measured at the start and at the end")
        return [box("numerator", numerator, top), box("denominator", denominator, BoxKind.PEOPLE)]
    kind = BoxKind.MONEY if version.kind == IndicatorVersion.Kind.CURRENCY else BoxKind.PEOPLE
    return [box("value", f"Number ({version.unit})" if version.unit else "Number", kind)]


def _spend_boxes(monitoring_return: MonitoringReturn) -> list[Box]:
    """What was spent under each cost heading. After the last quarter nothing is left to forecast."""
    last_quarter = monitoring_return.quarter.number == 4
    own = list(monitoring_return.commitment.headings.all())
    parts = [(part, label) for part, label in _SPEND_PARTS if part != "forecast" or not last_quarter]
    return [
        Box(
            name=f"spend.{heading.slug}.{part}",
            section=Section.SPEND,
            label=label,
            kind=BoxKind.MONEY,
            group=heading.title,
            required=part == "actual",
            heading=heading,
            part=part,
        )
        for heading in own or CostHeading.objects.all()
        for part, label in parts
    ] + _accrual_boxes(monitoring_return)


def _accrual_boxes(monitoring_return: MonitoringReturn) -> list[Box]:
    """Asked in the last quarter, of grants paid from a source whose money may not be carried over 31 March."""
    year = monitoring_return.quarter.year
    if monitoring_return.quarter.number != 4:
        return []
    paid = FundingSplit.objects.filter(commitment=monitoring_return.commitment_id, year=year, amount_pence__gt=0)
    in_year = FunderRule.objects.in_force_in(year).filter(
        source__in=paid.values("source"), kind__in=[FunderRule.Kind.SPENT_BY_YEAR_END, FunderRule.Kind.NO_CARRY_OVER]
    )
    return [ACCRUALS_BOX] if in_year.exists() else []


def _questions(monitoring_return: MonitoringReturn) -> QuestionQuerySet:
    """The questions as they were when the return opened; before that, as they are now."""
    if monitoring_return.questionnaire is None:
        return Question.objects.current()
    return Question.objects.asked_in(monitoring_return.questionnaire)


def _question_boxes(monitoring_return: MonitoringReturn) -> list[Box]:
    return [
        Box(
            name=f"answer.{question.slug}",
            section=Section(question.section),
            label=question.text,
            kind=_QUESTION_KINDS.get(question.kind, BoxKind.CHOICE),
            hint=question.hint,
            required=question.is_required,
            choices=_QUESTION_CHOICES.get(question.kind, ()),
            question=question,
        )
        for question in _questions(monitoring_return)
    ]

"""What every part of the illustrative year needs to hand: chance, the unit's own rows, and its people."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from random import Random

from grants.models import Commitment, Milestone, MonitoringReturn, Question, Questionnaire, ReportingQuarter
from programmes.models import (
    Area,
    BudgetCategory,
    Category,
    CostHeading,
    Decision,
    Dimension,
    FundingSource,
    IndicatorVersion,
    Objective,
    Programme,
    StrategyVersion,
    Theme,
)
from vru.accounts.models import Organisation, User
from vru.demo.illustrative.plan import SEED, TODAY, YEAR, Template
from vru.lib.periods import LONDON, FinancialYear, london_day, next_working_day


@dataclass
class World:
    """Rows read from the loaded strategy, and rows made on the way. ``chance`` is the only source of variety."""

    chance: Random
    places: list[Area]
    whole: Area
    objectives: list[Objective]
    themes: list[Theme]
    budget_categories: list[BudgetCategory]
    headings: list[CostHeading]
    sources: list[FundingSource]
    total: Category
    dimensions: dict[Dimension, list[Category]]
    indicators: list[IndicatorVersion]
    questions: dict[str, Question]
    questionnaire: Questionnaire | None
    quarters: list[ReportingQuarter]
    managers: list[User] = field(default_factory=list)
    unit_organisation: Organisation | None = None
    organisations: list[Organisation] = field(default_factory=list)
    submitters: dict[int, User] = field(default_factory=dict)
    signatories: dict[int, User] = field(default_factory=dict)
    decisions: list[Decision] = field(default_factory=list)
    programmes: list[Programme] = field(default_factory=list)
    templates: dict[int, Template] = field(default_factory=dict)
    commitments: list[Commitment] = field(default_factory=list)
    areas_of: dict[int, list[Area]] = field(default_factory=dict)
    profile: dict[tuple[int, int, int], int] = field(default_factory=dict)
    targets: dict[tuple[int, int], int] = field(default_factory=dict)
    returns: list[MonitoringReturn] = field(default_factory=list)
    # What a grant is asked for where that is not the rule: its quarters with their dates, and its own breakdowns.
    plans: dict[int, dict[int, tuple[datetime.date, datetime.date]]] = field(default_factory=dict)
    own_dimensions: dict[int, dict[Dimension, list[Category]]] = field(default_factory=dict)
    milestones: dict[int, list[Milestone]] = field(default_factory=dict)
    # Times of day and small events: a chance of their own, so that adding some never changes a number.
    clock: Random = field(default_factory=lambda: Random(SEED + 1))

    def dimensions_of(self, commitment: Commitment) -> dict[Dimension, list[Category]]:
        return self.own_dimensions.get(commitment.pk, self.dimensions)

    def in_office(self, day: datetime.date, first: int = 9, last: int = 16) -> datetime.datetime:
        """A moment in working hours, on the day or the first working day after it."""
        return at(next_working_day(day), self.clock.randint(first, last), self.clock.randrange(60))

    def after(self, moment: datetime.datetime) -> datetime.datetime:
        """The morning of the next working day after a moment."""
        return self.in_office(london_day(moment) + datetime.timedelta(days=1), 9, 11)

    def picks(self, texts: tuple[str, ...]) -> str:
        return texts[self.chance.randrange(len(texts))]


def read_world() -> World:
    """The world as the strategy file left it: latest version, categories and quarters of the illustrative year."""
    version = StrategyVersion.objects.in_force_on(TODAY).order_by("-valid_from", "-pk").first()
    start = FinancialYear(YEAR).starts_on
    dimensions = {
        dimension: list(dimension.categories.in_force_on(start).order_by("order", "slug"))
        for dimension in Dimension.objects.exclude(slug=Dimension.TOTAL).filter(is_standard=True)
    }
    places = list(Area.objects.counted())
    return World(
        chance=Random(SEED),
        places=places,
        whole=Area.objects.filter(kind=Area.Kind.WHOLE).get(),
        objectives=list(Objective.objects.filter(version=version)),
        themes=list(Theme.objects.filter(version=version)),
        budget_categories=list(BudgetCategory.objects.all()),
        headings=list(CostHeading.objects.all()),
        sources=list(FundingSource.objects.all()),
        total=Category.objects.get(dimension__slug=Dimension.TOTAL),
        dimensions={dimension: categories for dimension, categories in dimensions.items() if categories},
        indicators=list(
            IndicatorVersion.objects.filter(indicator__is_illustrative=True).select_related("indicator", "objective")
        ),
        questions={question.slug: question for question in Question.objects.current()},
        questionnaire=Questionnaire.objects.current(),
        quarters=[put_quarter(quarter.number) for quarter in FinancialYear(YEAR).quarters()],
    )


def put_quarter(number: int) -> ReportingQuarter:
    """The reporting quarter, with its dates where it is not there yet: open a fortnight before its last day."""
    period = FinancialYear(YEAR).quarters()[number - 1]
    due = period.due_on()
    quarter, _ = ReportingQuarter.objects.get_or_create(
        year=YEAR,
        number=number,
        defaults={
            "opens_on": period.ends_on - datetime.timedelta(days=14),
            "due_on": due,
            # The unit has not dated the cut-off of the year's last quarter yet.
            "closes_on": due + datetime.timedelta(days=42) if number < 4 else None,
        },
    )
    return quarter


def at(day: datetime.date, hour: int = 12, minute: int = 0) -> datetime.datetime:
    """A moment of a day, London time."""
    return datetime.datetime.combine(day, datetime.time(hour, minute), tzinfo=LONDON)

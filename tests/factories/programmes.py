"""Strategy, places, programmes, funding, budgets and indicators.

Rows that a world holds once (the unit, the total category) are found again instead of doubled.
"""

from __future__ import annotations

import datetime

import factory
from factory.django import DjangoModelFactory

from programmes.models import (
    Aim,
    AimLink,
    Allocation,
    Area,
    BudgetCategory,
    BudgetLine,
    Category,
    CostHeading,
    Decision,
    Dimension,
    FunderAgreement,
    FunderRule,
    FundingSource,
    Indicator,
    IndicatorTarget,
    IndicatorVersion,
    LogicLink,
    Objective,
    Outcome,
    Programme,
    SourceDocument,
    Strategy,
    StrategyCommitment,
    StrategyVersion,
    Theme,
    Unit,
    WorkplanAction,
    WorkStrand,
)
from vru.lib.layers import Layer

BEGINNING = datetime.date(2019, 4, 1)
YEAR = 2020


class UnitFactory(DjangoModelFactory):
    class Meta:
        model = Unit
        django_get_or_create = ("slug",)

    slug = "testshire"
    name = "Testshire Violence Reduction Unit"
    short_name = "Testshire VRU"
    place = "Testshire"
    area_noun = "district"
    area_noun_plural = "districts"
    funder = "Home Office"


class SourceDocumentFactory(DjangoModelFactory):
    class Meta:
        model = SourceDocument
        django_get_or_create = ("key",)

    key = factory.Sequence(lambda n: f"D{n}")
    title = factory.LazyAttribute(lambda document: f"Document {document.key}")
    publisher = "Testshire Council"
    kind = SourceDocument.Kind.REPORT


class StrategyFactory(DjangoModelFactory):
    class Meta:
        model = Strategy
        django_get_or_create = ("slug",)

    slug = "strategy"
    title = "Violence reduction strategy"


class StrategyVersionFactory(DjangoModelFactory):
    """The version in force from 2019 on; found again, so that objectives made in one test share it."""

    class Meta:
        model = StrategyVersion
        django_get_or_create = ("strategy", "key")

    strategy = factory.SubFactory(StrategyFactory)
    key = "v1"
    label = "First version"
    valid_from = BEGINNING


class AimFactory(DjangoModelFactory):
    class Meta:
        model = Aim

    version = factory.SubFactory(StrategyVersionFactory)
    number = factory.Sequence(lambda n: n + 1)
    title = factory.LazyAttribute(lambda aim: f"Aim {aim.number}")


class OutcomeFactory(DjangoModelFactory):
    class Meta:
        model = Outcome
        django_get_or_create = ("version", "number")

    version = factory.SubFactory(StrategyVersionFactory)
    number = factory.Sequence(lambda n: n + 1)
    title = factory.LazyAttribute(lambda outcome: f"Outcome {outcome.number}")


class ObjectiveFactory(DjangoModelFactory):
    class Meta:
        model = Objective
        django_get_or_create = ("version", "number")

    version = factory.SubFactory(StrategyVersionFactory)
    number = factory.Sequence(lambda n: n + 1)
    title = factory.LazyAttribute(lambda objective: f"Objective {objective.number}")


class LogicLinkFactory(DjangoModelFactory):
    class Meta:
        model = LogicLink

    objective = factory.SubFactory(ObjectiveFactory)
    outcome = factory.SubFactory(OutcomeFactory)


class AimLinkFactory(DjangoModelFactory):
    class Meta:
        model = AimLink

    outcome = factory.SubFactory(OutcomeFactory)
    aim = factory.SubFactory(AimFactory)


class ThemeFactory(DjangoModelFactory):
    class Meta:
        model = Theme
        django_get_or_create = ("version", "slug")

    version = factory.SubFactory(StrategyVersionFactory)
    slug = factory.Sequence(lambda n: f"theme-{n}")
    title = factory.LazyAttribute(lambda theme: f"Theme {theme.slug}")


class WorkStrandFactory(DjangoModelFactory):
    class Meta:
        model = WorkStrand

    version = factory.SubFactory(StrategyVersionFactory)
    slug = factory.Sequence(lambda n: f"strand-{n}")
    title = "Programme delivery"


class StrategyCommitmentFactory(DjangoModelFactory):
    class Meta:
        model = StrategyCommitment

    version = factory.SubFactory(StrategyVersionFactory)
    ref = factory.Sequence(lambda n: f"C{n}")
    objective = factory.SubFactory(ObjectiveFactory)
    text = "Fund mentoring where it is needed most."


class WorkplanActionFactory(DjangoModelFactory):
    class Meta:
        model = WorkplanAction

    version = factory.SubFactory(StrategyVersionFactory)
    ref = factory.Sequence(lambda n: f"W{n}")
    objective = factory.SubFactory(ObjectiveFactory)
    text = "Commission mentors."


class AreaFactory(DjangoModelFactory):
    class Meta:
        model = Area
        django_get_or_create = ("code",)

    code = factory.Sequence(lambda n: f"E07{n:06d}")
    name = factory.LazyAttribute(lambda area: f"District {area.code}")
    kind = Area.Kind.MEMBER


class DimensionFactory(DjangoModelFactory):
    class Meta:
        model = Dimension
        django_get_or_create = ("slug",)

    slug = factory.Sequence(lambda n: f"dimension-{n}")
    title = factory.LazyAttribute(lambda dimension: dimension.slug.capitalize())


class CategoryFactory(DjangoModelFactory):
    class Meta:
        model = Category
        django_get_or_create = ("dimension", "slug", "valid_from")

    dimension = factory.SubFactory(DimensionFactory)
    slug = factory.Sequence(lambda n: f"category-{n}")
    label = factory.LazyAttribute(lambda category: category.slug.capitalize())
    valid_from = BEGINNING


class TotalCategoryFactory(CategoryFactory):
    """The one category that holds a measure's headline."""

    dimension = factory.SubFactory(DimensionFactory, slug=Dimension.TOTAL)
    slug = "total"
    kind = Category.Kind.TOTAL


class DecisionFactory(DjangoModelFactory):
    class Meta:
        model = Decision

    ref = factory.Sequence(lambda n: f"DEC-{n:04d}")
    title = factory.LazyAttribute(lambda decision: f"Decision {decision.ref}")
    decided_on = datetime.date(2020, 3, 1)
    layer = Layer.RECORDED


class ProgrammeFactory(DjangoModelFactory):
    class Meta:
        model = Programme

    ref = factory.Sequence(lambda n: f"PRG-{n:04d}")
    title = factory.LazyAttribute(lambda programme: f"Programme {programme.ref}")
    layer = Layer.RECORDED
    status = Programme.Status.LIVE
    level = Programme.Level.MULTI_BOROUGH
    theme = factory.SubFactory(ThemeFactory)
    primary_objective = factory.SubFactory(ObjectiveFactory)
    starts_on = datetime.date(2020, 4, 1)
    ends_on = datetime.date(2021, 3, 31)


class FundingSourceFactory(DjangoModelFactory):
    class Meta:
        model = FundingSource
        django_get_or_create = ("slug",)

    slug = factory.Sequence(lambda n: f"source-{n}")
    title = factory.LazyAttribute(lambda source: f"Source {source.slug}")
    funder = "Home Office"
    kind = FundingSource.Kind.CENTRAL_GOVERNMENT


class FunderAgreementFactory(DjangoModelFactory):
    class Meta:
        model = FunderAgreement

    ref = factory.Sequence(lambda n: f"AGR-{n:04d}")
    source = factory.SubFactory(FundingSourceFactory)
    year = YEAR
    layer = Layer.RECORDED
    offer_pence = 100_000_000


class AllocationFactory(DjangoModelFactory):
    class Meta:
        model = Allocation

    source = factory.SubFactory(FundingSourceFactory)
    year = YEAR
    layer = Layer.RECORDED
    amount_pence = 100_000_000


class FunderRuleFactory(DjangoModelFactory):
    class Meta:
        model = FunderRule

    source = factory.SubFactory(FundingSourceFactory)
    slug = factory.Sequence(lambda n: f"rule-{n}")
    title = "Spent by the end of the year"
    kind = FunderRule.Kind.SPENT_BY_YEAR_END
    first_year = YEAR


class BudgetCategoryFactory(DjangoModelFactory):
    class Meta:
        model = BudgetCategory
        django_get_or_create = ("slug",)

    slug = factory.Sequence(lambda n: f"budget-category-{n}")
    title = factory.LazyAttribute(lambda category: f"Budget category {category.slug}")


class CostHeadingFactory(DjangoModelFactory):
    class Meta:
        model = CostHeading
        django_get_or_create = ("slug",)

    slug = "labour"
    title = factory.LazyAttribute(lambda heading: heading.slug.capitalize())


class BudgetLineFactory(DjangoModelFactory):
    class Meta:
        model = BudgetLine

    ref = factory.Sequence(lambda n: f"BUD-{n:04d}")
    layer = Layer.RECORDED
    year = YEAR
    category = factory.SubFactory(BudgetCategoryFactory)
    programme = factory.SubFactory(ProgrammeFactory, layer=factory.SelfAttribute("..layer"))
    source = factory.SubFactory(FundingSourceFactory)
    amount_pence = 10_000_000


class IndicatorFactory(DjangoModelFactory):
    class Meta:
        model = Indicator
        django_get_or_create = ("slug",)

    slug = factory.Sequence(lambda n: f"indicator-{n}")
    title = factory.LazyAttribute(lambda indicator: f"Indicator {indicator.slug}")


class IndicatorVersionFactory(DjangoModelFactory):
    class Meta:
        model = IndicatorVersion

    indicator = factory.SubFactory(IndicatorFactory)
    kind = IndicatorVersion.Kind.FLOW
    unit = "people"
    definition = "People who said that they felt safer."
    numerator = factory.Maybe("is_ratio", "People who felt safer", "")
    denominator = factory.Maybe("is_ratio", "People who were asked", "")
    objective = factory.SubFactory(ObjectiveFactory)
    valid_from = BEGINNING

    class Params:
        is_ratio = factory.LazyAttribute(lambda version: version.kind in ("percentage", "distance", "unit_cost"))


class IndicatorTargetFactory(DjangoModelFactory):
    class Meta:
        model = IndicatorTarget

    programme = factory.SubFactory(ProgrammeFactory)
    version = factory.SubFactory(IndicatorVersionFactory)
    year = YEAR
    target = 100

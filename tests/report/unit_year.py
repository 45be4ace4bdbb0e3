"""One year of an invented unit, with something for every table and chart of a report to show."""

from __future__ import annotations

import datetime
from typing import Any

from evaluation.models import OutlineSection, Series
from evaluation.reports.facts import Facts, Request, read_facts
from tests.factories import (
    AimFactory,
    AimLinkFactory,
    AllocationFactory,
    AreaFactory,
    AreaShareFactory,
    BudgetCategoryFactory,
    BudgetLineFactory,
    CategoryFactory,
    CellFactory,
    CommitmentFactory,
    CommitmentIndicatorFactory,
    DimensionFactory,
    FindingFactory,
    FundingSourceFactory,
    FundingSplitFactory,
    IndicatorFactory,
    IndicatorVersionFactory,
    LogicLinkFactory,
    ObjectiveFactory,
    OutcomeFactory,
    OutlineSectionFactory,
    ProfileLineFactory,
    ProgrammeFactory,
    ReachTargetFactory,
    ReadingFactory,
    RecommendationFactory,
    RelationFactory,
    RelationTermFactory,
    ReportingQuarterFactory,
    ReportOutlineFactory,
    ResponseFactory,
    SeriesFactory,
    SeriesPointFactory,
    SourceDocumentFactory,
    StatedValueFactory,
    StatementFactory,
    StrategyCommitmentFactory,
    StrategyVersionFactory,
    StudyFactory,
    UnitFactory,
    UserFactory,
    WorkplanActionFactory,
    approved_return,
)
from vru.lib.periods import FinancialYear

YEAR = FinancialYear(2020)
AFTER = datetime.date(2021, 6, 30)
KIND = "annual"
LAYER = "recorded"
# New people by age in each quarter of the first grant; 3 is small, so it must not be printed.
AGES = {"10-14": 20, "15-17": 40, "18-24": 3, "not-known": 7}
TABLES: dict[str, dict[str, Any]] = {
    "awards_by_objective": {},
    "budget_by_category": {},
    "commitments": {},
    "data_issues": {},
    "findings": {},
    "funding_by_source": {},
    "funnel": {},
    "indicators": {},
    "programme_amounts": {},
    "programmes_by_objective": {},
    "reach_breakdown": {"dimension": "age"},
    "reach_by_area": {},
    "reach_by_objective": {},
    "reach_by_quarter": {},
    "returns_completeness": {},
    "series_table": {"series": ["knives"]},
    "spend_against_profile": {},
    "spend_by_source": {},
    "stated_values": {"measures": ["people-supported"]},
    "studies": {},
    "unit_costs": {},
    "workplan": {},
}
CHARTS: dict[str, dict[str, Any]] = {
    "area_map": {"figure": "award.total"},
    "budget_by_category": {},
    "funding_by_source": {},
    "reach_against_target": {},
    "reach_breakdown": {"dimension": "age"},
    "series": {"series": ["knives"]},
    "spend_against_profile": {},
}


def empty_unit() -> None:
    """A unit with its vocabulary and no data."""
    UnitFactory()
    version = StrategyVersionFactory()
    ObjectiveFactory(version=version, number=1, title="Safer schools")
    ages = DimensionFactory(slug="age", title="Age")
    for order, slug in enumerate(AGES):
        CategoryFactory(dimension=ages, slug=slug, label=slug, order=order)
    residence = DimensionFactory(slug="district", title="District of residence")
    for order, code in enumerate(("E07000001", "E07000002")):
        area = AreaFactory(code=code, name=f"District {order + 1}", order=order)
        CategoryFactory(dimension=residence, slug=f"district-{order + 1}", area=area, order=order)
    SeriesFactory(slug="knives", title="Knife crime", calendar=Series.Calendar.CALENDAR_YEAR)
    SourceDocumentFactory(key="D1", title="The unit's own report")


def unit_year() -> None:
    """The unit with a year's money, grants, approved returns, statements, studies and recommendations."""
    empty_unit()
    strategy()
    grants()
    statements()


def strategy() -> None:
    version = StrategyVersionFactory()
    objective = ObjectiveFactory(version=version, number=1)
    outcome = OutcomeFactory(version=version, number=1, title="Fewer young people are hurt")
    LogicLinkFactory(objective=objective, outcome=outcome)
    AimLinkFactory(outcome=outcome, aim=AimFactory(version=version, number=1, title="Reduce violence"))
    StrategyCommitmentFactory(version=version, ref="C1", objective=objective)
    WorkplanActionFactory(version=version, ref="W1", objective=objective)
    document = SourceDocumentFactory(key="D1")
    home = FundingSourceFactory(slug="home", title="Home Office", order=1)
    reserves = FundingSourceFactory(slug="reserves", title="Reserves", order=2)
    AllocationFactory(source=home, layer=LAYER, amount_pence=760_000_000, source_document=document, place="Table 1")
    AllocationFactory(source=reserves, layer=LAYER, amount_pence=50_000_000, source_document=document, place="Table 1")
    category = BudgetCategoryFactory(slug="community", title="Community")
    programme = ProgrammeFactory(
        ref="P1", title="Mentors", summary="Mentors in **schools**.", layer=LAYER, primary_objective=objective
    )
    other = ProgrammeFactory(ref="P2", title="Parents", layer=LAYER, primary_objective=objective, theme=programme.theme)
    BudgetLineFactory(layer=LAYER, category=category, programme=programme, source=home, amount_pence=300_000_000)
    BudgetLineFactory(layer=LAYER, category=category, programme=other, source=reserves, amount_pence=5_000_000)


def grants() -> None:
    people = {"submitted_by": UserFactory(), "approved_by": UserFactory()}
    programme = ProgrammeFactory._meta.model.objects.get(ref="P1")
    home = FundingSourceFactory(slug="home")
    commitment = CommitmentFactory(programme=programme, ref="G1", award_pence=12_345_678)
    FundingSplitFactory(commitment=commitment, source=home)
    AreaShareFactory(commitment=commitment, area=AreaFactory(code="E07000001"))
    indicator = IndicatorVersionFactory(
        indicator=IndicatorFactory(slug="safer", title="Feel safer"),
        kind="percentage",
        numerator="Safer",
        denominator="Asked",
        objective=programme.primary_objective,
    )
    CommitmentIndicatorFactory(commitment=commitment, version=indicator, target=70)
    ages = DimensionFactory(slug="age").categories.order_by("order")
    district = DimensionFactory(slug="district").categories.order_by("order").first()
    for number in (1, 2):
        ProfileLineFactory(commitment=commitment, quarter=ReportingQuarterFactory(number=number))
        ReachTargetFactory(commitment=commitment, quarter=ReportingQuarterFactory(number=number), value=60)
        total = sum(AGES.values())
        counts = {"new": total, "continuing": 5, "contacts": 900, "referred": 90, "started": 80, "completed": 60}
        revision = approved_return(commitment, number, reach=counts, actual_pence=2_400_050, **people)
        for category, value in zip(ages, AGES.values(), strict=True):
            CellFactory(revision=revision, category=category, value=value)
        CellFactory(revision=revision, category=district, value=total)
        ReadingFactory(revision=revision, version=indicator, value=None, numerator=30, denominator=40)


def statements() -> None:
    document = SourceDocumentFactory(key="D1")
    programme = ProgrammeFactory._meta.model.objects.get(ref="P1")
    said = StatementFactory(ref="ST-1", layer=LAYER, source_document=document, programme=programme, subject="Mentored")
    StatedValueFactory(statement=said, key="people", value=1169, population="young people")
    StatedValueFactory(statement=said, key="amount", value=400_000, unit="GBP", kind="award", measure="amount")
    series = SeriesFactory(slug="knives")
    for year, value in ((2018, 15_582), (2019, 11_561)):
        point = StatementFactory(ref=f"ST-{year}", layer=LAYER, source_document=document)
        SeriesPointFactory(statement=point, series=series, year=year, value=value)
    study = StudyFactory(ref="E1", layer=LAYER, programme=programme, title="Does mentoring help?")
    FindingFactory(study=study, ref="F1")
    recommendation = RecommendationFactory(ref="R1", layer=LAYER, group="peer-review", source_document=document)
    ResponseFactory(recommendation=recommendation)
    total = StatedValueFactory(statement=said, key="total", value=100, measure="total")
    relation = RelationFactory(layer=LAYER, result=total)
    for value in (40, 50):
        part = StatedValueFactory(statement=said, key=f"part-{value}", value=value, measure=f"part-{value}")
        RelationTermFactory(relation=relation, value=part)


def outline(*sections: dict[str, Any]) -> None:
    """An outline of the kind ``annual``; without sections, one that shows every table and chart."""
    report = ReportOutlineFactory(kind=KIND, title="Annual report", funder="Home Office")
    OutlineSection.objects.filter(outline=report).delete()
    for order, section in enumerate(sections or full_outline(), start=1):
        OutlineSectionFactory(outline=report, order=order, **{"number": "", "key_points": [], "blocks": []} | section)


def full_outline() -> list[dict[str, Any]]:
    return [
        {
            "slug": "snapshot",
            "title": "Snapshot",
            "blocks": [{"kind": "figures", "keys": ["funding.total", "reach.new"]}],
        },
        {
            "slug": "summary",
            "title": "Summary",
            "key_points": ["{{unit.short_name}} had {{funding.total}}."],
            "blocks": [
                {"kind": "prose", "text": "It reached **{{reach.new}}** people for {{funding.total | exact}}."},
                {"kind": "callout", "title": "Note", "text": "As at {{as_at}}."},
                {"kind": "not_supplied", "text": "Only the unit can write this."},
            ],
        },
        {
            "slug": "tables",
            "number": "1",
            "title": "Tables",
            "blocks": [
                {"kind": "table", "table": n, "params": p, "caption": f"Table of {n}"} for n, p in TABLES.items()
            ],
        },
        {
            "slug": "charts",
            "number": "1A",
            "title": "Charts",
            "blocks": [
                *({"kind": "chart", "chart": n, "params": p, "caption": f"Chart of {n}"} for n, p in CHARTS.items()),
                {"kind": "logic_model", "caption": "From objectives to aims"},
                {"kind": "programmes", "group_by": "objective"},
                {"kind": "recommendations", "group": "peer-review"},
            ],
        },
    ]


def facts(**more: Any) -> Facts:
    return read_facts(request(**more))


def request(**more: Any) -> Request:
    return Request(**{"kind": KIND, "year": YEAR, "layer": LAYER, "as_at": AFTER} | more)

"""Commitments and what they report. ``approved_return`` makes a return that figures count, in one call."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

import factory
from factory.django import DjangoModelFactory

from grants.models import (
    Answer,
    AreaShare,
    Cell,
    Commitment,
    CommitmentIndicator,
    FundingSplit,
    Measure,
    MonitoringReturn,
    Payment,
    ProfileLine,
    Question,
    Questionnaire,
    ReachTarget,
    Reading,
    ReportingQuarter,
    ReturnQuery,
    Revision,
    Section,
    SectionDraft,
    SectionReview,
    SpendLine,
    Variation,
)
from tests.factories.accounts import OrganisationFactory, UserFactory
from tests.factories.programmes import (
    AreaFactory,
    BudgetCategoryFactory,
    CostHeadingFactory,
    FundingSourceFactory,
    IndicatorVersionFactory,
    ProgrammeFactory,
    TotalCategoryFactory,
)
from vru.accounts.models import User
from vru.lib.periods import LONDON, Quarter

YEAR = 2020


def noon(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(12), tzinfo=LONDON)


class ReportingQuarterFactory(DjangoModelFactory):
    """A quarter with its real dates; found again by year and number."""

    class Meta:
        model = ReportingQuarter
        django_get_or_create = ("year", "number")

    year = YEAR
    number = 1
    opens_on = factory.LazyAttribute(lambda row: Quarter(row.year, row.number).ends_on)
    due_on = factory.LazyAttribute(lambda row: Quarter(row.year, row.number).due_on())
    # No cut-off is dated, so that a return of long ago can still be filled in.
    closes_on = None


class CommitmentFactory(DjangoModelFactory):
    """An active grant for the financial year 2020-21."""

    class Meta:
        model = Commitment

    ref = factory.Sequence(lambda n: f"GR-{n:04d}")
    programme = factory.SubFactory(ProgrammeFactory)
    organisation = factory.SubFactory(OrganisationFactory, layer=factory.SelfAttribute("..programme.layer"))
    title = factory.LazyAttribute(lambda commitment: f"Grant {commitment.ref}")
    category = factory.SubFactory(BudgetCategoryFactory)
    status = Commitment.Status.ACTIVE
    award_pence = 10_000_000
    awarded_on = datetime.date(2020, 4, 1)
    starts_on = datetime.date(2020, 4, 1)
    ends_on = datetime.date(2021, 3, 31)


class FundingSplitFactory(DjangoModelFactory):
    class Meta:
        model = FundingSplit

    commitment = factory.SubFactory(CommitmentFactory)
    source = factory.SubFactory(FundingSourceFactory)
    year = YEAR
    amount_pence = factory.SelfAttribute("commitment.award_pence")


class AreaShareFactory(DjangoModelFactory):
    class Meta:
        model = AreaShare

    commitment = factory.SubFactory(CommitmentFactory)
    area = factory.SubFactory(AreaFactory)
    amount_pence = factory.SelfAttribute("commitment.award_pence")


class ProfileLineFactory(DjangoModelFactory):
    class Meta:
        model = ProfileLine

    commitment = factory.SubFactory(CommitmentFactory)
    quarter = factory.SubFactory(ReportingQuarterFactory)
    heading = factory.SubFactory(CostHeadingFactory)
    amount_pence = 2_500_000


class VariationFactory(DjangoModelFactory):
    class Meta:
        model = Variation

    commitment = factory.SubFactory(CommitmentFactory)
    number = factory.Sequence(lambda n: n + 1)
    reason = "Delivery moved to the spring."
    before_pence = 10_000_000
    after_pence = 9_000_000
    status = factory.LazyAttribute(lambda row: "approved" if getattr(row, "approved_at", None) else "proposed")
    effective_on = datetime.date(2020, 10, 1)


class PaymentFactory(DjangoModelFactory):
    class Meta:
        model = Payment

    commitment = factory.SubFactory(CommitmentFactory)
    number = factory.Sequence(lambda n: n + 1)
    amount_pence = 2_500_000
    due_on = datetime.date(2020, 7, 31)


class ReachTargetFactory(DjangoModelFactory):
    class Meta:
        model = ReachTarget

    commitment = factory.SubFactory(CommitmentFactory)
    measure = Measure.NEW
    quarter = factory.SubFactory(ReportingQuarterFactory)
    value = 25


class CommitmentIndicatorFactory(DjangoModelFactory):
    class Meta:
        model = CommitmentIndicator

    commitment = factory.SubFactory(CommitmentFactory)
    version = factory.SubFactory(IndicatorVersionFactory)
    year = YEAR
    target = 100


class MonitoringReturnFactory(DjangoModelFactory):
    class Meta:
        model = MonitoringReturn

    commitment = factory.SubFactory(CommitmentFactory)
    quarter = factory.SubFactory(ReportingQuarterFactory)
    opens_on = factory.SelfAttribute("quarter.opens_on")
    due_on = factory.SelfAttribute("quarter.due_on")


class SectionDraftFactory(DjangoModelFactory):
    class Meta:
        model = SectionDraft

    monitoring_return = factory.SubFactory(MonitoringReturnFactory, status=MonitoringReturn.Status.DRAFT)
    section = Section.REACH
    data = factory.LazyFunction(dict)
    saved_by = factory.SubFactory(UserFactory)
    saved_at = factory.LazyAttribute(lambda draft: noon(draft.monitoring_return.due_on))


class RevisionFactory(DjangoModelFactory):
    """A submitted revision, not yet approved."""

    class Meta:
        model = Revision

    monitoring_return = factory.SubFactory(MonitoringReturnFactory, status=MonitoringReturn.Status.SUBMITTED)
    number = 1
    submitted_by = factory.SubFactory(UserFactory)
    submitted_at = factory.LazyAttribute(lambda revision: noon(revision.monitoring_return.due_on))
    declared_name = factory.LazyAttribute(lambda revision: revision.submitted_by.name)


class ApprovedRevisionFactory(RevisionFactory):
    """Approved three days after the return was due."""

    monitoring_return = factory.SubFactory(MonitoringReturnFactory, status=MonitoringReturn.Status.APPROVED)
    approved_by = factory.SubFactory(UserFactory)
    approved_at = factory.LazyAttribute(
        lambda revision: noon(revision.monitoring_return.due_on + datetime.timedelta(days=3))
    )


class CellFactory(DjangoModelFactory):
    """The headline of new people, unless ``category`` says otherwise."""

    class Meta:
        model = Cell

    revision = factory.SubFactory(ApprovedRevisionFactory)
    measure = Measure.NEW
    category = factory.SubFactory(TotalCategoryFactory)
    value = 10


class ReadingFactory(DjangoModelFactory):
    class Meta:
        model = Reading

    revision = factory.SubFactory(ApprovedRevisionFactory)
    version = factory.SubFactory(IndicatorVersionFactory)
    value = 10


class SpendLineFactory(DjangoModelFactory):
    class Meta:
        model = SpendLine

    revision = factory.SubFactory(ApprovedRevisionFactory)
    number = factory.Sequence(lambda n: n + 1)
    heading = factory.SubFactory(CostHeadingFactory)
    actual_pence = 1_000_000


class QuestionnaireFactory(DjangoModelFactory):
    """The first edition; found again by its number."""

    class Meta:
        model = Questionnaire
        django_get_or_create = ("number",)

    number = 1
    loaded_at = noon(datetime.date(2020, 4, 1))


class QuestionFactory(DjangoModelFactory):
    class Meta:
        model = Question

    first_asked = factory.SubFactory(QuestionnaireFactory)

    slug = factory.Sequence(lambda n: f"question-{n}")
    section = Section.NARRATIVE
    text = "What went well?"
    kind = "long"


class AnswerFactory(DjangoModelFactory):
    class Meta:
        model = Answer

    revision = factory.SubFactory(ApprovedRevisionFactory)
    question = factory.SubFactory(QuestionFactory)
    text = "The sessions were full."


class SectionReviewFactory(DjangoModelFactory):
    class Meta:
        model = SectionReview

    revision = factory.SubFactory(RevisionFactory)
    section = Section.REACH
    decision = SectionReview.Decision.APPROVED
    reviewed_by = factory.SubFactory(UserFactory)
    reviewed_at = factory.LazyAttribute(lambda review: review.revision.submitted_at)


class ReturnQueryFactory(DjangoModelFactory):
    class Meta:
        model = ReturnQuery

    revision = factory.SubFactory(RevisionFactory)
    section = Section.REACH
    text = "Please check the number of new people."
    raised_by = factory.SubFactory(UserFactory)
    raised_at = factory.LazyAttribute(lambda query: query.revision.submitted_at)


def approved_return(
    commitment: Commitment,
    number: int,
    *,
    year: int = YEAR,
    reach: Mapping[str, int] | None = None,
    actual_pence: int | None = None,
    forecast_pence: int = 0,
    approved_on: datetime.date | None = None,
    submitted_by: User | None = None,
    approved_by: User | None = None,
    **revision: Any,
) -> Revision:
    """The approved return of a commitment for quarter ``number``: headline counts by measure, and one spend line.

    Returns the revision. ``reach={"new": 12, "carried_in": 3}``; without ``actual_pence`` there is no spend line.
    """
    quarter = ReportingQuarterFactory(year=year, number=number)
    row = MonitoringReturnFactory(commitment=commitment, quarter=quarter, status=MonitoringReturn.Status.APPROVED)
    people = {"submitted_by": submitted_by, "approved_by": approved_by}
    chosen = {name: person for name, person in people.items() if person is not None} | revision
    if approved_on is not None:
        chosen["approved_at"] = noon(approved_on)
    made: Revision = ApprovedRevisionFactory(monitoring_return=row, **chosen)
    for measure, value in (reach or {}).items():
        CellFactory(revision=made, measure=measure, value=value)
    if actual_pence is not None:
        SpendLineFactory(revision=made, number=1, actual_pence=actual_pence, forecast_pence=forecast_pence)
    return made

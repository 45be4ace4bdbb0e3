"""Statements, studies, recommendations, issues, outlines and editions."""

from __future__ import annotations

import datetime
import hashlib

import factory
from factory.django import DjangoModelFactory

from evaluation.models import (
    Appraisal,
    CaseStudy,
    DataIssue,
    DisclosureAudit,
    Edition,
    EditionFile,
    EvidenceRating,
    Explanation,
    Finding,
    NumberDecision,
    OutlineSection,
    Recommendation,
    Relation,
    RelationTerm,
    RemovedSection,
    Report,
    ReportOutline,
    ReportSchedule,
    ReportSection,
    Response,
    SectionComment,
    SectionVersion,
    Series,
    StatedValue,
    Statement,
    Study,
    Wording,
)
from tests.factories.accounts import UserFactory
from tests.factories.grants import CommitmentFactory
from tests.factories.programmes import ProgrammeFactory, SourceDocumentFactory
from vru.lib.bounded import Precision
from vru.lib.layers import Layer

YEAR = 2020
NOON = datetime.datetime(2021, 4, 15, 12, tzinfo=datetime.UTC)


class SeriesFactory(DjangoModelFactory):
    class Meta:
        model = Series
        django_get_or_create = ("slug",)

    slug = factory.Sequence(lambda n: f"series-{n}")
    title = factory.LazyAttribute(lambda series: f"Series {series.slug}")
    unit = "offences"
    calendar = Series.Calendar.CALENDAR_YEAR
    source_document = factory.SubFactory(SourceDocumentFactory)


class StatementFactory(DjangoModelFactory):
    class Meta:
        model = Statement

    ref = factory.Sequence(lambda n: f"ST-{n:04d}")
    layer = Layer.PUBLISHED
    source_document = factory.SubFactory(SourceDocumentFactory)
    place = "Section 2, table 1"
    subject = "What was said"


class StatedValueFactory(DjangoModelFactory):
    """An exact count for the financial year 2020-21; give ``low`` and ``high`` for anything less sure."""

    class Meta:
        model = StatedValue

    statement = factory.SubFactory(StatementFactory)
    key = factory.Sequence(lambda n: f"value-{n}")
    as_printed = factory.LazyAttribute(lambda stated: f"{stated.value:,}")
    value = 100
    low = factory.SelfAttribute("value")
    high = factory.SelfAttribute("value")
    precision = Precision.EXACT
    unit = "people"
    kind = StatedValue.Kind.ACTUAL
    period_kind = StatedValue.PeriodKind.FINANCIAL_YEAR
    period_start = datetime.date(YEAR, 4, 1)
    period_end = datetime.date(YEAR + 1, 3, 31)
    measure = "people-supported"


class SeriesPointFactory(StatedValueFactory):
    """One year of a calendar-year series."""

    class Params:
        year = 2019

    series = factory.SubFactory(SeriesFactory)
    unit = factory.SelfAttribute("series.unit")
    measure = factory.SelfAttribute("series.slug")
    period_kind = StatedValue.PeriodKind.CALENDAR_YEAR
    period_start = factory.LazyAttribute(lambda point: datetime.date(point.year, 1, 1))
    period_end = factory.LazyAttribute(lambda point: datetime.date(point.year, 12, 31))


class RelationFactory(DjangoModelFactory):
    class Meta:
        model = Relation

    ref = factory.Sequence(lambda n: f"REL-{n:04d}")
    layer = Layer.PUBLISHED
    kind = Relation.Kind.SUM_OF
    result = factory.SubFactory(StatedValueFactory)


class RelationTermFactory(DjangoModelFactory):
    class Meta:
        model = RelationTerm

    relation = factory.SubFactory(RelationFactory)
    value = factory.SubFactory(StatedValueFactory)
    position = factory.Sequence(lambda n: n % 30_000)


class WordingFactory(DjangoModelFactory):
    class Meta:
        model = Wording

    ref = factory.Sequence(lambda n: f"WORD-{n:04d}")
    layer = Layer.PUBLISHED
    kind = Wording.Kind.NAME
    fact = factory.Sequence(lambda n: f"thing-{n}")
    about = "the thing"
    text = "The Thing"
    source_document = factory.SubFactory(SourceDocumentFactory)
    place = "Section 2"


class StudyFactory(DjangoModelFactory):
    class Meta:
        model = Study

    ref = factory.Sequence(lambda n: f"STU-{n:04d}")
    layer = Layer.RECORDED
    title = factory.LazyAttribute(lambda study: f"Evaluation {study.ref}")
    programme = factory.SubFactory(ProgrammeFactory)
    evaluator = "University of Testshire"
    status = Study.Status.UNDER_WAY


class FindingFactory(DjangoModelFactory):
    class Meta:
        model = Finding

    study = factory.SubFactory(StudyFactory)
    ref = factory.Sequence(lambda n: f"F{n}")
    text = "Young people stayed in school for longer."


class EvidenceRatingFactory(DjangoModelFactory):
    class Meta:
        model = EvidenceRating

    programme = factory.SubFactory(ProgrammeFactory)
    scheme = "Nesta"
    level = "2"


class AppraisalFactory(DjangoModelFactory):
    class Meta:
        model = Appraisal

    ref = factory.Sequence(lambda n: f"APP-{n:04d}")
    study = factory.SubFactory(StudyFactory)
    definition = "Net benefit divided by cost"


class RecommendationFactory(DjangoModelFactory):
    class Meta:
        model = Recommendation

    ref = factory.Sequence(lambda n: f"REC-{n:04d}")
    layer = Layer.PUBLISHED
    title = "Share what works"
    addressed_to = "The unit"
    group = "peer-review"
    source_document = factory.SubFactory(SourceDocumentFactory)


class ResponseFactory(DjangoModelFactory):
    class Meta:
        model = Response

    recommendation = factory.SubFactory(RecommendationFactory)
    text = "A network meets each month."
    status = Response.Status.UNDER_WAY


class DataIssueFactory(DjangoModelFactory):
    class Meta:
        model = DataIssue

    fingerprint = factory.Sequence(lambda n: hashlib.sha256(str(n).encode()).hexdigest())
    rule = "parts-miss-total"
    layer = Layer.PUBLISHED
    year = YEAR
    severity = DataIssue.Severity.ERROR
    where = "Table 1"
    stated = "19.7"
    computed = "19.6"


class ReportOutlineFactory(DjangoModelFactory):
    class Meta:
        model = ReportOutline
        django_get_or_create = ("kind",)

    kind = "annual"
    title = "Annual report"


class OutlineSectionFactory(DjangoModelFactory):
    class Meta:
        model = OutlineSection

    outline = factory.SubFactory(ReportOutlineFactory)
    order = factory.Sequence(lambda n: n % 30_000)
    slug = factory.Sequence(lambda n: f"section-{n}")
    title = factory.LazyAttribute(lambda section: f"Section {section.slug}")


class ReportFactory(DjangoModelFactory):
    class Meta:
        model = Report
        django_get_or_create = ("outline", "year", "period", "layer", "subject")

    outline = factory.SubFactory(ReportOutlineFactory)
    year = YEAR
    period = ""
    layer = Layer.RECORDED
    subject = ""


class ReportSectionFactory(DjangoModelFactory):
    class Meta:
        model = ReportSection

    report = factory.SubFactory(ReportFactory)
    order = factory.Sequence(lambda n: n % 30_000)
    slug = factory.Sequence(lambda n: f"section-{n}")
    title = factory.LazyAttribute(lambda section: f"Section {section.slug}")
    text = "Nobody was hurt."


class RemovedSectionFactory(DjangoModelFactory):
    class Meta:
        model = RemovedSection

    report = factory.SubFactory(ReportFactory)
    order = 1
    slug = factory.Sequence(lambda n: f"removed-{n}")
    title = factory.LazyAttribute(lambda section: f"Section {section.slug}")
    rows = factory.LazyFunction(list)
    removed_by = factory.SubFactory(UserFactory)
    removed_at = NOON


class SectionVersionFactory(DjangoModelFactory):
    class Meta:
        model = SectionVersion

    section = factory.SubFactory(ReportSectionFactory)
    number = 1
    text = factory.SelfAttribute("section.text")
    saved_at = NOON


class SectionCommentFactory(DjangoModelFactory):
    class Meta:
        model = SectionComment

    section = factory.SubFactory(ReportSectionFactory)
    text = "Say from how many returns."
    written_by = factory.SubFactory(UserFactory)
    written_at = NOON


class NumberDecisionFactory(DjangoModelFactory):
    class Meta:
        model = NumberDecision

    section = factory.SubFactory(ReportSectionFactory)
    report = factory.SelfAttribute("section.report")
    fingerprint = factory.Sequence(lambda n: hashlib.sha256(f"number {n}".encode()).hexdigest())
    printed = "twelve"
    sentence = "We met twelve times."
    kind = NumberDecision.Kind.DISMISSED
    reason = "Counted from the minutes."
    decided_by = factory.SubFactory(UserFactory)
    decided_at = NOON


class ExplanationFactory(DjangoModelFactory):
    class Meta:
        model = Explanation

    report = factory.SubFactory(ReportFactory)
    check_slug = "overdue-returns"
    subject = factory.Sequence(lambda n: f"subject-{n}")
    sentence = "One grantee closed in the year."
    written_by = factory.SubFactory(UserFactory)
    written_at = NOON


class ReportScheduleFactory(DjangoModelFactory):
    class Meta:
        model = ReportSchedule

    report = factory.SubFactory(ReportFactory, subject=factory.Sequence(lambda n: f"P-{n}"))
    every = ReportSchedule.Every.WEEK
    next_on = datetime.date(2021, 4, 30)
    set_by = factory.SubFactory(UserFactory)


class CaseStudyFactory(DjangoModelFactory):
    class Meta:
        model = CaseStudy

    ref = factory.Sequence(lambda n: f"cs-{n}")
    commitment = factory.SubFactory(CommitmentFactory)
    title = "A place to go"
    text = "A young person found somebody to talk to."
    scope = CaseStudy.Scope.FUNDER
    consent_on = datetime.date(2021, 1, 15)
    consent_note = "In writing; held by the project lead."


class EditionFactory(DjangoModelFactory):
    """Of the report of the kind, year and layer given."""

    class Meta:
        model = Edition

    class Params:
        outline = factory.SubFactory(ReportOutlineFactory)
        year = YEAR
        layer = Layer.RECORDED

    report = factory.SubFactory(
        ReportFactory,
        outline=factory.SelfAttribute("..outline"),
        year=factory.SelfAttribute("..year"),
        layer=factory.SelfAttribute("..layer"),
    )
    number = factory.Sequence(lambda n: n % 30_000 + 1)
    as_at = datetime.date(2021, 4, 30)


class DisclosureAuditFactory(DjangoModelFactory):
    class Meta:
        model = DisclosureAudit

    edition = factory.SubFactory(EditionFactory)
    basis = hashlib.sha256(b"what was audited").hexdigest()
    run_at = NOON


class EditionFileFactory(DjangoModelFactory):
    class Meta:
        model = EditionFile

    edition = factory.SubFactory(EditionFactory)
    kind = EditionFile.Kind.SNAPSHOT
    file = "editions/snapshot.json"
    sha256 = hashlib.sha256(b"").hexdigest()
    size = 0

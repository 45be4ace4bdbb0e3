"""The page of the checks asks the database as often for a long report as for a short one, and computes figures once."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from evaluation.figures import registry
from evaluation.models import CaseStudy
from evaluation.signing.run import check_before_signing
from tests.factories import CaseStudyFactory, CommitmentFactory, ProgrammeFactory, ReportSectionFactory
from tests.factories.evaluation import NumberDecisionFactory, SectionCommentFactory
from tests.report import unit_year as year
from tests.signing.conftest import build

pytestmark = pytest.mark.django_db


def queries_of(client, edition) -> int:
    address = reverse("evaluation:sign-off", args=[edition.pk])
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def lengthen(report, grant, numbers) -> None:
    """A section for each number, with a typed amount, a case study, a remark and a decision."""
    for number in numbers:
        told = CaseStudyFactory(ref=f"story-{number}", commitment=grant, scope=CaseStudy.Scope.FUNDER)
        section = ReportSectionFactory(
            report=report,
            order=number,
            slug=f"part-{number}",
            text=f"We met {number + 300} people and spent £{number}m.\n\n:::case_study {told.ref}\n:::\n",
        )
        SectionCommentFactory(section=section)
        NumberDecisionFactory(section=section)


def test_the_page_asks_a_fixed_number_of_questions(client, report, analyst):
    client.force_login(analyst)
    grant = CommitmentFactory(programme=ProgrammeFactory(layer=year.LAYER))
    lengthen(report, grant, [10])
    short = queries_of(client, build(report, analyst))
    lengthen(report, grant, range(11, 17))
    longer = build(report, analyst)
    assert queries_of(client, longer) == short
    assert len(check_before_signing(longer).result("remarks").judged) == 7


def test_every_figure_is_computed_once_for_all_checks(built, monkeypatch):
    check_before_signing(built)
    computed = []
    real = registry._every_figure
    monkeypatch.setattr(registry, "_every_figure", lambda each: computed.append(each) or real(each))
    check_before_signing(built)
    assert len(computed) == 1

"""The annual report that the demonstration ships: whole, in the funder's order, every figure bound."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from evaluation.actions.reports import begin_report
from evaluation.loading.outline import load_outline
from evaluation.loading.published import load_published
from evaluation.models import Report
from evaluation.numbers import state_of
from evaluation.reports.facts import Request, read_facts
from evaluation.rules import find_issues
from evaluation.writing.words import count_words
from programmes.loading.strategy import load_strategy
from tests.factories import UserFactory
from vru.lib.layers import Layer
from vru.lib.periods import FinancialYear

LONDON = Path(__file__).resolve().parent.parent.parent / "demo" / "london"
KIND = "home-office-annual"
YEAR = FinancialYear(2020)
# The page of big numbers has no prose, and its numbers are its key points.
WITHOUT_PROSE = {"snapshot"}

# The mark is what makes pytest-django set the test database up: the fixture alone would read the developer's own.
pytestmark = [pytest.mark.slow, pytest.mark.django_db]


@pytest.fixture(scope="module")
def report(django_db_setup: None, django_db_blocker: Any) -> Iterator[Report]:
    """The published report, begun once for the module: no test here may leave anything behind."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_strategy(LONDON / "strategy.yaml")
        load_published(LONDON)
        load_outline(LONDON / "outline.yaml")
        yield begin_report(kind=KIND, year=YEAR, layer=Layer.PUBLISHED, by=UserFactory(role="director"))
        transaction.set_rollback(True)


def test_no_number_in_it_is_left_to_be_decided_about(report: Report) -> None:
    state = state_of(report)
    assert [(each.section, each.typed.printed, each.why) for each in state.undecided] == []
    assert state.tokens > 250


def test_every_section_says_what_it_is_for_and_opens_with_key_points(report: Report) -> None:
    for section in report.sections.all():
        assert section.guidance, section.slug
        if section.slug not in WITHOUT_PROSE:
            assert len(section.key_points) >= 2, section.slug
            assert count_words(section.text) > 100, section.slug


def test_every_section_keeps_to_its_length(report: Report) -> None:
    over = {
        section.slug: (count_words(section.text), section.word_limit)
        for section in report.sections.all()
        if section.word_limit is None or count_words(section.text) > section.word_limit
    }
    assert over == {}


def test_nothing_in_it_is_left_to_be_supplied(report: Report) -> None:
    assert [section.slug for section in report.sections.all() if ":::not_supplied" in section.text] == []


def test_its_words_lead_nowhere_wrong_and_contradict_no_figure(report: Report) -> None:
    rules = {"prose-contradicts", "reference-missing", "typed-table-misses-total"}
    found = [each for each in find_issues(year=YEAR, layer=Layer.PUBLISHED) if each.rule in rules]
    assert [(each.where, each.explanation) for each in found] == []


def test_its_facts_lack_nothing_and_cite_every_document_that_the_checks_name(report: Report) -> None:
    data = read_facts(Request(KIND, YEAR, Layer.PUBLISHED, datetime.date(2021, 3, 31))).data
    assert data["missing"] == {}
    assert data["refused"] == {}
    assert data["problems"] == []
    assert len(data["issues"]["rows"]) > 60

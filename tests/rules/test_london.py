"""The published year of the demonstration: what a sharp reader found, the rules find without help."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from evaluation.loading.published import load_published
from evaluation.models import Statement
from evaluation.rules import Found, find_issues
from programmes.loading.strategy import load_strategy
from vru.lib.layers import Layer
from vru.lib.periods import FinancialYear

LONDON = Path(__file__).resolve().parent.parent.parent / "demo" / "london"
# Rules that the hints name otherwise, and the rules that tell the same thing.
ALSO = {
    "percentage-disagrees": {"precision-overstated"},
    "scope-differs": {"outside-every-year"},
    "count-differs": {"stated-computed-differ"},
}
# A sum for a day and one for a year, about different people: no relation could say that they should agree.
UNRELATED = {"scope_differs S1-COST.per-day"}

# The mark is what makes pytest-django set the test database up: the fixture alone would read the developer's own.
pytestmark = [pytest.mark.slow, pytest.mark.django_db]


@pytest.fixture(scope="module")
def london(django_db_setup: None, django_db_blocker: Any) -> Iterator[list[Found]]:
    """The published layer, read once for the module: no test here may leave anything behind."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_strategy(LONDON / "strategy.yaml")
        load_published(LONDON)
        yield find_issues(year=FinancialYear(2020), layer=Layer.PUBLISHED)
        transaction.set_rollback(True)


def hints() -> list[dict[str, str]]:
    files = [yaml.safe_load(file.read_text(encoding="utf-8")) for file in sorted(LONDON.glob("published*.yaml"))]
    return [hint for file in files for hint in file.get("issues_expected", [])]


def test_what_a_sharp_reader_found_is_found(london: list[Found]) -> None:
    told = [(each.rule, f"{each.where} {each.explanation} {' '.join(each.basis)}") for each in london]
    missed = []
    for hint in hints():
        if f"{hint['rule']} {hint['where']}" in UNRELATED:
            continue
        rule = hint["rule"].replace("_", "-")
        names = re.split(r", ", hint["where"])
        if not any(
            slug in {rule} | ALSO.get(rule, set()) and any(name in text for name in names) for slug, text in told
        ):
            missed.append(hint)
    assert len(hints()) >= 59
    assert missed == []


def test_what_is_in_words_is_found_with_both_its_places(london: list[Found]) -> None:
    found = next(each for each in london if each.rule == "reference-astray")
    assert found.explanation == (
        'S2 (Section 1B) has "Section 1B" and S2 (Section 1E, cultural sustainability) has "Section 2" for the '
        "description of the reference group. A reader who follows the reference does not find it."
    )


def test_a_fall_that_was_a_rise_is_found_though_no_number_is_printed(london: list[Found]) -> None:
    (found,) = [each for each in london if each.rule == "direction-disagrees"]
    assert "rose from 144,436 to 151,055 (4.6%)" in found.explanation


def test_each_finding_is_told_once(london: list[Found]) -> None:
    assert len({(each.rule, each.where) for each in london}) == len(london)
    assert len({each.fingerprint(year=2020, layer="published") for each in london}) == len(london)


def test_the_budget_lines_miss_their_total_within_rounding(london: list[Found]) -> None:
    found = next(each for each in london if each.rule == "parts-miss-total" and "S2-EXPEND.total" in each.where)
    assert found.severity == "note"
    assert found.explanation.startswith(
        "The parts £8.0m + £5.7m + £5.9m come to £19.6m; the printed total is £19.7m. "
        "The gap of £0.1m is within rounding."
    )


def test_the_whole_year_is_read_in_fewer_queries_than_there_are_statements(london: list[Found]) -> None:
    """Rules compare rows in hand; a query a row would take minutes over a year of a larger unit."""
    with CaptureQueriesContext(connection) as asked:
        again = find_issues(year=FinancialYear(2020), layer=Layer.PUBLISHED)
    assert again == london
    assert len(asked) <= 60
    assert len(asked) < Statement.objects.in_layer(Layer.PUBLISHED).count()

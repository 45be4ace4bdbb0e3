"""Published facts: read from several files, each with its provenance, whole or not at all."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from evaluation.loading.published import load_published
from evaluation.models import Recommendation, Relation, RelationTerm, Series, StatedValue, Statement, Study
from programmes.loading.problems import LoadError
from programmes.loading.strategy import load_strategy
from programmes.models import Allocation, BudgetLine, Programme
from tests.loading.helpers import LONDON, STRATEGY, tables, write
from vru.lib.layers import Layer

pytestmark = pytest.mark.django_db

FACTS = """\
format: vru-published/1
layer: published
year: 2020-21
funding_sources:
  - {slug: safety, title: Safety fund, funder: Ministry of Safety, kind: central_government}
allocations:
  - {source: safety, year: 2020-21, amount: "1000000.00", kind: original, statement: A, place: Table 1}
budget_lines:
  - {category: grants, year: 2020-21, amount: "999999.99", statement: A, place: Table 2}
programmes:
  - {ref: PART, title: Project, parent: WHOLE, level: district, areas: [X1], primary_objective: 2, ages: [11, 17]}
  - {ref: WHOLE, title: Programme, level: whole, theme: streets, primary_objective: 1, statements: [A]}
statements:
  - ref: A
    source: M1
    place: Table 1
    subject: money
    values:
      - {key: one, as_printed: "£1m", value: "1000000", low: "950000", high: "1050000", precision: rounded, unit: gbp,
         kind: budget, measure: unit-budget,
         period: {kind: financial_year, text: "", starts_on: 2020-04-01, ends_on: 2021-03-31}}
      - {key: two, as_printed: "140+", value: 140, low: 140, precision: at_least, unit: people, kind: actual,
         measure: people, period: {kind: since_launch}, series: null}
relations:
  - {ref: R, kind: part_of, result: A.one, terms: [A.two], note: ""}
series:
  - {slug: whole, title: All, unit: people, calendar: calendar_year, source: M1, points: [A.two]}
  - {slug: part, title: Some, unit: people, calendar: calendar_year, source: M1, points: [], parts_of: whole}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    load_strategy(write(tmp_path, STRATEGY))
    write(tmp_path, FACTS, "published.yaml")
    return tmp_path


def problems_of(folder: Path) -> str:
    with pytest.raises(LoadError) as caught:
        load_published(folder)
    return str(caught.value)


def test_facts_arrive_with_bounds_provenance_and_links(folder: Path) -> None:
    load_published(folder)
    allocation = Allocation.objects.get()
    assert (allocation.amount_pence, allocation.sequence, allocation.source_document.key) == (100_000_000, 1, "M1")
    assert BudgetLine.objects.get().amount_pence == 99_999_999
    part = Programme.objects.get(ref="PART")
    assert (part.parent.ref, part.youngest_age, part.oldest_age) == ("WHOLE", 11, 17)
    assert Statement.objects.get().programme.ref == "WHOLE"
    value = StatedValue.objects.get(key="two")
    assert (value.value, value.low, value.high, value.series.slug) == (Decimal(140), Decimal(140), None, "whole")
    assert Series.objects.get(slug="part").part_of.slug == "whole"


def test_loading_facts_again_writes_nothing(folder: Path) -> None:
    load_published(folder)
    before = tables()
    load_published(folder)
    assert tables() == before


def test_a_term_that_left_the_file_leaves_the_relation(folder: Path) -> None:
    write(folder, FACTS.replace("terms: [A.two]", "terms: [A.two, A.one]"), "published.yaml")
    load_published(folder)
    write(folder, FACTS, "published.yaml")
    load_published(folder)
    assert RelationTerm.objects.get(relation__ref="R").value.key == "two"


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        (
            "terms: [A.two]",
            "terms: [A.too]",
            'terms[0]: there is no stated value "A.too". Did you mean "A.two"?',
        ),
        (
            'low: "950000"',
            'low: "1950000"',
            "statements[0].values[0]: The lower bound 1950000 is above",
        ),
        ("source: safety, year", "source: safty, year", 'allocations[0].source: there is no funding source "safty".'),
        ('"1000000.00"', '"1,000,000"', "allocations[0].amount: '1,000,000' is not an amount in pounds."),
        ("year: 2020-21, amount", "year: 2020, amount", "allocations[0].year: '2020' is not a financial year."),
        ("parent: WHOLE", "parent: PART", 'programmes[0].parent: "PART" is inside itself. Break the circle.'),
        ("primary_objective: 2", "primary_objective: 9", 'programmes[0].primary_objective: there is no objective "9".'),
        ("statements: [A]", "statements: [B]", 'programmes[1].statements[0]: there is no statement "B".'),
        (
            "kind: original",
            "kind: restated",
            "allocations[0].kind: the first allocation of a source",
        ),
    ],
)
def test_a_mistake_is_named_and_nothing_is_stored(folder: Path, before: str, after: str, sentence: str) -> None:
    write(folder, FACTS.replace(before, after, 1), "published.yaml")
    stored = tables()
    found = problems_of(folder)
    assert "published.yaml: " in found
    assert sentence in found
    assert tables() == stored


def test_a_problem_names_the_file_it_stands_in(folder: Path) -> None:
    second = "format: vru-published/1\nlayer: published\nprogrammes:\n  - {ref: WHOLE, title: Again, level: whole}\n"
    write(folder, second, "published-more.yaml")
    found = problems_of(folder)
    assert f"{folder / 'published.yaml'}: programmes[1].ref" in found or (
        f"{folder / 'published-more.yaml'}: programmes[0].ref" in found
    )
    assert '"WHOLE" is already used by another row.' in found


def test_a_folder_without_facts_is_one_sentence(tmp_path: Path) -> None:
    assert problems_of(tmp_path).endswith("The folder has no file named published*.yaml. Check the path.")


def test_london_published_layer_arrives_whole_and_in_its_layer() -> None:
    load_strategy(LONDON / "strategy.yaml")
    writer = load_published(LONDON)
    assert Statement.objects.count() == writer.created["evaluation.statement"] > 100
    assert sum(Allocation.objects.values_list("amount_pence", flat=True)) == 1_970_000_000
    assert sum(BudgetLine.objects.values_list("amount_pence", flat=True)) == 1_960_000_000
    for model in (Allocation, BudgetLine, Programme, Statement, Relation, Study, Recommendation):
        assert set(model.objects.values_list("layer", flat=True)) == {Layer.PUBLISHED}
    assert Series.objects.get(slug="homicide-domestic").part_of.slug == "homicide-total"

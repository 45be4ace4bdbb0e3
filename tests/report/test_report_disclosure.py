"""Small counts of people are in no part of a report, and nothing that is printed gives them away."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from decimal import Decimal

import pytest

from evaluation.figures.figure import Figure
from evaluation.reports.annex import annex_xlsx, annex_zip
from evaluation.reports.context import report_html
from evaluation.reports.disclosure import Plan, protect_figures
from tests.report import unit_year as year

PLAN = Plan(
    programmes={"P1": {"objective": "1", "theme": "t"}, "P2": {"objective": "1", "theme": "t"}},
    area_categories={"E1": ("district", "north")},
)


def people(key: str, value: int, **more) -> Figure:
    return Figure(**{"key": key, "label": key, "value": Decimal(value), "unit": "people"} | more)


def shown(*figures: Figure) -> dict[str, str]:
    protection = protect_figures({figure.key: figure for figure in figures}, PLAN, threshold=5, width=5)
    return {key: figure.display for key, figure in protection.figures.items()}


def breakdown(**counts: int) -> list[Figure]:
    return [people(f"reach.breakdown category={name} dimension=age", value) for name, value in counts.items()]


def test_a_small_count_is_hidden_with_another_that_would_give_it_away():
    found = shown(people("reach.new", 60), *breakdown(young=3, older=20, oldest=37))
    assert found["reach.new"] == "60"
    assert found["reach.breakdown category=young dimension=age"] == "[c]"
    assert list(found.values()).count("[c]") >= 2


def test_nought_is_printed():
    assert "0" in shown(people("reach.new", 60), *breakdown(young=0, older=60)).values()


def test_programmes_that_make_up_an_objective_are_protected_with_it():
    found = shown(
        people("reach.new", 100),
        people("reach.new objective=1", 53),
        people("reach.new objective=2", 47),
        people("reach.new programme=P1", 50),
        people("reach.new programme=P2", 3),
    )
    assert found["reach.new programme=P2"] == "[c]"
    assert "[c]" in (found["reach.new programme=P1"], found["reach.new objective=1"])


def test_a_count_split_further_than_the_published_tables_is_withheld_whatever_its_size():
    found = shown(people("reach.new", 900), people("reach.new programme=P1 quarter=2020-21Q1", 400))
    assert found["reach.new programme=P1 quarter=2020-21Q1"] == "[c]"


def test_a_project_inside_a_programme_is_withheld():
    assert (
        shown(people("reach.new", 900), people("reach.new programme=PROJECT", 400))["reach.new programme=PROJECT"]
        == "[c]"
    )


def test_the_same_people_under_another_name_are_hidden_with_them():
    found = shown(
        people("reach.new", 63),
        people("reach.new borough=E1", 3),
        people("reach.breakdown category=north dimension=district", 3),
        people("reach.breakdown category=south dimension=district", 60),
    )
    assert found["reach.new borough=E1"] == "[c]"


def test_a_unit_cost_over_a_hidden_count_is_hidden_too():
    cost = people("unit_cost programme=P2", 500, unit="GBP")
    found = shown(
        people("reach.new", 53), people("reach.new programme=P1", 50), people("reach.new programme=P2", 3), cost
    )
    assert found["unit_cost programme=P2"] == "[c]"


@pytest.mark.parametrize(("top", "bottom"), [(2, 40), (38, 40), (3, 4)])
def test_a_percentage_of_few_people_is_hidden(top, bottom):
    result = people("indicator.result indicator=safer", 5, unit="percent")
    result = replace(result, numerator=Decimal(top), denominator=Decimal(bottom))
    assert shown(result)["indicator.result indicator=safer"] == "[c]"


def test_published_and_target_figures_are_not_hidden():
    found = shown(people("reach.new", 3, basis="stated"), people("reach.target objective=1", 2))
    assert set(found.values()) == {"3", "2"}


def test_a_hidden_figure_keeps_no_number_anywhere():
    hidden = protect_figures({"reach.new": people("reach.new", 3, numerator=Decimal(3))}, PLAN, threshold=5, width=5)
    data = hidden.figures["reach.new"].as_json()
    assert [data[name] for name in ("value", "low", "high", "numerator", "denominator")] == [None] * 5
    assert data["display"] == "[c]"


@pytest.mark.django_db
def test_no_figure_of_a_breakdown_by_quarter_is_in_the_facts():
    year.unit_year()
    year.outline()
    assert not any("dimension=" in key and "quarter=" in key for key in year.facts().data["figures"])


@pytest.mark.django_db
def test_a_small_category_is_hidden_in_every_file():
    year.AGES["18-24"] = 2
    try:
        year.unit_year()
    finally:
        year.AGES["18-24"] = 3
    year.outline()
    facts = year.facts()
    key = "reach.breakdown category=18-24 dimension=age"
    assert facts.data["figures"][key]["display"] == "[c]"
    assert facts.data["figures"][key]["value"] is None
    html, _missing = report_html(facts)
    assert "[c]: hidden so that nobody can be recognised." in html
    with zipfile.ZipFile(io.BytesIO(annex_zip(facts))) as archive:
        listed = json.loads(archive.read("metadata.json"))["files"]
        file = next(each["file"] for each in listed if each["title"].endswith("Table of reach_breakdown"))
        assert "18-24,[c],[c]" in archive.read(file).decode()
    assert annex_xlsx(facts)[:2] == b"PK"


@pytest.mark.django_db
def test_a_token_for_a_withheld_count_prints_no_number():
    year.unit_year()
    text = "{{reach.breakdown category=18-24 dimension=age quarter=2020-21Q1}}"
    year.outline({"slug": "one", "title": "One", "blocks": [{"kind": "prose", "text": text}]})
    assert "<p>[c]</p>" in report_html(year.facts())[0]

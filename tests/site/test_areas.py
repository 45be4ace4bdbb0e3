"""Areas: the map, its table and its file say what the figures say."""

from __future__ import annotations

import csv
import datetime
import io
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from evaluation.areas import MEASURES, areas_of, map_of, population_of, rate_of
from evaluation.figures import compute
from tests.cast import World
from tests.factories import (
    AreaFactory,
    AreaPopulationFactory,
    AreaShareFactory,
    CategoryFactory,
    CommitmentFactory,
    DimensionFactory,
    FundingSplitFactory,
    ProgrammeFactory,
    approved_return,
)
from tests.figures.worlds import scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def areas(world: World) -> tuple[Any, Any]:
    """Two places: a grant with three quarters in the first and one in the second, and spend of £101."""
    first, second = AreaFactory(name="Eastside", order=1), AreaFactory(name="Westside", order=2)
    grant = CommitmentFactory(programme=world.grant.programme, award_pence=400_00)
    FundingSplitFactory(commitment=grant, year=2020, amount_pence=400_00)
    AreaShareFactory(commitment=grant, area=first, amount_pence=300_00)
    AreaShareFactory(commitment=grant, area=second, amount_pence=100_00)
    approved_return(grant, 1, reach={"new": 8}, actual_pence=101_01)
    return first, second


def test_spend_by_area_follows_the_shares_and_adds_up_to_the_penny(areas: tuple[Any, Any]) -> None:
    found = areas_of(scope())
    spent = {row.area.name: row.value("spend") for row in found.rows if row.area in areas}
    assert spent == {"Eastside": Decimal("75.76"), "Westside": Decimal("25.25")}
    assert sum(spent.values()) == compute(scope(), ["spend.total"])["spend.total"].value  # type: ignore[arg-type]


def test_the_table_of_the_map_holds_the_figures(areas: tuple[Any, Any]) -> None:
    found = areas_of(scope())
    drawn = map_of(found, MEASURES[0])
    assert drawn is not None
    for area in areas:
        figure = compute(scope(), [f"award.total borough={area.code}"])[f"award.total borough={area.code}"]
        assert [area.name, figure.shown("exact")] in drawn["rows"]
        assert area.name in drawn["svg"]


def test_spend_by_source_and_area_together_add_up(areas: tuple[Any, Any]) -> None:
    codes = [area.code for area in areas]
    source = areas_source()
    keys = [f"spend.total borough={code} source={source}" for code in codes]
    figures = compute(scope(), keys)
    assert sum(figure.value or 0 for figure in figures.values()) == Decimal("101.01")


def areas_source() -> str:
    split = CommitmentFactory._meta.model.objects.get(award_pence=400_00).splits.get()
    return str(split.source.slug)


def test_a_rate_is_for_each_thousand_and_missing_without_people() -> None:
    assert rate_of(Decimal(25), 10_000) == Decimal("2.5")
    assert rate_of(Decimal(1), 3_000) == Decimal("0.3")
    assert [rate_of(None, 10), rate_of(Decimal(5), None), rate_of(Decimal(5), 0)] == [None, None, None]


def test_one_estimate_serves_every_area(world: World) -> None:
    first, second = AreaFactory(), AreaFactory()
    for area in (first, second):
        AreaPopulationFactory(area=area, year=2019, youngest_age=10, oldest_age=24, layer="recorded", people=1_000)
    AreaPopulationFactory(area=first, year=2020, youngest_age=10, oldest_age=24, layer="recorded", people=9_999)
    AreaPopulationFactory(area=first, year=2035, youngest_age=10, oldest_age=24, layer="recorded", people=1)
    AreaPopulationFactory(area=first, year=2020, youngest_age=10, oldest_age=24, layer="illustrative", people=2)
    chosen = population_of(scope())
    assert chosen is not None
    assert (chosen.year, dict(chosen.people)) == (2019, {first.code: 1_000, second.code: 1_000})


def test_the_rate_puts_residents_beside_the_population(world: World) -> None:
    place = AreaFactory(name="Eastside")
    dimension = DimensionFactory(slug="residence")
    category = CategoryFactory(dimension=dimension, area=place, valid_from=datetime.date(2020, 4, 1))
    revision = approved_return(CommitmentFactory(programme=world.grant.programme), 1, reach={"new": 30})
    revision.cells.create(measure="new", category=category, value=30)
    AreaPopulationFactory(area=place, year=2020, youngest_age=10, oldest_age=24, layer="recorded", people=12_000)
    row = next(row for row in areas_of(scope()).rows if row.area == place)
    assert (row.value("new"), row.rate) == (Decimal(30), Decimal("2.5"))


@pytest.mark.parametrize("measure", [measure.key for measure in MEASURES])
def test_every_measure_has_a_page_with_its_table(world: World, areas: tuple[Any, Any], measure: str) -> None:
    client = Client()
    client.force_login(world.cast.director)
    body = client.get(f"/areas/?measure={measure}&year=2020-21").content.decode()
    assert "Eastside" in body
    assert ("<svg" in body) == (measure in ("award", "spend"))


def test_the_file_holds_the_table(world: World, areas: tuple[Any, Any]) -> None:
    client = Client()
    client.force_login(world.cast.analyst)
    response: Any = client.get("/areas/export/csv/?year=2020-21")
    rows = list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))
    found = {row["Area"]: (row["Awarded (£)"], row["Spent (£)"]) for row in rows}
    assert (found["Eastside"], found["Westside"]) == (("300.00", "75.76"), ("100.00", "25.25"))


def test_an_areas_page_lists_its_programmes_and_grants(world: World, areas: tuple[Any, Any]) -> None:
    programme = ProgrammeFactory(title="Eastside evenings", layer="recorded")
    programme.areas.add(areas[0])
    client = Client()
    client.force_login(world.cast.director)
    body = client.get(f"/areas/{areas[0].code}/?year=2020-21").content.decode()
    assert "Eastside evenings" in body
    assert f"/grants/?area={areas[0].code}&amp;year=2020-21" in body
    assert client.get("/areas/nowhere/").status_code == 404


def test_more_areas_ask_no_more_queries(world: World, django_assert_max_num_queries: Any) -> None:
    AreaFactory.create_batch(33)
    client = Client()
    client.force_login(world.cast.director)
    with django_assert_max_num_queries(40):
        client.get("/areas/?year=2020-21")

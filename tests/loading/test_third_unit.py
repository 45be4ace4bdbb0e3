"""An invented county loads from the same files: five objectives, districts, and no word of the first unit."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Sum

from evaluation.models import StatedValue
from grants.models import Cell, Commitment, Question
from programmes.models import Allocation, Area, Objective, Unit, WorkplanAction
from tests.loading.helpers import FENMOOR, LONDON, tables
from vru.lib.layers import Layer

pytestmark = pytest.mark.django_db


def load(folder: str, layer: str) -> dict[str, object]:
    out = StringIO()
    call_command("load_demo", "--folder", folder, "--layer", layer, "--format", "json", stdout=out)
    loaded: dict[str, object] = json.loads(out.getvalue())
    return loaded


def test_the_third_unit_loads_into_an_empty_database_and_again_without_a_change() -> None:
    loaded = load(str(FENMOOR), "published")
    assert loaded["missing_programmes"] == []
    assert Unit.objects.the().area_noun_plural == "districts"
    assert Objective.objects.count() == 5
    assert Area.objects.counted().count() == 6
    assert Question.objects.current().exists()
    assert WorkplanAction.objects.get(ref="FW1").programmes.get().ref == "FEN-BUS"
    current = Allocation.objects.current().filter(layer=Layer.PUBLISHED)
    assert current.aggregate(pence=Sum("amount_pence"))["pence"] == 125_000_000
    assert StatedValue.objects.get(statement__ref="F2-FUND", key="trust").figure_key == (
        "funding.source source=counties-trust"
    )
    before = tables()
    load(str(FENMOOR), "published")
    assert tables() == before


@pytest.mark.slow
def test_the_illustrative_year_stands_on_the_third_unit_too() -> None:
    load(str(FENMOOR), "illustrative")
    assert Commitment.objects.count() == 300
    numbers = set(Commitment.objects.values_list("programme__primary_objective__number", flat=True))
    assert numbers == {1, 2, 3, 4, 5}
    assert Cell.objects.filter(category__dimension__slug="district", value__gt=0).exists()


def test_its_files_never_name_the_first_unit_or_its_kind_of_area() -> None:
    for file in FENMOOR.glob("*.yaml"):
        words = file.read_text(encoding="utf-8").lower()
        assert "london" not in words
        assert "borough" not in words


def test_a_database_of_the_third_unit_refuses_the_first() -> None:
    load(str(FENMOOR), "published")
    before = tables()
    with pytest.raises(CommandError, match="this database belongs to Fenmoor Violence Prevention Partnership"):
        load(str(LONDON), "published")
    assert tables() == before


def test_a_folder_without_a_strategy_is_one_sentence() -> None:
    with pytest.raises(CommandError, match=r"strategy\.yaml: The demonstration's strategy file is missing\."):
        load(str(FENMOOR / "narrative"), "all")

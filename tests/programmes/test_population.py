"""Loading how many people live in an area: all rows or none, and each mistake with its row."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from programmes.loading.population import load_population
from programmes.loading.problems import LoadError
from programmes.models import AreaPopulation
from tests.factories import AreaFactory

pytestmark = pytest.mark.django_db
HEADINGS = "code,year,youngest,oldest,people,source"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    AreaFactory(code="E09000012", name="Hackney")
    AreaFactory(code="E09000007", name="Camden")
    return tmp_path / "population.csv"


def write(file: Path, *rows: str, headings: str = HEADINGS) -> Path:
    file.write_text("\r\n".join([headings, *rows]), encoding="utf-8-sig")
    return file


def test_rows_are_stored_and_loading_again_changes_only_what_differs(file: Path) -> None:
    write(file, 'E09000012,2020,10,24,"45,000",Estimates', "e09000007,2020,10,24,38000,Estimates")
    assert load_population(file) == {"created": 2, "changed": 0, "unchanged": 0}
    write(file, "E09000012,2020,10,24,45001,Estimates", "E09000007,2020,10,24,38000,Estimates")
    assert load_population(file) == {"created": 0, "changed": 1, "unchanged": 1}
    assert sorted(AreaPopulation.objects.values_list("people", flat=True)) == [38_000, 45_001]


def test_layers_are_kept_apart(file: Path) -> None:
    write(file, "E09000012,2020,10,24,45000,Estimates")
    load_population(file)
    load_population(file, layer="illustrative")
    assert set(AreaPopulation.objects.values_list("layer", flat=True)) == {"recorded", "illustrative"}


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("E09000021,2020,10,24,1,S", 'row 3, code: There is no area "E09000021". Did you mean'),
        ("E09000012,20,10,24,1,S", "row 3, year"),
        ("E09000012,2020,ten,24,1,S", "row 3, youngest"),
        ("E09000012,2020,24,10,1,S", "row 3, oldest: The oldest age, 10, is below the youngest, 24."),
        ("E09000012,2020,10,24,c.45000,S", "row 3, people"),
        ("E09000012,2020,10,24,-4,S", "row 3, people"),
        ("E09000012,2020,10,24,4,", "row 3, source"),
        ("E09000007,2020,10,24,4,S", "row 3: An earlier row has the same area, year and ages."),
    ],
)
def test_each_mistake_is_named_with_its_row_and_nothing_is_stored(file: Path, row: str, said: str) -> None:
    write(file, "E09000007,2020,10,24,38000,Estimates", row)
    with pytest.raises(LoadError) as refused:
        load_population(file)
    assert said in str(refused.value)
    assert not AreaPopulation.objects.exists()


def test_missing_columns_are_named(file: Path) -> None:
    write(file, "E09000012,2020", headings="code,year")
    with pytest.raises(LoadError, match="youngest, oldest, people, source are missing"):
        load_population(file)


def test_the_command_says_what_it_did_or_why_not(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(file, "E09000012,2020,10,24,45000,Estimates")
    call_command("load_population", file)
    assert "1 created, 0 changed, 0 unchanged" in capsys.readouterr().out
    with pytest.raises(CommandError, match=r"missing\.csv"):
        call_command("load_population", file.parent / "missing.csv")

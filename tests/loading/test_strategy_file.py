"""Strategy files: loaded whole or not at all, and every mistake named with its place."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from programmes.loading.problems import LoadError
from programmes.loading.strategy import load_strategy
from programmes.models import (
    Area,
    Category,
    IndicatorVersion,
    Objective,
    StrategyCommitment,
    Unit,
    WorkplanAction,
)
from tests.loading.helpers import LONDON, STRATEGY, tables, write

pytestmark = pytest.mark.django_db


def problems_of(file: Path) -> str:
    with pytest.raises(LoadError) as caught:
        load_strategy(file)
    return str(caught.value)


def test_london_strategy_arrives_whole() -> None:
    load_strategy(LONDON / "strategy.yaml")
    assert Area.objects.counted().count() == 32
    assert Area.objects.get(code="E09000001").kind == Area.Kind.OTHER_PLACE
    assert Area.objects.get(kind=Area.Kind.WHOLE).code == "PAN"
    assert Objective.objects.filter(version__key="v2020").count() == 8
    assert StrategyCommitment.objects.filter(version__key="v2020", is_priority=True).count() == 10
    assert WorkplanAction.objects.count() == 17
    assert Category.objects.get(kind=Category.Kind.TOTAL).dimension.slug == "total"
    assert {version.kind for version in IndicatorVersion.objects.all()} == set(IndicatorVersion.Kind.values)


def test_loading_a_strategy_again_writes_nothing() -> None:
    call_command("load_strategy", str(LONDON / "strategy.yaml"), stdout=StringIO(), stderr=StringIO())
    before = tables()
    out = StringIO()
    call_command("load_strategy", str(LONDON / "strategy.yaml"), "--format", "json", stdout=out, stderr=StringIO())
    assert tables() == before
    files = json.loads(out.getvalue())["files"]
    assert all(not file["created"] and not file["changed"] and not file["removed"] for file in files.values())


def test_a_changed_title_changes_one_row(tmp_path: Path) -> None:
    load_strategy(write(tmp_path, STRATEGY))
    writer = load_strategy(write(tmp_path, STRATEGY.replace("title: Second", "title: Another")))
    assert dict(writer.changed) == {"programmes.objective": 1}
    assert Objective.objects.get(number=2).title == "Another"


def test_a_word_for_a_number_is_named_with_its_place(tmp_path: Path) -> None:
    file = write(tmp_path, STRATEGY.replace("number: 2", "number: five"))
    assert problems_of(file) == (f"{file}: strategy.versions[0].objectives[1].number: 'five' is not a whole number.")


def test_every_problem_is_reported_at_once_and_nothing_is_stored(tmp_path: Path) -> None:
    text = STRATEGY.replace("number: 2", "number: five").replace("slug: millbrook", "slug: mill brook")
    found = problems_of(write(tmp_path, text.replace("2020-04-01", "1 April", 1)))
    assert "unit.slug: 'mill brook' is not a short name" in found
    assert "valid_from: '1 April' is not a date. Write it like 2020-04-01." in found
    assert "objectives[1].number" in found
    assert not Unit.objects.exists()


def test_an_unknown_key_is_refused_with_a_near_match(tmp_path: Path) -> None:
    found = problems_of(write(tmp_path, STRATEGY.replace("short_name:", "shrt_name:")))
    assert 'unit.shrt_name: "shrt_name" is not a key that is known here. Did you mean "short_name"?' in found
    assert "unit.short_name: is missing." in found


def test_an_unknown_reference_is_refused_and_rolls_everything_back(tmp_path: Path) -> None:
    found = problems_of(write(tmp_path, STRATEGY.replace("source: M1", "source: M2")))
    assert 'strategy.versions[0].source: there is no source "M2".' in found
    assert not Unit.objects.exists()


def test_versions_that_overlap_are_refused(tmp_path: Path) -> None:
    second = "    - {key: v2, label: Second plan, valid_from: 2020-06-01, objectives: [{number: 1, title: One}]}\n"
    found = problems_of(write(tmp_path, STRATEGY.replace("areas:\n", second + "areas:\n", 1)))
    assert "strategy.versions[1].valid_from: 2020-06-01 falls inside the version v1." in found


def test_a_repeated_key_is_named_by_both_places(tmp_path: Path) -> None:
    found = problems_of(write(tmp_path, STRATEGY.replace("code: PAN", "code: X1")))
    assert 'areas[1].code: "X1" is already used by areas[0].' in found


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ("number: 2", "number: 1:30", "'1:30' is not a whole number."),
        ("number: 2", "number: 2.0", "'2.0' is not a whole number."),
        ("number: 2", "number: yes", "'True' is not a whole number."),
        ("place: Millbrook", "place: no", "is read as yes or no. Put the words in quotes."),
        ("kind: district", "kind: distrikt", 'Did you mean "district"?'),
        ("place: Millbrook", "place: Millbrook\n  place: Elsewhere", 'the key "place" is given twice'),
        ("valid_from: 2020-04-01", "valid_from: 2020-04-31", "file holds a value that cannot be read"),
        ("format: vru-strategy/1", "format: vru-strategy/9", "is not one of: vru-strategy/1."),
        ("strategy:\n", "strategy: [\n", "is not valid YAML"),
    ],
)
def test_what_yaml_would_mangle_is_refused(tmp_path: Path, before: str, after: str, sentence: str) -> None:
    assert sentence in problems_of(write(tmp_path, STRATEGY.replace(before, after, 1)))


def test_a_database_of_another_unit_refuses_in_one_sentence(tmp_path: Path) -> None:
    load_strategy(write(tmp_path, STRATEGY))
    before = tables()
    found = problems_of(LONDON / "strategy.yaml")
    assert "this database belongs to Millbrook Violence Reduction Unit, and a database holds one unit only." in found
    assert tables() == before


def test_a_missing_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"nowhere\.yaml: The file does not exist\. Check the path\."):
        call_command("load_strategy", str(tmp_path / "nowhere.yaml"))


def test_an_outline_with_a_mistake_keeps_the_strategy_out_too(tmp_path: Path) -> None:
    file = write(tmp_path, STRATEGY)
    outline = (
        "format: vru-outline/1\nkind: annual\ntitle: Annual\nsections:\n  - slug: one\n    title: One\n    blocks:\n"
    )
    write(tmp_path, outline + "      - {kind: tabel, table: funnel, caption: Funnel}\n", "outline.yaml")
    with pytest.raises(CommandError, match=r"sections\[0\]\.blocks\[0\]\.kind: 'tabel' is not one of: .*\"table\"\?"):
        call_command("load_strategy", str(file))
    assert not Unit.objects.exists()

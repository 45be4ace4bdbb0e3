"""A fictional unit whose report contradicts itself in more than thirty places: every one is found, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from evaluation.loading.published import load_published
from evaluation.rules import Found, find_issues
from programmes.models import SourceDocument
from tests.factories.programmes import SourceDocumentFactory, UnitFactory
from vru.lib.periods import FinancialYear

FOLDER = Path(__file__).resolve().parent / "fictional"
PLANTED: list[dict[str, Any]] = yaml.safe_load((FOLDER / "planted.yaml").read_text(encoding="utf-8"))
YEAR = FinancialYear(2030)

pytestmark = pytest.mark.django_db


class WithoutAliases(yaml.SafeDumper):
    """Values share their periods in the file; the loader wants each written out."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _values(published: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for statement in published["statements"]:
        for value in statement["values"]:
            yield f"{statement['ref']}.{value['key']}", value
    for wording in published["wordings"]:
        yield wording["ref"], wording


def _load(folder: Path, mended: list[dict[str, Any]]) -> list[Found]:
    """What is found once the values of ``mended`` are put right."""
    published = yaml.safe_load((FOLDER / "published.yaml").read_text(encoding="utf-8"))
    changes = {name: change for plant in mended for name, change in plant["mend"].items()}
    for name, value in _values(published):
        value.update(changes.pop(name, {}))
    assert not changes, "planted.yaml mends a value that does not exist"
    text = yaml.dump(published, Dumper=WithoutAliases, allow_unicode=True)
    (folder / "published.yaml").write_text(text, encoding="utf-8")
    UnitFactory()
    for key in ("N1", "N2"):
        SourceDocumentFactory(key=key, kind=SourceDocument.Kind.REPORT)
    load_published(folder)
    return find_issues(year=YEAR, layer="published")


def _places(found: list[Found]) -> set[tuple[str, str]]:
    return {(each.rule, each.where.rpartition("(")[2].rstrip(")")) for each in found}


def test_at_least_thirty_contradictions_are_planted() -> None:
    assert len(PLANTED) >= 30
    assert len({plant["rule"] for plant in PLANTED}) >= 24


def test_every_planted_contradiction_is_found_and_nothing_else(tmp_path: Path) -> None:
    found = _load(tmp_path, mended=[])
    assert _places(found) == {(plant["rule"], plant["where"]) for plant in PLANTED}
    assert len(found) == len(PLANTED)


def test_each_finding_is_as_grave_as_was_meant(tmp_path: Path) -> None:
    found = {(each.rule, each.where.rpartition("(")[2].rstrip(")")): each.severity for each in _load(tmp_path, [])}
    meant = {(plant["rule"], plant["where"]): plant.get("severity", "error") for plant in PLANTED}
    assert found == meant


def test_nothing_is_found_once_the_values_are_mended(tmp_path: Path) -> None:
    assert _load(tmp_path, mended=PLANTED) == []


@pytest.mark.parametrize("rule", ["parts-miss-total", "share-disagrees", "same-money-twice", "figure-unknown"])
def test_mending_one_contradiction_leaves_the_others(tmp_path: Path, rule: str) -> None:
    plant = next(each for each in PLANTED if each["rule"] == rule)
    expected = {(each["rule"], each["where"]) for each in PLANTED if each["where"] != plant["where"]}
    assert _places(_load(tmp_path, mended=[plant])) == expected


def test_every_finding_is_a_whole_sentence_with_its_sources(tmp_path: Path) -> None:
    for each in _load(tmp_path, mended=[]):
        assert each.explanation.endswith(".")
        assert each.explanation[0].isupper() or not each.explanation[0].isalpha()
        assert "None" not in each.explanation
        assert each.sources
        assert each.stated
        assert each.computed

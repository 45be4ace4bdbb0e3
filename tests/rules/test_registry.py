"""The rules themselves: general, described, and described truly in the documentation."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from evaluation.rules import all_rules
from evaluation.rules.describe import page
from evaluation.rules.registry import Rule

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGE = ROOT / "evaluation" / "rules"
MODULES = sorted(PACKAGE.rglob("*.py"))
# A year, a pound amount, or a thousand and more written out: what a rule that knew its data would hold.
_YEAR = re.compile(r"\b(19|20)\d{2}\b")
_AMOUNT = re.compile(r"£\s?\d|\b\d{1,3},\d{3}\b|\b\d+\.\d+m\b")


def _code(module: Path) -> str:
    """The module without its docstrings and comments, which may give examples."""
    return re.sub(r'"""[\s\S]*?"""|#.*', "", module.read_text(encoding="utf-8"))


@pytest.mark.parametrize("module", MODULES, ids=lambda module: str(module.relative_to(PACKAGE)))
def test_no_rule_names_a_year_or_an_amount(module: Path) -> None:
    assert not _YEAR.findall(_code(module))
    assert not _AMOUNT.findall(_code(module).replace("{", ""))


@pytest.fixture(scope="module")
def names() -> set[str]:
    """Every source, statement, measure, relation and series that the demonstration names."""
    names: set[str] = set()
    for file in sorted((ROOT / "demo" / "london").glob("published*.yaml")):
        published = yaml.safe_load(file.read_text(encoding="utf-8"))
        for statement in published.get("statements", []):
            names |= {statement["ref"], statement["source"]}
            names |= {value["measure"] for value in statement["values"] if "-" in value["measure"]}
        names |= {relation["ref"] for relation in published.get("relations", [])}
        names |= {series["slug"] for series in published.get("series", [])}
    return names


@pytest.mark.parametrize("module", MODULES, ids=lambda module: str(module.relative_to(PACKAGE)))
def test_no_rule_names_a_source_a_statement_or_a_measure_of_the_demonstration(module: Path, names: set[str]) -> None:
    text = module.read_text(encoding="utf-8")
    assert names
    assert not {name for name in names if re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text)}


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.slug)
def test_every_rule_has_a_slug_a_title_and_a_description(rule: Rule) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", rule.slug)
    assert rule.title
    assert rule.description.endswith(".")
    assert rule.severities


def test_the_documentation_is_what_the_rules_say() -> None:
    assert (ROOT / "docs" / "data-issues.md").read_text(encoding="utf-8") == page(), (
        "docs/data-issues.md is behind the rules. Write it again with: python manage.py data_issues --write-docs"
    )

"""The words of the reports: every number is bound, every reference exists, nothing is left to be written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml
from django.conf import settings

from evaluation.figures.key import FigureKey
from evaluation.figures.registry import families
from evaluation.reports.charts import CHARTS
from evaluation.reports.tables import TABLES
from evaluation.reports.tokens import OPTIONS, TEXTS
from vru.lib.narrative import Token, find_tokens

DEMO: Path = settings.BASE_DIR / "demo"
UNITS = ("london", "fenmoor")
LONDON_SECTIONS = [
    "snapshot",
    *("executive-summary", "introduction", "the-unit", "meeting-needs", "governance", "partners", "needs-assessment"),
    *("sustainability", "response-strategy", "engagement", "successes", "evaluation", "promising-practice", "progress"),
    *("theory-of-change", "lessons", "needs-assessment-review", "workplan", "public-health"),
]
# Sections that the unit owes its funder whole: nothing in them may be put off.
WHOLE = {
    *("sustainability", "response-strategy", "evaluation", "promising-practice", "progress", "theory-of-change"),
    *("lessons", "needs-assessment-review", "workplan", "public-health"),
}
PLACEHOLDER = re.compile(r"\b(tbc|tbd|todo|lorem|xxx|to be (supplied|confirmed|added)|placeholder|insert here)\b", re.I)
# Digits that name or place something and measure nothing. Everything else must be a token.
NAMES_NOT_MEASURES = [
    r"\b(19|20)\d\d(/\d\d)?\b",  # years, and the financial or school years of a source: 2020, 2018/19
    r"\b\d{1,2} (?=January|March)",  # days of named dates: 30 January 2020, 31 March
    r"\b[123][A-E]\b",  # sections of the report: 3C
    r"\bAppendix [123]\b",  # appendices of this report and of its sources
    r"\b[Ss]ections? \d[A-E]?\b",
    r"\b[Oo]bjective \d\b",  # objectives are numbered in the strategy
    r"(?m)^\d\. ",  # numbered lists
    r"\bunder 25\b|\bup to 25\b|\b18 to 25\b|\baged 1 to 24\b",  # ages that define a group, as sources name it
]


class Words(NamedTuple):
    """A text that is printed, and where it stands."""

    section: str
    place: str
    text: str
    layers: tuple[str, ...]


@cache
def outline(unit: str) -> dict[str, Any]:
    return yaml.safe_load((DEMO / unit / "outline.yaml").read_text(encoding="utf-8"))


def blocks(unit: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for section in outline(unit)["sections"]:
        for block in section["blocks"]:
            yield section["slug"], block


def words(unit: str) -> Iterator[Words]:
    """Every text of an outline that reaches the page: key points, prose, captions, notes, titles of callouts."""
    for section in outline(unit)["sections"]:
        for point in section["key_points"]:
            said = point if isinstance(point, dict) else {"text": point}
            yield Words(section["slug"], "key point", said["text"], tuple(said.get("layers", ())))
        for block in section["blocks"]:
            layers = tuple(block.get("layers", ()))
            for name in ("text", "caption", "note", "title"):
                if name in block:
                    yield Words(section["slug"], f"{block['kind']} {name}", block[name], layers)
            if "text_file" in block:
                text = (DEMO / unit / block["text_file"]).read_text(encoding="utf-8")
                yield Words(section["slug"], block["text_file"], text, layers)


def tokens(unit: str) -> Iterator[tuple[str, Token]]:
    for said in words(unit):
        for token in find_tokens(said.text):
            yield f"{said.section}, {said.place}", token
    for slug, block in blocks(unit):
        for key in block.get("keys", ()):
            yield f"{slug}, figures", Token(key, "")


@cache
def published(unit: str) -> list[dict[str, Any]]:
    return [yaml.safe_load(file.read_text(encoding="utf-8")) for file in sorted((DEMO / unit).glob("published*.yaml"))]


def rows(unit: str, name: str) -> list[dict[str, Any]]:
    return [row for file in published(unit) for row in file.get(name) or []]


def value_refs(unit: str) -> set[str]:
    return {f"{each['ref']}.{value['key']}" for each in rows(unit, "statements") for value in each["values"]}


@pytest.mark.parametrize("unit", UNITS)
def test_every_token_is_a_text_or_a_figure_of_a_family_that_exists(unit: str) -> None:
    known = {family.name: set(family.parameters) for family in families()}
    wrong = []
    for place, token in tokens(unit):
        if token.option and token.option not in OPTIONS:
            wrong.append(f"{place}: {token} asks for an unknown display")
        if token.body in TEXTS:
            continue
        key = FigureKey.parse(token.body)
        if key.name not in known or not set(key.names) <= known[key.name]:
            wrong.append(f"{place}: {token}")
    assert wrong == []


@pytest.mark.parametrize("unit", UNITS)
def test_every_stated_value_and_series_that_the_words_name_is_in_the_unit_s_files(unit: str) -> None:
    refs, slugs = value_refs(unit), {row["slug"] for row in rows(unit, "series")}
    sources = {row["slug"] for row in rows(unit, "funding_sources")}
    keys = [(place, FigureKey.parse(token.body)) for place, token in tokens(unit) if token.body not in TEXTS]
    wrong = [f"{place}: {key}" for place, key in keys if key.get("ref") and key.get("ref") not in refs]
    wrong += [f"{place}: {key}" for place, key in keys if key.get("series") and key.get("series") not in slugs]
    wrong += [f"{place}: {key}" for place, key in keys if key.get("source") and key.get("source") not in sources]
    assert wrong == []


@pytest.mark.parametrize("unit", UNITS)
def test_every_table_and_chart_exists_with_the_values_and_series_it_asks_for(unit: str) -> None:
    refs, slugs = value_refs(unit), {row["slug"] for row in rows(unit, "series")}
    wrong = []
    for section, block in blocks(unit):
        if block["kind"] == "table" and block["table"] not in TABLES:
            wrong.append(f"{section}: table {block['table']}")
        if block["kind"] == "chart" and block["chart"] not in CHARTS:
            wrong.append(f"{section}: chart {block['chart']}")
        params = block.get("params", {})
        wrong += [f"{section}: {ref}" for ref in params.get("refs", ()) if ref not in refs]
        wrong += [f"{section}: {slug}" for slug in params.get("series", ()) if slug not in slugs]
    assert wrong == []


@pytest.mark.parametrize("unit", UNITS)
def test_every_published_list_of_recommendations_has_recommendations(unit: str) -> None:
    # A recommendation belongs to the group it names, or else to its document.
    groups = {row.get("group") or row["source"].lower() for row in rows(unit, "recommendations")}
    asked = {
        block["group"]
        for _section, block in blocks(unit)
        if block["kind"] == "recommendations" and "published" in block.get("layers", ["published"])
    }
    assert asked <= groups


@pytest.mark.parametrize("unit", UNITS)
def test_no_number_is_typed_outside_a_token(unit: str) -> None:
    typed = []
    for said in words(unit):
        rest = re.sub(r"\{\{[^{}]*\}\}", "", said.text)
        for pattern in NAMES_NOT_MEASURES:
            rest = re.sub(pattern, "", rest)
        typed += [
            f"{said.section}, {said.place}: …{rest[max(0, found.start() - 30) : found.end() + 20]!r}"
            for found in re.finditer(r"\d[\d,.]*", rest)
        ]
    assert typed == []


@pytest.mark.parametrize("unit", UNITS)
def test_nothing_is_left_to_be_written(unit: str) -> None:
    assert [f"{said.section}: {said.place}" for said in words(unit) if PLACEHOLDER.search(said.text)] == []


def test_the_london_report_has_every_section_that_the_home_office_asks_for() -> None:
    assert [section["slug"] for section in outline("london")["sections"]] == LONDON_SECTIONS


def test_the_sections_owed_whole_hold_words_in_both_editions_and_nothing_is_not_supplied() -> None:
    for layer in ("published", "illustrative"):
        for slug in WHOLE:
            said = [
                each for each in words("london") if each.section == slug and (not each.layers or layer in each.layers)
            ]
            assert sum(len(each.text.split()) for each in said) >= 60, f"{slug} says too little in the {layer} edition"
    assert [slug for slug, block in blocks("london") if block["kind"] == "not_supplied" and slug in WHOLE] == []


def test_only_the_published_edition_quotes_stated_figures_and_series() -> None:
    quoting = [
        f"{said.section}: {said.place}"
        for said in words("london")
        if said.layers != ("published",)
        and any(token.body.startswith(("stated.", "series.")) for token in find_tokens(said.text))
    ]
    assert quoting == []


def test_the_illustrative_edition_says_that_everything_in_it_is_invented() -> None:
    summary = next(each for each in outline("london")["sections"] if each["slug"] == "executive-summary")
    first = summary["blocks"][0]
    assert first["kind"] == "callout"
    assert first["layers"] == ["illustrative"]
    assert "invented" in first["title"]


def test_every_narrative_file_is_printed_somewhere() -> None:
    for unit in UNITS:
        used = {block["text_file"] for _section, block in blocks(unit) if "text_file" in block}
        kept = {f"narrative/{file.name}" for file in (DEMO / unit / "narrative").glob("*.md")}
        assert used == kept


def test_the_third_unit_s_report_names_nothing_of_the_first() -> None:
    # Borough, mayor and funder are words of its data, if of anything; the outline itself uses tokens.
    files = [DEMO / "fenmoor" / "outline.yaml", *(DEMO / "fenmoor" / "narrative").glob("*.md")]
    text = "\n".join(file.read_text(encoding="utf-8") for file in files).lower()
    assert not re.search(r"london|borough|mayor|home office", text)

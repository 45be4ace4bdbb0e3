"""Facts: frozen, hashed, complete, and refused when they are not what they were."""

from __future__ import annotations

import json

import pytest

from evaluation.reports.charts import CHARTS
from evaluation.reports.context import report_context, report_html
from evaluation.reports.errors import CorruptSnapshot, NothingToReport, ReportError, UnknownToken
from evaluation.reports.facts import Facts
from evaluation.reports.imprint import Imprint, Signature
from evaluation.reports.tables import TABLES
from tests.report import unit_year as year

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def full():
    year.unit_year()
    year.outline()


def blocks(facts: Facts, kind: str) -> list[dict]:
    return [block for section in facts.data["sections"] for block in section["blocks"] if block["kind"] == kind]


def prose(text: str, **more) -> dict:
    return {"slug": "one", "title": "One", "blocks": [{"kind": "prose", "text": text, **more}]}


def test_the_same_data_gives_the_same_hash(full):
    first, second = year.facts(), year.facts()
    assert first.content == second.content
    assert first.sha256 == second.sha256


def test_facts_survive_their_own_snapshot(full):
    facts = year.facts()
    assert Facts.read(facts.content, facts.sha256).data == facts.data


def test_a_changed_cut_or_foreign_snapshot_is_refused(full):
    facts = year.facts()
    with pytest.raises(CorruptSnapshot, match="changed after it was made"):
        Facts.read(facts.content.replace(b"Mentors", b"Mentor5"), facts.sha256)
    with pytest.raises(CorruptSnapshot, match="damaged or cut off"):
        Facts.read(facts.content[:-20])
    with pytest.raises(CorruptSnapshot, match="format"):
        Facts.read(b'{"format": "other"}')
    with pytest.raises(CorruptSnapshot, match="canonical"):
        Facts.read(json.dumps(facts.data).encode())


def test_every_registered_table_and_chart_is_shown_by_the_full_outline():
    assert set(year.TABLES) == set(TABLES)
    assert set(year.CHARTS) == set(CHARTS)


def test_every_table_and_chart_has_rows_for_a_full_year(full):
    facts = year.facts()
    shown = {block["caption"] for kind in ("table", "chart") for block in blocks(facts, kind)}
    assert {f"Table of {name}" for name in TABLES} | {f"Chart of {name}" for name in CHARTS} <= shown
    assert blocks(facts, "nothing") == []


def test_every_table_and_chart_says_in_a_sentence_that_it_is_empty():
    year.empty_unit()
    year.strategy()
    year.outline()
    facts = year.facts()
    context, _missing = report_context(facts)
    said = " ".join(block["html"] for s in context["sections"] for block in s["blocks"] if block["kind"] == "prose")
    empty = {"reach_by_quarter", "funnel", "indicators", "series_table", "unit_costs", "findings", "stated_values"}
    for name in empty:
        assert f"Table of {name}: there is nothing to show, because" in said


def test_tables_and_charts_are_numbered_in_the_order_of_the_page(full):
    facts = year.facts()
    assert [block["number"] for block in blocks(facts, "table")] == list(range(1, len(TABLES) + 1))
    charts = [*blocks(facts, "chart"), *blocks(facts, "logic_model")]
    assert [block["number"] for block in charts] == list(range(1, len(CHARTS) + 2))


def test_every_figure_printed_is_in_the_index_with_its_places(full):
    facts = year.facts()
    listed = facts.data["figures"]
    for block in blocks(facts, "table"):
        keys = [cell["key"] for row in block["rows"] for cell in row["cells"] if cell["key"]]
        assert all(f"Table {block['number']}" in listed[key]["where"] for key in keys)
    assert listed["funding.total"]["where"][:2] == ["Snapshot", "Summary"]
    context, _missing = report_context(facts)
    assert {item["key"] for item in context["figures_index"]} == set(listed)


def test_narrative_prints_figures_and_texts(full):
    html, missing = report_html(year.facts())
    assert "Testshire VRU had £8.1m." in html
    assert "It reached <strong>140</strong> people for £8,100,000.00." in html
    assert "As at 30 June 2021." in html
    assert missing == []


@pytest.mark.parametrize(
    ("token", "printed"),
    [
        ("funding.total", "£8.1m"),
        ("funding.total | exact", "£8,100,000.00"),
        ("funding.total | short", "£8.1m"),
        ("funding.total | words", "£8.1 million"),
        ("funding.total | plain", "8100000.00"),
        ("funding.source   source=home", "£7.6m"),
    ],
)
def test_a_token_is_shown_as_it_asks(token, printed):
    year.unit_year()
    year.outline(prose(f"It had {{{{{token}}}}}."))
    assert f"<p>It had {printed}.</p>" in report_html(year.facts())[0]


def test_a_token_without_a_figure_says_so_and_is_listed():
    year.unit_year()
    year.outline(prose("{{reach.new programme=P2}}"))
    html, missing = report_html(year.facts())
    assert "[no figure: reach.new programme=P2]" in html
    assert missing == ["reach.new programme=P2"]


@pytest.mark.parametrize(
    "token", ["funding.totl", "reach.new objective=99", "reach.new colour=red", "funding.total | loud", "not a key!"]
)
def test_an_unknown_token_stops_the_build_and_names_its_section(token):
    year.unit_year()
    year.outline(prose(f"It had {{{{{token}}}}}."))
    with pytest.raises(UnknownToken, match='In section "One"'):
        year.facts()


def test_blocks_of_another_layer_are_left_out():
    year.unit_year()
    year.outline(prose("Only published: {{nonsense}}.", layers=["published"]))
    assert blocks(year.facts(), "prose") == []


@pytest.mark.parametrize(
    ("block", "sentence"),
    [
        ({"kind": "table", "table": "nonsense", "caption": "x"}, "no table"),
        ({"kind": "chart", "chart": "nonsense", "caption": "x"}, "no chart"),
        (
            {"kind": "table", "table": "reach_breakdown", "caption": "x", "params": {"dimension": "shoes"}},
            "no dimension",
        ),
        ({"kind": "table", "table": "series_table", "caption": "x", "params": {"series": ["shoes"]}}, "no series"),
        ({"kind": "table", "table": "series_table", "caption": "x"}, "series"),
        ({"kind": "nonsense"}, "nonsense"),
    ],
)
def test_a_block_that_cannot_be_made_names_its_section(block, sentence):
    year.unit_year()
    year.outline({"slug": "one", "title": "One", "blocks": [block]})
    with pytest.raises(ReportError, match=f'In section "One".*{sentence}'):
        year.facts()


def test_a_year_without_data_and_an_unknown_kind_are_refused_in_a_sentence(full):
    with pytest.raises(NothingToReport, match="There is no illustrative data for 2020-21"):
        year.facts(layer="illustrative")
    with pytest.raises(NothingToReport, match="Known kinds: annual"):
        year.facts(kind="weekly")


def test_an_illustrative_draft_is_marked_on_every_page(full):
    facts = year.facts()
    context, _missing = report_context(facts)
    assert context["edition"]["mark"] == "Draft"
    illustrative = Facts({**facts.data, "layer": "illustrative"})
    assert report_context(illustrative)[0]["edition"]["mark"] == "Illustrative data · Draft"


def test_a_signed_edition_of_real_data_carries_no_mark(full):
    signature = Signature("A Director", "Director", "2021-06-30T10:00:00")
    imprint = Imprint(number=3, status="signed_off", signature=signature)
    edition = report_context(year.facts(), imprint)[0]["edition"]
    assert edition["signed"] == {"name": "A Director", "role": "Director", "date": "30 June 2021", "restated": ""}
    assert edition["mark"] is None
    assert edition["status_label"] == "Signed off, edition 3"

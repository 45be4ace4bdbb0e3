"""A section's text and its blocks: the same both ways, and nothing that is typed is lost."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from evaluation.reports.content import for_layer
from evaluation.reports.markup import parse_blocks, write_blocks

DEMO = Path(__file__).resolve().parents[2] / "demo"
WORD = st.from_regex(r"[a-z]{1,8}(-[a-z]{1,8})?", fullmatch=True)
LINE = st.lists(WORD, min_size=1, max_size=6).map(" ".join)
PROSE = st.builds(lambda lines: {"kind": "prose", "text": "\n\n".join(lines)}, st.lists(LINE, min_size=1, max_size=3))
TABLE = st.builds(
    lambda name, caption, series: {"kind": "table", "table": name, "caption": caption, "params": {"series": series}},
    WORD,
    LINE,
    st.lists(WORD, min_size=1, max_size=3),
)
CALLOUT = st.builds(lambda title, text: {"kind": "callout", "title": title, "text": text}, LINE, LINE)
KEYS = st.builds(lambda keys: {"kind": "figures", "keys": keys}, st.lists(LINE, min_size=1, max_size=3))


def apart(blocks: list[dict[str, Any]]) -> bool:
    """Two proses in a row would be one."""
    kinds = [block["kind"] for block in blocks]
    return ("prose", "prose") not in pairwise(kinds)


@given(st.lists(st.one_of(PROSE, TABLE, CALLOUT, KEYS), max_size=6).filter(apart))
def test_blocks_written_as_text_are_read_back_the_same(blocks: list[dict[str, Any]]) -> None:
    assert parse_blocks(write_blocks(blocks)) == blocks


PIECES = (":::", ":::table ", ":::callout", "caption: ", "X", "Y", " ", "\n", "\n\n", "#", "|", "{{")


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_no_text_is_refused_and_no_letter_of_it_lost(text: str) -> None:
    kept = str(parse_blocks(text))
    assert kept.count("X") >= text.count("X")
    assert kept.count("Y") >= text.count("Y")


@pytest.mark.parametrize("name", ["london", "fenmoor"])
@pytest.mark.parametrize("layer", ["published", "illustrative", "recorded"])
def test_every_section_of_the_shipped_outlines_survives_being_written_as_text(name: str, layer: str) -> None:
    outline = yaml.safe_load((DEMO / name / "outline.yaml").read_text(encoding="utf-8"))
    for section in outline["sections"]:
        blocks = []
        for block in for_layer(section.get("blocks") or [], layer):
            block.pop("layers", None)
            if "text_file" in block:
                block["text"] = (DEMO / name / block.pop("text_file")).read_text(encoding="utf-8")
            blocks.append({key: value for key, value in block.items() if value not in (None, "", [], {})})
        made = [each for each in blocks if each["kind"] != "prose"]
        assert [each for each in parse_blocks(write_blocks(blocks)) if each["kind"] != "prose"] == made


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (":::table\ncaption: A\n:::", "Line 1: say which table"),
        (":::tabel x\n:::", "names no kind of block"),
        (":::table x\ncaption A\n:::", "Line 2"),
        (":::table x\ncaption: A", "no closing line"),
        (":::callout\ntitle: A\n:::", "says nothing"),
        (":::studies\nseries: a\n:::", 'has no field "series"'),
        ("Words.\n\n:::table x\n:::chart y\n:::", "Line 3"),
    ],
)
def test_a_fence_that_cannot_be_read_says_so_with_its_line(text: str, sentence: str) -> None:
    problems = [block["text"] for block in parse_blocks(text) if block["kind"] == "problem"]
    assert sentence in problems[0]

"""Files and narratives written to do harm."""

from __future__ import annotations

from pathlib import Path

import pytest

from programmes.loading.problems import LoadError
from programmes.loading.yaml_file import read_yaml
from vru.lib.narrative import to_html
from vru.lib.sheets import harmless

HARMFUL = '"><script>alert(1)</script>'


def test_aliases_that_stand_for_more_than_memory_holds_are_refused(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{step}: &a{step} [{', '.join([f'*a{step - 1}'] * 9)}]" for step in range(1, 12)]
    file = tmp_path / "strategy.yaml"
    file.write_text("\n".join(lines))
    with pytest.raises(LoadError, match="aliases"):
        read_yaml(file)


def test_an_alias_to_what_it_stands_in_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "strategy.yaml"
    file.write_text("a: &a [*a]")
    with pytest.raises(LoadError):
        read_yaml(file)


def test_an_alias_used_a_few_times_is_read(tmp_path: Path) -> None:
    file = tmp_path / "strategy.yaml"
    file.write_text("a: &a [1, 2]\nb: *a\nc: *a")
    assert read_yaml(file) == {"a": [1, 2], "b": [1, 2], "c": [1, 2]}


@pytest.mark.parametrize("text", ["!!python/object/apply:os.system [id]", "!!python/name:os.system", "a: !new x"])
def test_a_file_that_asks_for_code_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "strategy.yaml"
    file.write_text(f"x: {text}\n")
    with pytest.raises(LoadError):
        read_yaml(file)


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "[x](data:text/html,1)",
        "{{t}}",
        "`{{t}}`",
        '[x](https://unit.example "{{t}}")',
        "[{{t}}]({{t}})",
        "<https://unit.example/{{t}}>",
    ],
)
def test_neither_a_narrative_nor_a_value_in_it_becomes_markup(text: str) -> None:
    made = to_html(text, lambda _token: HARMFUL)
    assert "<script" not in made
    assert 'href="javascript' not in made
    assert 'href="data' not in made


@pytest.mark.parametrize("index", ["0", "7", "9" * 5000])
def test_a_place_typed_as_a_character_reference_stands_for_nothing(index: str) -> None:
    assert "<p>" in to_html(f"&#xE000;{index}&#xE001; here", lambda _token: "1")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "\uff1d"])
def test_no_text_in_a_csv_begins_as_a_formula_does(start: str) -> None:
    assert harmless(f"{start}cmd|' /C calc'!A0").startswith("'")

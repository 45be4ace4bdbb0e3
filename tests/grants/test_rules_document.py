"""The document of the rules is current, whole, and names only what there is."""

from __future__ import annotations

import importlib
import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from grants.validation import RULES
from grants.validation.catalogue import ITEMS, Item
from grants.validation.registry import rule
from vru.management.commands import return_rules


def test_the_document_on_disk_is_what_the_rules_say() -> None:
    printed = io.StringIO()
    call_command("return_rules", stdout=printed)
    assert return_rules.PLACE.read_text(encoding="utf-8") == printed.getvalue()


def test_the_check_fails_for_a_document_that_is_out_of_date(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(return_rules, "PLACE", tmp_path / "rules.md")
    with pytest.raises(CommandError, match="out of date"):
        call_command("return_rules", check=True)
    call_command("return_rules", write=True, stderr=io.StringIO())
    call_command("return_rules", check=True)


def test_every_rule_answers_something_that_may_go_wrong() -> None:
    assert {code for item in ITEMS for code in item.codes} == set(RULES)


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.what)
def test_every_place_named_exists(item: Item) -> None:
    assert item.codes or item.places
    for place in item.places:
        module, _, name = place.partition(":")
        assert hasattr(importlib.import_module(module), name)


def test_meanings_are_sentences_with_thresholds_in_figures() -> None:
    assert "more than 20% of a breakdown" in RULES["W204"].meaning.lower()
    for found in RULES.values():
        assert found.meaning.endswith(".")
        assert "{" not in found.meaning


def test_a_code_or_a_name_cannot_be_taken_twice_nor_left_without_a_meaning() -> None:
    with pytest.raises(ValueError, match="registered twice"):
        rule("R101", "another")(RULES["R101"].check)
    with pytest.raises(ValueError, match="registered twice"):
        rule("R999", "breakdown-sum")(RULES["R101"].check)
    with pytest.raises(ValueError, match="needs a docstring"):
        rule("R999", "silent")(lambda outcome, facts: [])

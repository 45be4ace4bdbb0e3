"""Narrative: Markdown with figure tokens becomes safe HTML, and a value never becomes markup."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vru.lib.narrative import Token, fill, find_tokens, to_html, to_text

VALUES = {"funding.total": "£19.7m", "odd": "<b>*1* & [c]</b>"}


def resolve(token: Token) -> str:
    return VALUES.get(token.body, f"{token.body}/{token.option}")


def html(text: str) -> str:
    return to_html(text, resolve)


def test_tokens_are_found_with_their_display_option():
    found = find_tokens("{{ funding.total | exact }} and {{reach.new   objective=5}}")
    assert found == [Token("funding.total", "exact"), Token("reach.new objective=5", "")]


def test_a_bar_in_a_token_does_not_end_the_cell_of_a_table():
    made = html("| what | value |\n|---|--:|\n| a | {{x | exact}} |")
    assert made.count("<td") == 2
    assert '<td class="number">x/exact</td>' in made
    assert '<th scope="col" class="number">value</th>' in made


def test_a_token_inside_strong_text_stands_in_it():
    assert html("It had **{{funding.total}}**.") == "<p>It had <strong>£19.7m</strong>.</p>"


def test_a_value_is_text_and_never_markup():
    assert html("{{odd}}") == "<p>&lt;b&gt;*1* &amp; [c]&lt;/b&gt;</p>"


def test_a_token_in_the_address_of_a_link_is_quoted():
    assert "%3Cb%3E" in html("[a](https://example.org/{{odd}})")


def test_raw_html_is_shown_and_not_obeyed():
    made = html("<script>alert(1)</script><img src=x onerror=alert(1)>")
    assert "<script" not in made
    assert "<img" not in made


def test_pictures_are_not_loaded_from_elsewhere():
    assert "<img" not in html("![a](https://example.org/a.png)")


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd"])
def test_dangerous_addresses_make_no_link(address):
    assert "href" not in html(f"[a]({address})")


def test_headings_begin_below_the_heading_of_the_section():
    assert html("# One\n\n### Three\n\n###### Six") == "<h3>One</h3>\n<h5>Three</h5>\n<h5>Six</h5>"


def test_letters_used_for_places_cannot_be_smuggled_in():
    assert html("\ue0000\ue001 {{funding.total}}") == "<p>0 £19.7m</p>"


def test_captions_are_filled_without_markdown():
    assert fill("Funding *{{funding.total}}*", resolve) == "Funding *£19.7m*"


def test_words_alone_keep_no_marks():
    assert to_text("**{{funding.total}}** & more", resolve) == "£19.7m & more"


def test_a_hundred_thousand_characters_are_rendered_whole():
    assert html("word {{funding.total}} " * 5_000).count("£19.7m") == 5_000


@given(st.text(max_size=200))
def test_any_text_becomes_html_without_script_or_event(text):
    made = to_html(text, lambda token: "<script>x</script>").lower()
    assert "<script" not in made

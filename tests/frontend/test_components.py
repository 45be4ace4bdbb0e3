"""The one tag over the library's macros: what it escapes, what it refuses, what it lets through."""

from __future__ import annotations

import pytest
from django.template import engines
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from hypothesis import given
from hypothesis import strategies as st

from vru.lib.govuk.components import UnknownComponent, component, environment, nest

SCRIPT = "<script>alert(1)</script>"


def rendered(source: str, **context: object) -> str:
    return engines["django"].from_string(source).render(context)


def test_text_is_escaped() -> None:
    assert "&lt;script&gt;" in component("tag", {"text": SCRIPT})
    assert "<script" not in component("tag", {"text": SCRIPT})


def test_text_is_escaped_even_when_marked_safe() -> None:
    assert "<script" not in component("tag", {"text": mark_safe(SCRIPT)})


def test_html_that_is_not_marked_safe_is_escaped() -> None:
    assert "<script" not in component("inset-text", {"html": SCRIPT})


def test_html_from_format_html_is_kept() -> None:
    html = component("inset-text", {"html": format_html("<b>{}</b>", "a & b")})
    assert "<b>a &amp; b</b>" in html


def test_html_deep_inside_lists_is_escaped() -> None:
    html = component("summary-list", {"rows": [{"key": {"html": SCRIPT}, "value": {"html": SCRIPT}}]})
    assert "<script" not in html
    assert html.count("&lt;script&gt;") == 2


def test_a_quote_cannot_leave_an_attribute() -> None:
    html = component("button", {"text": "Go", "attributes": {"data_name": mark_safe('" onclick="x')}})
    assert 'onclick="x' not in html
    assert "data-name=" in html


def test_attributes_given_as_text_are_refused_because_they_would_skip_escaping() -> None:
    with pytest.raises(TypeError, match="mapping"):
        component("button", {"text": "Go", "attributes": 'onclick="x"'})


def test_an_unknown_component_is_named_in_the_error() -> None:
    with pytest.raises(UnknownComponent, match="carousel"):
        component("carousel", {})


def test_the_environment_is_made_once_and_escapes() -> None:
    assert environment() is environment()
    assert environment().autoescape is True


def test_two_underscores_make_a_nested_option() -> None:
    assert nest({"label__text": "Name", "label__classes": "x"}) == {"label": {"text": "Name", "classes": "x"}}


def test_the_tag_takes_snake_case_options() -> None:
    assert "More about this" in rendered('{% govuk "details" summary_text="More about this" text="x" %}')


def test_a_button_may_have_a_name() -> None:
    assert 'name="action"' in rendered('{% govuk "button" text="Go" name="action" value="1" %}')


def test_the_block_keeps_markup_of_the_template_and_escapes_its_variables() -> None:
    source = '{% govukblock "details" summary_text="More" %}<em>{{ typed }}</em>{% endgovukblock %}'
    html = rendered(source, typed=SCRIPT)
    assert "<em>&lt;script&gt;" in html


def test_a_scrolling_table_says_what_it_holds_and_takes_the_keyboard() -> None:
    html = rendered("{% scrolltable name %}<table></table>{% endscrolltable %}", name="Awards & payments")
    assert 'aria-label="Awards &amp; payments"' in html
    assert 'tabindex="0"' in html


def test_a_status_carries_its_words_and_an_unknown_one_is_grey() -> None:
    assert "govuk-tag--red" in rendered('{% status_tag "overdue" %}')
    assert "In review" in rendered('{% status_tag "in_review" %}')
    assert "govuk-tag--grey" in rendered('{% status_tag "never seen" %}')


@given(st.text(min_size=1))
def test_no_text_opens_an_element(text: str) -> None:
    assert component("inset-text", {"text": text}).count("<") == 2

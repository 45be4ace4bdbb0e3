"""The unit's own parts: what each shows, and what it never lets through."""

from __future__ import annotations

import re

from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.template.loader import render_to_string

from tests.frontend.gallery import context
from vru.lib.govuk.statuses import COLOURS

SCRIPT = "<script>alert(1)</script>"
TAG_COLOURS = {"grey", "blue", "purple", "yellow", "orange", "red", "green"}


def part(name: str, **values: object) -> str:
    return render_to_string(f"components/_{name}.html", values)


def test_messages_are_told_apart_and_escaped() -> None:
    html = part(
        "messages",
        messages=[
            Message(constants.SUCCESS, f"Saved {SCRIPT}"),
            Message(constants.INFO, "The return is due on 15 January 2021."),
            Message(constants.ERROR, f"Not saved {SCRIPT}"),
        ],
    )
    assert "<script" not in html
    assert html.count("govuk-notification-banner--success") == 1
    assert html.count('data-module="govuk-error-summary"') == 1
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert ids == ["message-title-1", "message-title-2"]


def test_a_table_gives_every_column_and_row_its_header() -> None:
    values = context()
    html = part("table", caption="Grants", columns=values["columns"], rows=values["table"], foot=values["foot"])
    assert html.count('scope="col"') == 4
    assert html.count('scope="row"') == 3
    assert "<caption" in html
    assert html.count("govuk-table__cell--numeric") == 6


def test_a_cell_that_holds_nothing_shows_a_dash_and_nought_shows_nought() -> None:
    columns = [{"label": "Grant"}, {"label": "People", "numeric": True}]
    for value, shown in ((None, "–"), (0, "0"), ("", "")):
        html = part("table", caption="x", columns=columns, rows=[["Club", value]])
        assert re.search(rf">\s*{shown}\s*</td>", html)


def test_cells_rows_and_numbers_are_escaped() -> None:
    columns = [{"label": SCRIPT}]
    assert "<script" not in part("table", caption=SCRIPT, columns=columns, rows=[[SCRIPT], [{"text": SCRIPT}]])
    assert "<script" not in part("summary_list", rows=[{"key": SCRIPT, "value": SCRIPT, "href": "#"}])
    assert "<script" not in part("big_numbers", numbers=[{"value": SCRIPT, "label": SCRIPT, "basis": SCRIPT}])
    assert "<script" not in part("page_heading", title=SCRIPT, caption=SCRIPT, lead=SCRIPT)


def test_progress_says_in_words_what_the_bar_shows() -> None:
    html = part("progress", label="People supported", value=30, maximum=40, text="30 of 40")
    assert re.search(r'<progress[^>]+value="30"[^>]+max="40"[^>]+aria-label="People supported"', html)
    assert html.count("30 of 40") == 2


def test_a_task_that_cannot_start_is_no_link() -> None:
    html = part("task_list", tasks=[{"title": "Declaration", "href": None, "status": "not_started", "label": "Later"}])
    assert "<a " not in html
    assert "Later" in html


def test_the_layers_are_named_and_nothing_else_is() -> None:
    assert "Invented" in part("layer_note", layer="illustrative")
    assert "Published" in part("layer_note", layer="published")
    assert part("layer_note", layer="").strip() == ""


def test_every_status_colour_is_one_the_tag_has() -> None:
    assert set(COLOURS.values()) <= TAG_COLOURS

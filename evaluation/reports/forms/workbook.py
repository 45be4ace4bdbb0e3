"""A funder's workbook from facts: its sheets, in its order, under its headings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from evaluation.reports.facts import Facts
from evaluation.reports.tokens import Resolver
from vru.lib.narrative import fill, to_text
from vru.lib.sheets import Sheet, SheetColumn, Stack

_FACTS = (SheetColumn("What"), SheetColumn("Answer"))
_ANSWERS = (SheetColumn("Question"), SheetColumn("Answer"))
NOT_WRITTEN = "Not written yet."


def funder_sheets(facts: Facts, tables: Mapping[str, Sheet], notes: Sequence[str] = ()) -> list[Stack]:
    """The sheets that the outline lays out; none where it lays out none. ``tables`` are the forms by name, as sheets;
    ``notes`` stand on every sheet.
    """
    data = facts.data
    resolver = Resolver(data["figures"], data["texts"])
    return [
        Stack(
            sheet["sheet"],
            sheet["title"],
            tuple(_parts(data, sheet, tables, resolver)),
            (*notes, *([fill(sheet["note"], resolver)] if sheet.get("note") else [])),
        )
        for sheet in data.get("workbook", ())
    ]


def _parts(
    data: Mapping[str, Any], sheet: Mapping[str, Any], tables: Mapping[str, Sheet], resolver: Resolver
) -> Iterator[Sheet]:
    if sheet.get("facts"):
        rows = tuple((each["label"], fill(each["text"], resolver)) for each in sheet["facts"])
        yield Sheet("", "About this return", _FACTS, rows)
    for name in sheet.get("forms", ()):
        # Somebody took the table out of the report: its place in the funder's workbook says so.
        yield tables.get(name) or Sheet("", name, (), (), ("There is nothing to show here in this edition.",))
    if sheet.get("answers"):
        answered = {each["section"]: answer_of(data, each["section"], resolver) for each in sheet["answers"]}
        rows = tuple((each["label"], answered[each["section"]] or NOT_WRITTEN) for each in sheet["answers"])
        yield Sheet("", "Answers", _ANSWERS, rows)


def answer_of(data: Mapping[str, Any], slug: str, resolver: Resolver) -> str:
    """What a section says in words: its key points and prose, without tables; "" where nothing is written."""
    section = next((each for each in data["sections"] if each["slug"] == slug), None)
    if section is None:
        return ""
    texts = [*section["key_points"], *(block["text"] for block in section["blocks"] if block["kind"] == "prose")]
    return "\n\n".join(to_text(text, resolver) for text in texts)

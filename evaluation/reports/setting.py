"""How facts are set on a page: codes for places, long lists side by side, numbers that stay whole."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

Context = dict[str, Any]
# Places of a figure named in the index; the annex has all of them.
MOST_NAMED = 5
# How often a list of names stands side by side, by its columns, once it has more rows than `LONG_LIST`.
FOLDS = {2: 3, 3: 2}
LONG_LIST = 12
_PLACE = re.compile(r"^(Section|Appendix|Table|Figure) (\w+)$")
_ABOUT = re.compile(r"(?<![\w/.=\"-])(?:c\.|−)£?\d[\d,.]*\d(?:m|bn|%)?")


def without_repeats(blocks: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Charts whose every figure stands in a table of the same section point to it instead of printing it again."""
    tables = [block for block in blocks if block["kind"] == "table"]
    keys = {block["number"]: {cell["key"] for row in block["rows"] for cell in row["cells"]} for block in tables}
    # The same number may have two keys: people by borough as a slice and as a category of residence.
    pairs = {
        block["number"]: {(row["header"], cell["text"]) for row in block["rows"] for cell in row["cells"]}
        for block in tables
    }
    made: list[Mapping[str, Any]] = []
    for block in blocks:
        if block["kind"] == "chart":
            own = {key for row in block["series"] for key in row["keys"] if key}
            shown = _named_values(block)
            number = next((n for n in keys if (own and own <= keys[n]) or (shown and shown <= pairs[n])), None)
            if number is not None:
                note = f"The data of this figure is in table {number}."
                block = {**block, "in_table": number, "notes": [*block["notes"], note]}
        made.append(block)
    return made


def _named_values(chart: Mapping[str, Any]) -> set[tuple[str, str]]:
    """(category, value as printed) of a chart with one row of values."""
    if len(chart["series"]) != 1:
        return set()
    names = {area["code"]: area["name"] for area in chart["areas"]}
    row = chart["series"][0]
    named = [names.get(category, category) for category in chart["categories"]]
    return {(name, text) for name, text, key in zip(named, row["displays"], row["keys"], strict=True) if key}


def places(where: list[str]) -> str:
    """Places as codes: section 1E is "1E", appendix 1 "A1", table 4 "T4". A section without a number is named."""
    codes = [_code(each) for each in where]
    shown = ", ".join(codes[:MOST_NAMED])
    return f"{shown}, +{len(codes) - MOST_NAMED}" if len(codes) > MOST_NAMED else shown


def _code(place: str) -> str:
    found = _PLACE.match(place)
    if found is None:
        return place
    return found[2] if found[1] == "Section" else found[1][0] + found[2]


def unbroken(html: str) -> str:
    """An approximate or negative number on one line: nothing parts "c." or a minus sign from its digits."""
    return _ABOUT.sub(r'<span class="whole">\g<0></span>', html)


def folded(columns: list[Context], rows: list[Context]) -> tuple[list[Context], list[Context]]:
    """A long list of names with a number or two each, side by side and read downwards; totals stay at the end."""
    plain = [row for row in rows if not row["emphasis"]]
    is_list = len(columns) in FOLDS and all(column["align"] == "right" for column in columns[1:])
    if not is_list or len(plain) <= LONG_LIST:
        return columns, rows
    width, folds = len(columns), FOLDS[len(columns)]
    height = -(-len(plain) // folds)
    made = []
    for index in range(height):
        line = plain[index::height]
        cells = [cell for row in line[1:] for cell in (row["header"], *row["cells"])]
        cells += [""] * (width * (folds - len(line)))
        made.append({"header": line[0]["header"], "cells": [*line[0]["cells"], *cells], "emphasis": False})
    for row in rows:
        if row["emphasis"]:
            made.append({**row, "cells": [*row["cells"], *[""] * (width * (folds - 1))]})
    return columns * folds, made

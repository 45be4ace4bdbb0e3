"""Tables of programmes: what is run, and what is said or known about its money."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from evaluation.figures.figure import GBP
from evaluation.reports.material import Material, Record
from evaluation.reports.tables.model import NOT_KNOWN, Cell, Column, Row, TableData, figure_cell, prints_short
from evaluation.reports.tables.money import objective_names

_AMOUNT_KINDS = ("award", "budget", "allocation")
# Lengths of time count nothing: their unit stays.
_TIME = ("year", "years")
_OWN_SIGN = ("gbp", "percent", "percent change", "year", "years", "count")
_MINUS = re.compile(r"^[-–]\s*(?=\d)")
INFERRED = "Objective inferred: the source does not name one."


def programmes_by_objective(material: Material, params: Mapping[str, Any]) -> TableData:
    """Every programme once, under its primary objective, with its award and new people where there are any."""
    figures = material.figures
    listed = [(number, programme) for number, programme in in_objective_order(material)]
    awards = [figures.one("award.total", programme=programme["ref"]) for _number, programme in listed]
    reach = [figures.one("reach.new", programme=programme["ref"]) for _number, programme in listed]
    short = prints_short(awards)
    rows, last = [], None
    for (title, programme), award, people in zip(listed, awards, reach, strict=True):
        mark = "*" if programme["objective_inferred"] else ""
        cells = [Cell(f"{title}{mark}" if title != last or mark else ""), Cell(programme["level"])]
        cells += [figure_cell(award, short=short)] if any(awards) else []
        cells += [figure_cell(people)] if any(reach) else []
        rows.append(Row(programme["title"], tuple(cells)))
        last = title
    columns = [Column("Programme"), Column("Objective"), Column("Level")]
    columns += [Column("Awarded", "money")] if any(awards) else []
    columns += [Column("New people", "count")] if any(reach) else []
    notes = (f"* {INFERRED}",) if any(each["objective_inferred"] for _number, each in listed) else ()
    return TableData(
        tuple(columns), tuple(rows), notes, material.sources([*awards, *reach]), "no programme is recorded for the year"
    )


def in_objective_order(material: Material) -> list[tuple[str, Record]]:
    """(objective's title, programme) for programmes that are not projects, in the order of objectives."""
    names = dict(objective_names(material))
    top = [programme for programme in material.programmes if not programme["parent"]]
    ordered = sorted(
        top, key=lambda each: (each["objective"] is None, each["objective"] or 0, each["title"], each["ref"])
    )
    return [(names.get(str(each["objective"]), "No single objective"), each) for each in ordered]


def programme_amounts(material: Material, params: Mapping[str, Any]) -> TableData:
    """Amounts of programmes as published, each with its own period: they belong to no common year and are not added."""
    titles = {programme["ref"]: programme["title"] for programme in material.programmes}
    rows = [
        Row(
            str(titles.get(value["programme"]) or value["subject"]),
            (
                stated_cell(material, value),
                Cell(value["kind_label"]),
                Cell(value["period"] or NOT_KNOWN),
                Cell(value["source"]),
            ),
        )
        for value in material.values
        if value["unit"].upper() == GBP and value["programme"] and value["kind"] in _AMOUNT_KINDS
    ]
    columns = (Column("Programme"), Column("Amount", "money"), Column("Kind"), Column("Period"), Column("Where stated"))
    notes = ("Amounts are as published and cover different periods, so they are not added up.",)
    ordered = sorted(rows, key=lambda row: row.header.casefold())
    return TableData(columns, tuple(ordered), notes, (), "no amount of a programme has been published")


def stated_cell(material: Material, value: Record) -> Cell:
    """A stated value as a cell: the text as printed, with the number and key of its figure where there is one."""
    figure = material.figures.one("stated.value", ref=value["ref"])
    text = printed(value["as_printed"])
    return Cell(text) if figure is None else Cell(text, figure.value, figure.key)


def printed(text: str) -> str:
    """What a document prints, with its spaces and minus signs set as ours are: "£ 6.6m" and "– 31%" are the same."""
    return _MINUS.sub("−", text.replace("£ ", "£"))


def printed_with_unit(value: Record) -> str:
    """As printed, with the noun that was counted where the print leaves it to the sentence: "seven boroughs"."""
    text, unit = printed(value["as_printed"]), str(value["unit"]).replace("_", " ")
    if unit.lower() in _OWN_SIGN or unit.startswith("per ") or any(word in text for word in unit.split()):
        return text
    return f"{text} {unit}"


def printed_before(value: Record, label: str) -> str:
    """As printed, before a label that names what was counted: "seven" before "boroughs with trained doctors"."""
    text, nouns = printed_with_unit(value), str(value["unit"]).replace("_", " ").split()
    if not label or str(value["unit"]) in _TIME:
        return text
    words = text.split()
    while len(words) > 1 and words[-1] in nouns:
        words.pop()
    return " ".join(words)

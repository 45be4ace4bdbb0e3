"""A form's definition and the records around it, as rows of cells that each name the figure they show.

The same grid is expanded twice: first to learn which figures to compute, then, once they are computed and protected,
to fill it. So what a form prints and what was asked for it cannot part.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from evaluation.figures.key import AND, UNTIL, FigureKey
from evaluation.figures.registry import family_of
from evaluation.reports.forms.definition import (
    BANDS,
    DIMENSION,
    FIGURES,
    PARAMETERS,
    RECORDS,
    FormColumn,
    FormDefinition,
)
from evaluation.reports.forms.period import ReportPeriod
from vru.lib.narrative import fill
from vru.lib.periods import MONTHS_IN_YEAR, Month

NEW, BREAKDOWN = "reach.new", "reach.breakdown"
Parameters = dict[str, str]
# What a row adds to the key of every figure in it.
Place = Callable[[FigureKey], FigureKey]


@dataclass(frozen=True)
class FormSetting:
    """The time and the sources of a report, the records of `gather` and `form_records`, and texts for labels."""

    period: ReportPeriod
    sources: tuple[str, ...] = ()
    records: Mapping[str, Any] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)

    def said(self, text: str) -> str:
        return fill(text, lambda token: self.texts.get(token.body, f"[{token.body}]"))


@dataclass(frozen=True)
class Forms:
    """The forms of a kind of report by name, and what they are made in; none for a kind without forms. ``refused`` says
    of a form why it cannot be made.
    """

    definitions: Mapping[str, FormDefinition] = field(default_factory=dict)
    setting: FormSetting | None = None
    workbook: tuple[Mapping[str, Any], ...] = ()
    refused: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asked:
    """One cell: a figure by its key, a text, or one cell of the row as a percentage of another; "" for nothing."""

    key: str = ""
    text: str = ""
    share: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Line:
    header: str
    cells: tuple[Asked, ...]
    emphasis: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """``units`` has one unit a column ("" for texts); ``marks`` are what columns or rows say of their time."""

    head: str
    labels: tuple[str, ...]
    units: tuple[str, ...]
    lines: tuple[Line, ...]
    marks: tuple[str, ...] = ()

    @property
    def keys(self) -> list[str]:
        return list(dict.fromkeys(cell.key for line in self.lines for cell in line.cells if cell.key))


def grid_of(definition: FormDefinition, setting: FormSetting) -> Grid:
    """Raises FigureError for a figure that does not exist, and ValueError for one without the period asked for."""
    if definition.rows.by in RECORDS:
        return _of_records(definition, setting)
    by_figure = definition.rows.by == FIGURES
    marks: dict[str, None] = {}
    labels, units = [], []
    for column in definition.columns:
        mark, unit = "", ""
        if column.share is not None:
            unit = "percent"
        elif not by_figure:
            family = family_of(FigureKey.parse(column.figure))
            mark, unit = setting.period.spot(family, column.period).mark, family.unit
        else:
            unit = "mixed"
        labels.append(_marked(setting.said(column.label), mark))
        units.append(unit)
        marks |= {mark: None} if mark else {}
    lines = list(_by_figures(definition, setting, marks) if by_figure else _by_places(definition, setting))
    return Grid(setting.said(definition.head), tuple(labels), tuple(units), tuple(lines), tuple(marks))


def _by_figures(definition: FormDefinition, setting: FormSetting, marks: dict[str, None]) -> Iterator[Line]:
    for label, figure in definition.rows.items:
        family = family_of(FigureKey.parse(figure))
        mark = next((mark for each in definition.columns if (mark := _spot_mark(family, setting, each))), "")
        marks |= {mark: None} if mark else {}
        columns = [each if each.share else replace(each, figure=figure) for each in definition.columns]
        yield Line(_marked(setting.said(label), mark), _cells(definition, setting, columns, _everywhere))


def _spot_mark(family: Any, setting: FormSetting, column: FormColumn) -> str:
    return "" if column.share else setting.period.spot(family, column.period).mark


def _by_places(definition: FormDefinition, setting: FormSetting) -> Iterator[Line]:
    for label, place in _places(definition, setting):
        yield Line(label, _cells(definition, setting, definition.columns, place))
    if definition.total:
        columns = [replace(each, figure=each.total or each.figure) for each in definition.columns]
        cells = _cells(definition, setting, columns, _everywhere)
        yield Line(setting.said(definition.total), cells, emphasis=True)


def _cells(definition: FormDefinition, setting: FormSetting, columns: Any, place: Place) -> tuple[Asked, ...]:
    order = {column.id: number for number, column in enumerate(columns) if column.id}
    return tuple(_cell(definition, setting, column, order, place) for column in columns)


def _cell(
    definition: FormDefinition, setting: FormSetting, column: FormColumn, order: Mapping[str, int], place: Place
) -> Asked:
    if column.share is not None:
        return Asked(share=(order[column.share[0]], order[column.share[1]]))
    key = FigureKey.parse(column.figure)
    spot = setting.period.spot(family_of(key), column.period)
    if spot.parameters is None:
        return Asked()
    made = place(_with(key, spot.parameters))
    if definition.sources_apply and setting.sources and "source" in family_of(made).parameters:
        made = made if made.get("source") else _with(made, {"source": AND.join(setting.sources)})
    return Asked(key=str(made))


def _places(definition: FormDefinition, setting: FormSetting) -> Iterator[tuple[str, Place]]:
    """Every row's label, and what it adds to a key; with ``then``, divided further."""
    rows = definition.rows
    if rows.by in (DIMENSION, BANDS):
        for label, categories in _categories(definition, setting):
            yield label, _in_categories(rows.dimension, categories)
        return
    for label, value in _values(rows.by, definition, setting):
        if not rows.then:
            yield label, _at({PARAMETERS[rows.by]: value})
            continue
        for further, inside in _values(rows.then, definition, setting):
            yield f"{label}: {further}", _at({PARAMETERS[rows.by]: value, PARAMETERS[rows.then]: inside})


def _categories(definition: FormDefinition, setting: FormSetting) -> Iterator[tuple[str, list[str]]]:
    """Labels and categories of the rows. Raises ValueError when the dimension is gone."""
    rows = definition.rows
    dimension = next((each for each in setting.records["dimensions"] if each["slug"] == rows.dimension), None)
    if dimension is None:
        raise ValueError(f'There is no dimension "{rows.dimension}" in {setting.period.year}.')
    if rows.by == DIMENSION:
        yield from ((each["label"], [each["slug"]]) for each in dimension["categories"])
        return
    known = [each["slug"] for each in dimension["categories"]]
    for band in rows.bands:
        yield setting.said(band.label), [slug for slug in band.categories if slug in known]
    placed = {slug for band in rows.bands for slug in band.categories}
    rest = [slug for slug in known if slug not in placed]
    if rest:
        # A category that joined the dimension after the form was loaded is never lost from the table.
        yield setting.said(rows.rest or "In no band"), rest


def _values(by: str, definition: FormDefinition, setting: FormSetting) -> list[tuple[str, str]]:
    """(label, value) of a parameter, in their printed order."""
    records, period = setting.records, setting.period
    if by == "programme":
        top = [each for each in records["programmes"] if not each["parent"]]
        ordered = sorted(top, key=lambda each: (each["title"].casefold(), each["ref"]))
        return [(each["title"], each["ref"]) for each in ordered]
    if by == "objective":
        return [(f"{each['number']}. {each['title']}", str(each["number"])) for each in records.get("objectives", ())]
    if by == "source":
        limit = setting.sources if definition.sources_apply else ()
        rows = records["funding_sources"]
        return [(each["title"], each["slug"]) for each in rows if not limit or each["slug"] in limit]
    if by == "area":
        return [(each["name"], each["code"]) for each in records["areas"]]
    if by == "quarter":
        quarters = [each for each in period.year.quarters() if each.ends_on <= period.ends_on]
        return [(f"Quarter {each.number}", each.key) for each in quarters]
    if by == "month":
        months = [Month(period.year.start, number) for number in range(1, MONTHS_IN_YEAR + 1)]
        return [(str(each), each.key) for each in months if each.ends_on <= period.ends_on]
    named = {"theme": records.get("themes", ()), "heading": records.get("headings", ())}[by]
    return [(each["title"], each["slug"]) for each in named]


def _in_categories(dimension: str, categories: list[str]) -> Place:
    def place(key: FigureKey) -> FigureKey:
        parameters = dict(key.parameters) | {"dimension": dimension, "category": AND.join(categories)}
        return FigureKey.of(BREAKDOWN, parameters)

    return place


def _at(parameters: Parameters) -> Place:
    return lambda key: _with(key, parameters)


def _everywhere(key: FigureKey) -> FigureKey:
    return key


def _with(key: FigureKey, parameters: Parameters) -> FigureKey:
    """A key at a row's place. A row that is a time of its own takes the place of the column's."""
    kept = dict(key.parameters)
    if {"quarter", "month"} & set(parameters):
        kept.pop(UNTIL, None)
    return FigureKey.of(key.name, kept | parameters)


def _marked(label: str, mark: str) -> str:
    return f"{label} ({mark})" if mark else label


def _of_records(definition: FormDefinition, setting: FormSetting) -> Grid:
    columns = definition.columns
    lines = tuple(
        Line(row[columns[0].field], tuple(Asked(text=row[each.field]) for each in columns[1:]))
        for row in setting.records[definition.name]
    )
    labels = tuple(setting.said(each.label) for each in columns[1:])
    return Grid(setting.said(columns[0].label), labels, ("",) * len(labels), lines)

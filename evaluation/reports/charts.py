"""Every chart that an outline can name: from the material to plain data, and from plain data to a picture.

The data is part of the facts; the picture is drawn from it afterwards, so that it cannot show anything else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from evaluation.figures.figure import Figure
from evaluation.reports.material import Material
from evaluation.reports.tables.model import HIDDEN, NOT_KNOWN
from evaluation.reports.tables.money import completeness_note, objective_names
from evaluation.reports.tables.people import HIDDEN_NOTE, area_figures, find_dimension
from evaluation.reports.tables.stated import find_series
from vru.lib.charts import ChartSpec, Series, TileArea, grid_positions, tile_map_svg
from vru.lib.charts.chart import chart_svg

CHART_UNITS = {"GBP": "£", "percent": "%"}
_SERIES_LIMIT = 6
_FEW_PERIODS = 2
_AREA_LABELS = {"award.total": "Awarded", "reach.new": "New people", "spend.total": "Spend", "grants.count": "Grants"}


@dataclass(frozen=True, slots=True)
class ChartData:
    """A chart as data. `kind` is one of vru.lib.charts' kinds or "tile_map"; figures stand by series, in the order of
    the categories; None is not known. For a map the categories are area codes. ``empty`` says why there are none.
    """

    kind: str
    categories: tuple[str, ...]
    series: tuple[tuple[str, tuple[Figure | None, ...]], ...]
    unit: str = ""
    notes: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    empty: str = field(default="nothing has been recorded for it")
    areas: tuple[Mapping[str, Any], ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {
            "type": self.kind,
            "categories": list(self.categories),
            "series": [
                {
                    "label": label,
                    "values": [None if f is None or f.value is None else f"{f.value:f}" for f in figures],
                    "displays": [NOT_KNOWN if f is None else f.display for f in figures],
                    "keys": ["" if f is None else f.key for f in figures],
                }
                for label, figures in self.series
            ],
            "unit": self.unit,
            "notes": list(self.notes),
            "sources": list(self.sources),
            "empty": self.empty,
            "areas": [dict(area) for area in self.areas],
        }


Builder = Callable[[Material, Mapping[str, Any]], ChartData]


def funding_by_source(material: Material, params: Mapping[str, Any]) -> ChartData:
    named = [(each["slug"], each["title"]) for each in material.funding_sources]
    return _bars(material, "Funding", named, material.figures.by("funding.source", "source"))


def budget_by_category(material: Material, params: Mapping[str, Any]) -> ChartData:
    named = [(each["slug"], each["title"]) for each in material.budget_categories]
    return _bars(material, "Budget", named, material.figures.by("budget.category", "category"))


def series(material: Material, params: Mapping[str, Any]) -> ChartData:
    """Up to six series over time. Raises KeyError for a series that does not exist."""
    chosen = [find_series(material, str(slug)) for slug in params["series"]][:_SERIES_LIMIT]
    points = [(each, material.figures.by("series.value", "period", series=each["slug"])) for each in chosen]
    known = [(each, found) for each, found in points if found]
    periods = sorted({period for _each, found in known for period in found})
    lines = tuple((each["title"], tuple(found.get(period) for period in periods)) for each, found in known)
    unit = CHART_UNITS.get(str(known[0][0]["unit"]), str(known[0][0]["unit"])) if known else ""
    notes = tuple(f"{name}." for name in sorted({each["calendar"] for each, _found in known}))
    sources = material.places([each["source"] for each, _found in known])
    empty = "no value of these series has been recorded"
    if len(periods) <= _FEW_PERIODS:
        # Two points make no line: each series is a group, its years stand side by side.
        titles = tuple(title for title, _figures in lines)
        bars = tuple((str(period), tuple(figures[n] for _title, figures in lines)) for n, period in enumerate(periods))
        return ChartData("grouped_bar", titles, bars, unit, notes, sources, empty)
    return ChartData("line", tuple(periods), lines, unit, notes, sources, empty)


def reach_against_target(material: Material, params: Mapping[str, Any]) -> ChartData:
    reached = material.figures.by("reach.new", "objective")
    targets = material.figures.by("reach.target", "objective")
    named = [(slug, title) for slug, title in objective_names(material) if slug in reached and slug in targets]
    figures = [reached[slug] for slug, _title in named]
    return ChartData(
        "progress",
        tuple(title for _slug, title in named),
        (("Reached", tuple(figures)), ("Target", tuple(targets[slug] for slug, _title in named))),
        "people",
        _hidden_note(figures),
        material.sources(figures),
        "no grant with an approved return has a target for new people",
    )


def reach_breakdown(material: Material, params: Mapping[str, Any]) -> ChartData:
    dimension = find_dimension(material, str(params["dimension"]))
    parts = material.figures.by("reach.breakdown", "category", dimension=dimension["slug"])
    named = [(each["slug"], each["label"]) for each in dimension["categories"]]
    return _bars(material, "New people", named, parts, unit="people", empty="no approved return counts people")


def spend_against_profile(material: Material, params: Mapping[str, Any]) -> ChartData:
    spend, profile = (material.figures.by(name, "quarter") for name in ("spend.total", "spend.profile"))
    quarters = [key for key in material.quarters if key in spend or key in profile] if spend else []
    rows = [
        ("Profile", tuple(profile.get(key) for key in quarters)),
        ("Spend", tuple(spend.get(key) for key in quarters)),
    ]
    return ChartData(
        "grouped_bar",
        tuple(f"Quarter {key[-1]}" for key in quarters),
        tuple((label, figures) for label, figures in rows if any(figures)),
        "£",
        completeness_note(material.figures.one("spend.total")),
        material.sources(spend),
        "no return with spend has been approved",
    )


def area_map(material: Material, params: Mapping[str, Any]) -> ChartData:
    """A figure by area. `params["figure"]` names a family with a parameter for areas."""
    name = str(params.get("figure", "award.total"))
    places = [area for area in material.areas if area["kind"] in ("member", "other_place")]
    found = material.figures.by(name, "borough")
    if not found and name == "reach.new":
        dimension, parts = area_figures(material)
        codes = {each["slug"]: each["area"] for each in dimension["categories"]} if dimension else {}
        found = {codes[slug]: figure for slug, figure in parts.items() if codes.get(slug)}
    found = {code: figure for code, figure in found.items() if code in {area["code"] for area in places}}
    units = {figure.unit for figure in found.values()}
    return ChartData(
        "tile_map",
        tuple(area["code"] for area in places) if found else (),
        ((_AREA_LABELS.get(name, "Value"), tuple(found.get(area["code"]) for area in places)),) if found else (),
        CHART_UNITS.get(units.pop(), "people") if units else "",
        _hidden_note(list(found.values())),
        material.sources(found),
        "it has not been recorded by area",
        tuple(places) if found else (),
    )


CHARTS: dict[str, Builder] = {
    "area_map": area_map,
    "budget_by_category": budget_by_category,
    "funding_by_source": funding_by_source,
    "reach_against_target": reach_against_target,
    "reach_breakdown": reach_breakdown,
    "series": series,
    "spend_against_profile": spend_against_profile,
}


def draw(chart: Mapping[str, Any], *, prefix: str, title: str) -> str:
    """The SVG of a chart's data, as stored in the facts. Every id in it starts with `prefix`."""
    if chart["type"] == "tile_map":
        return _draw_map(chart, prefix, title)
    rows = tuple(
        Series(row["label"], tuple(_number(value) for value in row["values"]), tuple(row["displays"]))
        for row in chart["series"]
    )
    return chart_svg(ChartSpec(chart["type"], prefix, title, tuple(chart["categories"]), rows, chart["unit"]))


def _draw_map(chart: Mapping[str, Any], prefix: str, title: str) -> str:
    areas = chart["areas"]
    if all(area["column"] is not None for area in areas):
        tiles = [TileArea(area["code"], area["name"], area["column"], area["row"]) for area in areas]
    else:
        tiles = grid_positions([(area["code"], area["name"]) for area in areas])
    row = chart["series"][0]
    values = {code: _number(value) for code, value in zip(chart["categories"], row["values"], strict=True)}
    displays = dict(zip(chart["categories"], row["displays"], strict=True))
    return tile_map_svg(tiles, values, prefix=prefix, title=title, unit=chart["unit"], displays=displays)


def _number(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def _bars(
    material: Material,
    label: str,
    named: Sequence[tuple[str, str]],
    parts: Mapping[str, Figure],
    *,
    unit: str = "£",
    empty: str = "nothing has been recorded for it",
) -> ChartData:
    kept = [(title, parts[slug]) for slug, title in named if slug in parts]
    figures = tuple(figure for _title, figure in kept)
    return ChartData(
        "bar",
        tuple(title for title, _figure in kept),
        ((label, figures),) if kept else (),
        unit,
        _hidden_note(figures),
        material.sources(list(figures)),
        empty,
    )


def _hidden_note(figures: Sequence[Figure | None]) -> tuple[str, ...]:
    return (HIDDEN_NOTE,) if any(figure is not None and figure.display == HIDDEN for figure in figures) else ()

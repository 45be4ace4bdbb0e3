"""Lines over time, named at their ends instead of in a legend."""

from __future__ import annotations

import math
from typing import Any

import altair as alt

from vru.lib.charts.spec import ChartSpec, format_value
from vru.lib.charts.theme import DASHES, MARKERS, PALETTE, text_width, wrap

_LABEL = 11
_LINE = 14
_DARK = {"#F2A900": "#8A5A00", "#C4D4EA": "#5B6776"}  # pale lines get a darker name, so that it can be read
_NAME_WIDTH = 150


def line(spec: ChartSpec) -> Any:
    """One line per series: own colour, dash and marker; its name and last value stand at its end."""
    height = spec.height or 200
    low, high = _domain(spec)
    names = _end_labels(spec, low, high, height)
    room = max((text_width(text, _LABEL, bold=True) for _y, lines, _c in names for text in lines), default=0)
    width = spec.width - 70 - room
    layers = [layer for index in range(len(spec.series)) for layer in _series_layers(spec, index, (low, high))]
    for y, lines, colour in names:
        mark: dict[str, Any] = {"align": "left", "dx": 10, "baseline": "middle", "fontSize": _LABEL}
        mark |= {"fontWeight": 600, "color": colour}
        if len(lines) > 1:
            mark |= {"lineBreak": "\n", "lineHeight": _LINE, "dy": -_LINE * (len(lines) - 1) / 2}
        layers.append(
            alt.Chart(alt.Data(values=[{"text": "\n".join(lines)}]))
            .mark_text(**mark)
            .encode(x=alt.value(width), y=alt.value(y), text=alt.Text("text:N"))
        )
    return alt.layer(*layers).properties(width=width, height=height)


def _series_layers(spec: ChartSpec, index: int, domain: tuple[float, float]) -> list[Any]:
    series = spec.series[index]
    # A missing value breaks the line: joining over it would draw a value nobody measured.
    rows = [
        {"category": category, "value": None if value is None else float(value)}
        for category, value in zip(spec.categories, series.values, strict=True)
    ]
    x = alt.X("category:N", sort=list(spec.categories), title=None, scale=alt.Scale(type="point", padding=0.12))
    x = x.axis(labelAngle=0, labelOverlap="greedy", ticks=False)
    y = alt.Y("value:Q", title=None, scale=alt.Scale(domain=list(domain), nice=False)).axis(
        labelExpr=axis_expression(spec.unit), tickCount=5, domain=False, ticks=False
    )
    colour = PALETTE[index]
    base = alt.Chart(alt.Data(values=rows)).encode(x=x, y=y)
    return [
        base.mark_line(
            color=colour, strokeWidth=2.25, strokeDash=list(DASHES[index]), invalid="break-paths-show-domains"
        ),
        base.mark_point(color=colour, shape=MARKERS[index], filled=True, size=46, opacity=1, invalid="filter"),
    ]


def axis_expression(unit: str) -> str:
    """How the grammar prints the numbers of an axis."""
    if unit == "£":
        return (
            "datum.value >= 1e6 ? '£' + format(datum.value / 1e6, '.3~f') + 'm' : "
            "datum.value >= 1e3 ? '£' + format(datum.value / 1e3, '.3~f') + 'k' : '£' + format(datum.value, ',~f')"
        )
    return "format(datum.value, ',.3~f')" + (" + '%'" if unit == "%" else "")


def _domain(spec: ChartSpec) -> tuple[float, float]:
    """From nought, unless there are negatives, to a round number above the highest."""
    values = [float(value) for series in spec.series for value in series.values if value is not None] or [1.0]
    return min(0.0, -_round_up(-min(values))), _round_up(max(values))


def _round_up(value: float) -> float:
    if value <= 0:
        return 0.0 if value == 0 else value
    step = 10 ** math.floor(math.log10(value))
    return next(step * factor for factor in (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10) if step * factor >= value)


def _end_labels(spec: ChartSpec, low: float, high: float, height: int) -> list[tuple[float, list[str], str]]:
    """(middle in pixels, lines, colour) of each name, pushed apart where ends lie close together."""
    span = (high - low) or 1.0
    found: list[tuple[float, list[str], str]] = []
    for index, series in enumerate(spec.series):
        last = next((n for n in range(len(series.values) - 1, -1, -1) if series.values[n] is not None), None)
        if last is None:
            continue
        value = float(series.values[last] or 0)
        shown = spec.display(series, last) if series.displays else format_value(series.values[last], spec.unit)
        text = f"{series.label} {shown}" if len(spec.series) > 1 else shown
        y = height * (1 - (value - low) / span)
        found.append((y, wrap(text, _LABEL, _NAME_WIDTH, bold=True), _DARK.get(PALETTE[index], PALETTE[index])))
    return _apart(sorted(found, key=lambda item: item[0]), height)


def _apart(labels: list[tuple[float, list[str], str]], height: int) -> list[tuple[float, list[str], str]]:
    placed: list[tuple[float, list[str], str]] = []
    floor = float(-_LINE)
    for y, lines, colour in labels:
        half = len(lines) * _LINE / 2
        y = max(y, floor + half)
        placed.append((y, lines, colour))
        floor = y + half
    overrun = max(0.0, floor - height - _LINE)
    return [(y - overrun, lines, colour) for y, lines, colour in placed]

"""Bars, from nought, each with its value printed beside it."""

from __future__ import annotations

from typing import Any

import altair as alt

from vru.lib.charts.lines import axis_expression
from vru.lib.charts.spec import ChartSpec
from vru.lib.charts.theme import AMBER, BLUE, INK, NAVY, PALETTE, RULE, TINT, WHITE, on, text_width, wrap

_ROW = 22
_LABEL = 11
_NAME_SHARE = 0.34


def bar(spec: ChartSpec) -> Any:
    """Lying bars, so that long names stand in one line of sight; the value at each end."""
    series = spec.series[0]
    rows = [
        {"category": name, "value": _number(series.values[index]), "text": spec.display(series, index)}
        for index, name in enumerate(spec.categories)
    ]
    width, top = _plot_width(spec, rows), _top(rows)
    base = alt.Chart(alt.Data(values=rows)).encode(y=_names(spec), x=_length(top))
    bars = base.mark_bar(color=BLUE, height={"band": 0.68})
    return alt.layer(bars, _end_text(base)).properties(width=width, height=spec.height or _row(spec) * len(rows))


def progress(spec: ChartSpec) -> Any:
    """What was reached as a bar inside the pale bar of its target, the target's end marked in amber."""
    reached, target = spec.series
    rows = []
    for index, name in enumerate(spec.categories):
        value, goal = _number(reached.values[index]), _number(target.values[index])
        share = f" ({value / goal * 100:.0f}%)" if value is not None and goal else ""
        text = f"{spec.display(reached, index)} of {spec.display(target, index)}{share}"
        ends = [number for number in (value, goal) if number is not None]
        rows.append({"category": name, "value": value, "target": goal, "text": text, "end": max(ends, default=0)})
    width, top = _plot_width(spec, rows), max([float(str(row["end"])) for row in rows] + [1e-9])
    base = alt.Chart(alt.Data(values=rows)).encode(y=_names(spec))
    pale = base.mark_bar(color=TINT, stroke=RULE, strokeWidth=0.75, height={"band": 0.7}).encode(
        x=_length(top, "target")
    )
    bars = base.mark_bar(color=BLUE, height={"band": 0.36}).encode(x=_length(top))
    ticks = base.mark_tick(color=AMBER, thickness=3, size=_ROW * 0.86).encode(x=_length(top, "target"))
    words = _end_text(base.encode(x=_length(top, "end")))
    return alt.layer(pale, bars, ticks, words).properties(
        width=width, height=spec.height or (_row(spec) + 6) * len(rows)
    )


def grouped_bar(spec: ChartSpec) -> Any:
    """Standing bars side by side in each category."""
    rows = _long(spec)
    labels = [series.label for series in spec.series]
    band = (spec.width - 60) / len(spec.categories)
    x = alt.X(
        "category:N", sort=list(spec.categories), title=None, scale=alt.Scale(paddingInner=0.24, paddingOuter=0.1)
    )
    x = x.axis(labelAngle=0, ticks=False, labelExpr=_wrapped(spec.categories, band * 0.9), labelLimit=0)
    y = alt.Y("value:Q", title=None).axis(labelExpr=axis_expression(spec.unit), tickCount=5, domain=False, ticks=False)
    base = alt.Chart(alt.Data(values=rows)).encode(x=x, y=y, xOffset=alt.XOffset("series:N", sort=labels))
    layers = [base.mark_bar(stroke=NAVY, strokeWidth=0.5).encode(fill=_colours(labels))]
    slot = band * 0.76 / len(labels)
    if all(text_width(str(row["text"]), 10) <= slot + 2 for row in rows):
        layers.append(base.mark_text(dy=-6, fontSize=10, color=INK).encode(text="text:N"))
    return alt.layer(*layers).properties(width=spec.width - 60, height=spec.height or 150)


def stacked_bar(spec: ChartSpec) -> Any:
    """Lying bars in parts; a part wide enough carries its value, the whole chart one legend in the same order."""
    rows = _long(spec)
    labels = [series.label for series in spec.series]
    totals = [
        sum(_number(series.values[index]) or 0 for series in spec.series) for index in range(len(spec.categories))
    ]
    top = max([*totals, 1e-9])
    width = spec.width - _name_room(spec) - 24
    begun = dict.fromkeys(spec.categories, 0.0)
    for row in rows:
        size = float(row["value"] or 0)
        start = begun[str(row["category"])]
        begun[str(row["category"])] = start + size
        fits = text_width(str(row["text"]), 10, bold=True) + 6 <= size / top * width
        row |= {"start": start, "end": start + size, "middle": start + size / 2, "text": row["text"] if fits else ""}
    base = alt.Chart(alt.Data(values=rows)).encode(y=_names(spec))
    parts = base.mark_bar(stroke=WHITE, strokeWidth=1.25, height={"band": 0.72}).encode(
        x=_length(top, "start"), x2="end:Q", fill=_colours(labels)
    )
    words = [
        base.transform_filter(alt.FieldEqualPredicate(field="series", equal=label))
        .mark_text(fontSize=10, fontWeight=600, color=on(PALETTE[index]), baseline="middle")
        .encode(x=_length(top, "middle"), text="text:N")
        for index, label in enumerate(labels)
    ]
    return alt.layer(parts, *words).properties(
        width=width, height=spec.height or (_row(spec) + 8) * len(spec.categories)
    )


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def _long(spec: ChartSpec) -> list[dict[str, Any]]:
    return [
        {
            "category": name,
            "series": series.label,
            "value": _number(series.values[index]),
            "text": spec.display(series, index),
        }
        for index, name in enumerate(spec.categories)
        for series in spec.series
    ]


def _top(rows: list[dict[str, Any]]) -> float:
    return max([row["value"] or 0 for row in rows] + [1e-9])


def _name_room(spec: ChartSpec) -> float:
    limit = spec.width * _NAME_SHARE
    return min(limit, max(text_width(name, _LABEL) for name in spec.categories)) + 12


def _row(spec: ChartSpec) -> int:
    """Height of a row: taller where a name needs more lines than one."""
    lines = max(len(wrap(name, _LABEL, spec.width * _NAME_SHARE)) for name in spec.categories)
    return _ROW + 10 * (lines - 1)


def _plot_width(spec: ChartSpec, rows: list[dict[str, Any]]) -> float:
    ends = max(text_width(str(row["text"]), _LABEL, bold=True) for row in rows)
    return max(120.0, spec.width - _name_room(spec) - ends - 24)


def _names(spec: ChartSpec) -> Any:
    y = alt.Y("category:N", sort=list(spec.categories), title=None, scale=alt.Scale(paddingInner=0, paddingOuter=0))
    return y.axis(labelExpr=_wrapped(spec.categories, spec.width * _NAME_SHARE), labelLimit=0, ticks=False, domain=True)


def _length(top: float, field: str = "value") -> Any:
    return alt.X(f"{field}:Q", title=None, scale=alt.Scale(domain=[0, top], nice=False), axis=None)


def _end_text(base: Any) -> Any:
    return base.mark_text(align="left", baseline="middle", dx=7, fontWeight=600, fontSize=_LABEL, color=NAVY).encode(
        text="text:N"
    )


def _colours(labels: list[str]) -> Any:
    return alt.Fill(
        "series:N", sort=labels, title=None, scale=alt.Scale(domain=labels, range=list(PALETTE[: len(labels)]))
    )


def _wrapped(names: tuple[str, ...], width: float) -> str:
    """An expression that prints each name in lines that fit; the grammar itself only cuts names off."""
    table = {name: wrap(name, _LABEL, width) for name in names if text_width(name, _LABEL) > width}
    expression = "datum.label"
    for name, lines in sorted(table.items(), reverse=True):
        expression = f"datum.label === {_quoted(name)} ? [{', '.join(map(_quoted, lines))}] : ({expression})"
    return expression


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"

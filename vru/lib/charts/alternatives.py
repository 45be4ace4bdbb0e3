"""Words that say what a chart shows, made from its values."""

from __future__ import annotations

from vru.lib.charts.spec import ChartSpec, Number, Series, format_value
from vru.lib.words import capital

_NAMES = {
    "line": "Line chart",
    "bar": "Bar chart",
    "grouped_bar": "Grouped bar chart",
    "stacked_bar": "Stacked bar chart",
    "progress": "Progress against target",
}


def alt_text(spec: ChartSpec) -> str:
    """One or more sentences: what it is, and per series the first, last, change, highest and lowest."""
    opening = f"{_NAMES[spec.kind]}: {spec.title.rstrip('.')}{_unit(spec.unit)}."
    if spec.kind == "line":
        parts = [_trend(spec, series) for series in spec.series]
    elif spec.kind == "progress":
        parts = _progress(spec)
    elif spec.kind == "stacked_bar":
        parts = [_shares(spec)] + [_extremes(spec, series) for series in spec.series]
    else:
        parts = [_extremes(spec, series) for series in spec.series]
    return " ".join([opening, *(part for part in parts if part)])


def _unit(unit: str) -> str:
    named = {"": "", "£": ", in pounds", "%": ", in per cent"}
    return named.get(unit, f", {unit}")


def _known(spec: ChartSpec, series: Series) -> list[tuple[str, Number, str]]:
    return [
        (category, value, spec.display(series, index))
        for index, (category, value) in enumerate(zip(spec.categories, series.values, strict=True))
        if value is not None
    ]


def _lead(spec: ChartSpec, series: Series) -> str:
    return f"{series.label}: " if len(spec.series) > 1 else ""


def _trend(spec: ChartSpec, series: Series) -> str:
    known = _known(spec, series)
    if not known:
        return capital(f"{_lead(spec, series)}no value is known.")
    first, last = known[0], known[-1]
    if len(known) == 1:
        return capital(f"{_lead(spec, series)}{first[2]} in {first[0]}, the only value known.")
    low, high = min(known, key=lambda item: item[1]), max(known, key=lambda item: item[1])
    change = _change(spec, first[1], last[1])
    text = f"{_lead(spec, series)}it begins at {first[2]} in {first[0]} and ends at {last[2]} in {last[0]}"
    text += f", which is {change}"
    text += f"; the highest of all the values is {high[2]}, in {high[0]}"
    if low[1] not in (first[1], last[1]):
        text += f", and the lowest is {low[2]}, in {low[0]}"
    return capital(f"{text}.")


def _change(spec: ChartSpec, first: Number, last: Number) -> str:
    if last == first:
        return "unchanged"
    word = "a rise" if last > first else "a fall"
    size = abs(float(last) - float(first))
    if spec.unit == "%":
        return f"{word} of {size:.1f} percentage points"
    text = f"{word} of {format_value(size, spec.unit)}"
    return f"{text} ({size / abs(float(first)) * 100:.1f}%)" if first else text


def _extremes(spec: ChartSpec, series: Series) -> str:
    known = _known(spec, series)
    if not known:
        return capital(f"{_lead(spec, series)}no value is known.")
    low, high = min(known, key=lambda item: item[1]), max(known, key=lambda item: item[1])
    missing = len(spec.categories) - len(known)
    tail = f"; {missing} of {len(spec.categories)} values are not known" if missing else ""
    if len(known) == 1:
        return capital(f"{_lead(spec, series)}{high[0]} {high[2]}{tail}.")
    if high[1] == low[1]:
        return capital(f"{_lead(spec, series)}all {len(known)} are {high[2]}{tail}.")
    text = f"{_lead(spec, series)}the highest value is {high[2]}, in {high[0]}"
    return capital(f"{text}, and the lowest is {low[2]}, in {low[0]}{tail}.")


def _shares(spec: ChartSpec) -> str:
    totals = [
        (series.label, sum(float(value) for value in series.values if value is not None)) for series in spec.series
    ]
    whole = sum(total for _label, total in totals)
    if not whole:
        return ""
    return "Of the whole, " + ", ".join(f"{label} {total / whole * 100:.0f}%" for label, total in totals) + "."


def _progress(spec: ChartSpec) -> list[str]:
    reached, target = spec.series
    parts = []
    for index, category in enumerate(spec.categories):
        value, goal = reached.values[index], target.values[index]
        text = f"{category}: {spec.display(reached, index)} of {spec.display(target, index)}"
        share = f" ({float(value) / float(goal) * 100:.0f}%)" if value is not None and goal else ""
        parts.append(f"{text}{share}.")
    return parts

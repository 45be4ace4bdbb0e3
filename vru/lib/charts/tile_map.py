"""A map of equal tiles: every area is as easy to see as the largest, and carries its value in figures."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from vru.lib.charts.spec import Number, format_value
from vru.lib.charts.theme import FONT_STACK, GREY, NAVY, RULE, WHITE, on, text_width, wrap

_TILE = 78
_GAP = 5
_STEPS = ("#E8EEF6", "#B9CCE6", "#7FA3D1", "#3F74B5", "#1D4F91", "#0F2344")

# Positions (column, row) that Londoners recognise, by GSS code. Areas of other units get a plain grid.
_KNOWN: dict[str, tuple[int, int]] = {
    "E09000010": (4, 0),
    "E09000015": (1, 1), "E09000003": (3, 1), "E09000014": (4, 1), "E09000031": (5, 1),
    "E09000017": (0, 2), "E09000005": (1, 2), "E09000007": (3, 2), "E09000019": (4, 2), "E09000012": (5, 2),
    "E09000026": (6, 2), "E09000016": (7, 2),
    "E09000009": (0, 3), "E09000013": (1, 3), "E09000020": (2, 3), "E09000033": (3, 3), "E09000001": (4, 3),
    "E09000030": (5, 3), "E09000025": (6, 3), "E09000002": (7, 3),
    "E09000018": (0, 4), "E09000027": (1, 4), "E09000032": (2, 4), "E09000022": (3, 4), "E09000028": (4, 4),
    "E09000023": (5, 4), "E09000011": (6, 4), "E09000004": (7, 4),
    "E09000021": (1, 5), "E09000024": (2, 5), "E09000008": (4, 5), "E09000006": (5, 5),
    "E09000029": (3, 5),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class TileArea:
    """One area: its code, its full name, and the column and row of its tile, from 0."""

    code: str
    name: str
    column: int
    row: int


def grid_positions(areas: Sequence[tuple[str, str]]) -> list[TileArea]:
    """Tiles for (code, name) pairs: the known shape where every code has one, otherwise a grid by name."""
    if areas and all(code in _KNOWN for code, _name in areas):
        return [TileArea(code, name, *_KNOWN[code]) for code, name in sorted(areas)]
    across = max(1, math.ceil(math.sqrt(len(areas) * 1.5)))
    ordered = sorted(areas, key=lambda area: (area[1], area[0]))
    return [TileArea(code, name, index % across, index // across) for index, (code, name) in enumerate(ordered)]


def tile_map_svg(
    areas: Sequence[TileArea],
    values: Mapping[str, Number | None],
    *,
    prefix: str,
    title: str,
    unit: str = "",
    displays: Mapping[str, str] | None = None,
) -> str:
    """The map as an `<svg>` element. `values` by area code; None or absent is "not known", never nought.

    `displays` are printed texts by code, for values that are hidden or rounded ("fewer than 5"). A hidden value
    must be given as None: its shade would tell what its text does not.
    """
    shown = displays or {}
    top = max((float(value) for value in values.values() if value is not None), default=0.0)
    across = max((area.column for area in areas), default=0) + 1
    down = max((area.row for area in areas), default=0) + 1
    width, height = across * (_TILE + _GAP) - _GAP, down * (_TILE + _GAP) - _GAP
    tiles = [_tile(area, values.get(area.code), shown.get(area.code), top, unit) for area in areas]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart tile-map" role="img" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" aria-labelledby="{prefix}-title" font-family="{FONT_STACK}">'
        f'<title id="{prefix}-title">{escape(describe(areas, values, title=title, unit=unit, displays=shown))}</title>'
        f"{''.join(tiles)}</svg>"
    )


def describe(
    areas: Sequence[TileArea],
    values: Mapping[str, Number | None],
    *,
    title: str,
    unit: str = "",
    displays: Mapping[str, str] | None = None,
) -> str:
    """Sentences for the map's title: the highest and lowest areas and how many are not known."""
    shown = displays or {}
    known = [(float(value), area) for area in areas if (value := values.get(area.code)) is not None]
    text = f"Map of {len(areas)} areas as equal tiles: {title.rstrip('.')}."
    if known:
        high = max(known, key=lambda item: (item[0], item[1].name))
        low = min(known, key=lambda item: (item[0], item[1].name))
        highest = shown.get(high[1].code) or format_value(high[0], unit)
        lowest = shown.get(low[1].code) or format_value(low[0], unit)
        text += f" Highest {high[1].name} ({highest}), lowest {low[1].name} ({lowest})."
    missing = len(areas) - len(known)
    return f"{text} {missing} without a value." if missing else text


def _tile(area: TileArea, value: Number | None, shown: str | None, top: float, unit: str) -> str:
    x, y = area.column * (_TILE + _GAP), area.row * (_TILE + _GAP)
    fill = WHITE if value is None else _shade(float(value), top)
    ink = GREY if value is None else on(fill)
    dash = ' stroke-dasharray="3 2.5"' if value is None else ""
    stroke = RULE if value is None else NAVY
    parts = [
        f'<rect x="{x + 0.5}" y="{y + 0.5}" width="{_TILE - 1}" height="{_TILE - 1}" rx="3" fill="{fill}" '
        f'stroke="{stroke}" stroke-width="0.75"{dash}/>'
    ]
    size = 9.0
    lines = wrap(area.name, size, _TILE - 10)
    while len(lines) > 3 and size > 6:
        size -= 0.5
        lines = wrap(area.name, size, _TILE - 10)
    parts += [_text(line, x + 6, y + 13 + index * size * 1.2, size, 400, ink) for index, line in enumerate(lines)]
    figure = shown or format_value(value, unit)
    figure_size = min(17.0, 17.0 * (_TILE - 12) / max(1.0, text_width(figure, 17.0, bold=True)))
    parts.append(_text(figure, x + 6, y + _TILE - 9, figure_size, 600, ink))
    return "".join(parts)


def _text(text: str, x: float, y: float, size: float, weight: int, ink: str) -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" font-size="{size:.2f}" font-weight="{weight}" fill="{ink}"'
    return f"<text {place}>{escape(text)}</text>"


def _shade(value: float, top: float) -> str:
    if top <= 0:
        return _STEPS[0]
    return _STEPS[min(len(_STEPS) - 1, int(max(0.0, value) / top * len(_STEPS)))]

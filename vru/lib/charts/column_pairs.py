"""Planned and actual columns side by side, drawn without the charting library: a page must not wait for it."""

from __future__ import annotations

from html import escape

from vru.lib.charts.alternatives import alt_text
from vru.lib.charts.spec import ChartSpec, format_value
from vru.lib.charts.theme import AMBER, FONT_STACK, GREY, INK, NAVY, RULE

_HEIGHT, _TOP, _BOTTOM, _LABEL = 170, 34, 22, 11
_FILLS = (NAVY, AMBER)


def column_pairs_svg(spec: ChartSpec) -> str:
    """Two series as an `<svg>` with a title that says what it shows; nothing is drawn where a value is not known.

    Raises ValueError unless the description has exactly two series.
    """
    if len(spec.series) != 2:
        raise ValueError(f"Columns in pairs need two series; {spec.title!r} has {len(spec.series)}.")
    top = max([float(value) for series in spec.series for value in series.values if value is not None] + [1e-9])
    band = spec.width / len(spec.categories)
    height = _TOP + _HEIGHT + _BOTTOM
    parts = [_legend(spec)]
    base = _TOP + _HEIGHT
    for index, name in enumerate(spec.categories):
        for place, series in enumerate(spec.series):
            value = series.values[index]
            if value is not None:
                parts.append(_column(index, place, float(value) / top, band, format_value(value, spec.unit)))
        parts.append(_text(name, (index + 0.5) * band, base + 16, INK, "middle"))
    parts.append(f'<path d="M0 {base}.5H{spec.width}" stroke="{RULE}"/>')
    title = f"{spec.prefix}-title"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img" viewBox="0 0 {spec.width} {height}" '
        f'width="{spec.width}" height="{height}" aria-labelledby="{title}" font-family="{FONT_STACK}">'
        f'<title id="{title}">{escape(alt_text(spec))}</title>{"".join(parts)}</svg>'
    )


def _column(index: int, place: int, share: float, band: float, label: str) -> str:
    wide = min(58.0, band * 0.36)
    left = (index + 0.5) * band + (place - 1) * wide
    tall = max(1.0, share * (_HEIGHT - 18))
    y = _TOP + _HEIGHT - tall
    box = f'<rect x="{left + 1:.1f}" y="{y:.1f}" width="{wide - 2:.1f}" height="{tall:.1f}" fill="{_FILLS[place]}" '
    words = _text(label, left + wide / 2, y - 5, INK, "middle", 10 if band >= 110 else 9) if band >= 90 else ""
    return f'{box}stroke="{NAVY}" stroke-width="0.5"/>{words}'


def _legend(spec: ChartSpec) -> str:
    parts, x = [], 0.0
    for series, fill in zip(spec.series, _FILLS, strict=True):
        parts.append(f'<rect x="{x:.1f}" y="2" width="11" height="11" fill="{fill}" stroke="{NAVY}"/>')
        parts.append(_text(series.label, x + 17, 12, GREY, "start"))
        x += 17 + 8 * len(series.label) + 20
    return "".join(parts)


def _text(words: str, x: float, y: float, ink: str, anchor: str, size: float = _LABEL) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" fill="{ink}">{escape(words)}</text>'
    )

"""The unit's areas as a map of tiles with its table: one way to draw them wherever areas are listed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.safestring import mark_safe

from programmes.models import Area
from vru.lib.charts import TileArea, grid_positions, tile_map_svg


def tiles_of(areas: Sequence[Area]) -> list[TileArea]:
    """The unit's own places on the grid where every area has one; otherwise a known shape or a plain grid."""
    placed = [
        TileArea(area.code, area.name, area.tile_column, area.tile_row)
        for area in areas
        if area.tile_column is not None and area.tile_row is not None
    ]
    return placed if len(placed) == len(areas) else grid_positions([(area.code, area.name) for area in areas])


def area_map(
    areas: Sequence[Area],
    values: Mapping[str, Decimal | int | None],
    *,
    title: str,
    heading: str,
    prefix: str,
    unit: str = "",
    shorts: Mapping[str, str] | None = None,
    displays: Mapping[str, str] | None = None,
) -> dict[str, Any] | None:
    """``svg`` and the parts of its table, for `components/_area_map.html`; None where no area has a value.

    ``values`` by area code; one that is absent is not known, never nought. ``shorts`` are printed on the tiles and
    ``displays`` in the table. ``prefix`` tells two maps of one page apart.
    """
    known = {code: value for code, value in values.items() if value is not None}
    if not any(area.code in known for area in areas):
        return None
    svg = tile_map_svg(tiles_of(areas), known, prefix=prefix, title=title, unit=unit, displays=shorts)
    said = displays or {}
    # Drawn by our own code from escaped text, so it may stand in the page as it is.
    return {
        "svg": mark_safe(svg),  # noqa: S308
        "caption": title,
        "columns": [{"label": "Area"}, {"label": heading, "numeric": True}],
        "rows": [[area.name, said.get(area.code, str(known.get(area.code, "–")))] for area in areas],
    }

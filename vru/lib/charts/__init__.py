"""Pictures of data as SVG, made on the server: the same file for screen and paper, readable in grey.

`chart_svg` is imported from `vru.lib.charts.chart`: it brings a charting library along that pages do without.
"""

from vru.lib.charts.alternatives import alt_text
from vru.lib.charts.logic_model import LogicColumn, LogicLink, LogicModel, LogicNode, logic_model_svg
from vru.lib.charts.spec import ChartSpec, Series
from vru.lib.charts.tile_map import TileArea, grid_positions, tile_map_svg

__all__ = [
    "ChartSpec",
    "LogicColumn",
    "LogicLink",
    "LogicModel",
    "LogicNode",
    "Series",
    "TileArea",
    "alt_text",
    "grid_positions",
    "logic_model_svg",
    "tile_map_svg",
]

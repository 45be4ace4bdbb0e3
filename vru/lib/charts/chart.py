"""From a chart's description to its SVG."""

from __future__ import annotations

from typing import Any

import vl_convert

from vru.lib.charts.alternatives import alt_text
from vru.lib.charts.bars import bar, grouped_bar, progress, stacked_bar
from vru.lib.charts.lines import line
from vru.lib.charts.spec import ChartSpec
from vru.lib.charts.svg import finish
from vru.lib.charts.theme import config, register_fonts

_DRAW = {"line": line, "bar": bar, "grouped_bar": grouped_bar, "stacked_bar": stacked_bar, "progress": progress}
_GRAMMAR = "v6.1"


def chart_svg(spec: ChartSpec) -> str:
    """The chart as an `<svg>` element with a title that says what it shows; the same text for the same spec.

    Nothing is fetched: the data is in the specification, and outside addresses are not allowed.
    """
    register_fonts()
    chart: Any = _DRAW[spec.kind](spec)
    # Unvalidated: the check costs more than the drawing, and every kind of chart is drawn in the tests.
    document = {**chart.to_dict(validate=False), "config": config()}
    drawn = vl_convert.vegalite_to_svg(document, vl_version=_GRAMMAR, allowed_base_urls=[])
    return finish(drawn, prefix=spec.prefix, title=alt_text(spec))

"""Columns in pairs: what is not known is not drawn, and the title says what the picture shows."""

from __future__ import annotations

import pytest

from vru.lib.charts import ChartSpec, Series
from vru.lib.charts.column_pairs import column_pairs_svg


def spec(*series: Series) -> ChartSpec:
    return ChartSpec("grouped_bar", "spend", "Spend <by> quarter", ("Q1", "Q2"), series, unit="£")


def test_a_value_that_is_not_known_has_no_column() -> None:
    drawn = column_pairs_svg(spec(Series("Profile", (100, 200)), Series("Spend", (90, None))))
    # Two squares of the legend, then one column for each value.
    assert drawn.count("<rect") == 2 + 3
    assert "£90" in drawn


def test_its_words_are_escaped_and_its_title_tells_what_it_shows() -> None:
    drawn = column_pairs_svg(spec(Series("Profile & plan", (100, 200)), Series("Spend", (0, 0))))
    assert "Profile &amp; plan" in drawn
    assert 'aria-labelledby="spend-title"' in drawn
    assert "Spend &lt;by&gt; quarter" in drawn


def test_only_two_series_make_pairs() -> None:
    with pytest.raises(ValueError, match="two series"):
        column_pairs_svg(spec(Series("Profile", (1, 2))))

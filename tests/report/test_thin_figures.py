"""A figure from too few returns stands, is marked in a draft, and is listed."""

from __future__ import annotations

from decimal import Decimal

from evaluation.figures.figure import Figure
from evaluation.reports.thin import is_thin, marks, thin_figures
from evaluation.reports.tokens import Resolver
from vru.lib.narrative import fill


def reach(received: int | None, expected: int | None, value: int | None = 7, key: str = "reach.new") -> Figure:
    number = None if value is None else Decimal(value)
    return Figure(key, "New people", number, "people", returns_received=received, returns_expected=expected)


def test_only_a_number_from_fewer_returns_than_the_setting_is_thin() -> None:
    assert is_thin(reach(79, 100), 80)
    assert not is_thin(reach(80, 100), 80)
    assert not is_thin(reach(0, 100, value=None), 80)
    assert not is_thin(reach(None, None), 80)
    assert not is_thin(reach(1, 100, key="returns.approved"), 80)
    assert not is_thin(reach(1, 100), 0)


def test_thin_figures_are_listed_with_where_they_stand() -> None:
    figures = {"reach.new": reach(1, 4), "award.total": Figure("award.total", "Awards", Decimal(1), "GBP")}
    places = {"award.total": ["Section 1"], "reach.new": ["Section 2", "Table 1"]}
    assert thin_figures(figures, places, 80) == [
        {"key": "reach.new", "label": "New people", "received": 1, "expected": 4, "places": ["Section 2", "Table 1"]}
    ]


def test_a_mark_stands_behind_a_thin_figure_but_not_behind_its_basis() -> None:
    figure = reach(1, 4)
    facts = {"reach.new": {**figure.as_json(), "shown": {"basis": figure.shown("basis")}}}
    thin = thin_figures({"reach.new": figure}, {"reach.new": []}, 80)
    text = fill("{{reach.new}} people, {{reach.new | basis}}", Resolver(facts, {}, marks(thin)))
    assert text == "7 [only 1 of 4 returns] people, from 1 of 4 returns"
    assert fill("{{reach.new}}", Resolver(facts, {})) == "7"

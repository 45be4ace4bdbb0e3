"""A funder's own bands and periods count the same people: they are protected with all others, and told by none."""

from __future__ import annotations

from decimal import Decimal
from itertools import product
from random import Random

import pytest

from evaluation.figures.figure import Figure
from evaluation.reports.disclosure import Plan, protect_figures
from evaluation.reports.disclosure_earlier import EarlierEdition
from tests.report import crowd as people

pytestmark = pytest.mark.slow
PLAN = Plan(
    programmes={ref: {"objective": str(number), "theme": "all"} for ref, number in people.PROGRAMMES.items()},
    area_categories={code: ("district", name) for name, code in people.CODES.items()},
)
PERIODS = ("quarter=2020-21Q2", "until=2020-21Q2")
# Bands of two funders that cut across each other.
FORM = [
    *(f"reach.breakdown category={band} dimension=age" for band in ("older+young", "older+oldest", "oldest", "young")),
    *(f"reach.breakdown category={name} dimension=sex" for name in people.SEXES),
]


def counted(key: str, crowd: list[people.Person]) -> Figure:
    value = Decimal(sum(map(people.members(key), crowd)))
    return Figure(key=key, label=key, value=value, low=value, high=value, unit="people")


def year_of(crowd: list[people.Person]) -> dict[str, Figure]:
    """The figures that every report has, and those of the form, period by period."""
    quarters = [f"2020-21Q{number}" for number in people.QUARTERS]
    whole = ["reach.new", *(f"reach.new quarter={quarter}" for quarter in quarters)]
    whole += [f"reach.new objective={number}" for number in (1, 2)]
    whole += [f"reach.new programme={ref}" for ref in people.PROGRAMMES]
    for slug, names in people.SPLITS.items():
        whole += [f"reach.breakdown category={name} dimension={slug}" for name in names]
        # The whole year is computed by quarter as well, whether a report prints it or not.
        whole += [f"reach.breakdown category={n} dimension={slug} quarter={q}" for n, q in product(names, quarters)]
    return {key: counted(key, crowd) for key in (*whole, *form_keys())}


def form_keys() -> list[str]:
    return ["reach.new until=2020-21Q2", *(f"{key} {period}" for key, period in product(FORM, PERIODS))]


def protected(figures: dict[str, Figure], **more) -> dict[str, dict]:
    made = protect_figures(figures, PLAN, threshold=5, width=5, forms=form_keys(), **more)
    return {key: figure.as_json() for key, figure in made.figures.items()}


def assert_told_by_nothing(printed: dict[str, dict], crowd: list[people.Person]) -> None:
    ranges = people.readers_ranges(printed, crowd)
    assert ranges, "a world without a small count proves nothing"
    assert [key for key, (low, high) in ranges.items() if high is not None and high - low < 5] == []


@pytest.mark.parametrize("seed", range(6))
def test_no_reader_of_a_form_with_overlapping_bands_narrows_a_small_count(seed):
    crowd = people.random_crowd(Random(seed))
    assert_told_by_nothing(protected(year_of(crowd)), crowd)


def test_a_breakdown_by_quarter_is_printed_only_where_the_form_asks_for_it():
    crowd = [person for person in people.everywhere() for _ in range(10)]
    printed = protected(year_of(crowd))
    assert printed["reach.breakdown category=oldest dimension=age quarter=2020-21Q2"]["display"] == "240"
    assert printed["reach.breakdown category=oldest dimension=age quarter=2020-21Q1"]["display"] == "[c]"
    assert printed["reach.breakdown category=older+oldest dimension=age until=2020-21Q2"]["display"] == "960"


def test_an_annual_report_does_not_give_away_what_a_quarterly_return_hid():
    few = [person for person in people.everywhere() if (person.age, person.quarter) == ("oldest", 2)][:2]
    many = [p for p in people.everywhere() if p.age != "oldest" or p.quarter == 1 for _ in range(10)]
    crowd = [*few, *many]
    figures = year_of(crowd)
    quarterly = protected(figures)
    small = "reach.breakdown category=oldest dimension=age quarter=2020-21Q2"
    assert quarterly[small]["display"] == "[c]"
    asked = {key: quarterly[key] for key in (*form_keys(), "reach.new", "reach.new quarter=2020-21Q2")}
    earlier = EarlierEdition("quarter 2", asked, figures, PLAN)
    annual = protect_figures(figures, PLAN, threshold=5, width=5, earlier=[earlier])
    both = {key: figure.as_json() for key, figure in annual.figures.items()}
    both |= {key: each for key, each in asked.items() if each["value"] is not None}
    assert_told_by_nothing(both, crowd)

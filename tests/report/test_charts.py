"""Charts, the logic model and the tile map: what they say, and that nothing runs out of its box."""

from __future__ import annotations

import itertools
import re
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vru.lib.charts import (
    ChartSpec,
    LogicColumn,
    LogicLink,
    LogicModel,
    LogicNode,
    Series,
    TileArea,
    alt_text,
    grid_positions,
    logic_model_svg,
    tile_map_svg,
)
from vru.lib.charts.chart import chart_svg
from vru.lib.charts.spec import format_value
from vru.lib.charts.theme import PALETTE, on, text_width, wrap

SVG = "{http://www.w3.org/2000/svg}"
YEARS = ("2018-19", "2019-20", "2020-21")
KNIFE = ChartSpec(
    "line", "knife", "Knife crime", YEARS, (Series("Knife crime", (14884, 15582, 11561)),), unit="offences"
)


def spec(kind, series, *, categories=("North", "South"), prefix="c", unit="people", title="Reach"):
    return ChartSpec(kind, prefix, title, categories, tuple(Series(*one) for one in series), unit=unit)


KINDS = {
    "line": spec("line", [("New", (1, 2)), ("Target", (2, None))]),
    "bar": spec("bar", [("New", (1, 2))]),
    "grouped_bar": spec("grouped_bar", [("New", (1, 2)), ("Target", (2, 3))]),
    "stacked_bar": spec("stacked_bar", [("10–14", (100, 200)), ("15–17", (200, 30))]),
    "progress": spec("progress", [("Reached", (60, None)), ("Target", (100, 50))]),
}


def words(svg: str) -> str:
    return " ".join("".join(element.itertext()) for element in ElementTree.fromstring(svg).iter(f"{SVG}text"))


@pytest.mark.parametrize("kind", KINDS)
def test_same_chart_gives_the_same_text_and_only_its_own_ids(kind):
    first, second = chart_svg(KINDS[kind]), chart_svg(KINDS[kind])
    ids = [element.get("id") for element in ElementTree.fromstring(first).iter() if element.get("id")]
    assert first == second
    assert ids
    assert len(set(ids)) == len(ids)
    assert all(name.startswith("c-") for name in ids)
    assert set(re.findall(r"url\(#([^)]+)\)", first)) <= set(ids)


@pytest.mark.parametrize("kind", KINDS)
def test_chart_carries_its_alternative_as_title_and_refers_to_nothing_outside(kind):
    svg = chart_svg(KINDS[kind])
    title = ElementTree.fromstring(svg).find(f"{SVG}title")
    assert title is not None
    assert title.text == alt_text(KINDS[kind])
    assert not re.search(r"(href|src)=\"(?!#)|url\((?!#)", svg)


def test_bars_print_their_values_beside_them():
    svg = chart_svg(spec("bar", [("Funding", (7_600_000, 500_000))], unit="£"))
    assert "£7.6m" in words(svg)
    assert "£500,000" in words(svg)


def test_lines_are_named_at_their_ends():
    text = words(chart_svg(KINDS["line"]))
    assert "New 2" in text
    assert "Target 2" in text


def test_progress_says_how_much_of_the_target_was_reached():
    assert "60 of 100 (60%)" in words(chart_svg(KINDS["progress"]))
    assert "North: 60 of 100 (60%). South: – of 50." in alt_text(KINDS["progress"])


def test_given_displays_are_printed_instead_of_formatted_values():
    one = ChartSpec("bar", "c", "Reach", ("North", "South"), (Series("New", (80_000, None), ("c.80,000", "<5")),))
    assert "c.80,000" in words(chart_svg(one))
    assert "c.80,000" in alt_text(one)


def test_names_with_quotes_and_angle_brackets_are_drawn_as_text():
    name = "Young people's <b>group</b> & 'friends' \\ in a very long name that needs several lines to be read"
    text = words(chart_svg(spec("bar", [("New", (1, 2))], categories=(name, "South"))))
    assert "people's <b>group</b> & 'friends' \\" in text
    assert "be read" in text


def test_line_alternative_gives_first_last_change_and_highest():
    assert alt_text(KNIFE) == (
        "Line chart: Knife crime, offences. It begins at 14,884 in 2018-19 and ends at 11,561 in 2020-21, "
        "which is a fall of 3,323 (22.3%); the highest of all the values is 15,582, in 2019-20."
    )


def test_change_of_percentages_is_in_percentage_points():
    one = ChartSpec("line", "c", "Share", YEARS, (Series("Share", (40, 35, 52.5)),), unit="%")
    assert "a rise of 12.5 percentage points" in alt_text(one)


def test_alternative_counts_what_is_not_known():
    one = spec("bar", [("New", (None, 4, 6))], categories=YEARS)
    assert "1 of 3 values are not known" in alt_text(one)
    assert "No value is known" in alt_text(spec("bar", [("New", (None, None))]))


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (1169, "people", "1,169"), (5_700_000, "£", "£5.7m"), (568_000, "£", "£568,000"), (999_600, "£", "£1m"),
        (25.8, "%", "25.8%"), (-25.8, "%", "−25.8%"), (None, "£", "–"), (0, "people", "0"),
    ],
)  # fmt: skip
def test_values_are_printed_as_the_house_writes_them(value, unit, text):
    assert format_value(value, unit) == text


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"series": [("New", (1,))]}, "1 values for 2 categories"),
        ({"series": [("New", (1, -2))]}, "negative"),
        ({"series": [("New", (1, 2)), ("New", (1, 2))]}, "names a series twice"),
        ({"series": [("New", (1, 2)), ("Old", (1, 2))]}, "A bar chart shows 1 series"),
        ({"categories": ("North", "North")}, "names a category twice"),
        ({"categories": ()}, "no categories"),
        ({"prefix": "Two words"}, "prefix"),
        ({"series": [("New", (1, 2), ("one",))]}, "texts for only some"),
    ],
)
def test_chart_that_cannot_be_drawn_is_refused_in_words(change, message):
    arguments = {"series": [("New", (1, 2))], **change}
    with pytest.raises(ValueError, match=message):
        spec("bar", arguments.pop("series"), **arguments)


def test_neighbouring_colours_differ_in_lightness_so_that_grey_print_tells_them_apart():
    def grey(colour: str) -> float:
        red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
        return 0.299 * red + 0.587 * green + 0.114 * blue

    tones = [grey(colour) for colour in PALETTE]
    assert all(abs(one - two) > 40 for one, two in itertools.pairwise(tones))


@given(st.text(st.characters(codec="latin-1", exclude_categories=["Cc"]), max_size=200), st.floats(30, 300))
def test_wrapped_lines_never_exceed_their_width_and_lose_nothing(text, width):
    lines = wrap(text, 11, width)
    assert all(text_width(line, 11) <= width for line in lines if len(line) > 1)
    assert "".join("".join(lines).split()) == "".join(text.split())


@settings(max_examples=60)
@given(st.lists(st.none() | st.integers(0, 10**9), min_size=1, max_size=8), st.sampled_from(["£", "%", "people", ""]))
def test_any_values_get_an_alternative(values, unit):
    names = tuple(f"Row {n}" for n in range(len(values)))
    for kind in ("line", "bar", "grouped_bar", "stacked_bar"):
        text = alt_text(ChartSpec(kind, "c", "Values", names, (Series("All", tuple(values)),), unit=unit))
        assert text.endswith(".")
        assert "None" not in text


def model(count: int = 3, links: tuple[LogicLink, ...] | None = None) -> LogicModel:
    work = tuple(
        LogicNode(f"i{n}", f"Programme {n} with a long name that has to be wrapped", "£0.5m") for n in range(count)
    )
    goals = (LogicNode("o0", "Stronger families & friends"), LogicNode("o1", "Safer <places>"))
    columns = (
        LogicColumn("Interventions", work),
        LogicColumn("Objectives", goals),
        LogicColumn("Aims", (LogicNode("a0", "Less violence"),)),
    )
    every = (
        *tuple(LogicLink(f"i{n}", f"o{n % 2}") for n in range(count)),
        LogicLink("o0", "a0"),
        LogicLink("o1", "a0"),
    )
    return LogicModel("lm", "Logic model", columns, every if links is None else links)


@pytest.mark.parametrize("count", [1, 3, 20, 60])
def test_logic_model_text_stays_inside_its_boxes_and_boxes_apart(count):
    root = ElementTree.fromstring(logic_model_svg(model(count)))
    boxes = [
        tuple(float(element.get(name, "0")) for name in ("x", "y", "width", "height"))
        for element in root.iter(f"{SVG}rect")
        if element.get("rx")
    ]
    height = float(str(root.get("viewBox")).split()[3])
    assert len(boxes) == count + 3
    assert all(x >= 0 and x + width <= 1060 and y >= 0 and y + tall <= height for x, y, width, tall in boxes)
    for one, (x, y, _width, tall) in enumerate(boxes):
        others = boxes[one + 1 :]
        assert not any(abs(x - other[0]) < 1 and y < other[1] + other[3] and other[1] < y + tall for other in others)
    for element in root.iter(f"{SVG}text"):
        left, base, size = (float(element.get(name, "0")) for name in ("x", "y", "font-size"))
        if base < 30:
            continue  # the heading of a column
        right = left + text_width("".join(element.itertext()), size, bold=element.get("font-weight") == "600")
        assert any(
            x <= left and right <= x + width and y <= base - size * 0.7 and base <= y + tall
            for x, y, width, tall in boxes
        )


def test_logic_model_draws_every_link_and_tells_it_in_words():
    svg = logic_model_svg(model(3))
    description = ElementTree.fromstring(svg).find(f"{SVG}desc")
    assert svg.count('fill="none"') == 5
    assert description is not None
    assert "Safer <places> leads to Less violence" in str(description.text)
    assert "3 interventions, leading to 2 objectives, leading to 1 aims, joined by 5 links" in svg


@pytest.mark.parametrize(
    ("link", "message"),
    [(LogicLink("i0", "nowhere"), "not one of its boxes"), (LogicLink("a0", "o0"), "does not lead to a later column")],
)
def test_logic_model_with_a_wrong_link_is_refused(link, message):
    with pytest.raises(ValueError, match=message):
        model(1, (link,))


def test_known_boroughs_take_the_shape_of_the_city_and_others_a_grid():
    london = grid_positions([(f"E090000{n:02}", f"Borough {n}") for n in range(1, 34)])
    other = grid_positions([("X1", "Beech"), ("X2", "Alder")])
    assert len({(area.column, area.row) for area in london}) == 33
    assert [area.name for area in other] == ["Alder", "Beech"]
    assert len({(area.column, area.row) for area in other}) == 2


def test_tile_map_shows_hidden_and_unknown_values_without_a_shade():
    areas = [TileArea("A", "Alder", 0, 0), TileArea("B", "Beech", 1, 0), TileArea("C", "Cedar", 2, 0)]
    svg = tile_map_svg(areas, {"A": 90, "B": None}, prefix="m", title="New people", displays={"B": "<5"})
    assert svg.count("stroke-dasharray") == 2
    assert "<5" in words(svg)
    assert "Highest Alder (90), lowest Alder (90). 2 without a value." in svg


def test_text_on_a_colour_has_enough_contrast():
    assert on("#0F2344") == "#FFFFFF"
    assert on("#F2A900") == "#0F2344"

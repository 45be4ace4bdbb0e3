"""Disclosure control: an adversary with everything published cannot narrow a small count down."""

from itertools import product
from random import Random
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vru.lib.disclosure import (
    CannotProtect,
    OneWay,
    Publication,
    Relation,
    Table,
    TableError,
    TwoWay,
    attack,
    cell_id,
    percentage,
    protect,
    protection,
)

pytestmark = pytest.mark.slow

COUNTS = st.one_of(st.integers(0, 6), st.integers(0, 60), st.just(0))
# Each example is a dozen integer programmes.
MANY, FEW = settings(max_examples=40, deadline=None), settings(max_examples=15, deadline=None)


@st.composite
def two_way_tables(draw, most_rows=6, most_columns=5, **names):
    rows = [f"r{index}" for index in range(draw(st.integers(1, most_rows)))]
    columns = [f"c{index}" for index in range(draw(st.integers(1, most_columns)))]
    counts = {(row, column): draw(COUNTS) for row in rows for column in columns}
    return TwoWay(rows, columns, counts, **names)


@st.composite
def tables_sharing_totals(draw):
    """The same people by age and quarter and by borough and quarter: the quarters and the headline are shared."""
    people = draw(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 3), st.integers(0, 2)), max_size=60))
    quarters = ["Q1", "Q2", "Q3"]
    by_age = {(f"a{age}", quarters[quarter]): 0 for age in range(3) for quarter in range(3)}
    by_borough = {(f"b{borough}", quarters[quarter]): 0 for borough in range(4) for quarter in range(3)}
    for age, borough, quarter in people:
        by_age[f"a{age}", quarters[quarter]] += 1
        by_borough[f"b{borough}", quarters[quarter]] += 1
    return [
        TwoWay([f"a{n}" for n in range(3)], quarters, by_age, "reach.new", "age", "quarter"),
        TwoWay([f"b{n}" for n in range(4)], quarters, by_borough, "reach.new", "borough", "quarter"),
    ]


def assert_safe(protected, width=5):
    for cell, (low, high) in attack(protected.publication(), protected.primary).items():
        assert high is None or high - low >= width, f"{cell} is known to be {low} to {high}"


def assert_untouched(protected):
    """What is shown is the true count, and nothing small is shown."""
    counts = {cell: count for table in protected.tables for cell, count in table.counts.items()}
    for cell, count in counts.items():
        assert protected.shown(cell) == (None if cell in protected.hidden else count)
        assert not 0 < count < 5 or cell in protected.primary


@MANY
@given(two_way_tables())
def test_no_small_count_of_a_random_table_can_be_recovered(table):
    protected = protect(table)
    assert_safe(protected)
    assert_untouched(protected)


@FEW
@given(tables_sharing_totals())
def test_tables_that_share_totals_are_safe_together(tables):
    protected = protect(tables)
    assert_safe(protected)
    assert_untouched(protected)


@FEW
@given(st.dictionaries(st.text("abcdefgh", min_size=1, max_size=2), COUNTS, min_size=1, max_size=8), st.integers(2, 12))
def test_other_thresholds_and_widths_are_kept(counts, threshold):
    protected = protect(OneWay(sum(counts.values()), counts), threshold=threshold, width=threshold)
    assert_safe(protected, width=threshold)
    assert all(value is None or value == 0 or value >= threshold for value in protected.values.values())


@FEW
@given(two_way_tables(most_rows=4, most_columns=3))
def test_rounding_comes_on_top_of_hiding_and_takes_knowledge_away(table):
    exact, rounded = protect(table), protect(table, rounding=5)
    assert rounded.hidden == exact.hidden
    assert all(value is None or value % 5 == 0 for value in rounded.values.values())
    for cell, (low, high) in attack(rounded.publication(), rounded.primary).items():
        sharp_low, sharp_high = attack(exact.publication(), [cell])[cell]
        assert low <= sharp_low
        assert high is None or sharp_high is None or high >= sharp_high


@FEW
@given(two_way_tables(most_rows=5, most_columns=4))
def test_protecting_is_repeatable_and_keeps_the_headline(table):
    first, second = protect(table), protect(table)
    assert first.values == second.values
    headline = table.as_table().counts["count"]
    assert first.shown("count") == (None if 0 < headline < 5 else headline)


def every_table_that_fits(publication, inner, margins):
    """All whole tables that agree with what is published, by trying every one."""
    headline = publication.values["count"]
    for counts in product(range(headline + 1), repeat=len(inner)):
        world = dict(zip(inner, counts, strict=True)) | {"count": sum(counts)}
        world |= {margin: sum(world[cell] for cell in parts) for margin, parts in margins.items()}
        if all(value is None or world[cell] == value for cell, value in publication.values.items()):
            yield world


@FEW
@given(st.lists(st.integers(0, 3), min_size=4, max_size=4).filter(lambda counts: sum(counts) >= 5))
def test_the_adversary_finds_exactly_what_trying_every_table_finds(counts):
    table = TwoWay("ab", "xy", dict(zip(product("ab", "xy"), counts, strict=True)))
    inner = [table.inner(row, column) for row in "ab" for column in "xy"]
    margins = {cell_id("count", row=row): [table.inner(row, column) for column in "xy"] for row in "ab"}
    margins |= {cell_id("count", column=column): [table.inner(row, column) for row in "ab"] for column in "xy"}
    protected = protect(table)
    worlds = list(every_table_that_fits(protected.publication(), inner, margins))
    for cell, (low, high) in attack(protected.publication()).items():
        assert (low, high) == (min(world[cell] for world in worlds), max(world[cell] for world in worlds))
        assert cell not in protected.primary or high - low >= 5


def test_one_small_count_takes_a_neighbour_with_it():
    protected = protect(OneWay(20, {"a": 2, "b": 10, "c": 8}))
    assert protected.values == {"count": 20, "count category=a": None, "count category=b": 10, "count category=c": None}
    assert attack(protected.publication()) == {"count category=a": (0, 10), "count category=c": (0, 10)}


def test_a_table_without_small_counts_is_left_alone():
    protected = protect(OneWay(30, {"a": 0, "b": 10, "c": 20}))
    assert protected.hidden == frozenset()
    assert protected.shown("count category=a") == 0


def test_a_total_that_is_small_itself_is_hidden():
    protected = protect(OneWay(3, {"a": 3, "b": 0}))
    assert protected.shown("count") is None
    assert_safe(protected)


def test_hiding_a_square_is_not_enough_when_its_counts_are_small():
    # Two rows and two columns of ones: each alone could be 0, 1 or 2.
    counts = {(row, column): 50 for row in "abc" for column in "xyz"}
    counts |= {("a", "x"): 1, ("a", "y"): 1, ("b", "x"): 1, ("b", "y"): 1}
    protected = protect(TwoWay("abc", "xyz", counts))
    assert len(protected.secondary) > 0
    assert_safe(protected)


def test_the_adversary_recovers_what_is_hidden_alone():
    values = {"all": 10, "a": None, "b": 7}
    assert attack(Publication(values, (Relation.total("all", ["a", "b"]),))) == {"a": (3, 3)}


def test_the_adversary_recovers_a_count_from_other_published_equations():
    # Three lines, two hidden in each, none alone in its sum: yet all three are known exactly.
    values = {"ab": 3, "bc": 5, "ac": 4, "a": None, "b": None, "c": None}
    sums = tuple(Relation.total(pair, list(pair)) for pair in ("ab", "bc", "ac"))
    assert attack(Publication(values, sums)) == {"a": (1, 1), "b": (2, 2), "c": (3, 3)}


def test_the_adversary_knows_counts_are_whole():
    values = {"x": None, "y": None}
    known = (Relation({"x": 2, "y": 2}, low=1, high=4), Relation({"x": 2, "y": -2}, low=-1, high=1))
    # On the line x = y, halves would allow 0.25 to 1; whole numbers only 1.
    assert attack(Publication(values, known)) == {"x": (1, 1), "y": (1, 1)}


def test_the_adversary_says_when_nothing_limits_a_cell_and_when_figures_contradict():
    assert attack(Publication({"a": None}, ())) == {"a": (0, None)}
    with pytest.raises(ValueError, match="contradicts"):
        attack(Publication({"all": 1, "a": None, "b": 2}, (Relation.total("all", ["a", "b"]),)))


def test_the_adversary_reads_rounded_figures_as_ranges():
    publication = Publication({"all": 20, "a": None, "b": 10}, (Relation.total("all", ["a", "b"]),), rounding=5)
    assert attack(publication) == {"a": (6, 14)}


def test_a_printed_percentage_counts_as_published():
    counts = {"a": 3, "b": 40, "c": 57}
    tables = OneWay(100, counts)
    small, whole = "count category=a", "count"
    plain = protect(tables)
    told = protect(tables, relations=percentage(small, whole, "3"))
    assert attack(plain.publication())[small] == (0, 43)
    # "3%" of 100 people is 3 people: no cell can help, so the table goes, and its total with it.
    assert told.dropped == ("count by category",)
    assert told.shown(whole) is None
    assert_safe(told)


def test_an_earlier_edition_can_make_protection_impossible():
    with pytest.raises(CannotProtect, match="already public"):
        protect(OneWay(20, {"a": 2, "b": 18}), already_public={"count": 20, "count category=b": 18})


def test_a_count_already_public_is_neither_hidden_nor_a_secret():
    protected = protect(OneWay(20, {"a": 2, "b": 18}), already_public={"count category=a": 2})
    assert protected.values == {"count": 20, "count category=a": 2, "count category=b": 18}


def test_what_changed_since_the_last_edition_counts_as_published():
    quarter = OneWay(25, {"a": 4, "b": 21}, measure="now")
    change = Relation({"now category=a": 1, "then": -1}, low=3, high=3)
    with pytest.raises(CannotProtect):
        protect(quarter, relations=[change], already_public={"then": 1})


def test_a_table_that_does_not_converge_is_dropped_to_its_total():
    counts = {(row, column): 6 for row in "abcd" for column in "xyz"} | {("a", "x"): 1}
    table = TwoWay("abcd", "xyz", counts)
    protected = protect(table, most_rounds=0)
    assert protected.dropped == ("count by row and column",)
    assert [cell for cell, value in protected.values.items() if value is not None] == ["count"]
    assert_safe(protected)


def test_dropping_a_table_leaves_its_neighbours_alone_where_that_is_safe():
    by_age = OneWay(60, {"a": 1, "b": 29, "c": 30}, dimension="age")
    by_sex = OneWay(60, {"f": 25, "m": 35}, dimension="sex")
    protected = protect([by_age, by_sex], most_rounds=0)
    assert protected.dropped == ("count by age",)
    assert protected.shown("count sex=f") == 25
    assert_safe(protected)


def test_a_table_that_does_not_add_up_is_refused():
    with pytest.raises(TableError, match='"count" do not add up'):
        protect(OneWay(21, {"a": 2, "b": 18}))


def test_two_tables_that_disagree_about_a_shared_total_are_refused():
    with pytest.raises(TableError, match='"count" is 6 in count by sex but 5'):
        protect([OneWay(5, {"a": 5}, dimension="age"), OneWay(6, {"f": 6}, dimension="sex")])


@pytest.mark.parametrize("count", [-1, 1.5, True, None])
def test_a_count_that_is_no_number_of_people_is_refused(count):
    with pytest.raises(TableError, match="whole number of people"):
        protect(Table("t", {"a": count}, ()))


def test_unknown_cells_and_rows_are_refused():
    with pytest.raises(TableError, match="no table has"):
        protect(OneWay(5, {"a": 5}), relations=[Relation({"zebra": 1})])
    with pytest.raises(TableError, match="outside its rows"):
        protect(TwoWay("ab", "xy", {("c", "x"): 1}))
    with pytest.raises(TableError, match="twice"):
        protect(TwoWay("aa", "xy", {("a", "x"): 1}))
    with pytest.raises(TableError, match="has no count"):
        Table("t", {"a": 1}, (), total="b")


def test_cells_are_named_like_figures_so_that_margins_are_shared():
    assert cell_id("reach.new", quarter="2020-21Q2", age="10-14") == "reach.new age=10-14 quarter=2020-21Q2"
    by_age = OneWay(50, {"10-14": 40, "15-17": 10}, "reach.new", "age")
    crossed = TwoWay(
        ["10-14", "15-17"],
        ["Q1", "Q2"],
        {("10-14", "Q1"): 20, ("10-14", "Q2"): 20, ("15-17", "Q1"): 8, ("15-17", "Q2"): 2},
        "reach.new",
        "age",
        "quarter",
    )
    protected = protect([by_age, crossed])
    assert protected.shown("reach.new age=10-14") == 40
    assert_safe(protected)


@pytest.mark.parametrize("seed", range(2))
def test_a_table_of_boroughs_by_quarters_is_safe_with_fewer_programmes_than_two_a_small_count(seed):
    """What one programme finds is remembered for every cell; asking twice about each small count would be the most."""
    random = Random(seed)
    rows, columns = [f"borough {index}" for index in range(33)], [f"q{index}" for index in range(6)]
    counts = {(row, column): random.choice([0, 0, 1, 2, 3, 5, 8, 13, 30]) for row in rows for column in columns}
    with patch.object(protection, "milp", wraps=protection.milp) as programmes:
        protected = protect(TwoWay(rows, columns, counts))
    assert 0 < programmes.call_count < 2 * len(protected.primary)
    assert protected.dropped == ()
    assert len(protected.secondary) < len(protected.primary)
    assert_safe(protected)

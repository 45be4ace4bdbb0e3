"""A typed number is held against figures, statements, differences and shares, tolerant of how people write."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.figures.figure import COUNT, GBP, PEOPLE, PERCENT, Figure
from evaluation.numbers import Found, Index, SectionText, Standing, scan
from vru.lib.bounded import Precision
from vru.lib.money import Money

BINDABLE, MATCHES, CONTRADICTS, UNKNOWN = (
    Standing.BINDABLE,
    Standing.MATCHES,
    Standing.CONTRADICTS,
    Standing.UNKNOWN,
)


def figure(key: str, label: str, value: object, unit: str = COUNT, **more: object) -> Figure:
    number = Decimal(str(value))
    low, high = (Decimal(str(more.pop(name, number))) for name in ("low", "high"))
    return Figure(key, label, number, unit, low, high, **more)  # type: ignore[arg-type]


YEAR = (
    figure("funding.total", "Funding", 14_400_000, GBP),
    figure("funding.source source=interior", "Funding, Interior Ministry", 2_550_000, GBP),
    figure("reach.new", "New people supported (gross)", 13_064, PEOPLE),
    figure("reach.started", "People who started", 13_000, PEOPLE),
    figure("reach.completed", "People who completed", 7_708, PEOPLE),
    figure("reach.target", "Target for new people", 21_811, PEOPLE),
    figure("grants.count", "Grants", 242),
    figure("series.value period=2019 series=knives", "Knife crime, 2019", 15_582, "offences"),
    figure("series.value period=2020 series=knives", "Knife crime, 2020", 11_561, "offences"),
    figure("series.change from=2019 series=knives to=2020", "Knife crime: change from 2019 to 2020", "-25.8", PERCENT),
    figure("stated.value ref=S1.reach", "people reached, directly and indirectly, 2020/21", 80_000, PEOPLE,
           low=75_000, high=85_000, precision=Precision.ABOUT.value),
    figure("reach.breakdown category=harrow dimension=borough", "New people supported, Borough of residence: Harrow", 3,
           PEOPLE),
)  # fmt: skip
INDEX = Index({each.key: each for each in YEAR}, texts={"unit.funder": "Interior Ministry"}, times=("2020-21", "2020"))


def look(text: str, index: Index = INDEX) -> list[Found]:
    return [each for each in scan([SectionText("a", "The year", text)], index) if each.is_amount]


def only(text: str) -> Found:
    (found,) = look(text)
    return found


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("We supported 13,064 new people.", "reach.new"),
        ("In all, 7,708 people completed.", "reach.completed"),
        ("The Interior Ministry's funding was £2.55m.", "funding.source source=interior"),
        ("Funding from the {{unit.funder}} was £2.55m.", "funding.source source=interior"),
        ("We reached about 80,000 people, directly and indirectly.", "stated.value ref=S1.reach"),
        ("We made 242 grants.", "grants.count"),
        ("We made two hundred and forty-two grants.", "grants.count"),
        ("Knife crime fell by 26% from 2019 to 2020.", "series.change from=2019 series=knives to=2020"),
    ],
)
def test_a_number_that_is_a_figure_can_be_bound_to_it(text: str, key: str) -> None:
    found = only(text)
    assert (found.standing, found.best.key if found.best else "") == (BINDABLE, key)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Of those who started, 59% completed.", "share of those who started"),
        ("New people came to 60% of the target.", "share of the target"),
        ("The Interior Ministry gave 18% of the funding.", "share of Funding"),
        ("Knife crime fell by 4,021 between 2019 and 2020.", "difference between 2019 and 2020"),
    ],
)
def test_a_share_or_difference_of_two_figures_matches_and_names_them(text: str, why: str) -> None:
    found = only(text)
    assert found.standing is MATCHES
    assert why in found.why


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("In total 14,002 new people were supported.", "13,064"),
        ("Knife crime fell by 20% from 2019 to 2020.", "25.8%"),
        ("Knife crime rose by 26% from 2019 to 2020.", "25.8%"),
        ("In total, more than 14,000 new people were supported.", "13,064"),
        ("Funding from the Interior Ministry was £3.1m.", "£2.6m"),
    ],
)
def test_a_sentence_about_a_figure_with_another_number_contradicts_it(text: str, says: str) -> None:
    found = only(text)
    assert (found.standing, says in found.why) == (CONTRADICTS, True), found.why


def test_a_sentence_whose_own_numbers_disagree_says_so() -> None:
    percent = next(each for each in look("Calls fell by 30%, from 1,000 to 750.") if each.typed.printed == "30%")
    assert percent.standing is CONTRADICTS
    assert "1,000 to 750 is a fall of 25.0%" in percent.why


def test_a_sentence_whose_own_numbers_agree_needs_no_figure() -> None:
    percent = next(each for each in look("Calls fell by a quarter, from 1,000 to 750.") if each.typed.printed != "750")
    assert percent.standing is MATCHES


@pytest.mark.parametrize(
    "text", ["Three points need care.", "The choir sang 17 songs.", "Sandwiches cost £212.", "It rained for 40% of it."]
)
def test_a_number_about_nothing_known_is_not_known(text: str) -> None:
    assert only(text).standing is UNKNOWN


def test_the_token_proposed_prints_what_was_typed_where_an_option_does() -> None:
    plain, words = only("We made 242 grants.").best, only("We made two hundred and forty-two grants.").best
    assert plain is not None
    assert (plain.option, plain.shown, plain.prints_the_same) == ("", "242", True)
    assert words is not None
    assert not words.prints_the_same


def test_a_count_of_very_few_people_is_pointed_out() -> None:
    best = only("In the borough of Harrow, 3 new people were supported.").best
    assert best is not None
    assert best.is_small_count


def test_dates_and_references_are_never_compared() -> None:
    found = scan([SectionText("a", "The year", "See section 242, of 31 March 2021.")], INDEX)
    assert {each.is_amount for each in found} == {False}
    assert [each.candidates for each in found] == [(), ()]


def test_a_changed_sentence_is_another_number_and_the_same_one_is_not() -> None:
    first, second = look("We made 242 grants. We made 242 grants in the end.")
    assert first.fingerprint != second.fingerprint
    assert look("Before. We  made 242\ngrants.")[0].fingerprint == first.fingerprint


def test_the_same_number_twice_in_a_sentence_is_two_numbers() -> None:
    first, second = look("We made 12 grants in 12 months.")
    assert first.fingerprint != second.fingerprint


@given(st.integers(10_000, 10**9))
def test_a_count_is_matched_whatever_else_is_known(value: int) -> None:
    index = Index({each.key: each for each in (*YEAR, figure("x.y", "Visits to the shed", value))})
    (found,) = look(f"There were {value:,} visits to the shed.", index)
    assert (found.standing, found.best.key if found.best else "") == (BINDABLE, "x.y")


@given(st.integers(100_000, 10**12))
def test_money_as_the_report_prints_it_is_matched(pence: int) -> None:
    cost = figure("x.y", "Cost of the shed", Decimal(pence) / 100, GBP)
    (found,) = look(f"The cost of the shed was {cost.display}.", Index({"x.y": cost}))
    assert found.standing is BINDABLE
    assert found.best is not None
    assert found.best.prints_the_same


@given(st.integers(2_000, 10**6), st.integers(-80, 400))
def test_a_change_is_matched_when_it_is_right_and_contradicted_when_it_is_not(before: int, percent: int) -> None:
    after = before * (100 + percent) // 100
    true = Decimal(after) * 100 / before - 100
    moved = "fell" if true < 0 else "rose"
    wrong = abs(round(true)) + 3
    for typed, standing in ((abs(round(true)), MATCHES), (wrong, CONTRADICTS)):
        text = f"Calls {moved} by {typed}%, from {before:,} to {after:,}."
        found = next(each for each in look(text, Index({})) if each.typed.printed == f"{typed}%")
        if before != after:
            assert found.standing is standing, (text, found.why)


@given(st.integers(1_000, 10**7))
def test_a_hedged_number_matches_what_it_hedges(value: int) -> None:
    index = Index({"x.y": figure("x.y", "Visits to the shed", value)})
    rounded = round(value, -2)
    above, below = (value // 100 + 1) * 100, value // 100 * 100
    for text in (f"about {rounded:,}", f"nearly {above:,}", f"over {below:,}", f"{below:,}+"):
        (found,) = look(f"There were {text} visits to the shed.", index)
        assert found.standing is BINDABLE, (text, found.why)


@given(st.integers(1_000, 10**7), st.sampled_from([Decimal("0.6"), Decimal("0.8"), Decimal("1.2"), Decimal("1.7")]))
def test_a_number_that_is_off_is_never_said_to_agree(value: int, times: Decimal) -> None:
    typed = int(value * times)
    (found,) = look(
        f"There were {typed:,} visits to the shed.", Index({"x.y": figure("x.y", "Visits to the shed", value)})
    )
    assert found.standing is CONTRADICTS


def test_money_keeps_its_pence_when_it_is_compared() -> None:
    exact = Money(46_231).exact()
    index = Index({"unit_cost": figure("unit_cost", "Spend for each new person", "462.3145", GBP)})
    assert [look(f"Spend for each new person was {text}.", index)[0].standing for text in ("£462", exact)] == [
        BINDABLE
    ] * 2

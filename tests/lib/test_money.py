"""Money: exact inside, splits that add up, displays that say what they round."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vru.lib.money import Money, split_pence

PENCE = st.integers(min_value=-(10**13), max_value=10**13)
WEIGHTS = st.lists(st.integers(min_value=0, max_value=10**6), min_size=1, max_size=40).filter(any)


@pytest.mark.parametrize(
    ("pounds", "pence"),
    [("1234.56", 123456), (Decimal("0.1"), 10), (7, 700), ("-3.5", -350), (" 12 ", 1200), (Decimal("1E3"), 100_000)],
)
def test_pounds_become_whole_pence(pounds, pence):
    assert Money.from_pounds(pounds).pence == pence


@pytest.mark.parametrize("pounds", ["1.005", Decimal("0.001"), 1.5, True, "abc", "", "NaN", "Infinity", "1,000"])
def test_pounds_that_are_not_exact_are_refused_with_their_text(pounds):
    with pytest.raises(ValueError, match=r"\.$") as refusal:
        Money.from_pounds(pounds)
    assert repr(pounds) in str(refusal.value)


@pytest.mark.parametrize("pence", [1.0, True, Decimal(1), "1"])
def test_money_is_built_from_whole_pence_only(pence):
    with pytest.raises(TypeError):
        Money(pence)


def test_money_adds_only_to_money():
    assert Money(1) + Money(2) - Money(5) == Money(-2)
    assert -Money(2) == Money(-2)
    assert abs(Money(-2)) == Money(2)
    assert Money(3) * 2 == 2 * Money(3) == Money(6)
    for broken in (lambda: Money(1) + 1, lambda: Money(1) - 1, lambda: Money(1) * 0.5, lambda: 5 + Money(1)):
        with pytest.raises(TypeError):
            broken()


def test_money_can_be_summed_with_and_without_a_start():
    assert sum([Money(1), Money(2)], Money.ZERO) == sum([Money(1), Money(2)]) == Money(3)
    assert sum([], Money.ZERO) == Money.ZERO


def test_money_compares_only_with_money():
    assert Money(1) < Money(2) <= Money(2)
    assert Money(1) != 1
    with pytest.raises(TypeError):
        assert Money(1) < 2


@pytest.mark.parametrize(
    ("pence", "exact", "short", "millions"),
    [
        (0, "£0.00", "£0", "£0.0m"),
        (123_456, "£1,234.56", "£1,235", "£0.0m"),
        (95_000, "£950.00", "£950", "£0.0m"),
        (56_800_000, "£568,000.00", "£568,000", "£0.6m"),
        (99_999_949, "£999,999.49", "£999,999", "£1.0m"),
        (99_999_950, "£999,999.50", "£1m", "£1.0m"),
        (140_000_000, "£1,400,000.00", "£1.4m", "£1.4m"),
        (1_970_000_000, "£19,700,000.00", "£19.7m", "£19.7m"),
        (-250_000_050, "−£2,500,000.50", "−£2.5m", "−£2.5m"),
        (-40, "−£0.40", "£0", "£0.0m"),
    ],
)
def test_money_is_written_exactly_shortly_and_in_millions(pence, exact, short, millions):
    money = Money(pence)
    assert (str(money), money.exact(), money.short(), money.in_millions()) == (exact, exact, short, millions)


def test_halves_round_away_from_zero_in_millions():
    shown = [Money.from_pounds(pounds).in_millions() for pounds in (250_000, 350_000, -250_000)]
    assert shown == ["£0.3m", "£0.4m", "−£0.3m"]
    assert Money.from_pounds(2_380_000).in_millions(2) == "£2.38m"


def test_extra_pennies_go_to_the_largest_remainders_then_to_the_first_lines():
    assert Money(100).split_equally(3) == [Money(34), Money(33), Money(33)]
    assert split_pence(10, [1, 1, 1, 1]) == [3, 3, 2, 2]
    assert split_pence(-10, [1, 1, 1, 1]) == [-3, -3, -2, -2]
    assert split_pence(100, [1, 0, 2]) == [33, 0, 67]
    assert Money(100).allocate([1, 5]) == [Money(17), Money(83)]


@pytest.mark.parametrize("weights", [[], [0], [0, 0], [1, -1], [0.5, 0.5], [True]])
def test_weights_that_lead_nowhere_are_refused(weights):
    with pytest.raises(ValueError, match=r"[Ww]eight"):
        split_pence(100, weights)


def test_money_is_not_split_into_no_parts():
    with pytest.raises(ValueError, match="one part or more"):
        Money(1).split_equally(0)


@given(PENCE, WEIGHTS)
def test_parts_always_sum_to_the_whole_within_a_penny_of_their_share(total, weights):
    parts = split_pence(total, weights)
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part * sum(weights) - total * weight) < sum(weights)
        assert weight or part == 0


@given(PENCE, st.integers(min_value=1, max_value=200))
def test_equal_parts_differ_by_a_penny_at_most(total, parts):
    split = [money.pence for money in Money(total).split_equally(parts)]
    assert sum(split) == total
    assert max(split) - min(split) <= 1


@given(PENCE)
def test_pounds_and_pence_are_the_same_amount(pence):
    assert Money.from_pounds(Money(pence).pounds) == Money(pence)
    assert Money.from_pounds(Money(pence).exact().replace(",", "").replace("£", "").replace("−", "-")) == Money(pence)

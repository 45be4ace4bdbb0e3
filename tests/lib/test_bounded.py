"""Numbers with bounds: sums add bounds, display keeps the mark."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vru.lib.bounded import Bounded, Precision

WHOLE = st.integers(min_value=-(10**9), max_value=10**9)


@st.composite
def bounded_with_truth(draw, low=-(10**6)):
    """A bounded number and a true value inside it."""
    truth = draw(st.integers(min_value=low, max_value=10**6))
    below = draw(st.none() | st.integers(min_value=low, max_value=truth))
    above = draw(st.none() | st.integers(min_value=truth, max_value=10**6))
    ends = [None if end is None else Decimal(end) for end in (below, above)]
    precision = Precision.EXACT if below == above == truth else Precision.ABOUT
    return Bounded(Decimal(truth), *ends, precision), Decimal(truth)


@pytest.mark.parametrize(
    ("number", "low", "high", "display"),
    [
        (Bounded.exact(1169), 1169, 1169, "1,169"),
        (Bounded.about(80_000), 75_000, 85_000, "c.80,000"),
        (Bounded.about(80_000, 1_000), 79_500, 80_500, "c.80,000"),
        (Bounded.about(83), 82, 84, "c.83"),
        (Bounded.about(0), -1, 1, "c.0"),
        (Bounded.about(Decimal("5.5")), Decimal("5.4"), Decimal("5.6"), "c.5.5"),
        (Bounded.rounded(8_800_000, 100_000), 8_750_000, 8_850_000, "8,800,000"),
        (Bounded.at_least(140), 140, None, "140+"),
        (Bounded.at_most(40, low=0), 0, 40, "up to 40"),
        (Bounded.at_most(40), None, 40, "up to 40"),
        (Bounded.between(10, 15), 10, 15, "10 to 15"),
    ],
)
def test_each_precision_has_its_bounds_and_its_mark(number, low, high, display):
    assert (number.low, number.high, str(number)) == (low, high, display)


def test_marks_are_spoken_in_prose_and_carry_units():
    assert Bounded.about(80_000).in_words() == "about 80,000"
    assert Bounded.at_least(140).in_words() == "at least 140"
    assert Bounded.at_most(40).in_words() == "up to 40"
    assert Bounded.about(Decimal("1.4")).display("£", "m") == "c.£1.4m"
    assert Bounded.exact(Decimal("-25.8")).display(suffix="%") == "−25.8%"


def test_sums_add_bounds_and_keep_the_mark():
    assert str(Bounded.exact(1) + 2) == "3"
    assert str(sum([Bounded.about(80_000), Bounded.exact(1_169)], Bounded.exact(0))) == "c.81,169"
    total = Bounded.about(80_000) + Bounded.at_least(140)
    assert (total.precision, total.low, total.high, str(total)) == (Precision.AT_LEAST, 75_140, None, "75,140+")
    assert str(Bounded.at_most(40, low=0) + 5) == "up to 45"
    assert (Bounded.rounded(8, 1) + Bounded.rounded(5, 1)).precision is Precision.ROUNDED


def test_a_difference_crosses_bounds():
    difference = Bounded.rounded(10, 1) - Bounded.at_least(3)
    assert (difference.low, difference.high) == (None, Decimal("7.5"))
    assert (5 - Bounded.exact(3)).value == 2


def test_three_rounded_budget_lines_can_still_miss_a_printed_total():
    lines = Bounded.rounded(Decimal("8.0"), Decimal("0.1")) + Bounded.rounded(Decimal("5.7"), Decimal("0.1"))
    lines += Bounded.rounded(Decimal("5.9"), Decimal("0.1"))
    assert lines.overlaps(Bounded.rounded(Decimal("19.7"), Decimal("0.1")))
    assert not lines.overlaps(Bounded.rounded(Decimal("20.0"), Decimal("0.1")))


def test_a_quotient_by_what_may_be_nought_is_unbounded_above():
    ratio = Bounded.exact(100) / Bounded.at_most(40, low=0)
    assert (ratio.low, ratio.high) == (Decimal("2.5"), None)
    assert (Bounded.exact(1) / Bounded.between(-1, 1)).low is None
    assert (Bounded.exact(1) / 0).value is None
    assert (Bounded.exact(10) / 4).value == Decimal("2.5")


def test_bounds_out_of_order_and_values_outside_them_are_refused():
    with pytest.raises(ValueError, match="above"):
        Bounded(None, Decimal(2), Decimal(1), Precision.ABOUT)
    with pytest.raises(ValueError, match="outside"):
        Bounded(Decimal(3), Decimal(1), Decimal(2), Precision.ABOUT)
    with pytest.raises(ValueError, match="above zero"):
        Bounded.rounded(5, 0)


@pytest.mark.parametrize("wrong", [1.5, True, "1"])
def test_floats_and_text_are_refused(wrong):
    with pytest.raises(TypeError):
        Bounded.exact(wrong)


@given(bounded_with_truth(), bounded_with_truth(), WHOLE)
def test_the_truth_stays_inside_through_sums_differences_and_multiples(left, right, times):
    (a, x), (b, y) = left, right
    assert (a + b).contains(x + y)
    assert (a - b).contains(x - y)
    assert (a * times).contains(x * times)
    assert (-a).contains(-x)


@given(bounded_with_truth(), bounded_with_truth())
def test_the_truth_stays_inside_a_quotient(top, bottom):
    (a, x), (b, y) = top, bottom
    ratio = a / b
    if y:
        # Multiplied out: the quotient itself has no exact decimal.
        for end, beyond in ((ratio.low, -1), (ratio.high, 1)):
            assert end is None or (end * abs(y) - x * (1 if y > 0 else -1)) * beyond >= -Decimal("1e-15")


@given(bounded_with_truth(), bounded_with_truth())
def test_two_numbers_that_can_be_equal_overlap(left, right):
    (a, x), (b, _) = left, right
    if b.contains(x):
        assert a.overlaps(b)
        assert b.overlaps(a)


@given(bounded_with_truth(), bounded_with_truth())
def test_addition_does_not_depend_on_order(left, right):
    assert left[0] + right[0] == right[0] + left[0]

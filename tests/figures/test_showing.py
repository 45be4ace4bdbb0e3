"""The ways a narrative may ask a figure to be written."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.figures.figure import OPTIONS, Figure
from evaluation.figures.wording import SMALL, two_digits

POUNDS, HEADS, SHARE = "GBP", "people", "percent"


@pytest.mark.parametrize(
    ("figure", "option", "shown"),
    [
        (Figure("k", "l", Decimal(12), HEADS), "words", "twelve"),
        (Figure("k", "l", Decimal(0), HEADS), "words", "no"),
        (Figure("k", "l", Decimal(21), HEADS), "words", "21"),
        (Figure("k", "l", Decimal("12.5"), HEADS), "words", "12.5"),
        (Figure("k", "l", Decimal(4), HEADS, Decimal(4), None, "at_least"), "words", "at least four"),
        (Figure("k", "l", Decimal(5), SHARE), "words", "5.0%"),
        (Figure("k", "l", Decimal(568_000), POUNDS), "words", "£568,000"),
        (Figure("k", "l", Decimal(1_380_000), POUNDS, Decimal(1_375_000), Decimal(1_385_000), "rounded"),
         "millions", "£1.4m"),
        (Figure("k", "l", Decimal(568_000), POUNDS), "millions", "£0.6m"),
        (Figure("k", "l", Decimal(4_200), POUNDS), "millions", "£4,200"),
        (Figure("k", "l", Decimal(-2_500_000), POUNDS), "millions", "\N{MINUS SIGN}£2.5m"),
        (Figure("k", "l", Decimal(1_234_567), HEADS), "millions", "1.2 million"),
        (Figure("k", "l", Decimal(3884), HEADS), "about", "c.3,900"),
        (Figure("k", "l", Decimal("25.8"), SHARE), "about", "c.26%"),
        (Figure("k", "l", Decimal(140), HEADS, Decimal(140), None, "at_least"), "about", "140+"),
        (Figure("k", "l", Decimal(9), HEADS, returns_received=141, returns_expected=150), "basis",
         "from 141 of 150 returns"),
        (Figure("k", "l", Decimal(9), HEADS, basis="stated", sources=("A report, page 4",)), "basis",
         "stated in A report, page 4"),
        (Figure("k", "l", Decimal(9), POUNDS), "basis", "from the unit’s own records"),
        (Figure("k", "l", None, HEADS, returns_received=0, returns_expected=4), "about", "not received"),
        (Figure("k", "l", None, HEADS, returns_received=0, returns_expected=4), "basis", "from 0 of 4 returns"),
    ],
)  # fmt: skip
def test_a_figure_is_written_as_its_token_asks(figure: Figure, option: str, shown: str) -> None:
    assert figure.shown(option) == shown


@given(st.integers(-(10**12), 10**12), st.sampled_from([POUNDS, HEADS, SHARE, "count"]), st.sampled_from(OPTIONS))
def test_every_way_of_writing_gives_a_text_without_exponents(number: int, unit: str, option: str) -> None:
    text = Figure("k", "l", Decimal(number), unit).shown(option)
    assert text
    assert "E+" not in text


@given(st.decimals(1, 10**12, places=0))
def test_rounding_to_two_digits_moves_a_number_by_a_twentieth_at_most(number: Decimal) -> None:
    assert abs(two_digits(number) - number) * 20 <= number


def test_small_numbers_have_a_word_each() -> None:
    assert len(set(SMALL)) == len(SMALL) == 21

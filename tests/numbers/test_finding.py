"""Numbers in prose are found whatever their form, and what is no figure is told apart."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.numbers.find import find_numbers
from evaluation.numbers.found import Quantity, Sort, Typed
from evaluation.numbers.words import read_cardinal
from vru.lib.money import Money

MONEY, PERCENT, COUNT = Quantity.MONEY, Quantity.PERCENT, Quantity.COUNT


def amounts(text: str) -> list[Typed]:
    return [each for each in find_numbers(text) if each.sort is Sort.AMOUNT]


def only(text: str) -> Typed:
    (found,) = amounts(text)
    return found


@pytest.mark.parametrize(
    ("text", "printed", "quantity", "value"),
    [
        ("Twelve groups met.", "Twelve", COUNT, "12"),
        ("It went to nearly 40 groups.", "nearly 40", COUNT, "40"),
        ("We gave £1.4m to groups.", "£1.4m", MONEY, "1400000"),
        ("We gave £4.7 million to schools.", "£4.7 million", MONEY, "4700000"),
        ("It cost 5 million pounds.", "5 million pounds", MONEY, "5000000"),
        ("It fell by 25.8%.", "25.8%", PERCENT, "25.8"),
        ("It fell by 25 per cent.", "25 per cent", PERCENT, "25"),
        ("Twenty-five per cent agreed.", "Twenty-five per cent", PERCENT, "25"),
        ("A quarter of those asked agreed.", "A quarter", PERCENT, "25"),
        ("It fell by a quarter.", "a quarter", PERCENT, "25"),
        ("Three-quarters agreed.", "Three-quarters", PERCENT, "75"),
        ("Half of the returns were in.", "Half", PERCENT, "50"),
        ("One in four agreed.", "One in four", PERCENT, "25"),
        ("9 out of 10 agreed.", "9 out of 10", PERCENT, "90"),
        ("There were 140+ of them.", "140+", COUNT, "140"),
        ("About c. 80,000 people came.", "c. 80,000", COUNT, "80000"),
        ("A hundred and five people came.", "A hundred and five", COUNT, "105"),
        ("Three and a half million people live here.", "Three and a half million", COUNT, "3500000"),
        ("A dozen groups met.", "A dozen", COUNT, "12"),
        ("Calls doubled.", "doubled", PERCENT, "100"),
        ("Between 10 and 15 came.", "Between 10 and 15", COUNT, "12.5"),
        ("It takes £1-2m.", "£1-2m", MONEY, "1500000"),
        ("In 2019 there were 2000 people.", "2000", COUNT, "2000"),
        ("By March 5,100 people had come.", "5,100", COUNT, "5100"),
        ("They met over two years.", "two", COUNT, "2"),
        ("\uff11\uff12 people came.", "\uff11\uff12", COUNT, "12"),
        ("| Knife crime | 15,582 |", "15,582", COUNT, "15582"),
    ],
)
def test_an_amount_is_read_as_people_mean_it(text: str, printed: str, quantity: Quantity, value: str) -> None:
    found = only(text)
    assert (found.printed, found.quantity, found.value) == (printed, quantity, Decimal(value))


@pytest.mark.parametrize(
    ("text", "sort"),
    [
        ("It began on 31 March 2021.", Sort.DATE),
        ("It began in March 2021.", Sort.DATE),
        ("It fell in 2020.", Sort.YEAR),
        ("Returns for 2020-21 Q3 are in.", Sort.YEAR),
        ("They meet at 6pm.", Sort.TIME),
        ("See section 3C.", Sort.REFERENCE),
        ("Objective 5 is about schools.", Sort.REFERENCE),
        ("Covid-19 closed them.", Sort.REFERENCE),
        ("1. A first point", Sort.REFERENCE),
        ("Young people aged 11 to 18 came.", Sort.AGE),
        ("Under-25s came.", Sort.AGE),
        ("They are 16 to 24-year-olds.", Sort.AGE),
        ("It was the 2nd time.", Sort.ORDINAL),
        ("In the third quarter it fell.", Sort.ORDINAL),
        ("They learn from one another.", Sort.WORDING),
        ("It reports each quarter.", Sort.WORDING),
        ("Hundreds of them came.", Sort.WORDING),
    ],
)
def test_what_is_no_figure_is_told_apart(text: str, sort: Sort) -> None:
    assert amounts(text) == []
    assert sort in [each.sort for each in find_numbers(text)]


def test_what_nobody_reads_is_not_searched() -> None:
    text = (
        "Funding was {{funding.total | exact}} in `code 12`, see [the page](https://example.org/13).\n\n"
        ":::table series_table\ncaption: Twelve years\nseries: homicide-14\n:::\n\n"
        ":::callout\ntitle: Ten\n\nFifteen came.\n:::"
    )
    assert [each.printed for each in amounts(text)] == ["Twelve", "Ten", "Fifteen"]


def test_a_fall_and_a_rise_are_told_apart() -> None:
    fell, fewer, rose = (only(text) for text in ("It fell by 26%.", "There were 26% fewer.", "It rose to 26%."))
    assert (fell.direction, fewer.direction, rose.direction) == (-1, -1, 1)


def test_from_one_number_to_another_is_no_range() -> None:
    assert [each.value for each in amounts("It rose from 12 to 15.")] == [12, 15]


def test_a_number_knows_its_sentence() -> None:
    first, second = amounts("One group met. Twelve came.\n\n- It cost £5 at c. 80 places.\n- Done.")[:2]
    assert first.sentence == "Twelve came."
    assert second.sentence == "It cost £5 at c. 80 places."


@given(st.text(max_size=300))
def test_any_text_is_read_and_every_number_is_where_it_says(text: str) -> None:
    last = 0
    for each in find_numbers(text):
        assert text[each.start : each.end] == each.printed
        assert text[each.sentence_start : each.sentence_end] == each.sentence
        assert each.sentence_start <= each.start < each.end <= each.sentence_end
        assert last <= each.start
        last = each.end


@given(st.integers(0, 10**9))
def test_a_whole_number_with_commas_is_found_with_its_value(number: int) -> None:
    found = only(f"There were {number:,} of them.")
    assert (found.value, found.quantity, found.printed) == (number, COUNT, f"{number:,}")


@given(st.integers(1, 10**13))
def test_money_as_the_report_prints_it_holds_the_amount_it_was_made_from(pence: int) -> None:
    found = only(f"It cost {Money(pence).short()} in all.")
    assert found.quantity is MONEY
    assert found.near.meets(Decimal(pence) / 100, Decimal(pence) / 100)


UNITS = ("", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
TEENS = ("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen")
TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")


def spelled(number: int) -> str:
    if number < 20:
        return (*UNITS, *TEENS)[number]
    if number < 100:
        return "-".join(part for part in (TENS[number // 10], UNITS[number % 10]) if part)
    if number < 1000:
        rest = f" and {spelled(number % 100)}" if number % 100 else ""
        return f"{UNITS[number // 100]} hundred{rest}"
    below = number % 1000
    joint = " and " if below < 100 else " "
    return f"{spelled(number // 1000)} thousand{joint + spelled(below) if below else ''}"


@given(st.integers(2, 999_999))
def test_a_number_in_words_is_found_whole(number: int) -> None:
    text = spelled(number)
    assert read_cardinal(text) == number
    found = only(f"They counted {text} people.")
    assert (found.printed, found.value) == (text, number)

"""Money, years, dates and counts are printed one way."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from django.template import engines

from vru.lib.govuk.filters import fy, longdate, longtime, money, money_short, people, percentage, plural
from vru.lib.money import Money


def test_pence_are_printed_in_full() -> None:
    assert money(123456) == "£1,234.56"
    assert money(Money(5)) == "£0.05"


def test_money_for_prose_is_short() -> None:
    assert money_short(570_000_000) == "£5.7m"


def test_a_financial_year_has_both_its_years() -> None:
    assert fy(2020) == "2020-21"
    assert fy("1999") == "1999-00"


def test_a_date_has_no_leading_nought() -> None:
    assert longdate(datetime.date(2021, 1, 5)) == "5 January 2021"


def test_a_moment_after_midnight_in_london_belongs_to_the_next_day() -> None:
    moment = datetime.datetime(2021, 6, 30, 23, 30, tzinfo=datetime.UTC)
    assert longdate(moment) == "1 July 2021"
    assert longtime(moment) == "1 July 2021 at 12:30am"


@pytest.mark.parametrize(("count", "text"), [(15582, "15,582"), (0, "0"), ("1200.50", "1,200.5"), (None, "")])
def test_counts_separate_their_thousands(count: object, text: str) -> None:
    assert people(count) == text


@pytest.mark.parametrize(
    ("count", "noun", "text"),
    [
        (1, "grant", "1 grant"),
        (0, "grant", "0 grants"),
        (2, "body,bodies", "2 bodies"),
        (1000, "person,people", "1,000 people"),
    ],
)
def test_a_count_agrees_with_its_noun(count: int, noun: str, text: str) -> None:
    assert plural(count, noun) == text


@pytest.mark.parametrize("name", ["money", "money_short", "fy", "longdate", "longtime", "people"])
def test_nothing_is_printed_as_nothing(name: str) -> None:
    assert engines["django"].from_string("{{ value|" + name + " }}").render({"value": None}) == ""


def test_a_share_is_signed_with_a_minus_and_not_a_hyphen() -> None:
    assert [percentage(value) for value in (Decimal("-4.5"), Decimal("2.0"), None)] == ["−4.5%", "2.0%", ""]

"""Financial years and quarters, calendar years, due dates."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vru.lib.periods import (
    LONDON,
    CalendarYear,
    FinancialYear,
    Period,
    PeriodError,
    Quarter,
    due_at,
    london_day,
)

DAYS = st.dates(min_value=date(1901, 1, 1), max_value=date(2198, 12, 31))
YEARS = st.integers(min_value=1900, max_value=2198)


@pytest.mark.parametrize("text", ["2020-21", "2020/21", "2020-2021", "2020/2021", " 2020–21 "])
def test_a_financial_year_is_read_however_it_is_written(text):
    year = FinancialYear.parse(text)
    assert year == FinancialYear(2020)
    assert str(year) == "2020-21"


def test_the_turn_of_a_century_is_written_with_two_noughts():
    assert str(FinancialYear(1999)) == "1999-00"
    assert FinancialYear.parse("1999-00") == FinancialYear.parse("1999-2000") == FinancialYear(1999)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("2020", '"2020-21"'), ("2020-22", '"2020-21"'), ("2020-2022", '"2020-21"'), ("2020-20", '"2020-21"'),
        ("2021-20", '"2021-22"'), ("20-21", "like"), ("", "like"), ("next year", "like"), ("2020-21 Q1", "like"),
        ("2020-1", "like"), ("٢٠٢٠-٢١", "like"), ("1066-67", "outside"), ("x" * 500, "…"),
    ],
)  # fmt: skip
def test_what_is_no_financial_year_is_refused_with_what_to_write(text, hint):
    with pytest.raises(PeriodError, match=r"\.$") as refusal:
        FinancialYear.parse(text)
    assert hint in str(refusal.value)
    assert len(str(refusal.value)) < 200


def test_a_financial_year_runs_from_april_to_march():
    year = FinancialYear(2020)
    assert (year.starts_on, year.ends_on) == (date(2020, 4, 1), date(2021, 3, 31))
    assert year.contains(date(2021, 3, 31))
    assert not year.contains(date(2021, 4, 1))
    assert (year.previous(), year.next()) == (FinancialYear(2019), FinancialYear(2021))
    assert [str(quarter) for quarter in year.quarters()] == [f"2020-21 Q{number}" for number in (1, 2, 3, 4)]


@pytest.mark.parametrize(
    ("number", "starts_on", "ends_on"),
    [
        (1, date(2019, 4, 1), date(2019, 6, 30)),
        (2, date(2019, 7, 1), date(2019, 9, 30)),
        (3, date(2019, 10, 1), date(2019, 12, 31)),
        (4, date(2020, 1, 1), date(2020, 3, 31)),
    ],
)
def test_quarters_have_their_months(number, starts_on, ends_on):
    quarter = Quarter(2019, number)
    assert (quarter.starts_on, quarter.ends_on) == (starts_on, ends_on)
    assert quarter.key == f"2019-20Q{number}"


@pytest.mark.parametrize("text", ["2020-21 Q1", "2020-21Q1", "2020/21 q1", "2020-2021 Q1"])
def test_a_quarter_is_read_in_both_forms(text):
    assert Quarter.parse(text) == Quarter(2020, 1)


@pytest.mark.parametrize("text", ["Q1", "2020-21", "2020-21 Q5", "2020 Q1", "2020-22 Q1", ""])
def test_what_is_no_quarter_is_refused(text):
    with pytest.raises(PeriodError, match=r"\.$"):
        Quarter.parse(text)


@pytest.mark.parametrize("number", [0, 5])
def test_there_is_no_fifth_quarter(number):
    with pytest.raises(PeriodError, match="1 to 4"):
        Quarter(2020, number)


def test_calendar_and_financial_years_are_never_compared():
    financial, calendar = FinancialYear(2020), CalendarYear(2020)
    for compare in (
        lambda: financial == calendar, lambda: calendar == financial, lambda: financial != calendar,
        lambda: financial < calendar, lambda: calendar >= financial, lambda: sorted([financial, calendar]),
        lambda: Quarter(2020, 1) < financial, lambda: financial in [calendar],
    ):  # fmt: skip
        with pytest.raises(TypeError):
            compare()
    assert len({financial: "a", calendar: "b"}) == 2
    assert financial != 2020


def test_a_calendar_year_runs_from_january_to_december():
    year = CalendarYear.of(date(2020, 5, 5))
    assert (str(year), year.starts_on, year.ends_on) == ("2020", date(2020, 1, 1), date(2020, 12, 31))
    assert year.next().previous() == year
    assert year.overlaps(FinancialYear(2019))
    assert not year.overlaps(FinancialYear(2021))


def test_a_period_cannot_end_before_it_starts():
    with pytest.raises(PeriodError, match="before it starts"):
        Period(date(2020, 2, 2), date(2020, 2, 1))


def test_a_period_contains_both_its_ends_and_overlaps_by_a_day():
    spell = Period(date(2020, 3, 1), date(2020, 4, 1))
    assert spell.contains(date(2020, 3, 1))
    assert spell.contains(date(2020, 4, 1))
    assert spell.overlaps(FinancialYear(2020))
    assert not Period(date(2020, 3, 1), date(2020, 3, 31)).overlaps(FinancialYear(2020))
    assert (str(spell), spell.days) == ("1 March 2020 to 1 April 2020", 32)


@pytest.mark.parametrize(
    ("quarter", "due"),
    [
        (Quarter(2020, 1), date(2020, 7, 15)),
        (Quarter(2020, 3), date(2021, 1, 15)),
        (Quarter(2021, 3), date(2022, 1, 17)),  # the 15th is a Saturday
        (Quarter(2021, 4), date(2022, 4, 19)),  # Good Friday, the weekend and Easter Monday
    ],
)
def test_a_return_is_due_on_the_next_working_day(quarter, due):
    assert quarter.due_on() == due


def test_other_days_of_closing_can_be_given():
    assert Quarter(2021, 4).due_on(holidays=()) == date(2022, 4, 15)
    assert Quarter(2020, 1).due_on(days=30, holidays={date(2020, 7, 30)}) == date(2020, 7, 31)


def test_what_is_due_on_a_day_is_due_at_its_end_in_london():
    summer = due_at(date(2020, 7, 15))
    assert summer.tzinfo is LONDON
    assert summer + timedelta(microseconds=1) == datetime(2020, 7, 15, 23, tzinfo=UTC)
    assert due_at(date(2021, 1, 15)) + timedelta(microseconds=1) == datetime(2021, 1, 16, tzinfo=UTC)


def test_a_moment_is_placed_by_londons_clock():
    just_after_midnight = datetime(2020, 6, 30, 23, 30, tzinfo=UTC)
    assert london_day(just_after_midnight) == date(2020, 7, 1)
    assert Quarter.of(just_after_midnight) == Quarter(2020, 2)
    assert not Quarter(2020, 1).contains(just_after_midnight)


@given(DAYS)
def test_every_day_is_in_exactly_one_quarter_of_its_year(day):
    year = FinancialYear.of(day)
    assert year.contains(day)
    assert [quarter for quarter in year.quarters() if quarter.contains(day)] == [Quarter.of(day)]


@given(YEARS, st.integers(min_value=1, max_value=4))
def test_quarters_follow_one_another_without_gap(year, number):
    quarter = Quarter(year, number)
    assert quarter.next().previous() == quarter
    assert quarter.next().starts_on == quarter.ends_on + timedelta(days=1)
    assert quarter < quarter.next()
    assert Quarter.parse(str(quarter)) == Quarter.parse(quarter.key) == quarter


@given(YEARS)
def test_a_year_reads_back_from_its_text_and_its_quarters_fill_it(start):
    year = FinancialYear(start)
    assert FinancialYear.parse(str(year)) == year
    assert sum(quarter.period.days for quarter in year.quarters()) == year.period.days

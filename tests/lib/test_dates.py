"""Days as people type them and as spreadsheets store them."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vru.lib.dates import DateProblem, read_date, read_serial_date

DAYS = st.dates(min_value=date(1900, 1, 1), max_value=date(2199, 12, 31))


@pytest.mark.parametrize(
    "text",
    ["15/01/2021", "15-1-2021", "15.01.2021", "15 January 2021", "15 Jan 2021", "15th jan, 2021", "2021-01-15",
     "2021-01-15 00:00:00", "１５/０１/２０２１"],
)  # fmt: skip
def test_a_date_is_read_day_first(text):
    assert read_date(text) == date(2021, 1, 15)


def test_september_may_be_cut_to_four_letters():
    assert read_date("1 Sept 2020") == read_date("1 Sep 2020") == date(2020, 9, 1)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("44197", "serial_date"), ("44197.0", "serial_date"), ("2020/21", "period"),
        ("2020", "period"), ("", "blank"),
        ("n/a", "blank"), ("15/1/21", "short_year"), ("15 Jan 21", "short_year"), ("31/02/2021", "no_such_day"),
        ("01/15/2021", "no_such_day"), ("1 January 0021", "no_such_day"), ("1 Ju 2021", "not_a_date"),
        ("soon", "not_a_date"), ("2021-01-15 09:30:00", "not_a_date"), ("=TODAY()", "not_a_date"),
        ("1" * 5000, "too_long"),
    ],
)  # fmt: skip
def test_what_is_no_certain_day_is_refused(text, code):
    with pytest.raises(DateProblem, match=r"\.$") as refusal:
        read_date(text)
    assert refusal.value.code == code


@given(DAYS)
def test_every_day_reads_back_however_it_is_shown(day):
    shown = (day.isoformat(), f"{day:%d/%m/%Y}", f"{day:%d %B %Y}", f"{day:%-d %b %Y}", f"{day.isoformat()} 00:00:00")
    assert {read_date(text) for text in shown} == {day}


@given(st.text(max_size=80) | st.text(alphabet="0123456789/-. JanFebSept", max_size=20))
def test_any_text_is_a_day_or_refused_but_never_breaks(text):
    try:
        day = read_date(text)
    except DateProblem:
        return
    assert 1900 <= day.year <= 2199


@given(DAYS)
def test_unbreakable_spaces_and_full_width_digits_change_nothing(day):
    text = f"{day.day} {day:%B} {day.year}"
    wide = text.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    assert read_date(wide.replace(" ", "\u00a0")) == day


@pytest.mark.parametrize(
    ("serial", "from_1904", "day"),
    [
        (44197, False, date(2021, 1, 1)), (44197.0, False, date(2021, 1, 1)),
        (Decimal(44211), False, date(2021, 1, 15)), (1, False, date(1900, 1, 1)), (59, False, date(1900, 2, 28)),
        (61, False, date(1900, 3, 1)), (0, True, date(1904, 1, 1)), (42735, True, date(2021, 1, 1)),
    ],
)  # fmt: skip
def test_a_date_cells_day_number_is_the_day_that_the_spreadsheet_shows(serial, from_1904, day):
    assert read_serial_date(serial, from_1904=from_1904) == day


@pytest.mark.parametrize(
    ("serial", "code"),
    [
        (60, "no_such_day"), (0, "no_such_day"), (-5, "no_such_day"), (10**9, "no_such_day"), (1e300, "no_such_day"),
        (44197.5, "not_a_day"), (float("nan"), "not_a_day"), (float("inf"), "not_a_day"),
    ],
)  # fmt: skip
def test_a_day_number_that_is_no_whole_day_is_refused(serial, code):
    with pytest.raises(DateProblem, match=r"\.$") as refusal:
        read_serial_date(serial)
    assert refusal.value.code == code


@given(st.dates(min_value=date(1900, 3, 1), max_value=date(2199, 12, 31)))
def test_day_numbers_count_from_one_day_for_every_later_date(day):
    counted = (datetime.combine(day, datetime.min.time()) - datetime(1899, 12, 30)) // timedelta(days=1)
    assert read_serial_date(counted) == read_serial_date(counted - 1462, from_1904=True) if day.year > 1903 else True
    assert read_serial_date(counted) == day


@given(st.floats() | st.integers() | st.decimals())
def test_any_number_is_a_day_or_refused_but_never_breaks(serial):
    try:
        day = read_serial_date(serial)
    except DateProblem:
        return
    assert 1900 <= day.year <= 2199

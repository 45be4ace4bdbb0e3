"""Numbers as people type them: read for certain, or refused with a sentence."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vru.lib.numbers import NumberKind, NumberProblem, read_number

PEOPLE, MONEY, PERCENT, DECIMAL = NumberKind.PEOPLE, NumberKind.MONEY, NumberKind.PERCENT, NumberKind.DECIMAL


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("1,169", PEOPLE, 1169), (" 1 169 ", PEOPLE, 1169), ("1\u00a0169", PEOPLE, 1169),
        ("1\u202f169", PEOPLE, 1169),
        ("１，１６９", PEOPLE, 1169), ("٣٤", PEOPLE, 34), ("\ufeff12\u200b", PEOPLE, 12), ("12.0", PEOPLE, 12),
        ("12.00", PEOPLE, 12), ("0", PEOPLE, 0), ("-0", PEOPLE, 0), ("−0", PEOPLE, 0), ("007", PEOPLE, 7),
        ("2020", PEOPLE, 2020), ("44197", PEOPLE, 44197), ("1,234,567", PEOPLE, 1234567),
        ("£568,000", MONEY, 568000), ("1,234.5", MONEY, "1234.5"), ("£ 0.99", MONEY, "0.99"), (".5", MONEY, "0.5"),
        ("-0", MONEY, 0), ("0.25", MONEY, "0.25"),
        ("25%", PERCENT, 25), ("25 per cent", PERCENT, 25), ("0.25%", PERCENT, "0.25"), ("12.5", PERCENT, "12.5"),
        ("25％", PERCENT, 25), ("-25.8%", PERCENT, "-25.8"), ("–25.0%", PERCENT, -25),
        ("0", PERCENT, 0), ("1%", PERCENT, 1),
        ("1.169", DECIMAL, "1.169"), ("-3.5", DECIMAL, "-3.5"), ("0.25", DECIMAL, "0.25"),
    ],
)  # fmt: skip
def test_a_number_is_read_exactly(text, kind, value):
    number = read_number(text, kind=kind)
    assert number.is_exact
    assert number.value == Decimal(value)
    # Never minus nought, which would print as "-0".
    assert not (number.value == 0 and number.value.is_signed())


@pytest.mark.parametrize(
    ("text", "kind", "code"),
    [
        ("", PEOPLE, "blank"), ("   ", PEOPLE, "blank"), ("\u00a0\u200b", MONEY, "blank"),
        ("N/A", PEOPLE, "not_a_figure"), ("n/a", PERCENT, "not_a_figure"), ("-", PEOPLE, "not_a_figure"),
        ("—", MONEY, "not_a_figure"), ("nil", PEOPLE, "not_a_figure"), ("TBC", PEOPLE, "not_a_figure"),
        ("c.80,000", PEOPLE, "approximate"), ("about 12", PEOPLE, "approximate"), ("140+", PEOPLE, "approximate"),
        ("<5", PEOPLE, "approximate"), ("nearly 40", PEOPLE, "approximate"), ("~3", DECIMAL, "approximate"),
        ("£8.8m", MONEY, "scaled"), ("350k", MONEY, "scaled"), ("£2.38 million", MONEY, "scaled"),
        ("£8.8m", PEOPLE, "currency"), ("$5", MONEY, "currency"), ("€5", PEOPLE, "currency"),
        ("£5", PERCENT, "currency"),
        ("1e6", PEOPLE, "scientific"), ("1E+06", MONEY, "scientific"), ("1.5e-3", DECIMAL, "scientific"),
        ("25%", PEOPLE, "percent"), ("25%", MONEY, "percent"), ("25%", DECIMAL, "percent"),
        ("0.25", PERCENT, "percent_or_fraction"), ("1", PERCENT, "percent_or_fraction"),
        ("-0.25", PERCENT, "percent_or_fraction"), ("0.25", PEOPLE, "not_whole"), ("1.169", PEOPLE, "not_whole"),
        ("1.000", PEOPLE, "not_whole"), ("12.5", PEOPLE, "not_whole"), ("1.169", MONEY, "decimals"),
        ("1.000", MONEY, "decimals"), ("1,16", PEOPLE, "grouping"), ("12,34,567", PEOPLE, "grouping"),
        ("1,1690", MONEY, "grouping"), ("1 16", PEOPLE, "grouping"), ("1,169 000", PEOPLE, "grouping"),
        ("1.169,00", MONEY, "grouping"), (",5", PEOPLE, "grouping"), ("5.", PEOPLE, "grouping"),
        ("--5", DECIMAL, "grouping"),
        ("2020/21", PEOPLE, "period"), ("2020-21", PEOPLE, "period"), ("2020/2021", DECIMAL, "period"),
        ("15/01/2021", PEOPLE, "date"), ("2021-01-15", MONEY, "date"), ("2021-01-15 00:00:00", PEOPLE, "date"),
        ("5+3", PEOPLE, "arithmetic"), ("10/2", PEOPLE, "arithmetic"),
        ("3*4", MONEY, "arithmetic"), ("10-15", PEOPLE, "range"),
        ("=SUM(A1:A9)", PEOPLE, "formula"), ("+5", PEOPLE, "formula"),
        ("@now", PEOPLE, "formula"), ("＝1", PEOPLE, "formula"),
        ("-5", PEOPLE, "negative"), ("-£5", MONEY, "negative"), ("£-5", MONEY, "negative"),
        ("12 young people", PEOPLE, "words"), ("1,169²", PEOPLE, "words"),
        ("12a", PEOPLE, "words"), ("(5)", MONEY, "words"),
        ("five", PEOPLE, "not_a_number"), ("½", PEOPLE, "not_a_number"), ("😀", PEOPLE, "not_a_number"),
        ("\u202e12\u202c", PEOPLE, "characters"), ("1\x002", PEOPLE, "characters"),
        ("9" * 16, PEOPLE, "too_large"), ("1" * 61, PEOPLE, "too_long"), ("1" * 100_000, PEOPLE, "too_long"),
        ("<b>5</b>", PEOPLE, "words"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_for_certain_is_refused_with_a_sentence(text, kind, code):
    with pytest.raises(NumberProblem) as refusal:
        read_number(text, kind=kind)
    problem = refusal.value
    assert (problem.code, problem.message) == (code, str(problem))
    assert problem.message.endswith(".")
    assert len(problem.message) < 200


@pytest.mark.parametrize(
    ("text", "kind", "low", "high", "shown"),
    [
        ("c.80,000", PEOPLE, 75_000, 85_000, "c.80,000"), ("circa 80,000", PEOPLE, 75_000, 85_000, "c.80,000"),
        ("c. 16", PEOPLE, 15, 17, "c.16"), ("140+", PEOPLE, 140, None, "140+"),
        ("over 140", PEOPLE, 140, None, "140+"),
        ("at least 140", PEOPLE, 140, None, "140+"), (">5", PEOPLE, 6, None, "6+"), ("≥ 5", PEOPLE, 5, None, "5+"),
        ("<5", PEOPLE, 0, 4, "up to 4"), ("fewer than 5", PEOPLE, 0, 4, "up to 4"),
        ("<5", DECIMAL, 0, 5, "up to 5"),
        ("nearly 40", PEOPLE, 0, 40, "up to 40"), ("up to 40", PEOPLE, 0, 40, "up to 40"),
        ("£8.8m", MONEY, 8_750_000, 8_850_000, "8,800,000"),
        ("£2.38 million", MONEY, 2_375_000, 2_385_000, "2,380,000"),
        ("c.£1.4m", MONEY, 1_350_000, 1_450_000, "c.1,400,000"), ("£350k", MONEY, 349_500, 350_500, "350,000"),
        ("10-15", PEOPLE, 10, 15, "10 to 15"), ("10% to 15%", PERCENT, 10, 15, "10 to 15"),
        ("80%+", PERCENT, 80, None, "80+"), ("1,169", PEOPLE, 1169, 1169, "1,169"),
    ],
)  # fmt: skip
def test_statements_keep_their_mark_and_bounds(text, kind, low, high, shown):
    number = read_number(text, kind=kind, approximate=True)
    assert (number.low, number.high, str(number)) == (low, high, shown)


@pytest.mark.parametrize(
    ("text", "kind", "code"),
    [
        ("N/A", PEOPLE, "not_a_figure"), ("<0", PEOPLE, "negative"), ("15-10", PEOPLE, "range"),
        ("2020-21", PEOPLE, "period"),
        ("c.1.5", PEOPLE, "not_whole"), ("c.£5", PEOPLE, "currency"), ("about", PEOPLE, "not_a_number"),
        ("about 12 people", PEOPLE, "words"), ("+", PEOPLE, "formula"), ("1,16+", PEOPLE, "grouping"),
    ],
)  # fmt: skip
def test_statements_are_refused_too_when_they_are_not_numbers(text, kind, code):
    with pytest.raises(NumberProblem) as refusal:
        read_number(text, kind=kind, approximate=True)
    assert refusal.value.code == code


def test_credit_notes_may_be_negative_but_people_never():
    assert read_number("-£5.50", kind=MONEY, allow_negative=True).value == Decimal("-5.5")
    with pytest.raises(NumberProblem):
        read_number("-5", kind=PEOPLE, allow_negative=True)
    with pytest.raises(NumberProblem):
        read_number("-5%", kind=PERCENT, allow_negative=False)


def test_a_kind_may_be_given_as_its_text_but_not_made_up():
    with pytest.raises(NumberProblem):
        read_number("1.5", kind="people")
    with pytest.raises(ValueError, match="horses"):
        read_number("1", kind="horses")


def test_the_sentence_for_a_fraction_names_both_meanings():
    with pytest.raises(NumberProblem, match=r"0\.25% or 25%"):
        read_number("0.25", kind=PERCENT)


@given(st.integers(min_value=0, max_value=10**15 - 1))
def test_every_count_reads_back_with_or_without_commas(count):
    for text in (str(count), f"{count:,}", f"{count:,}".replace(",", "\u00a0")):
        assert read_number(text, kind=PEOPLE).value == count


@given(st.integers(min_value=0, max_value=10**14))
def test_every_amount_reads_back(pence):
    pounds = Decimal(pence).scaleb(-2)
    assert read_number(f"£{pounds:,}", kind=MONEY).value == pounds


@given(st.text(max_size=80), st.sampled_from(NumberKind), st.booleans())
def test_any_text_is_read_or_refused_but_never_breaks(text, kind, approximate):
    try:
        number = read_number(text, kind=kind, approximate=approximate)
    except NumberProblem:
        return
    assert approximate or number.is_exact
    assert any(character.isdigit() for character in text)


@given(st.text(alphabet="0123456789.,-+%£ck<>m/ e", max_size=12), st.booleans())
def test_whole_counts_never_lose_or_gain_a_digit(text, approximate):
    try:
        number = read_number(text, kind=PEOPLE, approximate=approximate)
    except NumberProblem:
        return
    if number.is_exact and not approximate:
        assert str(int(number.value)) in {
            text.strip().replace(",", "").replace(" ", "").lstrip("0-").split(".")[0] or "0"
        }


WIDE = str.maketrans("0123456789,.%£-", "０１２３４５６７８９，．％￡－")


@given(st.text(alphabet="0123456789.,-+%£ck<>m/ e", max_size=16), st.sampled_from(NumberKind), st.booleans())
def test_full_width_and_unbreakable_text_means_what_its_plain_form_means(text, kind, approximate):
    def reading(typed):
        try:
            return read_number(typed, kind=kind, approximate=approximate)
        except NumberProblem as problem:
            return problem.code

    plain = reading(text)
    assert reading(text.translate(WIDE)) == plain
    assert reading(text.replace(" ", "\u00a0")) == plain
    assert reading(f"\u200b {text}\u202f") == plain


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=4), st.sampled_from([DECIMAL, MONEY, PEOPLE]))
def test_nothing_is_ever_rounded(value, kind):
    try:
        number = read_number(f"{value:f}", kind=kind, allow_negative=True)
    except NumberProblem:
        return
    assert number.value == value


@given(st.decimals(min_value=0, max_value=10**12, places=2), st.sampled_from([DECIMAL, MONEY]))
def test_what_is_displayed_reads_back_as_the_same_value(value, kind):
    shown = str(read_number(f"{value:f}", kind=kind))
    assert read_number(shown, kind=kind).value == value

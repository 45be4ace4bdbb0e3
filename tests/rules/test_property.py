"""Worlds that are consistent by construction give no errors; one value moved beyond its rounding is found."""

from __future__ import annotations

import datetime
from decimal import ROUND_HALF_UP, Decimal

from hypothesis import assume, given
from hypothesis import strategies as st

from evaluation.models import Relation, StatedValue
from evaluation.rules import find_in
from evaluation.rules.evidence import Evidence, Link, Spell, Value
from evaluation.rules.found import ERROR
from vru.lib.bounded import Bounded
from vru.lib.periods import FinancialYear

YEAR = FinancialYear(2030)
PERIOD = Spell(StatedValue.PeriodKind.FINANCIAL_YEAR, "2030/31", YEAR.starts_on, YEAR.ends_on)
counts = st.integers(min_value=1, max_value=1_000_000)
rounding = st.sampled_from([1, 10, 100, 1000])


def value(name: str, bounded: Bounded, *, unit: str = "offences", kind: str = StatedValue.Kind.ACTUAL) -> Value:
    return Value(
        name=f"N.{name}",
        document="N",
        place="Table",
        subject=name,
        printed=f"about {bounded.value}",
        bounded=bounded,
        unit=unit,
        kind=kind,
        period=PERIOD,
        population=name,
        measure=name,
        published_on=datetime.date(2031, 3, 1),
    )


def rounded(number: Decimal | int, unit: Decimal | int) -> Bounded:
    """The number as a careful author prints it."""
    step = Decimal(unit)
    shown = (Decimal(number) / step).quantize(Decimal(1), rounding=ROUND_HALF_UP) * step
    return Bounded.rounded(shown, step)


def world(*links: Link) -> Evidence:
    values = tuple(dict.fromkeys(each for link in links for each in (link.result, *link.terms)))
    return Evidence(year=YEAR, layer="published", values=values, links=links)


def errors(evidence: Evidence) -> list[tuple[str, str]]:
    return [(each.rule, each.where) for each in find_in(evidence) if each.severity == ERROR]


def sum_world(parts: list[int], unit: int, total: int) -> Evidence:
    terms = tuple(value(f"part-{index}", rounded(part, unit)) for index, part in enumerate(parts))
    return world(Link("R", Relation.Kind.SUM_OF, value("total", rounded(total, unit)), terms))


def change_world(old: int, new: int, printed: Decimal) -> Evidence:
    before, after = value("before", Bounded.exact(old)), value("after", Bounded.exact(new))
    percent = value("percent", rounded(printed, 1), unit="percent_change", kind=StatedValue.Kind.CHANGE)
    exact = value("difference", Bounded.exact(new - old), kind=StatedValue.Kind.CHANGE)
    return world(
        Link("R1", Relation.Kind.PERCENT_CHANGE_OF, percent, (before, after)),
        Link("R2", Relation.Kind.DIFFERENCE_OF, exact, (after, before)),
    )


@given(parts=st.lists(counts, min_size=1, max_size=8), unit=rounding)
def test_honestly_rounded_parts_of_an_honestly_rounded_total_are_no_error(parts: list[int], unit: int) -> None:
    assert errors(sum_world(parts, unit, sum(parts))) == []


@given(parts=st.lists(counts, min_size=1, max_size=8), unit=rounding, sign=st.sampled_from([-1, 1]))
def test_a_total_moved_beyond_all_rounding_is_an_error(parts: list[int], unit: int, sign: int) -> None:
    moved = sum(parts) + sign * unit * (len(parts) + 2)
    assume(moved > unit)
    assert [rule for rule, _ in errors(sum_world(parts, unit, moved))] == ["parts-miss-total"]


@given(old=counts, new=counts)
def test_a_change_reckoned_from_its_counts_is_no_error(old: int, new: int) -> None:
    assert errors(change_world(old, new, Decimal(new - old) * 100 / old)) == []


@given(old=counts, new=counts, moved=st.integers(min_value=2, max_value=50))
def test_a_change_moved_by_two_points_is_an_error(old: int, new: int, moved: int) -> None:
    evidence = change_world(old, new, Decimal(new - old) * 100 / old + moved)
    assert [rule for rule, _ in errors(evidence)] == ["percentage-disagrees"]


@given(number=counts, coarse=rounding, fine=rounding)
def test_one_number_rounded_twice_is_one_fact(number: int, coarse: int, fine: int) -> None:
    first, second = value("first", rounded(number, coarse)), value("second", rounded(number, fine))
    assert errors(world(Link("R", Relation.Kind.SAME_FACT_AS, first, (second,)))) == []


@given(number=counts, unit=rounding)
def test_two_roundings_that_differ_by_a_step_cannot_be_one_fact(number: int, unit: int) -> None:
    first, second = value("first", rounded(number, unit)), value("second", rounded(number + unit, unit))
    found = errors(world(Link("R", Relation.Kind.SAME_FACT_AS, first, (second,))))
    assert [rule for rule, _ in found] == ["same-fact-differs"]


@given(whole=counts, part=counts)
def test_a_part_is_an_error_exactly_when_it_is_larger_than_its_whole(whole: int, part: int) -> None:
    link = Link("R", Relation.Kind.PART_OF, value("part", Bounded.exact(part)), (value("whole", Bounded.exact(whole)),))
    assert bool(errors(world(link))) == (part > whole)


@given(parts=st.lists(counts, min_size=2, max_size=5), unit=rounding)
def test_the_order_of_parts_changes_nothing_but_the_sentence(parts: list[int], unit: int) -> None:
    total = sum(parts) + unit * (len(parts) + 2)
    assert errors(sum_world(parts, unit, total)) == errors(sum_world(parts[::-1], unit, total))

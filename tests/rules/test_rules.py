"""Rules tried one at a time, on evidence made by hand."""

from __future__ import annotations

import dataclasses
import datetime
from decimal import Decimal

import pytest

from evaluation.figures.figure import Figure
from evaluation.models import Relation, StatedValue
from evaluation.rules import Found, find_in
from evaluation.rules.arithmetic import agree, is_round_form_of
from evaluation.rules.evidence import MONEY, PERCENT, Advice, Evidence, Link
from evaluation.rules.ledger.rows import ApprovalRow, Ledger, PairRow, TotalRow
from evaluation.rules.wording import amount
from tests.rules.test_property import YEAR, value, world
from vru.lib.bounded import Bounded

Kind = Relation.Kind
EXACT = Bounded.exact
DAY = datetime.datetime(2031, 1, 20, tzinfo=datetime.UTC)
APPROVAL = ApprovalRow(
    where="Return G-1, 2030-31 Q3",
    revision=7,
    status="approved",
    submitted_by=1,
    approved_by=2,
    signed_by=None,
    submitted_at=DAY,
    approved_at=DAY,
    needs_signatory=False,
    is_sole_officer=False,
)


def recorded(**rows: tuple[object, ...]) -> list[Found]:
    return find_in(Evidence(year=YEAR, layer="recorded", ledger=Ledger(**rows)))  # type: ignore[arg-type]


def test_a_percentage_that_fits_one_of_two_bases_is_right() -> None:
    percent = value("percent", Bounded.rounded(-50, 1), unit="percent_change", kind=StatedValue.Kind.CHANGE)
    old, new, other = (value(name, EXACT(number)) for name, number in (("old", 200), ("new", 100), ("other", 900)))
    right = Link("R1", Kind.PERCENT_CHANGE_OF, percent, (old, new))
    wrong = Link("R2", Kind.PERCENT_CHANGE_OF, percent, (other, new))
    assert find_in(world(right, wrong)) == []
    assert [found.rule for found in find_in(world(wrong))] == ["percentage-disagrees"]


def test_money_and_people_cannot_be_one_fact() -> None:
    money = value("money", EXACT(500), unit="gbp")
    link = Link("R", Kind.SAME_FACT_AS, value("people", EXACT(500), unit="people"), (money,))
    assert "units-differ" in {found.rule for found in find_in(world(link))}


def test_a_count_stated_above_the_records_is_a_warning_and_below_them_an_error() -> None:
    figure = Figure("programmes.count", "Programmes", Decimal(17), "count", low=Decimal(17), high=Decimal(17))
    for number, severity in ((20, "warning"), (10, "error")):
        stated = dataclasses.replace(value("programmes", EXACT(number)), figure_key="programmes.count")
        evidence = Evidence(year=YEAR, layer="published", values=(stated,), figures={"programmes.count": figure})
        assert [(found.rule, found.severity) for found in find_in(evidence)] == [("stated-computed-differ", severity)]


def test_a_recommendation_that_stands_twice_is_noted_once() -> None:
    advice = tuple(Advice(ref, "review", text, "N") for ref, text in (("A1", "Share more."), ("A9", "Share  more")))
    found = find_in(Evidence(year=YEAR, layer="published", advice=advice))
    assert [(each.rule, each.computed) for each in found] == [("printed-twice", "also recommendation A1")]


def test_a_return_approved_by_its_submitter_is_found() -> None:
    rows = (APPROVAL, dataclasses.replace(APPROVAL, revision=8, approved_by=1))
    assert [(each.rule, each.basis) for each in recorded(approvals=rows)] == [("approved-by-submitter", ("8",))]


@pytest.mark.parametrize(
    ("signed_by", "is_sole_officer", "finds"), [(None, False, 1), (1, False, 1), (3, False, 0), (None, True, 0)]
)
def test_a_needed_signature_is_another_persons_unless_waived(
    signed_by: int | None, is_sole_officer: bool, finds: int
) -> None:
    row = dataclasses.replace(APPROVAL, needs_signatory=True, signed_by=signed_by, is_sole_officer=is_sole_officer)
    assert [each.rule for each in recorded(approvals=(row,))] == ["signature-missing"] * finds


def test_more_results_than_people_are_found() -> None:
    row = PairRow("Return G-1, 2030-31 Q3", 7, "safer", "12", "10")
    assert [each.explanation for each in recorded(pairs=(row,))] == ["safer: 12 of 10 is more than all of them."]


def test_a_total_that_changes_with_the_way_it_is_added_up_says_which_way() -> None:
    row = TotalRow("award.total", "Awarded", True, 1_000_00, {"by objective": 1_000_00, "by area": 999_99})
    (found,) = recorded(totals=(row,))
    assert found.where == "Awarded, 2030-31, added up by area"
    assert found.explanation == "award.total is £1,000; added up by area it comes to £999.99, £0.01 less."


@pytest.mark.parametrize(
    ("round_number", "number", "is_round"),
    [(1000, 1169, True), (1000, 1600, False), (150, 149, False), (50, 52, False), (200, 249, True), (0, 3, False)],
)
def test_only_a_number_of_one_digit_and_noughts_may_be_a_silent_rounding(
    round_number: int, number: int, is_round: bool
) -> None:
    assert is_round_form_of(Decimal(round_number), Decimal(number)) is is_round


def test_roundings_that_only_touch_do_not_agree_but_an_exact_number_half_way_does() -> None:
    low, high = Bounded.rounded(Decimal("9.2"), Decimal("0.1")), Bounded.rounded(Decimal("9.3"), Decimal("0.1"))
    assert not agree(low, high)
    assert agree(low, EXACT(Decimal("9.25")))
    assert agree(high, EXACT(Decimal("9.25")))


@pytest.mark.parametrize(
    ("number", "quantity", "unit", "text"),
    [
        ("19700000", MONEY, "100000", "£19.7m"),
        ("8000000", MONEY, "100000", "£8.0m"),
        ("3000000000", MONEY, "1000000000", "£3bn"),
        ("568000", MONEY, None, "£568,000"),
        ("-25.8054", PERCENT, "0.1", "−25.8%"),
        ("4021", "count", None, "4,021"),
    ],
)
def test_numbers_in_sentences_are_written_as_people_read_them(
    number: str, quantity: str, unit: str | None, text: str
) -> None:
    assert amount(Decimal(number), quantity, unit=Decimal(unit) if unit else None) == text

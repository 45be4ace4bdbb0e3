"""The rules that look beyond one box: history, plan, money and words. Each on top of a return that is right."""

from __future__ import annotations

import datetime
import time
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from grants.models import Commitment, MonitoringReturn, Revision, Section
from grants.questionnaire import boxes_for
from grants.validation import Outcome, validate
from grants.validation.personal_data import signs_of_personal_data
from grants.validation.warnings import age_band
from programmes.models import IndicatorVersion
from tests.cast import World, complete_answers
from tests.factories import (
    CategoryFactory,
    CellFactory,
    CommitmentFactory,
    CommitmentIndicatorFactory,
    CostHeadingFactory,
    DimensionFactory,
    FunderRuleFactory,
    FundingSplitFactory,
    IndicatorVersionFactory,
    MonitoringReturnFactory,
    ProfileLineFactory,
    ReachTargetFactory,
    ReadingFactory,
    ReportingQuarterFactory,
    RevisionFactory,
    VariationFactory,
    approved_return,
)


def check(world: World, *, nil: bool = False, only: bool = False, staff: bool = False, **changes: Any) -> Outcome:
    """The outcome after changing some boxes; ``only`` starts from nothing typed."""
    typed: dict[str, dict[str, str]] = {} if only else complete_answers(world)
    for section, boxes in changes.items():
        typed[section] = {**typed.get(section, {}), **boxes}
    item = MonitoringReturn.objects.get(pk=world.monitoring_return.pk)
    return validate(item, {Section(key): value for key, value in typed.items()}, is_nil=nil, for_staff=staff)


def errors(outcome: Outcome) -> set[str]:
    return {problem.code for problem in outcome.errors}


def warnings(outcome: Outcome) -> set[str]:
    return {problem.code for problem in outcome.warnings}


def messages(outcome: Outcome, code: str) -> list[str]:
    return [problem.message for problem in [*outcome.errors, *outcome.warnings] if problem.code == code]


def move_to_quarter(world: World, number: int) -> None:
    MonitoringReturn.objects.filter(pk=world.monitoring_return.pk).update(
        quarter=ReportingQuarterFactory(year=2020, number=number)
    )


# Hard errors


@pytest.mark.parametrize("kind", ["percentage", "distance", "unit_cost"])
def test_a_part_of_nothing_is_an_error_for_every_ratio(world: World, kind: str) -> None:
    version = world.grant.indicators.get().version
    IndicatorVersion.objects.filter(pk=version.pk).update(kind=kind)
    name = f"indicator.{version.indicator.slug}"
    outcome = check(world, E={f"{name}.numerator": "3", f"{name}.denominator": "0"})
    assert errors(outcome) == {"R110"}
    assert outcome.errors[0].field == f"{name}.denominator"
    assert "out of 0" in outcome.errors[0].message
    assert errors(check(world, E={f"{name}.numerator": "0", f"{name}.denominator": "0"})) == set()


def test_a_score_may_fall_and_a_unit_cost_may_exceed_its_number(world: World) -> None:
    version = world.grant.indicators.get().version
    name = f"indicator.{version.indicator.slug}"
    IndicatorVersion.objects.filter(pk=version.pk).update(kind="distance")
    assert errors(check(world, E={f"{name}.numerator": "-12.5", f"{name}.denominator": "4"})) == set()
    IndicatorVersion.objects.filter(pk=version.pk).update(kind="unit_cost")
    assert errors(check(world, E={f"{name}.numerator": "900", f"{name}.denominator": "4"})) == set()


def test_own_year_to_date_below_what_is_approved_is_an_error(world: World) -> None:
    approved_return(world.grant, 1, reach={"new": 30})
    outcome = check(world, C={"ytd.new": "29"})
    assert errors(outcome) == {"R109"}
    assert "29 new people since 1 April, but 30 are approved" in messages(outcome, "R109")[0]
    assert errors(check(world, C={"ytd.new": "30"})) == set()


def test_year_to_date_may_fall_through_a_correction(world: World) -> None:
    first = approved_return(world.grant, 1, reach={"new": 30})
    MonitoringReturn.objects.filter(pk=first.monitoring_return_id).update(status="reopened")
    assert "R109" not in errors(check(world, C={"ytd.new": "29"}))


def test_year_to_date_starts_again_in_april(world: World) -> None:
    Commitment.objects.filter(pk=world.grant.pk).update(starts_on=datetime.date(2019, 4, 1))
    approved_return(world.grant, 4, year=2019, reach={"new": 500})
    assert errors(check(world, C={"ytd.new": "10"})) == set()


def test_splits_that_miss_the_award_stop_the_return_and_say_whom_to_call(world: World) -> None:
    world.grant.splits.update(amount_pence=999_999)
    outcome = check(world)
    assert errors(outcome) == {"R111"}
    assert "£9,999.99, but its award is £10,000.00" in messages(outcome, "R111")[0]
    assert "call your programme manager" in messages(outcome, "R111")[0]


def test_nil_return_with_a_forecast_needs_the_spend_beside_it(world: World) -> None:
    assert errors(check(world, only=True, nil=True, F={"spend.labour.forecast": "100"})) == {"R112"}
    assert (
        errors(check(world, only=True, nil=True, F={"spend.labour.forecast": "1", "spend.labour.actual": "0"})) == set()
    )


def test_nil_return_that_holds_people_is_an_error(world: World) -> None:
    outcome = check(world, only=True, nil=True, C={"reach.new": "3"}, D={"age.10-14": "3"})
    assert errors(outcome) == {"R113"}
    assert [problem.field for problem in outcome.errors] == ["reach.new", "age.10-14"]


def test_correction_counts_once_in_what_was_reported_before(world: World) -> None:
    first = approved_return(world.grant, 1, reach={"referred": 5, "started": 5, "new": 7})
    later = RevisionFactory(monitoring_return=first.monitoring_return, number=2)
    CellFactory(revision=later, measure="new", value=9)
    CellFactory(revision=later, measure="referred", value=5)
    CellFactory(revision=later, measure="started", value=5)
    assert errors(check(world, C={"reach.referred": "1", "reach.started": "2"})) == {"R104"}
    assert "W215" not in warnings(check(world, C={"ytd.new": "19"}))


def test_unreadable_part_of_a_breakdown_is_reported_once(world: World) -> None:
    outcome = check(world, D={"age.10-14": "four"})
    assert [(problem.code, problem.field, problem.value) for problem in outcome.errors] == [
        ("R100", "age.10-14", "four")
    ]


# Soft warnings


def test_year_to_date_that_differs_from_the_returns_is_a_warning(world: World) -> None:
    approved_return(world.grant, 1, reach={"new": 30})
    outcome = check(world, C={"ytd.new": "41"})
    assert (errors(outcome), warnings(outcome)) == (set(), {"W215"})
    assert "add up to 40" in messages(outcome, "W215")[0]
    assert warnings(check(world, C={"ytd.new": "40"})) == set()


def test_spend_for_delivery_after_march_on_in_year_money_is_a_warning(world: World) -> None:
    move_to_quarter(world, 4)
    money = {"spend.labour.forecast": "", "spend.accruals": "100"}
    assert "W214" not in warnings(check(world, F=money))
    FunderRuleFactory(source=world.grant.splits.get().source, first_year=2019)
    assert "W214" in warnings(check(world, F=money))
    assert errors(check(world, F=money | {"spend.accruals": "1,234.51"})) == {"R112"}


def test_underspend_is_foreseen_in_the_third_quarter_from_the_years_own_money(world: World) -> None:
    grant = world.grant
    Commitment.objects.filter(pk=grant.pk).update(award_pence=20_000_00, ends_on=datetime.date(2022, 3, 31))
    FundingSplitFactory(commitment=grant, source=grant.splits.get().source, year=2021, amount_pence=10_000_00)
    approved_return(grant, 1, actual_pence=5_000_00)
    move_to_quarter(world, 3)
    full = {"spend.labour.actual": "3,000", "spend.labour.forecast": "1,900"}
    assert "W212" not in warnings(check(world, F=full))
    short = check(world, F=full | {"spend.labour.forecast": "1,000"})
    assert "leave £1,000.00 of this year's £10,000.00 unspent" in messages(short, "W212")[0]
    move_to_quarter(world, 2)
    assert "W212" not in warnings(check(world, F=full | {"spend.labour.forecast": "1,000"}))


def test_spend_where_none_was_planned_is_off_profile(world: World) -> None:
    ProfileLineFactory(commitment=world.grant, quarter=world.monitoring_return.quarter, amount_pence=0)
    assert "W202" in warnings(check(world))


@pytest.mark.parametrize(("pence", "unusual"), [(112_228, False), (112_226, True), (137_166, False), (137_167, True)])
def test_spend_is_off_profile_beyond_ten_per_cent_of_it(world: World, pence: int, unusual: bool) -> None:
    ProfileLineFactory(commitment=world.grant, quarter=world.monitoring_return.quarter, amount_pence=pence)
    assert ("W202" in warnings(check(world))) is unusual


@pytest.mark.parametrize(("target", "unusual"), [(8, False), (7, True), (13, False), (14, True), (0, True)])
def test_reach_is_off_target_beyond_a_quarter_of_it(world: World, target: int, unusual: bool) -> None:
    ReachTargetFactory(commitment=world.grant, quarter=world.monitoring_return.quarter, measure="new", value=target)
    assert ("W203" in warnings(check(world))) is unusual


def test_half_yearly_return_is_compared_with_both_its_quarters(world: World) -> None:
    Commitment.objects.filter(pk=world.grant.pk).update(schedule="half_yearly")
    for number in (1, 2):
        quarter = ReportingQuarterFactory(year=2020, number=number)
        ReachTargetFactory(commitment=world.grant, quarter=quarter, measure="new", value=5)
        ProfileLineFactory(commitment=world.grant, quarter=quarter, amount_pence=61_725)
    assert warnings(check(world)) == set()


@pytest.mark.parametrize(
    ("status", "said", "staff_only"),
    [
        ("open", "has not been sent yet", False),
        ("queried", "was queried and waits for your answer", False),
        ("reopened", "is open for a correction", False),
        ("submitted", "is waiting for approval", True),
    ],
)
def test_earlier_quarter_that_is_not_settled_is_a_warning_and_stops_nothing(
    world: World, status: str, said: str, staff_only: bool
) -> None:
    MonitoringReturnFactory(commitment=world.grant, quarter=ReportingQuarterFactory(year=2020, number=1), status=status)
    outcome = check(world)
    problem = next(problem for problem in outcome.warnings if problem.code == "W213")
    assert outcome.is_acceptable
    assert said in problem.message
    assert problem.staff_only is staff_only
    assert (problem in outcome.warnings_for_grantee()) is not staff_only


def test_copied_figures_are_noticed_people_results_and_money(world: World) -> None:
    version = world.grant.indicators.get().version
    before = approved_return(world.grant, 1, reach={"new": 10, "contacts": 1169}, actual_pence=123_450)
    ReadingFactory(revision=before, version=version, value=None, numerator=3, denominator=14)
    slug = version.indicator.slug
    outcome = check(world, E={f"indicator.{slug}.denominator": "14"})
    found = [problem.field for problem in outcome.warnings if problem.code == "W210"]
    assert found == ["reach.new", "reach.contacts", f"indicator.{slug}.numerator", "spend.labour.actual"]
    assert "3 of 14, as last quarter" in messages(outcome, "W210")[2]


def test_small_numbers_repeat_by_chance(world: World) -> None:
    approved_return(world.grant, 1, reach={"new": 9})
    assert "W210" not in warnings(check(world, C={"reach.new": "9"}, D={"age.10-14": "3"}))


def test_own_ages_that_overlap_the_grants_are_no_warning(world: World) -> None:
    age = CategoryFactory._meta.model.objects.get(slug="10-14").dimension
    CategoryFactory(dimension=age, slug="18-25", label="18 to 25", valid_from=datetime.date(2020, 4, 1))
    CategoryFactory(dimension=age, slug="25-plus", label="25 and over", valid_from=datetime.date(2020, 4, 1))
    Commitment.objects.filter(pk=world.grant.pk).update(youngest_age=10, oldest_age=24)
    assert warnings(check(world, D={"age.10-14": "4", "age.15-17": "", "age.18-25": "6"})) == set()
    outcome = check(world, D={"age.10-14": "9", "age.15-17": "", "age.25-plus": "1"})
    assert messages(outcome, "W209") == ["1 person aged 25 and over; the grant is for ages 10 to 24."]


@pytest.mark.parametrize(
    ("slug", "band"),
    [
        ("15-17", (15, 17)), ("0-9", (0, 9)), ("25-plus", (25, 200)), ("65-and-over", (65, 200)),
        ("over-65", (66, 200)), ("under-10", (0, 9)), ("not-known", None), ("white", None),
    ],
)  # fmt: skip
def test_age_categories_are_read_as_bands(slug: str, band: tuple[int, int] | None) -> None:
    assert age_band(slug) == band


@pytest.mark.parametrize(
    ("text", "signs"),
    [
        ("Call 07700 900123", ["a telephone number"]), ("(020) 7946 0000", ["a telephone number"]),
        ("+44 7700 900123", ["a telephone number"]), ("０７７００９００１２３", ["a telephone number"]),
        ("She lives in SW1A 1AA", ["a postcode"]), ("sw1a1aa", ["a postcode"]),
        ("DOB 12/3/06", ["a date of birth"]), ("born on the 3rd of May", ["a date of birth"]),
        ("Jordan Smith (12/03/2006) joined", ["a name with a date"]),
        ("Jordan Smith, 12 March 2006", ["a name with a date"]),
        ("We met 1,169 people in 2020-21 at 4 sites.", []), ("On 12 March 2021 we opened.", []),
        ("£10,000,000,000 and 0.123456789", []), ("room b1 2nd floor", []), ("Q3 2020", []), ("", []),
        ("الشباب 🌟 <b>bold</b> =SUM(A1)", []),
    ],
)  # fmt: skip
def test_signs_of_personal_data_are_seen_and_ordinary_words_are_not(text: str, signs: list[str]) -> None:
    assert signs_of_personal_data(text) == signs


@pytest.mark.parametrize("piece", ["0", "0 ", "A1", "Aa ", "born ", "12/", "(", "+44 "])
def test_a_hundred_thousand_characters_are_looked_through_at_once(piece: str) -> None:
    long = piece * (100_000 // len(piece))
    started = time.process_time()
    signs_of_personal_data(long)
    assert time.process_time() - started < 2


def test_unit_cost_is_compared_with_the_median_of_other_grants_over_the_year(world: World) -> None:
    for pence in (50_00, 100_00, 9_000_00):
        grant = CommitmentFactory(programme=world.grant.programme)
        approved_return(grant, 1, reach={"new": 1}, actual_pence=pence)
        approved_return(grant, 2, reach={"new": 1}, actual_pence=pence)
    outcome = check(world, staff=True, F={"spend.labour.actual": "2,001"})
    assert messages(outcome, "W208") == ["£200.10 a new person; the programme's median is £100.00."]
    assert "W208" not in warnings(check(world, staff=True, F={"spend.labour.actual": "2,000"}))


# What is no error


def test_a_true_zero_is_an_answer(world: World) -> None:
    outcome = check(
        world,
        C={"reach.new": "0", "reach.contacts": "0"},
        D={"age.10-14": "0", "age.15-17": ""},
        F={"spend.labour.actual": "0"},
    )
    assert (errors(outcome), warnings(outcome)) == (set(), set())


def test_nil_return_with_nothing_typed_or_zeros_is_acceptable(world: World) -> None:
    assert errors(check(world, only=True, nil=True)) == set()
    assert errors(check(world, only=True, nil=True, C={"reach.new": "0"})) == set()


def test_waived_sections_are_not_asked(world: World) -> None:
    Commitment.objects.filter(pk=world.grant.pk).update(waived_sections=["C", "D", "E", "F", "G"])
    world.grant.splits.all().delete()
    assert errors(check(world, only=True)) == set()


def test_a_target_changed_by_an_approved_variation_is_what_counts(world: World) -> None:
    target = ReachTargetFactory(
        commitment=world.grant, quarter=world.monitoring_return.quarter, measure="new", value=40
    )
    assert "W203" in warnings(check(world))
    VariationFactory(commitment=world.grant)
    target.value = 10
    target.save()
    outcome = check(world)
    assert (errors(outcome), warnings(outcome)) == (set(), set())


def test_a_grant_that_ends_within_the_quarter_still_reports_it(world: World) -> None:
    Commitment.objects.filter(pk=world.grant.pk).update(ends_on=datetime.date(2020, 7, 1))
    assert errors(check(world)) == set()
    Commitment.objects.filter(pk=world.grant.pk).update(ends_on=datetime.date(2020, 6, 30))
    assert errors(check(world)) == {"R105"}


# Speed


def _history(world: World, years: range) -> None:
    version = world.grant.indicators.get().version
    for year in years:
        for number in (1, 2, 3, 4):
            made = approved_return(world.grant, number, year=year, reach={"new": 5, "contacts": 9}, actual_pence=100)
            ReadingFactory(revision=made, version=version, value=None, numerator=1, denominator=2)
            CommitmentFactory(programme=world.grant.programme)


def test_validating_asks_the_database_as_often_after_ten_years_as_after_one(world: World) -> None:
    Commitment.objects.filter(pk=world.grant.pk).update(starts_on=datetime.date(2010, 4, 1))

    def queries() -> int:
        check(world, staff=True)
        with CaptureQueriesContext(connection) as captured:
            check(world, staff=True)
        return len(captured)

    _history(world, range(2019, 2020))
    few = queries()
    _history(world, range(2010, 2019))
    assert Revision.objects.filter(monitoring_return__commitment=world.grant).count() == 40
    assert queries() == few <= 26


def test_a_large_return_is_validated_with_as_many_questions_as_a_small_one(world: World) -> None:
    """Sixty readings, six breakdowns of which one has 33 boroughs, ten headings, four quarters behind it."""
    with CaptureQueriesContext(connection) as small:
        validate(world.monitoring_return, {}, for_staff=True)
    start = datetime.date(2020, 4, 1)
    for slug, size in (("borough", 33), ("ethnicity", 19), ("sex", 4), ("gender", 5), ("disability", 4)):
        dimension = DimensionFactory(slug=slug, title=slug.title())
        for number in range(size):
            CategoryFactory(dimension=dimension, slug=f"{slug}-{number}", valid_from=start)
    for _ in range(60):
        CommitmentIndicatorFactory(
            commitment=world.grant, version=IndicatorVersionFactory(kind="percentage"), year=2020
        )
    CostHeadingFactory.create_batch(9)
    for number in (1, 2, 3, 4):
        approved_return(world.grant, number, year=2019, reach={"new": 10}, actual_pence=100)
    item = MonitoringReturn.objects.get(pk=world.monitoring_return.pk)
    boxes = boxes_for(item)
    typed: dict[Section, dict[str, str]] = {}
    for box in boxes:
        typed.setdefault(box.section, {})[box.name] = "1,169" if box.kind.number else "Ten young people came. " * 400
    assert len(boxes) > 200
    with CaptureQueriesContext(connection) as large:
        validate(item, typed, for_staff=True)
    # Its return is read anew, with its grant and quarter; no question is asked for each box.
    assert len(large) <= len(small) + 6

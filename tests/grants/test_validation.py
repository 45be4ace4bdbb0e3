"""The validator: each rule alone, on top of a return that is otherwise right."""

from __future__ import annotations

import pytest

from grants.models import Section
from grants.validation import RULES, validate
from tests.cast import World, complete_answers
from tests.factories import ProfileLineFactory, ReachTargetFactory, approved_return


def found(world: World, **changes: dict[str, str]) -> tuple[set[str], set[str]]:
    """Codes of errors and of warnings after changing some boxes (an empty text empties the box)."""
    typed = complete_answers(world)
    for section, boxes in changes.items():
        typed[section] = {**typed.get(section, {}), **boxes}
    outcome = validate(world.monitoring_return, {Section(key): value for key, value in typed.items()})
    return {problem.code for problem in outcome.errors}, {problem.code for problem in outcome.warnings}


def test_return_that_is_right_has_neither_errors_nor_warnings(world: World) -> None:
    assert found(world) == (set(), set())


@pytest.mark.parametrize(
    ("section", "boxes", "code"),
    [
        ("C", {"reach.new": "about ten"}, "R100"),
        ("C", {"reach.new": "1.5"}, "R100"),
        ("C", {"reach.new": "-3"}, "R100"),
        ("C", {"reach.new": "c.80"}, "R100"),
        ("F", {"spend.labour.actual": "£8.8m"}, "R100"),
        ("D", {"age.15-17": "5"}, "R101"),
        ("D", {"age.10-14": "", "age.15-17": ""}, "R101"),
        ("C", {"reach.new": ""}, "R106"),
        ("F", {"spend.labour.actual": ""}, "R106"),
        ("C", {"reach.referred": "5", "reach.started": "6"}, "R104"),
        ("C", {"reach.started": "5", "reach.completed": "6"}, "R104"),
    ],
)
def test_error_is_found_and_nothing_else(world: World, section: str, boxes: dict[str, str], code: str) -> None:
    errors, _ = found(world, **{section: boxes})
    assert errors == {code}


def test_part_above_its_whole_is_an_error(world: World) -> None:
    slug = world.grant.indicators.get().version.indicator.slug
    errors, _ = found(world, E={f"indicator.{slug}.numerator": "5"})
    assert errors == {"R102"}


def test_half_of_a_ratio_is_an_error(world: World) -> None:
    slug = world.grant.indicators.get().version.indicator.slug
    errors, _ = found(world, E={f"indicator.{slug}.denominator": ""})
    assert errors == {"R103"}


def test_quarter_outside_the_grant_is_an_error(world: World) -> None:
    world.grant.starts_on = world.grant.ends_on
    world.grant.save()
    world.monitoring_return.refresh_from_db()
    errors, _ = found(world)
    assert "R105" in errors


def test_closed_return_cannot_be_submitted(world: World) -> None:
    world.monitoring_return.status = "approved"
    errors, _ = found(world)
    assert errors == {"R107"}


def test_true_zero_is_not_an_error(world: World) -> None:
    errors, _ = found(world, C={"reach.new": "0"}, D={"age.10-14": "", "age.15-17": ""}, F={"spend.labour.actual": "0"})
    assert errors == set()


def test_waived_section_is_not_asked_for(world: World) -> None:
    world.grant.waived_sections = ["D", "F"]
    world.grant.save()
    world.monitoring_return.refresh_from_db()
    errors, _ = found(world, D={"age.10-14": "99"}, F={"spend.labour.actual": ""})
    assert errors == set()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"F": {"spend.labour.forecast": "9,000"}}, "W201"),
        ({"D": {"age.10-14": "1", "age.15-17": "6", "age.not-known": "3"}}, "W204"),
        ({"C": {"reach.new": "0"}, "D": {"age.10-14": "", "age.15-17": ""}}, "W205"),
        ({"F": {"spend.labour.actual": "0"}}, "W206"),
        ({"C": {"reach.indirect": "51"}}, "W207"),
        ({"G": {"answer.what-went-well": "Call me on 07700 900123"}}, "W211"),
    ],
)
def test_warning_asks_for_a_sentence_but_stops_nothing(
    world: World, changes: dict[str, dict[str, str]], code: str
) -> None:
    errors, warnings = found(world, **changes)
    assert errors == set()
    assert code in warnings


def test_spend_off_profile_and_reach_off_target_are_warnings(world: World) -> None:
    ProfileLineFactory(commitment=world.grant, quarter=world.monitoring_return.quarter, amount_pence=500_000)
    ReachTargetFactory(commitment=world.grant, quarter=world.monitoring_return.quarter, measure="new", value=40)
    _, warnings = found(world)
    assert {"W202", "W203"} <= warnings


def test_people_outside_the_grants_ages_are_a_warning(world: World) -> None:
    world.grant.youngest_age, world.grant.oldest_age = 15, 24
    world.grant.save()
    world.monitoring_return.refresh_from_db()
    _, warnings = found(world)
    assert "W209" in warnings


def test_problem_says_where_and_how_to_mend_it(world: World) -> None:
    typed = complete_answers(world)
    typed["D"]["age.15-17"] = "5"
    outcome = validate(world.monitoring_return, {Section(key): value for key, value in typed.items()})
    problem = outcome.errors[0]
    assert problem.field == "age.10-14"
    assert "add up to 9 but you reported 10" in problem.message
    assert "Not known" in problem.message


def test_every_rule_has_a_stable_code_and_says_what_it_means() -> None:
    assert all(code[0] in "RW" and code[1:].isdigit() for code in RULES)
    assert all(len(rule.meaning) > 20 for rule in RULES.values())


def test_unit_cost_beside_other_grantees_is_shown_to_staff_only(world: World) -> None:
    approved_return(world.other_grant, 1, reach={"new": 100}, actual_pence=100_00)
    typed = {Section(key): value for key, value in complete_answers(world).items()}
    for_grantee = validate(world.monitoring_return, typed)
    for_staff = validate(world.monitoring_return, typed, for_staff=True)
    assert "W208" not in {problem.code for problem in for_grantee.warnings}
    assert "W208" in {problem.code for problem in for_staff.warnings}

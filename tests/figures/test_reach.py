"""The reach ledger: what is summed, what is taken latest, and what is missing."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest

from evaluation.figures import compute
from grants.models import Measure, MonitoringReturn
from tests.factories import (
    AreaFactory,
    CategoryFactory,
    CellFactory,
    CommitmentFactory,
    LogicLinkFactory,
    MonitoringReturnFactory,
    ObjectiveFactory,
    OutcomeFactory,
    ProgrammeFactory,
    ReportingQuarterFactory,
    RevisionFactory,
    approved_return,
)
from tests.figures.worlds import scope

pytestmark = pytest.mark.django_db


def value(key: str, **options: object) -> Decimal | None:
    return compute(scope(**options), [key])[key].value  # type: ignore[arg-type]


def test_new_people_are_summed_over_quarters_and_grants() -> None:
    first, second = CommitmentFactory(), CommitmentFactory()
    approved_return(first, 1, reach={"new": 5})
    approved_return(first, 2, reach={"new": 7})
    approved_return(second, 2, reach={"new": 11})
    assert value("reach.new") == 23
    assert value("reach.new quarter=2020-21Q2") == 18


def test_people_supported_counts_the_caseload_carried_in_once() -> None:
    grant = CommitmentFactory()
    approved_return(grant, 1, reach={"new": 5, "carried_in": 20})
    approved_return(grant, 2, reach={"new": 7, "carried_in": 25})
    assert value("reach.supported") == 32


def test_active_people_are_the_latest_count_of_each_grant_and_never_summed_over_time() -> None:
    first, second = CommitmentFactory(), CommitmentFactory()
    approved_return(first, 1, reach={"active": 30})
    approved_return(first, 3, reach={"active": 12})
    approved_return(second, 2, reach={"active": 4})
    assert value("reach.active") == 16
    assert value("reach.active quarter=2020-21Q1") == 30


def test_a_slice_without_approved_returns_has_no_value() -> None:
    grant = CommitmentFactory()
    MonitoringReturnFactory(commitment=grant, quarter=ReportingQuarterFactory(number=1))
    figure = compute(scope(), ["reach.new"])["reach.new"]
    assert figure.value is None
    assert figure.display == "not received"
    assert (figure.returns_received, figure.returns_expected) == (0, 1)


def test_a_return_that_says_nought_gives_nought() -> None:
    approved_return(CommitmentFactory(), 1, reach={"new": 0})
    assert value("reach.new") == 0


def test_an_approved_nil_return_says_nought() -> None:
    approved_return(CommitmentFactory(), 1, is_nil=True, nil_reason="The club was closed.")
    assert value("reach.new") == 0
    assert value("spend.total") == 0


def test_a_measure_that_no_return_reports_has_no_value() -> None:
    approved_return(CommitmentFactory(), 1, reach={"new": 3})
    figure = compute(scope(), ["reach.trained"])["reach.trained"]
    assert figure.value is None
    assert figure.display == "not reported"


def test_a_submitted_return_counts_only_once_it_is_approved() -> None:
    pending = RevisionFactory(monitoring_return__commitment=CommitmentFactory())
    CellFactory(revision=pending, value=50)
    figures = compute(scope(), ["reach.new", "returns.received", "returns.approved", "returns.expected"])
    assert [figure.value for figure in figures.values()] == [None, 1, 0, 1]


def test_a_waived_return_is_not_expected() -> None:
    row = MonitoringReturnFactory(status=MonitoringReturn.Status.WAIVED, waived_because="The grant started late.")
    assert row.pk
    approved_return(CommitmentFactory(), 1, reach={"new": 1})
    figure = compute(scope(), ["reach.new"])["reach.new"]
    assert (figure.returns_received, figure.returns_expected) == (1, 1)


def test_a_correction_counts_from_the_day_it_was_approved() -> None:
    grant = CommitmentFactory()
    old = approved_return(grant, 1, reach={"new": 10}, approved_on=datetime.date(2020, 7, 20))
    corrected_at = datetime.datetime(2020, 11, 2, 9, 0, tzinfo=datetime.UTC)
    old.superseded_at = corrected_at
    old.save(update_fields=["superseded_at"])
    new = RevisionFactory(
        monitoring_return=old.monitoring_return,
        number=2,
        approved_by=old.approved_by,
        approved_at=corrected_at,
        correction_reason="Two people were counted twice.",
    )
    CellFactory(revision=new, value=8)
    assert value("reach.new", as_at=datetime.date(2020, 7, 19)) is None
    assert value("reach.new", as_at=datetime.date(2020, 11, 1)) == 10
    assert value("reach.new", as_at=datetime.date(2020, 11, 2)) == 8


def test_an_outcome_counts_every_programme_whose_objective_feeds_it_and_says_so() -> None:
    objective, outcomes = ObjectiveFactory(number=1), [OutcomeFactory(number=1), OutcomeFactory(number=2)]
    for outcome in outcomes:
        LogicLinkFactory(objective=objective, outcome=outcome)
    grant = CommitmentFactory(programme=ProgrammeFactory(primary_objective=objective))
    approved_return(grant, 1, reach={"new": 6})
    figures = compute(scope(), ["reach.new outcome=1", "reach.new outcome=2"])
    assert {figure.value for figure in figures.values()} == {6}
    assert all("may count towards several outcomes" in figure.label for figure in figures.values())


def test_totals_by_objective_ignore_secondary_objectives() -> None:
    programme = ProgrammeFactory(primary_objective=ObjectiveFactory(number=1))
    programme.secondary_objectives.add(ObjectiveFactory(number=2))
    approved_return(CommitmentFactory(programme=programme), 1, reach={"new": 6})
    figures = compute(scope(), ["reach.new objective=1", "reach.new objective=2"])
    assert [figure.value for figure in figures.values()] == [6, None]


def test_a_programme_counts_its_projects_which_take_its_objective() -> None:
    parent = ProgrammeFactory(ref="PARENT", primary_objective=ObjectiveFactory(number=1))
    project = ProgrammeFactory(ref="PROJECT", parent=parent, primary_objective=None, theme=None)
    approved_return(CommitmentFactory(programme=project), 1, reach={"new": 6})
    keys = ["reach.new programme=PARENT", "reach.new programme=PROJECT", "reach.new objective=1"]
    assert [figure.value for figure in compute(scope(), keys).values()] == [6, 6, 6]


def test_new_people_by_borough_are_those_who_live_there() -> None:
    revision = approved_return(CommitmentFactory(), 1, reach={"new": 9})
    for code, number in (("E1", 4), ("E2", 5)):
        category = CategoryFactory(dimension__slug="borough", slug=code.lower(), area=AreaFactory(code=code))
        CellFactory(revision=revision, category=category, value=number)
    assert value("reach.new borough=E1") == 4
    assert value("reach.breakdown category=e2 dimension=borough") == 5


def test_bounds_are_added_and_the_mark_is_kept() -> None:
    first = approved_return(CommitmentFactory(), 1, reach={"new": 10})
    second = approved_return(CommitmentFactory(), 1)
    CellFactory(revision=first, measure=Measure.INDIRECT, value=100)
    CellFactory(revision=second, measure=Measure.INDIRECT, value=80, low=75, high=85)
    figure = compute(scope(), ["reach.indirect"])["reach.indirect"]
    assert (figure.value, figure.low, figure.high, figure.display) == (180, 175, 185, "c.180")


def test_a_lower_bound_leaves_the_total_open_above() -> None:
    revision = approved_return(CommitmentFactory(), 1)
    CellFactory(revision=revision, measure=Measure.CONTACTS, value=140, low=140)
    figure = compute(scope(), ["reach.contacts"])["reach.contacts"]
    assert (figure.low, figure.high, figure.display) == (140, None, "140+")


def test_layers_are_never_mixed() -> None:
    for layer, people in (("recorded", 3), ("illustrative", 50)):
        grant = CommitmentFactory(programme__layer=layer)
        approved_return(grant, 1, reach={"new": people}, actual_pence=people * 100)
    assert (value("reach.new"), value("reach.new", layer="illustrative")) == (3, 50)
    assert (value("spend.total"), value("spend.total", layer="illustrative")) == (3, 50)
    assert value("reach.new", layer="published") is None

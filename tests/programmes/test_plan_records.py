"""Copying a year, risks, decisions, and the strategy's promises: each write, its record and its refusals."""

from __future__ import annotations

import dataclasses
import datetime
from decimal import Decimal
from typing import Any

import pytest

from programmes.actions.copying import copy_programme
from programmes.actions.decisions import DecisionDetails, correct_decision, record_decision
from programmes.actions.risks import RiskDetails, close_risk, raise_risk, review_risk
from programmes.actions.strategy import Progress, record_progress
from programmes.errors import ProgrammeRefused
from programmes.loading.strategy import load_strategy
from programmes.models import Decision, Programme, ProgrammeRisk, WorkplanAction
from programmes.models.strategy import PromiseStatus
from tests.cast import Cast
from tests.factories import (
    AreaFactory,
    BudgetLineFactory,
    CommitmentFactory,
    DecisionFactory,
    IndicatorTargetFactory,
    NamedWardFactory,
    ObjectiveFactory,
    ObjectiveWeightFactory,
    ProgrammeFactory,
    ProgrammeRiskFactory,
    SourceDocumentFactory,
    StrategyCommitmentFactory,
    WorkplanActionFactory,
)
from tests.factories.grants import noon
from tests.loading.helpers import LONDON
from vru.accounts.models import AuditEvent
from vru.lib.periods import FinancialYear

TODAY = datetime.date(2021, 2, 1)
NEXT = FinancialYear(2021)
READERS = ["finance_officer", "analyst", "auditor", "administrator", "grantee"]


def rich_programme(cast: Cast) -> Programme:
    area, objective = AreaFactory(), ObjectiveFactory()
    programme = ProgrammeFactory(
        decision=DecisionFactory(),
        manager=cast.programme_manager,
        need="Few feel safe.",
        need_source=SourceDocumentFactory(),
        primary_objective=objective,
    )
    programme.areas.add(area)
    programme.secondary_objectives.add(ObjectiveFactory())
    ObjectiveWeightFactory(programme=programme, objective=objective)
    NamedWardFactory(programme=programme, area=area, name="Hill", code="E05013657", vintage=2022)
    IndicatorTargetFactory(programme=programme, year=2020, baseline=Decimal(5), target=Decimal(9))
    ProgrammeRiskFactory(programme=programme, title="Staff leave")
    ProgrammeRiskFactory(
        programme=programme,
        title="Past",
        closed_at=noon(TODAY),
        closed_by=cast.director,
        closed_because="It did not come.",
    )
    BudgetLineFactory(programme=programme)
    CommitmentFactory(programme=programme)
    return programme


def test_a_copy_is_next_years_draft_with_the_plan_and_without_the_money(cast: Cast) -> None:
    old = rich_programme(cast)
    new = copy_programme(programme=old, ref="YW-2021", title="", year=NEXT, by=cast.programme_manager)
    assert (new.status, new.copied_from, new.title) == ("draft", old, old.title)
    assert (new.starts_on, new.ends_on) == (datetime.date(2021, 4, 1), datetime.date(2022, 3, 31))
    assert (new.need, new.need_source, new.primary_objective) == (old.need, old.need_source, old.primary_objective)
    assert list(new.areas.all()) == list(old.areas.all())
    assert list(new.secondary_objectives.all()) == list(old.secondary_objectives.all())
    assert [(row.objective, row.percent) for row in new.objective_weights.all()] == [(old.primary_objective, 100)]
    assert [(ward.name, ward.code, ward.vintage) for ward in new.wards.all()] == [("Hill", "E05013657", 2022)]
    assert new.decision is None
    assert not new.commitments.exists()
    assert not new.budget_lines.exists()


def test_a_copys_targets_wait_to_be_set_and_only_open_risks_come_over(cast: Cast) -> None:
    new = copy_programme(
        programme=rich_programme(cast), ref="YW-2021", title="Again", year=NEXT, by=cast.programme_manager
    )
    target = new.indicator_targets.get()
    assert (target.year, target.target, target.baseline) == (2021, None, Decimal(5))
    risk = new.risks.get()
    assert (risk.title, risk.review_on) == ("Staff leave", datetime.date(2021, 5, 1))


def test_a_reference_that_is_taken_stops_the_copy_whole(cast: Cast) -> None:
    old = rich_programme(cast)
    with pytest.raises(ProgrammeRefused, match="Another programme"):
        copy_programme(programme=old, ref=old.ref + "", title="", year=NEXT, by=cast.programme_manager)
    assert Programme.objects.count() == 1


def test_what_was_read_from_a_document_is_not_copied(cast: Cast) -> None:
    with pytest.raises(ProgrammeRefused, match="published"):
        copy_programme(programme=ProgrammeFactory(layer="published"), ref="A-1", title="", year=NEXT, by=cast.director)


def risk_details(cast: Cast, **options: Any) -> RiskDetails:
    base = RiskDetails("Staff leave", cast.programme_manager, 3, 4, ProgrammeRisk.Response.TREAT, TODAY)
    return dataclasses.replace(base, **options)


def test_a_risk_is_raised_reviewed_and_closed_each_with_its_record(cast: Cast) -> None:
    programme = ProgrammeFactory()
    risk = raise_risk(programme=programme, details=risk_details(cast), by=cast.programme_manager, today=TODAY)
    assert risk.score == 12
    review_risk(risk=risk, details=risk_details(cast, likelihood=1), by=cast.director, today=TODAY)
    closed = close_risk(risk=risk, reason="They stayed.", by=cast.director)
    assert (closed.closed_by, closed.closed_because) == (cast.director, "They stayed.")
    events = AuditEvent.objects.about(programme).order_by("pk")
    assert [event.action for event in events] == ["risk raised", "risk reviewed", "risk closed"]
    assert events[1].details == {"risk": "Staff leave", "before": 12, "after": 4}
    with pytest.raises(ProgrammeRefused, match="is closed"):
        review_risk(risk=risk, details=risk_details(cast), by=cast.director, today=TODAY)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"likelihood": 0}, "from 1 to 5"),
        ({"impact": 6}, "from 1 to 5"),
        ({"title": ""}, "missing"),
        ({"review_on": datetime.date(2021, 1, 31)}, "has passed"),
    ],
)
def test_a_risk_that_cannot_be_kept_is_refused(cast: Cast, options: dict[str, Any], says: str) -> None:
    with pytest.raises(ProgrammeRefused, match=says):
        raise_risk(programme=ProgrammeFactory(), details=risk_details(cast, **options), by=cast.director, today=TODAY)


def test_a_risk_is_owned_by_staff_and_closed_with_a_reason(cast: Cast) -> None:
    with pytest.raises(ProgrammeRefused, match="staff"):
        raise_risk(
            programme=ProgrammeFactory(), details=risk_details(cast, owner=cast.grantee), by=cast.director, today=TODAY
        )
    with pytest.raises(ProgrammeRefused, match="Say why"):
        close_risk(risk=ProgrammeRiskFactory(), reason="  ", by=cast.director)


DETAILS = DecisionDetails("Fund mentors", TODAY, "The board", "For two years.", "https://example.org/d", 5_000_00)


def enter(by: Any, ref: str = "DEC-2021-04", **options: Any) -> Decision:
    details = dataclasses.replace(DETAILS, **options)
    return record_decision(ref=ref, layer="recorded", details=details, by=by, today=TODAY)


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "ftp://example.org/x", "example.org", "//x"],
)
def test_a_link_that_is_not_a_web_address_is_refused(cast: Cast, url: str) -> None:
    with pytest.raises(ProgrammeRefused, match="http"):
        enter(cast.director, url=url)


def test_a_decision_is_corrected_with_a_reason_and_what_it_was_is_kept(cast: Cast) -> None:
    decision = enter(cast.programme_manager)
    changed = dataclasses.replace(DETAILS, authorised_pence=6_000_00)
    with pytest.raises(ProgrammeRefused, match="Say why"):
        correct_decision(decision=decision, details=changed, by=cast.director, reason="", today=TODAY)
    correct_decision(decision=decision, details=changed, by=cast.director, reason="Misread.", today=TODAY)
    event = AuditEvent.objects.about(decision).first()
    assert event is not None
    assert event.details == {"before": {"authorised_pence": 5_000_00}, "after": {"authorised_pence": 6_000_00}}
    assert event.reason == "Misread."


def test_a_decision_is_entered_once_and_not_before_it_is_made(cast: Cast) -> None:
    enter(cast.director)
    with pytest.raises(ProgrammeRefused, match="Another decision"):
        enter(cast.director, ref="dec-2021-04")
    with pytest.raises(ProgrammeRefused, match="still to come"):
        enter(cast.director, ref="DEC-2", decided_on=datetime.date(2021, 2, 2))
    with pytest.raises(ProgrammeRefused, match="negative"):
        enter(cast.director, ref="DEC-3", authorised_pence=-1)


@pytest.mark.parametrize("factory", [StrategyCommitmentFactory, WorkplanActionFactory])
def test_progress_names_owner_day_status_and_programmes(cast: Cast, factory: Any) -> None:
    promise, programme = factory(), ProgrammeFactory()
    progress = Progress("Head of delivery", TODAY, PromiseStatus.UNDER_WAY, [programme])
    record_progress(promise=promise, progress=progress, by=cast.programme_manager)
    promise.refresh_from_db()
    assert (promise.owner, promise.due_on, promise.status) == ("Head of delivery", TODAY, "under_way")
    assert list(promise.programmes.all()) == [programme]
    record_progress(promise=promise, progress=progress, by=cast.programme_manager)
    assert AuditEvent.objects.about(promise).count() == 1


@pytest.mark.parametrize(
    "change", [{"status": PromiseStatus.STOPPED}, {"due_on": None}, {"due_on": datetime.date(2021, 9, 1)}]
)
def test_stopping_a_promise_or_moving_its_day_needs_a_reason(cast: Cast, change: dict[str, Any]) -> None:
    promise = WorkplanActionFactory(due_on=TODAY)
    progress = dataclasses.replace(Progress("", TODAY, PromiseStatus.PLANNED, []), **change)
    with pytest.raises(ProgrammeRefused, match="Say why"):
        record_progress(promise=promise, progress=progress, by=cast.director)
    record_progress(promise=promise, progress=progress, by=cast.director, reason="The board agreed.")
    event = AuditEvent.objects.about(promise).first()
    assert event is not None
    assert event.reason == "The board agreed."


@pytest.mark.parametrize("person", READERS)
def test_readers_write_none_of_it(cast: Cast, person: str) -> None:
    by = cast.named(person)
    attempts: list[Any] = [
        lambda: copy_programme(programme=ProgrammeFactory(), ref="A-1", title="", year=NEXT, by=by),
        lambda: raise_risk(programme=ProgrammeFactory(), details=risk_details(cast), by=by, today=TODAY),
        lambda: close_risk(risk=ProgrammeRiskFactory(), reason="No", by=by),
        lambda: enter(by),
        lambda: correct_decision(decision=DecisionFactory(), details=DETAILS, by=by, reason="No", today=TODAY),
        lambda: record_progress(
            promise=WorkplanActionFactory(), progress=Progress("", None, PromiseStatus.DONE, []), by=by
        ),
    ]
    for attempt in attempts:
        with pytest.raises(ProgrammeRefused, match="Only a programme manager"):
            attempt()


def test_recorded_progress_outlives_reading_the_strategys_file_again(cast: Cast) -> None:
    load_strategy(LONDON / "strategy.yaml")
    first, second = WorkplanAction.objects.all()[:2]
    words, untouched = first.text, second.status
    progress = Progress("Head of delivery", TODAY, PromiseStatus.DONE, [])
    record_progress(promise=first, progress=progress, by=cast.programme_manager, reason="The board agreed.")
    WorkplanAction.objects.filter(pk=first.pk).update(text="Changed by hand")
    load_strategy(LONDON / "strategy.yaml")
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.owner, first.due_on, first.status) == ("Head of delivery", TODAY, "done")
    assert (first.text, second.status) == (words, untouched)

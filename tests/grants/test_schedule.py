"""Returns planned from a schedule, added and taken out by hand, waived and asked for again; quarters and cut-offs."""

from __future__ import annotations

import datetime

import pytest
from django.test import Client
from django.urls import reverse

from grants.actions.schedule import (
    add_return,
    change_schedule,
    make_quarters,
    plan_returns,
    remove_scheduled_return,
    set_cut_off,
    undo_waiver,
)
from grants.errors import ActionRefused
from grants.models import Commitment, MonitoringReturn, ReportingQuarter
from tests.cast import World
from tests.factories import (
    CommitmentFactory,
    MonitoringReturnFactory,
    PaymentFactory,
    ReportingQuarterFactory,
    UserFactory,
)
from vru.accounts.models import AuditEvent, Role, User
from vru.lib.periods import FinancialYear, Quarter

pytestmark = pytest.mark.django_db
day = datetime.date
Schedule = Commitment.Schedule


@pytest.fixture
def manager() -> User:
    user: User = UserFactory(role=Role.PROGRAMME_MANAGER)
    return user


@pytest.fixture
def grant() -> Commitment:
    commitment: Commitment = CommitmentFactory()
    return commitment


def statuses(grant: Commitment) -> dict[str, str]:
    return {str(item.quarter): item.status for item in grant.returns.select_related("quarter")}


def test_planning_makes_the_years_returns_and_a_second_time_nothing(grant: Commitment, manager: User) -> None:
    assert len(plan_returns(commitment=grant, by=manager).made) == 4
    assert not plan_returns(commitment=grant, by=manager)
    assert set(statuses(grant)) == {f"2020-21 Q{number}" for number in (1, 2, 3, 4)}
    assert set(statuses(grant).values()) == {"scheduled"}
    assert ReportingQuarter.objects.count() == 4
    assert AuditEvent.objects.about(grant).filter(action="returns planned").count() == 1


def test_planning_again_moves_what_is_scheduled_and_never_what_has_opened(grant: Commitment, manager: User) -> None:
    plan_returns(commitment=grant, by=manager)
    grant.returns.filter(quarter__number=1).update(status="open")
    done = change_schedule(
        commitment=grant, schedule=Schedule.QUARTERLY, due_days=30, by=manager, reason="Their accounts take longer."
    )
    assert [str(item.quarter) for item in done.moved] == ["2020-21 Q2", "2020-21 Q3", "2020-21 Q4"]
    assert grant.returns.get(quarter__number=1).due_on == day(2020, 7, 15)
    assert grant.returns.get(quarter__number=2).due_on == day(2020, 10, 30)


def test_a_wider_schedule_takes_out_what_has_not_opened(grant: Commitment, manager: User) -> None:
    plan_returns(commitment=grant, by=manager)
    grant.returns.filter(quarter__number=1).update(status="draft")
    change_schedule(commitment=grant, schedule=Schedule.HALF_YEARLY, due_days=None, by=manager, reason="Small grant.")
    assert statuses(grant) == {"2020-21 Q1": "draft", "2020-21 Q2": "scheduled", "2020-21 Q4": "scheduled"}
    grant.refresh_from_db()
    assert grant.schedule == Schedule.HALF_YEARLY


def test_a_change_from_now_on_leaves_earlier_quarters_alone(grant: Commitment, manager: User) -> None:
    grant.schedule = Schedule.YEARLY
    grant.save()
    plan_returns(commitment=grant, by=manager)
    change_schedule(
        commitment=grant,
        schedule=Schedule.QUARTERLY,
        due_days=None,
        by=manager,
        reason="The risk has grown.",
        since=day(2020, 11, 2),
    )
    assert set(statuses(grant)) == {"2020-21 Q3", "2020-21 Q4"}


def test_a_payment_that_waits_for_a_return_keeps_it(grant: Commitment, manager: User) -> None:
    plan_returns(commitment=grant, by=manager)
    PaymentFactory(commitment=grant, number=2, waits_for=grant.returns.get(quarter__number=1))
    with pytest.raises(ActionRefused, match="Payment 2 waits for the return for 2020-21 Q1"):
        change_schedule(commitment=grant, schedule=Schedule.NONE, due_days=None, by=manager, reason="Core costs.")
    assert len(statuses(grant)) == 4


def test_a_schedule_changes_only_with_a_reason_and_by_a_programme_manager(grant: Commitment, manager: User) -> None:
    with pytest.raises(ActionRefused, match="Say why"):
        change_schedule(commitment=grant, schedule=Schedule.NONE, due_days=None, by=manager, reason=" ")
    with pytest.raises(ActionRefused, match="Only a programme manager"):
        change_schedule(
            commitment=grant, schedule=Schedule.NONE, due_days=None, by=UserFactory(role=Role.ANALYST), reason="x"
        )


@pytest.mark.parametrize("status", ["draft", "offered"])
def test_nothing_is_planned_before_a_grant_is_accepted(manager: User, status: str) -> None:
    with pytest.raises(ActionRefused, match="once the grant is accepted"):
        plan_returns(commitment=CommitmentFactory(status=status), by=manager)


def test_an_irregular_grants_returns_are_added_and_taken_out_by_hand(manager: User) -> None:
    grant = CommitmentFactory(schedule=Schedule.IRREGULAR)
    assert not plan_returns(commitment=grant, by=manager)
    item = add_return(commitment=grant, quarter=Quarter(2020, 2), due_on=day(2020, 9, 1), by=manager)
    assert item == add_return(commitment=grant, quarter=Quarter(2020, 2), due_on=day(2020, 9, 1), by=manager)
    assert item.opens_on < item.due_on
    with pytest.raises(ActionRefused, match="already, due on 1 September 2020"):
        add_return(commitment=grant, quarter=Quarter(2020, 2), due_on=day(2020, 9, 2), by=manager)
    with pytest.raises(ActionRefused, match="outside the dates"):
        add_return(commitment=grant, quarter=Quarter(2022, 2), due_on=day(2022, 9, 1), by=manager)
    with pytest.raises(ActionRefused, match="before the quarter has begun"):
        add_return(commitment=grant, quarter=Quarter(2020, 3), due_on=day(2020, 9, 1), by=manager)
    remove_scheduled_return(monitoring_return=item, by=manager)
    assert not grant.returns.exists()
    actions = AuditEvent.objects.about(grant).order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["return added", "return taken out"]


def test_a_scheduled_grant_takes_no_return_by_hand_and_an_open_one_is_not_taken_out(
    grant: Commitment, manager: User
) -> None:
    with pytest.raises(ActionRefused, match="Change the schedule first"):
        add_return(commitment=grant, quarter=Quarter(2020, 2), due_on=day(2020, 9, 1), by=manager)
    with pytest.raises(ActionRefused, match="Waive it with a reason instead"):
        remove_scheduled_return(monitoring_return=MonitoringReturnFactory(commitment=grant, status="open"), by=manager)


def test_a_waiver_is_undone_with_a_reason_that_is_kept(manager: User) -> None:
    item = MonitoringReturnFactory(status="waived", waived_because="Buildings were closed.")
    undo_waiver(monitoring_return=item, by=manager, reason="They opened after all.")
    item.refresh_from_db()
    assert (item.status, item.waived_because) == ("open", "")
    event = AuditEvent.objects.about(item).get()
    assert (event.reason, event.details) == ("They opened after all.", {"before": "Buildings were closed."})


def test_a_years_quarters_are_made_ahead_and_keep_dates_that_are_set(manager: User) -> None:
    ReportingQuarterFactory(year=2030, number=1, due_on=day(2030, 8, 1))
    rows = make_quarters(year=FinancialYear(2030), by=manager)
    assert [row.number for row in rows] == [1, 2, 3, 4]
    assert rows[0].due_on == day(2030, 8, 1)
    assert len(make_quarters(year=FinancialYear(2030), by=manager)) == 4
    assert AuditEvent.objects.filter(action="quarter made").count() == 3


def test_a_cut_off_is_dated_with_a_reason_and_never_before_the_day_due(manager: User) -> None:
    quarter = ReportingQuarterFactory(year=2020, number=2)
    with pytest.raises(ActionRefused, match="cannot be before"):
        set_cut_off(quarter=quarter, closes_on=quarter.due_on - datetime.timedelta(days=1), by=manager, reason="x")
    with pytest.raises(ActionRefused, match="Say why"):
        set_cut_off(quarter=quarter, closes_on=day(2020, 11, 30), by=manager, reason="")
    with pytest.raises(ActionRefused, match="programme manager or the director"):
        set_cut_off(quarter=quarter, closes_on=day(2020, 11, 30), by=UserFactory(role=Role.AUDITOR), reason="x")
    set_cut_off(quarter=quarter, closes_on=day(2020, 11, 30), by=manager, reason="The report is written in December.")
    quarter.refresh_from_db()
    assert quarter.closes_on == day(2020, 11, 30)
    set_cut_off(quarter=quarter, closes_on=None, by=manager, reason="Everybody is late.")
    assert AuditEvent.objects.about(quarter).count() == 2


def page(world: World, name: str) -> str:
    return reverse(f"returns:{name}", args=[world.grant.ref, world.monitoring_return.quarter.key])


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_the_cut_off_page_says_what_is_wrong_beside_the_box(world: World) -> None:
    director = signed_in(world.cast.director)
    address = reverse("returns:cut-off", args=["2020-21Q2"])
    typed = {"closes_on-day": "1", "closes_on-month": "10", "closes_on-year": "2020", "reason": "Report."}
    answer = director.post(address, typed)
    assert answer.status_code == 422
    assert "cannot be before that day" in answer.content.decode()
    assert director.post(address, typed | {"closes_on-month": "12"}).status_code == 302
    assert "1 December 2020" in director.get(reverse("returns:quarters")).content.decode()
    assert director.get(reverse("returns:cut-off", args=["2031-32Q2"])).status_code == 404
    assert director.get(reverse("returns:cut-off", args=["soon"])).status_code == 404


def test_a_year_is_set_up_ahead_from_the_page_of_quarters(world: World) -> None:
    client = signed_in(world.cast.programme_manager)
    client.post(reverse("returns:quarters-make"), {"year": "2021-22"})
    assert ReportingQuarter.objects.filter(year=2021).count() == 4
    answer = client.post(reverse("returns:quarters-make"), {"year": "next"}, follow=True)
    assert "is not a financial year" in answer.content.decode()


def test_waiving_and_undoing_it_are_one_page_that_a_second_click_cannot_reverse(world: World) -> None:
    client = signed_in(world.cast.programme_manager)
    assert client.post(page(world, "waive"), {"act": "waive", "reason": ""}).status_code == 422
    for _ in range(2):
        client.post(page(world, "waive"), {"act": "waive", "reason": "Buildings were closed."})
    item = MonitoringReturn.objects.get(pk=world.monitoring_return.pk)
    assert item.status == "waived"
    assert "It was waived: Buildings were closed." in client.get(page(world, "waive")).content.decode()
    for _ in range(2):
        client.post(page(world, "waive"), {"act": "undo", "reason": "They opened after all."})
    item.refresh_from_db()
    assert item.status == "open"


def test_a_return_that_was_sent_cannot_be_waived(world: World) -> None:
    MonitoringReturn.objects.filter(pk=world.monitoring_return.pk).update(status="submitted")
    client = signed_in(world.cast.programme_manager)
    assert "cannot be waived" in client.get(page(world, "waive")).content.decode()
    assert client.post(page(world, "waive"), {"act": "waive", "reason": "x"}).status_code == 422

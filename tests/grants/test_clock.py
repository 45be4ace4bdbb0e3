"""What the calendar does by itself: opening, reminding, locking; each once, on the right day, whoever runs it twice."""

from __future__ import annotations

import datetime
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.conf import settings as site_settings
from django.db import connection
from django.utils import timezone

from evaluation.tasks import DRAFTS_TASK, PRUNE_TASK
from grants.actions.clock import lock_closed, remind_due, reminder_days, reminder_for
from grants.actions.drafts import open_due_returns
from grants.models import MonitoringReturn, ReportingQuarter
from grants.tasks import LOCK_TASK, OPEN_TASK, REMIND_TASK, catch_up_at_start, lock_approved, open_returns, remind
from tests.cast import World
from tests.factories import MonitoringReturnFactory, QuestionnaireFactory, ReturnExtensionFactory
from tests.factories.grants import noon
from vru.accounts.models import AuditEvent
from vru.celery import app
from vru.jobs.models import Notification, OutboxMessage, Topic
from vru.jobs.tasks import sweep

# The cast's return is due on 15 October 2020 and opened when its quarter ended.
DUE = datetime.date(2020, 10, 15)
Day = datetime.date


def after(days: int) -> datetime.date:
    return DUE + datetime.timedelta(days=days)


@pytest.fixture
def item(world: World) -> MonitoringReturn:
    return world.monitoring_return


def ours_only(world: World) -> None:
    MonitoringReturn.objects.filter(pk=world.other_return.pk).delete()


def reminders(item: MonitoringReturn) -> int:
    return Notification.objects.filter(topic=Topic.REMINDER, key__contains=f"return {item.pk} ").count()


def test_days_are_a_week_before_the_day_before_the_day_after_and_then_weekly() -> None:
    assert [(day - DUE).days for day in reminder_days(DUE)] == [-7, -1, 1, 8, 15, 22, 29]


def test_days_follow_the_settings(settings: Any) -> None:
    settings.RETURN_REMINDER_DAYS, settings.RETURN_OVERDUE_EVERY_DAYS = (14, 3), 10
    settings.RETURN_OVERDUE_REMINDERS = 2
    assert [(day - DUE).days for day in reminder_days(DUE)] == [-14, -3, 1, 11]


@pytest.mark.parametrize(
    ("days", "planned"),
    [(-8, None), (-7, -7), (-3, -7), (-1, -1), (0, -1), (1, 1), (7, 1), (8, 8), (29, 29), (35, 29), (36, None)],
)
def test_only_the_latest_planned_day_applies_and_the_last_one_runs_out(days: int, planned: int | None) -> None:
    found = reminder_for(DUE, after(days), told_on=Day(2020, 9, 30))
    assert found == (None if planned is None else after(planned))


def test_what_was_planned_before_the_grantee_was_told_is_not_sent() -> None:
    assert reminder_for(DUE, after(-2), told_on=after(-3)) is None
    assert reminder_for(DUE, after(-1), told_on=after(-3)) == after(-1)


@pytest.mark.parametrize("due_on", [Day(2021, 3, 29), Day(2021, 4, 4), Day(2020, 10, 26)])
def test_clock_changes_move_no_reminder_to_another_day(due_on: datetime.date) -> None:
    days = [due_on + datetime.timedelta(days=number) for number in range(-10, 3)]
    sent = {reminder_for(due_on, day, told_on=Day(2020, 1, 1)) for day in days} - {None}
    assert sent == {due_on + datetime.timedelta(days=number) for number in (-7, -1, 1)}


@pytest.mark.django_db
def test_running_every_day_reminds_once_for_each_planned_day(world: World, item: MonitoringReturn) -> None:
    ours_only(world)
    sent_on = [days for days in range(-14, 60) if remind_due(today=after(days)) + remind_due(today=after(days))]
    assert sent_on == [-7, -1, 1, 8, 15, 22, 29]
    assert reminders(item) == OutboxMessage.objects.count() == 7


@pytest.mark.django_db
def test_worker_that_was_away_for_a_month_sends_one_reminder(world: World, item: MonitoringReturn) -> None:
    ours_only(world)
    assert remind_due(today=after(10)) == 1
    assert "overdue" in Notification.objects.get().title


@pytest.mark.django_db
@pytest.mark.parametrize("status", sorted(set(MonitoringReturn.Status) - {"open", "draft"}))
def test_return_that_is_not_awaited_is_not_reminded_of(world: World, item: MonitoringReturn, status: str) -> None:
    MonitoringReturn.objects.update(status=status, waived_because="Not started yet.")
    assert [remind_due(today=after(days)) for days in (-7, -1, 1, 8)] == [0, 0, 0, 0]


@pytest.mark.django_db
def test_return_of_the_invented_year_is_neither_opened_nor_reminded_of(world: World) -> None:
    programme = world.grant.programme
    type(programme).objects.update(layer="illustrative")
    assert remind_due(today=after(-1)) == 0
    MonitoringReturn.objects.update(status="scheduled")
    assert open_due_returns(today=after(0)) == 0


@pytest.mark.django_db
def test_extension_moves_the_reminders_and_the_old_ones_stop(world: World, item: MonitoringReturn) -> None:
    ours_only(world)
    remind_due(today=after(-1))
    ReturnExtensionFactory(
        monitoring_return=item,
        status="granted",
        until=after(14),
        decided_by=world.cast.programme_manager,
        decided_at=noon(after(0)),
    )
    MonitoringReturn.objects.filter(pk=item.pk).update(due_on=after(14))
    assert [days for days in range(16) if remind_due(today=after(days))] == [7, 13, 15]


@pytest.mark.django_db
def test_short_extension_is_not_followed_by_a_reminder_of_what_was_just_said(world: World) -> None:
    item = world.monitoring_return
    ours_only(world)
    ReturnExtensionFactory(
        monitoring_return=item,
        status="granted",
        until=after(3),
        decided_by=world.cast.programme_manager,
        decided_at=noon(after(0)),
    )
    MonitoringReturn.objects.filter(pk=item.pk).update(due_on=after(3))
    assert [days for days in range(5) if remind_due(today=after(days))] == [2, 4]


@pytest.mark.django_db
def test_reminder_of_a_closed_quarter_says_how_to_open_it(world: World, item: MonitoringReturn) -> None:
    ours_only(world)
    ReportingQuarter.objects.update(closes_on=after(5))
    remind_due(today=after(8))
    assert "Ask for an extension" in OutboxMessage.objects.get().text


@pytest.mark.django_db
def test_one_return_that_cannot_be_told_does_not_silence_the_rest(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = remind_due.__globals__["remind"]

    def picky(item: MonitoringReturn, today: datetime.date, **options: Any) -> int:
        if item.pk == world.monitoring_return.pk:
            raise RuntimeError("a template is broken")
        told: int = real(item, today, **options)
        return told

    monkeypatch.setitem(remind_due.__globals__, "remind", picky)
    assert remind_due(today=after(-1)) == 1
    assert Notification.objects.get().user == world.cast.outside_grantee


@pytest.mark.django_db
def test_due_returns_open_once_and_the_grantee_is_told_once(world: World, item: MonitoringReturn) -> None:
    ours_only(world)
    QuestionnaireFactory()
    MonitoringReturn.objects.update(status="scheduled")
    day = item.opens_on
    assert [open_due_returns(today=day - datetime.timedelta(days=1)), open_due_returns(today=day)] == [0, 1]
    assert open_due_returns(today=day) == 0
    assert Notification.objects.get().user == world.cast.grantee
    assert OutboxMessage.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        # 31 March in London begins at 23:00 UTC in summer time, and at midnight UTC in winter.
        ("2021-03-30T22:59:00+00:00", False),
        ("2021-03-30T23:05:00+00:00", True),
        ("2020-12-30T23:05:00+00:00", False),
        ("2020-12-31T00:05:00+00:00", True),
    ],
)
def test_day_begins_at_midnight_in_london(
    world: World, monkeypatch: pytest.MonkeyPatch, moment: str, opens: bool
) -> None:
    QuestionnaireFactory()
    now = datetime.datetime.fromisoformat(moment)
    last_day = Day(now.year, 3, 31) if now.month == 3 else Day(2020, 12, 31)
    MonitoringReturn.objects.update(status="scheduled", opens_on=last_day, due_on=last_day)
    monkeypatch.setattr(timezone, "now", lambda: now)
    open_returns()
    assert MonitoringReturn.objects.filter(status="open").exists() is opens


@pytest.mark.django_db
def test_approved_return_is_locked_once_its_quarter_has_closed(item: MonitoringReturn) -> None:
    MonitoringReturn.objects.filter(pk=item.pk).update(status="approved")
    ReportingQuarter.objects.update(closes_on=after(10))
    assert [lock_closed(today=after(10)), lock_closed(today=after(11)), lock_closed(today=after(11))] == [0, 1, 0]
    item.refresh_from_db()
    assert item.status == "locked"
    assert AuditEvent.objects.about(item).get(action="return locked").actor is None


@pytest.mark.django_db
def test_what_was_never_sent_is_not_locked(item: MonitoringReturn) -> None:
    ReportingQuarter.objects.update(closes_on=after(10))
    assert lock_closed(today=after(60)) == 0


def test_beat_knows_each_task_and_its_hour_in_london() -> None:
    assert app.timezone.key == "Europe/London"
    hours = {
        entry["task"]: (min(entry["schedule"].hour), min(entry["schedule"].minute))
        for name, entry in site_settings.CELERY_BEAT_SCHEDULE.items()
        if name != "sweep-jobs"
    }
    assert hours == {
        OPEN_TASK: (0, 5), LOCK_TASK: (0, 15), REMIND_TASK: (8, 0), DRAFTS_TASK: (6, 0), PRUNE_TASK: (3, 30),
    }  # fmt: skip
    assert set(hours) <= set(app.tasks)


def test_worker_that_starts_looks_for_what_fell_due_while_it_was_off(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[str] = []
    monkeypatch.setattr("grants.tasks.send", sent.append)
    catch_up_at_start()
    assert sent == [OPEN_TASK, LOCK_TASK]


@pytest.mark.django_db
def test_mail_whose_wake_up_the_broker_lost_is_sent_by_the_sweeper(
    world: World,
    mailoutbox: list[Any],
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    ours_only(world)

    def broken(*_: Any, **__: Any) -> None:
        raise ConnectionRefusedError("the broker is away")

    monkeypatch.setattr("vru.jobs.wake.current_app.send_task", broken)
    with django_capture_on_commit_callbacks(execute=True):
        remind_due(today=after(-1))
    assert mailoutbox == []
    sweep()
    sweep()
    assert [mail.to for mail in mailoutbox] == [[world.cast.grantee.email]]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_workers_that_run_at_once_tell_each_person_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    QuestionnaireFactory()
    MonitoringReturn.objects.update(status="scheduled")
    for number in (1, 3):
        MonitoringReturnFactory(
            commitment=world.grant,
            quarter__number=number,
            status="open",
            opens_on=after(-30),
            due_on=DUE,
        )
    monkeypatch.setattr(timezone, "localdate", lambda *_: after(-1))

    def work(task: Any) -> None:
        try:
            task()
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=6) as pool:
        list(pool.map(work, [open_returns, remind, lock_approved] * 4))
    opened = Notification.objects.filter(topic=Topic.RETURN_OPENED)
    assert opened.count() == 2
    keys = list(Notification.objects.values_list("key", flat=True))
    assert sorted(OutboxMessage.objects.values_list("key", flat=True)) == sorted(keys)
    # The two that were open from the start are each reminded of once, whichever worker came first.
    assert Notification.objects.filter(topic=Topic.REMINDER).count() == 2

"""When a grant's returns are asked for: planned from its schedule, added or taken out one by one, and closed."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from grants.actions.drafts import lock_return, move
from grants.actions.payment_links import link_payments
from grants.actions.texts import check_reason
from grants.errors import ActionRefused
from grants.models import Commitment, MonitoringReturn, Questionnaire, ReportingQuarter
from grants.timetable import calendar
from grants.timetable.planning import PlannedReturn, planned_returns
from vru.accounts.models import AuditEvent, Role, User
from vru.lib.periods import FinancialYear, Quarter

Schedule, Status = Commitment.Schedule, MonitoringReturn.Status
WITHOUT_RETURNS = {Commitment.Status.DRAFT, Commitment.Status.OFFERED}


@dataclass(slots=True)
class Planned:
    """What planning did: the returns made, those whose dates moved, and the quarters whose return was taken out."""

    made: list[MonitoringReturn] = field(default_factory=list)
    moved: list[MonitoringReturn] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.made or self.moved or self.removed)


def lock_commitment(commitment: Commitment) -> Commitment:
    """The grant's row, locked until the transaction ends: every change of what it is asked for starts here."""
    return Commitment.objects.select_for_update().get(pk=commitment.pk)


def check_manager(by: User, what: str) -> None:
    if not by.has_role(Role.PROGRAMME_MANAGER):
        raise ActionRefused(f"Only a programme manager can {what}.")


@transaction.atomic
def plan_returns(*, commitment: Commitment, by: User | None, since: datetime.date | None = None) -> Planned:
    """Make, move and take out scheduled returns so that they follow the grant's schedule; a second run does nothing.

    A return that has opened is never touched. Quarters that ended before ``since`` are left as they are. An irregular
    schedule is planned by hand, so nothing of it moves. Raises ``ActionRefused`` before the grant is accepted.
    """
    locked = lock_commitment(commitment)
    if locked.status in WITHOUT_RETURNS:
        raise ActionRefused("Returns are planned once the grant is accepted.")
    done = Planned()
    if locked.schedule == Schedule.IRREGULAR:
        return done
    existing = {
        item.quarter.period: item
        for item in MonitoringReturn.objects.select_for_update(of=("self",))
        .select_related("quarter", "commitment")
        .filter(commitment=locked)
    }
    wanted = {plan.period: plan for plan in planned_returns(locked) if not since or plan.period.ends_on >= since}
    for period, item in existing.items():
        if item.status == Status.SCHEDULED and period not in wanted and (not since or period.ends_on >= since):
            _take_out(item)
            done.removed.append(str(period))
    for period, plan in wanted.items():
        _make_or_move(locked, plan, existing.get(period), done)
    if done:
        AuditEvent.record("returns planned", locked, by=by, **_as_details(done))
    link_payments(commitment=locked, by=by)
    return done


def _make_or_move(commitment: Commitment, plan: PlannedReturn, item: MonitoringReturn | None, done: Planned) -> None:
    if item is None:
        quarter = calendar.reporting_quarter(plan.period)
        item = MonitoringReturn.objects.create(
            commitment=commitment, quarter=quarter, opens_on=plan.opens_on, due_on=plan.due_on
        )
        done.made.append(item)
    elif item.status == Status.SCHEDULED and (item.opens_on, item.due_on) != (plan.opens_on, plan.due_on):
        item.opens_on, item.due_on = plan.opens_on, plan.due_on
        item.save(update_fields=["opens_on", "due_on"])
        done.moved.append(item)


def _take_out(item: MonitoringReturn) -> None:
    payment = item.payments.order_by("number").first()
    if payment is not None:
        raise ActionRefused(
            f"Payment {payment.number} waits for the return for {item.quarter}. Change the payment first."
        )
    item.delete()


def _as_details(done: Planned) -> dict[str, Any]:
    return {
        "made": [f"{item.quarter} due {item.due_on}" for item in done.made],
        "moved": [f"{item.quarter} due {item.due_on}" for item in done.moved],
        "removed": done.removed,
    }


@transaction.atomic
def change_schedule(
    *,
    commitment: Commitment,
    schedule: Commitment.Schedule,
    due_days: int | None,
    by: User,
    reason: str,
    since: datetime.date | None = None,
) -> Planned:
    """Ask for the returns at other times: sets the schedule and plans again. ``since`` as in ``plan_returns``."""
    check_manager(by, "change when returns are asked for")
    why = check_reason(reason, "Say why the schedule changes.")
    locked = lock_commitment(commitment)
    before = {"schedule": locked.schedule, "due_days": locked.due_days}
    after = {"schedule": schedule.value, "due_days": due_days}
    if before == after:
        return Planned()
    locked.schedule, locked.due_days = schedule, due_days
    locked.save(update_fields=["schedule", "due_days"])
    AuditEvent.record("schedule of returns changed", locked, by=by, reason=why, before=before, after=after)
    if locked.status in WITHOUT_RETURNS:
        return Planned()
    return plan_returns(commitment=locked, by=by, since=since)


@transaction.atomic
def add_return(*, commitment: Commitment, quarter: Quarter, due_on: datetime.date, by: User) -> MonitoringReturn:
    """One more return, for a grant whose returns are asked for on chosen days. A second call finds the first's."""
    check_manager(by, "add a return")
    locked = lock_commitment(commitment)
    if locked.status in WITHOUT_RETURNS:
        raise ActionRefused("Returns are planned once the grant is accepted.")
    if locked.schedule != Schedule.IRREGULAR:
        raise ActionRefused("This grant's returns follow its schedule. Change the schedule first.")
    if not (locked.starts_on <= quarter.ends_on and quarter.starts_on <= locked.ends_on):
        raise ActionRefused(f"{quarter} is outside the dates of this grant.")
    if due_on <= quarter.starts_on:
        raise ActionRefused(f"The return for {quarter} cannot be due before the quarter has begun.")
    found = MonitoringReturn.objects.filter(
        commitment=locked, quarter__year=quarter.year, quarter__number=quarter.number
    ).first()
    if found is not None:
        if found.due_on == due_on:
            return found
        raise ActionRefused(f"There is a return for {quarter} already, due on {found.due_on:%-d %B %Y}.")
    item = MonitoringReturn.objects.create(
        commitment=locked,
        quarter=calendar.reporting_quarter(quarter),
        opens_on=min(calendar.opens_on(quarter.ends_on), calendar.opens_on(due_on)),
        due_on=due_on,
    )
    AuditEvent.record("return added", locked, by=by, quarter=str(quarter), due_on=str(due_on))
    return item


@transaction.atomic
def remove_scheduled_return(*, monitoring_return: MonitoringReturn, by: User) -> None:
    """Take out a return that has not opened yet. Raises ``ActionRefused`` for any other: those are waived."""
    check_manager(by, "take out a return")
    locked = lock_commitment(monitoring_return.commitment)
    item = lock_return(monitoring_return)
    if item.status != Status.SCHEDULED:
        raise ActionRefused("This return has opened. Waive it with a reason instead.")
    if locked.schedule != Schedule.IRREGULAR:
        raise ActionRefused("This grant's returns follow its schedule. Change the schedule, or waive the return.")
    label = str(item.quarter)
    _take_out(item)
    AuditEvent.record("return taken out", locked, by=by, quarter=label)


@transaction.atomic
def undo_waiver(*, monitoring_return: MonitoringReturn, by: User, reason: str) -> MonitoringReturn:
    """Ask for a waived return after all: it opens, and is expected again."""
    check_manager(by, "undo a waiver")
    why = check_reason(reason, "Say why the return is asked for after all.")
    item = lock_return(monitoring_return)
    was = item.waived_because
    if item.questionnaire_id is None:
        item.questionnaire = Questionnaire.objects.current()
        item.save(update_fields=["questionnaire"])
    move(item, Status.OPEN, waived_because="")
    AuditEvent.record("waiver undone", item, by=by, reason=why, before=was)
    return item


@transaction.atomic
def make_quarters(*, year: FinancialYear, by: User) -> list[ReportingQuarter]:
    """The four quarters of a year with their dates by rule; those that are there stay as they are."""
    _check_keeper(by)
    there = set(ReportingQuarter.objects.filter(year=year.start).values_list("number", flat=True))
    rows = [calendar.reporting_quarter(period) for period in year.quarters()]
    for row in rows:
        if row.number not in there:
            AuditEvent.record("quarter made", row, by=by, opens_on=str(row.opens_on), due_on=str(row.due_on))
    return rows


@transaction.atomic
def set_cut_off(
    *, quarter: ReportingQuarter, closes_on: datetime.date | None, by: User, reason: str
) -> ReportingQuarter:
    """Date the quarter's cut-off, move it, or take it away (None). What is not sent by then is not received.

    Raises ``ActionRefused`` for a day before the quarter's returns are due.
    """
    _check_keeper(by)
    why = check_reason(reason, "Say why the cut-off is set to this day.")
    row = ReportingQuarter.objects.select_for_update().get(pk=quarter.pk)
    if closes_on is not None and closes_on < row.due_on:
        raise ActionRefused(
            f"Returns for {row} are due on {row.due_on:%-d %B %Y}. The cut-off cannot be before that day."
        )
    before, row.closes_on = row.closes_on, closes_on
    if before == closes_on:
        return row
    row.save(update_fields=["closes_on"])
    AuditEvent.record(
        "cut-off set",
        row,
        by=by,
        reason=why,
        before=str(before) if before else None,
        after=str(closes_on) if closes_on else None,
    )
    return row


def _check_keeper(by: User) -> None:
    if not by.has_role(Role.PROGRAMME_MANAGER, Role.DIRECTOR):
        raise ActionRefused("Only a programme manager or the director can set the dates of a quarter.")

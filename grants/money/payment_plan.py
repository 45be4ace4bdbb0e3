"""What a schedule of payments could be: even parts by quarter, before or after it. Pure rules, no row is written."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum

from grants.models import Commitment, MonitoringReturn
from vru.lib.money import split_pence
from vru.lib.periods import Quarter, next_working_day

# A return is sent a fortnight after its quarter and looked at for as long: payments in arrears follow it.
DAYS_AFTER_QUARTER = 31


class Timing(Enum):
    IN_ADVANCE = "advance"
    IN_ARREARS = "arrears"


@dataclass(frozen=True, slots=True)
class PlannedPayment:
    """One payment to come, in pence. ``waits_for`` is a return, or the quarter whose return is not planned yet."""

    amount_pence: int
    due_on: datetime.date
    waits_for: MonitoringReturn | Quarter | None = None
    needs_agreement: bool = False
    note: str = ""


def quarterly_plan(
    starts_on: datetime.date,
    ends_on: datetime.date,
    amount_pence: int,
    *,
    timing: Timing,
    waits: bool = True,
    needs_agreement: bool = True,
) -> list[PlannedPayment]:
    """Even payments, one for each quarter that the term touches; the odd pennies go to the first ones.

    In advance a payment is due at the beginning of its quarter and waits for the return of the quarter before the last
    one (that of the quarter before has not come in by then), so the first two wait for none. In arrears it is due a
    month after its quarter and waits for that quarter's return. Days that are no working day move to the next one.
    """
    quarters = _touched(starts_on, ends_on)
    plan = []
    for place, (quarter, amount) in enumerate(
        zip(quarters, split_pence(amount_pence, [1] * len(quarters)), strict=True)
    ):
        if timing is Timing.IN_ADVANCE:
            due, awaited = max(starts_on, quarter.starts_on), quarters[place - 2] if place > 1 else None
        else:
            due, awaited = quarter.ends_on + datetime.timedelta(days=DAYS_AFTER_QUARTER), quarter
        plan.append(
            PlannedPayment(amount, next_working_day(due), awaited if waits else None, needs_agreement=needs_agreement)
        )
    return [each for each in plan if each.amount_pence > 0]


def with_returns(plan: Sequence[PlannedPayment], commitment: Commitment) -> list[PlannedPayment]:
    """The plan with each quarter replaced by its return, where that return is planned. One query."""
    returns = {item.quarter.period: item for item in commitment.returns.select_related("quarter")}
    return [
        replace(each, waits_for=returns.get(each.waits_for, each.waits_for))
        if isinstance(each.waits_for, Quarter)
        else each
        for each in plan
    ]


def _touched(starts_on: datetime.date, ends_on: datetime.date) -> list[Quarter]:
    found, quarter = [], Quarter.of(starts_on)
    while quarter.starts_on <= ends_on:
        found.append(quarter)
        quarter = quarter.next()
    return found

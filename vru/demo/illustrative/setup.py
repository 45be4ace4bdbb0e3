"""What each grant is asked for and when: schedules that differ, milestones, and breakdowns of a grant's own."""

from __future__ import annotations

import datetime

from grants.models import Commitment, Milestone
from grants.timetable import calendar
from grants.timetable.planning import planned_returns, quarters_touched
from programmes.models import Category, Dimension
from vru.demo.illustrative.plan import YEAR
from vru.demo.illustrative.world import World
from vru.lib.periods import FinancialYear, Quarter, next_working_day

Schedule = Commitment.Schedule
OWN_AGES = "illus-own-ages"
AGES = (
    ("under-18", "Under 18", Category.Kind.NORMAL),
    ("18-21", "18 to 21", Category.Kind.NORMAL),
    ("22-25", "22 to 25", Category.Kind.NORMAL),
    ("26-plus", "26 and over", Category.Kind.NORMAL),
    ("not-known", "Not known", Category.Kind.NOT_KNOWN),
    ("prefer-not-to-say", "Prefer not to say", Category.Kind.PREFER_NOT_TO_SAY),
)
# (title, months after the start, whether a grant that is paid by milestones sends a return for it)
STEPS = (
    ("Workers recruited and checked", 2, False),
    ("First group running", 4, True),
    ("Half of the sessions held", 7, True),
    ("Young people have told us what they think", 9, False),
    ("Final event, and what was learnt written down", 11, True),
)
WITH_STEPS = 17  # every so many grants has a delivery plan with steps, although it reports by quarter
WITH_OWN_AGES = 29
# The one of the demonstration's own grants that has steps.
OWN_WITH_STEPS = 2


def put_setup(world: World) -> None:
    """Comes before profiles and returns: both follow the quarters that a grant reports on."""
    grants = [each for each in world.commitments if each.kind == Commitment.Kind.GRANT]
    Milestone.objects.bulk_create(step for grant in grants for step in _steps(grant))
    for milestone in Milestone.objects.filter(commitment__in=grants).order_by("commitment_id", "number"):
        world.milestones.setdefault(milestone.commitment_id, []).append(milestone)
    _put_own_ages(world, grants)
    year = FinancialYear(YEAR)
    ids = {quarter.period: quarter.pk for quarter in world.quarters}
    for grant in grants:
        if grant.schedule in (Schedule.QUARTERLY, Schedule.NONE):
            continue
        dates = _chosen(grant) if grant.schedule == Schedule.IRREGULAR else _by_rule(grant)
        world.plans[grant.pk] = {ids[period]: days for period, days in dates.items() if period.year == year.start}


def _number(grant: Commitment) -> int:
    return int(grant.ref[-3:])


def _steps(grant: Commitment) -> list[Milestone]:
    number = _number(grant)
    by_milestones = grant.schedule == Schedule.MILESTONES
    if not (by_milestones or number == OWN_WITH_STEPS or number % WITH_STEPS == 0):
        return []
    last = min(grant.ends_on, FinancialYear(YEAR).ends_on)
    due = [_later(grant.starts_on, months) for _, months, _ in STEPS]
    found = [
        Milestone(commitment=grant, title=title, due_on=day, needs_return=by_milestones and needs)
        for (title, _, needs), day in zip(STEPS, due, strict=True)
        if day <= last
    ]
    if by_milestones and not any(step.needs_return for step in found):
        found[-1].needs_return = True
    for place, step in enumerate(found, start=1):
        step.number = place
    return found


def _later(day: datetime.date, months: int) -> datetime.date:
    """The first working day of about so many months later."""
    return next_working_day(day + datetime.timedelta(days=30 * months))


def _by_rule(grant: Commitment) -> dict[Quarter, tuple[datetime.date, datetime.date]]:
    return {plan.period: (plan.opens_on, plan.due_on) for plan in planned_returns(grant)}


def _chosen(grant: Commitment) -> dict[Quarter, tuple[datetime.date, datetime.date]]:
    """Days agreed with the grantee: a month after every second quarter, and after the last."""
    touched = quarters_touched(grant.starts_on, min(grant.ends_on, FinancialYear(YEAR).ends_on))
    return {
        period: (calendar.opens_on(period.ends_on), calendar.due_on(period.ends_on, 30))
        for place, period in enumerate(touched)
        if place % 2 == 1 or period == touched[-1]
    }


def _put_own_ages(world: World, grants: list[Commitment]) -> None:
    """A programme for young adults has ages of its own; no other grant is asked for them, and no published table is."""
    dimension = Dimension.objects.create(
        slug=OWN_AGES, title="Age, for young adults (illustrative)", order=90, is_standard=False
    )
    start = FinancialYear(YEAR).starts_on
    Category.objects.bulk_create(
        Category(dimension=dimension, slug=slug, label=label, kind=kind, valid_from=start, order=order)
        for order, (slug, label, kind) in enumerate(AGES, start=1)
    )
    ages = list(dimension.categories.order_by("order", "slug"))
    others = {each: categories for each, categories in world.dimensions.items() if each.slug != "age"}
    links = []
    for grant in grants:
        if _number(grant) % WITH_OWN_AGES == 0:
            world.own_dimensions[grant.pk] = {dimension: ages, **others}
            links += [
                Commitment.dimensions.through(commitment_id=grant.pk, dimension_id=each.pk)
                for each in world.own_dimensions[grant.pk]
            ]
    Commitment.dimensions.through.objects.bulk_create(links)

"""More time asked for, granted and refused in the invented year, and one given unasked."""

from __future__ import annotations

import datetime

from grants.models import MonitoringReturn, ReturnExtension
from vru.demo.illustrative.commitments import OWN_GRANTS
from vru.demo.illustrative.plan import TODAY
from vru.demo.illustrative.stories import Status, Story
from vru.demo.illustrative.world import World
from vru.lib.periods import next_working_day

REASONS = (
    "Our only administrator is ill until the end of the month.",
    "The school sends us its attendance figures a fortnight late.",
    "We are changing our records to a new system and want to check the numbers first.",
    "Two of our volunteers who keep the register have been away.",
)
GIVEN = "Floods closed the building: everybody there has a week more."
REFUSALS = (
    "The report to our funder is written this week. Please send what you have.",
    "This is the third extension for this grant. Call me and we will fill it in together.",
)
E_STATUS = ReturnExtension.Status


def put_extensions(world: World, stories: list[Story]) -> list[ReturnExtension]:
    """For returns of the third quarter that are still out; the demonstration's own asks and waits for the answer."""
    still_out = [
        story for story in stories if story.item.quarter.number == 3 and story.status in (Status.OPEN, Status.DRAFT)
    ]
    rows = []
    for place, story in enumerate(still_out):
        is_own = int(story.item.commitment.ref[-3:]) <= OWN_GRANTS
        kind = "asked" if is_own else ("granted", "none", "refused", "asked", "given", "none")[place % 6]
        if kind != "none":
            rows.append(_extension(world, story, kind))
    rows += [
        _extension(world, story, "asked", ahead=True)
        for story in [each for each in stories if each.item.quarter.number == 4 and each.status == Status.DRAFT][5:40:9]
    ]
    ReturnExtension.objects.bulk_create(rows)
    moved = [_moved(row) for row in rows if row.status == E_STATUS.GRANTED]
    MonitoringReturn.objects.bulk_update(moved, ["due_on"])
    return list(
        ReturnExtension.objects.filter(monitoring_return__commitment__ref__startswith="ILL-").select_related(
            "monitoring_return__commitment", "monitoring_return__quarter", "asked_by", "decided_by"
        )
    )


def _moved(row: ReturnExtension) -> MonitoringReturn:
    row.monitoring_return.due_on = row.until
    return row.monitoring_return


def _extension(world: World, story: Story, kind: str, *, ahead: bool = False) -> ReturnExtension:
    item, commitment = story.item, story.item.commitment
    waits = kind == "asked"
    asked_on = TODAY - datetime.timedelta(days=2 if waits else 20)
    asked_at = world.in_office(asked_on)
    until = next_working_day((item.due_on if ahead else TODAY) + datetime.timedelta(days=12))
    if kind == "given":
        until = next_working_day(asked_on + datetime.timedelta(days=7))
    decided = None if waits else asked_at if kind == "given" else world.after(asked_at)
    return ReturnExtension(
        monitoring_return=item,
        status=E_STATUS.ASKED if waits else E_STATUS.REFUSED if kind == "refused" else E_STATUS.GRANTED,
        reason=GIVEN if kind == "given" else REASONS[world.clock.randrange(len(REASONS))],
        due_before=item.due_on,
        until=until,
        asked_by=commitment.manager if kind == "given" else world.submitters[commitment.organisation_id],
        asked_at=asked_at,
        decided_by=None if waits else commitment.manager,
        decided_at=decided,
        decision_note=REFUSALS[world.clock.randrange(len(REFUSALS))] if kind == "refused" else "",
    )

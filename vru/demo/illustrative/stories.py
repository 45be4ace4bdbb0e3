"""What became of each return: its status, when it came in and what was odd about it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from enum import Enum

from grants.models import Commitment, MonitoringReturn, ReportingQuarter
from grants.timetable import calendar
from vru.demo.illustrative import words
from vru.demo.illustrative.commitments import OWN_GRANTS
from vru.demo.illustrative.delivery import quarters_of
from vru.demo.illustrative.plan import TODAY
from vru.demo.illustrative.world import World
from vru.lib.periods import next_working_day

Status = MonitoringReturn.Status


class Oddity(Enum):
    """Realistic mistakes. Each is explained by the grantee, asked about by the unit, or both."""

    NONE = "none"
    MUCH_NOT_KNOWN = "much not known"
    OVERSPENT = "spent above profile"
    UNDERSPENT = "spent below profile"
    SAME_AGAIN = "same as last quarter"
    BUSY = "far above target"


@dataclass
class Story:
    """One return. ``versions`` counts its revisions: 0 none, 2 either sent back once or corrected after approval."""

    item: MonitoringReturn
    status: Status
    versions: int = 1
    corrected: bool = False
    nil: bool = False
    late: bool = False
    unsigned: bool = False
    oddity: Oddity = Oddity.NONE
    submitted_on: datetime.date = field(default=TODAY)
    approved_on: datetime.date | None = None

    @property
    def has_revision(self) -> bool:
        return self.versions > 0


# Chances in a hundred of each status, by quarter. The first three quarters have closed, and what is still open in them
# was not received; the fourth has just opened.
CHANCES: dict[int, tuple[tuple[Status, int], ...]] = {
    1: ((Status.LOCKED, 96), (Status.WAIVED, 3), (Status.OPEN, 1)),
    2: (
        (Status.LOCKED, 87), (Status.APPROVED, 5), (Status.REOPENED, 2), (Status.QUERIED, 2), (Status.WAIVED, 3),
        (Status.DRAFT, 1),
    ),
    3: (
        (Status.APPROVED, 58), (Status.SUBMITTED, 15), (Status.QUERIED, 9), (Status.DRAFT, 6), (Status.OPEN, 5),
        (Status.REOPENED, 1), (Status.LOCKED, 4), (Status.WAIVED, 2),
    ),
    4: ((Status.OPEN, 45), (Status.DRAFT, 22), (Status.SCHEDULED, 26), (Status.SUBMITTED, 5), (Status.WAIVED, 2)),
}  # fmt: skip
# The demonstration's own grantee has one return of each kind that its journeys need.
OWN = {
    (1, 3): Status.APPROVED, (1, 4): Status.DRAFT,
    (2, 3): Status.QUERIED, (2, 4): Status.OPEN,
    (3, 3): Status.SUBMITTED, (3, 4): Status.OPEN,
    (4, 3): Status.OPEN, (4, 4): Status.SCHEDULED,
}  # fmt: skip
NO_RETURNS = (Commitment.Status.DRAFT, Commitment.Status.OFFERED)
ODDITIES = (
    (Oddity.NONE, 62), (Oddity.MUCH_NOT_KNOWN, 9), (Oddity.OVERSPENT, 9), (Oddity.UNDERSPENT, 9),
    (Oddity.SAME_AGAIN, 5), (Oddity.BUSY, 6),
)  # fmt: skip


def put_returns(world: World) -> list[Story]:
    """A return for every grant and quarter, each with its story, in the order of grant and quarter."""
    stories = [
        _story(world, commitment, quarter)
        for commitment in world.commitments
        if commitment.schedule != Commitment.Schedule.NONE and commitment.status not in NO_RETURNS
        for quarter in quarters_of(world, commitment)
    ]
    MonitoringReturn.objects.bulk_create(story.item for story in stories)
    world.returns = [story.item for story in stories]
    return stories


def _story(world: World, commitment: Commitment, quarter: ReportingQuarter) -> Story:
    number = int(commitment.ref[-3:])
    status = OWN.get((number, quarter.number)) if number <= OWN_GRANTS else None
    if status is None:
        options = CHANCES[quarter.number]
        status = world.chance.choices([each[0] for each in options], [each[1] for each in options])[0]
    if number <= OWN_GRANTS and quarter.number < 3:
        status = Status.LOCKED
    opens_on, due_on = world.plans.get(commitment.pk, {}).get(quarter.pk, (quarter.opens_on, quarter.due_on))
    if commitment.due_days is not None:
        due_on = calendar.due_on(quarter.period.ends_on, commitment.due_days)
    item = MonitoringReturn(
        commitment=commitment,
        quarter=quarter,
        status=status,
        opens_on=opens_on,
        due_on=due_on,
        questionnaire=world.questionnaire if status != Status.SCHEDULED else None,
        waived_because=world.picks(words.WAIVER_REASONS) if status == Status.WAIVED else "",
        reopened_because=world.picks(words.CORRECTION_REASONS) if status == Status.REOPENED else "",
    )
    return _with_dates(world, Story(item, status), number <= OWN_GRANTS)


def signed_so_far(story: Story) -> bool:
    """Every second grant whose return has just come in: the others wait for their signatory, as the demonstration's."""
    return int(story.item.commitment.ref[-3:]) % 2 == 0


def _with_dates(world: World, story: Story, is_own: bool) -> Story:
    chance, item = world.chance, story.item
    if story.status in (Status.SCHEDULED, Status.OPEN, Status.DRAFT, Status.WAIVED):
        story.versions = 0
        return story
    story.oddity = chance.choices([each[0] for each in ODDITIES], [each[1] for each in ODDITIES])[0]
    story.late = chance.random() < 0.12
    # A milestone's return comes when the milestone does, which may be long before the quarter ends.
    over = min(item.quarter.period.ends_on, item.due_on - datetime.timedelta(days=15))
    first_day, last_day = over - datetime.timedelta(days=4), item.due_on
    span = (last_day - first_day).days
    offset = span + chance.randrange(1, 20) if story.late else chance.randrange(span + 1)
    story.submitted_on = min(first_day + datetime.timedelta(days=offset), TODAY - datetime.timedelta(days=1))
    settled = story.status in (Status.APPROVED, Status.LOCKED, Status.REOPENED)
    if settled:
        story.submitted_on = min(story.submitted_on, TODAY - datetime.timedelta(days=7))
        story.approved_on = story.submitted_on + datetime.timedelta(days=chance.randrange(3, 25))
        story.nil = not is_own and chance.random() < 0.025
        if not story.nil and story.status != Status.REOPENED and chance.random() < 0.1:
            story.versions = 2
            story.corrected = chance.random() < 0.4
        story.approved_on = next_working_day(min(story.approved_on, TODAY - datetime.timedelta(days=1)))
    story.unsigned = story.status == Status.SUBMITTED and item.commitment.needs_signatory and not signed_so_far(story)
    return story

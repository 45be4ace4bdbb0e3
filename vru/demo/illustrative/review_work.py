"""What the unit does beside approving: warnings kept, figures counted again, notes to itself, work handed over."""

from __future__ import annotations

import datetime

from grants.answers.values import box_values, typed_by_section
from grants.models import (
    AssuranceCheck,
    AssuranceCount,
    Cell,
    Measure,
    MonitoringReturn,
    ReviewNote,
    Revision,
    Section,
)
from grants.questionnaire import boxes_for
from grants.validation import validate
from vru.demo.illustrative.plan import TODAY
from vru.demo.illustrative.stories import Status, Story
from vru.demo.illustrative.world import World
from vru.lib.periods import next_working_day

CHECKS_EVERY = 60  # every so many approved returns one is checked against the grantee's own registers
NOTES_EVERY, HANDED_OVER_EVERY = 4, 9
LOOKED_AT = (
    "Every tenth line of the attendance register, and the forms behind it.",
    "All sign-in sheets of two weeks, chosen by us on the day.",
    "The list of new people with first and last contact, beside the return.",
)
FOUND = (
    "Every line had its form. The register agrees with the return.",
    "Some people had come before and were counted as new. The difference is below.",
    "Sheets of one evening were missing; the coordinator found them the next day.",
)
AGREED = (
    "Check first names and year of birth before counting anybody as new.",
    "Scan the sheets at the end of a week.",
)
NOTES = (
    (Section.REACH, "reach.new", "High for this group: ask at the visit in May how they count returners."),
    (Section.SPEND, "", "Spoke to their treasurer: the second invoice for the hall comes next quarter."),
    (Section.NARRATIVE, "answer.went-well", "Good example for the annual report, if the case study gets consent."),
    (Section.RISKS, "", "Lease ends in autumn. Raise with the property team."),
)


def put_review_work(world: World, stories: list[Story], revisions: dict[int, list[Revision]]) -> None:
    waiting = [story for story in stories if story.status == Status.SUBMITTED]
    _keep_warnings([revisions[story.item.pk][-1] for story in waiting])
    _hand_over(world, waiting)
    looked_at = [story for story in waiting if not story.unsigned]
    ReviewNote.objects.bulk_create(
        _note(world, story, revisions[story.item.pk][-1], place) for place, story in enumerate(looked_at[::NOTES_EVERY])
    )
    approved = [story for story in stories if story.status in (Status.APPROVED, Status.LOCKED) and not story.nil]
    _check(world, [(story, revisions[story.item.pk][-1]) for story in approved[::CHECKS_EVERY]])


def _keep_warnings(revisions: list[Revision]) -> None:
    """What was unusual when it was sent, found by the validator itself; staff-only rules included."""
    for revision in revisions:
        item = revision.monitoring_return
        boxes = boxes_for(item)
        outcome = validate(
            item,
            typed_by_section(boxes, box_values(boxes, revision)),
            is_nil=revision.is_nil,
            for_staff=True,
            boxes=boxes,
        )
        revision.warnings = [problem.as_stored() for problem in outcome.warnings]
    Revision.objects.bulk_update(revisions, ["warnings"])


def _hand_over(world: World, waiting: list[Story]) -> None:
    """One manager is away: some of her returns are reviewed by a colleague."""
    moved: list[MonitoringReturn] = []
    for story in waiting[::HANDED_OVER_EVERY]:
        others = [manager for manager in world.managers if manager.pk != story.item.commitment.manager_id]
        story.item.reviewer = others[len(moved) % len(others)]
        moved.append(story.item)
    MonitoringReturn.objects.bulk_update(moved, ["reviewer"])


def _note(world: World, story: Story, revision: Revision, place: int) -> ReviewNote:
    section, field, text = NOTES[place % len(NOTES)]
    return ReviewNote(
        revision=revision,
        section=section,
        field=field,
        text=text,
        written_by=story.item.reviewer or story.item.commitment.manager,
        written_at=world.after(revision.submitted_at),
    )


def _check(world: World, chosen: list[tuple[Story, Revision]]) -> None:
    checks = [_made(world, story, revision, place) for place, (story, revision) in enumerate(chosen)]
    AssuranceCheck.objects.bulk_create(checks)
    cells = {
        (cell.revision_id, cell.measure): cell.value
        for cell in Cell.objects.filter(revision__in=[check.revision for check in checks], category=world.total)
    }
    counts = []
    for place, check in enumerate(checks):
        for measure in (Measure.NEW, Measure.CONTACTS):
            reported = cells.get((check.revision_id, measure), 0)
            # Every third check finds a few people who were counted twice.
            fewer = min(reported, 2 + place % 4) if place % 3 == 1 and measure == Measure.NEW else 0
            counts.append(
                AssuranceCount(check_made=check, measure=measure, reported=reported, counted=reported - fewer)
            )
    AssuranceCount.objects.bulk_create(counts)


def _made(world: World, story: Story, revision: Revision, place: int) -> AssuranceCheck:
    assert revision.approved_at is not None
    earliest = revision.approved_at.date() + datetime.timedelta(days=10)
    held_on = next_working_day(min(earliest, TODAY - datetime.timedelta(days=2)))
    differs = place % 3 == 1
    return AssuranceCheck(
        monitoring_return=story.item,
        revision=revision,
        kind=AssuranceCheck.Kind.VISIT if place % 2 else AssuranceCheck.Kind.SAMPLE,
        held_on=held_on,
        checked_by=story.item.commitment.manager,
        looked_at=LOOKED_AT[place % len(LOOKED_AT)],
        found=FOUND[place % len(FOUND)],
        agreed=AGREED[place % len(AGREED)] if differs else "",
        follow_up_on=next_working_day(held_on + datetime.timedelta(days=60)) if differs else None,
        recorded_at=world.in_office(held_on, 15, 16),
    )

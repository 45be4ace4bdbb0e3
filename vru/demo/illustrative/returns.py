"""The revisions of the invented returns, with their cells, readings, spend lines and answers."""

from __future__ import annotations

import datetime
from collections import defaultdict
from dataclasses import dataclass, field

from grants.models import (
    Answer,
    Cell,
    CommitmentIndicator,
    Measure,
    MilestoneReport,
    Reading,
    Revision,
    SpendLine,
)
from programmes.models import IndicatorVersion
from vru.demo.illustrative import words
from vru.demo.illustrative.contents import Content, Ledger, break_down, make_content
from vru.demo.illustrative.plan import TODAY, YEAR
from vru.demo.illustrative.stories import Status, Story
from vru.demo.illustrative.world import World, at
from vru.lib.periods import next_working_day

BATCH = 500


@dataclass
class Written:
    """Rows that wait to be stored together."""

    revisions: list[Revision] = field(default_factory=list)
    cells: list[Cell] = field(default_factory=list)
    readings: list[Reading] = field(default_factory=list)
    spend: list[SpendLine] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    milestones: list[MilestoneReport] = field(default_factory=list)


def put_revisions(world: World, stories: list[Story]) -> dict[int, list[Revision]]:
    """Store every revision; returns them by return, oldest first."""
    versions = _versions_by_commitment()
    ledgers: dict[int, Ledger] = defaultdict(Ledger)
    told: list[tuple[Revision, Story, Content]] = []
    for story in stories:
        if story.has_revision:
            told += _tell(world, story, ledgers[story.item.commitment_id], versions)
    Revision.objects.bulk_create([revision for revision, _, _ in told], batch_size=BATCH)
    written = Written()
    by_return: dict[int, list[Revision]] = defaultdict(list)
    for revision, story, content in told:
        by_return[story.item.pk].append(revision)
        _write(world, written, revision, content)
    Cell.objects.bulk_create(written.cells, batch_size=BATCH)
    Reading.objects.bulk_create(written.readings, batch_size=BATCH)
    SpendLine.objects.bulk_create(written.spend, batch_size=BATCH)
    Answer.objects.bulk_create(written.answers, batch_size=BATCH)
    MilestoneReport.objects.bulk_create(written.milestones, batch_size=BATCH)
    return by_return


def _versions_by_commitment() -> dict[int, list[IndicatorVersion]]:
    found: dict[int, list[IndicatorVersion]] = defaultdict(list)
    rows = CommitmentIndicator.objects.filter(commitment__ref__startswith="ILL-", year=YEAR)
    for row in rows.select_related("version__indicator").order_by("commitment_id", "version__indicator__slug"):
        found[row.commitment_id].append(row.version)
    return found


def _tell(
    world: World, story: Story, ledger: Ledger, versions: dict[int, list[IndicatorVersion]]
) -> list[tuple[Revision, Story, Content]]:
    if story.nil:
        nothing = Content({Measure.NEW: 0}, break_down(world, story, 0), spend=[(0, 0, 0)] * len(world.headings))
        return [(_revision(world, story, 1, nothing), story, nothing)]
    content = make_content(world, story, ledger, versions[story.item.commitment_id])
    last = _revision(world, story, story.versions, content)
    if story.versions == 1:
        return [(last, story, content)]
    earlier = _miscounted(world, story, content)
    first = _revision(world, story, 1, earlier)
    _chain(world, story, first, last)
    return [(first, story, earlier), (last, story, content)]


def _miscounted(world: World, story: Story, content: Content) -> Content:
    """What stood there before it was put right: a few people counted twice."""
    people = dict(content.people)
    people[Measure.NEW] += world.chance.randrange(2, 13)
    people[Measure.REFERRED] = max(people[Measure.REFERRED], people[Measure.NEW])
    people[Measure.STARTED] = people[Measure.NEW]
    return Content(
        people,
        break_down(world, story, people[Measure.NEW]),
        [
            Reading(
                version=reading.version,
                value=reading.value,
                numerator=reading.numerator,
                denominator=reading.denominator,
                status=reading.status,
            )
            for reading in content.readings
        ],
        content.spend,
        content.answers,
        content.explanations,
    )


def _revision(world: World, story: Story, number: int, content: Content) -> Revision:
    item = story.item
    submitter = world.submitters[item.commitment.organisation_id]
    signatory = world.signatories.get(item.commitment.organisation_id)
    signs = item.commitment.needs_signatory and signatory is not None and not story.unsigned
    # Charities do their paperwork when the club has closed.
    submitted_at = at(story.submitted_on, 8 + world.chance.randrange(12), world.chance.randrange(60))
    return Revision(
        monitoring_return=item,
        number=number,
        submitted_by=submitter,
        submitted_at=submitted_at,
        declared_name=submitter.name,
        signed_by=signatory if signs else None,
        signed_at=submitted_at + datetime.timedelta(minutes=40) if signs else None,
        is_nil=story.nil,
        nil_reason=world.picks(words.NIL_REASONS) if story.nil else "",
        explanations=content.explanations,
        control_actual_pence=sum(line[0] for line in content.spend),
        control_forecast_pence=sum(line[1] for line in content.spend),
        control_match_pence=sum(line[2] for line in content.spend),
        approved_by=item.commitment.manager if story.approved_on else None,
        approved_at=world.in_office(story.approved_on, 14, 16) if story.approved_on else None,
    )


def _chain(world: World, story: Story, first: Revision, last: Revision) -> None:
    """Date two revisions of an approved return: sent back and made again, or corrected afterwards with a reason."""
    if story.approved_on is None:
        return
    if story.corrected:
        changed_on = story.approved_on + datetime.timedelta(days=world.chance.randrange(8, 40))
        changed_on = next_working_day(min(changed_on, TODAY))
        last.submitted_at = at(changed_on, 9, 10)
        last.signed_at = at(changed_on, 9, 40) if last.signed_by else None
        last.approved_at = at(changed_on, 11, 25)
        last.correction_reason = world.picks(words.CORRECTION_REASONS)
        first.superseded_at = last.approved_at
        return
    first.approved_by = first.approved_at = None
    last.submitted_at = at(story.approved_on, 12, 30)
    last.signed_at = at(story.approved_on, 13, 15) if last.signed_by else None
    first.superseded_at = last.submitted_at


def _write(world: World, written: Written, revision: Revision, content: Content) -> None:
    written.cells += [
        Cell(revision=revision, measure=measure, category=world.total, value=value)
        for measure, value in content.people.items()
    ]
    if "D" not in revision.monitoring_return.commitment.waived_sections:
        written.cells += [
            Cell(revision=revision, measure=Measure.NEW, category=category, value=value)
            for counts in content.breakdown.values()
            for category, value in counts.items()
        ]
    for reading in content.readings:
        reading.revision = revision
        written.readings.append(reading)
    written.spend += [
        SpendLine(
            revision=revision,
            number=number,
            heading=heading,
            actual_pence=actual,
            forecast_pence=forecast,
            match_pence=match,
        )
        for number, (heading, (actual, forecast, match)) in enumerate(
            zip(world.headings, content.spend, strict=True), start=1
        )
    ]
    written.milestones += _milestone_reports(world, revision)
    written.answers += [
        Answer(revision=revision, question=world.questions[slug], text=text) for slug, text in content.answers.items()
    ]


def _milestone_reports(world: World, revision: Revision) -> list[MilestoneReport]:
    """Where each of the grant's steps stood when the quarter was over: met by then, on its way, or still to come."""
    item = revision.monitoring_return
    over = item.quarter.period.ends_on
    statuses = Reading.MilestoneStatus
    reports = []
    for milestone in world.milestones.get(item.commitment_id, []):
        if milestone.due_on <= over:
            status = statuses.LATE if world.clock.random() < 0.15 else statuses.MET
        else:
            near = (milestone.due_on - over).days < 120
            status = statuses.ON_TRACK if near else statuses.NOT_STARTED
        reports.append(MilestoneReport(revision=revision, milestone=milestone, status=status))
    return reports


def is_settled(story: Story) -> bool:
    return story.status in (Status.APPROVED, Status.LOCKED, Status.REOPENED)

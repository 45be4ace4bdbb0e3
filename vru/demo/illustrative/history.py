"""The invented year's audit events, each at its time, so that every return tells its own story."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import models

from grants.models import ReturnExtension, ReturnQuery, Revision
from vru.accounts.models import AuditEvent, User
from vru.demo.illustrative.plan import TODAY
from vru.demo.illustrative.stories import Status, Story
from vru.demo.illustrative.world import World, at

BATCH = 500
# The clock opens returns before anybody is at work.
OPENED_AT = 6


class _Log:
    """Events to be written, each with its own time."""

    def __init__(self) -> None:
        self.rows: list[tuple[datetime.datetime, AuditEvent]] = []

    def add(
        self,
        moment: datetime.datetime | None,
        action: str,
        subject: models.Model,
        by: User | None,
        reason: str = "",
        **details: Any,
    ) -> None:
        if moment is None:
            return
        event = AuditEvent(
            actor=by,
            action=action,
            subject_type=subject._meta.label_lower,
            subject_id=str(subject.pk),
            subject_label=str(subject)[:300],
            reason=reason,
            details=details,
        )
        self.rows.append((moment, event))

    def store(self) -> None:
        """The column takes the moment of writing by itself, so each event's own time is put in afterwards."""
        self.rows.sort(key=lambda row: row[0])
        events = AuditEvent.objects.bulk_create([event for _, event in self.rows], batch_size=BATCH)
        for (moment, _), event in zip(self.rows, events, strict=True):
            event.at = moment
        AuditEvent.objects.bulk_update(events, ["at"], batch_size=BATCH)


def put_history(
    world: World, stories: list[Story], revisions: dict[int, list[Revision]], extensions: list[ReturnExtension]
) -> None:
    log = _Log()
    queries: dict[int, list[ReturnQuery]] = {}
    for query in ReturnQuery.objects.filter(
        revision__monitoring_return__commitment__ref__startswith="ILL-"
    ).select_related("raised_by", "answered_by"):
        queries.setdefault(query.revision_id, []).append(query)
    for story in stories:
        _tell_return(world, log, story, revisions.get(story.item.pk, []), queries)
    for extension in extensions:
        _tell_extension(log, extension)
    for quarter in world.quarters:
        if quarter.closes_on is not None:
            log.add(
                at(quarter.period.ends_on, 10),
                "cut-off set",
                quarter,
                world.managers[0],
                "The figures of the quarter are drawn together the week after.",
                before=None,
                after=str(quarter.closes_on),
            )
    log.store()


def _tell_return(
    world: World, log: _Log, story: Story, made: list[Revision], queries: dict[int, list[ReturnQuery]]
) -> None:
    item = story.item
    if story.status != Status.SCHEDULED:
        log.add(at(min(item.opens_on, TODAY), OPENED_AT), "return opened", item, None)
    if story.status == Status.WAIVED:
        waived_at = world.in_office(min(item.due_on, TODAY))
        log.add(waived_at, "return waived", item, item.commitment.manager, item.waived_because)
    for revision in made:
        _tell_revision(log, story, revision, queries.get(revision.pk, []))
    if not made:
        return
    last = made[-1]
    if story.corrected:
        before = last.submitted_at - datetime.timedelta(hours=1)
        log.add(before, "return reopened", item, item.commitment.manager, last.correction_reason)
    if story.status == Status.REOPENED and last.approved_at is not None:
        reopened_at = min(world.after(last.approved_at), at(TODAY, 16))
        log.add(reopened_at, "return reopened", item, item.commitment.manager, item.reopened_because)
    if story.status == Status.LOCKED and last.approved_at is not None:
        log.add(last.approved_at + datetime.timedelta(minutes=1), "return locked", item, None)


def _tell_revision(log: _Log, story: Story, revision: Revision, queries: list[ReturnQuery]) -> None:
    item, number = story.item, revision.number
    log.add(revision.submitted_at, "return submitted", item, revision.submitted_by, revision=number)
    log.add(revision.signed_at, "return signed", item, revision.signed_by, revision=number)
    for query in queries:
        log.add(
            query.raised_at,
            "return queried",
            item,
            query.raised_by,
            query.text,
            section=query.section,
            field=query.field,
        )
        log.add(query.answered_at, "query answered", item, query.answered_by, section=query.section, query=query.pk)
    log.add(revision.approved_at, "return approved", item, revision.approved_by, revision=number)


def _tell_extension(log: _Log, extension: ReturnExtension) -> None:
    item, until = extension.monitoring_return, str(extension.until)
    if extension.decided_by_id == extension.asked_by_id:
        log.add(extension.asked_at, "extension given", item, extension.asked_by, extension.reason, until=until)
        return
    log.add(extension.asked_at, "extension asked for", item, extension.asked_by, extension.reason, until=until)
    granted = extension.status == ReturnExtension.Status.GRANTED
    action = "extension granted" if granted else "extension refused"
    log.add(
        extension.decided_at, action, item, extension.decided_by, extension.decision_note, asked_for=until, until=until
    )

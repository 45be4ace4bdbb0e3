"""What the demonstration's people have been told, the mail that went out, and who signs for whom.

Addresses end in .example, which no mail reaches; nothing here waits to be sent.
"""

from __future__ import annotations

import datetime

from django.contrib.auth.hashers import make_password
from django.urls import reverse

from grants.models import MonitoringReturn, Revision
from vru.accounts.models import Delegation, Membership, User
from vru.demo.illustrative.commitments import OWN_GRANTS
from vru.demo.illustrative.plan import TODAY
from vru.demo.illustrative.stories import Status, Story
from vru.demo.illustrative.world import World, at
from vru.jobs.models import Notification, OutboxMessage, Topic

READ_BEFORE = at(TODAY - datetime.timedelta(days=10))
Mail = OutboxMessage.Status


def put_messages(world: World, stories: list[Story], revisions: dict[int, list[Revision]]) -> None:
    _put_deputy(world)
    own = [story for story in stories if int(story.item.commitment.ref[-3:]) <= OWN_GRANTS]
    told: list[Notification] = []
    for story in own:
        told += _told_grantee(world, story, revisions.get(story.item.pk, []))
    told += _told_managers(world, stories, revisions)
    Notification.objects.bulk_create(told)
    OutboxMessage.objects.bulk_create(_mail(told[:3], world))


def _put_deputy(world: World) -> None:
    """Somebody signs while the demonstration's signatory is away: this year's leave, and one that was ended early."""
    organisation = world.organisations[0]
    signatory = world.signatories[organisation.pk]
    email = f"deputy@{organisation.ref}.example"
    deputy, _ = User.objects.get_or_create(
        email=email, defaults={"name": "Dee Deputy", "is_demo": True, "password": make_password(None)}
    )
    Membership.objects.create(user=deputy, organisation=organisation, role=Membership.Role.SUBMITTER)
    for first, days, reason, ended in (
        (TODAY - datetime.timedelta(days=120), 21, "Leave in December.", True),
        (TODAY - datetime.timedelta(days=3), 30, "Recovering from an operation; back in May.", False),
    ):
        Delegation.objects.create(
            organisation=organisation,
            signatory=signatory,
            delegate=deputy,
            starts_on=first,
            ends_on=first + datetime.timedelta(days=days),
            reason=reason,
            made_at=at(first, 9),
            ended_at=at(first + datetime.timedelta(days=10), 9) if ended else None,
        )


def _told_grantee(world: World, story: Story, made: list[Revision]) -> list[Notification]:
    item, title = story.item, story.item.commitment.title
    submitter = world.submitters[item.commitment.organisation_id]
    signatory = world.signatories[item.commitment.organisation_id]
    what = f"return for {item.quarter}"
    due = f"{item.due_on:%-d %B %Y}"
    told = []
    if item.quarter.number == 4 and story.status != Status.SCHEDULED:
        words = (f"Your {what} is open", f"{title}. It is due on {due}.")
        told.append(_notice(submitter, Topic.RETURN_OPENED, item, at(item.opens_on, 7), *words))
    if story.status == Status.QUERIED:
        words = (
            f"There are questions about your {what}",
            f"{title}. Answer them, mend what is asked for, send it again.",
        )
        told.append(_notice(submitter, Topic.RETURN_DECIDED, item, world.after(made[-1].submitted_at), *words))
    if story.unsigned:
        words = (f"The {what} waits for your signature", f"{title}. Read it, then sign it.")
        told.append(_notice(signatory, Topic.SIGNATURE, item, made[-1].submitted_at, *words))
    if story.status == Status.APPROVED and made[-1].approved_at is not None:
        words = (f"Your {what} is approved", f"{title}. There is nothing more to do.")
        told.append(_notice(submitter, Topic.RETURN_DECIDED, item, made[-1].approved_at, *words))
    if item.is_overdue(TODAY) and story.status == Status.OPEN:
        words = (f"Your {what} is overdue", f"{title}. It was due on {due}.")
        reminded_at = at(item.due_on + datetime.timedelta(days=5), 7)
        told.append(_notice(submitter, Topic.REMINDER, item, reminded_at, *words))
    return told


def _told_managers(world: World, stories: list[Story], revisions: dict[int, list[Revision]]) -> list[Notification]:
    """The demonstration's programme manager: the latest returns that came in."""
    manager = world.managers[0]
    came_in = [
        story
        for story in stories
        if story.status == Status.SUBMITTED and story.item.commitment.manager_id == manager.pk and not story.unsigned
    ]
    came_in.sort(key=lambda story: (revisions[story.item.pk][-1].submitted_at, story.item.pk))
    return [
        _notice(manager, Topic.RETURN_RECEIVED, story.item, revisions[story.item.pk][-1].submitted_at,
                f"{story.item.commitment.organisation.name} sent its return for {story.item.quarter}",
                f"{story.item.commitment.title}. It is waiting for your review.", "review")
        for story in came_in[-5:]
    ]  # fmt: skip


def _notice(
    user: User,
    topic: Topic,
    item: MonitoringReturn,
    moment: datetime.datetime,
    title: str,
    text: str,
    page: str = "tasks",
) -> Notification:
    return Notification(
        user=user,
        key=f"illustrative {topic} of return {item.pk} to {user.pk}",
        topic=topic,
        title=title[:200],
        text=text,
        href=reverse(f"returns:{page}", args=[item.commitment.ref, item.quarter.key]),
        created_at=moment,
        read_at=moment + datetime.timedelta(hours=3) if moment < READ_BEFORE else None,
    )


def _mail(told: list[Notification], world: World) -> list[OutboxMessage]:
    """Mail about the first notices: sent, but for one whose box was full."""
    rows = [
        OutboxMessage(
            key=notice.key,
            to=notice.user.email,
            subject=notice.title,
            text=f"{notice.title}.\n\n{notice.text}\n",
            status=Mail.SENT,
            attempts=1,
            created_at=notice.created_at,
            next_attempt_at=notice.created_at,
            sent_at=notice.created_at + datetime.timedelta(minutes=1),
        )
        for notice in told
    ]
    organisation = world.organisations[1]
    gone = at(TODAY - datetime.timedelta(days=16), 7)
    rows.append(
        OutboxMessage(
            key="illustrative bounced reminder",
            to=world.submitters[organisation.pk].email,
            subject="Your return is due soon",
            text="Your return is due soon.\n",
            status=Mail.BOUNCED,
            attempts=1,
            error="552 5.2.2 The box of this person is full (illustrative).",
            created_at=gone,
            next_attempt_at=gone,
        )
    )
    return rows

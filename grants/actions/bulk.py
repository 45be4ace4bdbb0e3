"""One act on many returns: each is decided, checked and audited by itself, and what was left out says why."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from grants.actions.drafts import lock_return
from grants.actions.review import approve_return, late_because, review_refusal
from grants.actions.texts import LONGEST_REASON, check_text
from grants.answers.values import box_values
from grants.answers.warnings import warnings_of
from grants.errors import ActionRefused
from grants.messages import remind, submitters
from grants.models import Commitment, MonitoringReturn, Revision
from grants.models.monitoring_return import WITH_GRANTEE
from grants.questionnaire import boxes_for
from vru.accounts.models import AuditEvent, Role, User
from vru.jobs.models import Notification, Topic
from vru.lib.periods import long_date
from vru.lib.state_machine import TransitionRefused

MOST_AT_ONCE = 50


@dataclass(slots=True)
class Outcome:
    """What was done, and what was not with the reason; both in the order asked."""

    done: list[MonitoringReturn] = field(default_factory=list)
    skipped: list[tuple[MonitoringReturn, str]] = field(default_factory=list)


def check_size(count: int) -> None:
    if count > MOST_AT_ONCE:
        raise ActionRefused(f"{count} are chosen; at most {MOST_AT_ONCE} can be done at once. Choose fewer.")
    if count == 0:
        raise ActionRefused("Nothing is chosen. Choose at least one return.")


def approval_obstacle(item: MonitoringReturn, revision: Revision | None, by: User, today: datetime.date) -> str:
    """Why a return cannot be approved together with others, as a sentence; empty when it can.

    What needs a person's judgement is left for its own page: anything unusual, and anything late.
    """
    if revision is None or item.status != MonitoringReturn.Status.SUBMITTED:
        return f"It is {item.get_status_display().lower()}."
    revision.monitoring_return = item
    refusal = review_refusal(by, revision)
    if refusal:
        return refusal
    if revision.lacks_signature:
        return "A second person's signature is still missing."
    late = late_because(item, today)
    if late:
        return f"{late} Approve it on its own page, with a reason."
    boxes = boxes_for(item)
    count = len(warnings_of(item, revision, boxes, box_values(boxes, revision)))
    if count:
        return f"It has {count} {'warning' if count == 1 else 'warnings'}. Look at it on its own page."
    return ""


def approve_many(*, seen: Mapping[int, int], by: User) -> Outcome:
    """Approve the returns that have no warnings. ``seen`` maps a return's key to the version number looked at.

    A newer version is skipped and said. Each approval is a transaction of its own, so that one refusal undoes nothing.
    """
    check_size(len(seen))

    def approve(item: MonitoringReturn) -> None:
        locked = lock_return(item)
        revision = Revision.objects.live().filter(monitoring_return=locked, approved_at__isnull=True).first()
        if revision is not None and revision.number != seen[locked.pk]:
            raise ActionRefused("A newer version came in after you looked. Look at it on its own page.")
        obstacle = approval_obstacle(locked, revision, by, timezone.localdate())
        if obstacle:
            raise ActionRefused(obstacle)
        approve_return(monitoring_return=locked, by=by, seen=seen[locked.pk])

    return _each(_returns(seen), approve)


def reminder_obstacle(item: MonitoringReturn, today: datetime.date, *, reachable: bool) -> str:
    if item.status not in WITH_GRANTEE:
        return f"It is {item.get_status_display().lower()}, so there is nothing to remind of."
    if item.due_on >= today:
        return f"It is not overdue: it is due on {long_date(item.due_on)}."
    if not reachable:
        return "Nobody at the organisation has an account. Invite somebody first."
    return ""


def remind_many(*, returns: Iterable[int], by: User, sentence: str = "", today: datetime.date) -> Outcome:
    """Remind the grantees of overdue returns, each once a day. ``sentence`` is shown to them in the site."""
    chosen, sentence = list(returns), sentence.strip()
    check_size(len(chosen))
    _check_manager(by)
    check_text(sentence, "The sentence", LONGEST_REASON)

    def tell(item: MonitoringReturn) -> None:
        locked = lock_return(item)
        people = submitters(locked)
        obstacle = reminder_obstacle(locked, today, reachable=bool(people))
        if obstacle:
            raise ActionRefused(obstacle)
        if not remind(locked, today):
            raise ActionRefused("A reminder went out today already.")
        if sentence:
            _put_words(locked, people, by, sentence, today)
        AuditEvent.record("reminder sent", locked, by=by, reason=sentence, people=len(people))

    return _each(_returns(chosen), tell)


def _put_words(item: MonitoringReturn, people: list[User], by: User, sentence: str, today: datetime.date) -> None:
    """The manager's own words stay behind the sign-in: mail holds nothing that a person typed."""
    Notification.objects.bulk_create(
        Notification(
            user=user,
            key=f"words about return {item.pk} on {today.isoformat()} to {user.pk}",
            topic=Topic.REMINDER,
            title=f"{by.name} about your return for {item.quarter}"[:200],
            text=sentence,
            href=reverse("returns:tasks", args=[item.commitment.ref, item.quarter.key]),
            created_at=timezone.now(),
        )
        for user in people
    )


def reassign_returns(*, returns: Iterable[int], to: User, reason: str, by: User, with_grants: bool = False) -> Outcome:
    """Give returns to another programme manager to review. The grant's manager stays, unless ``with_grants``: then
    the grants change hands too, and with them all their returns that were given to nobody else."""
    chosen, reason = list(returns), reason.strip()
    check_size(len(chosen))
    _check_handover(by, to, reason)

    def hand_over(item: MonitoringReturn) -> None:
        locked = lock_return(item)
        grant, before = locked.commitment, locked.reviewer or locked.commitment.manager
        if before == to and (grant.manager_id == to.pk or not with_grants):
            raise ActionRefused(f"It is {to.name}'s already.")
        if with_grants:
            reassign_grant(grant=grant, to=to, reason=reason, by=by)
        locked.reviewer = None if with_grants else to
        locked.save(update_fields=["reviewer"])
        AuditEvent.record(
            "return reassigned", locked, by=by, reason=reason, before=before.name if before else "", after=to.name
        )

    return _each(_returns(chosen), hand_over)


@transaction.atomic
def reassign_grant(*, grant: Commitment, to: User, reason: str, by: User) -> Commitment:
    """Give a grant, and its returns that were given to nobody else, to another programme manager."""
    _check_handover(by, to, reason.strip())
    locked = Commitment.objects.select_for_update(of=("self",)).get(pk=grant.pk)
    if locked.manager_id == to.pk:
        return locked
    before, locked.manager = locked.manager, to
    locked.save(update_fields=["manager"])
    AuditEvent.record(
        "grant reassigned", locked, by=by, reason=reason.strip(), before=before.name if before else "", after=to.name
    )
    return locked


def _check_manager(by: User) -> None:
    if not by.has_role(Role.PROGRAMME_MANAGER):
        raise ActionRefused("Only a programme manager can do this.")


def _check_handover(by: User, to: User, reason: str) -> None:
    _check_manager(by)
    if not to.has_role(Role.PROGRAMME_MANAGER):
        raise ActionRefused(f"{to.name} is not a programme manager, so cannot review returns.")
    if not reason:
        raise ActionRefused("Say why: the reason is kept in the history.")
    check_text(reason, "The reason", LONGEST_REASON)


def _returns(keys: Iterable[int]) -> list[MonitoringReturn]:
    rows = MonitoringReturn.objects.filter(pk__in=list(keys)).select_related(
        "quarter", "commitment__organisation", "commitment__programme", "commitment__manager"
    )
    return list(rows.order_by("due_on", "commitment__ref", "pk"))


def _each(items: list[MonitoringReturn], act: Callable[[MonitoringReturn], None]) -> Outcome:
    outcome = Outcome()
    for item in items:
        try:
            with transaction.atomic():
                act(item)
        except (ActionRefused, TransitionRefused) as refused:
            outcome.skipped.append((item, str(refused)))
        else:
            outcome.done.append(item)
    return outcome

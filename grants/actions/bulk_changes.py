"""One change made to many commitments at once: planned, made in one transaction through the single actions, taken back.

What each was before is kept, so that the change can be undone for every commitment that nobody has touched since.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from grants.actions.awards import change_status
from grants.actions.bulk import reassign_grant
from grants.actions.impartial import check_impartial
from grants.actions.texts import LONGEST_REASON, check_text
from grants.errors import ActionRefused
from grants.models import COMMITMENT_STATES, BulkChange, Commitment
from vru.accounts.models import AuditEvent, User
from vru.accounts.permissions import EDITORS_OF_PROGRAMMES
from vru.lib.state_machine import TransitionRefused

MOST_AT_ONCE = 500
# Offering, accepting and closing need more than a press for each: they have pages of their own.
STATUSES = (Commitment.Status.ACTIVE, Commitment.Status.SUSPENDED)
FROM = {
    Commitment.Status.ACTIVE: (Commitment.Status.ACCEPTED, Commitment.Status.SUSPENDED),
    Commitment.Status.SUSPENDED: (Commitment.Status.ACTIVE,),
}
CHANGED_SINCE = "It was changed after you looked, perhaps by your own first press."


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to become of each: a manager or a status."""

    kind: BulkChange.Kind
    manager: User | None = None
    status: Commitment.Status | None = None

    @property
    def value(self) -> str:
        """As kept in the change: a manager's number or a status."""
        return str(self.manager.pk) if self.manager else str(self.status)


@dataclass(frozen=True, slots=True)
class Planned:
    """One commitment: what it is now, and why it cannot be changed ('' when it can)."""

    grant: Commitment
    before: str
    obstacle: str


@dataclass(slots=True)
class Outcome:
    """``left`` are those that were not changed, each with the reason."""

    change: BulkChange
    done: list[Commitment] = field(default_factory=list)
    left: list[tuple[Commitment, str]] = field(default_factory=list)


def current(grant: Commitment, kind: str) -> str:
    """What a commitment has now, as kept in a change."""
    if kind == BulkChange.Kind.MANAGER:
        return str(grant.manager_id or "")
    return str(grant.status)


def obstacle(grant: Commitment, wanted: Wanted) -> str:
    """Why one commitment cannot be changed so, as a sentence; '' when it can."""
    if current(grant, wanted.kind) == wanted.value:
        if wanted.manager:
            return f"It is {wanted.manager.name}'s already."
        return f"It is {grant.get_status_display().lower()} already."
    if wanted.status is not None and grant.status not in FROM[wanted.status]:
        allowed = " or ".join(status.label.lower() for status in FROM[wanted.status])
        return (
            f"It is {grant.get_status_display().lower()}; only what is {allowed} becomes {wanted.status.label.lower()}."
        )
    return ""


def plan(grants: Iterable[Commitment], wanted: Wanted) -> list[Planned]:
    """What would become of each. Asks the database nothing more."""
    return [Planned(grant, current(grant, wanted.kind), obstacle(grant, wanted)) for grant in grants]


@transaction.atomic
def make_bulk_change(*, seen: Mapping[str, str], wanted: Wanted, reason: str, by: User) -> Outcome:
    """Change every commitment of ``seen`` (reference → what it was when the preview was shown) that still is so.

    All in one transaction, each through its own action with its own audit event. Raises ``ActionRefused`` when none can
    be changed, so that a second press makes no second change.
    """
    why = _check(by, reason)
    if not 0 < len(seen) <= MOST_AT_ONCE:
        raise ActionRefused(f"Choose between 1 and {MOST_AT_ONCE} commitments.")
    outcome = Outcome(BulkChange(kind=wanted.kind, reason=why, made_by=by, made_at=timezone.now()))
    before: dict[str, str] = {}
    for grant in _locked(seen):
        was = current(grant, wanted.kind)
        stop = CHANGED_SINCE if was != seen[grant.ref] else obstacle(grant, wanted)
        stop = stop or _act(grant, wanted, why, by)
        if stop:
            outcome.left.append((grant, stop))
        else:
            before[grant.ref] = was
            outcome.done.append(grant)
    if not before:
        first = outcome.left[0][1] if outcome.left else "None of them is there any more."
        raise ActionRefused(f"Nothing was changed. {first}")
    outcome.change.before, outcome.change.after = before, dict.fromkeys(before, wanted.value)
    outcome.change.save()
    AuditEvent.record("bulk change made", outcome.change, by=by, reason=why, commitments=len(before))
    return outcome


@transaction.atomic
def undo_bulk_change(*, change: BulkChange, by: User) -> Outcome:
    """Give each commitment back what it had, unless it was changed since or there is no way back; ``left`` says which.

    Raises ``ActionRefused`` for a change that is undone already, and when not one can be given back.
    """
    _check(by, "Undone.")
    locked = BulkChange.objects.select_for_update(of=("self",)).get(pk=change.pk)
    if locked.undone_at is not None:
        raise ActionRefused("This change is undone already.")
    managers = User.objects.in_bulk([int(pk) for pk in locked.before.values() if pk.isdecimal()])
    outcome, why = Outcome(locked), f"Undoing the change of {timezone.localtime(locked.made_at):%-d %B %Y}."
    for grant in _locked(locked.before):
        stop = _undo_one(grant, locked, managers, why, by)
        if stop:
            outcome.left.append((grant, stop))
        else:
            outcome.done.append(grant)
    if not outcome.done:
        first = f" {outcome.left[0][0].ref}: {outcome.left[0][1]}" if outcome.left else ""
        raise ActionRefused(f"Nothing could be undone.{first}")
    locked.undone_by, locked.undone_at = by, timezone.now()
    locked.save(update_fields=["undone_by", "undone_at"])
    AuditEvent.record(
        "bulk change undone",
        locked,
        by=by,
        commitments=len(outcome.done),
        left=[grant.ref for grant, _ in outcome.left],
    )
    return outcome


def undo_obstacle(grant: Commitment, change: BulkChange) -> str:
    """Why one commitment keeps what the change gave it; '' when it can be given back what it had."""
    now, before = current(grant, change.kind), change.before[grant.ref]
    if now != change.after[grant.ref]:
        return "It was changed since, so it stays as it is."
    if change.kind == BulkChange.Kind.STATUS:
        there, back = Commitment.Status(now), Commitment.Status(before)
        if not COMMITMENT_STATES.can(there, back):
            return f"What is {there.label.lower()} cannot become {back.label.lower()} again."
    return ""


def _undo_one(grant: Commitment, change: BulkChange, managers: Mapping[int, User], why: str, by: User) -> str:
    stop, before = undo_obstacle(grant, change), change.before[grant.ref]
    if stop:
        return stop
    if change.kind == BulkChange.Kind.STATUS:
        wanted = Wanted(BulkChange.Kind.STATUS, status=Commitment.Status(before))
    elif not before:
        return _clear_manager(grant, why, by)
    else:
        manager = managers.get(int(before))
        if manager is None:
            return "Who managed it before is no longer here."
        wanted = Wanted(BulkChange.Kind.MANAGER, manager=manager)
    return _act(grant, wanted, why, by)


def _act(grant: Commitment, wanted: Wanted, why: str, by: User) -> str:
    """Through the single action; the sentence of a refusal, '' when it is done."""
    try:
        with transaction.atomic():
            if wanted.manager is not None:
                reassign_grant(grant=grant, to=wanted.manager, reason=why, by=by)
            elif wanted.status is not None:
                check_impartial(by, {grant.organisation_id}, "change its award")
                change_status(commitment=grant, to=wanted.status, by=by, reason=why)
    except (ActionRefused, TransitionRefused) as refused:
        return str(refused)
    return ""


def _clear_manager(grant: Commitment, why: str, by: User) -> str:
    before, grant.manager = grant.manager, None
    grant.save(update_fields=["manager"])
    AuditEvent.record("grant reassigned", grant, by=by, reason=why, before=before.name if before else "", after="")
    return ""


def _locked(refs: Iterable[str]) -> list[Commitment]:
    """In the order of their keys, so that two changes at once wait for each other and never in a ring."""
    rows = Commitment.objects.select_for_update(of=("self",)).filter(ref__in=list(refs))
    return list(rows.select_related("manager", "organisation").order_by("pk"))


def _check(by: User, reason: str) -> str:
    if not by.has_role(*EDITORS_OF_PROGRAMMES):
        raise ActionRefused("Only a programme manager or the director changes several grants at once.")
    why = reason.strip()
    if not why:
        raise ActionRefused("Say why: the reason is kept in the history of each.")
    check_text(why, "The reason", LONGEST_REASON)
    return why

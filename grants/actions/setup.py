"""What a grant's returns ask: sections, breakdowns, cost headings, ages, milestones and the second signature.

Nothing that was sent changes: while a version is under review, what it answers stays as it is asked.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable
from typing import Any

from django.db import transaction
from django.db.models import Max

from grants.actions.schedule import WITHOUT_RETURNS, check_manager, lock_commitment, plan_returns
from grants.actions.texts import check_reason, check_text
from grants.errors import ActionRefused
from grants.models import Commitment, Milestone, MilestoneReport, MonitoringReturn, Section
from programmes.models import CostHeading, Dimension
from vru.accounts.models import AuditEvent, User

CHANGE = "change what a grant's returns ask"
WHY = "Say why this changes: the reason is kept with the grant."
OLDEST_AGE, LONGEST_TITLE = 120, 200
UNDER_REVIEW = [
    MonitoringReturn.Status.SUBMITTED,
    MonitoringReturn.Status.QUERIED,
    MonitoringReturn.Status.REOPENED,
]


def _begin(commitment: Commitment, by: User, reason: str, *, touches_answers: bool = True) -> tuple[Commitment, str]:
    """The locked grant and the reason as kept. Raises ``ActionRefused`` while a return of it is under review."""
    check_manager(by, CHANGE)
    why = check_reason(reason, WHY)
    locked = lock_commitment(commitment)
    if touches_answers:
        sent = locked.returns.filter(status__in=UNDER_REVIEW).select_related("quarter").first()
        if sent is not None:
            raise ActionRefused(
                f"The return for {sent.quarter} has been sent and is not approved yet. Settle it first: what it was "
                "asked cannot change under it."
            )
    return locked, why


def _save(commitment: Commitment, by: User, why: str, action: str, **after: Any) -> Commitment:
    """Write the plain fields named in ``after``, with what stood there before."""
    before = {name: getattr(commitment, name) for name in after}
    if before == after:
        return commitment
    for name, value in after.items():
        setattr(commitment, name, value)
    commitment.save(update_fields=list(after))
    AuditEvent.record(action, commitment, by=by, reason=why, before=before, after=after)
    return commitment


@transaction.atomic
def waive_sections(*, commitment: Commitment, sections: Collection[Section], by: User, reason: str) -> Commitment:
    """The sections that this grant does not answer, all of them; none is every section. The declaration is always made.

    Raises ``ActionRefused`` while a return is under review: a section cannot be waived for what was sent.
    """
    locked, why = _begin(commitment, by, reason)
    if Section.DECLARATION in sections:
        raise ActionRefused("The declaration cannot be waived: somebody always says that a return is right.")
    letters = [section.value for section in Section if section in sections]
    return _save(locked, by, why, "sections waived", waived_sections=letters)


@transaction.atomic
def set_breakdowns(*, commitment: Commitment, dimensions: Collection[Dimension], by: User, reason: str) -> Commitment:
    """The breakdowns asked of this grant; none means the standard ones."""
    locked, why = _begin(commitment, by, reason)
    if any(dimension.slug == Dimension.TOTAL for dimension in dimensions):
        raise ActionRefused("The total is always asked. Choose the breakdowns beside it.")
    _set_links(locked.dimensions, dimensions, locked, by, why, "breakdowns set")
    return locked


@transaction.atomic
def set_headings(*, commitment: Commitment, headings: Collection[CostHeading], by: User, reason: str) -> Commitment:
    """The cost headings this grant reports under; none means every heading."""
    locked, why = _begin(commitment, by, reason)
    planned = locked.profile_lines.filter(amount_pence__gt=0)
    left_out = planned.exclude(heading__in=headings).select_related("heading").first() if headings else None
    if left_out is not None:
        raise ActionRefused(
            f"The grant's profile plans money under “{left_out.heading}”, so spend under it must be asked."
        )
    _set_links(locked.headings, headings, locked, by, why, "cost headings set")
    return locked


def _set_links(
    links: Any, wanted: Iterable[Dimension | CostHeading], commitment: Commitment, by: User, why: str, action: str
) -> None:
    before, after = {row.slug for row in links.all()}, {row.slug for row in wanted}
    if before == after:
        return
    links.set(wanted)
    AuditEvent.record(action, commitment, by=by, reason=why, before=sorted(before), after=sorted(after))


@transaction.atomic
def set_ages(*, commitment: Commitment, youngest: int | None, oldest: int | None, by: User, reason: str) -> Commitment:
    """The ages of the people this grant is for, both included; None is no limit."""
    locked, why = _begin(commitment, by, reason, touches_answers=False)
    for age in (youngest, oldest):
        if age is not None and not 0 <= age <= OLDEST_AGE:
            raise ActionRefused(f"An age is a whole number from 0 to {OLDEST_AGE}.")
    if youngest is not None and oldest is not None and oldest < youngest:
        raise ActionRefused("The oldest age cannot be below the youngest.")
    return _save(locked, by, why, "ages set", youngest_age=youngest, oldest_age=oldest)


@transaction.atomic
def set_signature(*, commitment: Commitment, needed: bool, by: User, reason: str) -> Commitment:
    """Whether a second person must sign each return. Ending the need ends the waiver of it as well."""
    locked, why = _begin(commitment, by, reason)
    if locked.needs_signatory == needed:
        return locked
    fields: dict[str, Any] = {"needs_signatory": needed}
    if not needed and locked.sole_officer_waiver:
        fields["sole_officer_waiver"] = ""
    return _save(locked, by, why, "second signature set", **fields)


@transaction.atomic
def save_milestone(
    *,
    commitment: Commitment,
    title: str,
    due_on: datetime.date,
    needs_return: bool,
    by: User,
    milestone: Milestone | None = None,
) -> Milestone:
    """Add a step to the grant's delivery plan, or change one that no return has reported on. Returns are planned again.

    Raises ``ActionRefused`` for a day outside the grant and for a step that was reported.
    """
    check_manager(by, CHANGE)
    locked = lock_commitment(commitment)
    if not title.strip():
        raise ActionRefused("Say in a few words what the milestone is.")
    check_text(title.strip(), "The title", LONGEST_TITLE)
    if not locked.starts_on <= due_on <= locked.ends_on:
        raise ActionRefused(
            f"The grant runs from {locked.starts_on:%-d %B %Y} to {locked.ends_on:%-d %B %Y}. Choose a day in it."
        )
    if milestone is None:
        last = locked.milestones.aggregate(last=Max("number"))["last"] or 0
        row, before = Milestone(commitment=locked, number=last + 1), None
    else:
        row = _unreported(locked, milestone)
        before = {"title": row.title, "due_on": str(row.due_on), "needs_return": row.needs_return}
    row.title, row.due_on, row.needs_return = title.strip(), due_on, needs_return
    after = {"title": row.title, "due_on": str(row.due_on), "needs_return": row.needs_return}
    if before == after:
        return row
    row.save()
    action = "milestone changed" if before else "milestone added"
    AuditEvent.record(action, locked, by=by, number=row.number, before=before, after=after)
    _plan_again(locked, by)
    return row


@transaction.atomic
def remove_milestone(*, milestone: Milestone, by: User) -> None:
    """Take a step out of the plan. Numbers of others stay, so that what is said about "milestone 3" stays true."""
    check_manager(by, CHANGE)
    locked = lock_commitment(milestone.commitment)
    row = _unreported(locked, milestone)
    number, title = row.number, row.title
    row.delete()
    AuditEvent.record("milestone removed", locked, by=by, number=number, before=title)
    _plan_again(locked, by)


def _unreported(commitment: Commitment, milestone: Milestone) -> Milestone:
    if MilestoneReport.objects.filter(milestone=milestone).exists():
        raise ActionRefused("A return has reported on this milestone, so it stays as it is. Add another one instead.")
    return Milestone.objects.get(pk=milestone.pk, commitment=commitment)


def _plan_again(commitment: Commitment, by: User) -> None:
    if commitment.schedule == Commitment.Schedule.MILESTONES and commitment.status not in WITHOUT_RETURNS:
        plan_returns(commitment=commitment, by=by)


@transaction.atomic
def copy_setup(*, commitment: Commitment, source: Commitment, by: User) -> Commitment:
    """Ask this grant what another is asked: sections, breakdowns, cost headings, ages and signature.

    When and by which milestones stays this grant's own, and so does a waiver of the second signature.
    """
    if commitment.pk == source.pk:
        raise ActionRefused("Choose another grant to copy from.")
    reason = f"Copied from {source.ref}."
    waive_sections(
        commitment=commitment, sections=[Section(letter) for letter in source.waived_sections], by=by, reason=reason
    )
    set_breakdowns(commitment=commitment, dimensions=list(source.dimensions.all()), by=by, reason=reason)
    set_headings(commitment=commitment, headings=list(source.headings.all()), by=by, reason=reason)
    set_ages(commitment=commitment, youngest=source.youngest_age, oldest=source.oldest_age, by=by, reason=reason)
    return set_signature(commitment=commitment, needed=source.needs_signatory, by=by, reason=reason)

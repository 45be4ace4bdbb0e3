"""Recording a check of what a grantee reports against its own registers."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from grants.actions.drafts import lock_return
from grants.actions.texts import check_text
from grants.errors import ActionRefused
from grants.models import AssuranceCheck, AssuranceCount, Cell, Measure, Revision
from programmes.models import Dimension
from vru.accounts.models import AuditEvent, Role, User

LONGEST_FINDING = 10_000
MOST_COUNTED = 2_147_483_647


def check_refusal(user: User, revision: Revision) -> str:
    """Why this person may not record a check of this version, as a sentence; empty when they may."""
    if not user.has_role(Role.PROGRAMME_MANAGER):
        return "Only a programme manager can record a check."
    if revision.superseded_at is not None:
        return "This version was replaced. Check the latest one."
    organisation = revision.monitoring_return.commitment.organisation_id
    if user.acts_for(organisation):
        return "You act for this organisation, so somebody else must check its figures."
    return ""


def headlines(revision: Revision) -> dict[Measure, int]:
    """The headline of each measure that the version reports, in the measures' own order."""
    cells = Cell.objects.filter(revision=revision, category__dimension__slug=Dimension.TOTAL)
    found = dict(cells.values_list("measure", "value"))
    return {measure: found[measure.value] for measure in Measure if measure.value in found}


@transaction.atomic
def record_check(
    *,
    revision: Revision,
    kind: AssuranceCheck.Kind,
    held_on: datetime.date,
    looked_at: str,
    found: str,
    by: User,
    agreed: str = "",
    follow_up_on: datetime.date | None = None,
    counts: Mapping[Measure, int] | None = None,
) -> AssuranceCheck:
    """Keep one visit or sample check of a submitted or approved version.

    ``counts`` are what the registers show, by measure; what was reported is taken from the version itself, so the two
    cannot be mistyped against each other. The same check twice (a double click) is kept once.
    """
    item = lock_return(revision.monitoring_return)
    refusal = check_refusal(by, revision)
    if refusal:
        raise ActionRefused(refusal)
    _check_words_and_dates(held_on, looked_at, found, agreed, follow_up_on)
    reported, counted = headlines(revision), dict(counts or {})
    unknown = [measure.label for measure in counted if measure not in reported]
    if unknown:
        raise ActionRefused(f"The return reports nothing under {', '.join(unknown)}, so there is nothing to compare.")
    if any(not 0 <= count <= MOST_COUNTED for count in counted.values()):
        raise ActionRefused("A count is a whole number, 0 or more.")
    check, made = AssuranceCheck.objects.get_or_create(
        monitoring_return=item,
        revision=revision,
        kind=kind,
        held_on=held_on,
        checked_by=by,
        looked_at=looked_at.strip(),
        found=found.strip(),
        agreed=agreed.strip(),
        defaults={"follow_up_on": follow_up_on, "recorded_at": timezone.now()},
    )
    if not made:
        return check
    AssuranceCount.objects.bulk_create(
        AssuranceCount(check_made=check, measure=measure, reported=reported[measure], counted=count)
        for measure, count in counted.items()
    )
    AuditEvent.record(
        "return checked",
        item,
        by=by,
        reason=check.found,
        revision=revision.number,
        kind=kind,
        held_on=held_on.isoformat(),
        counts={measure.value: [reported[measure], count] for measure, count in counted.items()},
    )
    return check


def _check_words_and_dates(
    held_on: datetime.date, looked_at: str, found: str, agreed: str, follow_up_on: datetime.date | None
) -> None:
    if held_on > timezone.localdate():
        raise ActionRefused("The check was held on a day that has not come yet. Enter the day it was held.")
    if follow_up_on is not None and follow_up_on < held_on:
        raise ActionRefused("The follow-up is before the check. Enter a later day.")
    if not looked_at.strip() or not found.strip():
        raise ActionRefused("Say what was looked at and what was found.")
    for text, what in (
        (looked_at, "What was looked at"),
        (found, "What was found"),
        (agreed, "What was agreed"),
    ):
        check_text(text, what, LONGEST_FINDING)

"""A correction that the unit types on the grantee's behalf: old, new, reason, who typed it and who approved it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

from django.db import transaction
from django.utils import timezone

from grants.actions.drafts import lock_return, move
from grants.actions.submission import store_outcome
from grants.actions.texts import check_reason, check_text
from grants.answers.changes import changed_boxes
from grants.answers.values import box_values, typed_by_section
from grants.errors import ActionRefused, ReturnNotAcceptable
from grants.models import MonitoringReturn, Revision
from grants.questionnaire import boxes_for
from grants.validation import Outcome, validate
from vru.accounts.models import AuditEvent, Role, User

CORRECTABLE = (MonitoringReturn.Status.APPROVED, MonitoringReturn.Status.LOCKED)


def correction_refusal(user: User, item: MonitoringReturn) -> str:
    """Why this person may not type a correction, as a sentence; empty when they may."""
    if not user.has_role(Role.PROGRAMME_MANAGER):
        return "Only a programme manager can type a correction for a grantee."
    if item.status not in CORRECTABLE:
        return f"Only an approved return is corrected, and this one is {item.get_status_display().lower()}."
    if user.acts_for(item.commitment.organisation_id):
        return "You act for this organisation, so somebody else of the unit must type its correction."
    return ""


@transaction.atomic
def correct_return(
    *, monitoring_return: MonitoringReturn, changes: Mapping[str, str], reason: str, by: User, seen: int = 0
) -> Revision:
    """Make a revision of the approved figures with ``changes`` (typed text by box name), to be approved by another.

    ``seen`` is the number of the approved version that was corrected (0: not said). The approved figures count until
    then. Raises ``ReturnNotAcceptable`` with every error, ``ActionRefused`` without a reason or a change. Drafts of
    the grantee are dropped: they hold the figures that were wrong, and would bring them back.
    """
    item = lock_return(monitoring_return)
    refusal = correction_refusal(by, item)
    if refusal:
        raise ActionRefused(refusal)
    reason = check_reason(reason, "Say why the figures are corrected: the reason is kept with them.")
    for name, text in changes.items():
        check_text(text, f"The text in “{name}”")
    approved = Revision.objects.live().get(monitoring_return=item, approved_at__isnull=False)
    if seen and approved.number != seen:
        raise ActionRefused("A newer version was approved after you opened this page. Look at it first.")
    boxes = boxes_for(item)
    before = box_values(boxes, approved)
    after = {name: text for name, text in {**before, **changes}.items() if text.strip()}
    move(item, MonitoringReturn.Status.REOPENED, reopened_because=reason)
    is_nil = approved.is_nil and not any(text.strip() for text in changes.values())
    outcome = validate(item, typed_by_section(boxes, after), is_nil=is_nil, for_staff=True, boxes=boxes)
    if outcome.errors:
        raise ReturnNotAcceptable(outcome)
    revision = _store(item, approved, outcome, reason, by, is_nil=is_nil)
    changed = changed_boxes(boxes, before, box_values(boxes, revision))
    if not changed:
        raise ActionRefused("Nothing is different from what was approved. Change a figure, or leave the page.")
    item.drafts.all().delete()
    move(item, MonitoringReturn.Status.SUBMITTED)
    AuditEvent.record(
        "return corrected by the unit",
        item,
        by=by,
        reason=reason,
        revision=revision.number,
        changes=[asdict(change) for change in changed],
    )
    return revision


def _store(
    item: MonitoringReturn, approved: Revision, outcome: Outcome, reason: str, by: User, *, is_nil: bool
) -> Revision:
    last = item.revisions.order_by("-number").values_list("number", flat=True)[0]
    revision = Revision.objects.create(
        monitoring_return=item,
        number=last + 1,
        submitted_by=by,
        submitted_at=timezone.now(),
        declared_name=by.name,
        channel=Revision.Channel.UNIT,
        is_nil=is_nil,
        nil_reason=approved.nil_reason if is_nil else "",
        correction_reason=reason,
        # One reason explains the whole correction, whatever the rules find unusual about it.
        explanations={problem.code: reason for problem in outcome.warnings_for_grantee()},
        warnings=[problem.as_stored() for problem in outcome.warnings],
    )
    store_outcome(revision, outcome)
    return revision

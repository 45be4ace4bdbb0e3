"""From a built draft to a signed edition: sent to be signed, back to draft, signed."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils import timezone

from evaluation.actions.finishing import request_final_files
from evaluation.actions.issues import refresh_issues
from evaluation.models import EDITION_STATES, Edition, Report
from evaluation.reports.errors import CorruptSnapshot, ReportRefused
from evaluation.reports.imprint import Imprint, Signature
from evaluation.signing.comparing import Comparison, compared_with_signed, imprint_to_sign
from evaluation.signing.evidence import stored_facts
from evaluation.signing.messages import tell_back, tell_review, tell_signed
from evaluation.signing.run import SignOff, check_before_signing
from grants.actions.locking import lock_reported
from vru.accounts.models import AuditEvent, Role, User
from vru.accounts.permissions import can_make_reports, can_sign_reports
from vru.lib.state_machine import TransitionRefused

Status = Edition.Status
LONGEST_REASON = 1000
NOT_YOURS = "Only a director can sign a report."
SENT_BY_YOU = "You sent this edition to be signed, so somebody else must sign it. Another director can."


@transaction.atomic
def send_to_review(*, edition: Edition, by: User) -> Edition:
    """A built draft goes to those who sign. The same press again changes nothing.

    Raises ReportRefused for somebody who does not make reports, and for an edition that is not built or not a draft.
    """
    if not can_make_reports(by):
        raise ReportRefused("Only the director or an analyst can send an edition to be signed.")
    locked = lock_edition(edition)
    if locked.status == Status.IN_REVIEW and locked.review_by_id == by.pk:
        return locked
    if locked.built_at is None:
        raise ReportRefused("This edition is not built yet. Wait until it is, and read it first.")
    move_edition(locked, Status.IN_REVIEW)
    locked.review_by, locked.review_at = by, timezone.now()
    locked.save(update_fields=["status", "review_by", "review_at"])
    AuditEvent.record("edition.in_review", locked, by=by, snapshot=locked.snapshot_hash)
    tell_review(locked)
    return locked


@transaction.atomic
def back_to_draft(*, edition: Edition, reason: str, by: User) -> Edition:
    """Not signed: back to those who write, with a reason. Raises ReportRefused without one, or for anybody else."""
    if not can_make_reports(by) and not can_sign_reports(by):
        raise ReportRefused("Only the director or an analyst can send an edition back.")
    why = reason.strip()
    if not why or len(why) > LONGEST_REASON or "\0" in why:
        raise ReportRefused(f"Say in at most {LONGEST_REASON:,} characters why it goes back.")
    locked = lock_edition(edition)
    if locked.status == Status.DRAFT:
        return locked
    move_edition(locked, Status.DRAFT)
    # While it is still known who sent it.
    tell_back(locked, by, why)
    locked.review_by = locked.review_at = None
    locked.save(update_fields=["status", "review_by", "review_at"])
    AuditEvent.record("edition.back_to_draft", locked, by=by, reason=why)
    return locked


def signing_refusal(user: User, edition: Edition) -> str:
    """Why this person cannot sign this edition whatever the checks say; "" when they can."""
    if not can_sign_reports(user):
        return NOT_YOURS
    if edition.status != Status.IN_REVIEW:
        return f"This edition is {edition.get_status_display().lower()}. It is signed while it is in review."
    return SENT_BY_YOU if edition.review_by_id == user.pk else ""


def sign_edition(*, edition: Edition, by: User, seen: str) -> Edition:
    """Sign the edition's snapshot. Everything is checked again under the report's lock, after the rules have run anew.

    ``seen`` is the hash of what the person was shown (``imprint_to_sign`` without a signature): what would be printed
    beside the facts and was not seen is not signed. Returns the signed edition; its final files are being made. The
    same press again changes nothing. Raises ReportRefused for anybody who may not sign it, while a check blocks or
    waits for a sentence, and when what would be printed has changed.
    """
    if can_sign_reports(by):
        refresh_issues(year=edition.financial_year, layer=edition.layer, by=by)
    return _sign(edition, by, seen)


@transaction.atomic
def _sign(edition: Edition, by: User, seen: str) -> Edition:
    locked = lock_edition(edition)
    if locked.signed_by_id == by.pk:
        return locked
    # Nobody writes in a section between the checks and the signature.
    list(locked.report.sections.select_for_update().order_by("pk").values_list("pk", flat=True))
    refusal = signing_refusal(by, locked)
    if refusal:
        raise ReportRefused(refusal)
    sign_off = check_before_signing(locked, anew=True)
    _check_clear(sign_off)
    try:
        comparison = compared_with_signed(locked, stored_facts(locked))
    except CorruptSnapshot as error:
        raise ReportRefused(f"An edition to compare with cannot be read. {error}") from error
    if imprint_to_sign(locked, sign_off, comparison).sha256 != seen:
        raise ReportRefused(
            "What would be printed beside the figures has changed since you opened this page. Read it again, then sign."
        )
    moment = timezone.now().replace(microsecond=0)
    _store_signature(locked, by, moment, imprint_to_sign(locked, sign_off, comparison, _signature(by, moment)))
    returns = lock_reported(
        revision_ids=counted_revisions(locked),
        due_before=locked.as_at,
        by=by,
        because=f"Counted in {locked}, which was signed.",
    )
    _supersede_earlier(locked, comparison, by)
    AuditEvent.record(
        "edition.signed",
        locked,
        by=by,
        snapshot=locked.snapshot_hash,
        imprint=locked.imprint_hash,
        role=locked.signed_role,
        sentences=len(sign_off.explained),
        returns_locked=len(returns),
        restated=locked.is_restated,
    )
    request_final_files(edition=locked, by=by)
    tell_signed(locked)
    return locked


def lock_edition(edition: Edition) -> Edition:
    """The edition's row, locked after its report's: every action on editions of one report comes one after another."""
    report = Report.objects.select_for_update(of=("self",)).select_related("outline").get(pk=edition.report_id)
    locked = Edition.objects.select_for_update().get(pk=edition.pk)
    locked.report = report
    return locked


def move_edition(edition: Edition, to: Edition.Status) -> None:
    """Set the status along the table; the caller saves. Raises ReportRefused with what can be done instead."""
    try:
        EDITION_STATES.check(Status(edition.status), to)
    except TransitionRefused as error:
        raise ReportRefused(str(error)) from error
    edition.status = to


def _check_clear(sign_off: SignOff) -> None:
    if sign_off.is_clear:
        return
    left = (("To mend", sign_off.blocking), ("To explain", sign_off.unexplained))
    said = [f"{words}: {count:,}." for words, count in left if count]
    raise ReportRefused(f"This edition cannot be signed yet. {' '.join(said)} They are listed with the checks.")


def _signature(by: User, moment: datetime.datetime) -> Signature:
    return Signature(by.name, Role.DIRECTOR.label, timezone.localtime(moment).isoformat())


def _store_signature(edition: Edition, by: User, moment: datetime.datetime, imprint: Imprint) -> None:
    move_edition(edition, Status.SIGNED_OFF)
    edition.signed_by, edition.signed_at = by, moment
    edition.signed_name, edition.signed_role = by.name, Role.DIRECTOR.label
    edition.is_restated = imprint.is_restated
    edition.imprint, edition.imprint_hash = imprint.as_json(), imprint.sha256
    edition.save(
        update_fields=[
            "status",
            "signed_by",
            "signed_at",
            "signed_name",
            "signed_role",
            "is_restated",
            "imprint",
            "imprint_hash",
        ]
    )


def counted_revisions(edition: Edition) -> list[int]:
    """The versions that the edition's figures are computed from; of one programme for a report about one."""
    counted = edition.revisions.all()
    if edition.report.subject:
        counted = counted.filter(monitoring_return__commitment__programme__ref=edition.report.subject)
    return list(counted.order_by("pk").values_list("pk", flat=True))


def _supersede_earlier(edition: Edition, comparison: Comparison, by: User) -> None:
    """Every earlier edition that is signed or sent: its files stay, and its page leads here."""
    earlier = Edition.objects.select_for_update().filter(
        report=edition.report, number__lt=edition.number, status__in=[Status.SIGNED_OFF, Status.SENT]
    )
    for each in earlier.order_by("number"):
        move_edition(each, Status.SUPERSEDED)
        each.superseded_by = edition
        each.save(update_fields=["status", "superseded_by"])
        AuditEvent.record(
            "edition.superseded", each, by=by, superseded_by=edition.pk, figures_changed=len(comparison.changes)
        )

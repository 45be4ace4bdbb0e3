"""Opening a signed edition to the public, and closing it again."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from evaluation.actions.signing import lock_edition
from evaluation.disclosure_audit import audit_edition
from evaluation.models import CaseStudy, Edition
from evaluation.reports.errors import CorruptSnapshot, ReportRefused
from evaluation.signing.evidence import stored_facts
from vru.accounts.models import AuditEvent, User
from vru.accounts.permissions import can_sign_reports

LONGEST_REASON = 1000
NOT_YOURS = "Only a director can publish a report, or take it back."


def publishing_refusal(user: User, edition: Edition) -> str:
    """Why this person cannot publish this edition, as a sentence; "" when nothing but its figures can stop them."""
    if not can_sign_reports(user):
        return NOT_YOURS
    if edition.signed_at is None:
        return "Only a signed edition is published. Have this one signed first."
    if edition.finished_at is None:
        return "The final files are still being made. Wait for them: what is published is what was signed."
    if edition.status == Edition.Status.SUPERSEDED:
        return "A later edition replaces this one. Publish that one instead."
    return "It is published already." if edition.published_at is not None else ""


def publish_edition(*, edition: Edition, by: User) -> Edition:
    """Anybody may read the edition from now on. The same press again changes nothing.

    Its files are audited once more, because others may have been published since it was signed. Raises ReportRefused
    for anybody but a director, for an edition that is not signed and finished, when a case study in it may be told to
    its funder only, and when readers could tell a few people from its numbers.
    """
    if not publishing_refusal(by, edition):
        _check_exposures(edition)
    return _publish(edition, by)


@transaction.atomic
def _publish(edition: Edition, by: User) -> Edition:
    locked = lock_edition(edition)
    if locked.published_at is not None and can_sign_reports(by):
        return locked
    refusal = publishing_refusal(by, locked)
    if refusal:
        raise ReportRefused(refusal)
    _check_consent(locked)
    locked.published_by, locked.published_at = by, timezone.now()
    locked.save(update_fields=["published_by", "published_at"])
    AuditEvent.record("edition.published", locked, by=by, snapshot=locked.snapshot_hash, imprint=locked.imprint_hash)
    return locked


@transaction.atomic
def unpublish_edition(*, edition: Edition, reason: str, by: User) -> Edition:
    """Nobody outside the unit reads it any more; what was read already cannot be taken back, and the event says why.

    Raises ReportRefused for anybody but a director, and without a reason.
    """
    if not can_sign_reports(by):
        raise ReportRefused(NOT_YOURS)
    why = reason.strip()
    if not why or len(why) > LONGEST_REASON or "\0" in why:
        raise ReportRefused(f"Say in at most {LONGEST_REASON:,} characters why it is taken back.")
    locked = lock_edition(edition)
    if locked.published_at is None:
        return locked
    was = locked.published_at
    locked.published_by = locked.published_at = None
    locked.save(update_fields=["published_by", "published_at"])
    AuditEvent.record("edition.unpublished", locked, by=by, reason=why, published_at=was.isoformat())
    return locked


def _check_consent(edition: Edition) -> None:
    """Consent to be told to a funder, which is enough for a signature, is not consent to be told to everybody."""
    try:
        sections = stored_facts(edition).data["sections"]
    except CorruptSnapshot as error:
        raise ReportRefused(str(error)) from error
    told = {block["case_study"] for section in sections for block in section["blocks"] if "case_study" in block}
    # Locked, so that a withdrawal waits for this, or this for it.
    rows = CaseStudy.objects.usable(public=True).filter(ref__in=told).select_for_update(of=("self",))
    closed = sorted(told - set(rows.values_list("ref", flat=True)))
    if closed:
        raise ReportRefused(
            f"Consent does not reach as far as publishing for: {', '.join(closed)}. Ask for it, or take the case study "
            "out and sign a new edition."
        )


def _check_exposures(edition: Edition) -> None:
    found = audit_edition(edition)
    if found and found[0].kind == "unreadable":
        raise ReportRefused(found[0].sentence)
    if found:
        noun = "One number" if len(found) == 1 else f"{len(found):,} numbers"
        raise ReportRefused(
            f"{noun} of this edition would let readers recognise people. {found[0].sentence} "
            "Correct the report, and sign a new edition of it."
        )

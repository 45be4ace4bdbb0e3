"""Case studies: taken from what a grantee told in a return, with consent, and withdrawn when that is withdrawn."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils import timezone

from evaluation.models import CaseStudy
from evaluation.reports.errors import ReportRefused
from evaluation.writing_aid.stories import told_in
from grants.models import Commitment, Revision
from vru.accounts.models import AuditEvent, User
from vru.accounts.permissions import can_write_reports


@transaction.atomic
def take_case_study(
    *,
    revision: Revision,
    title: str,
    text: str,
    scope: str,
    consent_on: datetime.date,
    consent_note: str,
    by: User,
) -> CaseStudy:
    """Keep a case study of an approved return. A return tells one.

    Raises ReportRefused for another role, a return that is not approved or tells none, one that was taken already, a
    day of consent to come, and a scope beyond the unit where the return says that nobody agreed.
    """
    _check_role(by)
    commitment_id = revision.monitoring_return.commitment_id
    commitment = Commitment.objects.select_for_update().select_related(None).get(pk=commitment_id)
    story = told_in(revision)
    if revision.approved_at is None or story is None:
        raise ReportRefused("Only what an approved return tells under its case study can be taken.")
    if CaseStudy.objects.filter(revision=revision).exists():
        raise ReportRefused("The case study of this return was taken already.")
    if scope != CaseStudy.Scope.INTERNAL and not story.has_consent:
        raise ReportRefused(
            "The return does not say that they agreed to have it published. Keep it inside the unit, or ask them."
        )
    if consent_on > timezone.localdate():
        raise ReportRefused("Consent cannot be given on a day to come. Check the day.")
    study = CaseStudy.objects.create(
        ref=_next_ref(commitment),
        commitment=commitment,
        revision=revision,
        title=title.strip(),
        text=text.replace("\r\n", "\n").strip(),
        scope=scope,
        consent_on=consent_on,
        consent_note=consent_note.strip(),
        kept_by=by,
    )
    AuditEvent.record("case_study.taken", study, by=by, scope=scope, revision=revision.pk)
    return study


@transaction.atomic
def withdraw_case_study(*, study: CaseStudy, reason: str, by: User) -> CaseStudy:
    """From now on no report prints it. Editions that printed it stay as they are; the list of them tells whom to ask.

    Raises ReportRefused for another role, without a reason, and when it was withdrawn before.
    """
    _check_role(by)
    study = CaseStudy.objects.select_for_update().get(pk=study.pk)
    if study.withdrawn_at is not None:
        raise ReportRefused("It was withdrawn before.")
    if not reason.strip():
        raise ReportRefused("Say who withdrew the consent, and how.")
    study.withdrawn_at, study.withdrawn_by, study.withdrawn_because = timezone.now(), by, reason.strip()
    study.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_because"])
    AuditEvent.record("case_study.withdrawn", study, by=by, reason=study.withdrawn_because)
    return study


def _check_role(by: User) -> None:
    if not can_write_reports(by):
        raise ReportRefused("Only those who write reports keep case studies.")


def _next_ref(commitment: Commitment) -> str:
    """Within the award, whose row is locked: two people never take the same."""
    taken = CaseStudy.objects.filter(commitment=commitment).count()
    return f"{commitment.ref[:32].lower()}-{taken + 1}"

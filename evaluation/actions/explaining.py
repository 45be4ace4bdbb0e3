"""The sentences that checks before sign-off ask for."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from evaluation.models import Edition, Explanation, Report
from evaluation.reports.errors import ReportRefused
from evaluation.signing.finding import LONGEST_SUBJECT
from vru.accounts.models import AuditEvent, User
from vru.accounts.permissions import can_write_reports

LONGEST_SENTENCE = 1000


@transaction.atomic
def explain(*, edition: Edition, check_slug: str, sentences: Mapping[str, str], by: User) -> list[Explanation]:
    """Keep a sentence for each subject of a check; an empty one takes an earlier one back. Returns those that stand.

    Raises ReportRefused for somebody who does not write reports, once the edition is signed, and for a sentence that
    cannot be printed.
    """
    if not can_write_reports(by):
        raise ReportRefused("Only those who write reports can explain what a check found.")
    report = Report.objects.select_for_update().get(pk=edition.report_id)
    locked = Edition.objects.select_for_update().get(pk=edition.pk)
    if locked.signed_at is not None:
        raise ReportRefused("This edition is signed, so what is printed with it cannot change any more.")
    kept = []
    for subject, typed in sentences.items():
        said = _checked(subject, typed)
        stored = Explanation.objects.filter(report=report, check_slug=check_slug, subject=subject).first()
        if not said and stored is not None:
            stored.delete()
        elif said and (stored is None or stored.sentence != said):
            stored, _ = Explanation.objects.update_or_create(
                report=report,
                check_slug=check_slug,
                subject=subject,
                defaults={"sentence": said, "written_by": by, "written_at": timezone.now()},
            )
        if said and stored is not None:
            kept.append(stored)
    AuditEvent.record("edition.explained", locked, by=by, check=check_slug, sentences=dict(sentences))
    return kept


def _checked(subject: str, typed: str) -> str:
    said = " ".join(typed.split())
    if not subject or len(subject) > LONGEST_SUBJECT:
        raise ReportRefused("What the sentence is about is not known any more. Open the checks again.")
    if "\0" in said:
        raise ReportRefused("The sentence holds a character that cannot be stored. Type it again.")
    if len(said) > LONGEST_SENTENCE:
        raise ReportRefused(
            f"The sentence has {len(said):,} characters. It is printed, so keep it under {LONGEST_SENTENCE:,}."
        )
    return said

"""Keeping what the disclosure audit found, so that it runs once and not at every opening of a page."""

from __future__ import annotations

from django.utils import timezone

from evaluation.disclosure_audit import Exposure, audit_edition
from evaluation.disclosure_audit.kept import basis_of, kept_audit
from evaluation.models import DisclosureAudit, Edition


def keep_audit(*, edition: Edition) -> list[Exposure]:
    """What the audit finds in an edition: as it was kept, or found now and kept when something changed since.

    For pages only. Whoever signs or publishes runs ``audit_edition`` itself. No event is recorded: nobody decides
    anything by this, and anybody can work it out again.
    """
    basis = basis_of(edition)
    kept = kept_audit(edition, basis)
    if kept is not None:
        return kept
    found = audit_edition(edition)
    DisclosureAudit.objects.update_or_create(
        edition=edition,
        defaults={"basis": basis, "exposures": [each.as_json() for each in found], "run_at": timezone.now()},
    )
    return found

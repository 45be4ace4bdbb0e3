"""The last audit of an edition, for pages. It stands for as long as nothing changed that the audit looks at."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

from django.conf import settings

from evaluation.disclosure_audit.audit import plan_of, signed_before
from evaluation.disclosure_audit.exposure import Exposure
from evaluation.models import DisclosureAudit, Edition

# Another number for another way to audit: what was kept of the old one is not taken for the new.
FORMAT = "vru-audit/1"


def basis_of(edition: Edition) -> str:
    """SHA-256 of everything an audit depends on: the edition's facts, imprint and files, those of every edition signed
    before, which programmes and groups of people there are, and the settings of disclosure.
    """
    plan = plan_of(edition)
    seen = {
        "format": FORMAT,
        "editions": [_said_by(each) for each in [*signed_before(edition), edition]],
        "plan": repr(plan),
        "settings": [settings.DISCLOSURE_THRESHOLD, settings.DISCLOSURE_WIDTH, settings.DISCLOSURE_ROUNDING],
    }
    return sha256(json.dumps(seen, sort_keys=True).encode()).hexdigest()


def _said_by(edition: Edition) -> dict[str, Any]:
    files = edition.files.order_by("kind", "is_final").values_list("kind", "is_final", "sha256", "made_from")
    return {
        "edition": edition.pk,
        "snapshot": edition.snapshot_hash,
        "imprint": edition.imprint,
        "files": [list(each) for each in files],
    }


def kept_audit(edition: Edition, basis: str) -> list[Exposure] | None:
    """What the last audit of this basis found; None when none was kept, or something changed since."""
    row = DisclosureAudit.objects.filter(edition=edition, basis=basis).first()
    return [Exposure.read(each) for each in row.exposures] if row is not None else None

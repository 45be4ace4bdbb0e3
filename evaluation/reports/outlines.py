"""Which report is meant."""

from __future__ import annotations

from evaluation.models import ReportOutline
from evaluation.reports.errors import NothingToReport


def find_outline(kind: str) -> ReportOutline:
    """Raises NothingToReport naming the kinds that exist."""
    outline = ReportOutline.objects.filter(kind=kind).first()
    if outline is None:
        known = ", ".join(ReportOutline.objects.values_list("kind", flat=True)) or "none is loaded"
        raise NothingToReport(
            f'There is no kind of report called "{kind}". Known kinds: {known}. '
            "Load an outline with: manage.py load_strategy FILE."
        )
    return outline

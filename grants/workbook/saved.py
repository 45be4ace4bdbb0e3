"""What is saved of a return now, as a workbook sees it."""

from __future__ import annotations

from grants.answers.values import drafts_of
from grants.models import MonitoringReturn, SectionDraft


def saved_texts(item: MonitoringReturn) -> dict[str, str]:
    """Typed text by box name over all sections: the drafts, or what was sent where there is none."""
    return {name: str(text) for section in drafts_of(item).values() for name, text in section.items()}


def draft_versions(item: MonitoringReturn) -> dict[str, int]:
    """Version of each section's draft, by letter; a section without a draft is not in it."""
    rows = SectionDraft.objects.filter(monitoring_return=item).order_by("section")
    return dict(rows.values_list("section", "version"))

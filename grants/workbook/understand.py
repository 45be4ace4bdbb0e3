"""From what a file says to what it would mean for a return: texts, what to put right, and what it was compared with."""

from __future__ import annotations

from dataclasses import dataclass

from grants.models import MonitoringReturn, Section
from grants.questionnaire import Box, boxes_for
from grants.workbook.cells import settle
from grants.workbook.differences import differences
from grants.workbook.findings import Finding, findings
from grants.workbook.reading import Workbook, check_about, gather
from grants.workbook.saved import draft_versions, saved_texts

CHANGED_SINCE = "F301"


@dataclass(frozen=True, slots=True)
class Understood:
    """``texts`` by box name, of every box whose cell was read; ``versions`` of the drafts compared with."""

    texts: dict[str, str]
    findings: list[Finding]
    versions: dict[str, int]

    @property
    def errors(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.is_error]

    @property
    def warnings(self) -> list[Finding]:
        return [finding for finding in self.findings if not finding.is_error]


def understand(item: MonitoringReturn, workbook: Workbook) -> Understood:
    """Compare a workbook with the return. Raises FileRefused when it was made for another return or an old form."""
    check_about(workbook.about, grant=item.commitment.ref, quarter=item.quarter.key)
    boxes = boxes_for(item)
    # Versions first: somebody who saves in between makes them stale, which is said; the other way round would not be.
    versions, saved = draft_versions(item), saved_texts(item)
    answers = gather(workbook.cells, {box.name for box in boxes})
    settled = settle(boxes, answers.texts, saved)
    found = findings(item, boxes, answers, settled)
    texts = {name: text for name, text in settled.items() if name in answers.texts}
    since = _changed_since(boxes, saved, texts, versions, workbook.versions)
    return Understood(texts, [*found, *since], versions)


def _changed_since(
    boxes: list[Box],
    saved: dict[str, str],
    texts: dict[str, str],
    now: dict[str, int],
    at_download: dict[str, int],
) -> list[Finding]:
    """Sections that were saved on the site after the download, where the workbook says something else."""
    sections = dict.fromkeys(row.box.section for row in differences(boxes, saved, texts))
    return [
        Finding("", 0, "", "", _sentence(section), CHANGED_SINCE, is_error=False, section=section.value)
        for section in sections
        if now.get(section.value, 0) != at_download.get(section.value, 0)
    ]


def _sentence(section: Section) -> str:
    return (
        f"“{section.label}” was saved on the site after this workbook was downloaded. "
        "Look at what would change there before you say yes."
    )

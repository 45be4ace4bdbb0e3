"""Case studies as returns tell them, and where reports tell them on."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from evaluation.models import CaseStudy, ReportSection
from grants.models import Answer, Revision, Section

_FENCE = re.compile(r"^:::[ \t]*case_study[ \t]+([\w-]+)", re.MULTILINE)
_LONG, _YES_NO = "long", "yes_no"


@dataclass(frozen=True)
class Story:
    """The words of a return's case study, and whether it says that people agreed to have it told."""

    text: str
    has_consent: bool


def told_in(revision: Revision) -> Story | None:
    """What a return tells under its case study, or None. Reads ``revision.answers`` with their questions."""
    answers = [each for each in revision.answers.all() if each.question.section == Section.CASE_STUDY]
    texts = [each.text.strip() for each in answers if each.question.kind == _LONG and each.text.strip()]
    agreed = [each.text == "yes" for each in answers if each.question.kind == _YES_NO]
    return Story("\n\n".join(texts), bool(agreed) and all(agreed)) if texts else None


def untaken(layer: str) -> QuerySet[Revision]:
    """Approved returns of a layer that tell a case study which nobody has taken, the newest first."""
    told = Answer.objects.filter(question__section=Section.CASE_STUDY, question__kind=_LONG).exclude(text="")
    answers = Answer.objects.filter(question__section=Section.CASE_STUDY).select_related("question")
    return (
        Revision.objects.filter(
            pk__in=told.values("revision_id"),
            approved_at__isnull=False,
            superseded_at__isnull=True,
            case_studies__isnull=True,
            monitoring_return__commitment__programme__layer=layer,
        )
        .select_related("monitoring_return__commitment__organisation", "monitoring_return__quarter")
        .prefetch_related(Prefetch("answers", queryset=answers.order_by("question__order", "pk")))
        .order_by("-monitoring_return__quarter__year", "-monitoring_return__quarter__number", "pk")
    )


def told_on(studies: Iterable[CaseStudy]) -> dict[str, list[ReportSection]]:
    """Sections of reports that tell each case study, by its reference."""
    sections = ReportSection.objects.filter(text__contains=":::case_study").select_related("report__outline")
    used: dict[str, list[ReportSection]] = {study.ref: [] for study in studies}
    for section in sections.order_by("report_id", "order"):
        for ref in dict.fromkeys(_FENCE.findall(section.text)):
            used.get(ref, []).append(section)
    return used

"""What people wrote: every section approved, no remark left open, no number that nobody answers for."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, Q
from django.urls import reverse

from evaluation.models import ReportSection
from evaluation.numbers import Found, Standing, state_of
from evaluation.signing.evidence import Evidence
from evaluation.signing.finding import LONGEST_ABOUT, Finding, Weight, subject_of
from evaluation.signing.registry import check
from vru.lib.words import clipped


@check("sections", title="Sections are approved", passed="Every section is approved.")
def sections(evidence: Evidence) -> Iterator[Finding]:
    """Each section is approved by somebody else than its last writer. Any change takes the approval back."""
    for each in evidence.sections:
        if each.status != ReportSection.Status.APPROVED:
            state = each.get_status_display().lower()
            yield Finding(
                Weight.BLOCKS,
                each.slug,
                str(each),
                f"{each} is {state}, not approved.",
                reverse("evaluation:section", args=[evidence.report.pk, each.slug]),
                "Open the section",
            )


@check("remarks", title="Remarks are settled", passed="No remark is left without an answer.")
def remarks(evidence: Evidence) -> Iterator[Finding]:
    """Remarks on sections that nobody has settled. They stop nothing, but somebody asked for something."""
    waiting = (
        evidence.report.sections.annotate(
            left=Count("comments", filter=Q(comments__resolved_at__isnull=True, comments__answers__isnull=True))
        )
        .filter(left__gt=0)
        .order_by("order")
    )
    for each in waiting:
        count = "1 remark is" if each.left == 1 else f"{each.left} remarks are"
        yield Finding(
            Weight.NOTE,
            each.slug,
            str(each),
            f"{each}: {count} not settled.",
            reverse("evaluation:section", args=[evidence.report.pk, each.slug]),
            "Read the remarks",
        )


@check(
    "numbers",
    title="Every typed number is answered for",
    passed="Every number typed into the text is bound to a figure, has a source, or may stay for a reason.",
)
def numbers(evidence: Evidence) -> Iterator[Finding]:
    """Numbers typed into the text, held against the figures and statements of the year. One that contradicts them
    stands first; the others are to be bound, sourced or dismissed with a reason as well.
    """
    state = state_of(evidence.report, computation=evidence.computation)
    if state.is_settled:
        return
    href = reverse("evaluation:numbers", args=[evidence.report.pk])
    for each in state.contradictions:
        subject, about = subject_of(each.fingerprint), clipped(each.typed.printed, LONGEST_ABOUT)
        yield Finding(Weight.BLOCKS, subject, about, _said(each), href, "Decide about it")
    for standing, count in state.counts.items():
        if count and standing is not Standing.CONTRADICTS:
            waiting = "1 number waits" if count == 1 else f"{count:,} numbers wait"
            text = f"{waiting} to be bound, sourced or dismissed: {standing.label.lower()}."
            yield Finding(Weight.BLOCKS, standing.value, standing.label, text, href, "Open the numbers")


def _said(found: Found) -> str:
    sentence = " ".join(found.typed.sentence.split())
    return f"{found.section_name}: “{found.typed.printed}” in “{clipped(sentence, LONGEST_ABOUT)}”. {found.why}".strip()

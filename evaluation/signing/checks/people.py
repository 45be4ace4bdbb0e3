"""The people in the report: nobody recognised, nobody quoted without consent."""

from __future__ import annotations

from collections.abc import Iterator

from evaluation.models import CaseStudy
from evaluation.reports.markup import parse_blocks
from evaluation.signing.evidence import Evidence
from evaluation.signing.finding import LONGEST_ABOUT, Finding, Weight, subject_of
from evaluation.signing.registry import check
from vru.lib.words import clipped

CASE_STUDY = "case_study"


@check(
    "case-studies",
    title="Case studies are told with consent",
    passed="Consent stands for every case study in the text.",
)
def case_studies(evidence: Evidence) -> Iterator[Finding]:
    """Consent must stand on the day of the signature and reach as far as a report to a funder."""
    named: dict[str, str] = {}
    for section in evidence.sections:
        for block in parse_blocks(section.text):
            if block["kind"] == CASE_STUDY:
                named.setdefault(str(block.get("ref", "")), str(section))
    found = {each.ref: each for each in CaseStudy.objects.filter(ref__in=named).order_by("ref")}
    usable = set(CaseStudy.objects.usable(public=False).filter(ref__in=named).values_list("ref", flat=True))
    for ref, place in named.items():
        if ref in usable:
            continue
        if ref not in found:
            text = f"The case study “{ref}” in {place} does not exist. Take it out of the section."
        elif found[ref].withdrawn_at is not None:
            text = f"Consent for “{found[ref]}” in {place} was withdrawn. Take it out of the section."
        else:
            text = f"Consent for “{found[ref]}” in {place} does not reach beyond the unit. Take it out."
        yield Finding(Weight.BLOCKS, subject_of(ref), "A case study", text)


@check(
    "disclosure",
    title="Nobody can be recognised",
    passed="No small count can be told from what this edition and earlier public ones print.",
)
def disclosure(evidence: Evidence) -> Iterator[Finding]:
    """The files of this edition are read as an outsider would read them, beside the earlier editions that the public
    has: no count of people may stand in them, or follow from them, that is small enough to point at somebody.
    """
    for each in evidence.exposures:
        where = f" ({', '.join(each.where)})" if each.where else ""
        yield Finding(
            Weight.BLOCKS,
            subject_of(each.key or each.kind, [each.kind, *each.where]),
            clipped(each.label, LONGEST_ABOUT),
            f"{each.sentence}{where}",
        )

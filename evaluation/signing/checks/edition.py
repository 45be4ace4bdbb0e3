"""The edition itself: whole, of a day that has come, and saying what would be said today."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.urls import reverse

from evaluation.models import Edition
from evaluation.reports.facts import Facts
from evaluation.reports.verify import check_edition
from evaluation.signing.evidence import Evidence
from evaluation.signing.finding import Finding, Weight
from evaluation.signing.registry import check
from vru.lib.periods import long_date
from vru.lib.words import clipped

BUILD_AGAIN = "Make a new edition"
# A broken table differs in every figure; the page says how many and names the first.
SHOWN = 5
# What else facts hold, in words; the rest is compared under "figures" and "sections".
_PARTS = {
    "title": "the title",
    "funder": "the funder",
    "unit": "the unit's particulars",
    "strategy_version": "the strategy in force",
    "missing": "figures that are missing",
    "refused": "tokens that cannot be read",
    "problems": "blocks that cannot be made",
    "thin": "figures resting on few returns",
    "numbers": "sources given for numbers",
    "definitions": "definitions of figures",
    "completeness": "the returns that are in",
    "issues": "data issues",
    "disclosure": "how people are protected",
    "documents": "the list of documents",
}


@check(
    "files",
    title="The files are those that were made",
    passed="Every stored file still has the hash that was noted when it was made.",
)
def files(evidence: Evidence) -> Iterator[Finding]:
    """Each stored file is hashed again, and the snapshot is read. What is signed is the hash of the snapshot."""
    for each in check_edition(evidence.edition):
        if each.problem:
            yield Finding(Weight.BLOCKS, each.kind, each.kind, each.problem)


@check(
    "day",
    title="The day of the edition",
    passed="The day has come, and no later edition of this report is signed.",
)
def day(evidence: Evidence) -> Iterator[Finding]:
    """An edition is signed when its “as at” day is over, and never after a later edition of the same report."""
    edition = evidence.edition
    if edition.as_at >= evidence.today:
        text = (
            f"This edition shows the position at the end of {long_date(edition.as_at)}, which is not over yet. Sign it "
            "on the day after, or make an edition of an earlier day."
        )
        yield Finding(Weight.BLOCKS, "as-at", "The day of the edition", text)
    later = Edition.objects.signed().filter(report=evidence.report, number__gt=edition.number).order_by("number")
    for each in later[:1]:
        text = f"Edition {each.number} of this report is signed already, and it is later than this one."
        href = reverse("evaluation:report", args=[each.pk])
        yield Finding(Weight.BLOCKS, "later", "A later edition", text, href, f"Edition {each.number}")


@check(
    "up-to-date",
    title="The edition says what would be said today",
    passed="Made again now, it would have the same sections, figures and lists.",
)
def up_to_date(evidence: Evidence) -> Iterator[Finding]:
    """The facts are read again as at the same day and laid beside those of the edition: its sections, every figure, and
    what the annexes list. Whatever was written, corrected or decided since is in the next edition, not in this one.
    """
    if evidence.facts is None:
        return
    href = reverse("evaluation:report-page", args=[evidence.report.pk])
    if isinstance(evidence.now, str):
        yield Finding(Weight.BLOCKS, "unreadable", "The edition made again", f"It cannot be made again: {evidence.now}")
        return
    for subject, text in _changes(evidence.facts, evidence.now):
        yield Finding(
            Weight.BLOCKS, subject, "The edition made again", f"{text} Make a new edition.", href, BUILD_AGAIN
        )


def _changes(then: Facts, now: Facts) -> Iterable[tuple[str, str]]:
    """(what of the facts, a sentence) for each part that is not the same."""
    if then.sha256 == now.sha256:
        return
    found = False
    for subject, text in (("sections", _sections(then.data, now.data)), ("figures", _figures(then.data, now.data))):
        if text:
            found = True
            yield subject, text
    parts = [words for name, words in _PARTS.items() if then.data.get(name) != now.data.get(name)]
    # A figure or a section that changed drags these along; on their own they are worth saying.
    if not found:
        said = ", ".join(parts) or "records that tables or charts are made from"
        yield "rest", f"Changed since it was made: {said}."


def _sections(then: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    if then["narrative_sha256"] == now["narrative_sha256"]:
        return ""
    before, after = ({each["slug"]: each for each in data["sections"]} for data in (then, now))
    changed = [f"“{each['title']}”" for slug, each in after.items() if before.get(slug) != each]
    gone = [f"“{each['title']}” (removed)" for slug, each in before.items() if slug not in after]
    names = [*changed, *gone]
    if not names:
        return "The sections were arranged or written anew since it was made."
    return f"Written since it was made: {_few(names)}."


def _figures(then: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    before, after = then["figures"], now["figures"]
    changed = [
        f"{each['label']} was {before[key]['display']} and is now {each['display']}"
        for key, each in after.items()
        if key in before and before[key]["display"] != each["display"]
    ]
    moved = sum(
        1
        for key, each in after.items()
        if key in before and before[key]["display"] == each["display"] and _number(before[key]) != _number(each)
    )
    if not changed and not moved:
        return ""
    if not changed:
        return f"{moved:,} figures changed by less than their rounding since it was made."
    return f"Figures changed since it was made: {_few(changed)}."


def _number(figure: Mapping[str, Any]) -> tuple[Any, ...]:
    return figure["value"], figure["low"], figure["high"], figure["numerator"], figure["denominator"]


def _few(names: list[str]) -> str:
    shown = "; ".join(clipped(each, 160) for each in names[:SHOWN])
    rest = len(names) - SHOWN
    return f"{shown}; and {rest:,} more" if rest > 0 else shown

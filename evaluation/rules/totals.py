"""Sums: do the parts make the total, and is no part larger than its whole?"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from evaluation.models import Relation
from evaluation.rules.arithmetic import agree, fits_printed, gap, total_of
from evaluation.rules.evidence import Evidence, Link, Value
from evaluation.rules.found import ERROR, NOTE, Found, found_among, with_note
from evaluation.rules.registry import rule
from evaluation.rules.wording import amount, apart_text, as_stated, joined, sum_text

Kind = Relation.Kind


@rule("parts-miss-total", title="Parts miss the total", severities=(ERROR, NOTE))
def parts_miss_total(evidence: Evidence) -> Iterator[Found]:
    """The parts of a total do not come to it.

    An error when no numbers within the rounding of the parts and of the total could fit; a note when rounding can
    explain the gap, but a reader who adds up the printed parts gets another total.
    """
    for link in evidence.links_of(Kind.SUM_OF):
        summed, total = total_of(link.terms), link.result
        if summed.value is None or total.bounded.value is None:
            continue
        fits = agree(summed, total.bounded)
        if fits and fits_printed(summed.value, total):
            continue
        yield _missed(link, within=fits)


def _missed(link: Link, *, within: bool) -> Found:
    total, summed = link.result, total_of(link.terms)
    apart = abs(gap(summed, total.bounded) or Decimal(0))
    members = (total, *link.terms)
    unit = min((value.width for value in members if value.is_rounded and value.width), default=None)
    difference, reached = apart_text(apart, *members), amount(summed.value or Decimal(0), total.quantity, unit=unit)
    ending = "is within rounding" if within else "is more than rounding allows"
    if unit is None:
        ending = "cannot be rounding: every number is printed exactly"
    return found_among(
        (total, *link.terms),
        severity=NOTE if within else ERROR,
        stated=total.printed,
        computed=reached,
        difference=difference,
        explanation=with_note(
            f"The parts {sum_text(link.terms)} come to {reached}; the printed total is {as_stated(total)}. "
            f"The gap of {difference} {ending}.",
            link.note,
        ),
        basis=(link.ref,),
    )


@rule("part-exceeds-whole", title="A part is larger than its whole", severities=(ERROR,))
def part_exceeds_whole(evidence: Evidence) -> Iterator[Found]:
    """A part is larger than the whole it belongs to, whatever the rounding of both."""
    told = set()
    for link in evidence.links_of(Kind.PART_OF):
        for whole in link.terms:
            told.add((link.result.name, whole.name))
            if _exceeds(link.result, whole):
                yield _too_large(link.result, whole, link.note)
    for part, whole in _points_of_part_series(evidence):
        if (part.name, whole.name) not in told and _exceeds(part, whole):
            yield _too_large(part, whole, "")


def _exceeds(part: Value, whole: Value) -> bool:
    low, high = part.bounded.low, whole.bounded.high
    return low is not None and high is not None and low > high


def _too_large(part: Value, whole: Value, note: str) -> Found:
    difference = apart_text(abs(gap(part.bounded, whole.bounded) or Decimal(0)), part, whole)
    return found_among(
        (part, whole),
        severity=ERROR,
        stated=part.printed,
        computed=f"at most {as_stated(whole)}",
        difference=difference,
        explanation=with_note(
            f"{as_stated(part)} ({part.subject}) is a part of {as_stated(whole)} ({whole.subject}), and is "
            f"{difference} larger than it.",
            note,
        ),
        basis=(part.name, whole.name),
    )


def _points_of_part_series(evidence: Evidence) -> Iterator[tuple[Value, Value]]:
    """Each point of a part series with the point of the same period of the series it is part of."""
    by_slug = {run.slug: run for run in evidence.runs}
    for run in evidence.runs:
        whole = by_slug.get(run.part_of)
        for point in run.points if whole else ():
            for other in whole.points if whole else ():
                if other.period.starts_on == point.period.starts_on and other.period.ends_on == point.period.ends_on:
                    yield point, other


@rule("series-gap", title="A series skips a year", severities=(NOTE,))
def series_gap(evidence: Evidence) -> Iterator[Found]:
    """A series of yearly values lacks a year between its first and its last."""
    for run in evidence.runs:
        dated = [(point.period.starts_on.year, point) for point in run.points if point.period.starts_on]
        for (first, before), (last, after) in pairwise(dated):
            missing = range(first + 1, last)
            if not missing:
                continue
            years = joined(map(str, missing))
            yield found_among(
                (after, before),
                severity=NOTE,
                stated=f"{before.period.text} and {after.period.text}",
                computed=f"no value for {years}",
                difference=f"{len(missing)} missing",
                explanation=f'The series "{run.title}" goes from {before.period.text} to {after.period.text} and has '
                f"nothing for the year beginning in {years}.",
                basis=(run.slug, *map(str, missing)),
            )

"""Things that stand in a place where they do not belong, having been copied from another."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations

from evaluation.models import Relation
from evaluation.rules.arithmetic import agree, percent_change, significant_digits, total_of
from evaluation.rules.changes import Candidate
from evaluation.rules.evidence import COUNT, Advice, Evidence, Link, Value
from evaluation.rules.found import ERROR, NOTE, Found, found_among
from evaluation.rules.registry import rule
from evaluation.rules.wording import as_stated, joined

Kind = Relation.Kind
# Two small counts are often equal by chance; three digits that all matter rarely are.
LEAST_DIGITS = 3
PAIR = 2
_WORD = re.compile(r"\w+")


@rule("duplicate-breaks-trend", title="A value of another series, which breaks its own trend", severities=(ERROR,))
def duplicate_breaks_trend(evidence: Evidence) -> Iterator[Found]:
    """A point of a series equals a point of another series for the same period, and does not fit its own series.

    It does not fit when more of the printed changes, differences and sums that it belongs to fail than of those that
    the other point belongs to: then it was probably copied from there.
    """
    broken = _broken_by_value(evidence)
    groups: dict[tuple[object, ...], list[Value]] = defaultdict(list)
    for run in evidence.runs:
        for point in run.points:
            if point.quantity == COUNT and significant_digits(point.number) >= LEAST_DIGITS:
                groups[point.number, point.period.starts_on, point.period.ends_on].append(point)
    for group in groups.values():
        for pair in combinations(group, 2):
            for one, other in (pair, pair[::-1]):
                if one.series != other.series and len(broken[one.name]) > len(broken[other.name]):
                    yield _copied(one, other, broken[one.name], evidence)


def _copied(one: Value, other: Value, failing: list[Link], evidence: Evidence) -> Found:
    titles = {run.slug: run.title for run in evidence.runs}
    fails = joined(dict.fromkeys(f"{as_stated(link.result)} ({link.result.name})" for link in failing))
    others = [link.result for link in failing if link.result != one]
    return found_among(
        (one, other, *others),
        severity=ERROR,
        stated=one.printed,
        computed=f"not known; {other.printed} is {titles.get(other.series, other.series)}",
        explanation=f'{as_stated(one)} in "{titles.get(one.series, one.series)}" is also the value of '
        f'"{titles.get(other.series, other.series)}" for the same period, and contradicts {fails}. It was probably '
        "copied from there; the right value is not known.",
        basis=(one.name, other.name),
    )


def _broken_by_value(evidence: Evidence) -> dict[str, list[Link]]:
    """Relations that fail, by the name of each value in them."""
    broken: dict[str, list[Link]] = defaultdict(list)
    for link in evidence.links:
        if _fails(link):
            for value in (link.result, *link.terms):
                broken[value.name].append(link)
    return broken


def _fails(link: Link) -> bool:
    terms, result = link.terms, link.result.bounded
    if link.kind == Kind.SUM_OF:
        return not agree(total_of(terms), result)
    if link.kind == Kind.DIFFERENCE_OF and len(terms) == PAIR:
        return not agree(terms[0].bounded - terms[1].bounded, result)
    if link.kind == Kind.PERCENT_CHANGE_OF and len(terms) == PAIR:
        reckoned = Candidate(link, percent_change(terms[0].bounded, terms[1].bounded))
        return not agree(reckoned.comes_to, result) and not reckoned.is_whole_with_decimals
    return False


@rule("printed-twice", title="One recommendation stands twice", severities=(NOTE,))
def printed_twice(evidence: Evidence) -> Iterator[Found]:
    """Two recommendations of one review have the same words."""
    groups: dict[tuple[object, ...], list[Advice]] = defaultdict(list)
    for advice in evidence.advice:
        groups[advice.group, tuple(_WORD.findall(advice.title.casefold()))].append(advice)
    for first, *others in groups.values():
        for other in others:
            yield Found(
                severity=NOTE,
                where=f"{other.source}: recommendation {other.ref}",
                stated=other.title[:200],
                computed=f"also recommendation {first.ref}",
                difference="",
                explanation=f"Recommendations {first.ref} and {other.ref} have the same words. Count one of them.",
                basis=(first.ref, other.ref),
                sources=tuple(dict.fromkeys((first.source, other.source))),
            )

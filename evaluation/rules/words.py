"""Words that contradict each other: names, dates, places in a document, headings and explanations."""

from __future__ import annotations

import datetime
import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from itertools import combinations

from evaluation.models import Wording
from evaluation.rules.evidence import Evidence, Worded
from evaluation.rules.found import ERROR, NOTE, WARNING, Found
from evaluation.rules.registry import rule

Kind = Wording.Kind
_WORD = re.compile(r"\w+")


@rule("names-differ", title="One thing goes by several names", severities=(NOTE,))
def names_differ(evidence: Evidence) -> Iterator[Found]:
    """Documents call one thing by different names, so that a reader may take it for two."""
    for group in _groups(evidence.wordings, Kind.NAME, lambda each: each.fact).values():
        for first, other in _unlike(group):
            yield _apart(first, other, NOTE, "Call it by one name, or say that both are one.")


@rule("reaches-differ", title="The same claim reaches differently far", severities=(WARNING,))
def reaches_differ(evidence: Evidence) -> Iterator[Found]:
    """Documents make one claim for different areas or groups ("the first in …"): not all of them can be meant."""
    for group in _groups(evidence.wordings, Kind.SCOPE, lambda each: each.fact).values():
        for first, other in _unlike(group):
            yield _apart(first, other, WARNING, "Say how far it reaches, and say it so everywhere.")


@rule("reference-astray", title="A reference leads to the wrong place", severities=(ERROR,))
def reference_astray(evidence: Evidence) -> Iterator[Found]:
    """A document says that something stands in one of its places, and it stands in another.

    A place within the one referred to is right: section 1B is in section 1.
    """
    for group in _groups(evidence.wordings, Kind.PLACE, lambda each: (each.document, each.fact)).values():
        for first, other in _unlike(group):
            ends = sorted((_plain(first.text), _plain(other.text)), key=len)
            if not ends[1].startswith(ends[0]):
                yield _apart(first, other, ERROR, "A reader who follows the reference does not find it.")


@rule("dates-differ", title="Two places date one event differently", severities=(ERROR, NOTE))
def dates_differ(evidence: Evidence) -> Iterator[Found]:
    """One event is dated to days that have none in common: an error. A note where one date is only the vaguer."""
    for group in _groups(evidence.wordings, Kind.DATE, lambda each: each.fact).values():
        for first, other in combinations(group, 2):
            if (first.starts_on, first.ends_on) == (other.starts_on, other.ends_on):
                continue
            shared = _shared_days(first, other)
            advice = f"They have {shared} days in common: say the narrower one." if shared else "They share no day."
            yield _apart(first, other, NOTE if shared else ERROR, advice)


@rule("heading-repeated", title="Two parts have one heading", severities=(WARNING,))
def heading_repeated(evidence: Evidence) -> Iterator[Found]:
    """Two different parts of one document, or of one report being written, have the same heading."""
    for group in _groups(evidence.wordings, Kind.HEADING, lambda each: (each.document, _plain(each.text))).values():
        for first, other in combinations(group, 2):
            if first.fact != other.fact:
                yield _repeated(first, other, WARNING, "One of them probably was not changed after copying.")


@rule("explanation-moved", title="One explanation stands under two things", severities=(ERROR,))
def explanation_moved(evidence: Evidence) -> Iterator[Found]:
    """The explanation of one thing stands in another place under a different one: rows of a list have slipped."""
    for group in _groups(evidence.wordings, Kind.EXPLANATION, lambda each: _plain(each.text)).values():
        for first, other in combinations(group, 2):
            if first.fact != other.fact:
                yield _repeated(first, other, ERROR, "An explanation belongs to one of them.")


def _groups(wordings: Iterable[Worded], kind: str, key: Callable[[Worded], Hashable]) -> dict[Hashable, list[Worded]]:
    groups: dict[Hashable, list[Worded]] = defaultdict(list)
    for each in wordings:
        if each.kind == kind:
            groups[key(each)].append(each)
    return groups


def _unlike(group: list[Worded]) -> Iterator[tuple[Worded, Worded]]:
    """The wording that most places have, the first of equals, with one place of each other wording."""
    by_text: dict[str, list[Worded]] = defaultdict(list)
    for each in group:
        by_text[_plain(each.text)].append(each)
    usual = max(by_text.values(), key=len)
    for others in by_text.values():
        if others is not usual:
            yield usual[0], others[0]


def _plain(text: str) -> str:
    return " ".join(_WORD.findall(text.casefold()))


def _shared_days(first: Worded, other: Worded) -> int:
    starts = [each.starts_on for each in (first, other) if each.starts_on]
    ends = [each.ends_on for each in (first, other) if each.ends_on]
    return max(0, (min(ends) - max(starts)).days + 1) if starts and ends else 0


def _apart(first: Worded, other: Worded, severity: str, advice: str) -> Found:
    told = f'{_at(first)} has "{first.text}" and {_at(other)} has "{other.text}" for {other.about}.'
    return _found(first, other, severity, f"{told} {advice}")


def _repeated(first: Worded, other: Worded, severity: str, advice: str) -> Found:
    told = f'"{first.text}" stands for {first.about} at {_at(first)} and for {other.about} at {_at(other)}.'
    return _found(first, other, severity, f"{told} {advice}")


def _at(each: Worded) -> str:
    return f"{each.document} ({each.place})"


def _found(first: Worded, other: Worded, severity: str, explanation: str) -> Found:
    days: list[datetime.date] = [each.published_on for each in (first, other) if each.published_on]
    return Found(
        severity=severity,
        where=other.where,
        stated=other.text,
        computed=first.text,
        difference="",
        explanation=explanation,
        basis=tuple(sorted((first.ref, other.ref))),
        sources=tuple(dict.fromkeys((other.source, first.source))),
        newest=max(days, default=None),
    )

"""Claims about numbers that print none: that something fell, how long it lasted, what a share is a share of."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from itertools import combinations

from evaluation.models import Relation, StatedValue
from evaluation.rules.arithmetic import agree, percent_change, significant_digits
from evaluation.rules.changes import Candidate, reckoned_share
from evaluation.rules.evidence import COUNT, PERCENT, Evidence, Link, Value
from evaluation.rules.found import ERROR, NOTE, WARNING, Found, found_among, with_note
from evaluation.rules.joining import leaders
from evaluation.rules.registry import rule
from evaluation.rules.wording import amount, as_stated, joined, sum_text
from vru.lib.bounded import Bounded, Precision
from vru.lib.periods import long_date

Kind = Relation.Kind
Periods = StatedValue.PeriodKind
PAIR = 2
# Days of the units that a length of time is told in; a length is told in whole units, begun ones counted or not.
DAYS = {"days": Decimal(1), "weeks": Decimal(7), "months": Decimal("30.44"), "years": Decimal("365.25")}
# Fewer digits are often equal by chance.
LEAST_DIGITS = 3


@rule("direction-disagrees", title="Said to rise or fall, and did not", severities=(ERROR,))
def direction_disagrees(evidence: Evidence) -> Iterator[Found]:
    """A document says only that something rose, or fell, and its counts went the other way.

    Where it says so of several series, each of them is tested.
    """
    for link in evidence.links_of(Kind.PERCENT_CHANGE_OF, Kind.DIFFERENCE_OF):
        if len(link.terms) != PAIR or not says_direction(link.result):
            continue
        old, new = link.terms if link.kind == Kind.PERCENT_CHANGE_OF else link.terms[::-1]
        comes_to = percent_change(old.bounded, new.bounded)
        if comes_to.value is not None and not agree(comes_to, link.result.bounded):
            yield _went_otherwise(link, old, new, comes_to)


def says_direction(value: Value) -> bool:
    """Whether a value says no more than which side of nought it is on."""
    low, high = value.bounded.low, value.bounded.high
    return value.bounded.value is None and (low, high) in ((None, 0), (0, None))


def _went_otherwise(link: Link, old: Value, new: Value, comes_to: Bounded) -> Found:
    change = amount(comes_to.value or Decimal(0), PERCENT, unit=Decimal("0.1"))
    went = "rose" if (comes_to.value or 0) > 0 else "fell"
    return found_among(
        (link.result, new, old),
        severity=ERROR,
        stated=link.result.printed,
        computed=change,
        explanation=with_note(
            f'The text says "{link.result.printed}"; {new.subject} {went} from {as_stated(old)} to {as_stated(new)} '
            f"({change}).",
            link.note,
        ),
        basis=(link.result.name, new.name),
    )


@rule("duration-disagrees", title="A length of time disagrees with its dates", severities=(ERROR,))
def duration_disagrees(evidence: Evidence) -> Iterator[Found]:
    """A printed length of time is not the time between its dates, by more than one of its units.

    Of an age, the later date is the day of the document that prints it.
    """
    for value in evidence.values:
        days = DAYS.get(value.unit)
        starts_on, ends_on = value.period.starts_on, value.period.ends_on or value.published_on
        if days is None or value.period.kind != Periods.RANGE or starts_on is None or ends_on is None:
            continue
        passed = Decimal((ends_on - starts_on).days) / days
        if not agree(value.bounded, Bounded(passed, passed - 1, passed + 1, Precision.ABOUT)):
            yield _other_length(value, starts_on, ends_on, passed)


def _other_length(value: Value, starts_on: datetime.date, ends_on: datetime.date, passed: Decimal) -> Found:
    length = f"{amount(passed, COUNT, unit=Decimal(1))} {value.unit}"
    spell = f"from {long_date(starts_on)} to {long_date(ends_on)}"
    return found_among(
        (value,),
        severity=ERROR,
        stated=value.printed,
        computed=length,
        explanation=f'The text prints "{value.printed}"; {spell} is {length}.',
        basis=(value.name,),
    )


@rule("basis-unclear", title="A share fits one basis and not another", severities=(NOTE,))
def basis_unclear(evidence: Evidence) -> Iterator[Found]:
    """A printed share may rest on several sets of parts, and fits only some of them: say which is meant."""
    by_result: dict[str, list[Candidate]] = defaultdict(list)
    for link in evidence.links_of(Kind.SHARE_OF):
        comes_to = reckoned_share(link)
        if comes_to is not None and comes_to.value is not None:
            by_result[link.result.name].append(Candidate(link, comes_to))
    for candidates in by_result.values():
        fits = [each for each in candidates if agree(each.comes_to, each.link.result.bounded)]
        if fits and len(fits) < len(candidates):
            yield _unclear(fits[0], [each for each in candidates if each not in fits])


def _unclear(fit: Candidate, others: list[Candidate]) -> Found:
    printed = fit.link.result
    told = joined(f"{_basis(each)} is {_reckoned(each)}" for each in (fit, *others))
    return found_among(
        (printed, *fit.link.terms, *(term for each in others for term in each.link.terms)),
        severity=NOTE,
        stated=printed.printed,
        computed=joined(_reckoned(each) for each in (fit, *others)),
        explanation=with_note(f"{told}. Say which is meant.", fit.link.note),
        basis=(printed.name, "basis"),
    )


def _basis(candidate: Candidate) -> str:
    *parts, whole = candidate.link.terms
    return f"{sum_text(parts)} of {as_stated(whole)}"


def _reckoned(candidate: Candidate) -> str:
    return amount(candidate.comes_to.value or Decimal(0), PERCENT, unit=Decimal("0.1"))


@rule("same-number-twice", title="One number for two different things", severities=(WARNING, NOTE))
def same_number_twice(evidence: Evidence) -> Iterator[Found]:
    """One document prints the same exact count, of three digits that matter or more, for two unrelated things.

    A warning where both are of one unit, so that one may have been copied over the other; a note otherwise. Points of
    two series are left to the rule duplicate-breaks-trend.
    """
    together = leaders(evidence.links)  # only unrelated values are told
    groups: dict[tuple[str, Decimal], list[Value]] = defaultdict(list)
    for value in evidence.values:
        if value.quantity == COUNT and value.bounded.is_exact and significant_digits(value.number) >= LEAST_DIGITS:
            groups[value.document, abs(value.number)].append(value)
    for group in groups.values():
        # Places that say one thing count once: the first of them stands for all.
        one_each = {together.get(value.name, value.name): value for value in reversed(group)}
        for first, second in combinations(reversed(one_each.values()), 2):
            if first.measure != second.measure and not (first.series and second.series):
                yield _same_number(first, second)


def _same_number(first: Value, second: Value) -> Found:
    alike = first.unit == second.unit
    return found_among(
        (first, second),
        severity=WARNING if alike else NOTE,
        stated=first.printed,
        computed=f"also {second.subject}",
        explanation=f"{as_stated(first)} is printed for {first.subject} and for {second.subject}. "
        f"{'One may have been copied over the other' if alike else 'It may be chance'}: check both.",
        basis=tuple(sorted((first.name, second.name))),
    )

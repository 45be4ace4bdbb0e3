"""One fact told twice: do both places agree, is it one sum of money, and is it about the same thing?"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from evaluation.models import Relation, StatedValue
from evaluation.rules.arithmetic import agree, gap, is_round_form_of
from evaluation.rules.evidence import MONEY, Evidence, Link, Spell, Value
from evaluation.rules.found import ERROR, NOTE, WARNING, Found, found_among, with_note
from evaluation.rules.joining import leaders
from evaluation.rules.registry import rule
from evaluation.rules.scope import period_clash, scope_points
from evaluation.rules.wording import apart_text, as_stated, joined, told_at

Kind = Relation.Kind
Kinds = StatedValue.Kind
Periods = StatedValue.PeriodKind
# What a sum may be before it is spent: money described as any of these may be the same money.
MONEY_SET_ASIDE = frozenset({Kinds.ALLOCATION, Kinds.AWARD, Kinds.BUDGET})
PERIODS_OF_NO_YEAR = frozenset({Periods.UNSPECIFIED, Periods.SINCE_LAUNCH, Periods.FIRST_18_MONTHS})
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Twin:
    """Two values that tell one fact, by a relation or because everything that defines them is equal."""

    first: Value
    second: Value
    note: str = ""
    is_declared: bool = True

    @property
    def values(self) -> tuple[Value, Value]:
        return self.first, self.second

    @property
    def basis(self) -> tuple[str, ...]:
        return tuple(sorted(value.name for value in self.values))

    @property
    def agrees(self) -> bool:
        return agree(self.first.bounded, self.second.bounded)

    @property
    def may_be_one_sum(self) -> bool:
        """Money set aside, in agreement but in another form, with a period that fits both."""
        first, second = self.values
        return (
            self.agrees
            and {first.quantity, second.quantity} == {MONEY}
            and first.kind in MONEY_SET_ASIDE
            and second.kind in MONEY_SET_ASIDE
            and first.bounded != second.bounded
            # An exact sum beside its own rounding is one sum told less precisely.
            and first.is_rounded
            and second.is_rounded
            and first.period.kind != second.period.kind
            and bool({first.period.kind, second.period.kind} & PERIODS_OF_NO_YEAR)
            and _words(first.population) != _words(second.population)
        )


@rule("same-fact-differs", title="Two places disagree about the same fact", severities=(ERROR, WARNING))
def same_fact_differs(evidence: Evidence) -> Iterator[Found]:
    """Two values of the same fact cannot both be right.

    The same fact is what a relation says is one, or values equal in measure, period, population and kind. A warning
    where a period that is not stated alike, or a round number, may explain it; an error otherwise.
    """
    for twin in (*_declared(evidence), *_undeclared(evidence)):
        if not twin.agrees and twin.first.quantity == twin.second.quantity:
            yield _differing(twin)


@rule("same-money-twice", title="The same money may be described twice", severities=(WARNING,))
def same_money_twice(evidence: Evidence) -> Iterator[Found]:
    """Two sums agree within rounding, but are printed differently and for different periods or people.

    They may be one sum. It must be counted once until somebody knows.
    """
    for twin in (*_declared(evidence), *_same_measure(evidence)):
        if twin.may_be_one_sum:
            first, second = twin.values
            yield found_among(
                twin.values,
                severity=WARNING,
                stated=first.printed,
                computed=second.printed,
                difference=apart_text(abs(gap(first.bounded, second.bounded) or Decimal(0)), first, second),
                explanation=with_note(
                    f"{as_stated(first)} for {first.population or first.subject} and {as_stated(second)} for "
                    f"{second.population or second.subject} are one number within rounding. If they are one sum, count "
                    "it once.",
                    twin.note,
                ),
                basis=twin.basis,
            )


@rule("scope-differs", title="The same number, about something else", severities=(NOTE,))
def scope_differs(evidence: Evidence) -> Iterator[Found]:
    """Values that are compared agree, but differ in period, population, kind or measure.

    Such as a calendar year against a financial one, direct reach against direct and indirect, a forecast against an
    actual number.
    """
    for twin in _declared(evidence):
        points = scope_points(*twin.values)
        if points and twin.agrees and not twin.may_be_one_sum:
            yield _scoped(twin.values, points, twin.note, twin.basis, told="are given as one fact")
    reckoned = (Kind.PART_OF, Kind.SHARE_OF, Kind.SUM_OF, Kind.DIFFERENCE_OF, Kind.PERCENT_CHANGE_OF)
    for link in evidence.links_of(*reckoned):
        points = _mixed(link)
        if points:
            yield _scoped((link.result, *link.terms), points, link.note, (link.ref,), told="enter one calculation")


def _differing(twin: Twin) -> Found:
    first, second = twin.values
    softened = _softened(twin)
    reason = "" if twin.is_declared else " Nothing tells them apart: they have the same measure, period and population."
    apart = gap(first.bounded, second.bounded)
    difference = "" if apart is None else apart_text(abs(apart), first, second)
    return found_among(
        twin.values,
        severity=WARNING if softened else ERROR,
        stated=first.printed,
        computed=second.printed,
        difference=difference,
        explanation=with_note(
            f"{told_at(first)} has {as_stated(first)} and {told_at(second)} has {as_stated(second)} for the same fact. "
            f"{softened or 'They cannot both be right.'}{reason}",
            twin.note,
        ),
        basis=twin.basis,
    )


def _softened(twin: Twin) -> str:
    """What may explain the difference, as a sentence; empty when nothing does."""
    first, second = twin.values
    if first.period.kind != second.period.kind or period_clash(first.period, second.period):
        return "The periods are not stated alike, which may explain it."
    for one, other in (twin.values, twin.values[::-1]):
        if one.bounded.is_exact and is_round_form_of(one.number, other.number):
            return f"{as_stated(one)} may be a round number that does not say so."
    return ""


def _scoped(values: tuple[Value, ...], points: list[str], note: str, basis: tuple[str, ...], *, told: str) -> Found:
    first, others = values[0], values[1:]
    return found_among(
        values,
        severity=NOTE,
        stated=first.printed,
        computed=", ".join(dict.fromkeys(value.printed for value in others))[:200],
        explanation=with_note(
            f"{joined(f'{as_stated(value)} in {told_at(value)}' for value in values)} {told}, but {'; '.join(points)}.",
            note,
        ),
        basis=basis,
    )


def _mixed(link: Link) -> list[str]:
    """What makes the members of a calculation different in kind; a change runs over periods, so only years of
    different sorts count there.
    """
    points: list[str] = []
    for term in link.terms:
        points += scope_points(link.result, term, only_mixed=True)
    return list(dict.fromkeys(points))


def _declared(evidence: Evidence) -> Iterator[Twin]:
    for link in evidence.links_of(Kind.SAME_FACT_AS):
        for term in link.terms:
            yield Twin(link.result, term, link.note)


def _undeclared(evidence: Evidence) -> Iterator[Twin]:
    """Values that nothing distinguishes and no relation joins, each with the first of its group."""
    together = leaders(evidence.links_of(Kind.SAME_FACT_AS))
    groups: dict[tuple[object, ...], list[Value]] = defaultdict(list)
    for value in evidence.values:
        groups[value.measure, _same_period(value.period), _words(value.population), value.kind, value.quantity].append(
            value
        )
    for group in groups.values():
        for first, second in combinations(group, 2):
            if together.get(first.name, first.name) != together.get(second.name, second.name):
                yield Twin(second, first, is_declared=False)


def _same_measure(evidence: Evidence) -> Iterator[Twin]:
    """Money of one measure that no relation joins."""
    together = leaders(evidence.links_of(Kind.SAME_FACT_AS))
    groups: dict[str, list[Value]] = defaultdict(list)
    for value in evidence.values:
        if value.quantity == MONEY:
            groups[value.measure].append(value)
    for group in groups.values():
        for first, second in combinations(group, 2):
            if together.get(first.name, first.name) != together.get(second.name, second.name):
                yield Twin(second, first, is_declared=False)


def _same_period(period: Spell) -> tuple[object, ...]:
    if period.is_dated:
        return period.starts_on, period.ends_on
    return period.kind, _words(period.text)


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.casefold()))

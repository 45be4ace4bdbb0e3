"""Percentages, shares, ratios and differences: do they agree with the numbers they are made of?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from evaluation.models import Relation
from evaluation.rules.arithmetic import HUNDRED, agree, gap, percent_change, share, total_of
from evaluation.rules.evidence import PERCENT, Evidence, Link, Value
from evaluation.rules.found import ERROR, WARNING, Found, found_among, with_note
from evaluation.rules.registry import rule
from evaluation.rules.wording import amount, apart_text, as_stated, joined, sum_text
from vru.lib.bounded import Bounded

Kind = Relation.Kind
PAIR = 2
ONE = Decimal(1)
Reckon = Callable[[Link], Bounded]


@dataclass(frozen=True, slots=True)
class Candidate:
    """One way in which a printed number may have been reckoned, and what it comes to."""

    link: Link
    comes_to: Bounded

    @property
    def distance(self) -> Decimal:
        return abs(gap(self.comes_to, self.link.result.bounded) or Decimal(0))

    @property
    def is_whole_with_decimals(self) -> bool:
        """Right to the nearest whole number, but printed with decimals that it does not have."""
        printed = self.link.result
        value = printed.bounded.value
        if value is None or printed.width is None or not 0 < printed.width < ONE or value != value.to_integral_value():
            return False
        return self.distance <= ONE / 2


@rule("percentage-disagrees", title="A percentage disagrees with its own counts", severities=(ERROR,))
def percentage_disagrees(evidence: Evidence) -> Iterator[Found]:
    """A printed percentage change is not the change between its two counts, even allowing for rounding.

    Where a percentage may rest on one of several pairs of counts, it is only reported when it fits none of them.
    """
    return _disagreeing(evidence, Kind.PERCENT_CHANGE_OF, _percent_change, _change_sentence)


@rule("share-disagrees", title="A share disagrees with its part and whole", severities=(ERROR,))
def share_disagrees(evidence: Evidence) -> Iterator[Found]:
    """A printed share is not its part divided by its whole, even allowing for rounding.

    The part may be several parts together. What the parts leave of the whole is tested in the same way.
    """
    yield from _disagreeing(evidence, Kind.SHARE_OF, _share, _quotient_sentence)
    yield from _disagreeing(evidence, Kind.REST_OF, _rest, _rest_sentence)


@rule("ratio-disagrees", title="A ratio disagrees with its two numbers", severities=(ERROR,))
def ratio_disagrees(evidence: Evidence) -> Iterator[Found]:
    """A printed ratio, rate or unit cost is not its first number divided by its second, even allowing for rounding."""
    return _disagreeing(evidence, Kind.RATIO_OF, _ratio, _quotient_sentence)


@rule("difference-disagrees", title="A difference disagrees with its own counts", severities=(ERROR,))
def difference_disagrees(evidence: Evidence) -> Iterator[Found]:
    """A printed difference is not the first number less the second, even allowing for rounding."""
    return _disagreeing(evidence, Kind.DIFFERENCE_OF, _difference, _difference_sentence)


@rule("precision-overstated", title="Printed more precisely than it is", severities=(WARNING,))
def precision_overstated(evidence: Evidence) -> Iterator[Found]:
    """A whole percentage is printed with a decimal nought that its counts contradict.

    The printed number is right to the nearest whole one; the decimal claims a precision that nobody reckoned.
    """
    reckoned = (
        (Kind.PERCENT_CHANGE_OF, _percent_change),
        (Kind.SHARE_OF, _share),
        (Kind.RATIO_OF, _ratio),
    )
    for kind, reckon in reckoned:
        for candidates in _wrong(evidence, kind, reckon):
            nearest = min(candidates, key=lambda each: each.distance)
            if nearest.is_whole_with_decimals:
                yield _overstated(nearest)


def _disagreeing(
    evidence: Evidence, kind: str, reckon: Reckon, sentence: Callable[[Candidate], str]
) -> Iterator[Found]:
    for candidates in _wrong(evidence, kind, reckon):
        nearest = min(candidates, key=lambda each: each.distance)
        if not nearest.is_whole_with_decimals:
            yield _disagreement(candidates, nearest, sentence)


def _wrong(evidence: Evidence, kind: str, reckon: Reckon) -> Iterator[list[Candidate]]:
    """The candidates of every printed number that none of them explains."""
    by_result: dict[str, list[Candidate]] = defaultdict(list)
    for link in evidence.links_of(kind):
        if len(link.terms) == PAIR or (len(link.terms) > PAIR and kind in (Kind.SHARE_OF, Kind.REST_OF)):
            by_result[link.result.name].append(Candidate(link, reckon(link)))
    for candidates in by_result.values():
        known = [each for each in candidates if each.comes_to.value is not None]
        # A result without a number only says which way it went: see the rule direction-disagrees.
        if candidates[0].link.result.bounded.value is None:
            continue
        if known and not any(agree(each.comes_to, each.link.result.bounded) for each in candidates):
            yield known


def _disagreement(candidates: list[Candidate], nearest: Candidate, sentence: Callable[[Candidate], str]) -> Found:
    printed = nearest.link.result
    terms = [term for each in candidates for term in each.link.terms]
    difference = apart_text(nearest.distance, printed)
    sentences = " ".join(sentence(each) for each in candidates)
    notes = " ".join(dict.fromkeys(each.link.note for each in candidates if each.link.note))
    return found_among(
        (printed, *terms),
        severity=ERROR,
        stated=printed.printed,
        computed=joined(_shown(_number(each), printed) for each in candidates),
        difference=difference,
        explanation=with_note(f"{sentences} The text prints {as_stated(printed)}, which is {difference} out.", notes),
        basis=(printed.name,),
    )


def _overstated(candidate: Candidate) -> Found:
    printed = candidate.link.result
    exact = _shown(_number(candidate), printed)
    whole = amount(printed.number, printed.quantity)
    return found_among(
        (printed, *candidate.link.terms),
        severity=WARNING,
        stated=printed.printed,
        computed=exact,
        difference=apart_text(candidate.distance, printed),
        explanation=with_note(
            f"The numbers behind it give {exact}. Printed as {as_stated(printed)}, it is right only as the whole "
            f"number {whole}: print {exact} or {whole}.",
            candidate.link.note,
        ),
        basis=(printed.name,),
    )


def _percent_change(link: Link) -> Bounded:
    old, new = link.terms
    return percent_change(old.bounded, new.bounded)


def _share(link: Link) -> Bounded:
    *parts, whole = link.terms
    part = total_of(parts)
    return share(part, whole.bounded) if link.result.quantity == PERCENT else part / whole.bounded


def reckoned_share(link: Link) -> Bounded | None:
    """What a share relation comes to; None where it has no part and whole."""
    return _share(link) if len(link.terms) >= PAIR else None


def _ratio(link: Link) -> Bounded:
    return _share(link)


def _rest(link: Link) -> Bounded:
    *parts, whole = link.terms
    part = total_of(parts)
    return HUNDRED - share(part, whole.bounded) if link.result.quantity == PERCENT else 1 - part / whole.bounded


def _difference(link: Link) -> Bounded:
    first, second = link.terms
    return first.bounded - second.bounded


def _change_sentence(candidate: Candidate) -> str:
    old, new = candidate.link.terms
    return f"{as_stated(old)} to {as_stated(new)} is {_shown(_number(candidate), candidate.link.result)}."


def _quotient_sentence(candidate: Candidate) -> str:
    *tops, bottom = candidate.link.terms
    return f"{sum_text(tops)} of {as_stated(bottom)} is {_shown(_number(candidate), candidate.link.result)}."


def _rest_sentence(candidate: Candidate) -> str:
    *parts, whole = candidate.link.terms
    rest = _shown(_number(candidate), candidate.link.result)
    return f"Without {sum_text(parts)} of {as_stated(whole)}, {rest} is left."


def _difference_sentence(candidate: Candidate) -> str:
    first, second = candidate.link.terms
    text = f"{as_stated(first)} less {as_stated(second)} is {_shown(_number(candidate), candidate.link.result)}."
    printed = candidate.link.result.bounded.value or Decimal(0)
    return f"{text} It goes the other way." if printed * _number(candidate) < 0 else text


def _number(candidate: Candidate) -> Decimal:
    return candidate.comes_to.value or Decimal(0)


def _shown(number: Decimal, printed: Value) -> str:
    """To one more place than a whole percentage, so that the difference can be seen."""
    if printed.quantity != PERCENT:
        return amount(number, printed.quantity)
    return amount(number, PERCENT, unit=min(printed.width or Decimal("0.1"), Decimal("0.1")))

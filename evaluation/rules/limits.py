"""Values that cannot be, and values that cannot be compared."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from evaluation.models import Relation, StatedValue
from evaluation.rules.arithmetic import HUNDRED
from evaluation.rules.evidence import COUNT, PERCENT, Evidence, Value
from evaluation.rules.found import ERROR, WARNING, Found, found_among, with_note
from evaluation.rules.registry import rule
from evaluation.rules.wording import amount, apart_text, as_stated, unit_word
from vru.lib.numbers import NumberKind, NumberProblem, read_number

Kind = Relation.Kind
Kinds = StatedValue.Kind
CHANGE_UNIT, PEOPLE = "percent_change", "people"
COMPARED_LIKE_WITH_LIKE = (Kind.SUM_OF, Kind.DIFFERENCE_OF, Kind.SAME_FACT_AS, Kind.PART_OF)


@rule("impossible-value", title="A value that cannot be", severities=(ERROR, WARNING))
def impossible_value(evidence: Evidence) -> Iterator[Found]:
    """A share above 100%, a count below nought, part of a person, or a fall by more than everything.

    A percentage above 100 that is not known to be a share is a warning: say what it is a percentage of.
    """
    shares = {link.result.name for link in evidence.links_of(Kind.SHARE_OF)}
    for value in evidence.values:
        severity, problem, limit = _impossible(value, is_share=value.name in shares)
        if problem:
            yield found_among(
                (value,),
                severity=severity,
                stated=value.printed,
                computed=limit,
                difference="",
                explanation=f"{as_stated(value)} {unit_word(value)}: {problem}.",
                basis=(value.name,),
            )


def _impossible(value: Value, *, is_share: bool) -> tuple[str, str, str]:
    """(severity, problem, limit); the problem is empty when there is none."""
    low, high = value.bounded.low, value.bounded.high
    if value.unit == CHANGE_UNIT:
        if high is not None and high < -HUNDRED:
            return ERROR, "nothing can fall by more than all of it", f"{amount(-HUNDRED, PERCENT)} or more"
        return ERROR, "", ""
    if value.quantity == PERCENT and low is not None and low > HUNDRED:
        if is_share:
            return ERROR, "a share cannot be more than the whole", "100% or less"
        if value.kind in (Kinds.ACTUAL, Kinds.TARGET):
            return WARNING, "a share cannot be more than the whole; if it is none, say what it is", "100% or less"
    if value.quantity != COUNT or value.kind == Kinds.CHANGE:
        return ERROR, "", ""
    if high is not None and high < 0:
        return ERROR, "a count cannot be below nought", "0 or more"
    if value.unit == PEOPLE and value.bounded.is_exact and value.number % 1:
        return ERROR, "people come whole", "a whole number"
    return ERROR, "", ""


@rule("units-differ", title="Values of different units are compared", severities=(ERROR,))
def units_differ(evidence: Evidence) -> Iterator[Found]:
    """A relation or a series mixes money, percentages and counts, so that it cannot be tested."""
    for link in evidence.links_of(*COMPARED_LIKE_WITH_LIKE):
        for term in link.terms:
            if term.quantity != link.result.quantity:
                yield _mixed_units(link.result, term, link.note, (link.ref, term.name))
    for run in evidence.runs:
        first = run.points[0] if run.points else None
        for point in run.points[1:]:
            if first is not None and point.quantity != first.quantity:
                yield _mixed_units(point, first, "", (run.slug, point.name))


def _mixed_units(one: Value, other: Value, note: str, basis: tuple[str, ...]) -> Found:
    return found_among(
        (one, other),
        severity=ERROR,
        stated=f"{one.printed} ({unit_word(one)})",
        computed=f"{other.printed} ({unit_word(other)})",
        explanation=with_note(
            f"{one.name} is a {one.quantity if one.quantity != 'money' else 'sum of money'} and {other.name} a "
            f"{other.quantity if other.quantity != 'money' else 'sum of money'}: they cannot be compared.",
            note,
        ),
        basis=basis,
    )


@rule("transcription-differs", title="Held otherwise than it is printed", severities=(ERROR,))
def transcription_differs(evidence: Evidence) -> Iterator[Found]:
    """The number held is not the number in the text as printed.

    Only where the text is a number that can be read for certain; a fall printed without its minus sign is the same
    number.
    """
    for value in evidence.values:
        printed = _read(value)
        if printed is None or value.bounded.value is None:
            continue
        if abs(printed) != abs(value.bounded.value):
            held = amount(value.bounded.value, value.quantity)
            yield found_among(
                (value,),
                severity=ERROR,
                stated=value.printed,
                computed=held,
                difference=apart_text(abs(abs(printed) - abs(value.bounded.value)), value),
                explanation=f'The text prints "{value.printed}"; {held} is held. Compare the value with the document.',
                basis=(value.name,),
            )


def _read(value: Value) -> Decimal | None:
    """The printed number, where it is a number with its own unit: "£8.8m", "25%", "1,169"."""
    text, quantity = value.printed.strip(), value.quantity
    marked = {"money": "£" in text, PERCENT: "%" in text, COUNT: text[:1].isdigit()}
    if not marked[quantity]:
        return None
    kinds = {"money": NumberKind.MONEY, PERCENT: NumberKind.PERCENT, COUNT: NumberKind.DECIMAL}
    try:
        return read_number(text, kind=kinds[quantity], approximate=True, allow_negative=True).value
    except NumberProblem:
        return None

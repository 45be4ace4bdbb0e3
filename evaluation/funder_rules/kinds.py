"""How each kind of rule is judged. None names a funder, a year or an amount."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

from evaluation.figures import Figure, FigureKey, Scope
from evaluation.funder_rules.carried import carried
from evaluation.funder_rules.keys import WHOLE, Kind, compared
from evaluation.funder_rules.verdict import Outcome, Verdict
from programmes.models import FunderRule
from vru.lib.money import Money
from vru.lib.periods import long_date

Figures = Mapping[str, Figure]
HUNDREDTH = Decimal("0.01")
FORECAST = "spend.forecast"


def needed(rule: FunderRule) -> list[str]:
    """The figures to compute before the rule is judged."""
    keys = [key for key in compared(rule) if key]
    ahead = _forecast_key(keys[0]) if keys and rule.kind == Kind.SPENT_BY_YEAR_END else ""
    return [*keys, ahead] if ahead else keys


def _forecast_key(numerator: str) -> str:
    """The forecast beside a figure of spend; other figures have none."""
    key = FigureKey.parse(numerator)
    return str(FigureKey(FORECAST, key.parameters)) if key.name == "spend.total" else ""


def judge_spent_by_year_end(rule: FunderRule, scope: Scope, figures: Figures) -> Verdict:
    """Enough of the money is spent by 31 March. Until then what is forecast counts; afterwards only what was spent.

    Broken needs every return: while some are missing after the year's end, the rest may still be in them.
    """
    spend, money = (figures[key] for key in compared(rule))
    if money.value is None:
        return _unknown(rule, "How much there is to spend is not recorded.", spend, money)
    if spend.value is None:
        return _unknown(rule, "No return of the year is approved yet, so what was spent is not known.", spend, money)
    threshold = rule.threshold_percent or WHOLE
    target = money.value * threshold / WHOLE
    is_over = scope.as_at > scope.year.ends_on
    ahead = figures.get(_forecast_key(str(spend.key)))
    forecast = Decimal(0) if is_over or ahead is None or ahead.value is None else ahead.value
    expected = spend.value + forecast
    working = f"{_said(spend)} spent" + (f" + {_said(ahead)} forecast" if forecast and ahead else "")
    working += f", against {_pounds(target)}" + (
        f" ({threshold.normalize():f}% of {_said(money)})" if threshold != WHOLE else ""
    )
    end = long_date(scope.year.ends_on)
    if expected >= target:
        why = f"What was spent by {end} covers it." if is_over else f"Spend and forecast by {end} cover it."
        outcome = Outcome.MET
    elif not is_over:
        why = f"Spend and forecast are {_pounds(target - expected)} short of what must be spent by {end}."
        outcome = Outcome.AT_RISK
    elif _is_complete(spend):
        why = f"{_pounds(target - expected)} was not spent by {end}, and every return is in."
        outcome = Outcome.BROKEN
    else:
        why = f"{_pounds(target - expected)} is not accounted for by {end}, and {_missing(spend)}."
        outcome = Outcome.AT_RISK
    return _verdict(rule, outcome, why, working, spend, money, threshold, expected, money.value)


def judge_no_carry_over(rule: FunderRule, scope: Scope, figures: Figures) -> Verdict:
    """None of the year's money is used after it: broken once it is spent, at risk while it is only planned."""
    found = carried(rule.source, scope)
    if not found.awards:
        return Verdict(rule, Outcome.UNKNOWN, f"Nothing is promised from this source in {scope.year}.")
    end, whole = long_date(scope.year.ends_on), Money(found.committed)
    late = max(found.spent, found.planned)
    working = f"{Money(found.spent)} spent and {Money(found.planned)} planned after {end}, of {whole} promised"
    if found.spent:
        outcome, why = Outcome.BROKEN, f"{Money(found.spent)} of the year's money was spent after {end}."
    elif found.planned:
        outcome, why = Outcome.AT_RISK, f"{Money(found.planned)} of the year's money is planned after {end}."
    elif found.running_on:
        many = "1 award runs" if found.running_on == 1 else f"{found.running_on} awards run"
        outcome, why = Outcome.AT_RISK, f"{many} on after {end} without money of a later year."
    else:
        outcome, why = Outcome.MET, f"Everything promised from it is planned and spent by {end}."
    return Verdict(rule, outcome, why, working, str(Money(late)), str(whole))


def judge_minimum_share(rule: FunderRule, scope: Scope, figures: Figures) -> Verdict:
    return _judge_share(rule, scope, figures, least=True)


def judge_maximum_share(rule: FunderRule, scope: Scope, figures: Figures) -> Verdict:
    return _judge_share(rule, scope, figures, least=False)


def _judge_share(rule: FunderRule, scope: Scope, figures: Figures, *, least: bool) -> Verdict:
    """A share on the wrong side is at risk while the year runs or returns are missing, and broken afterwards."""
    keys = compared(rule)
    if not all(keys):
        return Verdict(rule, Outcome.UNKNOWN, "The rule does not say which figures it compares.")
    part, whole = (figures[key] for key in keys)
    if rule.threshold_percent is None:
        return _unknown(rule, "The funder's threshold is not recorded.", part, whole)
    if part.value is None or whole.value is None:
        lacking = part if part.value is None else whole
        return _unknown(rule, f"There is no value yet for “{lacking.label}”.", part, whole)
    if not whole.value:
        return _unknown(rule, f"“{whole.label}” is nought, so there is nothing to take a share of.", part, whole)
    share = part.value * WHOLE / whole.value
    threshold = rule.threshold_percent
    kept = share >= threshold if least else share <= threshold
    limit = f"{'at least' if least else 'at most'} {threshold.normalize():f}%"
    said = share.quantize(HUNDREDTH, rounding=ROUND_HALF_UP)
    working = f"{_said(part)} ÷ {_said(whole)} = {said}%, {limit} asked"
    settled = scope.as_at > scope.year.ends_on and _is_complete(part) and _is_complete(whole)
    if kept:
        outcome, why = Outcome.MET, f"The share is {said}%; {limit} is asked."
    elif settled:
        outcome, why = Outcome.BROKEN, f"The share is {said}%, where {limit} is asked, and the year is over."
    else:
        over = scope.as_at > scope.year.ends_on
        still = _missing(whole if _is_complete(part) else part) if over else "the year is not over"
        outcome, why = Outcome.AT_RISK, f"The share is {said}%, where {limit} is asked, and {still}."
    return _verdict(rule, outcome, why, working, part, whole, threshold, part.value, whole.value)


def _is_complete(figure: Figure) -> bool:
    """Whether every return that should be in is; a figure that rests on none is complete as it stands."""
    return figure.returns_expected is None or figure.returns_received == figure.returns_expected


def _missing(figure: Figure) -> str:
    return f"{figure.returns_received} of {figure.returns_expected} returns are in"


def _said(figure: Figure) -> str:
    return figure.shown("exact") if figure.unit == "GBP" else figure.display


def _pounds(amount: Decimal) -> str:
    return Money.from_pounds(amount.quantize(HUNDREDTH, rounding=ROUND_HALF_UP)).exact()


def _unknown(rule: FunderRule, why: str, *figures: Figure) -> Verdict:
    shown = tuple(_said(figure) if figure.has_value else "" for figure in figures)
    return Verdict(
        rule, Outcome.UNKNOWN, why, numerator=shown[0], denominator=shown[1], threshold=rule.threshold_percent,
        figures=figures,
    )  # fmt: skip


def _verdict(
    rule: FunderRule, outcome: Outcome, why: str, working: str, part: Figure, whole: Figure, threshold: Decimal,
    counted: Decimal, of: Decimal,
) -> Verdict:  # fmt: skip
    """A verdict on two figures; ``counted`` is the numerator as compared, with what is forecast."""
    share = (counted * WHOLE / of).quantize(HUNDREDTH, rounding=ROUND_HALF_UP) if of else None
    shown = _pounds(counted) if part.unit == "GBP" else part.display
    return Verdict(rule, outcome, why, working, shown, _said(whole), threshold, share, (part, whole))

"""The figures that a rule names: read, checked, and asked for its own source."""

from __future__ import annotations

from decimal import Decimal

from evaluation.figures import FigureError, FigureKey, Scope
from evaluation.figures.computation import Computation
from evaluation.figures.registry import check, family_of
from programmes.models import FunderRule, FundingSource
from vru.lib.layers import Layer
from vru.lib.periods import FinancialYear, PeriodError

Kind = FunderRule.Kind
# What is compared where a rule of the kind names nothing; a share has no usual figures and must name its own.
USUAL = {Kind.SPENT_BY_YEAR_END: ("spend.total", "funding.source"), Kind.NO_CARRY_OVER: ("", "")}
SHARES = frozenset({Kind.MINIMUM_SHARE, Kind.MAXIMUM_SHARE})
WHOLE = Decimal(100)


class RuleRefused(ValueError):
    """A rule that could never be judged. The message is a sentence for the person who wrote it."""


def key_for(text: str, source: FundingSource) -> str:
    """The figure's key for the rule's own source, where its family is divided by source and the key names none."""
    key = FigureKey.parse(text)
    if "source" in family_of(key).parameters and key.get("source") is None:
        key = FigureKey.of(key.name, dict(key.parameters) | {"source": source.slug})
    return str(key)


def compared(rule: FunderRule) -> tuple[str, str]:
    """The keys of numerator and denominator, for the rule's source; "" where the kind counts for itself."""
    usual = USUAL.get(Kind(rule.kind), ("", ""))
    texts = (rule.numerator or usual[0], rule.denominator or usual[1])
    numerator, denominator = (key_for(text, rule.source) if text else "" for text in texts)
    return numerator, denominator


def check_rule(rule: FunderRule) -> None:
    """Raises ``RuleRefused`` for figures that do not exist, and for a share without figures or threshold."""
    if rule.kind in SHARES:
        if not (rule.numerator and rule.denominator):
            raise RuleRefused("A share needs both figures: what is counted, and of what.")
        if rule.threshold_percent is None:
            raise RuleRefused("A share needs its threshold. Where the funder names none, leave the rule out.")
    if rule.threshold_percent is not None and not 0 < rule.threshold_percent <= WHOLE:
        raise RuleRefused("A threshold is above 0 and at most 100 per cent.")
    scope = Scope.of(FinancialYear(rule.first_year), Layer.RECORDED, FinancialYear(rule.first_year).ends_on)
    computation = Computation(scope)
    for text in filter(None, (rule.numerator, rule.denominator)):
        try:
            check(computation, FigureKey.parse(key_for(text, rule.source)))
        except (FigureError, PeriodError) as error:
            raise RuleRefused(str(error)) from error

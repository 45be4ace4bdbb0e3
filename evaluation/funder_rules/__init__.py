"""Whether the unit keeps its funders' conditions: each rule is data, and each kind of rule one way to judge it."""

from evaluation.funder_rules.judging import verdicts_of
from evaluation.funder_rules.keys import RuleRefused, check_rule
from evaluation.funder_rules.verdict import Outcome, Verdict

__all__ = ["Outcome", "RuleRefused", "Verdict", "check_rule", "verdicts_of"]

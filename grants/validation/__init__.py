from grants.validation.outcome import Outcome, Problem
from grants.validation.registry import RULES, Rule
from grants.validation.validate import validate

__all__ = ["RULES", "Outcome", "Problem", "Rule", "validate"]

"""One validator for form, API and workbook."""

from __future__ import annotations

# The rule modules register themselves; importing them here is what makes the registry complete.
from grants.models import MonitoringReturn
from grants.questionnaire import boxes_for
from grants.validation import errors, warnings
from grants.validation.facts import gather_facts
from grants.validation.outcome import Outcome
from grants.validation.reading import RawSections, read_boxes
from grants.validation.registry import RULES

RULE_MODULES = (errors, warnings)


def validate(monitoring_return: MonitoringReturn, raw: RawSections, *, is_nil: bool = False) -> Outcome:
    """Read and check what was typed. A nil return needs no boxes filled, but what is filled must be readable."""
    outcome = read_boxes(boxes_for(monitoring_return), raw)
    facts = gather_facts(monitoring_return)
    skipped = {"R101", "R106"} if is_nil else set()
    for code in sorted(RULES):
        if code in skipped:
            continue
        found = list(RULES[code].check(outcome, facts))
        (outcome.errors if RULES[code].is_error else outcome.warnings).extend(found)
    return outcome

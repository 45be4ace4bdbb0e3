"""One validator for form, API and workbook."""

from __future__ import annotations

from grants.models import MonitoringReturn
from grants.questionnaire import boxes_for
from grants.questionnaire.boxes import Box

# The rule modules register themselves; importing them here is what makes the registry complete.
from grants.validation import errors, warnings, warnings_of_spend
from grants.validation.facts import gather_facts
from grants.validation.outcome import Outcome
from grants.validation.reading import RawSections, read_boxes
from grants.validation.registry import rules_in_order

RULE_MODULES = (errors, warnings, warnings_of_spend)


def validate(
    monitoring_return: MonitoringReturn,
    raw: RawSections,
    *,
    is_nil: bool = False,
    for_staff: bool = False,
    boxes: list[Box] | None = None,
) -> Outcome:
    """Read and check what was typed. A nil return needs no boxes filled, but what is filled must be readable.

    Rules that speak of other grantees run only ``for_staff``. ``boxes`` are the return's own, for a caller that has
    them already.
    """
    outcome = read_boxes(boxes if boxes is not None else boxes_for(monitoring_return), raw, is_nil=is_nil)
    facts = gather_facts(monitoring_return, for_staff=for_staff)
    for rule in rules_in_order():
        if (is_nil and not rule.for_nil) or (rule.staff_only and not for_staff):
            continue
        found = list(rule.check(outcome, facts))
        (outcome.errors if rule.is_error else outcome.warnings).extend(found)
    return outcome

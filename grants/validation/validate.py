"""One validator for form, API and workbook."""

from __future__ import annotations

# The rule modules register themselves; importing them here is what makes the registry complete.
from grants.models import MonitoringReturn
from grants.questionnaire import Box, boxes_for
from grants.validation import errors, warnings
from grants.validation.facts import gather_facts
from grants.validation.outcome import Outcome
from grants.validation.reading import RawSections, read_boxes
from grants.validation.registry import RULES

RULE_MODULES = (errors, warnings)


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
    outcome = read_boxes(boxes if boxes is not None else boxes_for(monitoring_return), raw)
    facts = gather_facts(monitoring_return, for_staff=for_staff)
    skipped = {"R101", "R106"} if is_nil else set()
    for code in sorted(RULES):
        if code in skipped or (RULES[code].staff_only and not for_staff):
            continue
        found = list(RULES[code].check(outcome, facts))
        (outcome.errors if RULES[code].is_error else outcome.warnings).extend(found)
    return outcome

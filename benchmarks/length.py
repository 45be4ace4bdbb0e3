"""How long an ordinary return is: its screens and the boxes that must be filled in. Counts, not times."""

from __future__ import annotations

from typing import Any

from grants.models import MonitoringReturn
from grants.questionnaire import boxes_for
from grants.views.return_page import sections_with_pages

MOST_SCREENS, MOST_NEEDED = 11, 45
# Check answers, and the declaration.
AT_THE_END = 2


def measure_length(item: MonitoringReturn) -> dict[str, Any]:
    """A section is a screen; the name typed under the declaration is an answer too. Warnings are not counted."""
    boxes = boxes_for(item)
    screens = len(sections_with_pages(item, boxes)) + AT_THE_END
    needed = sum(1 for box in boxes if box.required) + 1
    return {
        "screens": screens,
        "needed": needed,
        "boxes": len(boxes),
        "met": screens <= MOST_SCREENS and needed <= MOST_NEEDED,
    }


def length_lines(result: dict[str, Any]) -> list[str]:
    return [
        f"An ordinary return: {result['screens']} screens after the task list (at most {MOST_SCREENS}), "
        f"{result['needed']} answers needed (at most {MOST_NEEDED}) of {result['boxes']} boxes "
        f"({'met' if result['met'] else 'missed'})",
        "",
    ]

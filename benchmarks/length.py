"""How long an ordinary return is: the screens it leads through and the answers it needs. Counts, not times."""

from __future__ import annotations

from typing import Any

from grants.models import MonitoringReturn
from grants.questionnaire import boxes_for
from grants.questionnaire.progress import progress_of

MOST_SCREENS, MOST_NEEDED = 11, 45
# The list of tasks, check answers, and the declaration, under which a name is typed.
AROUND, NAME = 3, 1


def measure_length(item: MonitoringReturn) -> dict[str, Any]:
    """Screens from the list of tasks to the declaration that "Save and continue" leads through, and answers needed.

    ``optional`` are the sections that it passes by; explanations of warnings are not counted.
    """
    boxes = boxes_for(item)
    sections = progress_of(item.sections, boxes, {}, None)
    screens = sum(each.needed for each in sections) + AROUND
    needed = sum(each.left for each in sections) + NAME
    return {
        "screens": screens,
        "optional": sum(not each.needed for each in sections),
        "needed": needed,
        "boxes": len(boxes),
        "met": screens <= MOST_SCREENS and needed <= MOST_NEEDED,
    }


def length_lines(result: dict[str, Any]) -> list[str]:
    return [
        f"An ordinary return: {result['screens']} screens (at most {MOST_SCREENS}) and {result['optional']} optional "
        f"ones, {result['needed']} answers needed (at most {MOST_NEEDED}) of {result['boxes']} boxes "
        f"({'met' if result['met'] else 'missed'})",
        "",
    ]

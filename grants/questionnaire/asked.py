"""What one return asks: the boxes of every section, built from the grant's own indicators, headings and breakdowns.

The web form, the validator and the workbook all read this list, so they cannot ask different things.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from grants.models import (
    CommitmentIndicator,
    FundingSplit,
    Measure,
    Milestone,
    MonitoringReturn,
    Question,
    Revision,
    Section,
)
from grants.models.question import QuestionQuerySet
from grants.questionnaire.boxes import (
    SPEND_PARTS,
    Box,
    BoxKind,
    category_box,
    indicator_boxes,
    milestone_box,
    question_box,
    reach_box,
    spend_box,
)
from grants.questionnaire.past_boxes import boxes_held
from programmes.models import Category, CostHeading, Dimension, FunderRule

# Checked against what was approved and kept with the draft only: the year to date that counts is always computed.
YEAR_TO_DATE_BOX = Box(
    name="ytd.new",
    section=Section.REACH,
    label="Total new people since 1 April, by your own records",
    kind=BoxKind.PEOPLE,
    hint="You may leave this empty. We compare it with your returns, so that a slip is found early.",
)
ACCRUALS_BOX = Box(
    name="spend.accruals",
    section=Section.SPEND,
    label="Of what you spent this quarter, how much is for delivery after 31 March?",
    kind=BoxKind.MONEY,
    hint="Leave this empty if there is none. Part of your grant is money that must be spent and delivered by 31 March.",
)


def boxes_for(
    monitoring_return: MonitoringReturn,
    *,
    revision: Revision | None = None,
    sections: Collection[Section] | None = None,
) -> list[Box]:
    """Every box of the return, in the order asked, without the sections the grant does not answer.

    With ``revision``, also a box for each thing that revision holds and the return no longer asks (a category that
    ended, a heading taken off the grant, an earlier wording, a section waived since): what receipts and history show.
    With ``sections``, only theirs, and only the queries these need.
    """
    asked = set(monitoring_return.sections)
    wanted = asked if sections is None else asked & set(sections)
    boxes: list[Box] = []
    for section, build in _BUILDERS:
        if section in wanted:
            boxes += build(monitoring_return)
    boxes += [box for box in map(question_box, _questions(monitoring_return)) if box.section in wanted]
    if revision is not None:
        held = boxes_held(revision, boxes)
        boxes += [box for box in held if sections is None or box.section in sections]
    order = list(Section)
    return sorted(boxes, key=lambda box: order.index(box.section))


def _milestone_boxes(monitoring_return: MonitoringReturn) -> list[Box]:
    promised = Milestone.objects.filter(commitment=monitoring_return.commitment_id)
    return [milestone_box(milestone) for milestone in promised]


def _reach_boxes(monitoring_return: MonitoringReturn) -> list[Box]:
    first_quarter = monitoring_return.quarter.number == 1
    measures = [measure for measure in Measure if measure != Measure.CARRIED_IN or first_quarter]
    return [*map(reach_box, measures), YEAR_TO_DATE_BOX]


def _breakdown_boxes(monitoring_return: MonitoringReturn) -> list[Box]:
    start = monitoring_return.quarter.period.starts_on
    own = Dimension.objects.filter(commitments=monitoring_return.commitment_id)
    asked = own if own.exists() else Dimension.objects.filter(is_standard=True)
    categories = Category.objects.in_force_on(start).filter(dimension__in=asked.exclude(slug=Dimension.TOTAL))
    return [category_box(category) for category in categories.select_related("dimension")]


def _indicator_boxes(monitoring_return: MonitoringReturn) -> list[Box]:
    rows = CommitmentIndicator.objects.filter(
        commitment=monitoring_return.commitment_id, year=monitoring_return.quarter.year
    ).select_related("version__indicator")
    return [box for row in rows for box in indicator_boxes(row.version)]


def _spend_boxes(monitoring_return: MonitoringReturn) -> list[Box]:
    """What was spent under each cost heading. After the last quarter nothing is left to forecast."""
    last_quarter = monitoring_return.quarter.number == 4
    own = list(monitoring_return.commitment.headings.all())
    parts = [part for part in SPEND_PARTS if part != "forecast" or not last_quarter]
    boxes = [spend_box(heading, part) for heading in own or CostHeading.objects.all() for part in parts]
    return boxes + _accrual_boxes(monitoring_return)


def _accrual_boxes(monitoring_return: MonitoringReturn) -> list[Box]:
    """Asked in the last quarter, of grants paid from a source whose money may not be carried over 31 March."""
    year = monitoring_return.quarter.year
    if monitoring_return.quarter.number != 4:
        return []
    paid = FundingSplit.objects.filter(commitment=monitoring_return.commitment_id, year=year, amount_pence__gt=0)
    in_year = FunderRule.objects.in_force_in(year).filter(
        source__in=paid.values("source"), kind__in=[FunderRule.Kind.SPENT_BY_YEAR_END, FunderRule.Kind.NO_CARRY_OVER]
    )
    return [ACCRUALS_BOX] if in_year.exists() else []


def _questions(monitoring_return: MonitoringReturn) -> QuestionQuerySet:
    """The questions as they were when the return opened; before that, as they are now."""
    if monitoring_return.questionnaire is None:
        return Question.objects.current()
    return Question.objects.asked_in(monitoring_return.questionnaire)


_BUILDERS: tuple[tuple[Section, Callable[[MonitoringReturn], list[Box]]], ...] = (
    (Section.DELIVERY, _milestone_boxes),
    (Section.REACH, _reach_boxes),
    (Section.BREAKDOWNS, _breakdown_boxes),
    (Section.INDICATORS, _indicator_boxes),
    (Section.SPEND, _spend_boxes),
)

"""The workbook of one return, with what is saved and what is known beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils import timezone

from grants.answers.known import Known, known_values
from grants.answers.values import shown_number
from grants.models import MonitoringReturn
from grants.questionnaire import Box, boxes_for
from grants.workbook.contents import Beside, Contents, Mark
from grants.workbook.saved import draft_versions, saved_texts
from grants.workbook.template import workbook_of
from programmes.models import Unit
from vru.lib.layers import Layer


def return_workbook(
    item: MonitoringReturn, *, typed: Mapping[str, str] | None = None, marks: Sequence[Mark] = ()
) -> bytes:
    """The return as an Excel workbook, filled in with what is saved, or with ``typed`` in its place.

    The caller has fetched ``item`` through ``visible_to``.
    """
    boxes = boxes_for(item)
    return workbook_of(contents_of(item, boxes, saved_texts(item) if typed is None else typed, marks))


def contents_of(item: MonitoringReturn, boxes: list[Box], typed: Mapping[str, str], marks: Sequence[Mark]) -> Contents:
    unit, grant = Unit.objects.first(), item.commitment
    known = known_values(item, boxes)
    return Contents(
        unit=unit.name if unit else "Violence reduction unit",
        grant_ref=grant.ref,
        grant_title=grant.title,
        organisation=grant.organisation.name,
        quarter=str(item.quarter),
        quarter_key=item.quarter.key,
        due_on=item.due_on,
        manager=f"{grant.manager.name}, {grant.manager.email}" if grant.manager else "",
        is_illustrative=grant.programme.layer == Layer.ILLUSTRATIVE,
        questionnaire=item.questionnaire.number if item.questionnaire else None,
        made_at=timezone.localtime(),
        boxes=boxes,
        typed=typed,
        beside={box.name: _beside(box, known[box.name]) for box in boxes if box.name in known},
        versions=draft_versions(item),
        marks=marks,
    )


def _beside(box: Box, known: Known) -> Beside:
    return Beside(
        last=known.last or known.said,
        year_before="" if known.before is None else shown_number(box, known.before),
        target=known.target or known.plan,
    )


def file_name(item: MonitoringReturn, ending: str = "") -> str:
    """A name that tells two returns' files apart, of letters that every system takes."""
    ref = "".join(letter if letter.isalnum() or letter in "-_" else "-" for letter in item.commitment.ref)
    return f"return-{ref}-{item.quarter.key}{ending}.xlsx"

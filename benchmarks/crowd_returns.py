"""The returns that a crowd fills in: one a person, everything but three sections typed already."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from benchmarks.world import CannotMeasure
from grants.answers.values import box_values
from grants.models import MonitoringReturn, Revision, Section, SectionDraft
from grants.questionnaire import boxes_for
from vru.accounts.models import Membership, User
from vru.lib.layers import Layer

Status = MonitoringReturn.Status
LAST = 4


@dataclass(frozen=True)
class Seat:
    """A person, their return, and what they will type in each section."""

    user: User
    monitoring_return: MonitoringReturn
    answers: dict[Section, dict[str, str]]


def put_seats(people: int) -> list[Seat]:
    """Returns of the year's last quarter, opened anew for grants whose third quarter is approved.

    What is typed is what the third quarter said, so every one of them can be submitted. Raises CannotMeasure when the
    demonstration has too few.
    """
    approved = (
        Revision.objects.live()
        .filter(
            approved_at__isnull=False,
            is_nil=False,
            monitoring_return__commitment__programme__layer=Layer.ILLUSTRATIVE,
            monitoring_return__quarter__number=LAST - 1,
        )
        .select_related("monitoring_return__commitment")
        .prefetch_related("cells", "readings", "spend_lines", "answers", "milestone_reports")
        .order_by("pk")
    )
    seats: list[Seat] = []
    taken: set[int] = set()
    for revision in approved:
        seat = _seat(revision, taken)
        if seat is not None:
            seats.append(seat)
            taken.add(seat.user.pk)
        if len(seats) == people:
            return seats
    raise CannotMeasure(f"The demonstration has {len(seats)} returns that can be filled in; {people} are needed.")


def _seat(revision: Revision, taken: set[int]) -> Seat | None:
    commitment = revision.monitoring_return.commitment
    item = (
        MonitoringReturn.objects.filter(commitment=commitment, quarter__number=LAST)
        .select_related("commitment__programme", "quarter", "questionnaire")
        .exclude(revisions__isnull=False)
        .first()
    )
    member = (
        Membership.objects.current()
        .filter(organisation=commitment.organisation_id, role=Membership.Role.SUBMITTER)
        .exclude(user__in=taken)
        .first()
    )
    if item is None or member is None:
        return None
    item.status = Status.DRAFT
    item.save(update_fields=["status"])
    item.drafts.all().delete()
    boxes = boxes_for(item)
    answers: dict[Section, dict[str, str]] = {}
    values = box_values(boxes, revision)
    for box in boxes:
        if box.name in values:
            answers.setdefault(box.section, {})[box.name] = values[box.name]
        elif box.required:
            answers.setdefault(box.section, {})[box.name] = "0" if box.kind.number else "As before."
    SectionDraft.objects.bulk_create(
        SectionDraft(
            monitoring_return=item,
            section=section,
            data=typed,
            saved_by=member.user,
            saved_at=timezone.now(),
            is_complete=True,
        )
        for section, typed in answers.items()
        if section not in {Section.REACH, Section.BREAKDOWNS, Section.SPEND}
    )
    return Seat(member.user, item, answers)

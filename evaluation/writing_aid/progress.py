"""How far a report is: its sections with their words, what is overdue, and what is best done next. Read only."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q

from evaluation.models import Edition, Report, ReportSection
from evaluation.reports.content import narrative_hash
from evaluation.writing.words import Length, length_of
from vru.accounts.models import User

Status = ReportSection.Status


@dataclass(frozen=True)
class Row:
    """A section on its report's page. ``comments`` counts open ones."""

    section: ReportSection
    length: Length
    comments: int
    is_overdue: bool
    is_own: bool


@dataclass(frozen=True)
class Progress:
    rows: tuple[Row, ...]

    def in_state(self, status: str) -> list[Row]:
        return [row for row in self.rows if row.section.status == status]

    @property
    def approved(self) -> int:
        return len(self.in_state(Status.APPROVED))

    @property
    def carried(self) -> list[Row]:
        return [row for row in self.rows if row.section.carried]

    @property
    def overdue(self) -> list[Row]:
        return [row for row in self.rows if row.is_overdue]

    @property
    def words(self) -> int:
        return sum(row.length.words for row in self.rows)


def progress_of(report: Report, *, user: User, today: datetime.date) -> Progress:
    """Every section of a report in order, in one query."""
    sections = (
        report.sections.select_related("owner", "approved_by")
        .annotate(open_comments=Count("comments", filter=Q(comments__resolved_at=None, comments__answers=None)))
        .order_by("order")
    )
    return Progress(
        tuple(
            Row(
                section=section,
                length=length_of(section.text, section.key_points, section.word_limit),
                comments=section.open_comments,
                is_overdue=bool(section.due_on and section.due_on < today and section.status != Status.APPROVED),
                is_own=section.owner_id == user.pk,
            )
            for section in sections
        )
    )


def is_behind(edition: Edition, sections: Sequence[ReportSection]) -> bool:
    """Whether something was written since an edition was made."""
    return bool(edition.narrative_hash) and edition.narrative_hash != narrative_hash(sections)

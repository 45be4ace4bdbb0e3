"""Where a report stands, and what is best done next about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from evaluation.models import Edition, Report, ReportSection
from evaluation.writing_aid.progress import Progress, is_behind
from vru.accounts.models import User
from vru.accounts.permissions import can_make_reports, can_sign_reports, can_write_reports
from vru.lib.periods import long_date

_MOST_NAMED = 3
Status = Edition.Status


@dataclass(frozen=True)
class Step:
    """One thing to do: what, where (an address), and why."""

    text: str
    href: str
    hint: str = ""


@dataclass(frozen=True)
class Standing:
    """A report's editions, newest first; those being made apart. ``is_behind``: something was written since.
    ``not_made``: the newest of all, when its making failed or was cancelled."""

    editions: tuple[Edition, ...]
    being_made: tuple[Edition, ...]
    is_behind: bool
    not_made: Edition | None = None

    @property
    def newest(self) -> Edition | None:
        return self.editions[0] if self.editions else None


def standing_of(report: Report, sections: Sequence[ReportSection]) -> Standing:
    """In one query."""
    every = list(report.editions.select_related("job", "signed_by", "requested_by").order_by("-number"))
    for edition in every:
        edition.report = report
    built = tuple(edition for edition in every if edition.built_at is not None)
    live = tuple(
        edition for edition in every if edition.built_at is None and edition.job is not None and edition.job.is_live
    )
    ended = every[0] if every and every[0].built_at is None and every[0].job and not every[0].job.is_live else None
    return Standing(built, live, bool(built) and is_behind(built[0], sections), ended)


def next_steps(report: Report, progress: Progress, standing: Standing, *, user: User) -> list[Step]:
    """What this person does best next, most urgent first; nothing for somebody who only reads."""
    steps = _writing(report, progress, user) if can_write_reports(user) else []
    if can_make_reports(user):
        steps += _making(report, progress, standing)
    if can_sign_reports(user) or can_make_reports(user):
        steps += _signing(progress, standing)
    return steps


def _writing(report: Report, progress: Progress, user: User) -> list[Step]:
    own = [row for row in progress.rows if row.is_own and row.section.status == ReportSection.Status.WRITING]
    steps = []
    for row in sorted(own, key=lambda row: (row.section.due_on is None, row.section.due_on, row.section.order))[
        :_MOST_NAMED
    ]:
        due = f"Due {long_date(row.section.due_on)}" if row.section.due_on else "Yours to write"
        hint = f"{due}, and overdue." if row.is_overdue else f"{due}."
        steps.append(Step(f"Write {row.section}", _address("section", report.pk, row.section.slug), hint))
    carried = [row for row in progress.carried if row.is_own or can_make_reports(user)]
    if carried:
        words = "1 copied section" if len(carried) == 1 else f"{len(carried)} copied sections"
        hint = f"Copied from {report.copied_from.period_label}." if report.copied_from else ""
        steps.append(Step(f"Go over {words}", _address("report-outdated", report.pk), hint))
    return steps


def _making(report: Report, progress: Progress, standing: Standing) -> list[Step]:
    steps = []
    waiting = progress.in_state(ReportSection.Status.IN_REVIEW)
    if waiting:
        first = waiting[0].section
        words = "1 section waits" if len(waiting) == 1 else f"{len(waiting)} sections wait"
        steps.append(Step(f"Read {first}", _address("section", report.pk, first.slug), f"{words} for approval."))
    writing = ReportSection.Status.WRITING
    free = [row for row in progress.rows if row.section.owner is None and row.section.status == writing]
    if free:
        words = "1 section has" if len(free) == 1 else f"{len(free)} sections have"
        steps.append(Step("Share the sections out", _address("sections", report.pk), f"{words} no owner."))
    if standing.being_made or not progress.rows:
        return steps
    make = _address("report-make", report.pk)
    if standing.newest is None:
        steps.append(Step("Make a draft edition", make, "Nobody has seen the report as it will be printed yet."))
    elif standing.is_behind and standing.newest.status in (Status.DRAFT, Status.IN_REVIEW):
        hint = f"Sections were changed since edition {standing.newest.number} was made."
        steps.append(Step("Make another draft edition", make, hint))
    return steps


def _signing(progress: Progress, standing: Standing) -> list[Step]:
    newest = standing.newest
    if newest is None or standing.is_behind or newest.status not in (Status.DRAFT, Status.IN_REVIEW):
        return []
    if newest.status == Status.DRAFT and progress.approved < len(progress.rows):
        return []
    href = _address("sign-off", newest.pk)
    verb = "Sign off" if newest.status == Status.IN_REVIEW else "Check before sign-off:"
    return [Step(f"{verb} edition {newest.number}", href, "Every section is approved.")]


def _address(name: str, *args: object) -> str:
    return reverse(f"evaluation:{name}", args=args)

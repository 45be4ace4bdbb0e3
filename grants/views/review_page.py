"""What the review page shows of one version: each value beside what is already known about it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import prefetch_related_objects

from grants.answers.known import Known, known_values
from grants.answers.peers import peer_figures
from grants.answers.values import box_values, readable, shown_number
from grants.answers.warnings import stored_warnings, warnings_of
from grants.models import Attachment, MonitoringReturn, ReturnQuery, ReviewNote, Revision, Section
from grants.questionnaire import boxes_for
from grants.questionnaire.boxes import Box
from grants.validation import Problem

PARTS = ("cells", "readings", "spend_lines", "answers", "milestone_reports")
# Sections whose values have a quarter before, a target or a year to date.
WITH_HISTORY = {Section.REACH, Section.BREAKDOWNS, Section.INDICATORS, Section.SPEND}
# What seldom decides anything is folded away until something about it is unusual.
FOLDED = {Section.CONTACTS, Section.BREAKDOWNS}


@dataclass(slots=True)
class Row:
    """One box as a reviewer reads it. Every text is ready to show; empty means there is none."""

    box: Box
    label: str
    value: str
    last: str = ""
    target: str = ""
    year: str = ""
    peers: str = ""
    spread: str = ""
    was: str | None = None
    problems: list[Problem] = field(default_factory=list)
    queries: list[ReturnQuery] = field(default_factory=list)
    notes: list[ReviewNote] = field(default_factory=list)

    @property
    def is_marked(self) -> bool:
        """Something is to be said about this value: it is never folded away."""
        return bool(self.problems or self.queries or self.notes) or self.was is not None


@dataclass(slots=True)
class Group:
    title: str
    rows: list[Row]
    is_text: bool = False

    @property
    def has_target(self) -> bool:
        return any(row.target for row in self.rows)

    @property
    def has_year(self) -> bool:
        return any(row.year for row in self.rows)

    @property
    def has_peers(self) -> bool:
        return any(row.peers for row in self.rows)

    @property
    def is_folded(self) -> bool:
        return not any(row.is_marked for row in self.rows)

    @property
    def gist(self) -> str:
        """One line of a folded group: what is not zero, the largest first."""
        counts = [(int(row.value.replace(",", "")), row.box.label) for row in self.rows if _is_count(row.value)]
        largest = sorted((pair for pair in counts if pair[0]), key=lambda pair: (-pair[0], pair[1]))
        return ", ".join(f"{label} {count:,}" for count, label in largest[:4])


def _is_count(text: str) -> bool:
    return text.replace(",", "").isdecimal()


@dataclass(slots=True)
class Part:
    """One section. ``groups`` have rows; boxes left empty in both versions are left out. Answers in words stand apart
    from figures."""

    section: Section
    groups: list[Group]
    review: Any = None
    problems: int = 0
    queries: list[ReturnQuery] = field(default_factory=list)
    notes: list[ReviewNote] = field(default_factory=list)
    files: list[Attachment] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not (self.groups or self.queries or self.notes or self.files)

    @property
    def is_folded(self) -> bool:
        """A whole section that nobody need open; a breakdown folds by dimension instead."""
        quiet = not (self.queries or self.notes) and all(group.is_folded for group in self.groups)
        return self.section in FOLDED and self.section is not Section.BREAKDOWNS and quiet


def earlier_version(item: MonitoringReturn, revision: Revision) -> Revision | None:
    """What this version is read against: the approved one it corrects, else the one sent before it."""
    others = item.revisions.filter(number__lt=revision.number).select_related("approved_by", "submitted_by")
    approved = others.filter(approved_at__isnull=False).order_by("-number").first()
    return approved or others.order_by("-number").first()


def _said_about(revision: Revision, earlier: Revision | None) -> tuple[list[ReturnQuery], list[ReviewNote]]:
    """Questions and notes, also about the versions since the last approval: an answer is read beside what it mended."""
    done = earlier.number if earlier is not None and earlier.approved_at is not None else 0
    about = {
        "revision__monitoring_return": revision.monitoring_return_id,
        "revision__number__gt": done,
        "revision__number__lte": revision.number,
    }
    queries = ReturnQuery.objects.filter(**about).select_related("raised_by", "answered_by").order_by("pk")
    notes = ReviewNote.objects.filter(**about).select_related("written_by").order_by("pk")
    return list(queries), list(notes)


def review_context(item: MonitoringReturn, revision: Revision) -> dict[str, Any]:
    """Warnings with their explanations, and every section with its values. The number of queries is fixed."""
    boxes = _boxes(item, revision)
    prefetch_related_objects([revision], *PARTS)
    values = box_values(boxes, revision)
    earlier = earlier_version(item, revision) if revision.number > 1 else None
    before = _values_of(boxes, earlier)
    pending = revision.approved_at is None
    problems = warnings_of(item, revision, boxes, values) if pending else stored_warnings(revision)
    queries, notes = _said_about(revision, earlier)
    rows = _rows(item, boxes, values, before)
    by_name = {row.box.name: row for row in rows}
    for problem in problems:
        if problem.field in by_name:
            by_name[problem.field].problems.append(problem)
    parts = _parts(item, rows, revision, problems, queries, notes)
    empty = [part for part in parts if part.is_empty]
    return {
        "problems": len(problems),
        "warnings": _warnings(problems, revision, by_name),
        "parts": parts,
        "empty_parts": empty,
        "empty_undecided": any(part.review is None for part in empty),
        "earlier": earlier,
        "changes": [row for row in rows if row.was is not None] if earlier else [],
    }


def _warnings(problems: list[Problem], revision: Revision, by_name: dict[str, Row]) -> list[dict[str, Any]]:
    """By rule, in the order found: the grantee explains a rule once, however many boxes it speaks of."""
    by_code: dict[str, list[Problem]] = defaultdict(list)
    for problem in problems:
        by_code[problem.code].append(problem)
    return [
        {
            "code": code,
            "staff_only": all(problem.staff_only for problem in found),
            "found": [{"message": problem.message, "row": by_name.get(problem.field)} for problem in found],
            "explanation": revision.explanations.get(code, ""),
        }
        for code, found in by_code.items()
    ]


def _boxes(item: MonitoringReturn, revision: Revision) -> list[Box]:
    """What waits for a decision was asked as it is asked now; an old version also has what has since been dropped."""
    return boxes_for(item, revision=None if revision.approved_at is None else revision)


def _values_of(boxes: list[Box], revision: Revision | None) -> dict[str, str] | None:
    if revision is None:
        return None
    prefetch_related_objects([revision], *PARTS)
    return box_values(boxes, revision)


def _rows(item: MonitoringReturn, boxes: list[Box], values: dict[str, str], before: dict[str, str] | None) -> list[Row]:
    known, peers = known_values(item, boxes), peer_figures(item, boxes)
    shown, was = readable(boxes, values), readable(boxes, before or {})
    rows = []
    for box in boxes:
        changed = before is not None and before.get(box.name, "") != values.get(box.name, "")
        if box.name not in values and not changed:
            continue
        about = known.get(box.name, Known())
        rows.append(
            Row(
                box=box,
                label=box.title if box.category is None else box.label,
                value=shown.get(box.name, ""),
                last=about.last,
                target=about.target or about.plan,
                year=_year_to_date(box, values, about),
                peers=peers[box.name].middle(box.kind) if box.name in peers else "",
                spread=peers[box.name].spread(box.kind) if box.name in peers else "",
                was=was.get(box.name, "") if changed else None,
            )
        )
    return rows


def _year_to_date(box: Box, values: dict[str, str], about: Known) -> str:
    """The year's earlier quarters and this one, of boxes whose quarters add up."""
    if about.before is None:
        return ""
    return shown_number(box, about.before + Decimal(values.get(box.name) or 0))


def _parts(
    item: MonitoringReturn,
    rows: list[Row],
    revision: Revision,
    problems: list[Problem],
    queries: list[ReturnQuery],
    notes: list[ReviewNote],
) -> list[Part]:
    decided = {review.section: review for review in revision.reviews.select_related("reviewed_by")}
    by_name = {row.box.name: row for row in rows}
    parts = []
    for section in item.sections:
        part = Part(
            section=section,
            groups=_groups([row for row in rows if row.box.section == section]),
            review=decided.get(section.value),
            problems=sum(problem.section == section for problem in problems),
            files=_files_sent_with(revision) if section is Section.EVIDENCE else [],
        )
        for query in queries:
            if query.section == section:
                (by_name.get(query.field) or part).queries.append(query)
        for note in notes:
            if note.section == section:
                (by_name.get(note.field) or part).notes.append(note)
        parts.append(part)
    return parts


def _files_sent_with(revision: Revision) -> list[Attachment]:
    files = Attachment.objects.filter(monitoring_return=revision.monitoring_return_id).select_related("uploaded_by")
    return list(files.sent_with(revision.submitted_at))


def _groups(rows: list[Row]) -> list[Group]:
    """Figures first, each breakdown by itself; then what was said in words."""
    figures: dict[str, list[Row]] = defaultdict(list)
    words = []
    for row in rows:
        if row.box.section in WITH_HISTORY and row.box.question is None:
            figures[row.box.group if row.box.category else ""].append(row)
        else:
            words.append(row)
    groups = [Group(title, found) for title, found in figures.items()]
    return [*groups, Group("", words, is_text=True)] if words else groups


def one_row(item: MonitoringReturn, revision: Revision, name: str) -> Row | None:
    """One box with all that is known about it; None when the return has no such box."""
    boxes = [box for box in _boxes(item, revision) if box.name == name]
    if not boxes:
        return None
    prefetch_related_objects([revision], *PARTS)
    values = {name: ""} | box_values(boxes, revision)
    row = _rows(item, boxes, values, None)[0]
    queries, notes = _said_about(revision, earlier_version(item, revision) if revision.number > 1 else None)
    row.queries = [query for query in queries if query.field == name]
    row.notes = [note for note in notes if note.field == name]
    return row

"""Who is told what about a section. Called by the actions inside their transaction: what is rolled back tells nobody.

Mail holds no words that people typed into a report: those stay behind the sign-in.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils import timezone

from evaluation.models import ReportSection, SectionComment
from programmes.models import Unit
from vru.accounts.models import User
from vru.accounts.permissions import REPORT_MAKERS, can_write_reports
from vru.jobs.actions import notify
from vru.jobs.models import Topic
from vru.lib.layers import Layer
from vru.lib.periods import long_date


def tell_assigned(section: ReportSection, *, by: User) -> int:
    due = f" It is due on {long_date(section.due_on)}." if section.due_on else ""
    people = [section.owner] if section.owner else []
    return _tell(
        section, people, by, "assigned", "A section of a report is yours to write", f"{section}.{due}", due=due
    )


def tell_review_wanted(section: ReportSection, *, by: User) -> int:
    """Everybody who may approve it: not who sent it, nor who wrote last."""
    readers = User.objects.filter(staff_roles__role__in=REPORT_MAKERS, is_active=True).distinct().order_by("pk")
    people = [each for each in readers if each.pk != section.updated_by_id]
    return _tell(section, people, by, "review_wanted", "A section waits for your review", f"{section}.")


def tell_section_approved(section: ReportSection, *, by: User) -> int:
    return _tell(section, _writers(section), by, "approved", "A section was approved", f"{section}.")


def tell_sent_back(section: ReportSection, *, by: User) -> int:
    text = f"{section}. The reason stands among the comments."
    return _tell(section, _writers(section), by, "sent_back", "A section came back to you", text)


def tell_commented(comment: SectionComment) -> int:
    """The owner, who wrote last, and everybody in the discussion; not who commented."""
    section = comment.section
    people = _writers(section)
    if comment.answers is not None:
        people.append(comment.answers.written_by)
        people += [each.written_by for each in comment.answers.answers_given.select_related("written_by")]
    title = "Somebody answered on a section" if comment.answers else "Somebody commented on a section"
    return _tell(
        section, people, comment.written_by, "commented", title, f"{section}.", anchor=f"#comment-{comment.pk}"
    )


def _writers(section: ReportSection) -> list[User]:
    return [each for each in (section.owner, section.updated_by) if each is not None]


def _tell(
    section: ReportSection,
    people: Iterable[User],
    by: User,
    occasion: str,
    title: str,
    text: str,
    *,
    anchor: str = "",
    **words: Any,
) -> int:
    """How many were told: each once, never the person who caused it or who may not open the page."""
    report = section.report
    unit = Unit.objects.first()
    context = {
        "unit_name": unit.name if unit else "Violence reduction unit",
        "about": str(report),
        "section": str(section),
        "facts": [("Report", str(report)), ("Section", str(section))],
        "action": "Open the section",
        "ask": "Questions about the report: ask the analyst of your unit.",
        "why": "You get this because you write or review this section.",
        "is_illustrative": report.layer == Layer.ILLUSTRATIVE,
        **words,
    }
    told = {each.pk: each for each in people if each.pk != by.pk and can_write_reports(each)}
    key = f"section {section.pk} {occasion} {timezone.now():%Y-%m-%dT%H:%M:%S.%f}"
    href = reverse("evaluation:section", args=[report.pk, section.slug]) + anchor
    return sum(
        notify(
            user=each,
            topic=Topic.REPORT,
            key=key,
            title=title,
            text=text,
            href=href,
            template=f"section_{occasion}",
            context=context,
        )
        for each in told.values()
    )

"""A section as the report prints it, with today's figures and what is wrong in its place; nothing is stored."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.html import escape
from django.utils.safestring import mark_safe

from evaluation.models import Edition, Report, ReportSection
from evaluation.reports.as_at import default_as_at
from evaluation.reports.content import written_content
from evaluation.reports.context import report_context
from evaluation.reports.errors import ReportError
from evaluation.reports.facts import Facts, Request, section_facts
from evaluation.writing.words import Length, length_of

Context = dict[str, Any]
_NO_FIGURE = re.compile(r"\[no figure: ([^\]<]*)\]")
_THIN = re.compile(r"\[only [\d,]+ of [\d,]+ returns\]")


@dataclass(frozen=True, slots=True)
class Preview:
    """``sections`` and ``snapshot`` are as the report's templates read them; ``problems`` are sentences, each naming
    what to mend; ``failed`` says why nothing can be shown.
    """

    length: Length
    as_at: datetime.date
    sections: Sequence[Context] = ()
    snapshot: Sequence[Context] = ()
    edition: Context = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    failed: str = ""


def preview_of(section: ReportSection, *, text: str | None = None, key_points: Sequence[str] | None = None) -> Preview:
    """The section as it stands, or as it would with another text. Reads the database, writes nothing."""
    points = section.key_points if key_points is None else list(key_points)
    said = section.text if text is None else text
    length = length_of(said, points, section.word_limit)
    day = preview_day(section.report)
    content = written_content(section, text=said, key_points=points)
    try:
        facts = section_facts(Request.of(section.report, day), section.report, content)
    except ReportError as error:
        return Preview(length, day, failed=str(error))
    context, _missing = report_context(facts)
    return Preview(
        length,
        day,
        sections=[_marked(each) for each in context["sections"]],
        snapshot=context["snapshot"],
        edition=context["edition"],
        problems=problems_of(facts),
    )


def preview_day(report: Report) -> datetime.date:
    """The day of the newest edition, because somebody chose it; before there is one, the usual day."""
    newest = Edition.objects.filter(report=report).order_by("-number").values_list("as_at", flat=True).first()
    return newest or default_as_at(report.financial_year, report.layer, report.period)


def problems_of(facts: Facts) -> tuple[str, ...]:
    """What must be mended before the report can be signed, a sentence each, in the order of reading."""
    data = facts.data
    found = [str(sentence).partition(": ")[2] or str(sentence) for sentence in data["problems"]]
    for key in data["missing"]:
        why = data["refused"].get(key)
        found.append(why or f"{{{{{key}}}}} has no figure for {data['year']}: nothing was recorded for it.")
    return tuple(found)


def _marked(section: Context) -> Context:
    """Tokens without a figure stand out where they are."""
    blocks = [
        {**block, "html": _with_marks(block["html"])} if "html" in block else block for block in section["blocks"]
    ]
    return {**section, "key_points": [_with_marks(point) for point in section["key_points"]], "blocks": blocks}


def _with_marks(html: str) -> str:
    marked = _NO_FIGURE.sub(lambda found: f'<mark class="unmade">no figure: {found[1]}</mark>', html)
    return mark_safe(_THIN.sub(lambda found: f'<mark class="thin">{escape(found[0])}</mark>', marked))  # noqa: S308

"""Where the numbers of a report stand: found, compared with the figures of its time, and decided about."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping

from evaluation.figures.computation import Computation
from evaluation.figures.registry import computed
from evaluation.figures.snapshot import read_snapshot
from evaluation.models import NumberDecision, Report
from evaluation.numbers.found import Decided, Found, NumbersState
from evaluation.numbers.index import Index
from evaluation.numbers.scanning import SectionText, find, scan
from evaluation.reports.as_at import scope_of_report
from programmes.models import Unit
from vru.lib.narrative import find_tokens


def state_of(
    report: Report, *, as_at: datetime.date | None = None, computation: Computation | None = None
) -> NumbersState:
    """Every number typed into a report, compared with figures as at a day, by default the report's usual one.

    A ``computation`` of the report's scope that is open already is used instead of another. A report without sections
    has no numbers. The database is asked a fixed number of times.
    """
    with read_snapshot():
        sections = sections_of(report)
        index = index_of(report, computation or Computation(scope_of_report(report, as_at))) if sections else Index({})
        found = scan(sections, index)
        decisions = decisions_of(report)
    return NumbersState(
        amounts=tuple(each for each in found if each.is_amount),
        set_aside=tuple(each for each in found if not each.is_amount),
        decisions=decisions,
        figures=index.figures,
        tokens=sum(len(find_tokens(text)) for section in sections for _, text in section.texts),
    )


def index_of(report: Report, computation: Computation) -> Index:
    """Every figure and statement of the report's year and layer, and what follows from two of them."""
    year = report.financial_year
    figures = computed(computation)
    unit = Unit.objects.first()
    names = ("name", "short_name", "place", "area_noun", "area_noun_plural", "funder")
    texts = {f"unit.{name}": str(getattr(unit, name)) for name in names} if unit is not None else {}
    times = (str(year), str(year.start), f"{report.period_label.lower()}")
    return Index(figures, texts=texts | {"year": str(year)}, times=times)


def sections_of(report: Report) -> list[SectionText]:
    return [SectionText.of(section) for section in report.sections.order_by("order")]


def decisions_of(report: Report) -> dict[str, Decided]:
    rows = report.number_decisions.select_related("source_document", "decided_by")
    return {row.fingerprint: _decided(row) for row in rows}


def sourced_numbers(report: Report | None) -> list[dict[str, str]]:
    """What is printed with the methods: each number that has a source, where it still stands in the text."""
    if report is None:
        return []
    decisions = {
        each: decided for each, decided in decisions_of(report).items() if decided.kind == NumberDecision.Kind.SOURCED
    }
    if not decisions:
        return []
    return list(_printed(find(sections_of(report)), decisions))


def _printed(found: Iterable[Found], decisions: Mapping[str, Decided]) -> Iterator[dict[str, str]]:
    seen: set[str] = set()
    for each in found:
        decided = decisions.get(each.fingerprint)
        if decided is not None and each.fingerprint not in seen:
            seen.add(each.fingerprint)
            yield {
                "section": each.section_name,
                "printed": each.typed.plain,
                "sentence": " ".join(each.typed.sentence.split()),
                "document": decided.document,
                "place": decided.place,
            }


def _decided(row: NumberDecision) -> Decided:
    document = row.source_document
    text = f"{document.title}, {row.place}" if document is not None else row.reason
    return Decided(
        kind=row.kind,
        label=row.get_kind_display(),
        text=text,
        document=document.key if document is not None else "",
        place=row.place,
        by=row.decided_by.name if row.decided_by is not None else "",
    )

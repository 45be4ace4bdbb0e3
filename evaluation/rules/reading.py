"""Loading the evidence: a handful of queries, whatever the size of the layer."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence

from evaluation.figures.computation import Computation
from evaluation.figures.figure import Figure
from evaluation.figures.key import FigureKey
from evaluation.figures.registry import computed
from evaluation.models import Recommendation, Relation, RelationTerm, ReportSection, Series, StatedValue, Wording
from evaluation.rules.evidence import Advice, Evidence, Link, Passage, Run, Spell, Value, Worded
from evaluation.rules.ledger.reading import read_ledger
from evaluation.rules.typed import contradicting, sections_being_written
from grants.models import Commitment, FundingSplit, MonitoringReturn
from programmes.models import Allocation, BudgetLine


def read_evidence(computation: Computation) -> Evidence:
    """Everything the rules need of a year and layer as at the end of a day, those of the computation's scope.

    Stated values belong to no year and are all read.
    """
    year, layer = computation.scope.year, computation.scope.layer
    values = dict(_values(layer))
    sections = sections_being_written(year, layer)
    figures, unknown = _figures(computation, values.values())
    return Evidence(
        year=year,
        layer=layer,
        values=tuple(values.values()),
        links=tuple(_links(layer, values)),
        runs=tuple(_runs(values.values())),
        advice=tuple(_advice(layer)),
        wordings=tuple(_wordings(layer)),
        passages=tuple(_passages(sections)),
        typed=tuple(contradicting(sections, computation)),
        figures=figures,
        unknown_keys=unknown,
        ledger=read_ledger(computation),
    )


def years_held(layer: str) -> list[int]:
    """Years for which the layer holds money or returns, each as the year in which it begins, in order."""
    money = [model.objects.filter(layer=layer).values_list("year", flat=True) for model in (Allocation, BudgetLine)]
    commitments = Commitment.objects.in_layer(layer)
    splits = FundingSplit.objects.filter(commitment__in=commitments).values_list("year", flat=True)
    returns = MonitoringReturn.objects.in_layer(layer).values_list("quarter__year", flat=True)
    return sorted({year for rows in (*money, splits, returns) for year in rows.order_by().distinct()})


def _values(layer: str) -> Iterable[tuple[int, Value]]:
    rows = (
        StatedValue.objects.filter(statement__layer=layer)
        .select_related("statement__source_document", "series")
        .order_by("statement__ref", "order", "pk")
    )
    for row in rows:
        document = row.statement.source_document
        yield (
            row.pk,
            Value(
                name=str(row),
                document=document.key,
                place=row.statement.place,
                subject=row.statement.subject,
                printed=row.as_printed,
                bounded=row.bounded,
                unit=row.unit,
                kind=row.kind,
                period=Spell(row.period_kind, row.period_text, row.period_start, row.period_end),
                population=row.population,
                measure=row.measure,
                figure_key=row.figure_key,
                series=row.series.slug if row.series else "",
                published_on=document.published_on,
            ),
        )


def _links(layer: str, values: dict[int, Value]) -> Iterable[Link]:
    terms: dict[int, list[Value]] = defaultdict(list)
    for relation, value in (
        RelationTerm.objects.filter(relation__layer=layer)
        .order_by("relation_id", "position")
        .values_list("relation_id", "value_id")
    ):
        if value in values:
            terms[relation].append(values[value])
    for row in Relation.objects.filter(layer=layer).order_by("ref"):
        if row.result_id in values:
            yield Link(row.ref, row.kind, values[row.result_id], tuple(terms[row.pk]), row.note)


def _runs(values: Iterable[Value]) -> Iterable[Run]:
    points: dict[str, list[Value]] = defaultdict(list)
    for value in values:
        if value.series:
            points[value.series].append(value)
    for row in Series.objects.filter(slug__in=points).select_related("part_of").order_by("order", "slug"):
        ordered = sorted(points[row.slug], key=lambda point: (point.period.starts_on or datetime.date.min, point.name))
        part_of = row.part_of.slug if row.part_of else ""
        yield Run(row.slug, row.title, row.unit, row.calendar, part_of, tuple(ordered))


def _advice(layer: str) -> Iterable[Advice]:
    rows = Recommendation.objects.filter(layer=layer).select_related("source_document").order_by("group", "ref")
    for row in rows:
        yield Advice(row.ref, row.group, row.title, f"{row.source_document.key}, {row.place}".removesuffix(", "))


def _wordings(layer: str) -> Iterable[Worded]:
    for row in Wording.objects.filter(layer=layer).select_related("source_document").order_by("ref"):
        yield Worded(
            ref=row.ref,
            kind=row.kind,
            fact=row.fact,
            about=row.about,
            text=row.text,
            document=row.source_document.key,
            place=row.place,
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            published_on=row.source_document.published_on,
        )


def _passages(sections: Iterable[ReportSection]) -> Iterable[Passage]:
    """The sections of the reports of the year that are being written, as they stand now."""
    rows = list(sections)
    numbers: dict[int, set[str]] = defaultdict(set)
    for row in rows:
        numbers[row.report_id].add(row.number)
    for row in rows:
        text = "\n\n".join((*(str(point) for point in row.key_points), row.text))
        yield Passage(row.report_id, str(row.report), row.number, row.slug, text, frozenset(numbers[row.report_id]))


def _figures(computation: Computation, values: Iterable[Value]) -> tuple[dict[str, Figure], dict[str, str]]:
    """What the records compute under the keys that values state, under the keys as they are written there."""
    asked: dict[str, str] = {}
    unknown: dict[str, str] = {}
    for text in dict.fromkeys(value.figure_key for value in values if value.figure_key):
        try:
            asked[text] = str(FigureKey.parse(text))
        except ValueError as error:
            unknown[text] = str(error)
    refused: dict[str, str] = {}
    found = _computed(computation, list(asked.values()), refused) if asked else {}
    unknown |= {text: refused[key] for text, key in asked.items() if key in refused}
    return {text: found[key] for text, key in asked.items() if key in found}, unknown


def _computed(computation: Computation, keys: Sequence[str], refused: dict[str, str]) -> dict[str, Figure]:
    try:
        return computed(computation, keys)
    except ValueError:
        # One of them does not exist; ask one by one to learn which.
        found: dict[str, Figure] = {}
        for key in keys:
            try:
                found |= computed(computation, [key])
            except ValueError as error:
                refused[key] = str(error)
        return found

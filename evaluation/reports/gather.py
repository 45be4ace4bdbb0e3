"""Reads the records around the figures. The only module of this package, beside `facts`, that asks the database."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from typing import Any

from django.db.models import Prefetch

from evaluation.figures.computation import Computation
from evaluation.models import CaseStudy, DataIssue, Recommendation, Series, StatedValue, Study
from evaluation.reports.tables.model import HIDDEN
from evaluation.rules import find_issues_of
from programmes.models import (
    Area,
    BudgetCategory,
    Dimension,
    FundingSource,
    Indicator,
    Programme,
    SourceDocument,
    StrategyVersion,
)

Fields = dict[str, Any]


# Rules that tell what stands in one organisation's return, and those that tell a figure before it is protected.
_OF_PEOPLE = frozenset(("breakdown-misses-headline", "funnel-widens", "numerator-above-denominator"))
_OF_FIGURES = frozenset(("prose-contradicts",))
NOT_PRINTED = "The numbers may count few people, so they are kept inside the unit."


def gather(computation: Computation, *, with_issues: bool = True) -> Fields:
    """The records of a scope as keyword arguments of `Material`, all but its figures and its unit.

    What the figures have read already is not read again.
    """
    scope = computation.scope
    version = scope.strategy_version
    return {
        "documents": documents(),
        "funding_sources": tuple({"slug": s.slug, "title": s.title} for s in FundingSource.objects.all()),
        "budget_categories": tuple({"slug": c.slug, "title": c.title} for c in BudgetCategory.objects.all()),
        "dimensions": dimensions(scope.year.ends_on),
        "areas": tuple(
            {"code": a.code, "name": a.name, "kind": a.kind, "column": a.tile_column, "row": a.tile_row}
            for a in Area.objects.all()
        ),
        "quarters": tuple(quarter.key for quarter in scope.year.quarters()),
        "programmes": programmes(scope.layer, scope.year.starts_on, scope.year.ends_on),
        "values": stated_values(scope.layer),
        "series": series(),
        "indicators": indicators(scope.year.ends_on),
        "studies": studies(scope.layer),
        "recommendations": recommendations(scope.layer),
        "case_studies": case_studies(scope.layer),
        "issues": issues(computation) if with_issues else (),
        **(strategy(version) if version is not None else {}),
    }


def documents() -> dict[str, Fields]:
    return {
        d.key: {
            "key": d.key,
            "title": d.title,
            "publisher": d.publisher,
            "published": f"{d.published_on:%B %Y}" if d.published_on else "not dated",
        }
        for d in SourceDocument.objects.all()
    }


def strategy(version: StrategyVersion) -> dict[str, tuple[Fields, ...]]:
    outcomes = version.outcomes.prefetch_related("aim_links__aim")
    objectives = version.objectives.prefetch_related("outcome_links__outcome")
    links = [
        {"from": f"objective-{o.number}", "to": f"outcome-{link.outcome.number}", "basis": link.get_basis_display()}
        for o in objectives
        for link in o.outcome_links.all()
    ]
    links += [
        {"from": f"outcome-{o.number}", "to": f"aim-{link.aim.number}", "basis": link.get_basis_display()}
        for o in outcomes
        for link in o.aim_links.all()
    ]
    return {
        "aims": tuple({"number": a.number, "title": a.title} for a in version.aims.all()),
        "outcomes": tuple({"number": o.number, "title": o.title} for o in outcomes),
        "objectives": tuple({"number": o.number, "title": o.title, "description": o.description} for o in objectives),
        "links": tuple(links),
        "themes": tuple({"slug": t.slug, "title": t.title} for t in version.themes.all()),
        "commitments": tuple(
            {
                "ref": c.ref,
                "objective": c.objective.number if c.objective else None,
                "text": c.text,
                "is_priority": c.is_priority,
                "source": _place(c.source, c.place),
            }
            for c in in_reading_order(version.commitments.select_related("objective", "source"), "is_priority")
        ),
        "actions": tuple(
            {
                "ref": a.ref,
                "objective": a.objective.number if a.objective else None,
                "theme": a.theme.title if a.theme else "",
                "text": a.text,
                "owner": a.owner,
                "due": written(a.due_on) if a.due_on else "",
                "status": a.get_status_display(),
                "source": _place(a.source, a.place),
            }
            for a in in_reading_order(version.actions.select_related("objective", "theme", "source"))
        ),
    }


def dimensions(day: datetime.date) -> tuple[Fields, ...]:
    found = []
    for dimension in Dimension.objects.exclude(slug=Dimension.TOTAL).filter(is_standard=True):
        categories = dimension.categories.in_force_on(day).select_related("area")
        listed = [
            {"slug": c.slug, "label": c.label, "kind": c.kind, "area": c.area.code if c.area else ""}
            for c in categories
        ]
        found.append({"slug": dimension.slug, "title": dimension.title, "categories": listed})
    return tuple(found)


def programmes(layer: str, start: datetime.date, end: datetime.date) -> tuple[Fields, ...]:
    running = Programme.objects.in_layer(layer).running_between(start, end).exclude(status=Programme.Status.CANCELLED)
    rows = running.select_related("theme", "primary_objective", "parent").prefetch_related("areas", "evidence_ratings")
    return tuple(
        {
            "ref": p.ref,
            "title": p.title,
            "summary": p.summary,
            "parent": p.parent.ref if p.parent else "",
            "objective": p.primary_objective.number if p.primary_objective else None,
            "objective_inferred": p.objective_basis == Programme.ObjectiveBasis.INFERRED,
            "theme": p.theme.slug if p.theme else "",
            "level": p.get_level_display(),
            "areas": [area.name for area in p.areas.all()],
            "ages": _ages(p.youngest_age, p.oldest_age),
            "status": p.get_status_display(),
            "ratings": [str(rating) for rating in p.evidence_ratings.all()],
        }
        for p in rows.order_by("ref")
    )


def stated_values(layer: str) -> tuple[Fields, ...]:
    rows = StatedValue.objects.filter(statement__layer=layer, series__isnull=True).select_related(
        "statement__source_document", "statement__programme"
    )
    return tuple(
        {
            "ref": f"{v.statement.ref}.{v.key}",
            "subject": v.label or v.statement.subject,
            "is_labelled": bool(v.label),
            "programme": v.statement.programme.ref if v.statement.programme else "",
            "as_printed": v.as_printed,
            "value": None if v.value is None else f"{v.value.normalize():f}",
            "unit": v.unit,
            "kind": v.kind,
            "kind_label": v.get_kind_display(),
            "period_kind": v.period_kind,
            "period": v.period_text or _period(v),
            "population": v.population,
            "measure": v.measure,
            "figure_key": v.figure_key,
            "source": _place(v.statement.source_document, v.statement.place),
        }
        for v in rows
    )


def series() -> tuple[Fields, ...]:
    return tuple(
        {
            "slug": s.slug,
            "title": s.title,
            "unit": s.unit,
            "calendar": s.get_calendar_display(),
            "population": s.population,
            "geography": s.geography,
            "part_of": s.part_of.slug if s.part_of else "",
            "source": _place(s.source_document, s.place),
        }
        for s in Series.objects.select_related("source_document", "part_of")
    )


def indicators(day: datetime.date) -> tuple[Fields, ...]:
    found = []
    for indicator in Indicator.objects.prefetch_related("versions__objective"):
        current = [v for v in indicator.versions.all() if v.valid_from <= day and (not v.valid_to or v.valid_to >= day)]
        if current:
            version = current[-1]
            found.append(
                {
                    "slug": indicator.slug,
                    "title": indicator.title,
                    "kind": version.kind,
                    "unit": version.unit,
                    "definition": version.definition,
                    "objective": version.objective.number,
                    "lower_is_better": version.direction == "lower",
                }
            )
    return tuple(sorted(found, key=lambda each: (each["objective"], each["slug"])))


def studies(layer: str) -> tuple[Fields, ...]:
    values = StatedValue.objects.select_related("statement__source_document").order_by("statement__ref", "order", "pk")
    rows = Study.objects.filter(layer=layer).select_related("programme", "source_document")
    rows = rows.prefetch_related("findings", "appraisals", Prefetch("findings__values", queryset=values))
    return tuple(
        {
            "ref": s.ref,
            "title": s.title,
            "programme": s.programme.title if s.programme else "",
            "evaluator": s.evaluator,
            "method": s.method,
            "due": s.due_text,
            "status": s.get_status_display(),
            "source": _place(s.source_document, s.place),
            "findings": [
                {
                    "ref": f.ref,
                    "text": f.text,
                    "values": [f"{v.statement.ref}.{v.key}" for v in f.values.all()],
                    "printed": [f"{v.as_printed} ({v.label})" if v.label else v.as_printed for v in f.values.all()],
                }
                for f in s.findings.all()
            ],
        }
        for s in rows
    )


def recommendations(layer: str) -> tuple[Fields, ...]:
    rows = Recommendation.objects.filter(layer=layer).select_related("source_document").prefetch_related("responses")
    return tuple(
        {
            "ref": r.ref,
            "title": r.title,
            "group": r.group,
            "addressed_to": r.addressed_to,
            "made": r.made_text,
            "source": _place(r.source_document, r.place),
            "responses": [{"text": each.text, "status": each.get_status_display()} for each in r.responses.all()],
        }
        for r in in_reading_order(rows, "group")
    )


def case_studies(layer: str) -> tuple[Fields, ...]:
    rows = CaseStudy.objects.in_layer(layer).select_related("commitment__organisation").order_by("ref")
    return tuple(
        {
            "ref": c.ref,
            "title": c.title,
            "text": c.text,
            "told_by": c.commitment.organisation.name,
            "is_internal": c.scope == CaseStudy.Scope.INTERNAL,
            "is_withdrawn": c.withdrawn_at is not None,
        }
        for c in rows
    )


def issues(computation: Computation) -> tuple[Fields, ...]:
    """What the rules find now, gravest first, with the note of whoever accepted it."""
    scope = computation.scope
    accepted = DataIssue.objects.filter(
        layer=scope.layer, year=scope.year.start, status=DataIssue.Status.ACCEPTED
    ).values_list("fingerprint", "note")
    notes = dict(accepted)
    return tuple(
        {
            "rule": each.rule,
            "severity": DataIssue.Severity(each.severity).label,
            "where": each.where,
            **_told(each),
            "note": notes.get(each.fingerprint(year=scope.year.start, layer=scope.layer), ""),
        }
        for each in find_issues_of(computation)
    )


def _told(issue: Any) -> Fields:
    """What of an issue may be printed: small counts of one return, and unprotected figures, are the unit's alone."""
    if issue.rule in _OF_PEOPLE:
        return {"stated": HIDDEN, "computed": HIDDEN, "difference": HIDDEN, "explanation": NOT_PRINTED}
    if issue.rule in _OF_FIGURES:
        return {"stated": issue.stated, "computed": HIDDEN, "difference": HIDDEN, "explanation": NOT_PRINTED}
    return {name: getattr(issue, name) for name in ("stated", "computed", "difference", "explanation")}


def in_reading_order(rows: Iterable[Any], *first: str) -> list[Any]:
    """By the fields named, then by reference as people count: A-2 before A-10."""

    def place(row: Any) -> tuple[Any, ...]:
        parts = re.split(r"(\d+)", row.ref)
        return (*(getattr(row, name) for name in first), [(part.isdigit(), part.zfill(9)) for part in parts if part])

    return sorted(rows, key=place)


def written(day: datetime.date) -> str:
    """As in print: 1 March 2021."""
    return f"{day.day} {day:%B %Y}"


def _place(document: SourceDocument | None, place: str) -> str:
    if document is None:
        return place
    return f"{document.key}, {place}" if place else document.key


def _period(value: StatedValue) -> str:
    if value.period_kind == StatedValue.PeriodKind.UNSPECIFIED:
        return ""
    return str(value.get_period_kind_display())


def _ages(youngest: int | None, oldest: int | None) -> str:
    if youngest is None and oldest is None:
        return ""
    if oldest is None:
        return f"aged {youngest} and over"
    return f"aged up to {oldest}" if youngest is None else f"aged {youngest} to {oldest}"

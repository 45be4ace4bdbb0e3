"""The file of published facts, vru-published/1, as a schema. docs/strategy-file.md describes it."""

from __future__ import annotations

import calendar
import datetime
from typing import Any

from evaluation.figures.key import FigureKey
from evaluation.models import Relation, Response, Series, StatedValue, Study, Wording
from programmes.loading.schema import (
    Fields,
    Spec,
    anything,
    choice,
    day,
    decimal,
    mapping,
    numbers,
    pence,
    reference,
    references,
    rows,
    slug,
    text,
    whole,
    year,
)
from programmes.models import FundingSource, Programme
from vru.lib.bounded import Precision
from vru.lib.layers import Layer

FORMAT = "vru-published/1"

LEVELS = {
    **{level: level for level in Programme.Level.values},
    "district": Programme.Level.BOROUGH,
    "multi_district": Programme.Level.MULTI_BOROUGH,
    "whole": Programme.Level.WHOLE_AREA,
}


def day_or_words(longest: int) -> Spec:
    """A date, or words as precise as the source is. The last day of a month stands for the month."""
    words = text(longest)

    def read(raw: object, place: str, problems: Any) -> str:
        if isinstance(raw, datetime.date):
            month_end = raw.day == calendar.monthrange(raw.year, raw.month)[1]
            return f"{raw:%B %Y}" if month_end else f"{raw.day} {raw:%B %Y}"
        return str(words.read(raw, place, problems))

    return Spec(read, optional=True, default="")


def figure_key() -> Spec:
    """The key of a figure, in its one written form."""
    words = text(200)

    def read(raw: object, place: str, problems: Any) -> str:
        typed = words.read(raw, place, problems)
        try:
            return str(FigureKey.parse(typed)) if typed else ""
        except ValueError as error:
            problems.add(place, str(error))
            return ""

    return Spec(read, optional=True, default="")


PROVENANCE: Fields = {
    "statement": reference(optional=True),
    "source_document": reference(optional=True),
    "place": text(200, optional=True),
}
FUNDING_SOURCE: Fields = {
    "slug": slug(60),
    "title": text(200),
    "funder": text(200),
    "kind": choice(FundingSource.Kind.values),
}
ALLOCATION: Fields = {
    "source": reference(),
    "year": year(),
    "amount": pence(),
    "kind": choice(["original", "restated"], optional=True, default="original"),
    "because": text(300, optional=True),
    **PROVENANCE,
}
BUDGET_LINE: Fields = {"category": reference(), "year": year(), "amount": pence(), **PROVENANCE}
DECISION: Fields = {
    "ref": text(40),
    "title": text(300),
    "decided_on": day(optional=False),
    "decided_by": text(200, optional=True),
    "summary": text(optional=True),
    "url": text(200, optional=True),
    "authorised": pence(optional=True),
}
PROGRAMME: Fields = {
    "ref": text(40),
    "title": text(300),
    "summary": text(optional=True),
    "parent": reference(optional=True),
    "theme": reference(optional=True),
    "primary_objective": whole(optional=True),
    "secondary_objectives": numbers(),
    "objective_basis": choice(Programme.ObjectiveBasis.values, optional=True, default=Programme.ObjectiveBasis.STATED),
    "level": choice(LEVELS),
    "areas": references(),
    "ages": numbers(),
    "starts_on": day(),
    "ends_on": day(),
    "status": choice(Programme.Status.values, optional=True, default=Programme.Status.LIVE),
    "decision": reference(optional=True),
    "statements": references(),
}
PERIOD: Fields = {
    "kind": choice(StatedValue.PeriodKind.values),
    "text": Spec(lambda raw, place, problems: "" if raw == "" else text(100).read(raw, place, problems), True, ""),
    "starts_on": day(),
    "ends_on": day(),
}
VALUE: Fields = {
    "key": slug(60),
    "label": text(200, optional=True),
    "as_printed": text(200),
    "value": decimal(),
    "low": decimal(),
    "high": decimal(),
    "precision": choice([item.value for item in Precision]),
    "unit": text(40),
    "kind": choice(StatedValue.Kind.values),
    "period": mapping(PERIOD),
    "population": text(200, optional=True),
    "measure": slug(100),
    "figure": figure_key(),
    "series": reference(optional=True),
}
STATEMENT: Fields = {
    "ref": text(80),
    "source": reference(),
    "place": text(200),
    "subject": text(300),
    "programme": reference(optional=True),
    "values": rows(VALUE, optional=False),
}
RELATION: Fields = {
    "ref": text(80),
    "kind": choice(Relation.Kind.values),
    "result": reference(),
    "terms": references(),
    "note": Spec(lambda raw, place, problems: "" if raw == "" else text().read(raw, place, problems), True, ""),
}
SERIES: Fields = {
    "slug": slug(80),
    "title": text(200),
    "unit": text(40),
    "calendar": choice(Series.Calendar.values),
    "population": text(200, optional=True),
    "geography": text(100, optional=True),
    "source": reference(),
    "place": text(200, optional=True),
    "points": references(),
    "parts_of": reference(optional=True),
}
WORDING: Fields = {
    "ref": text(80),
    "kind": choice(Wording.Kind.values),
    "fact": slug(100),
    "about": text(200),
    "text": text(200),
    "starts_on": day(),
    "ends_on": day(),
    "source": reference(),
    "place": text(200),
}
FINDING: Fields = {"ref": text(40), "text": text(), "values": references()}
STUDY: Fields = {
    "ref": text(40),
    "title": text(300),
    "programme": reference(optional=True),
    "evaluator": text(200, optional=True),
    "method": text(optional=True),
    "started": day(),
    "due": day_or_words(60),
    "status": choice(Study.Status.values),
    "findings": rows(FINDING),
    "source": reference(optional=True),
    "place": text(200, optional=True),
}
APPRAISAL: Fields = {
    "ref": text(40),
    "study": reference(),
    "definition": text(300),
    "years": whole(optional=True),
    "net_benefit": pence(optional=True),
    "return_percent": decimal(),
    "first_year": whole(optional=True),
    "last_year": whole(optional=True),
    "values": references(),
}
EVIDENCE: Fields = {
    "programme": reference(),
    "scheme": text(60),
    "level": text(60),
    "rated_on": day(),
    "url": text(200, optional=True),
}
RECOMMENDATION: Fields = {
    "ref": text(40),
    "group": slug(60, optional=True),
    "source": reference(),
    "place": text(200, optional=True),
    "to": text(200),
    "text": text(300),
    "made_on": day_or_words(60),
    "responses": rows(
        {
            "text": text(),
            "status": choice(Response.Status.values),
            "source": reference(optional=True),
            "place": text(200, optional=True),
        }
    ),
}
PUBLISHED_FILE: Fields = {
    "format": choice([FORMAT]),
    "layer": choice(Layer.values),
    "year": year(optional=True),
    "funding_sources": rows(FUNDING_SOURCE),
    "allocations": rows(ALLOCATION),
    "budget_lines": rows(BUDGET_LINE),
    "decisions": rows(DECISION),
    "programmes": rows(PROGRAMME),
    "statements": rows(STATEMENT),
    "relations": rows(RELATION),
    "series": rows(SERIES),
    "wordings": rows(WORDING),
    "studies": rows(STUDY),
    "appraisals": rows(APPRAISAL),
    "evidence": rows(EVIDENCE),
    "recommendations": rows(RECOMMENDATION),
    # For the people who check the rules: what a sharp reader finds. The rules must find it without help.
    "issues_expected": anything(),
}
